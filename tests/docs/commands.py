"""Keeps docs/reference/commands.md true: the help of every command as the program gives it.

Called as a script it writes the help anew between the markers in that file.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = Path(__file__).parents[2] / "docs/reference/commands.md"
_MARKED = re.compile(r"(<!-- help: ?(?P<name>[\w -]*?) -->\n).*?(<!-- end of help -->)", re.DOTALL)
_SHOWN = re.compile(r"^(?:## publisher.*|<!-- help: .*-->)$", re.MULTILINE)


def context_of(name: str) -> click.Context:
    """A command by its name (`db status` for one of a group), as if it were called; the program by none."""
    context = click.Context(cli, info_name="publisher", terminal_width=100, **cli.context_settings)
    for word in name.split():
        assert isinstance(context.command, click.Group)
        found = context.command.get_command(context, word)
        assert found is not None
        context = click.Context(found, info_name=word, parent=context)
    return context


def names(name: str = "") -> list[str]:
    """The program and its commands in its own order, a group's below the group; or those of one group."""
    return [name, *_below(context_of(name))]


def _below(context: click.Context) -> Iterator[str]:
    if isinstance(context.command, click.Group):
        for word in context.command.list_commands(context):
            yield from names(f"{_words(context)} {word}".strip())


def _words(context: click.Context) -> str:
    """The name of a command as it is called, without the program's."""
    return context.command_path.partition(" ")[2]


def called(words: list[str]) -> str | None:
    """Which command somebody calls who types these words; None where there is no such one."""
    name, known = "", names()
    for word in words:
        if not isinstance(context_of(name).command, click.Group) or word.startswith("-"):
            return name
        if (longer := f"{name} {word}".strip()) not in known:
            return None
        name = longer
    return name


def options(name: str) -> set[str]:
    """Every option of a command, as it is typed."""
    context = context_of(name)
    return {spelling for parameter in context.command.get_params(context) for spelling in parameter.opts}


def help_text(name: str) -> str:
    """What `publisher NAME --help` prints on a terminal of 100 columns."""
    context = context_of(name)
    return "\n".join(line.rstrip() for line in context.command.get_help(context).splitlines())


def with_help(text: str) -> str:
    """The reference with the help of the program as it is now."""

    def filled(match: re.Match[str]) -> str:
        return f"{match[1]}\n```text\n{help_text(match['name'])}\n```\n\n{match[3]}"

    return _MARKED.sub(filled, text)


def shown(text: str) -> list[str]:
    """The headings and the helps of the reference, in its order."""
    return [match[0] for match in _SHOWN.finditer(text)]


def to_show() -> list[str]:
    """What it is to have: a heading for each command of the program, a help for each of a group's too."""
    wanted = []
    for name in names():
        if " " not in name:
            wanted.append(f"## publisher {name}".rstrip())
        wanted.append(f"<!-- help: {name} -->".replace("  ", " "))
    return wanted


if __name__ == "__main__":
    REFERENCE.write_text(with_help(REFERENCE.read_text("utf-8")), "utf-8")
