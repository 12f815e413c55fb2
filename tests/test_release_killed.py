"""A release that is killed at any step: what is served stays whole, and the next run completes it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin

import pytest

from publisher.build import STAGING
from sites import CuratedSite

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = """\
[site]
url = "https://calendar.example.org"
identity = "calendar.example.org,2026"
title.en = "A Calendar"
languages = ["en"]
timezone = "Asia/Almaty"
"""
URL = "https://calendar.example.org/"
BEFORE, NOW, LATER = "2026-06-01T08:00:00+05:00", "2026-06-02T08:00:00+05:00", "2026-06-02T09:30:00+05:00"
#: What leads from a file to another one: links of pages, and addresses in everything else.
_LINK = re.compile(r"""(?:href|src)="([^"#?]+)|(https://calendar\.example\.org/[^\s"'<>#?\\]*)""")

Files = dict[str, bytes]


class Mortal:
    """`publisher`, in processes that die when they are told to."""

    def __init__(self, example: Path) -> None:
        command = [sys.executable, str(Path(__file__).with_name("dying.py")), str(example)]
        self._driver = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def build(self, site: Path, now: str, last: int = 0) -> int:
        """Release; the number of steps it took, or none when it died just before the step `last`."""
        assert self._driver.stdin
        assert self._driver.stdout
        call = {"arguments": ["build", "--site", str(site), "--now", now], "last": last}
        self._driver.stdin.write(f"{json.dumps(call)}\n")
        self._driver.stdin.flush()
        ended = json.loads(self._driver.stdout.readline())
        assert ended["signal"] == (signal.SIGKILL if last else 0)
        return int(ended["steps"])

    def end(self) -> None:
        """Let the driver go."""
        self._driver.communicate()


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder in memory where the machine has one: hundreds of releases would keep a disk busy."""
    memory = Path("/dev/shm")  # noqa: S108 -- a folder with a name of its own is made in it
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as made:
        yield Path(made)


@pytest.fixture(scope="module")
def mortal(folder: Path) -> Iterator[Mortal]:
    example = CuratedSite.create(folder / "example", CONFIG)
    example.event()
    driver = Mortal(example.root)
    yield driver
    driver.end()


def served(site: Path) -> Files:
    """Everything in build/, but what waits for its place."""
    build = site / "build"
    paths = (path.relative_to(build) for path in build.rglob("*") if path.is_file())
    return {path.as_posix(): (build / path).read_bytes() for path in paths if path.parts[0] != STAGING}


def ledger(site: Path) -> list[tuple[Any, ...]]:
    """Every item with its revision and its stamps, as the database has them."""
    with sqlite3.connect(site / "var/publisher.db") as connection:
        items = connection.execute(
            "SELECT kind, id, parent, uid, ordinal, revision, first_published, updated, withdrawn, gone"
            " FROM item"
        ).fetchall()
        languages = connection.execute("SELECT * FROM item_language").fetchall()
    connection.close()
    return sorted(items, key=str) + sorted(languages, key=str)


def editions(site: Path) -> list[tuple[int, str]]:
    """The number and the state of each release that was committed."""
    database = site / "var/publisher.db"
    if not database.exists():
        return []
    connection = sqlite3.connect(database)
    try:
        return connection.execute("SELECT number, state FROM edition ORDER BY number").fetchall()
    except sqlite3.OperationalError:  # killed before there were tables
        return []
    finally:
        connection.close()


def leads_to(path: str, data: bytes) -> set[str]:
    """The files of the site that a file refers to."""
    if not path.endswith((".html", ".ics", ".atom", ".rss", ".json", ".opml", ".xml", ".txt")):
        return set()
    text = re.sub(r"\r\n[ \t]", "", data.decode())
    found = set()
    for link, address in _LINK.findall(text):
        target = urljoin(URL + path, link or address)
        if target.startswith(URL):
            name = unquote(target.removeprefix(URL))
            found.add(f"{name}index.html" if name.endswith("/") or not name else name)
    return found


@dataclass(frozen=True)
class Release:
    """A site just before a release, and what it becomes when nobody interferes."""

    site: Path
    old: Files
    new: Files
    steps: int
    #: After the release at its time and another run later; and after that later run alone.
    completed: tuple[Files, list[Any]]
    begun_later: tuple[Files, list[Any]]

    @classmethod
    def of(cls, site: Path, mortal: Mortal) -> Release:
        both, alone = site.parent / "both", site.parent / "alone"
        shutil.copytree(site, both)
        steps = mortal.build(both, NOW)
        new = served(both)
        mortal.build(both, LATER)
        shutil.copytree(site, alone)
        mortal.build(alone, LATER)
        return cls(
            site, served(site), new, steps, (served(both), ledger(both)), (served(alone), ledger(alone))
        )


@pytest.fixture(scope="module")
def first(mortal: Mortal, folder: Path) -> Release:
    """The very first release of a site."""
    site = CuratedSite.create(folder / "first/site", CONFIG)
    site.event(more="sessions: [{id: talk, title: A Talk, start: 2026-06-11 10:00}]")
    site.event("other", title="Another", start="2026-07-01", end="2026-07-01")
    return Release.of(site.root, mortal)


@pytest.fixture(scope="module")
def next_one(mortal: Mortal, folder: Path) -> Release:
    """A release that moves one event, cancels another, drops a past one and brings a new one."""
    site = CuratedSite.create(folder / "next/site", CONFIG)
    site.event(more="sessions: [{id: talk, title: A Talk, start: 2026-06-11 10:00}]")
    site.event("cancelled", title="Another", start="2026-07-01", end="2026-07-01")
    past = site.event("past", title="Past", start="2026-05-01", end="2026-05-01")
    mortal.build(site.root, BEFORE)
    site.event(start="2026-06-12", more="sessions: [{id: talk, title: A Talk, start: 2026-06-12 10:00}]")
    site.event("cancelled", title="Another", start="2026-07-01", end="2026-07-01", more="status: cancelled")
    site.event("fresh", title="Fresh", start="2026-08-01", end="2026-08-01")
    past.unlink()
    return Release.of(site.root, mortal)


def _is_whole(release: Release, found: Files) -> None:
    """Each file is what it was, or what it becomes; nothing that a reader can get to is missing."""
    for path, data in found.items():
        assert data in (release.old.get(path), release.new.get(path)), path
    assert release.old.keys() - found.keys() <= release.old.keys() - release.new.keys()
    entrances = {"index.html"} if not release.old else set(release.old)
    reached, ahead = set(), entrances & found.keys() & release.new.keys()
    while ahead:
        path = ahead.pop()
        reached.add(path)
        missing = leads_to(path, found[path]) - found.keys()
        assert not missing, f"{path} refers to {sorted(missing)}"
        ahead |= leads_to(path, found[path]) - reached


def _recovers(release: Release, mortal: Mortal, site: Path, *, is_committed: bool) -> None:
    """The next run completes what was committed, with its stamps; else it is as if nothing had been."""
    mortal.build(site, LATER)
    files, stamps = release.completed if is_committed else release.begun_later
    assert ledger(site) == stamps
    assert served(site) == files
    assert not (site / "build" / STAGING).exists()
    assert {state for _, state in editions(site)} == {"done"}


@pytest.mark.parametrize("name", ["first", "next_one"])
def test_killed_at_any_step_it_leaves_whole_files_and_the_next_run_completes_it(
    name: str, mortal: Mortal, request: pytest.FixtureRequest
) -> None:
    release: Release = request.getfixturevalue(name)
    assert release.completed[1] != release.begun_later[1]  # else it could not be told which of them happened
    before = editions(release.site)
    met = None

    for last in range(1, release.steps + 1):
        site = release.site.parent / str(last)
        shutil.copytree(release.site, site)
        mortal.build(site, NOW, last)
        found = (served(site), editions(site))
        _is_whole(release, found[0])
        if found != met:  # many a step changes nothing that the next run meets
            _recovers(release, mortal, site, is_committed=found[1] != before)
        met = found
        shutil.rmtree(site)


def test_what_was_served_referred_to_nothing_that_was_missing(next_one: Release) -> None:
    for files in (next_one.old, next_one.new):
        assert {target for path, data in files.items() for target in leads_to(path, data)} <= files.keys()
