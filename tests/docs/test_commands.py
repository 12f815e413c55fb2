"""The reference of commands is what the program itself says, and nothing calls what is not there."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from sites import CuratedSite

from .commands import REFERENCE, help_text, marked, names, options, with_help
from .documents import blocks, documents, inline, name

if TYPE_CHECKING:
    from pathlib import Path

TEXT = REFERENCE.read_text("utf-8")
_CALL = re.compile(r"(?:^|\$ |/)publisher ((?:--?[a-z][\w-]*|[a-z]+)(?: [^|&;>#\n]*)?)")


def test_every_command_has_its_heading_and_its_help_in_the_programs_order() -> None:
    headings = re.findall(r"^## publisher ?(.*)$", TEXT, re.MULTILINE)

    assert names() == headings
    assert names() == marked(TEXT)


def test_the_help_is_as_the_program_gives_it() -> None:
    assert with_help(TEXT) == TEXT, "call `.venv/bin/python tests/docs/commands.py`"


@pytest.mark.parametrize("command", names())
def test_examples_in_the_help_stand_on_lines_of_their_own(command: str) -> None:
    assert "\\b" not in help_text(command)


@pytest.mark.parametrize("command", ["migrate", "check", "plan", "build", "tick", "status"])
def test_reports_for_machines_have_the_keys_that_are_told(command: str, tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path / "site")
    site.event(start="2026-06-31")
    site.event("sound")
    if command == "status":
        site.run("build", status=1)
    section = TEXT.partition(f"\n## publisher {command}\n")[2].partition("\n## ")[0]
    told = set(re.findall(r"`(\w+)`", section.partition("\n`--json`:")[2]))

    reported = json.loads(site.run(command, "--json", status=None).stdout)

    assert reported.keys() <= told
    assert told <= _keys(reported)


def test_a_finding_and_a_change_for_machines_are_as_told(tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path / "site")
    site.event(start="2026-06-31")
    paragraph = TEXT.partition("A finding in it has")[2].partition("\n\n")[0]
    finding, change = (set(re.findall(r"`(\w+)`", half)) for half in paragraph.split("; a change"))

    reported = json.loads(site.run("build", "--json", status=1).stdout)

    assert reported["findings"][0].keys() == finding
    assert reported["changes"][0].keys() == change


@pytest.mark.parametrize("document", documents(), ids=name)
def test_documents_call_commands_with_options_that_they_have(document: Path) -> None:
    text = document.read_text("utf-8")
    typed = [line for block in blocks(text) if block.language != "text" for line in block.text.splitlines()]
    calls = [match[1].split() for word in (*typed, *inline(text)) if (match := _CALL.search(word))]

    assert [call for call in calls if not _is_sound(call)] == []


def _keys(report: object) -> set[str]:
    """Every key, at whatever depth."""
    if isinstance(report, list):
        return set().union(*map(_keys, report))
    return set(report) | _keys(list(report.values())) if isinstance(report, dict) else set()


def _is_sound(call: list[str]) -> bool:
    """Whether the command is one, and has the options that it is given."""
    command = "" if call[0].startswith("-") else call[0]
    if command not in names():
        return command == "COMMAND"
    given = {word.split("=")[0] for word in call if word.startswith("-")}
    return given <= options(command) | {"--help", "-h"}
