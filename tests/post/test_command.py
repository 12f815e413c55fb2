"""`publisher deliver` says what it came to, in words and by its exit status, and begins at once."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete

from publisher.cli import cli
from publisher.post import arming
from publisher.post.disk import ROOM
from publisher.store import tables

from .mailroom import NOW, address

if TYPE_CHECKING:
    from smtpserver import SmtpServer

    from .mailroom import Mailroom


@pytest.fixture
def url() -> str:
    """SQLite: what is said does not depend on it."""
    return ""


def called(room: Mailroom, *options: str) -> Result:
    """Call it in this process."""
    return CliRunner().invoke(cli, ["deliver", "--site", str(room.root), "--now", NOW.isoformat(), *options])


def reported(room: Mailroom) -> dict[str, Any]:
    """Its report for machines."""
    report: dict[str, Any] = json.loads(called(room, "--json").stdout)
    return report


def test_it_says_how_many_messages_became_what(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    room.fill(3)
    room.leave(1)

    done = called(room)

    assert (done.exit_code, done.stdout) == (0, "2 sent, 1 suppressed\n")
    assert called(room).stdout == "nothing is due\n"


def test_it_reports_to_machines(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    made = room.fill(3)

    assert reported(room) == {
        "sent": 3, "deferred": 0, "in_doubt": 0, "failed": 0, "suppressed": 0, "done": [made.id],
        "problem": None, "unwritten": [], "resumes": None, "stopped": False,
    }  # fmt: skip


def test_it_says_when_the_next_may_leave(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port, "per_day = 1")
    room.fill(2)

    done = called(room)

    text = "1 sent\nthe limit is reached; the next message may leave at 2026-06-09 00:00 UTC\n"
    assert (done.exit_code, done.stdout) == (0, text)


def test_a_server_that_sends_nothing_on_is_exit_status_3(room: Mailroom, server: SmtpServer) -> None:
    server.users = {"me": "secret"}
    room.send_to(server.port)
    room.fill(2)

    done = called(room)

    assert done.exit_code == 3
    assert done.stderr == "publisher: nothing more can be sent: 530 5.7.0 to mail: log in first\n"


def test_one_reader_who_is_refused_for_the_senders_sake_is_exit_status_0(
    room: Mailroom, server: SmtpServer
) -> None:
    server.refusals = {address(2): "530 5.7.0 log in first"}
    room.send_to(server.port)
    room.fill(3)

    done = called(room, "--until-empty")

    assert (done.exit_code, done.stdout) == (0, "2 sent, 1 deferred\n")


def test_a_disk_that_is_nearly_full_is_exit_status_3_and_nobody_is_mailed(
    room: Mailroom, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else they would be mailed again by each run: that they were could not be written down."""
    room.send_to(server.port)
    room.fill(3)
    before = room.rows()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=ROOM - 1))

    done = called(room, "--until-empty")

    assert done.exit_code == 3
    assert done.stderr == (
        "publisher: nothing more can be sent: the disk of var/ is nearly full (31 MB are free,"
        " 32 MB are needed to write down who was mailed); nothing more is sent\n"
        "hint: make room, then deliver again\n"
    )
    assert server.heard == []
    assert room.rows() == before
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=ROOM))
    assert called(room).stdout == "3 sent\n"


def test_a_machine_that_is_not_armed_is_exit_status_2(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    room.fill(2)
    arming.disarm(room.root)

    done = called(room)

    assert done.exit_code == 2
    assert done.stderr.startswith(
        'publisher: [mail] transport = "smtp", and this machine is not armed: nothing is sent\nhint: '
    )
    assert server.heard == []


def test_a_message_that_cannot_be_written_is_exit_status_1(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    room.fill(2)
    with room.postbox.database.writing() as connection:
        connection.execute(delete(tables.digest).where(tables.digest.c.cohort == "kk"))

    done = called(room)

    assert (done.exit_code, done.stdout) == (1, "1 sent, 1 deferred\n")
    assert done.stderr.startswith("publisher: a message cannot be written: ")


def test_it_loads_nothing_that_makes_pages_or_reads_records(room: Mailroom, server: SmtpServer) -> None:
    """After a kill it must go on at once."""
    room.send_to(server.port)
    room.fill(2)
    code = (
        "import atexit, json, sys\n"
        "atexit.register(lambda: sys.stderr.write(json.dumps(sorted(sys.modules))))\n"
        "from publisher.__main__ import main\n"
        "main()"
    )
    arguments = ["deliver", "--site", str(room.root), "--now", NOW.isoformat()]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stderr.splitlines()[-1]))

    assert done.stdout == "2 sent\n"
    assert {"sqlalchemy", "smtplib"} <= loaded
    pages = {"babel", "css_inline", "feedgen", "icalendar", "jinja2", "nh3", "publisher.render"}
    records = {"yaml", "publisher.content", "publisher.edition", "publisher.site", "publisher.app"}
    assert not loaded & {*pages, *records, "alembic", "rich", "starlette"}
