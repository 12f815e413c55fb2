"""A release that is killed at any step: no hub hears too early, and every hub hears in the end."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from sites import CuratedSite

from .hub import Hub
from .sites import changed, configured, feeds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .hub import Form

CONFIG = """\
[site]
url = "https://calendar.example.org"
identity = "calendar.example.org,2026"
title.en = "A Calendar"
languages = ["en"]
timezone = "Asia/Almaty"
"""
BEFORE, NOW = "2026-06-01T08:00:00+05:00", "2026-06-02T08:00:00+05:00"
NEXT, AFTER = "2026-06-02T08:01:00+05:00", "2026-06-02T08:02:00+05:00"


class Watcher:
    """What of a site is served when a hub hears of it."""

    def __init__(self, hub: Hub) -> None:
        self.hub, self.build = hub, Path()
        self.found: dict[str, list[bytes]] = {}
        hub.on_ping = self._look

    def watch(self, site: CuratedSite) -> None:
        """Look there from now on."""
        self.build, self.found = site.root / "build", {}

    def _look(self, form: Form) -> None:
        path = urlsplit(form["hub.url"]).path.removeprefix("/")
        self.found.setdefault(path, []).append((self.build / path).read_bytes())


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    with Hub() as hub:
        yield Watcher(hub)


@pytest.fixture
def site(tmp_path: Path, watcher: Watcher) -> CuratedSite:
    """A site whose next release changes every feed that has an entry."""
    made = CuratedSite.create(tmp_path / "site", configured(watcher.hub.url, config=CONFIG))
    made.event(start="2026-09-11", end="2026-09-13")
    watcher.watch(made)
    made.build(BEFORE)
    made.event(title="Another title", start="2026-09-11", end="2026-09-13")
    return made


class Mortal:
    """`publisher build`, in processes that die when they are told to."""

    def __init__(self, example: Path) -> None:
        command = [sys.executable, str(Path(__file__).parents[1] / "dying.py"), str(example)]
        self._driver = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def build(self, site: CuratedSite, last: int = 0) -> int:
        """Release; the number of steps, or none when it died just before the step `last`."""
        assert self._driver.stdin
        assert self._driver.stdout
        call = {"arguments": ["build", "--site", str(site.root), "--now", NOW], "last": last}
        self._driver.stdin.write(f"{json.dumps(call)}\n")
        self._driver.stdin.flush()
        ended = json.loads(self._driver.stdout.readline())
        assert ended["signal"] == (signal.SIGKILL if last else 0)
        return int(ended["steps"])

    def end(self) -> None:
        """Let the driver go."""
        self._driver.communicate()


@pytest.fixture
def mortal(site: CuratedSite) -> Iterator[Mortal]:
    example = CuratedSite.create(site.root.with_name("example"), CONFIG)
    driver = Mortal(example.root)
    yield driver
    driver.end()


def copy(site: CuratedSite, name: str) -> CuratedSite:
    """The same site once more."""
    return CuratedSite(Path(shutil.copytree(site.root, site.root.with_name(name))))


def waiting(site: CuratedSite) -> list[str]:
    """The feeds that hubs are to be told of, as the database has them."""
    connection = sqlite3.connect(site.root / "var/publisher.db")
    try:
        return [row[0] for row in connection.execute("SELECT feed FROM ping ORDER BY feed")]
    finally:
        connection.close()


def test_whenever_it_is_killed_every_hub_hears_of_every_change_and_never_before_it_is_there(
    site: CuratedSite, watcher: Watcher, mortal: Mortal
) -> None:
    before, whole = feeds(site), copy(site, "whole")
    watcher.watch(whole)
    steps = mortal.build(whole)
    after = feeds(whole)
    expected = changed(before, after)
    assert sorted(watcher.found) == expected != []

    seen = set()
    for last in sorted({*range(1, steps, steps // 8), *range(steps - 3, steps + 1)}):
        killed = copy(site, f"killed-{last}")
        watcher.watch(killed)
        mortal.build(killed, last)
        seen.add((bool(waiting(killed)), bool(watcher.found)))

        killed.run("build", "--now", NEXT)  # completes what was begun, or begins
        killed.run("ping", "--now", AFTER)  # whatever the killed one had claimed

        assert sorted(watcher.found) == expected, last
        assert all(found[-1] == after[path] for path, found in watcher.found.items()), last
        assert all(data == after[path] for path, found in watcher.found.items() for data in found), last
        assert waiting(killed) == [], last
        shutil.rmtree(killed.root)

    # It died before the commit, between that and the first ping, and with pings that were not settled.
    assert seen >= {(False, False), (True, False), (True, True)}


def test_a_tick_tells_what_a_killed_release_left(site: CuratedSite, watcher: Watcher, mortal: Mortal) -> None:
    """The last commit of a release marks it done: whoever dies after it has told nobody yet."""
    before, whole = feeds(site), copy(site, "whole")
    watcher.watch(whole)
    steps = mortal.build(whole)
    claiming = steps - 1  # a round has two: to claim, and to settle
    watcher.watch(site)

    mortal.build(site, claiming)
    assert watcher.found == {}
    assert waiting(site) == changed(before, feeds(site)) == changed(before, feeds(whole))
    done = json.loads(site.run("tick", "--now", NEXT, "--json").stdout)

    assert not done["released"]
    assert sorted(watcher.found) == changed(before, feeds(whole))
    assert waiting(site) == []
