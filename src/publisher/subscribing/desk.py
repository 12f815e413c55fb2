"""Where the server hands in requests: each goes to whom it is for, and a fault becomes a page."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from publisher.errors import PublisherError
from publisher.render.assets import assets_of
from publisher.server.subscribing import Door, Page
from publisher.subscribing import doors, preferences, steps
from publisher.subscribing.visits import Visit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from publisher.model.edition import Edition
    from publisher.render.assets import Assets
    from publisher.render.theme import Theme
    from publisher.server.clients import Visitor
    from publisher.server.forms import Form
    from publisher.site import Site

log = logging.getLogger("publisher.subscribing")

#: After how many seconds to try again what failed on our side.
RETRY = 60
_SHOW = {
    Door.CONFIRM: doors.show_confirm,
    Door.UNSUBSCRIBE: doors.show_unsubscribe,
    Door.REFUSE: doors.show_refuse,
    Door.PREFERENCES: preferences.show,
}
_ACT = {
    Door.CONFIRM: doors.act_confirm,
    Door.UNSUBSCRIBE: doors.act_unsubscribe,
    Door.REFUSE: doors.act_refuse,
    Door.PREFERENCES: preferences.act,
}


class SiteDesk:
    """The desk of a site.

    `site` gives it as it is now, `edition` what is public of it, and `clock` the time.
    """

    def __init__(
        self,
        site: Callable[[], Site],
        edition: Callable[[], Edition | None],
        clock: Callable[[], datetime],
    ) -> None:
        self._site, self._edition, self._clock = site, edition, clock
        self._assets: tuple[Theme, Assets] | None = None

    def where(self, visitor: Visitor) -> str:
        """The path of the page with the form."""
        return f"/{self.visit(visitor).language}/subscribe/#mail"

    def sign_up(self, form: Form, visitor: Visitor) -> Page:
        """Take a step of a sign-up."""
        return self._answered(visitor, lambda visit: steps.take(visit, form))

    def show(self, door: Door, token: str, visitor: Visitor) -> Page:
        """What a link opens; nothing changes."""
        return self._answered(visitor, lambda visit: _SHOW[door](visit, token))

    def act(self, door: Door, token: str, form: Form, visitor: Visitor) -> Page:
        """Do what a link is for."""
        return self._answered(visitor, lambda visit: _ACT[door](visit, token, form))

    def visit(self, visitor: Visitor) -> Visit:
        """A request at this moment."""
        site = self._site()
        assets = ServedAssets(self._assets_of(site.theme), site.build / "assets")
        return Visit(site=site, assets=assets, edition=self._edition, visitor=visitor, now=self._clock())

    def _answered(self, visitor: Visitor, answer: Callable[[Visit], Page]) -> Page:
        visit = self.visit(visitor)
        try:
            return answer(visit)
        except PublisherError as fault:
            log.warning("%s", str(fault).splitlines()[0])
            return Page(503, visit.pages().notice("service.failed"), RETRY)

    def _assets_of(self, theme: Theme) -> Assets:
        """The files of a theme, hashed once."""
        if self._assets is None or self._assets[0] is not theme:
            self._assets = theme, assets_of(theme)
        return self._assets[1]


class ServedAssets:
    """Where the theme's files are in build/ now: a theme that was changed is served from its release on."""

    def __init__(self, assets: Assets, folder: Path) -> None:
        self._assets, self._folder = assets, folder

    def __contains__(self, name: str) -> bool:
        return name in self._assets

    def __call__(self, name: str) -> str:
        """The address of a file: as it will be named, or while that is not there, as it is."""
        hashed, _ = self._assets.files[name]
        if not (self._folder / hashed).is_file():
            stem, _, ending = name.rpartition(".")
            served = sorted(self._folder.glob(f"{stem}.*.{ending}"), key=lambda path: path.stat().st_mtime)
            hashed = served[-1].relative_to(self._folder).as_posix() if served else hashed
        return f"/assets/{hashed}"
