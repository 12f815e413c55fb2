"""Opens the database, and says plainly when it cannot.

SQLite runs in WAL mode with synchronous=FULL, and every writing transaction
begins IMMEDIATE: a deferred one that turns into a writer fails at once instead
of waiting.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from publisher.errors import PublisherError, UsageError, WrongSchema
from publisher.store.tables import HEAD, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


class DatabaseFault(PublisherError):
    """The database does not answer or cannot be written: mend that, then call again; nothing is half done."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the database cannot be used: {reason}\nhint: see [database] in publisher.toml and the rights on var/")


class Database:
    """A connection factory for one site's database; its schema is made when it is first opened."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url or f"sqlite:///{folder / 'publisher.db'}"
        if not url:
            folder.mkdir(parents=True, exist_ok=True)
        self.engine = _engine(self.url)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: all of it or nothing, and nobody else writes meanwhile."""
        with self._faults(), self.engine.connect().execution_options(writing=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view."""
        with self._faults(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise DatabaseFault(str(getattr(error, "orig", None) or error).strip().splitlines()[0]) from error

    def ensure_schema(self) -> None:
        """Make the tables of a new database; WrongSchema when it was made by another version."""
        with self.writing() as connection:
            found = self._version(connection)
            if found is None:
                metadata.create_all(connection)
                connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
                connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
            elif found != HEAD:
                raise WrongSchema(found, HEAD)

    def version(self) -> str | None:
        """The migration that the database is at; None when it is empty."""
        with self.reading() as connection:
            return self._version(connection)

    def _version(self, connection: Connection) -> str | None:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername in {"postgres", "postgresql"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite":
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(parsed, poolclass=NullPool, connect_args={"timeout": 10, "check_same_thread": False})
            event.listen(engine, "connect", _sqlite_pragmas)
            event.listen(engine, "begin", _sqlite_begin)
            return engine
        return create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise UsageError(f"[database] url: {error}\nhint: write 'sqlite:///path' or 'postgresql://user@host/name'") from None


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
