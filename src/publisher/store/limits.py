"""How often something was done in a window of time; whoever may do it only so often asks here.

A bucket says what and by whom (`letter:` and the hash of an address), a window
when: the instant that it begins at, as ISO text as coarse as the window is long
(`2026-06-08T09` is an hour). Text so written sorts as time does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from publisher.store.tables import limit
from publisher.store.upserts import insert

if TYPE_CHECKING:
    from sqlalchemy import Connection


def count(connection: Connection, bucket: str, window: str, *, more: int = 1) -> int:
    """Add one, or so many more, to what was counted in a window; returns how much that is now."""
    row = insert(connection, limit).values(bucket=bucket, window=window, count=more)
    counted = row.on_conflict_do_update(
        index_elements=[limit.c.bucket, limit.c.window],
        set_={"count": limit.c.count + row.excluded.count},
    )
    return int(connection.execute(counted.returning(limit.c.count)).scalar_one())


def total(connection: Connection, bucket: str, since_window: str) -> int:
    """How much was counted in a window and all later ones."""
    counted = select(func.coalesce(func.sum(limit.c.count), 0))
    its = (limit.c.bucket == bucket) & (limit.c.window >= since_window)
    return int(connection.execute(counted.where(its)).scalar_one())


def windows(connection: Connection, bucket: str) -> list[str]:
    """The windows in which a bucket was counted, the earliest first."""
    asked = select(limit.c.window).where(limit.c.bucket == bucket).order_by(limit.c.window)
    return list(connection.execute(asked).scalars())


def forget(connection: Connection, before_window: str) -> int:
    """Drop every window that began earlier; returns how many."""
    return connection.execute(delete(limit).where(limit.c.window < before_window)).rowcount
