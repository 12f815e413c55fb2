"""A text of tests/diagnostics/: what is promised, the files of a site, a line, and exactly what is found.

    One sentence or more: the promise.

    === content/topics/water.md
    ---
    name: Water
    ---
    ~~~~~~~~~~~~~~~~~~~~
    content/topics/water.md:1:1: error[missing-id]: expected an 'id', got none
      hint: add 'id: water'; it is permanent

    sound: nothing

Above the line, `=== path` begins a file. Behind the path may stand `(bytes)`: backslash escapes are
bytes, and no line feed ends the file; `-> target`: it is a link; `(pipe)`: it is a pipe. `=== released
path` is a file as it was when the site was released first. `{{text * 1000}}` is that text a thousand
times. Below the line are the findings in order, and the records that are released nevertheless.
"""

from __future__ import annotations

import codecs
import os
import re
import shlex
from contextlib import chdir
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from click.testing import CliRunner

from publisher.cli import cli
from publisher.errors import BadConfiguration
from publisher.model.ledger import Ledger
from publisher.release import prospect
from publisher.site import open_site

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

LINE = "~" * 20
RELEASED = datetime(2026, 11, 1, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CONFIGURATION = """\
[site]
url = "https://news.example.org"
identity = "news.example.org,2026"
title = {en = "News", ru = "Новости", kk = "Жаңалықтар"}
languages = ["en", "ru", "kk"]
timezone = "Asia/Almaty"
"""
_REPEATED = re.compile(r"\{\{(.+?) \* (\d+)\}\}")
_MARK = re.compile(r"=== (released )?(\S+)(?: -> (\S+)| \((\w+)\))?")


@dataclass(frozen=True)
class Part:
    """One file of a case."""

    path: str
    text: str = ""
    link: str | None = None
    sort: str | None = None
    released: bool = False


@dataclass(frozen=True)
class Case:
    """A text of tests/diagnostics/, read."""

    promise: str
    parts: tuple[Part, ...]
    expected: str


def read_case(path: Path) -> Case:
    """The case in a file."""
    above, _, below = path.read_text("utf-8").partition(f"{LINE}\n")
    promise, *sections = re.split(r"^(?==== )", above, flags=re.MULTILINE)
    return Case(promise.strip(), tuple(map(_part, sections)), below.strip("\n"))


def _part(section: str) -> Part:
    mark, _, text = section.partition("\n")
    match = _MARK.fullmatch(mark)
    assert match, mark
    text = _REPEATED.sub(lambda m: m[1] * int(m[2]), text)
    return Part(match[2], text, match[3], match[4], released=match[1] is not None)


def findings(case: Case, folder: Path) -> str:
    """What a site of these files is told, and which of its records are released nevertheless."""
    before = Ledger()
    if any(part.released for part in case.parts):
        _write(folder / "released", [part for part in case.parts if part.released])
        before = prospect(open_site(folder / "released"), before, RELEASED).ledger
    _write(folder / "now", [part for part in case.parts if not part.released])
    if calls := [part.text for part in case.parts if part.path == "calls"]:
        return _told(calls[0].splitlines(), folder / "now")
    try:
        content = prospect(open_site(folder / "now"), before, NOW).content
    except BadConfiguration as error:
        return str(error)
    sound = [f"{kind}/{id_}" for kind, id_ in sorted(sheet.key for sheet in content.sheets)]
    told = "\n".join(map(str, content.diagnostics))
    return f"{told}\n\nsound: {', '.join(sound) or 'nothing'}".lstrip()


def _told(calls: list[str], folder: Path) -> str:
    """What the last call finds, and who is there afterwards."""
    with chdir(folder):
        *_, done = [_called(*shlex.split(call)) for call in calls]
        listed = _called("subscribers", "list", "--full").stdout.splitlines()[:-1]
    there = [" ".join([email, *stand]) for _, email, _, *stand in map(str.split, listed)]
    return f"{done.stderr}\nsound: {', '.join(sorted(there)) or 'nothing'}".lstrip()


def _called(*words: str) -> Result:
    """A call of `publisher`; whether it finds fault is seen by what it says."""
    done = CliRunner().invoke(cli, words)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def _write(folder: Path, parts: list[Part]) -> None:
    folder.mkdir(parents=True)
    if not any(part.path == "content" for part in parts):
        (folder / "content").mkdir()
    if not any(part.path.startswith("publisher.toml") for part in parts):
        (folder / "publisher.toml").write_text(CONFIGURATION, "utf-8")
    for part in parts:
        path = folder / part.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if part.link is not None:
            path.symlink_to(part.link)
        elif part.sort == "pipe":
            os.mkfifo(path)
        elif part.sort == "bytes":
            path.write_bytes(codecs.escape_decode(part.text.rstrip("\n").encode())[0])
        else:
            path.write_text(part.text, "utf-8")
