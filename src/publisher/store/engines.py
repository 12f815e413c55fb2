"""Sets up SQLite and PostgreSQL: each begins the sorts of transactions in its own way."""

from __future__ import annotations

import sqlite3
from enum import Enum
from functools import partial
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from publisher.errors import UsageError
from publisher.folders import private

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

#: How long a writer waits for another one, in seconds.
PATIENCE = 10
#: How the address of a SQLite database begins that is no path.
SQLITES_OWN = (":memory:", "file:")
_BUSY_TIMEOUT = f"busy_timeout={PATIENCE * 1000}"
_PRAGMAS = (
    _BUSY_TIMEOUT,
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
)
#: What PostgreSQL's advisory lock of all writers is called: the bytes of "publish".
_WRITERS = int.from_bytes(b"publish")


class Access(Enum):
    """What a transaction may do; its connection carries it as an execution option."""

    READING = "reading"
    WORKING = "working"
    WRITING = "writing"


def open_engine(url: str, site: Path) -> Engine:
    """The engine for SQLAlchemy's address of a database; its relative path starts from the site's folder."""
    try:
        parsed = make_url(url)
        return _sqlite(parsed, site) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        hint = "write 'sqlite:///path' or 'postgresql://user@host/name'"
        raise UsageError(f"[database] url: {error}\nhint: {hint}") from None


def _sqlite(url: URL, site: Path) -> Engine:
    if url.database and not url.database.startswith(SQLITES_OWN):
        path = site / url.database  # an absolute one stays what it is
        private(path.parent)
        url = url.set(database=str(path))
    connection = {"timeout": PATIENCE, "check_same_thread": False}
    # What a fault quotes ends up in a log, where no address may be: hence, here and below, no parameters.
    engine = create_engine(url, poolclass=NullPool, connect_args=connection, hide_parameters=True)
    event.listen(engine, "connect", _sqlite_connected)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in _PRAGMAS:
        _patiently(partial(connection.execute, f"PRAGMA {pragma}"))


def _sqlite_begin(connection: Connection) -> None:
    writes = _access(connection) is not Access.READING
    _set(connection, f"query_only={'OFF' if writes else 'ON'}")
    if writes:
        _sqlite_begin_writing(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _sqlite_begin_writing(connection: Connection) -> None:
    """Ask for the turn to write, once a millisecond.

    SQLite's own waiting asks ever more seldom: next to another process that
    writes without a pause it had its turn after seconds.
    """
    _set(connection, "busy_timeout=0")
    try:
        _patiently(lambda: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    finally:
        _set(connection, _BUSY_TIMEOUT)


def _patiently(ask: Callable[[], object]) -> None:
    """Ask until it is our turn.

    SQLite does not wait by itself when a file that several have just made is to
    be turned to a write-ahead log: all but one are told at once that it is busy.
    """
    until = monotonic() + PATIENCE
    while not _is_done(ask, until):
        sleep(0.001)


def _is_done(ask: Callable[[], object], until: float) -> bool:
    try:
        ask()
    except (OperationalError, sqlite3.OperationalError) as error:
        told = error.orig if isinstance(error, OperationalError) else error
        is_busy = getattr(told, "sqlite_errorname", "").startswith("SQLITE_BUSY")
        if not is_busy or monotonic() >= until:
            raise
        return False
    return True


def _set(connection: Connection, pragma: str) -> None:
    """Straight to the driver, some ten times as fast: this is done for each transaction."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA {pragma}")


def _postgresql(url: URL) -> Engine:
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "postgresql":
        raise ArgumentError(f"expected SQLite or PostgreSQL, got '{url.drivername}'")
    # As many connections as there are threads at work: each of them holds one.
    engine = create_engine(url, pool_pre_ping=True, max_overflow=-1, hide_parameters=True)
    event.listen(engine, "connect", _postgresql_connected)
    event.listen(engine, "begin", _postgresql_begin)
    return engine


def _postgresql_connected(connection: Any, _record: object) -> None:
    connection.execute(f"SET lock_timeout = '{PATIENCE}s'")
    connection.commit()


def _postgresql_begin(connection: Connection) -> None:
    match _access(connection):
        case Access.WRITING:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")
        case Access.READING:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _access(connection: Connection) -> Access:
    """What reads unless it says otherwise: a transaction that nobody announced changes nothing."""
    access: Access = connection.get_execution_options().get("access", Access.READING)
    return access
