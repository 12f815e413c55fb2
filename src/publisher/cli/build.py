"""publisher build."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from publisher.cli.options import (
    Bar,
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


@click.command(name="build", short_help="Release now: make build/ say what content/ says.")
@site_option
@now_option
@json_option
def command(folder: Path, now: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Release now: make build/ say what content/ says.

    A broken record keeps its last good version, everything else is released as
    usual; the exit status is then 1. Files whose bytes are the same are not
    touched. An interrupted build is completed by the next one.

    \b
    Examples:
      publisher build
      publisher build --now 2026-06-01T08:00:00+05:00
    """
    from publisher import app

    site = app.open_site(folder)
    with Bar("writing build/") as bar:
        done = app.release(site, now or app.utc_now(), bar)
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
            }
        )
    else:
        show_findings(findings)
        for line in change_lines((change, {}) for change in done.changes):
            say(line)
        report = done.report
        written, deleted = plural(len(report.written), "file"), len(report.deleted)
        say(f"edition {done.number}: {written} written, {report.unchanged} unchanged, {deleted} deleted")
        if findings:
            say(count_findings(findings))
    sys.exit(1 if any(finding.is_error for finding in findings) else 0)
