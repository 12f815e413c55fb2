"""A delivering that is killed at any step: nobody is left out, and what comes twice is the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from publisher.model.mailing import DeliveryState, IssueState
from publisher.store import tables

from .mailroom import NOW, Mailroom, address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtpserver import SmtpServer, Taken


class Mortal:
    """`publisher deliver`, in processes that die when they are told to."""

    def __init__(self) -> None:
        command = [sys.executable, str(Path(__file__).with_name("mortal.py"))]
        self._driver = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def deliver(self, room: Mailroom, last: int = 0) -> int:
        """Send what is due; the number of steps it took, or none when it died just before the step `last`."""
        assert self._driver.stdin
        assert self._driver.stdout
        arguments = ["--site", str(room.root), "--now", NOW.isoformat(), "--until-empty"]
        self._driver.stdin.write(f"{json.dumps({'arguments': arguments, 'last': last})}\n")
        self._driver.stdin.flush()
        ended = json.loads(self._driver.stdout.readline())
        assert ended["signal"] == (signal.SIGKILL if last else 0)
        return int(ended["steps"])

    def end(self) -> None:
        """Let the driver go."""
        self._driver.communicate()


@pytest.fixture(scope="module")
def mortal() -> Iterator[Mortal]:
    driver = Mortal()
    yield driver
    driver.end()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where the machine has one: hundreds of runs would keep a disk busy."""
    memory = Path("/dev/shm")  # noqa: S108 -- a folder with a name of its own is made in it
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as made:
        yield Path(made)


@pytest.fixture
def room(url: str, folder: Path) -> Iterator[Mailroom]:
    made = Mailroom(folder / "site", url)
    yield made
    made.close()


def copies(server: SmtpServer) -> dict[str, list[Taken]]:
    """What the server took, by reader."""
    found = defaultdict(list)
    for taken in server.taken:
        found[taken.recipient].append(taken)
    return found


def nobody_is_left_out(room: Mailroom, server: SmtpServer, readers: int, *, doubles: int) -> None:
    """Everybody has it, few have it twice, and then it is the same byte for byte."""
    found = copies(server)
    numbers = range(1, readers + 1)
    assert set(found) == {address(number) for number in numbers}
    assert len(server.taken) - len(found) <= doubles
    assert all(len({taken.data for taken in theirs}) == 1 for theirs in found.values())
    assert room.states() == dict.fromkeys(numbers, DeliveryState.SENT)
    assert [row.state for row in room.all(tables.issue)] == [IssueState.DONE]


def test_killed_at_any_step_nobody_is_left_out_and_at_most_one_comes_twice(
    room: Mailroom, server: SmtpServer, mortal: Mortal
) -> None:
    readers = 2
    room.send_to(server.port, "connections = 1")
    room.fill(readers, size=2_000)
    steps = mortal.deliver(room)
    nobody_is_left_out(room, server, readers, doubles=0)
    doubled = 0

    for last in range(1, steps + 1):
        room.fill(readers, size=2_000)
        server.taken.clear()
        mortal.deliver(room, last)
        room.deliver(until_empty=True)
        nobody_is_left_out(room, server, readers, doubles=1)
        doubled += len(server.taken) > readers

    assert steps > 40
    assert doubled  # else it was not killed where that cannot be helped


def test_killed_while_several_connections_are_open_at_most_one_for_each_comes_twice(
    room: Mailroom, server: SmtpServer, mortal: Mortal
) -> None:
    readers = 5
    room.send_to(server.port, "connections = 3")

    for last in range(10, 70, 6):
        room.fill(readers)
        server.taken.clear()
        mortal.deliver(room, last)
        room.deliver(until_empty=True)
        nobody_is_left_out(room, server, readers, doubles=3)


def test_killed_again_and_again_it_gets_on(room: Mailroom, server: SmtpServer, mortal: Mortal) -> None:
    readers, kills = 12, 4
    room.send_to(server.port, "connections = 1")
    room.fill(readers)

    for _ in range(kills):
        mortal.deliver(room, 40)
    room.deliver(until_empty=True)

    nobody_is_left_out(room, server, readers, doubles=kills)


@pytest.mark.parametrize("url", [""])
def test_captured_mail_is_whole_and_there_once_wherever_it_is_killed(room: Mailroom, mortal: Mortal) -> None:
    room.configure('transport = "maildir"\nconnections = 1')
    captured = room.root / "var/mail"
    room.fill(2)
    steps = mortal.deliver(room)
    whole = {path.name: path.read_bytes() for path in (captured / "new").iterdir()}
    assert len(whole) == 2

    for last in range(1, steps + 1):
        room.fill(2)
        rmtree(captured)
        mortal.deliver(room, last)
        room.deliver(until_empty=True)
        assert {path.name: path.read_bytes() for path in (captured / "new").iterdir()} == whole
        assert set(room.states().values()) == {DeliveryState.SENT}

    assert steps > 15
