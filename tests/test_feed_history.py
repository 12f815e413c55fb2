"""The history of every feed, through many releases: nothing lost, nothing twice, archives stay (RFC 5005)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

import plain_feeds
from sites import CuratedSite

ADDRESS = "https://history.example.org/"
CONFIG = f"""\
[site]
url = "{ADDRESS.rstrip("/")}"
identity = "history.example.org,2026"
title.en = "A History"
title.kk = "Тарих"
languages = ["en", "kk"]
timezone = "Asia/Almaty"

[publish]
feed_entries = {{size}}

[feeds.waterways]
title = "Waterways"
topics = ["water"]
kinds = ["event"]

[feeds.exchanged]
title = "What has changed about the exchange"
topics = ["exchange"]
kinds = ["change"]
"""
TOPICS = ("exchange", "law", "water")
#: What a living feed may weigh, in bytes.
LIVING = 200_000
RELEASES = 8
START = datetime.fromisoformat("2026-06-01T08:00:00+05:00")
SENTENCE = "Universities of five countries meet and *compare* what they found. "


@dataclass
class Life:
    """A site whose curator does one thing after the other."""

    site: CuratedSite
    random: Random
    now: datetime = START
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Whose files are gone, and which were taken back.
    removed: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    #: Which records were edited or removed since the last release.
    touched: set[str] = field(default_factory=set)

    def adds(self, kind: str) -> None:
        """Write a new record; some are long, and some very long."""
        id_ = f"{kind}/r{len(self.records):03}"
        length = self.random.choice((1, 1, 5, 600, 900, 5_000))
        fields: dict[str, Any] = {"title": f"Record {len(self.records)}", "body": SENTENCE * length}
        fields["topics"] = self.random.sample(TOPICS, self.random.randrange(3))
        day = self.now.date()
        if kind == "announcement":
            fields["date"] = str(day - timedelta(days=self.random.randrange(60)))
        else:
            fields |= self._time(day + timedelta(days=self.random.randrange(-40, 300)))
            fields["deadlines"] = [{"id": "papers", "title": "Papers", "at": str(day + timedelta(days=9))}]
        self.records[id_] = fields
        self._writes(id_)

    def _time(self, day: date) -> dict[str, Any]:
        if self.random.random() < 0.5:
            return {"start": str(day), "end": str(day + timedelta(days=1))}
        return {"start": f"{day} 10:00", "end": "12:00"}

    def edits(self) -> None:
        """Change a record: its text, title, day, deadline, status, topics; or take it away."""
        known = sorted(self.records.keys() - self.removed - self.withdrawn)
        id_ = self.random.choice(known)
        fields = self.records[id_]
        moves = {"body": f"Mended. {fields['body']}", "title": f"{fields['title']}, really"}
        topics = {"topics": self.random.sample(TOPICS, self.random.randrange(3))}
        if id_.startswith("event"):
            day = self.now.date() + timedelta(days=self.random.randrange(1, 300))
            deadlines = [{"id": "papers", "title": "Papers", "at": str(day)}]
            status = {"status": self.random.choice(("cancelled", "postponed", "confirmed"))}
            withdrawn = {"status": "withdrawn"}
            options = [
                moves,
                topics,
                self._time(day),
                {"deadlines": deadlines},
                status,
                status,
                withdrawn,
                None,
            ]
        else:
            options = [moves, topics, None]
        self._does(id_, self.random.choice(options))

    def _does(self, id_: str, change: dict[str, Any] | None) -> None:
        if change is None:
            self._path(id_).unlink()
            self.removed.add(id_)
            self.touched.add(id_)
            return
        if change.get("status") == "withdrawn":
            self.withdrawn.add(id_)
        self.records[id_] |= change
        self._writes(id_)

    def _writes(self, id_: str) -> None:
        fields = dict(self.records[id_])
        body = fields.pop("body")
        self.touched.add(id_)
        front = yaml.safe_dump({"id": id_.partition("/")[2], **fields}, allow_unicode=True)
        self._path(id_).parent.mkdir(parents=True, exist_ok=True)
        self._path(id_).write_text(f"---\n{front}---\n{body}\n", "utf-8")

    def _path(self, id_: str) -> Path:
        kind, _, name = id_.partition("/")
        return self.site.root / "content" / f"{kind}s" / f"{name}.md"

    def releases(self) -> None:
        """Make it public, some hours later."""
        self.now += timedelta(hours=self.random.randrange(2, 90))
        self.site.build(self.now.isoformat())


def fetch(site: CuratedSite, address: str) -> bytes:
    """The document at an address of the site."""
    assert address.startswith(ADDRESS)
    return (site.root / "build" / address.removeprefix(ADDRESS)).read_bytes()


def living(site: CuratedSite) -> list[Path]:
    """Every feed that is no archive, in Atom."""
    return [path for path in sorted((site.root / "build").rglob("*.atom")) if path.parent.name != "archive"]


def archives(site: CuratedSite) -> dict[Path, bytes]:
    """Every archive."""
    return {path: path.read_bytes() for path in (site.root / "build").rglob("archive/*.atom")}


def record_of(entry: str) -> str:
    """The record that an entry is about, by the entry's id."""
    told = entry.partition(":history.example.org,2026:")[2]
    return "/".join(told.split("/")[:2])


