"""publisher subscribers import, and export."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import click

from publisher.cli.options import (
    Bar,
    json_option,
    now_option,
    plural,
    say,
    show_findings,
    show_json,
    site_option,
)
from publisher.cli.subscribers.options import list_option, require_list, state_option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from publisher.config import Config
    from publisher.diagnostics import Diagnostic
    from publisher.subscriber_files.importing import Imported


@click.command(name="import", short_help="Add the readers of a CSV file.")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--confirmed",
    is_flag=True,
    help="Take the readers as confirmed: each line must say where and when they agreed.",
)
@click.option("--dry-run", "trial", is_flag=True, help="Say what would happen; nothing is written.")
@now_option
@json_option
@site_option
def import_(  # noqa: PLR0913, PLR0917 -- as many as the command has options
    file: str,
    confirmed: bool,  # noqa: FBT001 -- a flag of the command line
    trial: bool,  # noqa: FBT001 -- likewise
    now: datetime | None,
    as_json: bool,  # noqa: FBT001 -- likewise
    folder: Path,
) -> None:
    """Add the readers of a CSV file: one a line, the columns' names in the first.

    \b
    email           required
    consent_source  required: where they agreed to be written to
    consent_date    when; required with --confirmed (2026-11-21 or 21.11.2026)
    lists           ids, several separated by ';'; the site's first list if empty
    language, timezone             the site's if empty
    topics, organisations, events  ids, several separated by ';'; everything if empty

    Without --confirmed, a letter asks each new reader to confirm, and nothing
    else is sent until they do. With it, they get the next issue: the first one
    that comes due, as everybody gets it. Nothing older is sent to them.

    A bad line is told and passed over, the others are imported; exit status 1.
    Importing again changes nothing. Who has unsubscribed stays so, unless their
    consent_date is later; suppressed addresses are passed over.

    Commas, semicolons or tabs between cells, with or without a byte order mark;
    UTF-8. '-' reads standard input.
    """
    from publisher.app import open_site, utc_now
    from publisher.subscriber_files.importing import Import

    site = open_site(folder)
    findings: list[Diagnostic] = []
    if not confirmed and not trial:
        click.echo(_asking(site.config), err=True)
    with _input(file) as text, Bar("importing") as bar:
        done = Import(
            site=site,
            now=now or utc_now(),
            confirmed=confirmed,
            trial=trial,
            tell=findings.append if as_json else lambda finding: show_findings([finding]),
            progress=_progress(text, bar),
        ).run(text, "standard input" if file == "-" else file)
    if as_json:
        show_json(_report(done, findings, trial=trial))
    else:
        _summarise(done, trial=trial)
    _warn_of_slow(site.config, done.letters)
    sys.exit(1 if done.errors else 0)


def _asking(config: Config) -> str:
    """What is said before letters are queued."""
    from publisher.subscriber_files.asking import caps

    pace = [
        f"{most} {span}"
        for most, span in ((config.mail.per_minute, "a minute"), (config.mail.per_day, "a day"))
        if most
    ]
    at_most = f"; [mail] sends at most {' and '.join(pace)}" if pace else ""
    return f"each new reader is asked to confirm by a letter: at most {caps()} to an address{at_most}"


def _warn_of_slow(config: Config, letters: int) -> None:
    """Say so where letters would be given up because only so many leave a day."""
    from publisher.subscriber_files.asking import LETTER_LIFE

    per_day = config.mail.per_day
    if per_day and letters > per_day * LETTER_LIFE.days:
        click.echo(
            f"only {per_day * LETTER_LIFE.days} letters can leave in time ([mail] per_day)\n"
            f"hint: import the same file again in a week: whoever was not asked is asked then",
            err=True,
        )


@contextmanager
def _input(path: str) -> Iterator[TextIO]:
    """The file as text, line ends as they are."""
    from io import TextIOWrapper
    from pathlib import Path

    from publisher.subscriber_files.lines import ENCODING, ON_ERROR

    if path == "-":
        text = TextIOWrapper(sys.stdin.buffer, ENCODING, ON_ERROR, newline="")
        yield text
        text.detach()
        return
    with Path(path).open(encoding=ENCODING, errors=ON_ERROR, newline="") as file:
        yield file


def _progress(text: TextIO, bar: Bar) -> Callable[[], None]:
    """Tells the bar how much of the file was read, if it has a length."""
    found = os.fstat(text.fileno()) if text.name != "<stdin>" else None
    size = found.st_size if found and stat.S_ISREG(found.st_mode) else 0
    return lambda: bar(text.buffer.tell(), size) if size else None


def _report(done: Imported, findings: list[Diagnostic], *, trial: bool) -> dict[str, Any]:
    return {
        "dry_run": trial,
        "lines": done.lines,
        "readers": done.readers,
        "subscriptions": {str(state): count for state, count in done.subscriptions.items()},
        "unchanged": done.unchanged,
        "letters": done.letters,
        "not_asked": done.not_asked,
        "findings": [finding.as_json() for finding in findings],
    }


def _summarise(done: Imported, *, trial: bool) -> None:
    """What was done, in three lines at most."""
    stand = ", ".join(f"{count} {state}" for state, count in sorted(done.subscriptions.items()))
    would = "would be " if trial else ""
    say(
        f"{plural(done.readers, 'reader')} {would}added; subscriptions {would}written: {stand or 'none'}; "
        f"{plural(done.unchanged, 'line')} without anything new"
    )
    if done.letters or done.not_asked:
        later = f"; {done.not_asked} were asked not long ago" if done.not_asked else ""
        say(f"{plural(done.letters, 'letter')} {would}queued, to ask for a confirmation{later}")
    if done.errors or done.warnings:
        say(f"{plural(done.errors, 'error')}, {plural(done.warnings, 'warning')}")


@click.command(name="export", short_help="Write readers into a CSV file.")
@click.argument("file", metavar="[FILE]", default="-", type=click.Path(allow_dash=True, dir_okay=False))
@list_option
@state_option
@site_option
def export(file: str, list_id: str | None, state: str | None, folder: Path) -> None:
    """Write readers into a CSV file that an import takes, with a column 'state' more.

    Without FILE, or with '-', it goes to standard output. A file is for its owner
    only to read. A cell that a spreadsheet would take for a formula (it begins
    with =, +, -, @, a tab or a carriage return) gets an apostrophe in front, which
    an import takes away again.
    """
    from publisher.app import open_site
    from publisher.model.mailing import SubscriptionState
    from publisher.subscriber_files.exporting import export as write

    site = open_site(folder)
    require_list(site.config, list_id)
    with _output(file) as output:
        count = write(site, output, list_id=list_id, state=SubscriptionState(state) if state else None)
    click.echo(f"{plural(count, 'line')} written", err=True)


@contextmanager
def _output(path: str) -> Iterator[TextIO]:
    """Where the lines go: a file comes into being whole, for its owner only to read, or not at all."""
    if path == "-":
        yield sys.stdout
        return
    from pathlib import Path

    draft = Path(f"{path}.part")
    draft.unlink(missing_ok=True)
    try:
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
