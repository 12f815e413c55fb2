"""How fast mail may leave: so many messages a minute, so many a day.

The counts are in the database, so that every worker of every process keeps to
one limit. A message is counted when it is about to be handed over; one that
then is not handed over, because of a kill or a fault, counts all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from publisher.store import limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class Pace:
    """The limits of [mail]; None is without one."""

    per_minute: int | None = None
    per_day: int | None = None

    def next_chance(self, connection: Connection, now: datetime) -> datetime | None:
        """Count one message; None if it may leave now, else when (UTC) the next one may."""
        for bucket, window, begins, length, most in self._windows(now):
            if limits.count(connection, bucket, window) > most:
                return begins + length
        return None

    def _windows(self, now: datetime) -> Iterator[tuple[str, str, datetime, timedelta, int]]:
        """The windows that `now` lies in, the shortest first: a full minute takes nothing from the day."""
        minute = now.replace(second=0, microsecond=0)
        day = minute.replace(hour=0, minute=0)
        if self.per_minute is not None:
            yield "mail:minute", f"{minute:%Y-%m-%dT%H:%M}", minute, _MINUTE, self.per_minute
        if self.per_day is not None:
            yield "mail:day", f"{day:%Y-%m-%d}", day, _DAY, self.per_day
