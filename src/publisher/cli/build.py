"""publisher build."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from publisher.cli.hubs import round_as_json, round_lines, told_after_build
from publisher.cli.options import (
    Bar,
    change_lines,
    count_findings,
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
    from datetime import datetime
    from pathlib import Path


@click.command(name="build", short_help="Release now: make build/ say what content/ says.")
@site_option
@now_option
@no_ping_option
@json_option
def command(folder: Path, now: datetime | None, no_ping: bool, as_json: bool) -> None:  # noqa: FBT001 -- flags of the command line
    """Release now: make build/ say what content/ says.

    A broken record keeps its last good version, everything else is released as
    usual; the exit status is then 1. Files whose bytes are the same are not
    touched. An interrupted build is completed by the next one. Hubs are told
    of the feeds that it has changed.

    \b
    Examples:
      publisher build
      publisher build --now 2026-06-01T08:00:00+05:00
    """
    from publisher import app

    site, at = app.open_site(folder), now or app.utc_now()
    with Bar("writing build/") as bar:
        done = app.release(site, at, bar)
    hubs = () if no_ping else told_after_build(site, at)
    findings = done.content.diagnostics if done.content else ()
    if as_json:
        show_json(
            {
                "edition": done.number,
                "written": list(done.report.written),
                "deleted": list(done.report.deleted),
                "unchanged": done.report.unchanged,
                "changes": [change.as_json() for change in done.changes],
                "findings": [finding.as_json() for finding in findings],
                "hubs": [round_as_json(each) for each in hubs],
            }
        )
    else:
        show_findings(findings)
        for line in change_lines((change, {}) for change in done.changes):
            say(line)
        report = done.report
        written, deleted = plural(len(report.written), "file"), len(report.deleted)
        say(f"edition {done.number}: {written} written, {report.unchanged} unchanged, {deleted} deleted")
        for line in round_lines(hubs):
            say(line)
        if findings:
            say(count_findings(findings))
    sys.exit(1 if any(finding.is_error for finding in findings) else 0)
