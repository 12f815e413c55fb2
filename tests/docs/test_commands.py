"""The reference of commands is what the program itself says, and nothing calls what is not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

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


@pytest.mark.parametrize("document", documents(), ids=name)
def test_documents_call_commands_with_options_that_they_have(document: Path) -> None:
    text = document.read_text("utf-8")
    typed = [line for block in blocks(text) if block.language != "text" for line in block.text.splitlines()]
    calls = [match[1].split() for word in (*typed, *inline(text)) if (match := _CALL.search(word))]

    assert [call for call in calls if not _is_sound(call)] == []


def _is_sound(call: list[str]) -> bool:
    """Whether the command is one, and has the options that it is given."""
    command = "" if call[0].startswith("-") else call[0]
    if command not in names():
        return command == "COMMAND"
    given = {word.split("=")[0] for word in call if word.startswith("-")}
    return given <= options(command) | {"--help", "-h"}
