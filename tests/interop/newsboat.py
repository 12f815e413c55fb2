"""Newsboat, a feed reader: follow feeds, reload them, say what is in its cache."""

import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from .tools import environment, program


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item as the reader keeps it."""

    feed: str
    id: str
    title: str
    link: str
    #: Seconds since 1970.
    published: int
    content: str


@dataclass(frozen=True)
class Newsboat:
    """A reader whose subscriptions and cache are in a folder of its own."""

    folder: Path

    def follow(self, urls: Iterable[str]) -> None:
        """Subscribe to these feeds and to no others."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "urls").write_text("".join(f"{url}\n" for url in urls), encoding="utf-8")
        (self.folder / "config").write_text(f"error-log {self.folder / 'error.log'}\n", encoding="utf-8")

    def reload(self) -> None:
        """Fetch all feeds; validators are sent from the third time on: the second answer's are kept first."""
        subprocess.run(
            [
                program("newsboat"), "--quiet", "--execute", "reload", "--url-file", self.folder / "urls",
                "--cache-file", self.folder / "cache.db", "--config-file", self.folder / "config",
            ],
            env=environment(self.folder), check=True,
        )  # fmt: skip
        complaints = (self.folder / "error.log").read_text(encoding="utf-8")
        assert not complaints, f"newsboat complains: {complaints}"

    def items(self, feed: str | None = None) -> list[Item]:
        """List what it keeps, of one feed or of all, in the order in which it was stored."""
        asked = "SELECT feedurl, guid, title, url, pubDate, content FROM rss_item ORDER BY id"
        names = ("feed", "id", "title", "link", "published", "content")
        with closing(sqlite3.connect(self.folder / "cache.db")) as cache:
            items = [Item(**dict(zip(names, row, strict=True))) for row in cache.execute(asked)]
        return [item for item in items if feed in (None, item.feed)]
