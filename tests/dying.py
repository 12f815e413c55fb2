"""Runs the real command line in processes that kill themselves in the middle of what they do.

Started by a test; reads a line of JSON for each call, answers with one. Every
step that could be the last before a power cut or a kill is counted: a file
takes its place, is deleted, or is made sure to be on disk, a folder is made or
dropped, a transaction commits. At the step of the given number, just before
it, the process gets SIGKILL: nothing is closed, flushed or cleaned up.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

import publisher.cli.build
import publisher.cli.tick
from publisher import app
from publisher.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTED = ("replace", "unlink", "fsync", "mkdir", "rmdir")
LOADED = (app, publisher.cli.build, publisher.cli.tick)


class Steps:
    """Counts, in all threads, and dies at one."""

    def __init__(self, last: int) -> None:
        self.last, self.taken = last, 0
        self._lock = threading.Lock()

    def __call__(self, *_: object) -> None:
        with self._lock:
            self.taken += 1
            if self.taken == self.last:
                os.kill(os.getpid(), signal.SIGKILL)

    def counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function of the operating system that is a step."""

        def step(*args: Any, **kwargs: Any) -> Any:
            self()
            return function(*args, **kwargs)

        return step


def run(arguments: list[str], last: int) -> int:
    """Call `publisher` in this process; how many steps it took."""
    steps = Steps(last)
    for name in COUNTED:
        setattr(os, name, steps.counted(getattr(os, name)))
    event.listen(Engine, "commit", steps)
    sys.argv = ["publisher", *arguments]
    with contextlib.suppress(SystemExit), open(os.devnull, "w") as silence, contextlib.redirect_stdout(silence):  # noqa: PTH123
        main()
    return steps.taken


def answer(call: dict[str, Any]) -> dict[str, int]:
    """Make the call in a process of its own; how it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(run(call["arguments"], call["last"])).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        steps = pipe.read()
    _, status = os.waitpid(child, 0)
    return {"killed": int(os.WIFSIGNALED(status)), "status": status, "steps": int(steps or 0)}


if __name__ == "__main__":
    # What is loaded and rendered once is there for every fork.
    run(["build", "--site", sys.argv[1]], 0) if sys.argv[1:] else None
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
