"""Who has claimed something, and whether they are certainly gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from publisher.post.owners import is_gone, new_owner

SAY = "from publisher.post.owners import new_owner; print(new_owner(), flush=True); "


def said(process: subprocess.Popen[str]) -> str:
    """The owner that a process is."""
    assert process.stdout
    return process.stdout.readline().strip()


def started(then: str = "") -> subprocess.Popen[str]:
    """A process that says who it is, and then does something."""
    command = [sys.executable, "-c", SAY + then]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_nobody_is_two_owners() -> None:
    owners = {new_owner() for _ in range(100)}

    assert len(owners) == 100
    assert not any(map(is_gone, owners))


def test_a_process_is_there_while_it_lives_and_while_it_is_stopped() -> None:
    with started("input()") as process:
        owner = said(process)
        assert not is_gone(owner)
        process.send_signal(signal.SIGSTOP)
        assert not is_gone(owner)
        process.kill()

    assert is_gone(owner)


def test_a_process_that_died_is_gone_before_anybody_took_note() -> None:
    with started() as process:
        owner = said(process)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it is a zombie now
        assert is_gone(owner)


def test_another_process_with_the_same_id_is_another_one() -> None:
    host, boot, pid, start, chance = new_owner().split(":")

    assert is_gone(f"{host}:{boot}:{pid}:{int(start) - 1}:{chance}")


@pytest.mark.parametrize("part", [0, 1])
def test_whoever_is_on_another_machine_or_in_another_container_may_be_alive(part: int) -> None:
    with started() as process:
        fields = said(process).split(":")
    fields[part] += "1"

    assert not is_gone(":".join(fields))
