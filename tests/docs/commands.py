"""Keeps docs/reference/commands.md true: the help of every command as the program gives it.

Called as a script it writes the help anew between the markers in that file.
"""

from __future__ import annotations

import re
from pathlib import Path

import click

from publisher.cli import COMMANDS, cli

REFERENCE = Path(__file__).parents[2] / "docs/reference/commands.md"
_MARKED = re.compile(r"(<!-- help: ?(?P<name>\w*) -->\n).*?(<!-- end of help -->)", re.DOTALL)


def command(name: str) -> click.Command:
    """A command by its name; the whole program by none."""
    if not name:
        return cli
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


def names() -> list[str]:
    """The commands in the program's own order, first the program itself."""
    return ["", *COMMANDS]


def options(name: str) -> set[str]:
    """Every option of a command, as it is typed."""
    asked = command(name)
    context = click.Context(asked)
    return {spelling for parameter in asked.get_params(context) for spelling in parameter.opts}


def help_text(name: str) -> str:
    """What `publisher NAME --help` prints on a terminal of 100 columns."""
    asked = command(name)
    context = click.Context(cli, info_name="publisher", terminal_width=100, **cli.context_settings)
    if name:
        context = click.Context(asked, info_name=name, parent=context)
    return "\n".join(line.rstrip() for line in asked.get_help(context).splitlines())


def with_help(text: str) -> str:
    """The reference with the help of the program as it is now."""

    def filled(match: re.Match[str]) -> str:
        return f"{match[1]}\n```text\n{help_text(match['name'])}\n```\n\n{match[3]}"

    return _MARKED.sub(filled, text)


def marked(text: str) -> list[str]:
    """The commands that the reference shows."""
    return [match["name"] for match in _MARKED.finditer(text)]


if __name__ == "__main__":
    REFERENCE.write_text(with_help(REFERENCE.read_text("utf-8")), "utf-8")
