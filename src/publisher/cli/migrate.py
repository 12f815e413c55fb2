"""publisher migrate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from publisher.cli.options import json_option, say, show_json, site_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(name="migrate", short_help="Bring the database forward to this version.")
@site_option
@json_option
def command(folder: Path, as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Bring the database forward to this version's schema; safe to call again."""
    from publisher import config
    from publisher.store.database import Database
    from publisher.store.migrate import migrate

    loaded = config.load(folder)
    before, after = migrate(Database(loaded.database.url, folder.resolve() / "var"))
    if as_json:
        show_json({"before": before, "after": after})
    elif before == after:
        say(f"the database is at schema {after}: nothing to do")
    else:
        say(f"the database went from schema {before or 'none'} to {after}")
