"""What commands share: options, and how findings and changes are shown."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import click

from publisher.diagnostics import Severity
from publisher.model.when import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from publisher.diagnostics import Diagnostic
    from publisher.edition.changes import Change

F = TypeVar("F", bound="Callable[..., Any]")


class Now(click.ParamType[datetime]):
    """An ISO instant with its offset."""

    name = "INSTANT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """An aware datetime in UTC."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"expected an instant such as 2026-06-01T08:00:00+05:00, got '{value}'", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"'{value}' has no offset: add Z or one such as +05:00", param, ctx)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail(f"expected a year from {FIRST_YEAR} to {LAST_YEAR}, got '{value}'", param, ctx)
        return moment.astimezone(UTC)


def site_option(function: F) -> F:
    """--site DIR."""
    return click.option(
        "--site", "folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), default=Path(),
        help="The site's folder (with publisher.toml); the current one by default.",
    )(function)  # fmt: skip


def now_option(function: F) -> F:
    """--now INSTANT."""
    text = "Act as if it were this instant, e.g. 2026-06-01T08:00:00+05:00."
    return click.option("--now", type=Now(), default=None, help=text)(function)


def json_option(function: F) -> F:
    """--json."""
    return click.option("--json", "as_json", is_flag=True, help="Report for machines, on standard output.")(
        function
    )


def no_ping_option(function: F) -> F:
    """--no-ping."""
    text = "Leave it to `publisher ping` to tell hubs: build/ is copied elsewhere first."
    return click.option("--no-ping", is_flag=True, help=text)(function)


def say(text: str) -> None:
    """A line for people, on standard output."""
    click.echo(text)


def show_json(document: Mapping[str, Any]) -> None:
    """A report for machines."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True))


def show_findings(findings: Iterable[Diagnostic]) -> None:
    """Findings like a compiler's, on standard error, in colour where that is seen."""
    for finding in findings:
        colour = "red" if finding.severity is Severity.ERROR else "yellow"
        label = click.style(f"{finding.severity}[{finding.code}]", fg=colour, bold=True)
        click.echo(f"{finding.span}: {label}: {finding.message}", err=True)
        if finding.hint:
            click.echo(f"  hint: {finding.hint}", err=True)


def count_findings(findings: Sequence[Diagnostic]) -> str:
    """How many of which, in words."""
    errors = sum(finding.is_error for finding in findings)
    return f"{plural(errors, 'error')}, {plural(len(findings) - errors, 'warning')}"


def change_lines(listed: Iterable[tuple[Change, Mapping[str, int]]]) -> Iterator[str]:
    """A table of changes: what, whom, from what to what, and how much of the site it touches."""
    rows = [(c.verb, c.title, c.detail, _touched(counts)) for c, counts in listed]
    if not rows:
        return
    columns = (12, 44, 44)
    widths = [min(max(len(row[column]) for row in rows), limit) for column, limit in enumerate(columns)]
    for verb, title, detail, touched in rows:
        cells = zip((verb, _cut(title, 44), detail), widths, strict=True)
        yield "  ".join([*(f"{text:<{width}}" for text, width in cells), touched]).rstrip()


def _touched(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{sort} {counts[sort]}" for sort in ("calendars", "feeds", "pages") if counts.get(sort))


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def plural(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class Bar:
    """A progress bar on a terminal, for work that takes longer than a blink; silence elsewhere."""

    def __init__(self, label: str) -> None:
        self.label = label
        self._progress: Any = None
        self._started = datetime.now(UTC)

    def __call__(self, done: int, total: int) -> None:
        """Show how far it is."""
        if not sys.stderr.isatty():
            return
        if self._progress is None:
            if (datetime.now(UTC) - self._started).total_seconds() < 1:
                return
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(console=Console(stderr=True), transient=True)
            self._progress.start()
            self._task = self._progress.add_task(self.label, total=total)
        self._progress.update(self._task, completed=done, total=total)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._progress is not None:
            self._progress.stop()
