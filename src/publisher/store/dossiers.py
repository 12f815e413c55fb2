"""What is kept about one person: one function a statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from publisher.model.mailing import DeliveryState, Sort
from publisher.store.tables import bounce, delivery, issue, limit, suppression

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


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
