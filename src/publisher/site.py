"""One site's folder: its configuration, its theme, its database, and where things lie in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher import config
from publisher.assets import AssetStore
from publisher.content.files import CONTENT, fingerprint
from publisher.edition.compile import compile_edition
from publisher.errors import ChangedIdentity
from publisher.fragment_file import FragmentFile
from publisher.model.edition import ArchivedIssue
from publisher.model.ledger import Ledger
from publisher.render import catalogue
from publisher.render.dates import phrases
from publisher.render.theme import Theme, theme
from publisher.store import issues
from publisher.store import ledger as store
from publisher.store.home import Home
from publisher.zones import require_sound_zones, zone

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from publisher.config import Combination
    from publisher.model.archives import Archives
    from publisher.model.edition import Edition
    from publisher.model.when import Time


#: The name under which the database keeps the authority of the ids that readers know.
IDENTITY = "identity"


@dataclass(frozen=True)
class Memory:
    """What the database holds, read at one moment."""

    ledger: Ledger
    last: store.EditionRow | None = None
    #: The fingerprint of what was released last, that of what waits since when, and when the schedule ticked.
    released: tuple[str, datetime] | None = None
    pending: tuple[str, datetime] | None = None
    ticked: tuple[str, datetime] | None = None


@dataclass(frozen=True)
class Site(Home):
    """One site's folder with its collaborators."""

    theme: Theme

    @property
    def build(self) -> Path:
        """What is served."""
        return self.root / "build"

    def memory(self) -> Memory:
        """All that is remembered; a lost ledger is restored from the catalogue in build/."""
        if not self.has_database:
            return Memory(self._catalogued() or Ledger())
        with self.database.reading() as connection:
            self.require_identity(connection)
            found = Memory(
                store.load_ledger(connection),
                store.last_edition(connection),
                store.remembered(connection, "released"),
                store.remembered(connection, "pending"),
                store.remembered(connection, "tick"),
            )
        if not found.ledger.items and (restored := self._catalogued()):
            return Memory(restored, found.last, found.released, found.pending, found.ticked)
        return found

    def require_identity(self, connection: Connection) -> None:
        """Make sure that readers know the site by the identity that is configured.

        Raises:
            ChangedIdentity: it is another one.
        """
        known = store.remembered(connection, IDENTITY)
        if known and known[0] != self.config.site.identity:
            raise ChangedIdentity(known[0], self.config.site.identity)

    def _catalogued(self) -> Ledger | None:
        text = self._catalogue()
        return catalogue.restore(text, self.config) if text else None

    def _catalogue(self) -> str:
        path = self.build / catalogue.PATH
        return path.read_text("utf-8") if path.is_file() else ""

    def named(self, section: str) -> dict[str, Combination]:
        """The named `calendars` or `feeds` that were ever published, each as it was declared last."""
        if self.has_database:
            with self.database.reading() as connection:
                if store.newest_edition(connection):
                    named = store.named(connection, section).items()
                    return catalogue.read_declarations({id_: json.loads(said) for id_, (said, _) in named})
        return catalogue.named_of(self._catalogue(), self.config, section)

    def archives(self) -> Archives:
        """Where the archives of feeds end that earlier editions closed."""
        if self.has_database:
            with self.database.reading() as connection:
                if store.newest_edition(connection):
                    return store.archives(connection)
        return catalogue.archives_of(self._catalogue(), self.config)

    def served(self) -> set[str]:
        """The paths that readers may ask for: of what earlier editions made."""
        if self.has_database:
            with self.database.reading() as connection:
                if store.newest_edition(connection):
                    return store.paths_of_editions(connection)
        return catalogue.retired_of(self._catalogue(), self.config)

    def compile(self, ledger: Ledger, today: date, assets: AssetStore | None = None) -> Edition:
        """The edition of a ledger and a date, with the issues that readers have got: they have pages.

        `assets` knows files beside records that no edition has yet.
        """
        return compile_edition(
            ledger,
            self.config,
            today,
            self._archive(),
            fragments=self.fragment_file.load(),
            calendars=self.named("calendars"),
            feeds=self.named("feeds"),
            archives=self.archives(),
            asset_facts=(assets or self.assets()).facts,
        )

    def _archive(self) -> list[ArchivedIssue]:
        """Loaded only when an edition is compiled: there may be years of them."""
        if not self.has_database:
            return []
        with self.database.reading() as connection:
            return [
                ArchivedIssue(list=issue.list, period=issue.period, due_at=issue.due_at, digests=digests)
                for issue, digests in issues.archived(connection)
            ]

    @property
    def fragment_file(self) -> FragmentFile:
        """What earlier editions were made of, piece by piece."""
        return FragmentFile(self.var)

    def assets(self) -> AssetStore:
        """The files that stand beside records, as they were released."""
        return AssetStore(self.var / "assets", self.build / "assets" / "files")

    def local_date(self, now: datetime) -> date:
        """The site's date at an instant."""
        return now.astimezone(zone(self.config.site.timezone)).date()

    def fingerprint(self) -> str:
        """A hash over everything that a person writes: records, theme, configuration."""
        return fingerprint(self.root / CONTENT, *self.theme.folders, self.root / config.FILE)

    def settings_text(self) -> str:
        """publisher.toml as it stands now, for findings that name its lines; nothing if it cannot be read."""
        try:
            return (self.root / config.FILE).read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return ""

    def phrases(self, language: str, before: Time, after: Time) -> tuple[str, ...]:
        """How a text of a language may still give an old time."""
        return phrases(before, after, self.theme.words[language]) if language in self.theme.words else ()


def open_site(folder: Path) -> Site:
    """Read a site's configuration; refuses a folder that is none, and time zones that are wrong."""
    require_sound_zones()
    loaded = config.load(folder)
    return Site(folder.resolve(), loaded, theme(folder.resolve(), loaded.site.languages))
