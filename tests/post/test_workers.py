"""Several processes deliver at once, and one of them may sleep, die or be stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text, update

from publisher.model.mailing import DeliveryState
from publisher.post.owners import new_owner
from publisher.store import outbox, tables
from publisher.store.database import DatabaseFault
from publisher.store.outbox import Lease

from .brief_worker import BRIEF
from .mailroom import NOW, SECOND, Mailroom, address

if TYPE_CHECKING:
    from postgresql import Server
    from smtpserver import SmtpServer, Taken

SENT, QUEUED, IN_DOUBT = DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.IN_DOUBT


def started(room: Mailroom, *options: str) -> subprocess.Popen[str]:
    """`publisher deliver`, in a process of its own."""
    command = [sys.executable, "-m", "publisher", "deliver", "--site", str(room.root), "--now"]
    arguments = [*command, NOW.isoformat(), "--json", *options]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def dead_owner() -> str:
    """An owner whose process is gone."""
    code = "from publisher.post.owners import new_owner; print(new_owner())"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def claim(room: Mailroom, owner: str, count: int, *, begin: bool = False, seconds: float = 3600) -> list[int]:
    """Claim deliveries, and begin the first of them; the readers."""
    clock = datetime.now(UTC)
    lease = Lease(owner, clock, clock + seconds * SECOND)
    with room.postbox.database.working() as connection:
        claimed = outbox.claim(connection, lease, NOW, count)
        if begin:
            assert outbox.begin(connection, claimed[0].id, lease)
    return [each.subscriber for each in claimed]


def rename(room: Mailroom, before: str, after: str) -> None:
    """Take a table away, or put it back."""
    with room.postbox.database.writing() as connection:
        connection.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))


def sleeps_wholly(pid: int) -> bool:
    """Whether every thread of a process is stopped (proc(5))."""
    told = [(task / "stat").read_bytes() for task in Path(f"/proc/{pid}/task").iterdir()]
    return all(each.rpartition(b")")[2].split()[0] == b"T" for each in told)


def test_two_processes_send_nothing_twice_and_leave_nothing(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port, "connections = 3")
    room.fill(60)
    server.pause = 0.01

    done = [started(room, "--until-empty") for _ in range(2)]
    reports = [json.loads(each.communicate()[0]) for each in done]

    assert [each.returncode for each in done] == [0, 0]
    assert sorted(taken.recipient for taken in server.taken) == sorted(map(address, range(1, 61)))
    assert sum(report["sent"] for report in reports) == 60
    assert set(room.states().values()) == {SENT}


def test_who_slept_beyond_its_lease_sends_and_settles_nothing_that_is_not_its_own(
    room: Mailroom, server: SmtpServer
) -> None:
    """It is put to sleep while a message of its is on its way; another process then takes over."""
    room.send_to(server.port, "connections = 1")
    room.fill(5)
    sleeps = threading.Event()
    command = [sys.executable, str(Path(__file__).with_name("brief_worker.py")), str(room.root)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [*command, NOW.isoformat()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )

    def put_to_sleep(_: Taken) -> None:
        if not sleeps.is_set():
            os.kill(process.pid, signal.SIGSTOP)
            while not sleeps_wholly(process.pid):
                time.sleep(0.01)
            sleeps.set()

    server.on_message = put_to_sleep
    sleeps.wait()
    (first,) = [taken.recipient for taken in server.taken]

    taken_over = room.deliver(until_empty=True, terms=BRIEF)
    before = room.rows()
    os.kill(process.pid, signal.SIGCONT)
    said, warned = process.communicate()

    assert process.returncode == 0, warned
    assert taken_over.counts == {SENT: 5}
    assert said == "{}\n"
    assert "settled by somebody else, or taken over" in warned
    assert room.rows() == before
    copies = [taken.data for taken in server.taken if taken.recipient == first]
    assert len(copies) == 2
    assert copies[0] == copies[1]
    assert sorted(taken.recipient for taken in server.taken) == sorted([first, *map(address, range(1, 6))])


def test_what_a_dead_process_had_is_not_waited_for(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    room.fill(4)
    owner = dead_owner()
    assert len(claim(room, owner, 2, begin=True)) == 2

    done = room.deliver()

    assert done.counts == {SENT: 4}
    assert sorted(row.attempts for row in room.rows()) == [1, 1, 1, 2]


def test_what_a_dead_process_had_begun_goes_out_last(room: Mailroom, server: SmtpServer) -> None:
    """Killed soon after each start, a program must not mail the same readers each time."""
    room.send_to(server.port, "connections = 1")
    room.fill(4)
    (begun,) = claim(room, dead_owner(), 1, begin=True)

    assert room.deliver().counts == {SENT: 4}
    others = [address(number) for number in range(1, 5) if number != begun]
    assert [taken.recipient for taken in server.taken] == [*others, address(begun)]


def test_what_was_sent_is_written_down_though_the_database_fails_for_a_moment(
    room: Mailroom, server: SmtpServer
) -> None:
    room.send_to(server.port, "connections = 1")
    room.fill(2)
    back = threading.Timer(0.5, rename, (room, "gone", "delivery"))

    def fail_for_a_moment(_: Taken) -> None:
        if not back.ident:
            rename(room, "delivery", "gone")
            back.start()

    server.on_message = fail_for_a_moment

    with pytest.raises(DatabaseFault):
        room.deliver()
    back.join()

    (first,) = [taken.recipient for taken in server.taken]
    assert {address(number) for number, state in room.states().items() if state is SENT} == {first}
    assert room.deliver().counts == {SENT: 1}
    assert sorted(taken.recipient for taken in server.taken) == [address(1), address(2)]


def test_what_a_living_process_has_is_its_own(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    room.fill(4)
    theirs = claim(room, new_owner(), 2)

    done = room.deliver()

    assert done.counts == {SENT: 2}
    assert {number for number, state in room.states().items() if state is QUEUED} == set(theirs)


def test_until_empty_waits_for_what_others_have(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    room.fill(4)
    claim(room, new_owner(), 2, begin=True, seconds=0.8)

    done = room.deliver(until_empty=True)

    assert done.counts == {SENT: 4}


def test_an_owner_elsewhere_keeps_what_it_has_until_its_lease_ends(
    room: Mailroom, server: SmtpServer
) -> None:
    room.send_to(server.port)
    room.fill(4)
    elsewhere = f"elsewhere:{new_owner().partition(':')[2]}"
    claim(room, elsewhere, 2, begin=True)

    assert room.deliver().counts == {SENT: 2}
    with room.postbox.database.writing() as connection:
        over = datetime.now(UTC) - SECOND
        its = tables.delivery.c.owner == elsewhere
        connection.execute(update(tables.delivery).where(its).values(lease_until=over))
    assert room.deliver().counts == {SENT: 2}


def test_sigterm_ends_it_when_its_messages_have_arrived(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port, "connections = 2")
    room.fill(40)
    stopping = threading.Event()

    def stop(_: Taken) -> None:
        if not stopping.is_set():
            stopping.set()
            process.terminate()

    server.on_message, server.pause = stop, 0.05

    process = started(room, "--until-empty")
    report = json.loads(process.communicate()[0])

    assert process.returncode == 0
    assert report["stopped"] is True
    assert 1 <= report["sent"] == len(server.taken) < 40
    assert {row.owner for row in room.rows()} == {None}
    assert {row.state for row in room.rows()} == {SENT, QUEUED}


@pytest.mark.postgres
def test_a_database_that_goes_away_for_a_moment_makes_no_double(
    postgresql: Server, tmp_path: Path, server: SmtpServer
) -> None:
    """It ends with a sentence, what was sent is written down, and the next one goes on."""
    room = Mailroom(tmp_path / "site", postgresql.new_database())
    room.send_to(server.port, "connections = 2")
    room.fill(20)
    gone = threading.Event()

    def end_all_sessions(_: Taken) -> None:
        if not gone.is_set():
            gone.set()
            with psycopg.connect(room.url, autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    server.on_message = end_all_sessions

    with pytest.raises(DatabaseFault):
        room.deliver()
    room.deliver()

    assert sorted(taken.recipient for taken in server.taken) == sorted(map(address, range(1, 21)))
    assert set(room.states().values()) == {SENT}
    room.close()
