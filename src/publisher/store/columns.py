"""What columns hold, alike on SQLite and PostgreSQL.

Instants are UTC, kept as ISO text of one width, so that they sort alike and
read alike on both.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, Integer, String, TypeDecorator

_W = TypeVar("_W", bound=StrEnum)


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


class Word(TypeDecorator[_W], Generic[_W]):
    """One of the words of an enumeration, stored as it is spelt; any other is refused."""

    impl = String(16)
    cache_ok = True

    def __init__(self, words: type[_W]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: _W | str | None, dialect: Any) -> str | None:
        """Its spelling."""
        del dialect
        return self.words(value).value if value is not None else None

    def process_result_value(self, value: str | None, dialect: Any) -> _W | None:
        """The word."""
        del dialect
        return self.words(value) if value is not None else None


#: Counts up on both engines; SQLite does so only for a column that is called INTEGER.
Serial = BigInteger().with_variant(Integer(), "sqlite")
