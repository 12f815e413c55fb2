"""The schema: made at once or step by step it is the same, and no other version's is touched."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text, update

from publisher.errors import WrongSchema
from publisher.model.ledger import Item, Ledger
from publisher.store import ledger, subscribers
from publisher.store.database import Database
from publisher.store.migrate import migrate
from publisher.store.tables import HEAD, schema_version

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def schema(database: Database) -> dict[str, Any]:
    """Every table with its columns, keys and indexes, as the database itself tells them."""
    with database.reading() as connection:
        found = inspect(connection)
        return {
            table: {
                "columns": [
                    (c["name"], str(c["type"]), c["nullable"], c["default"]) for c in found.get_columns(table)
                ],
                "key": found.get_pk_constraint(table),
                "unique": sorted((u["name"], u["column_names"]) for u in found.get_unique_constraints(table)),
                "foreign": found.get_foreign_keys(table),
                "indexes": sorted(
                    (i["name"], i["column_names"], {k: str(v) for k, v in i["dialect_options"].items()})
                    for i in found.get_indexes(table)
                ),
            }
            for table in sorted(found.get_table_names())
        }


def test_an_empty_database_has_no_version_and_a_new_one_the_newest(empty: Database) -> None:
    assert empty.version() is None

    empty.ensure_schema()

    assert empty.version() == HEAD


def test_to_make_it_again_changes_nothing(database: Database) -> None:
    before = schema(database)

    database.ensure_schema()

    assert schema(database) == before


def test_migrations_from_nothing_make_the_same_tables(
    empty: Database, url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    other = Database("", tmp_path / "other") if not url else Database(_another(request), tmp_path)
    empty.ensure_schema()

    assert migrate(other) == (None, HEAD)

    assert schema(other) == schema(empty)
    other.close()


def _another(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("postgresql").new_database()
    return url


def test_what_migrations_made_is_used_as_it_is_and_migrated_again_without_a_change(empty: Database) -> None:
    migrate(empty)

    empty.ensure_schema()

    assert migrate(empty) == (HEAD, HEAD)


def test_a_database_of_the_first_schema_goes_forward_with_all_that_is_in_it(
    empty: Database, url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    other = Database("", tmp_path / "other") if not url else Database(_another(request), tmp_path)
    other.ensure_schema()
    with empty.writing() as connection:
        _upgrade(connection, "0001")
        entry = Item(kind="event", id="forum", uid="event.forum@h", ordinal=1, values={"title": "Форум"})
        ledger.save_items(connection, Ledger(), Ledger().with_items([entry]))
        ledger.add_edition(connection, NOON, date(2026, 6, 1), {"index.html": "aa"})
        ledger.remember(connection, "tick", "said", NOON)
        before = ledger.load_ledger(connection), ledger.last_edition(connection)
    with pytest.raises(WrongSchema):
        empty.ensure_schema()

    assert migrate(empty) == ("0001", HEAD)

    empty.ensure_schema()
    assert schema(empty) == schema(other)
    with empty.writing() as connection:
        assert (ledger.load_ledger(connection), ledger.last_edition(connection)) == before
        assert ledger.remembered(connection, "tick") == ("said", NOON)
        ledger.remember(connection, f"list.{'l' * 80}", "", NOON)
        assert subscribers.every(connection) == []
    other.close()


def _upgrade(connection: Connection, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", "publisher.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def test_the_newest_migration_is_the_one_that_the_program_expects() -> None:
    config = Config()
    config.set_main_option("script_location", "publisher.store:migrations")

    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


@pytest.mark.parametrize("version", ["0000", "9999"])
def test_the_schema_of_another_version_is_refused_and_left_alone(database: Database, version: str) -> None:
    with database.writing() as connection:
        connection.execute(update(schema_version).values(version_num=version))
    before = schema(database)

    with pytest.raises(WrongSchema, match=f"'{version}'.*'{HEAD}'\nhint: run `publisher migrate`"):
        database.ensure_schema()

    assert schema(database) == before
    assert database.version() == version


def _ensure(url: str, folder: Path, start: Any, failed: Any) -> None:
    database = Database(url, folder)
    start.wait()
    try:
        database.ensure_schema()
    except Exception as error:  # noqa: BLE001 -- whatever it is, the test is told
        failed.put(repr(error))
    database.close()


def test_processes_that_open_a_new_database_at_once_make_it_once(
    empty: Database, url: str, tmp_path: Path
) -> None:
    spawn = multiprocessing.get_context("spawn")
    start, failed = spawn.Barrier(4), spawn.Queue()
    processes = [spawn.Process(target=_ensure, args=(url, tmp_path / "var", start, failed)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [failed.get() for _ in range(failed.qsize())] == []
    assert [process.exitcode for process in processes] == [0] * 4
    assert empty.version() == HEAD
    with empty.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
