"""Opens the database, and says plainly when it cannot.

A transaction is of one of three sorts:

- `writing`: waits until no other one of this sort is open; nobody else writes until it ends.
- `working`: writes rows that it locks itself; on PostgreSQL others do so at the same time.
- `reading`: sees one moment, and writes nothing.

On SQLite that is WAL with synchronous=FULL and BEGIN IMMEDIATE (a deferred
transaction that turns into a writer fails at once instead of waiting), and
there is one writer at a time of either sort. On PostgreSQL it is an advisory
lock, READ COMMITTED, and REPEATABLE READ for what reads.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from enum import Enum
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary, finalize

from sqlalchemy import URL, Engine, create_engine, event, insert, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from publisher.errors import PublisherError, UsageError, WrongSchema
from publisher.store.tables import HEAD, metadata, schema_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Connection

#: The database of a site that names no other, in var/.
FILE = "publisher.db"
#: How long a writer waits for another one, in seconds.
PATIENCE = 10
_PRAGMAS = (
    f"busy_timeout={PATIENCE * 1000}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
)
#: What PostgreSQL's advisory lock of all writers is called: the bytes of "publish".
_WRITERS = int.from_bytes(b"publish")


class DatabaseFault(PublisherError):
    """The database does not answer or cannot be written: mend that, then call again; nothing is half done."""

    def __init__(self, reason: str) -> None:
        hint = "see [database] in publisher.toml, and the rights on var/"
        super().__init__(f"the database cannot be used: {reason}\nhint: {hint}")


class _Sort(Enum):
    """What a transaction may do; its connection carries it as an execution option."""

    READING = "reading"
    WORKING = "working"
    WRITING = "writing"


class Transactions:
    """The three sorts of transactions, on whatever gives a connection."""

    def __init__(
        self,
        connected: Callable[[], AbstractContextManager[Connection]],
        turn: AbstractContextManager[object],
    ) -> None:
        self._connected = connected
        self._turn = turn

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: all of it or nothing, and nobody else writes meanwhile."""
        with _faults(), self._turn, self._begun(_Sort.WRITING) as connection:
            yield connection

    @contextmanager
    def working(self) -> Iterator[Connection]:
        """A transaction that writes: all of it or nothing; what others write meanwhile are other rows."""
        with _faults(), self._turn, self._begun(_Sort.WORKING) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view."""
        with _faults(), self._begun(_Sort.READING) as connection:
            yield connection

    @contextmanager
    def _begun(self, sort: _Sort) -> Iterator[Connection]:
        with self._connected() as connection:
            connection.execution_options(sort=sort)
            with connection.begin():
                yield connection


class Held(Transactions):
    """The same on one connection that is kept: for a thread that has a great many transactions to make."""


class Database(Transactions):
    """A connection factory for one site's database.

    `url` is SQLAlchemy's address, empty for SQLite in `folder` (the site's var/);
    a relative path in it starts from the site's folder. `close` lets go of
    every connection.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.engine = _engine(url, folder)
        super().__init__(self.engine.connect, _turn(self.engine))
        # Also when nobody says close: a server counts the connections that are left open.
        self.close = finalize(self, self.engine.dispose)

    @contextmanager
    def held(self) -> Iterator[Held]:
        """Transactions for one thread, without opening a connection for each."""
        with _faults(), self.engine.connect() as connection:
            yield Held(lambda: nullcontext(connection), self._turn)

    def ensure_schema(self) -> None:
        """Make the tables of a new database; WrongSchema when it was made by another version."""
        found = self.version() or self._make_schema()
        if found != HEAD:
            raise WrongSchema(found, HEAD)

    def _make_schema(self) -> str:
        with self.writing() as connection:
            found = _version(connection)  # another process may have been faster
            if found is None:
                metadata.create_all(connection)
                connection.execute(insert(schema_version).values(version_num=HEAD))
            return found or HEAD

    def version(self) -> str | None:
        """The migration that the database is at; None when it is empty."""
        with self.reading() as connection:
            return _version(connection)


class _Queue:
    """One writer of a SQLite file at a time in this process: a lock wakes the next at once, SQLite polls."""

    def __init__(self) -> None:
        self._lock = Lock()

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=PATIENCE):
            raise DatabaseFault("database is locked")

    def __exit__(self, *exc: object) -> None:
        self._lock.release()


#: The queues of the files that are open, by their address: two `Database` of one file share theirs.
_queues: WeakValueDictionary[str, _Queue] = WeakValueDictionary()
_opening = Lock()


def _turn(engine: Engine) -> AbstractContextManager[object]:
    if engine.dialect.name != "sqlite":
        return nullcontext()
    with _opening:
        return _queues.setdefault(str(engine.url), _Queue())


def shown(url: str) -> str:
    """A database's address for people: without its password."""
    return make_url(url).render_as_string(hide_password=True) if url else f"SQLite in var/{FILE}"


@contextmanager
def _faults() -> Iterator[None]:
    """What the machine or its operator must mend is a sentence; a wrong statement is a bug and stays one."""
    try:
        yield
    except (IntegrityError, DataError):
        raise
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()
        raise DatabaseFault(reason[0] if reason else type(error.orig).__name__) from error


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(schema_version.name):
        return None
    return connection.execute(select(schema_version.c.version_num)).scalar()


def _engine(url: str, folder: Path) -> Engine:
    try:
        parsed = make_url(url or f"sqlite:///{folder / FILE}")
        return (
            _sqlite(parsed, folder.parent) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed)
        )
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        hint = "write 'sqlite:///path' or 'postgresql://user@host/name'"
        raise UsageError(f"[database] url: {error}\nhint: {hint}") from None


def _sqlite(url: URL, site: Path) -> Engine:
    if url.database and not url.database.startswith((":memory:", "file:")):
        path = site / url.database  # an absolute one stays what it is
        path.parent.mkdir(parents=True, exist_ok=True)
        url = url.set(database=str(path))
    connection = {"timeout": PATIENCE, "check_same_thread": False}
    engine = create_engine(url, poolclass=NullPool, connect_args=connection)
    event.listen(engine, "connect", _sqlite_connected)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    writes = _sort(connection) is not _Sort.READING
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: URL) -> Engine:
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "postgresql":
        raise ArgumentError(f"expected SQLite or PostgreSQL, got '{url.drivername}'")
    # As many connections as there are threads at work: each of them holds one.
    engine = create_engine(url, pool_pre_ping=True, max_overflow=-1)
    event.listen(engine, "connect", _postgresql_connected)
    event.listen(engine, "begin", _postgresql_begin)
    return engine


def _postgresql_connected(connection: Any, _record: object) -> None:
    connection.execute(f"SET lock_timeout = '{PATIENCE}s'")
    connection.commit()


def _postgresql_begin(connection: Connection) -> None:
    match _sort(connection):
        case _Sort.WRITING:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")
        case _Sort.READING:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _sort(connection: Connection) -> _Sort:
    """What reads unless it says otherwise: a transaction that nobody announced changes nothing."""
    sort: _Sort = connection.get_execution_options().get("sort", _Sort.READING)
    return sort
