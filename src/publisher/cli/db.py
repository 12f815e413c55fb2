"""publisher db."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from publisher.cli.migrate import command as migrate
from publisher.cli.options import json_option, plural, say, show_json, site_option

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.store.database import Database

_KILO = 1000


@click.group(name="db", short_help="Look at the database, check it, bring it forward.")
def command() -> None:
    """Look at the database, check it, bring it forward.

    It holds what must not be lost: the ledger of what is public, the readers,
    and which message reached whom.
    """


@command.command(name="status", short_help="Say which database it is, and what is in it.")
@site_option
@json_option
def status(folder: Path, as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Say which database it is, at which schema, how large, and how many rows each table has."""
    from publisher.store import inspection
    from publisher.store.tables import HEAD

    address, database = _opened(folder)
    schema = database.version()
    with database.reading() as connection:
        engine, size = inspection.engine(connection), inspection.size(connection)
        rows = inspection.rows(connection)
    if as_json:
        facts = {"database": address, "engine": engine, "schema": schema, "expected": HEAD}
        show_json(facts | {"bytes": size, "rows": dict(rows)})
        return
    is_ours = "as expected" if schema == HEAD else f"this program needs {HEAD}: run `publisher db migrate`"
    known = [
        ("database", address),
        ("engine", engine),
        ("schema", f"{schema}, {is_ours}"),
        ("size", _size(size)),
    ]
    for name, text in [*known, *((name, plural(number, "row")) for name, number in rows.items())]:
        say(f"{name:<15} {text}")


@command.command(
    name="check", short_help="Look whether the database is whole, and what is in it makes sense."
)
@site_option
@json_option
def check(folder: Path, as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Look whether the database is whole, and whether what is in it makes sense.

    SQLite looks at every page, index and reference; PostgreSQL says whether
    every constraint and index is valid. Then: is every table there, has
    everybody who is mailed agreed, has every open delivery a reader and a
    digest. Nothing is written. Exit status 1 means that something is wrong.
    """
    from publisher.store.checks import find_flaws

    address, database = _opened(folder)
    database.ensure_schema()
    with database.reading() as connection:
        flaws = find_flaws(connection)
    if as_json:
        found = [{"check": flaw.check, "message": flaw.message} for flaw in flaws]
        show_json({"database": address, "flaws": found})
    else:
        for flaw in flaws:
            click.echo(f"{flaw.check}: {flaw.message}", err=True)
        say(f"{address}: {plural(len(flaws), 'flaw') if flaws else 'sound'}")
    if flaws:
        raise SystemExit(1)


command.add_command(migrate)


def _opened(folder: Path) -> tuple[str, Database]:
    """The site's database, and its address for people; a site that has none yet is not given one."""
    from publisher import config
    from publisher.errors import UsageError
    from publisher.store.database import Database, shown

    loaded = config.load(folder)
    database = Database(loaded.database.url, folder.resolve() / "var")
    address = shown(loaded.database.url)
    if (database.file and not database.file.exists()) or database.version() is None:
        raise UsageError(f"there is no database yet ({address})\nhint: run `publisher build`, which makes it")
    return address, database


def _size(number: float) -> str:
    """Bytes for people."""
    for unit in ("B", "kB", "MB"):
        if number < _KILO:
            return f"{number:.0f} {unit}"
        number /= _KILO
    return f"{number:.1f} GB"
