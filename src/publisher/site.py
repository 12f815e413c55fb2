"""One site's folder: its configuration, its theme, its database, and where things lie in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher import config
from publisher.assets import AssetStore
from publisher.content.files import CONTENT, fingerprint
from publisher.edition.compile import compile_edition
from publisher.errors import ChangedIdentity
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
            known = store.remembered(connection, IDENTITY)
            if known and known[0] != self.config.site.identity:
                raise ChangedIdentity(known[0], self.config.site.identity)
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

    def _catalogued(self) -> Ledger | None:
        path = self.build / catalogue.PATH
        return catalogue.restore(path.read_text("utf-8"), self.config) if path.is_file() else None

    def compile(self, ledger: Ledger, today: date) -> Edition:
        """The edition of a ledger and a date, with the issues that readers have got: they have pages."""
        return compile_edition(ledger, self.config, today, self._archive())

    def _archive(self) -> list[ArchivedIssue]:
        """Loaded only when an edition is compiled: there may be years of them."""
        if not self.has_database:
            return []
        with self.database.reading() as connection:
            return [
                ArchivedIssue(list=issue.list, period=issue.period, due_at=issue.due_at, digests=digests)
                for issue, digests in issues.archived(connection)
            ]

    def assets(self) -> AssetStore:
        """The files that stand beside records, as they were released."""
        return AssetStore(self.var / "assets", self.build / "assets" / "files")

    def local_date(self, now: datetime) -> date:
        """The site's date at an instant."""
        return now.astimezone(zone(self.config.site.timezone)).date()

    def fingerprint(self) -> str:
        """A hash over everything that a person writes: records, theme, configuration."""
        return fingerprint(self.root / CONTENT, *self.theme.folders, self.root / config.FILE)

    def phrases(self, language: str, before: Time, after: Time) -> tuple[str, ...]:
        """How a text of a language may still give an old time."""
        return phrases(before, after, self.theme.words[language]) if language in self.theme.words else ()


def open_site(folder: Path) -> Site:
    """Read a site's configuration; refuses a folder that is none, and time zones that are wrong."""
    require_sound_zones()
    loaded = config.load(folder)
    return Site(folder.resolve(), loaded, theme(folder.resolve(), loaded.site.languages))
