"""A tick that is killed before any of its commits, or met by a release: the next one completes the issue."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from publisher.issuing import building

from .listed import ListedSite, monday, period
from .test_catch_up import later

READERS = range(1, 6)


class Mortal:
    """`publisher tick`, in processes that die when they are told to."""

    def __init__(self, example: ListedSite) -> None:
        script = str(Path(__file__).with_name("mortal.py"))
        command = [sys.executable, script, str(example.root), monday(1)]
        self._driver = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tick(self, site: ListedSite, now: str, last: int = 0) -> int:
        """Tick, and leave the mail; how many commits it made, or none when it died just before one."""
        assert self._driver.stdin
        assert self._driver.stdout
        call = {"arguments": ["tick", "--site", str(site.root), "--now", now, "--no-deliver"], "last": last}
        self._driver.stdin.write(f"{json.dumps(call)}\n")
        self._driver.stdin.flush()
        ended = json.loads(self._driver.stdout.readline())
        assert ended["signal"] == (signal.SIGKILL if last else 0)
        return int(ended["steps"])

    def end(self) -> None:
        """Let the driver go."""
        self._driver.communicate()


@pytest.fixture
def mortal(folder: Path) -> Iterator[Mortal]:
    driver = Mortal(prepared(ListedSite.with_list(folder / "example")))
    yield driver
    driver.end()


@dataclass(frozen=True)
class Copies:
    """A site just before its first issue is due, as often as one likes."""

    site: ListedSite
    #: The address of its database, if that is on a server; and the server's.
    url: str
    server: str

    def copy(self, name: str) -> ListedSite:
        """Another one like it, its database included."""
        made = replace(self.site, root=self.site.root.parent / name)
        shutil.copytree(self.site.root, made.root)
        if self.url:
            made.configure(self._copied_database(name))
        return made

    def _copied_database(self, name: str) -> str:
        source = self.url.partition("?")[0].rpartition("/")[2]
        copied = f"{source}_{name}"
        with psycopg.connect(self.server, autocommit=True) as connection:
            gone = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            connection.execute(gone, [source])
            connection.execute(f"CREATE DATABASE {copied} TEMPLATE {source}")
        return self.url.replace(f"/{source}?", f"/{copied}?")


@pytest.fixture
def copies(site: ListedSite, url: str, request: pytest.FixtureRequest) -> Copies:
    return Copies(prepared(site), url, request.getfixturevalue("postgresql").url if url else "")


def prepared(site: ListedSite) -> ListedSite:
    """Five readers, three of whom share a digest, and something to tell them."""
    for number in READERS:
        site.read_by(
            number, language="ru" if number == 5 else "en", topics=("science",) if number == 4 else ()
        )
    site.announce("alpha", "2026-05-28T12:00:00+05:00", topics="[science]")
    site.announce("beta", "2026-05-29T12:00:00+05:00")
    return site


def as_left(site: ListedSite) -> tuple[Any, ...]:
    """What the next tick will meet."""
    issues = [
        each.evolve(owner=each.owner and "somebody", lease_until=None) for each in site.issues().values()
    ]
    return issues, site.deliveries(), site.files(), site.run("status").stdout


def complete(site: ListedSite) -> tuple[Any, ...]:
    """What an issue came to, once the next tick has done what was left."""
    site.tick(later(monday(1), minutes=1))
    pages = sorted(path for path in site.files() if "/digests/weekly/2026" in path)
    told = {number: site.told(number) for number in READERS}
    return site.states(), sorted(site.deliveries()), told, len(site.captured()), pages


def test_killed_before_any_commit_it_is_completed_by_the_next_tick(copies: Copies, mortal: Mortal) -> None:
    whole = copies.copy("whole")
    commits = mortal.tick(whole, monday(1))
    assert whole.states() == {period(1): "sending"}
    expected = complete(whole)
    assert expected[:2] == ({period(1): "done"}, [(period(1), number, "sent") for number in READERS])
    assert expected[3] == len(READERS)
    assert expected[4]

    met, before = set(), None
    for last in range(1, commits + 1):
        site = copies.copy(str(last))
        mortal.tick(site, monday(1), last)
        state, left = site.states().get(period(1), "none"), as_left(site)
        met.add(state)
        if state == "sending":  # never without its page
            assert f"en/digests/weekly/{period(1)}/index.html" in site.files()
        if left != before:  # else the next tick meets the same
            assert complete(site) == expected, f"killed before commit {last} of {commits}, {state}"
        before = left
        shutil.rmtree(site.root)

    assert met == {"none", "building", "frozen", "sending"}


def test_killed_while_building_and_met_by_a_release_it_begins_again_from_what_is_public(
    copies: Copies, mortal: Mortal
) -> None:
    commits = mortal.tick(copies.copy("whole"), monday(1))
    begun_again = 0

    for last in range(1, commits + 1):
        site = copies.copy(str(last))
        mortal.tick(site, monday(1), last)
        deliveries = len(site.deliveries())
        if site.states() == {period(1): "building"} and deliveries:
            begun_again += 1
            reword(site)
            site.build(later(monday(1), seconds=30))
            complete(site)
            assert {title for number in READERS for title in site.told(number)[period(1)]} == {
                "Omega",
                "Beta",
            }
            assert "Omega" in site.served(f"en/digests/weekly/{period(1)}/index.html")
        shutil.rmtree(site.root)

    assert begun_again >= 3


def test_a_release_in_the_middle_of_building_makes_it_begin_again(
    site: ListedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process releases between two transactions of the builder, when some readers are done."""
    prepared(site)
    monkeypatch.setattr(building, "CHUNK", 2)
    looked, released = [], []

    def between(*_: object) -> None:
        if not released and not looked:
            looked.append("so that looking is not looked at")
            if site.states() == {period(1): "building"} and len(site.deliveries()) == 2:
                reword(site)
                site.run_process("build", "--now", later(monday(1), seconds=10), env={})
                released.append(True)
            looked.clear()

    event.listen(Pool, "checkin", between)
    try:
        site.tick(monday(1))
    finally:
        event.remove(Pool, "checkin", between)

    assert released
    assert sorted(site.deliveries()) == [(period(1), number, "sent") for number in READERS]
    assert {title for number in READERS for title in site.told(number)[period(1)]} == {"Omega", "Beta"}


def reword(site: ListedSite) -> None:
    path = site.root / "content/announcements/2026/alpha.md"
    path.write_text(path.read_text().replace("Alpha", "Omega"))
