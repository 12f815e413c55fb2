"""Where a site's state lives: its folder, its settings, its database. Needs no theme and no records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from publisher.store.database import FILE, Database

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.config import Config


@dataclass(frozen=True)
class Home:
    """A site's folder with its settings."""

    root: Path
    config: Config

    @property
    def var(self) -> Path:
        """State; never public."""
        return self.root / "var"

    @property
    def has_database(self) -> bool:
        """Whether there is anything to read: looking at a new site must not make one."""
        return bool(self.config.database.url) or (self.var / FILE).is_file()

    @cached_property
    def database(self) -> Database:
        """The site's database, its schema made if it is new; WrongSchema when another version made it."""
        database = Database(self.config.database.url, self.var)
        database.ensure_schema()
        return database
