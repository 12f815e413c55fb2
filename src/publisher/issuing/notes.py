"""What the schedule remembers of lists: since when there is one, and which periods a person wants held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.store import ledger as store

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def hold(connection: Connection, list_id: str, period: str, now: datetime) -> None:
    """Have the issue of a period wait for approval once it is built."""
    store.remember(connection, _held(list_id, period), "", now)


def is_to_be_held(connection: Connection, list_id: str, period: str) -> bool:
    """Whether a person wants the issue of a period to wait."""
    return store.remembered(connection, _held(list_id, period)) is not None


def release(connection: Connection, list_id: str, period: str) -> None:
    """Have it wait no more."""
    store.forget(connection, [_held(list_id, period)])


def _held(list_id: str, period: str) -> str:
    return f"hold.{list_id}.{period}"
