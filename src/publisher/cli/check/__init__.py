"""publisher check."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

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
from publisher.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publisher.cli.check.kinds import Checked
    from publisher.diagnostics import Diagnostic


@click.command(
    name="check", short_help="Report every mistake in content/, or in anybody's feeds and calendars."
)
@click.argument("sources", nargs=-1, metavar="[FILE|URL]...")
@site_option
@now_option
@json_option
def command(sources: tuple[str, ...], folder: Path, now: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Report every mistake in content/, with file, line and hint, all at once.

    With files or addresses, report what is amiss with these feeds (Atom, RSS,
    JSON Feed) and calendars instead, whoever has made them; no site is needed.
    What each one is, its content says; the name - stands for standard input.

    An address is fetched by http or https, at most 20 MiB in at most 30
    seconds, and asked again whether there is anything new, as readers do: what
    its server says wrongly is told too. It may be one of this machine. At the
    address of a web page, the feeds and calendars that the page names are told.

    Nothing is written. Exit status 1 means that a record would not be released,
    or that a feed or calendar is wrong for somebody; 3 that an address did not
    answer. What is public stays as it is. Warnings never fail.

    \b
    Examples:
      publisher check --site ~/our-calendar
      publisher check meetings.ics build/en/feed.*
      publisher check https://example.org/feed.atom
    """
    if sources:
        # `app` has the clock, and loads all that a site needs: a second that a file would wait for.
        _check_sources(sources, now or datetime.now(UTC), as_json=as_json)
    _check_content(folder, now, as_json=as_json)


def _check_content(folder: Path, now: datetime | None, *, as_json: bool) -> None:
    from publisher import app

    content = app.check(app.open_site(folder), now or app.utc_now())
    if as_json:
        show_json({"records": len(content.sheets), "findings": [d.as_json() for d in content.diagnostics]})
    else:
        _show(content.diagnostics, plural(len(content.sheets), "sound record"))
    sys.exit(1 if content.errors else 0)


def _check_sources(names: Sequence[str], now: datetime, *, as_json: bool) -> None:
    checked, missing = _checked(names, now)
    if not checked:
        raise UsageError(missing)
    found = [finding for each in checked for finding in each.findings]
    if as_json:
        kinds = [{"path": each.name, "kind": each.kind} for each in checked]
        show_json(
            {"files": len(checked), "checked": kinds, "findings": [finding.as_json() for finding in found]}
        )
    else:
        _show(found, _counted([each.name for each in checked]))
    if missing:
        raise UsageError(missing)
    sys.exit(_status(checked))


def _checked(names: Sequence[str], now: datetime) -> tuple[list[Checked], str]:
    """What is amiss with each source, and which are none, in the words of the command line."""
    from publisher.cli.check.sources import check, expect

    checked, missing = [], []
    with Bar("checking") as bar:
        for number, name in enumerate(names):
            bar(number, len(names))
            try:
                expect(name)
                checked.append(check(name, now))
            except UsageError as fault:
                missing.append(str(fault))
    return checked, "\npublisher: ".join(missing)


def _counted(names: Sequence[str]) -> str:
    """How many of what, in words."""
    from publisher.fetching import is_address

    addresses = sum(map(is_address, names))
    counts = {"file": len(names) - addresses, "URL": addresses}
    return ", ".join(plural(count, noun) for noun, count in counts.items() if count)


def _status(checked: Sequence[Checked]) -> int:
    """3 if something did not answer: what it would say is not known; else 1 if there is an error."""
    if any(each.is_unanswered for each in checked):
        return 3
    return 1 if any(finding.is_error for each in checked for finding in each.findings) else 0


def _show(found: Sequence[Diagnostic], of_what: str) -> None:
    show_findings(found)
    say(f"{of_what}, {count_findings(found) if found else 'nothing to mend'}")
