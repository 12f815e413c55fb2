"""Transactions: writers take turns, readers see one moment, and a fault is a sentence."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from publisher.errors import UsageError
from publisher.store import ledger as store
from publisher.store.database import Database, DatabaseFault, shown
from publisher.store.tables import schedule

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from postgresql import Server

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_a_second_writer_waits_until_the_first_is_done(database: Database) -> None:
    began, order = threading.Event(), []

    def second() -> None:
        began.wait()
        with database.writing() as connection:
            order.append(store.remembered(connection, "turn"))
            store.remember(connection, "turn", "second", NOON)

    thread = threading.Thread(target=second)
    thread.start()
    with database.writing() as connection:
        # A transaction that only reads at first has its turn all the same: nobody writes in between.
        assert store.remembered(connection, "turn") is None
        began.set()
        thread.join(0.3)
        assert thread.is_alive()
        store.remember(connection, "turn", "first", NOON)
    thread.join()

    assert order == [("first", NOON)]
    with database.reading() as connection:
        assert store.remembered(connection, "turn") == ("second", NOON)


def test_what_works_on_rows_of_its_own_waits_for_nobody_on_postgresql(database: Database, url: str) -> None:
    with database.working() as connection:
        store.remember(connection, "mine", "", NOON)
        if url:  # SQLite has one writer at a time
            with database.working() as other, database.held() as held, held.working() as third:
                store.remember(other, "theirs", "", NOON)
                store.remember(third, "another's", "", NOON)
                assert store.remembered(other, "mine") is None

    with database.reading() as connection:
        names = connection.execute(select(schedule.c.name)).scalars()
        assert set(names) == ({"mine", "theirs", "another's"} if url else {"mine"})


def test_a_kept_connection_writes_reads_and_starts_afresh_after_a_failure(database: Database) -> None:
    row = {"name": "twice", "value": "", "at": NOON}
    with database.held() as held:
        with held.writing() as connection:
            store.remember(connection, "turn", "first", NOON)
        with pytest.raises(IntegrityError), held.working() as connection:
            connection.execute(schedule.insert(), [row, row])
        with pytest.raises(DatabaseFault), held.reading() as connection:
            store.remember(connection, "turn", "forbidden", NOON)
        with held.working() as connection:
            store.remember(connection, "turn", "second", NOON)
        with held.reading() as connection:
            assert store.remembered(connection, "turn") == ("second", NOON)
            assert store.remembered(connection, "twice") is None


def test_a_kept_connection_sees_what_others_write_from_one_transaction_to_the_next(
    database: Database,
) -> None:
    with database.held() as held:
        with held.reading() as reader:
            assert store.remembered(reader, "turn") is None
            with database.writing() as writer:
                store.remember(writer, "turn", "meanwhile", NOON)
            assert store.remembered(reader, "turn") is None
        with held.reading() as reader:
            assert store.remembered(reader, "turn") == ("meanwhile", NOON)


def test_many_threads_on_kept_connections_write_in_turn_and_lose_nothing(database: Database) -> None:
    failed = []

    def work(name: str) -> None:
        try:
            with database.held() as held:
                for number in range(25):
                    with held.writing() as connection:
                        said, _ = store.remembered(connection, "sum") or ("0", NOON)
                        store.remember(connection, "sum", str(int(said) + 1), NOON)
                        store.remember(connection, name, str(number), NOON)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test is told
            failed.append(error)

    threads = [threading.Thread(target=work, args=(f"thread {n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    with database.reading() as connection:
        assert store.remembered(connection, "sum") == ("200", NOON)


def test_as_many_threads_as_may_send_hold_a_connection_at_once(database: Database) -> None:
    with ExitStack() as stack:
        for _ in range(64):
            held = stack.enter_context(database.held())
            with held.reading() as connection:
                assert store.remembered(connection, "turn") is None


def test_two_who_open_the_same_file_write_in_turn(tmp_path: Path) -> None:
    one, two = Database("", tmp_path / "var"), Database("sqlite:///var/publisher.db", tmp_path / "var")
    one.ensure_schema()
    with one.writing() as connection, two.reading() as other:
        store.remember(connection, "turn", "one", NOON)
        assert store.remembered(other, "turn") is None
    with two.working() as connection:
        store.remember(connection, "turn", "two", NOON)
    with one.reading() as connection:
        assert store.remembered(connection, "turn") == ("two", NOON)
    one.close()
    two.close()


def test_a_reader_sees_one_moment_and_does_not_keep_a_writer_waiting(database: Database) -> None:
    with database.reading() as reader:
        assert store.remembered(reader, "turn") is None
        with database.writing() as writer:
            store.remember(writer, "turn", "meanwhile", NOON)
        assert store.remembered(reader, "turn") is None

    with database.reading() as reader:
        assert store.remembered(reader, "turn") == ("meanwhile", NOON)


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    class Interrupted(Exception):
        pass

    def half(connection: Connection) -> None:
        store.remember(connection, "half", "done", NOON)
        raise Interrupted

    with pytest.raises(Interrupted), database.writing() as connection:
        half(connection)

    with database.reading() as connection:
        assert store.remembered(connection, "half") is None


def test_what_reads_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseFault), database.reading() as connection:
        store.remember(connection, "turn", "forbidden", NOON)


def test_instants_come_back_aware_in_utc_to_the_microsecond(database: Database) -> None:
    local = datetime(2026, 6, 1, 17, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5)))

    with database.writing() as connection:
        store.remember(connection, "tick", "", local)
        found = store.remembered(connection, "tick")

    assert found == ("", local)
    assert found[1].tzinfo == UTC


def test_instants_sort_as_time_does(database: Database) -> None:
    moments = [
        NOON,
        NOON + timedelta(microseconds=1),
        NOON - timedelta(days=400),
        NOON + timedelta(days=4000),
    ]
    with database.writing() as connection:
        for number, moment in enumerate(moments):
            store.remember(connection, str(number), "", moment)

    with database.reading() as connection:
        found = connection.execute(select(schedule.c.at).order_by(schedule.c.at)).scalars()
        assert list(found) == sorted(moments)


def test_an_instant_without_a_zone_is_a_bug_and_stays_one(database: Database) -> None:
    with pytest.raises(StatementError, match="expected an aware datetime"), database.writing() as connection:
        store.remember(connection, "tick", "", datetime(2026, 6, 1))  # noqa: DTZ001 -- the very mistake


def test_a_statement_against_the_schema_is_a_bug_and_stays_one(database: Database) -> None:
    row = {"name": "tick", "value": "", "at": NOON}
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(schedule.insert(), [row, row])


def fault(url: str, folder: Path) -> str:
    """What an operator reads."""
    database = Database(url, folder)
    with pytest.raises(DatabaseFault) as caught:
        database.ensure_schema()
    database.close()
    return str(caught.value)


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var/publisher.db").write_text("Dear diary, " * 100)

    message = fault("", tmp_path / "var")

    assert message.startswith("the database cannot be used: file is not a database\nhint: ")
    assert (tmp_path / "var/publisher.db").read_text() == "Dear diary, " * 100


def test_a_database_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "locked.db").close()

    message = fault(f"sqlite:///file:{tmp_path}/locked.db?mode=ro&uri=true", tmp_path / "var")

    assert message.startswith("the database cannot be used: attempt to write a readonly database\nhint: ")


def test_a_folder_in_the_place_of_the_database_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "var/publisher.db").mkdir(parents=True)

    assert "unable to open database file" in fault("", tmp_path / "var")


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    message = fault("postgresql://me:secret@127.0.0.1:1/site", tmp_path / "var")

    assert "127.0.0.1" in message
    assert "secret" not in message


@pytest.mark.postgres
def test_a_database_that_is_not_there_is_said_to_be_missing(postgresql: Server, tmp_path: Path) -> None:
    url = postgresql.url.replace("/postgres?", "/nowhere?")

    assert 'database "nowhere" does not exist' in fault(url, tmp_path / "var")


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://me@host/site", "sqlite+nothing:///x.db", "postgresql+nothing://h/d"]
)
def test_an_address_that_is_none_is_a_matter_of_configuration(url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\[database\] url: .*\nhint: write 'sqlite:///path'"):
        Database(url, tmp_path / "var")


def test_a_relative_address_starts_from_the_sites_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    database = Database("sqlite:///state/mine.db", tmp_path / "var")
    database.ensure_schema()
    database.close()

    assert (tmp_path / "state/mine.db").is_file()
    assert not (tmp_path / "var").exists()


def test_an_address_is_shown_without_its_password() -> None:
    assert shown("postgresql://me:secret@host/site") == "postgresql://me:***@host/site"
    assert shown("") == "SQLite in var/publisher.db"


def test_a_sqlite_file_is_safe_against_a_power_cut(tmp_path: Path) -> None:
    database = Database("", tmp_path / "var")
    database.ensure_schema()
    with database.reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "trusted_schema")
        }
    database.close()

    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 10_000,
        "foreign_keys": 1,
        "trusted_schema": 0,
    }
