"""publisher tick."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from publisher.cli.options import (
    change_lines,
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


@click.command(name="tick", short_help="Do what is due now, once.")
@site_option
@now_option
@json_option
def command(folder: Path, now: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Do what is due now, once: for cron, systemd timers and scheduled workflows.

    Completes an interrupted release, releases a change that has settled (in
    mode "auto"), shows records whose publish_at has come, and turns the page
    at the site's midnight. Safe to call at any time, any number of times.

    \b
    Example (crontab):
      * * * * *  publisher tick --site /srv/calendar
    """
    from publisher import app

    done = app.tick(app.open_site(folder), now or app.utc_now())
    findings = done.content.diagnostics if done and done.content else ()
    if as_json:
        show_json(
            {
                "released": done is not None,
                "edition": done.number if done else None,
                "changes": [change.as_json() for change in done.changes] if done else [],
                "findings": [finding.as_json() for finding in findings],
            }
        )
    else:
        show_findings(findings)
        for line in change_lines((change, {}) for change in done.changes) if done else ():
            say(line)
        say(
            f"edition {done.number}: {plural(len(done.report.written), 'file')} written"
            if done
            else "nothing is due"
        )
    sys.exit(1 if any(finding.is_error for finding in findings) else 0)
