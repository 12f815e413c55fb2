"""publisher tick."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from publisher.cli.hubs import round_as_json, round_lines
from publisher.cli.mail import delivered_as_json, delivered_lines, issue_as_json, issue_line
from publisher.cli.options import (
    change_lines,
    json_option,
    no_ping_option,
    now_option,
    plural,
    say,
    show_findings,
    show_json,
    site_option,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from publisher.app import Ticked
    from publisher.diagnostics import Diagnostic


@click.command(name="tick", short_help="Do what is due now, once.")
@site_option
@now_option
@no_ping_option
@click.option("--no-deliver", is_flag=True, help="Leave all mail in the outbox.")
@json_option
def command(
    folder: Path,
    now: datetime | None,
    no_ping: bool,  # noqa: FBT001 -- a flag of the command line
    no_deliver: bool,  # noqa: FBT001 -- likewise
    as_json: bool,  # noqa: FBT001 -- likewise
) -> None:
    """Do what is due now, once: for cron, systemd timers and scheduled workflows.

    Completes an interrupted release, releases a change that has settled (in
    mode "auto"), shows records whose publish_at has come, and turns the page
    at the site's midnight. Makes the issues of lists that have come due, tells
    hubs of feeds that have changed, and sends what is in the outbox. Forgets
    sign-ups that nobody confirmed within a week. Safe to call at any time, any
    number of times.

    \b
    Example (crontab):
      * * * * *  publisher tick --site /srv/calendar
    """
    from publisher import app

    site = app.open_site(folder)
    done = app.tick(site, now or app.utc_now(), ping=not no_ping, deliver=not no_deliver)
    if as_json:
        show_json(_report(done))
    else:
        show_findings(_findings(done))
        for line in (*_lines(done),) or ("nothing is due",):
            say(line)
    for reason in done.postponed:
        click.echo(f"publisher: {reason}", err=True)
    for fault in done.faults:
        raise fault
    sys.exit(_status(done))


def _findings(done: Ticked) -> Sequence[Diagnostic]:
    return done.release.content.diagnostics if done.release and done.release.content else ()


def _lines(done: Ticked) -> Iterator[str]:
    if done.release:
        yield from change_lines((change, {}) for change in done.release.changes)
        yield f"edition {done.release.number}: {plural(len(done.release.report.written), 'file')} written"
    yield from map(issue_line, done.issues)
    yield from round_lines(done.hubs)
    if done.delivered:
        yield from delivered_lines(done.delivered)
    if done.purged:
        yield f"{plural(done.purged, 'sign-up')} that nobody confirmed forgotten"


def _report(done: Ticked) -> dict[str, Any]:
    release = done.release
    return {
        "released": release is not None,
        "edition": release.number if release else None,
        "changes": [change.as_json() for change in release.changes] if release else [],
        "findings": [finding.as_json() for finding in _findings(done)],
        "issues": [issue_as_json(issue) for issue in done.issues],
        "hubs": [round_as_json(each) for each in done.hubs],
        "delivered": done.delivered and delivered_as_json(done.delivered),
        "purged": done.purged,
        "postponed": list(done.postponed),
    }


def _status(done: Ticked) -> int:
    if done.delivered and done.delivered.problem:
        return 3
    return 1 if any(finding.is_error for finding in _findings(done)) else 0
