"""Runs the real command line in processes that kill themselves in the middle of what they do.

Started by a test; reads a line of JSON for each call, answers with one. Every
step that could be the last before a power cut or a kill is counted: a file
takes its place, is deleted, or is made sure to be on disk, a folder is made or
dropped, a transaction commits. At the step of the given number, just before
it, the process gets SIGKILL: nothing is closed, flushed or cleaned up.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import traceback
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from sqlalchemy import Engine, event

from publisher.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

COUNTED = ("replace", "unlink", "fsync", "mkdir", "rmdir")


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


def call(arguments: list[str]) -> None:
    """Call `publisher` in this process, in silence."""
    sys.argv = ["publisher", *arguments]
    with Path(os.devnull).open("w") as silence, redirect_stdout(silence), suppress(SystemExit):
        main()


def call_and_count(arguments: list[str], last: int) -> int:
    """Likewise; how many steps it took, if it lived."""
    steps = Steps(last)
    for name in COUNTED:
        setattr(os, name, steps.counted(getattr(os, name)))
    event.listen(Engine, "commit", steps)
    call(arguments)
    return steps.taken


def compiled_once(compile_: Callable[..., CodeType]) -> Callable[..., CodeType]:
    """jinja2's compiler, which compiles a template once for all sites."""
    made: dict[tuple[Any, ...], CodeType] = {}

    def compile_once(self: Environment, *arguments: Any) -> CodeType:
        if arguments not in made:
            made[arguments] = compile_(self, *arguments)
        return made[arguments]

    return compile_once


def answer(arguments: list[str], last: int) -> dict[str, int]:
    """Make a call in a process of its own; how it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, str(call_and_count(arguments, last)).encode())
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
    # What is loaded once, and templates that are compiled once, are there for every fork.
    Environment.compile = compiled_once(Environment.compile)  # type: ignore[method-assign, assignment]
    call(["build", "--site", sys.argv[1]])
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(answer(**json.loads(line)))}\n")
        sys.stdout.flush()
