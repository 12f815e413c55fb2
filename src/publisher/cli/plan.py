"""publisher plan."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from publisher.cli.options import (
    change_lines,
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
    from pathlib import Path


@click.command(name="plan", short_help="Say what readers would notice, before anything is released.")
@site_option
@now_option
@json_option
def command(folder: Path, now: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Say what readers would notice, before anything is released.

    One line a change: what happens to which record, from what to what, and how
    many calendars, feeds and pages say so. Nothing is written.

    \b
    Example:
      publisher plan
      moved  IAUP Regional Conference 2026  11-13 Jun -> 12-14 Jun 2026  calendars 14, feeds 9, pages 22
    """
    from publisher import app

    plan = app.plan(app.open_site(folder), now or app.utc_now())
    if as_json:
        listed = [c.as_json() | {"touches": dict(touched)} for c, touched in plan.changes]
        show_json(
            {
                "changes": listed,
                "files": plan.files,
                "findings": [d.as_json() for d in plan.content.diagnostics],
            }
        )
    else:
        show_findings(plan.content.diagnostics)
        for line in change_lines(plan.changes):
            say(line)
        if plan.changes or plan.files:
            say(f"{plural(len(plan.changes), 'change')}, {plural(plan.files, 'file')} of build/ would differ")
        else:
            say("nothing would change")
        if plan.content.diagnostics:
            say(count_findings(plan.content.diagnostics))
    sys.exit(1 if plan.content.errors else 0)
