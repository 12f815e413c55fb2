"""Newsboat, a feed reader: follow feeds, reload them, say what is in its cache."""

import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from .tools import environment, program

#: Of an item: how it is called here, and in the cache.
COLUMNS = {
    "feed": "feedurl",
    "id": "guid",
    "title": "title",
    "link": "url",
    "published": "pubDate",
    "content": "content",
    "file": "enclosure_url",
    "file_type": "enclosure_type",
    "unread": "unread",
}


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
    #: Where it believes that the file is which goes with the item, and of what type; it keeps one.
    file: str
    file_type: str
    #: Whether its user is still to see it, as something new.
    unread: bool


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
        asked = f"SELECT {', '.join(COLUMNS.values())} FROM rss_item ORDER BY id"  # noqa: S608 -- our own names
        with closing(sqlite3.connect(self.folder / "cache.db")) as cache:
            rows = cache.execute(asked).fetchall()
        items = [Item(**dict(zip(COLUMNS, row, strict=True))) for row in rows]
        return [item for item in items if feed in (None, item.feed)]

    def is_read(self) -> None:
        """Take note, as its user does: all that is there has been seen."""
        with closing(sqlite3.connect(self.folder / "cache.db")) as cache, cache:
            cache.execute("UPDATE rss_item SET unread = 0")
