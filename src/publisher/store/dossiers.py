"""What is kept about particular people, many of them at a time or all about one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from publisher.model.mailing import DeliveryState, Sort, Subscription
from publisher.store import suppressions
from publisher.store.rows import subscription_of
from publisher.store.tables import bounce, delivery, issue, limit, subscriber, subscription, suppression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

#: How many values one statement names: SQLite takes a bounded number of parameters.
_NAMED = 500


@dataclass(frozen=True, kw_only=True)
class Mailed:
    """A message to somebody, as it is told to them; `list` and `period` are empty for a letter."""

    sort: Sort
    list: str
    period: str
    state: DeliveryState
    created: datetime
    settled: datetime | None
    attempts: int
    message_id: str
    last_reply: str


@dataclass(frozen=True, kw_only=True)
class Bounced:
    """A message that could not be delivered to somebody."""

    at: datetime
    kind: str
    status: str
    diagnostic: str


@dataclass(frozen=True, kw_only=True)
class Suppressed:
    """That nobody writes to an address, why, since when and until when; for ever where no end is given."""

    reason: str
    created: datetime
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How often something was done for an address in a span of time that began at `window`."""

    bucket: str
    window: str
    count: int


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


def suppressed(connection: Connection, address_hash: str) -> Suppressed | None:
    """The suppression of an address, also one that is over."""
    asked = select(suppression.c.reason, suppression.c.created, suppression.c.until)
    row = connection.execute(asked.where(suppression.c.address_hash == address_hash)).first()
    return Suppressed(**row._mapping) if row else None  # noqa: SLF001 -- the documented way to its columns


def mailed(connection: Connection, subscriber_id: int) -> list[Mailed]:
    """Every message to somebody, the newest first."""
    columns = ("sort", "state", "created", "settled", "attempts", "message_id", "last_reply")
    asked = (
        select(issue.c.list, issue.c.period, *(delivery.c[name] for name in columns))
        .select_from(delivery.outerjoin(issue))
        .where(delivery.c.subscriber == subscriber_id)
        .order_by(delivery.c.created.desc(), delivery.c.id.desc())
    )
    return [_mailed(row) for row in connection.execute(asked)]


def _mailed(row: Any) -> Mailed:
    values = dict(row._mapping)  # noqa: SLF001 -- the documented way to a row's columns
    coded = {"sort": Sort(row.sort), "state": DeliveryState(row.state)}
    return Mailed(**values | coded | {"list": row.list or "", "period": row.period or ""})


def bounced(connection: Connection, subscriber_id: int) -> list[Bounced]:
    """Every bounce of somebody's messages, the newest first."""
    asked = select(bounce.c.at, bounce.c.kind, bounce.c.status, bounce.c.diagnostic)
    theirs = asked.where(bounce.c.subscriber == subscriber_id).order_by(bounce.c.at.desc())
    return [Bounced(**row._mapping) for row in connection.execute(theirs)]  # noqa: SLF001 -- as above


def counted(connection: Connection, address_hash: str) -> list[Counted]:
    """Whatever was counted under an address; an erased reader has none."""
    if not address_hash:
        return []
    named = limit.c.bucket.contains(address_hash, autoescape=True)
    asked = select(limit).where(named).order_by(limit.c.bucket, limit.c.window)
    return [Counted(**row._mapping) for row in connection.execute(asked)]  # noqa: SLF001 -- as above


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    ahead = iter(values)
    while some := list(islice(ahead, _NAMED)):
        yield some
