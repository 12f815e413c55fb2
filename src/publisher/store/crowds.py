"""The same as one would ask and write for one reader, for a thousand of them: one function a statement."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy import insert as plain_insert

from publisher.model.mailing import DeliveryState, Sort, Subscription
from publisher.store import suppressions
from publisher.store.rows import subscription_of, subscription_row
from publisher.store.tables import delivery, limit, subscriber, subscription, suppression
from publisher.store.upserts import insert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

#: How many values one statement names: SQLite takes a bounded number of parameters.
_NAMED = 500


def lock(connection: Connection, ids: Iterable[int]) -> None:
    """Keep some subscribers as they are until this transaction ends; by id: nobody waits in a circle."""
    for some in _chunks(sorted(ids)):
        asked = select(subscriber.c.id).where(subscriber.c.id.in_(some)).order_by(subscriber.c.id)
        connection.execute(asked.with_for_update(key_share=True)).all()


def subscriptions_of(connection: Connection, ids: Iterable[int]) -> dict[int, dict[str, Subscription]]:
    """The subscriptions of some subscribers, by subscriber and list."""
    found: defaultdict[int, dict[str, Subscription]] = defaultdict(dict)
    for some in _chunks(ids):
        for row in connection.execute(select(subscription).where(subscription.c.subscriber.in_(some))):
            found[row.subscriber][row.list] = subscription_of(row)
    return dict(found)


def reasons(connection: Connection, address_hashes: Iterable[str], now: datetime) -> dict[str, str]:
    """Those of these addresses that must not be written to now, each with the reason."""
    found: dict[str, str] = {}
    for some in _chunks(address_hashes):
        asked = select(suppression).where(suppression.c.address_hash.in_(some), suppressions.holds(now))
        found |= {row.address_hash: row.reason for row in connection.execute(asked)}
    return found


def put(connection: Connection, given: Sequence[Subscription]) -> None:
    """Insert subscriptions, or replace those that their subscribers have to their lists."""
    if not given:
        return
    upsert = insert(connection, subscription)
    key = [subscription.c.subscriber, subscription.c.list]
    changed = {column.name: upsert.excluded[column.name] for column in subscription.c if column not in key}
    connection.execute(
        upsert.on_conflict_do_update(index_elements=key, set_=changed),
        [subscription_row(each) for each in given],
    )


def counted(connection: Connection, buckets: Iterable[str], since_window: str) -> dict[str, int]:
    """How much was counted in a window and all later ones, by bucket; nothing where nothing was."""
    found: dict[str, int] = {}
    for some in _chunks(buckets):
        asked = (
            select(limit.c.bucket, func.sum(limit.c.count).label("total"))
            .where(limit.c.bucket.in_(some), limit.c.window >= since_window)
            .group_by(limit.c.bucket)
        )
        found |= {row.bucket: int(row.total) for row in connection.execute(asked)}
    return found


def count(connection: Connection, buckets: Collection[str], window: str) -> None:
    """Add one to what was counted in a window, for each of these buckets."""
    if not buckets:
        return
    row = insert(connection, limit)
    more = row.on_conflict_do_update(
        index_elements=[limit.c.bucket, limit.c.window], set_={"count": limit.c.count + row.excluded.count}
    )
    connection.execute(more, [{"bucket": bucket, "window": window, "count": 1} for bucket in buckets])


def letters(
    connection: Connection, sort: Sort, names: Iterable[tuple[int, str]], now: datetime, not_after: datetime
) -> None:
    """Queue a letter to each of some subscribers, given with the Message-ID of theirs."""
    values = {
        "issue": None, "sort": sort, "cohort": "", "state": DeliveryState.QUEUED, "attempts": 0,
        "not_before": now, "not_after": not_after, "signature": "", "last_reply": "", "created": now,
    }  # fmt: skip
    if rows := [{**values, "subscriber": id_, "message_id": name} for id_, name in names]:
        connection.execute(plain_insert(delivery), rows)


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    ahead = iter(values)
    while some := list(islice(ahead, _NAMED)):
        yield some
