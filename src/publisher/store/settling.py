"""Settles deliveries without sending them: whoever was to get them left, or the issue is not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from publisher.model.mailing import OPEN, DeliveryState
from publisher.store.tables import delivery

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

#: Open ones that nobody is handing over: whoever does that settles them, and knows better how it went.
_AT_REST = OPEN - {DeliveryState.SENDING}


def settle(
    connection: Connection, which: ColumnElement[bool], state: DeliveryState, now: datetime, reason: str
) -> int:
    """Settle open deliveries, but those that are being handed over just now; returns how many."""
    settled = {"state": state, "owner": None, "lease_until": None, "last_reply": reason, "settled": now}
    done = update(delivery).where(which, delivery.c.state.in_(_AT_REST)).values(settled)
    return connection.execute(done).rowcount
