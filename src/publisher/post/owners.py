"""Who has claimed something: a process that can be told to be gone, however it ended.

A lease ends by itself. But a process that was killed on this machine is known to
be gone at once, and what it had claimed need not wait. A process id alone says
little: ids come again, after a restart of the machine and before. So an owner is

    machine : boot : process : start : chance

where `boot` also names the system's table of process ids (a container has one
of its own), `start` is when the process began, and `chance` keeps apart whoever
claims in one process.
"""

from __future__ import annotations

import os
import secrets
import socket
from functools import cache
from pathlib import Path

_PROC = Path("/proc")
#: In /proc/PID/stat, counted after the name of the program: when it began, in ticks since the boot (proc(5)).
_START = 19


def new_owner() -> str:
    """An owner that nobody has been before, in this process."""
    return f"{_here()}:{os.getpid()}:{_started(os.getpid())}:{secrets.token_hex(4)}"


def is_gone(owner: str) -> bool:
    """Whether an owner is certainly gone; one elsewhere may be alive, and so may one that cannot be seen."""
    if not _boot() or not owner.startswith(f"{_here()}:"):
        return False
    pid, start, _ = owner.removeprefix(f"{_here()}:").split(":")
    return _started(int(pid)) != start


def _here() -> str:
    return f"{socket.gethostname()}:{_boot()}"


@cache
def _boot() -> str:
    """This run of the system and its table of process ids; '' where the system does not tell."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
        table = (_PROC / "self/ns/pid").readlink().name
    except OSError:
        return ""
    return f"{boot}.{''.join(filter(str.isdigit, table))}"


def _started(pid: int) -> str:
    """When a process began; '' when there is none of this id (a zombie is none either)."""
    try:
        told = (_PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return ""
    state, *others = told.rpartition(b")")[2].split()  # the program's name may hold anything, blanks too
    return "" if state in b"ZX" else others[_START - 1].decode("ascii")
