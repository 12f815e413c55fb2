"""publisher digest."""

from __future__ import annotations

import click

from publisher.cli.digest.looking import list_, preview, send
from publisher.cli.digest.moving import abort, approve, hold, pause, resume


@click.group(
    name="digest", short_help="Look at digests before readers do, and decide what becomes of issues."
)
def command() -> None:
    """Look at digests before readers do, and decide what becomes of issues.

    Issues are made and sent by themselves when a list is due: by `publisher
    run`, or by each `publisher tick`. An issue is named by its list and its
    period, such as `weekly 2026-W47`.

    \b
    Examples:
      publisher digest preview weekly --lang kk --html digest.html
      publisher digest list
      publisher digest approve weekly 2026-W47
    """


for _each in (preview, send, list_, hold, approve, pause, resume, abort):
    command.add_command(_each)
