"""publisher check."""

from __future__ import annotations

import sys
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

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@click.command(name="check", short_help="Report every mistake in content/.")
@site_option
@now_option
@json_option
def command(folder: Path, now: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Report every mistake in content/, with file, line and hint, all at once.

    Nothing is written. Exit status 1 means that a record would not be released;
    what is public stays as it is. Warnings never fail.

    \b
    Example:
      publisher check --site ~/our-calendar
    """
    from publisher import app

    site = app.open_site(folder)
    content = app.check(site, now or app.utc_now())
    if as_json:
        show_json({"records": len(content.sheets), "findings": [d.as_json() for d in content.diagnostics]})
    else:
        show_findings(content.diagnostics)
        sound = plural(len(content.sheets), "sound record")
        say(
            f"{sound}, {count_findings(content.diagnostics)}"
            if content.diagnostics
            else f"{sound}, nothing to mend"
        )
    sys.exit(1 if content.errors else 0)
