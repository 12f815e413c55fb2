"""What keeps the database quick, and what an operator asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from publisher.model.mailing import OPEN
from publisher.store.tables import delivery

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def count_anew(connection: Connection) -> None:
    """After many new deliveries: PostgreSQL would plan as if there were few, until it notices by itself."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE delivery")


def oldest_open(connection: Connection) -> datetime | None:
    """When the delivery was due that has waited longest."""
    earliest = select(func.min(delivery.c.not_before)).where(delivery.c.state.in_(OPEN))
    found: datetime | None = connection.execute(earliest).scalar()
    return found
