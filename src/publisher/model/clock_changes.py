"""The local times that a zone's clocks skip or show twice, and what lasts while clocks are changed.

A date of a rule that falls on such a time is an hour off in one calendar program or another: RFC 5545
section 3.3.5 takes the offset before the change, ical.js the one after it. The ends of what lasts across
a change differ as well: libical keeps to the hours that have passed, ical.js to those that clocks show.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

#: Days are looked at from the first year of records to one by which every zone's rules have come round.
_FIRST, _LAST = date(1970, 1, 1), date(2060, 1, 1)
_DAY = timedelta(days=1)
#: What lasts longer is looked at for its last year only.
_LONGEST = timedelta(days=366)


def unclear_times(timezone: str, clock: time, since: date) -> Iterator[datetime]:
    """The local times of a time of day that do not exist or happen twice, from a day on, in order."""
    clocks = zone(timezone)
    for day in _days_of_change(clocks.key):
        local = datetime.combine(day, clock)
        first, second = (local.replace(tzinfo=clocks, fold=fold).utcoffset() for fold in (0, 1))
        if day >= since and first != second:
            yield local


def is_even(start: datetime, end: datetime | None, timezone: str) -> bool:
    """Whether as much time passes as clocks show, and they show the end once: then programs agree."""
    if end is None:
        return True
    clocks = zone(timezone)
    local = end.astimezone(clocks)
    offsets = {local.replace(fold=fold).utcoffset() for fold in (0, 1)}
    return offsets == {start.astimezone(clocks).utcoffset()}


def days_before_changes(timezone: str, length: timedelta) -> AbstractSet[date]:
    """The local days on which something of this length may begin that lasts while clocks are changed."""
    lengths = range(min(length, _LONGEST) // _DAY + 1)
    return {day - n * _DAY for day in _days_of_change(zone(timezone).key) for n in lengths}


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
