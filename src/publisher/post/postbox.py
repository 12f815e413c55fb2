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
from publisher.store.database import FILE, Database
from publisher.transports import configured

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.mailing.tokens import Keys
    from publisher.post.outbox import Transport


@dataclass(frozen=True)
class Postbox:
    """One site's folder, as the outbox sees it."""

    root: Path
    config: config.Config

    @classmethod
    def open(cls, folder: Path) -> Postbox:
        """The postbox of a site's folder.

        Raises:
            NotASite: there is none.
            BadConfiguration: what it says cannot be followed.
        """
        return cls(folder.resolve(), config.load(folder))

    @property
    def var(self) -> Path:
        """State; never public."""
        return self.root / "var"

    @property
    def has_database(self) -> bool:
        """Whether there can be anything to deliver: a new site has no database yet, and none is made here."""
        return bool(self.config.database.url) or (self.var / FILE).is_file()

    @cached_property
    def database(self) -> Database:
        """The site's database; WrongSchema when it was made by another version."""
        database = Database(self.config.database.url, self.var)
        database.ensure_schema()
        return database

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
