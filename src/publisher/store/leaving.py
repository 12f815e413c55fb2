"""What a leave takes away: one function a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, select

from publisher.model.mailing import DeliveryState
from publisher.store.settling import settle
from publisher.store.tables import delivery, issue, subscription

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def suppress_open(
    connection: Connection, subscriber_id: int, list_id: str, now: datetime, reason: str
) -> int:
    """Settle as suppressed what is still to be sent to somebody of a list; returns how many deliveries.

    One that is being handed over at this moment is settled by whoever does that.
    """
    issues = select(issue.c.id).where(issue.c.list == list_id)
    theirs = and_(delivery.c.subscriber == subscriber_id, delivery.c.issue.in_(issues))
    return settle(connection, theirs, DeliveryState.SUPPRESSED, now, reason)


def drop(connection: Connection, subscriber_id: int, list_id: str) -> None:
    """Delete somebody's subscription to a list, as if there had never been one."""
    its = and_(subscription.c.subscriber == subscriber_id, subscription.c.list == list_id)
    connection.execute(delete(subscription).where(its))
