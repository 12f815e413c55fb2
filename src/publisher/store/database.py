"""Opens the database, and says plainly when it cannot.

A transaction is of one of three sorts:

- `writing`: there is never more than one of these at a time; a second one waits.
- `working`: writes rows that it locks itself; on PostgreSQL others do so at the same time.
- `reading`: sees one moment, and writes nothing.

On SQLite that is WAL with synchronous=FULL and BEGIN IMMEDIATE (a deferred
transaction that turns into a writer fails at once instead of waiting), and
there is one that writes at a time, of whichever sort. On PostgreSQL it is an
advisory lock, READ COMMITTED, and REPEATABLE READ for what reads.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary, finalize

from sqlalchemy import insert, inspect, make_url, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from publisher.errors import PublisherError, WrongSchema
from publisher.store.engines import PATIENCE, SQLITES_OWN, Access, open_engine
from publisher.store.tables import HEAD, metadata, schema_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

#: The database of a site that names no other, in var/.
FILE = "publisher.db"


class DatabaseFault(PublisherError):
    """The database does not answer or cannot be written: mend that, then call again; nothing is half done."""

    def __init__(self, reason: str) -> None:
        hint = "see [database] in publisher.toml, and the rights on var/"
        super().__init__(f"the database cannot be used: {reason}\nhint: {hint}")


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
        """A transaction that writes: all of it or nothing, one at a time."""
        with _faults(), self._turn, self._begun(Access.WRITING) as connection:
            yield connection

    @contextmanager
    def working(self) -> Iterator[Connection]:
        """A transaction that writes: all of it or nothing; what others write meanwhile are other rows."""
        with _faults(), self._turn, self._begun(Access.WORKING) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view."""
        with _faults(), self._begun(Access.READING) as connection:
            yield connection

    @contextmanager
    def _begun(self, access: Access) -> Iterator[Connection]:
        with self._connected() as connection:
            connection.execution_options(access=access)
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
        self.engine = open_engine(url or f"sqlite:///{folder / FILE}", folder.parent)
        super().__init__(self.engine.connect, _turn(self.engine))
        # Also when nobody says close: a server counts the connections that are left open.
        self.close = finalize(self, self.engine.dispose)

    @property
    def file(self) -> Path | None:
        """The file that SQLite keeps it in; None for a server's, and where SQLite is told in its own way."""
        name = self.engine.url.database or ":memory:"
        is_path = self.engine.dialect.name == "sqlite" and not name.startswith(SQLITES_OWN)
        return Path(name) if is_path else None

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
