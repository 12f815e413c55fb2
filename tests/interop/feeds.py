"""Independent feed parsers: each reads Atom, RSS and JSON feeds and answers in one form."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import struct_time
from typing import Any

import feedparser

from .tools import node


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry as a parser understood it; dates are in UTC, as `2026-06-01T03:00:00Z`."""

    id: str
    link: str
    title: str
    published: str
    #: RSS has no place of its own for it.
    updated: str | None


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A feed as a parser understood it."""

    language: str
    #: In the order of the feed.
    entries: list[Entry]

    def without_updates(self) -> "Feed":
        """Return it as a format tells it that has no place for the last change."""
        entries = [
            Entry(id=one.id, link=one.link, title=one.title, published=one.published, updated=None)
            for one in self.entries
        ]
        return Feed(language=self.language, entries=entries)


def read_feedsmith(files: Iterable[Path]) -> dict[Path, Feed]:
    """Read Atom, RSS and JSON feeds with feedsmith."""
    answer = node("feedsmith.mjs", [str(file) for file in files], "feedsmith")
    return {
        Path(file): Feed(language=feed["language"], entries=[Entry(**entry) for entry in feed["entries"]])
        for file, feed in answer.items()
    }


def read_feedparser(file: Path) -> Feed:
    """Read an Atom or RSS feed with feedparser, which must find nothing to repair in it."""
    parsed = feedparser.parse(file.read_bytes())
    assert not parsed.bozo, f"{file}: {parsed.bozo_exception}"
    return Feed(language=parsed.feed.language, entries=[_of_feedparser(entry) for entry in parsed.entries])


def _of_feedparser(entry: Any) -> Entry:
    updated = dict.get(entry, "updated_parsed")  # Asked as usual, it would give the publication instead.
    return Entry(
        id=entry.id,
        link=entry.link,
        title=entry.title,
        published=_in_utc(entry.published_parsed),
        updated=_in_utc(updated) if updated else None,
    )


def _in_utc(moment: struct_time) -> str:
    return f"{datetime(*moment[:6], tzinfo=UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_json(file: Path) -> Feed:
    """Read a JSON feed with nothing but the standard library."""
    feed = json.loads(file.read_text(encoding="utf-8"))
    return Feed(language=feed["language"], entries=[_of_json(item) for item in feed["items"]])


def _of_json(item: dict[str, Any]) -> Entry:
    published, updated = (
        f"{datetime.fromisoformat(item[name]).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        for name in ("date_published", "date_modified")
    )
    return Entry(id=item["id"], link=item["url"], title=item["title"], published=published, updated=updated)