def entries_of(document: bytes) -> dict[str, str]:
    """The XML of every entry, by its id."""
    found = re.findall(r"<entry.*?</entry>", document.decode(), re.DOTALL)
    return {re.findall(r"<id>(.*?)</id>", entry)[0]: entry for entry in found}


def history(site: CuratedSite, feed: Path) -> list[plain_feeds.Feed]:
    """The living feed and its archives, as a reader finds them."""
    address = ADDRESS + feed.relative_to(site.root / "build").as_posix()
    found = list(plain_feeds.walk(address, lambda wanted: fetch(site, wanted)))
    first, *older = found
    assert first.address == address
    assert not first.is_archive
    assert {document.id for document in found} == {first.id}
    assert all(document.is_archive and document.current == address for document in older)
    return found


def require_whole(life: Life, feed: Path) -> set[str]:
    """Make sure that everything is in a feed's history once; say which archives it has."""
    documents = history(life.site, feed)
    ids = [entry.id for document in documents for entry in document.entries]
    assert len(ids) == len(set(ids)), f"{feed}: an entry is there twice"
    told = {record_of(id_) for id_ in ids}
    assert not told & life.withdrawn, feed
    standing = life.records.keys() - life.removed - life.withdrawn
    if "changes" not in feed.parts and feed.stem != "exchanged":
        selected = {id_ for id_ in standing if takes(feed, id_, life.records[id_])}
        assert told & standing == selected, feed
    return {document.address for document in documents[1:]}


def takes(feed: Path, id_: str, fields: dict[str, Any]) -> bool:
    """Whether a record belongs into a feed, by the feed's address."""
    match feed.parts[-3:]:
        case [_, "announcements" | "events" as kind, _]:
            return id_.startswith(kind[:-1])
        case ["topics", topic, _]:
            return topic in fields["topics"]
        case [_, "feeds", "waterways.atom"]:
            return id_.startswith("event") and "water" in fields["topics"]
    return True


def require_light(feed: Path, now: datetime) -> None:
    """Make sure that the living feed is small in each format, dated truly, and has no id twice."""
    for suffix in (".atom", ".rss", ".json"):
        document = feed.with_suffix(suffix).read_bytes()
        read = plain_feeds.read(document)
        ids = [entry.id for entry in read.entries]
        assert len(document) < LIVING, f"{feed}{suffix}: {len(document)} bytes"
        assert len(ids) == len(set(ids)), feed
        dates = [(entry.published, entry.updated or "") for entry in read.entries]
        assert all(first <= last <= plain_feeds.in_utc(now) for first, last in dates), feed
        if dates and suffix != ".json":
            assert read.updated == max(last for _, last in dates), feed


def require_closed(life: Life, before: dict[Path, bytes]) -> int:
    """Make sure that archives are as they were, but for what was edited; say how many are quite the same."""
    after = archives(life.site)
    assert before.keys() <= after.keys()
    same = 0
    for path, data in before.items():
        same += after[path] == data
        old, new = entries_of(data), entries_of(after[path])
        differ = {id_ for id_ in old.keys() | new.keys() if old.get(id_) != new.get(id_)}
        assert {record_of(id_) for id_ in differ} <= life.touched, path
        if not differ:
            assert after[path] == data, path
    return same


@pytest.mark.parametrize(("seed", "size"), [(5, 5), (2026, 20)])
def test_every_entry_is_found_once_whatever_becomes_of_a_site(tmp_path: Path, seed: int, size: int) -> None:
    """Where archives close because entries are many, and where they do because entries are long."""
    life = Life(CuratedSite(tmp_path / "site"), Random(seed))  # noqa: S311 -- nobody's secret
    life.site.write("publisher.toml", CONFIG.format(size=size))
    for topic in TOPICS:
        life.site.write(f"content/topics/{topic}.md", f"---\nid: {topic}\nname: {topic.title()}\n---\n")
    for number in range(16):
        life.adds("announcement" if number % 3 else "event")
    life.releases()
    changes: set[str] = set()
    kept = 0

    for _ in range(RELEASES):
        before, life.touched = archives(life.site), set()
        for _ in range(life.random.randrange(1, 4)):
            life.adds(life.random.choice(("announcement", "event")))
        for _ in range(life.random.randrange(3)):
            life.edits()
        life.releases()

        linked = {address for feed in living(life.site) for address in require_whole(life, feed)}
        for feed in living(life.site):
            require_light(feed, life.now)
        kept += require_closed(life, before)
        there = {
            ADDRESS + path.relative_to(life.site.root / "build").as_posix() for path in archives(life.site)
        }
        assert linked == there, "each archive is found"
        told = [
            entry.id
            for page in history(life.site, life.site.root / "build/en/changes/feed.atom")
            for entry in page.entries
        ]
        lost = {record_of(id_) for id_ in changes - set(told)}
        assert lost <= life.withdrawn | life.removed, "a change once told stays told"
        changes |= set(told)

    assert changes
    assert kept > 15, "most archives stay byte for byte"
