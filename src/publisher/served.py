"""Ties the verbs to the server: what is public now, how it is, what it makes on demand, and its desk."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from publisher import __version__, app
from publisher.errors import PublisherError
from publisher.render.calendars import Calendar
from publisher.render.feeds import feed_bytes
from publisher.server.health import Health
from publisher.subscribing.desk import SiteDesk
from publisher.transports import MAIL
from publisher.websub.topics import link_header

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from publisher.model.edition import Edition, Selection
    from publisher.render.theme import Theme
    from publisher.server.clients import Visitor
    from publisher.server.mailbox import Envelope, Opened
    from publisher.server.query import Combination, Format, Which


def _utc_now() -> datetime:
    """The clock: a form is good from its second second on."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class ThemedRenderings:
    """The functions that make the files of build/, with the site's theme."""

    theme: Theme

    def calendar(self, edition: Edition, wanted: Combination, which: Which) -> bytes:
        """A calendar of any choice: the same VEVENTs as in the declared ones."""
        calendar = Calendar(
            edition=edition,
            theme=self.theme,
            language=wanted.language,
            selection=wanted.selection,
            which=which,
            base=f"{wanted.language}/{which}",
            query=wanted.query,
            title=wanted.title(edition) or None,
        )
        return calendar.part(wanted.year)

    def feed(
        self, edition: Edition, language: str, selection: Selection, fmt: Format, self_url: str
    ) -> bytes:
        """A feed of any choice: the same entries as in the declared ones."""
        return feed_bytes(edition, self.theme, language, selection, fmt, self_url)


class LiveSite:
    """A site as its server sees it; compiles an edition once, and again only when there is a newer one."""

    def __init__(
        self, site: app.Site, *, scheduled: bool = False, clock: Callable[[], datetime] = _utc_now
    ) -> None:
        self._site, self._scheduled, self._since = site, scheduled, app.utc_now()
        self._clock = clock
        self._lock = threading.Lock()
        self._number = 0
        self._edition: Edition | None = None

    @property
    def build(self) -> Path:
        """The folder that is served."""
        return self._site.build

    @property
    def languages(self) -> Collection[str]:
        """The languages that are published."""
        return self._site.config.site.languages

    def link(self, path: str) -> str:
        """The Link header of a file: the hubs of a feed, and its own address."""
        return link_header(self._site.config, path)

    def use(self, site: app.Site) -> None:
        """Go on with the site's configuration and theme as they are now."""
        self._site = site

    @cached_property
    def desk(self) -> SiteDesk:
        """Who takes sign-ups and what else readers do about mail."""
        return SiteDesk(lambda: self._site, self.edition, self._clock)

    @cached_property
    def captured(self) -> CapturedMail:
        """Where mail is captured and how it is shown."""
        return CapturedMail(self)

    @property
    def site(self) -> app.Site:
        """The site as it is now."""
        return self._site

    def calendar(self, edition: Edition, wanted: Combination, which: Which) -> bytes:
        """A calendar of any choice: the same VEVENTs as in the declared ones."""
        return ThemedRenderings(self._site.theme).calendar(edition, wanted, which)

    def feed(
        self, edition: Edition, language: str, selection: Selection, fmt: Format, self_url: str
    ) -> bytes:
        """A feed of any choice: the same entries as in the declared ones."""
        return ThemedRenderings(self._site.theme).feed(edition, language, selection, fmt, self_url)

    def edition(self) -> Edition | None:
        """The public edition, the same object while nothing changes."""
        current = app.current_edition(self._site)
        if current is None:
            return None
        number, compile_ = current
        with self._lock:
            if self._edition is None or number != self._number:
                self._number, self._edition = number, compile_()
            return self._edition

    def health(self) -> Health:
        """How it is; a database that does not answer is said, not raised."""
        try:
            released, ticked = app.heartbeat(self._site)
        except PublisherError:
            return Health(version=__version__, scheduled=self._scheduled, database_answers=False)
        return Health(
            version=__version__,
            last_release=released,
            # A schedule that has just begun is not late.
            last_tick=max(ticked or self._since, self._since) if self._scheduled else ticked,
            scheduled=self._scheduled,
        )


@dataclass(frozen=True)
class CapturedMail:
    """The mail that a site captures, for whoever tries it out."""

    live: LiveSite

    @property
    def folder(self) -> Path | None:
        """The maildir; None while mail is really sent."""
        site = self.live.site
        return site.var / MAIL if site.config.mail.transport == "maildir" else None

    @property
    def site_url(self) -> str:
        """What links in mails begin with."""
        return self.live.site.config.site.url

    def list_page(self, mails: tuple[Envelope, ...], page: int, pages: int, visitor: Visitor) -> str:
        """The list."""
        shown = self.live.desk.visit(visitor).pages()
        return shown.render(
            "mailbox.html", shown.words("mailbox.title"), mails=mails, number=page, pages=pages
        )

    def mail_page(self, mail: Opened, visitor: Visitor) -> str:
        """A mail."""
        shown = self.live.desk.visit(visitor).pages()
        return shown.render("mail.html", mail.subject or mail.name, mail=mail)
