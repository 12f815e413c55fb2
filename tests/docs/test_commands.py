"""The reference of commands is what the program itself says, and nothing calls what is not there."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import TYPE_CHECKING

import pytest

from sites import CuratedSite

from .commands import REFERENCE, called, help_text, names, options, shown, to_show, with_help
from .documents import blocks, documents, inline, name

if TYPE_CHECKING:
    from pathlib import Path

TEXT = REFERENCE.read_text("utf-8")
_CALL = re.compile(r"(?:^|\$ |/)publisher ((?:--?[a-z][\w-]*|[a-z]+)(?: [^|&;>#\n]*)?)")


def test_every_command_has_its_heading_and_its_help_in_the_programs_order() -> None:
    assert shown(TEXT) == to_show()


def test_the_help_is_as_the_program_gives_it() -> None:
    assert with_help(TEXT) == TEXT, "call `.venv/bin/python tests/docs/commands.py`"


@pytest.mark.parametrize("command", names())
def test_examples_in_the_help_stand_on_lines_of_their_own(command: str) -> None:
    assert "\\b" not in help_text(command)


@pytest.mark.parametrize(
    "command",
    ["migrate", "check", "plan", "build", "tick", "status", "db check", "db migrate", "db status"],
)
def test_reports_for_machines_have_the_keys_that_are_told(command: str, tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path / "site")
    site.event(start="2026-06-31")
    site.event("sound")
    if command.rpartition(" ")[2] in {"status", "check"}:
        site.run("build", status=1)
    if command == "db check":
        spoil(site)
    section = TEXT.partition(f"<!-- help: {command} -->")[2].partition("<!-- help:")[0]
    told = set(re.findall(r"`(\w+)`", section.partition("\n`--json`:")[2].partition("\n\n")[0]))

    reported = json.loads(site.run(*command.split(), "--json", status=None).stdout)

    assert reported.keys() <= told
    assert told <= _keys(reported)


def spoil(site: CuratedSite) -> None:
    """Have the database hold a flaw to be found."""
    with sqlite3.connect(site.root / "var/publisher.db") as connection:
        connection.execute("DROP TABLE journal")
    connection.close()


def test_a_finding_and_a_change_for_machines_are_as_told(tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path / "site")
    site.event(start="2026-06-31")
    paragraph = TEXT.partition("A finding in it has")[2].partition("\n\n")[0]
    finding, change = (set(re.findall(r"`(\w+)`", half)) for half in paragraph.split("; a change"))

    reported = json.loads(site.run("build", "--json", status=1).stdout)

    assert reported["findings"][0].keys() == finding
    assert reported["changes"][0].keys() == change


def test_a_command_of_a_group_is_called_by_both_its_words() -> None:
    assert called(["db", "status", "--json"]) == "db status"
    assert called(["db", "--help"]) == "db"
    assert called(["serve", "--port", "8123"]) == "serve"
    assert called(["--version"]) == ""
    assert called(["db", "nonsense"]) is None
    assert called(["status", "db"]) == "status"


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
    command = called(call)
    if command is None:
        return call[0] == "COMMAND"
    given = {word.split("=")[0] for word in call if word.startswith("-")}
    return given <= options(command) | {"--help", "-h"}
