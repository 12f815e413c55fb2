"""publisher check."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli.options import (
    count_findings,
    json_option,
    now_option,
    plural,
    say,
    show_findings,
    show_json,
    site_option,
)
from publisher.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import TypeAlias

    from publisher.diagnostics import Diagnostic

    Lint: TypeAlias = Callable[[bytes, str], tuple[Diagnostic, ...]]


@click.command(name="check", short_help="Report every mistake in content/, or in anybody's calendar.")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@site_option
@now_option
@json_option
def command(files: tuple[str, ...], folder: Path, now: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Report every mistake in content/, with file, line and hint, all at once.

    With files, report what is amiss with these calendars instead, whoever has
    made them; no site is needed. - reads standard input.

    Nothing is written. Exit status 1 means that a record would not be released,
    or that a calendar is wrong for somebody; what is public stays as it is.
    Warnings never fail.

    \b
    Example:
      publisher check --site ~/our-calendar
      publisher check meetings.ics
    """
    if files:
        _check_files(files, as_json=as_json)
    _check_content(folder, now, as_json=as_json)


def _check_content(folder: Path, now: datetime | None, *, as_json: bool) -> None:
    from publisher import app

    site = app.open_site(folder)
    content = app.check(site, now or app.utc_now())
    if as_json:
        show_json({"records": len(content.sheets), "findings": [d.as_json() for d in content.diagnostics]})
    else:
        _show(content.diagnostics, plural(len(content.sheets), "sound record"))
    sys.exit(1 if content.errors else 0)


def _check_files(names: tuple[str, ...], *, as_json: bool) -> None:
    found = [finding for name in names for finding in _findings(name)]
    if as_json:
        show_json({"files": len(names), "findings": [finding.as_json() for finding in found]})
    else:
        _show(found, plural(len(names), "file"))
    sys.exit(1 if any(finding.is_error for finding in found) else 0)


def _show(found: tuple[Diagnostic, ...] | list[Diagnostic], of_what: str) -> None:
    show_findings(found)
    say(f"{of_what}, {count_findings(found) if found else 'nothing to mend'}")


def _findings(name: str) -> tuple[Diagnostic, ...]:
    """What is amiss with a file, by the lint that its content asks for."""
    data = _read(name)
    return _lint(data)(data, name)


def _lint(data: bytes) -> Lint:
    """The lint for what a file holds: there is one, for calendars."""
    from publisher.ics import lint

    del data
    return lint.check


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    path = Path(name)
    if path.is_dir():
        raise UsageError(f"expected a file, '{name}' is a folder\nhint: name the files in it")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"there is no file '{name}'\nhint: {_near(path)}") from None


def _near(path: Path) -> str:
    """What may have been meant."""
    from publisher.diagnostics import did_you_mean

    beside = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
    return did_you_mean(path.name, beside) or "name a calendar, such as meetings.ics, or - for standard input"
