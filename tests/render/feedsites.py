"""Sites for the tests of feeds: this repository's own, and small ones that are written in the test."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from publisher import config
from publisher.assets import facts_of
from publisher.content.files import Reading, Source, read
from publisher.content.load import decode_all
from publisher.edition.compile import compile_edition
from publisher.edition.ledger import revise
from publisher.model.archives import Archives
from publisher.model.ledger import Ledger
from publisher.model.records import Kind
from publisher.render.feeds import feeds
from publisher.render.theme import Theme, theme
from publisher.zones import zone

if TYPE_CHECKING:
    from publisher.config import Config
    from publisher.model.artifact import Artifact
    from publisher.model.edition import Edition

ROOT = Path(__file__).parents[2]
#: When this repository's site is released in these tests.
NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
Record: TypeAlias = Mapping[str, Any]
#: Every feed of a site by its path, made when asked for.
Site: TypeAlias = "Callable[[], dict[str, Artifact]]"


@cache
def own_edition() -> Edition:
    """What this repository's own site publishes."""
    settings = config.load(ROOT)
    content = decode_all(read(ROOT, settings.site.languages), settings)
    return compile_edition(revise(content, Ledger(), settings, NOW), settings, NOW.date())


@cache
def own_theme() -> Theme:
    return theme(ROOT, ("en", "ru", "kk"))


@dataclass
class Office:
    """A small site that is released again and again; each release is a day after the one before."""

    settings: Config
    now: datetime = NOW
    ledger: Ledger = field(default_factory=Ledger)
    archives: Archives = field(default_factory=Archives)
    #: kind/id, and for a translation .language -> the record.
    records: dict[str, Record] = field(default_factory=dict)
    #: The files that stand beside records: kind/name -> bytes.
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def theme(self) -> Theme:
        return theme(ROOT, self.settings.site.languages)

    def say(self, kind: str, id_: str, translation: str = "", body: str = "", **fields: Any) -> None:
        """Write a record or a translation, in place of what it said before."""
        name = f"{kind}/{id_}" + (f".{translation}" if translation else "")
        self.records[name] = {**({} if translation else {"id": id_}), **fields, "body": body}

    def put(self, kind: str, name: str, data: bytes) -> str:
        """A file beside the records of a kind; its public address."""
        path = f"content/{Kind(kind).plural}/{name}"
        self.files[path] = data
        return f"{self.settings.site.url}/assets/files/{self._stored[path][0]}"

    @property
    def _stored(self) -> dict[str, tuple[str, bytes]]:
        """By its path the name under which each file is stored, and its bytes."""
        return {
            path: (f"{hashlib.sha256(data).hexdigest()[:16]}/{path.rpartition('/')[2]}", data)
            for path, data in self.files.items()
        }

    def release(self, later: timedelta = timedelta(days=1)) -> Edition:
        self.now += later
        content = decode_all(reading_of(self), self.settings)
        assert content.errors == ()
        stored = {path: stored for path, (stored, _) in self._stored.items()}
        self.ledger = revise(content, self.ledger, self.settings, self.now, stored)
        return self.as_of(self.now)

    def as_of(self, moment: datetime) -> Edition:
        """What is public at a moment when nothing has been released since."""
        local = moment.astimezone(zone(self.settings.site.timezone))
        return compile_edition(
            self.ledger,
            self.settings,
            local.date(),
            archives=self.archives,
            asset_facts={stored: facts_of(data) for stored, data in self._stored.values()}.__getitem__,
        )

    def published(self) -> dict[str, Artifact]:
        """Release, and return every feed by its path."""
        return artifacts(self.release(), self.theme)


def reading_of(site: Office) -> Reading:
    """What is written, as read from files."""
    sources = tuple(_source(name, record) for name, record in site.records.items())
    return Reading(sources, {path: Path(path) for path in site.files}, ())


def office(languages: Iterable[str] = ("en", "ru", "kk"), now: datetime = NOW, **site: Any) -> Office:
    languages = tuple(languages)
    values = {
        "url": "https://news.example.org",
        "identity": "news.example.org,2026",
        "title": {language: f"Site {language}" for language in languages},
        "languages": languages,
        "default_language": languages[0],
        "timezone": "Asia/Almaty",
        **site,
    }
    extra = values.pop("extra", {})
    return Office(config.parse({"site": values, "publish": {"feed_entries": 5}, **extra}), now)


def own() -> dict[str, Artifact]:
    """Every feed of this repository's own site."""
    return artifacts(own_edition(), own_theme())


def artifacts(edition: Edition, look: Theme) -> dict[str, Artifact]:
    return {artifact.path: artifact for artifact in feeds(edition, look)}


def _source(name: str, record: Record) -> Source:
    kind, _, rest = name.partition("/")
    language = rest.partition(".")[2]
    fields = {key: value for key, value in record.items() if key != "body"}
    text = f"---\n{json.dumps(fields, ensure_ascii=False)}\n---\n{record['body']}\n"
    folder = Kind(kind).plural
    return Source(f"content/{folder}/{rest}.md", Kind(kind), language or None, text.encode())
