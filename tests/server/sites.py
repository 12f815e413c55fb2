"""A small site to be served, and named stand-ins for what stands behind the server."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from publisher import config
from publisher.model.edition import Edition, Published, Selection
from publisher.model.records import Kind, Organisation, Place, Record, Series, Topic
from publisher.server.health import Health

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.server.mailbox import Captured
    from publisher.server.query import Combination, Which
    from publisher.server.subscribing import Desk

LONG_AGO = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LONG_AGO_HTTP = "Fri, 02 Jan 2026 03:04:05 GMT"
PAGE = b"<!doctype html><title>Home</title><body>" + b"<p>Lorem ipsum dolor sit amet.</p>" * 40 + b"</body>"
CALENDAR = b"BEGIN:VCALENDAR\r\n" + b"X-LINE:the same again and again\r\n" * 40 + b"END:VCALENDAR\r\n"
FILES = {
    "404.html": b"<!doctype html><title>Not here</title>",
    "index.html": b"<!doctype html><title>Languages</title>",
    "en/index.html": PAGE,
    "en/calendar.ics": CALENDAR,
    "en/programme.ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "en/feed.atom": b"<feed/>",
    "en/feed.rss": b"<rss/>",
    "en/feed.json": b"{}",
    "en/feeds/sport.json": b"{}",
    "en/archive/1.atom": b"<feed/>",
    "en/events/forum/index.html": b"<!doctype html><title>Forum</title>",
    "en/events/forum/event.ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "feeds.opml": b"<opml/>",
    "catalogue.json": b"{}",
    "sitemap.xml": b"<urlset/>",
    "robots.txt": b"User-agent: *\n",
    "assets/site.0123abcd.css": b"body {}" * 200,
    "assets/plain.css": b"body {}",
    "assets/files/0123456789abcdef/report.pdf": b"%PDF-1.7 " + bytes(range(256)) * 40,
    "assets/picture.0a1b2c3d.png": bytes(range(256)) * 8,
    "no-index/data.txt": b"a folder without a page",
}


def write(root: Path, files: dict[str, bytes] = FILES, when: datetime = LONG_AGO) -> Path:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
        os.utime(root / path, (when.timestamp(), when.timestamp()))
    return root


def replace(path: Path, data: bytes, when: datetime = LONG_AGO) -> None:
    """As a release replaces a file: written aside, then renamed."""
    aside = path.with_name(f".{path.name}.new")
    aside.write_bytes(data)
    os.utime(aside, (when.timestamp(), when.timestamp()))
    aside.replace(path)


def facet(kind: Kind, record: Record, *languages: str) -> Published[Record]:
    return Published(
        kind=kind,
        id=record.id,
        uid=f"{record.id}@example.org",
        revision=0,
        ordinal=1,
        first_published=LONG_AGO,
        updated=LONG_AGO,
        last_modified={},
        own_language="en",
        languages=frozenset({"en"}),
        texts=dict.fromkeys(languages, record),
    )


def edition(*, topics: dict[str, str]) -> Edition:
    """An edition in English and Kazakh with these topics and one of each other facet."""
    site = {"url": "https://news.example.org", "identity": "example.org,2026", "languages": ["en", "kk"]}
    others: dict[Kind, Record] = {
        Kind.ORGANISATION: Organisation(id="almau", name="AlmaU"),
        Kind.PLACE: Place(id="astana", name="Astana"),
        Kind.SERIES: Series(id="forum", name="The Forum"),
    }
    facets = {kind: {record.id: facet(kind, record, "en", "kk")} for kind, record in others.items()}
    facets[Kind.TOPIC] = {
        id_: facet(Kind.TOPIC, Topic(id=id_, name=name), "en", "kk") for id_, name in topics.items()
    }
    return Edition(
        config=config.parse({"site": site | {"title": {"en": "News", "kk": "Жаңалықтар"}}}),
        today=date(2026, 6, 1),
        events=(),
        withdrawn=(),
        announcements=(),
        expired=(),
        facets=facets,
        pages={},
    )


@dataclass
class WrittenDown:
    """Renders a combination as a description of what it was asked for, and remembers each."""

    made: list[str] = field(default_factory=list)

    def calendar(self, edition: Edition, wanted: Combination, which: Which) -> bytes:
        year = f" {wanted.year}" if wanted.year else ""
        return self._write(
            edition,
            f"{which}{year} in {wanted.language} of {told(wanted.selection)} at {wanted.path}"
            f" called {wanted.title(edition)}",
        )

    def feed(self, edition: Edition, language: str, selection: Selection, fmt: str, self_url: str) -> bytes:
        return self._write(edition, f"{fmt} in {language} of {told(selection)} at {self_url}")

    def _write(self, edition: Edition, text: str) -> bytes:
        self.made.append(text)
        return f"{text} with {len(edition.facets[Kind.TOPIC])} topics\n".encode()


def told(selection: Selection) -> str:
    parts = ("topics", "organisations", "places", "series", "kinds")
    return " ".join(f"{part}={'|'.join(sorted(ids))}" for part in parts if (ids := getattr(selection, part)))


@dataclass
class SmallSite:
    """A site whose folder, edition and health a test decides."""

    build: Path
    public: Edition | None = None
    well: Health = field(default_factory=lambda: Health(version="1.2.3"))
    languages: tuple[str, ...] = ("en", "kk")
    desk: Desk | None = None
    captured: Captured | None = None

    def edition(self) -> Edition | None:
        return self.public

    def link(self, path: str) -> str:
        """Of its feeds one has a hub."""
        hub = '<https://hub.example.org/>; rel="hub", <https://news.example.org/en/feed.atom>; rel="self"'
        return hub if path == "en/feed.atom" else ""

    def health(self) -> Health:
        return self.well
