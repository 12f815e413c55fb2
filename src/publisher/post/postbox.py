"""What delivering needs of a site, and nothing else: it must begin at once, also after a kill.

Neither records nor pages are touched here, so nothing that makes them is
loaded: a message waits in the database as it was frozen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from publisher import config, secret_keys
from publisher.post import arming
from publisher.post.pace import Pace
from publisher.store.home import Home
from publisher.transports import configured

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.mailing.tokens import Keys
    from publisher.post.outbox import Transport


@dataclass(frozen=True)
class Postbox(Home):
    """One site's folder, as the outbox sees it."""

    @classmethod
    def open(cls, folder: Path) -> Postbox:
        """The postbox of a site's folder.

        Raises:
            NotASite: there is none.
            BadConfiguration: what it says cannot be followed.
        """
        return cls(folder.resolve(), config.load(folder))

    @cached_property
    def keys(self) -> Keys:
        """What signs the links in messages."""
        return secret_keys.load(self.var)

    @cached_property
    def transport(self) -> Transport:
        """How messages leave."""
        return configured(self.config, self.root)

    @property
    def pace(self) -> Pace:
        """How fast."""
        return Pace(self.config.mail.per_minute, self.config.mail.per_day)

    def make_ready(self) -> None:
        """Load what sending takes, if there can be anything to send; nothing is made for it."""
        if self.has_database:
            self.database, self.transport  # noqa: B018 -- each is opened when it is first asked for

    def require_armed(self) -> None:
        """Make sure that this machine may send this site's mail; captured mail needs no leave.

        Raises:
            NotArmed: it may not; the message says what is different.
        """
        if self.config.mail.transport == "smtp":
            arming.require_armed(self.root, self.config)
