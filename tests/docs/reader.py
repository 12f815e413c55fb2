"""Somebody who types what a document says, in a folder of their own, and looks whether it is so.

These blocks of a document are followed, in their order:

- `console`: lines that begin with `$ ` are typed; what stands below each must be
  what it says. `...` stands for anything. `status=1` beside the fence is what
  the last command must exit with. With `serves=yes` the last command goes on
  until it is stopped, and the first address that it names must answer.
- any block with `file=PATH`: its text is put into that file; a `diff` changes
  the lines that begin with `-` into those that begin with `+`.

`publisher` is called within this process, which is several times faster, where a
line holds nothing else; other lines go to a shell, with `publisher` on its PATH.

How many files, calendars and pages there are depends on the rest of the content
and on the theme, so that one number stands for any other, but never for none.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import threading
from contextlib import chdir
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.request import urlopen

from click.testing import CliRunner

from publisher.cli import cli

from .documents import ROOT, Block, blocks

if TYPE_CHECKING:
    from pathlib import Path

ENTRANCE = """\
#!{python}
import sys
from publisher.__main__ import main
sys.argv[0] = "publisher"
main()
"""
_COUNT = re.compile(
    r"\b(calendars|feeds|pages) [1-9]\d*\b|\b[1-9]\d* (files?|unchanged|deleted|sound records?)\b"
)
_PORT = re.compile(r"(?<=127\.0\.0\.1:)\d+")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S*")
#: What makes a line more than a call.
_SHELL = frozenset("|&;<>$`*")
#: A command that does not end is ended, so that a fault is a failure and no silence.
PATIENCE = 120


@dataclass
class Reader:
    """A reader at a terminal; `folder` is where they are."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, folder: Path, tools: Path) -> Reader:
        """A reader in a folder, with `publisher` on their PATH."""
        tools.mkdir(parents=True)
        entrance = tools / "publisher"
        entrance.write_text(ENTRANCE.format(python=sys.executable), "utf-8")
        entrance.chmod(0o755)
        path = f"{tools}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        own = {"PATH": path, "PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8", "COLUMNS": "100"}
        return cls(folder, {**os.environ, **own})

    def follow(self, text: str) -> int:
        """Do what a document says; returns how many of its blocks were followed."""
        followed = [block for block in blocks(text) if block.language == "console" or "file" in block.options]
        for block in followed:
            if "file" in block.options:
                self._write(block)
            else:
                self._type(block)
        return len(followed)

    def _write(self, block: Block) -> None:
        target = self.folder / block.options["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        if block.language != "diff":
            target.write_text(block.text, "utf-8")
            return
        before, after = (_side(block.text, sign) for sign in "-+")
        text = target.read_text("utf-8")
        assert before in text, f"line {block.line}: '{target.name}' does not say\n{before}\nbut\n{text}"
        target.write_text(text.replace(before, after, 1), "utf-8")

    def _type(self, block: Block) -> None:
        calls = _calls(block.text)
        for number, (command, expected) in enumerate(calls, 1):
            is_last = number == len(calls)
            if is_last and "serves" in block.options:
                self._look_at(block, command, expected)
            else:
                self._run(block, command, expected, int(block.options.get("status", "0")) if is_last else 0)

    def _run(self, block: Block, command: str, expected: str, status: int) -> None:
        if command.startswith("cd "):
            self.folder = (self.folder / command.removeprefix("cd ")).resolve(strict=True)
            return
        returned, said = self._call(command)
        told = f"line {block.line}: $ {command}\n{said}"
        assert status == returned, told
        assert fits(expected, said), f"{told}\nbut the document shows\n{expected}"

    def _call(self, command: str) -> tuple[int, str]:
        """The exit status, and all that a terminal would show."""
        words = shlex.split(command)
        if words[0] == "publisher" and not _SHELL.intersection(command):
            with chdir(self.folder):
                called = CliRunner().invoke(cli, words[1:])
            if called.exception and not isinstance(called.exception, SystemExit):
                raise called.exception
            return called.exit_code, called.output
        done = subprocess.run(  # noqa: PLW1510 -- the caller compares the status
            ["bash", "-c", command], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE,
        )  # fmt: skip
        return done.returncode, done.stdout.decode()

    def _look_at(self, block: Block, command: str, expected: str) -> None:
        """Start it at any free port, read what it says first, open its address, stop it."""
        call = [*shlex.split(command), "--port", "0"]
        with subprocess.Popen(
            call, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        ) as server:  # fmt: skip
            guard = threading.Timer(PATIENCE, server.kill)
            guard.start()
            try:
                assert server.stdout
                said = "".join(server.stdout.readline() for _ in expected.splitlines())
                assert fits(expected, said), f"line {block.line}: $ {command}\n{said}"
                address = _ADDRESS.search(said)
                assert address, said
                with urlopen(address[0], timeout=PATIENCE) as answer:  # noqa: S310 -- a loopback address
                    assert answer.status == 200
            finally:
                server.terminate()
                server.communicate()
                guard.cancel()
        assert server.returncode == 0, f"line {block.line}: {command} ended with {server.returncode}"


def fits(expected: str, said: str) -> bool:
    """Whether a terminal shows what a document shows."""
    pattern = ".*".join(re.escape(part) for part in _loosely(expected).split("..."))
    return re.fullmatch(pattern, _loosely(said), re.DOTALL) is not None


def _loosely(text: str) -> str:
    counted = _COUNT.sub(lambda match: f"{match[1] or match[2]}".rstrip("s"), text)
    return "\n".join(line.rstrip() for line in _PORT.sub("PORT", counted).strip().splitlines())


def _calls(text: str) -> list[tuple[str, str]]:
    """Each command with what it is to say."""
    parts = re.split(r"^\$ (.*)\n", text, flags=re.MULTILINE)
    assert not parts[0].strip(), f"a console begins with '$ ', not with {parts[0]!r}"
    return list(zip(parts[1::2], parts[2::2], strict=True))


def _side(diff: str, sign: str) -> str:
    """One side of a diff; its other lines, which begin with a blank, belong to both."""
    return "".join(line[1:] for line in diff.splitlines(keepends=True) if line[:1] in {sign, " "})
