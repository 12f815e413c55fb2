"""publisher ping."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from publisher.cli.hubs import round_as_json, round_lines
from publisher.cli.options import json_option, now_option, say, show_json, site_option
from publisher.errors import PublisherError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@click.command(name="ping", short_help="Tell hubs now of the feeds that have changed.")
@site_option
@now_option
@json_option
def command(folder: Path, now: datetime | None, as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Tell the hubs of [websub] now of the feeds that releases have changed.

    `publisher build` and each tick do so by themselves. Where build/ is copied
    to another machine, a hub must not be told before: call those with
    --no-ping, and this when the copy is there. It takes some seconds at most;
    what is left is told by the next call.

    Exit status: 3 if a hub did not take everything; call again later.

    \b
    Example:
      publisher build --no-ping && rsync -a build/ host:/srv/site/ && publisher ping
    """
    from publisher import app

    done = app.tell_hubs(app.open_site(folder), now or app.utc_now())
    if as_json:
        show_json({"hubs": [round_as_json(each) for each in done]})
    else:
        for line in (*round_lines(done),) or ("nothing is due",):
            say(line)
    sys.exit(PublisherError.exit_status if any(each.reply for each in done) else 0)
