"""The scripted server itself: what it has written down is the truth that other tests lean on."""

from __future__ import annotations

import json
import smtplib
import subprocess
import sys
from pathlib import Path

import smtpserver
from smtpserver import SmtpServer, Taken

MESSAGE = b"Subject: one\r\n\r\n.dotted\r\n"


def test_a_message_is_written_down_before_it_is_answered() -> None:
    answered: list[bool] = []
    when_written: list[list[bool]] = []

    def note(_: Taken) -> None:
        when_written.append(list(answered))

    with SmtpServer(on_message=note) as server, smtplib.SMTP("127.0.0.1", server.port) as client:
        for _ in range(2):
            client.sendmail("a@example.org", ["b@example.org", "c@example.org"], MESSAGE)
            answered.append(True)

    assert when_written == [[], [True]]
    assert [taken.recipients for taken in server.taken] == [("b@example.org", "c@example.org")] * 2
    assert [taken.data for taken in server.taken] == [MESSAGE] * 2


def test_in_a_process_of_its_own_it_keeps_a_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    refusal = "gone@example.org=550 5.1.1 no such user"
    command = [sys.executable, smtpserver.__file__, "--log", str(log), "--refuse", refusal, "--pause", "0.01"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            with smtplib.SMTP("127.0.0.1", int(process.stdout.readline())) as client:
                refused = client.sendmail("a@example.org", ["gone@example.org", "b@example.org"], MESSAGE)
            records = [json.loads(line) for line in log.read_text().splitlines()]
        finally:
            process.kill()

    assert refused == {"gone@example.org": (550, b"5.1.1 no such user")}
    assert [(record["recipients"], record["data"].encode()) for record in records] == [
        (["b@example.org"], MESSAGE)
    ]
