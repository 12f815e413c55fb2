"""The tables, as SQLAlchemy Core sees them; `migrations/` makes the same step by step.

Instants are UTC, kept as ISO text of one width, so that they sort alike and
read alike on SQLite and PostgreSQL.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

#: The newest migration: what a database made by this program is at.
HEAD = "0001"

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC to the microsecond; a naive one is refused."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        """UTC, always with microseconds: text of one width sorts as time does."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"expected an aware datetime, got {value!r}")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        """Aware, in UTC."""
        del dialect
        return datetime.fromisoformat(value) if value is not None else None


#: Which migration the database is at; Alembic owns its shape.
schema_version = Table(
    "alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)

item = Table(
    "item",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("id", String(120), primary_key=True),
    Column("parent", String(80), primary_key=True),  # the event of a part; '' for a record
    Column("uid", Text, nullable=False),
    Column("ordinal", Integer),
    Column("revision", Integer, nullable=False),
    Column("values", JSON, nullable=False),
    Column("previous", JSON(none_as_null=True)),
    Column("first_published", Instant),
    Column("updated", Instant),
    Column("withdrawn", Instant),
    Column("gone", Instant),
    UniqueConstraint("ordinal"),
)

item_language = Table(
    "item_language",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("id", String(120), primary_key=True),
    Column("parent", String(80), primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("last_modified", Instant, nullable=False),
)

edition = Table(
    "edition",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("now", Instant, nullable=False),
    Column("today", String(10), nullable=False),
    Column("manifest", JSON, nullable=False),  # path below build/ -> hash of its bytes
    Column("state", String(10), nullable=False),  # committed, done
)

#: What the schedule must remember between ticks, and across restarts.
schedule = Table(
    "schedule",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
