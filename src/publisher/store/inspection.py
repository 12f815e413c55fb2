"""What an operator asks a database: which it is, how large, what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select

from publisher.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


def engine(connection: Connection) -> str:
    """Its name and version."""
    if connection.dialect.name == "sqlite":
        return f"SQLite {connection.exec_driver_sql('SELECT sqlite_version()').scalar_one()}"
    return f"PostgreSQL {connection.exec_driver_sql('SHOW server_version').scalar_one()}"


def size(connection: Connection) -> int:
    """How many bytes it takes."""
    asked = (
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        if connection.dialect.name == "sqlite"
        else "SELECT pg_database_size(current_database())"
    )
    return int(connection.exec_driver_sql(asked).scalar_one())


def rows(connection: Connection) -> Mapping[str, int]:
    """How many rows each of our tables has, by name; those that are not there are left out."""
    there = inspect(connection).get_table_names()
    ours = [metadata.tables[name] for name in sorted(there) if name in metadata.tables]
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in ours
    }
