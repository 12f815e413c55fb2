"""Four schedulers that all find twelve missed periods at once, and two of them are killed on the way."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

import pytest

from .listed import ListedSite, monday, period
from .test_catch_up import later

READERS, PERIODS = range(1, 31), range(1, 13)
NOW = later(monday(12), hours=2)
PATIENCE = 300


@pytest.fixture
def site(listed: Callable[..., ListedSite]) -> ListedSite:
    """Twelve weeks, each with something new, in which nobody ticked."""
    made = listed(catch_up="all", max_lateness="200d")
    for number in READERS:
        made.read_by(number, language=("en", "ru")[number % 2])
    for number in PERIODS:
        made.announce(f"number-{number:02}", later(monday(number), days=-3))
    return made


@contextmanager
def racing(site: ListedSite, count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many schedulers at once; at the end those that live finish their tick and stop."""
    end = site.root.parent / "end"
    command = [sys.executable, str(Path(__file__).with_name("scheduler.py")), str(site.root), NOW, str(end)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(count)]
    try:
        yield running
    finally:
        end.touch()
        said = [each.communicate(timeout=PATIENCE)[1].decode() for each in running]
    assert [text for text in said if text] == []


def eventually(look: Callable[[], bool]) -> None:
    """Look until it is so; give up after a good while."""
    for _ in range(PATIENCE * 50):
        if look():
            return
        time.sleep(0.02)
    pytest.fail("it never came")


def kill_somebody(site: ListedSite, running: list[subprocess.Popen[bytes]], chance: random.Random) -> None:
    """Kill whoever is building an issue, if anybody is, else anybody."""
    alive = [each for each in running if each.returncode is None]
    owners = [issue.owner.split(":")[2] for issue in site.issues().values() if issue.owner]
    victims = [each for each in alive if str(each.pid) in owners] or alive
    victim = chance.choice(victims)
    victim.kill()
    victim.wait()


@pytest.mark.parametrize("seed", [1, 2])
def test_twelve_issues_are_made_and_no_reader_gets_one_twice(site: ListedSite, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- when to kill is no secret
    moments = sorted(chance.sample(range(1, len(READERS) * 11), 2))

    with racing(site, 4) as running:
        for moment in moments:
            eventually(lambda moment=moment: len(site.deliveries()) >= moment)
            kill_somebody(site, running, chance)
        eventually(lambda: set(site.states().values()) == {"done"} and len(site.states()) == len(PERIODS))

    assert sorted(each.returncode for each in running) == [-signal.SIGKILL, -signal.SIGKILL, 0, 0]
    assert list(site.states()) == [period(number) for number in PERIODS]
    assert sorted(site.deliveries()) == [
        (period(number), reader, "sent") for number in PERIODS for reader in READERS
    ]
    each_once = {period(number): {f"Number-{number:02}"} for number in PERIODS}
    assert [site.told(reader) for reader in READERS] == [each_once for _ in READERS]
    sent = [message_from_bytes(data)["Message-ID"] for data in site.captured()]
    assert len(sent) == len(set(sent)) == len(PERIODS) * len(READERS)
