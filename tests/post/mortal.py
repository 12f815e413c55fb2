"""Runs `publisher deliver` in processes that kill themselves in the middle of it.

Started by a test; reads a line of JSON for each call, answers with one. Beside
the steps of `dying` it counts what passes between the process and a server: a
connection, each piece of what is said, half a message, each piece of an answer.
At the step of the given number, just before it, the process gets SIGKILL.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import Engine, event

from dying import COUNTED, Steps, call

#: What is longer than this is a message, not a command.
_COMMAND = 200
#: What every call would load anew.
_LOADED = (
    "psycopg", "publisher.cli.deliver", "publisher.post.outbox", "publisher.post.postbox",
    "publisher.transports.smtp", "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.dialects.sqlite",
)  # fmt: skip


def count_in_files(steps: Steps) -> None:
    """Changes of files and folders."""
    for name in COUNTED:
        setattr(os, name, steps.counted(getattr(os, name)))


def count_on_the_wire(steps: Steps) -> None:
    """What is said to a server and heard from it."""
    plain = socket.socket

    class Counted(plain):
        def connect(self, address: Any) -> None:
            steps()
            super().connect(address)

        def sendall(self, data: bytes, *flags: int) -> None:
            steps()
            half = len(data) // 2 if len(data) > _COMMAND else 0
            if half:
                super().sendall(data[:half], *flags)
                steps()
            super().sendall(data[half:], *flags)

        def recv(self, *arguments: Any) -> bytes:
            steps()
            said = super().recv(*arguments)
            steps()
            return said

    socket.socket = Counted  # type: ignore[misc]


def deliver(arguments: list[str], last: int) -> int:
    """Call it; how many steps it took, if it lived."""
    steps = Steps(last)
    count_in_files(steps)
    count_on_the_wire(steps)
    event.listen(Engine, "commit", steps)
    call(["deliver", *arguments])
    return steps.taken


def answer(arguments: list[str], last: int) -> dict[str, int]:
    """Make a call in a process of its own; how it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, str(deliver(arguments, last)).encode())
        except BaseException:  # noqa: BLE001 -- nothing may go on in this process as if it were its parent
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        steps = pipe.read()
    _, status = os.waitpid(child, 0)
    return {"signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, "steps": int(steps or 0)}


if __name__ == "__main__":
    for name in _LOADED:
        import_module(name)
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(answer(**json.loads(line)))}\n")
        sys.stdout.flush()
