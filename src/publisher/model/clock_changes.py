"""The local times that a zone's clocks skip or show twice.

A date of a rule that falls on such a time is an hour off in one calendar program or another: RFC 5545
section 3.3.5 takes the offset before the change, ical.js the one after it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Days are looked at from the first year of records to one by which every zone's rules have come round.
_FIRST, _LAST = date(1970, 1, 1), date(2060, 1, 1)
_DAY = timedelta(days=1)


def unclear_times(timezone: str, clock: time, since: date) -> Iterator[datetime]:
    """The local times of a time of day that do not exist or happen twice, from a day on, in order."""
    clocks = zone(timezone)
    for day in _days_of_change(clocks.key):
        local = datetime.combine(day, clock)
        first, second = (local.replace(tzinfo=clocks, fold=fold).utcoffset() for fold in (0, 1))
        if day >= since and first != second:
            yield local


@lru_cache(maxsize=256)
def _days_of_change(timezone: str) -> tuple[date, ...]:
    """The local days on which clocks are changed: what is skipped or repeated may be on the day beside."""
    clocks = zone(timezone)
    found: set[date] = set()
    midnight = datetime.combine(_FIRST, time(), UTC)
    before = midnight.astimezone(clocks).utcoffset()
    for _ in range((_LAST - _FIRST).days):
        midnight += _DAY
        offset = midnight.astimezone(clocks).utcoffset()
        if offset != before:
            found |= {midnight.date() - n * _DAY for n in range(-1, 4)}
        before = offset
    return tuple(sorted(found))
