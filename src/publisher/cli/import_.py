"""publisher import."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publisher.cli.options import (
    Bar,
    count_findings,
    json_option,
    now_option,
    plural,
    say,
    show_findings,
    show_json,
    site_option,
)

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.calendar_import.bringing import Brought
    from publisher.calendar_import.errands import Outcome
    from publisher.config import Config


class Day(click.ParamType[date]):
    """A day, as records have it."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"expected a day such as 2026-06-01, got '{value}'", param, ctx)


@click.command(name="import", short_help="Make records of somebody's calendar.")
@click.argument("source", metavar="FILE|URL|-")
@click.option(
    "--folder", "below", metavar="FOLDER",
    help="Where new records go below content/, such as events/imported; events/<year> by default.",
)  # fmt: skip
@click.option(
    "--topic", "topics", metavar="ID", multiple=True, help="A topic of all new records; repeatable."
)
@click.option("--series", metavar="ID", help="The series that all new records belong to.")
@click.option("--organiser", metavar="ID", help="The organisation that organises all new events.")
@click.option("--draft", is_flag=True, help="New records are drafts: nothing of them is released.")
@click.option("--since", type=Day(), help="Only events that end on this day or later.")
@click.option(
    "--missing", type=click.Choice(["report", "cancel"]), default="report", show_default=True,
    help="What becomes of coming events that have left the calendar.",
)  # fmt: skip
@click.option("--dry-run", "trial", is_flag=True, help="Say what would happen; nothing is written.")
@now_option
@json_option
@site_option
def command(  # noqa: PLR0913, PLR0917 -- as many as the command has options
    source: str,
    below: str | None,
    topics: tuple[str, ...],
    series: str | None,
    organiser: str | None,
    draft: bool,  # noqa: FBT001 -- a flag of the command line
    since: date | None,
    missing: str,
    trial: bool,  # noqa: FBT001 -- likewise
    now: datetime | None,
    as_json: bool,  # noqa: FBT001 -- likewise
    folder: Path,
) -> None:
    """Make records of somebody's calendar: an .ics file, an address, or '-' for standard input.

    Each event becomes a file in content/events. What a record cannot say is
    told, property by property. Nothing is released: look at the records with
    `publisher check` and `publisher preview` first.

    Importing again brings the records up to date by the events' UIDs. What you
    have changed in a record stays; where the calendar has changed the same
    field, both are told. Comments, order and other fields stay as they are.

    An address is fetched by http or https from the public network only, at most
    20 MiB in at most 60 seconds. It may be secret, and is not kept.

    \b
    Examples:
      publisher import calendar.ics --dry-run
      publisher import calendar.ics --topic science --draft
      publisher import https://example.org/calendar.ics --since 2026-09-01
    """
    from publisher.app import open_site, utc_now
    from publisher.calendar_import.bringing import Bringing, Wish
    from publisher.calendar_import.reading import MOST_BYTES, read_calendar
    from publisher.calendar_import.traces import host

    site = open_site(folder)
    name = "standard input" if source == "-" else source
    drafts = read_calendar(
        _bytes(source, MOST_BYTES),
        host(name),
        timezone=site.config.site.timezone,
        language=site.config.site.default_language,
    )
    wish = Wish(
        folder=below,
        topics=topics,
        series=series,
        organiser=organiser,
        draft=draft,
        since=since,
        cancel_missing=missing == "cancel",
    )
    with Bar("importing") as bar:
        done = Bringing(site, name, wish, now or utc_now(), trial=trial, progress=bar).run(drafts)
    if as_json:
        show_json(_report(done, trial=trial))
    else:
        for line in _lines(done.outcomes):
            say(line)
        show_findings(done.findings)
        _summarise(done, site.config, trial=trial)
    sys.exit(1 if any(finding.is_error for finding in done.findings) else 0)


def _bytes(source: str, most: int) -> bytes:
    """What stands in the file, at the address or on standard input: a byte too many, if there are."""
    from publisher.calendar_import.wanted import CALENDAR
    from publisher.fetching import Network, fetch, is_address

    if is_address(source):
        return fetch(source, Network(), CALENDAR).data
    if source == "-":
        return sys.stdin.buffer.read(most + 1)
    try:
        with Path(source).open("rb") as file:
            return file.read(most + 1)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name of a file"
        raise click.BadParameter(f"'{source}': {reason}", param_hint="FILE|URL|-") from None


def _report(done: Brought, *, trial: bool) -> dict[str, Any]:
    return {
        "dry_run": trial,
        "calendar": done.calendar,
        "earlier": done.earlier,
        "events": [outcome.as_json() for outcome in done.outcomes],
        "counts": {str(verb): count for verb, count in done.counts.items()},
        "findings": [finding.as_json() for finding in done.findings],
    }


def _lines(outcomes: tuple[Outcome, ...]) -> list[str]:
    """One line a record: what becomes of it, where it is, which of its fields."""
    width = min(max((len(outcome.path) for outcome in outcomes), default=0), 70)
    return [f"{o.verb:<9}  {o.path:<{width}}  {_fields(o)}".rstrip() for o in outcomes]


def _fields(outcome: Outcome) -> str:
    kept = f"yours stay: {', '.join(outcome.kept)}" if outcome.kept else ""
    return "; ".join(part for part in (", ".join(outcome.taken), kept) if part) or outcome.title


def _summarise(done: Brought, config: Config, *, trial: bool) -> None:
    """What was done, and what is to be done next."""
    counted = ", ".join(f"{count} {verb}" for verb, count in done.counts.items())
    would = "would be: " if trial else ""
    say(f"{would}{counted or 'no events'}; {count_findings(done.findings)}")
    if done.earlier:
        say(f"{plural(done.earlier, 'event')} ended before the day of --since")
    if trial or not {"new", "updated", "cancelled"} & {str(verb) for verb in done.counts}:
        return
    when = ""
    if config.publish.mode == "auto":
        when = "; where `publisher run` is running, it releases what is no draft when that has rested"
    say(f"nothing is released yet: see `publisher check` and `publisher preview`{when}")
