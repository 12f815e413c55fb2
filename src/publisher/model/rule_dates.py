"""The dates that a recurrence rule gives, in the local time in which it runs (RFC 5545 section 3.3.10)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from dateutil.rrule import rrule, rrulestr

from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Whole cycles of the calendar: in 400 years weekdays and leap days return. dateutil looks for the next date
#: until the year 9999; moved there, it sees within two to four centuries that there is none.
_CYCLES = timedelta(days=19 * 146_097)


class RuleDates:
    """The dates of a rule from its start on: found once, and only as far as anybody asked."""

    def __init__(self, rule: str, timezone: str, start: datetime) -> None:
        endless, _, until = rule.partition(";UNTIL=")
        self._coming = every_date(endless, start, _naive(until, timezone) if until else None)
        self._found: list[datetime] = []
        self._next = next(self._coming, None)
        self._lock = Lock()
        #: None where a rule never applies.
        self.first = self._next

    def between(self, first: date, last: date) -> list[datetime]:
        """Those from one day to another, in order."""
        self._look(last)
        lowest = bisect_left(self._found, first, key=datetime.date)
        return self._found[lowest : bisect_right(self._found, last, key=datetime.date)]

    def has_after(self, day: date) -> bool:
        """Whether there is a date after a day."""
        self._look(day)
        return self._next is not None or (bool(self._found) and self._found[-1].date() > day)

    def _look(self, last: date) -> None:
        with self._lock:
            while self._next is not None and self._next.date() <= last:
                self._found.append(self._next)
                self._next = next(self._coming, None)


@lru_cache(maxsize=64)  # an event is asked about several times in a row
def rule_dates(rule: str, timezone: str, start: datetime) -> RuleDates:
    """The dates of an RRULE's value; its UNTIL may be in UTC, the start is local."""
    return RuleDates(rule, timezone, start)


def every_date(rule: str, start: datetime, until: datetime | None = None) -> Iterator[datetime]:
    """The dates of a rule without its UNTIL, which is given apart; all in local time.

    Raises what dateutil raises for a rule that contradicts itself.
    """
    made = rrulestr(rule, dtstart=start + _CYCLES)
    assert isinstance(made, rrule)  # noqa: S101 -- a single rule is no set
    return (moment - _CYCLES for moment in (made.replace(until=until + _CYCLES) if until else made))


def _naive(until: str, timezone: str) -> datetime:
    """The value of UNTIL in local time: dateutil wants start and UNTIL alike."""
    if not until.endswith("Z"):
        return datetime.combine(date.fromisoformat(until), time())
    return datetime.fromisoformat(until).astimezone(zone(timezone)).replace(tzinfo=None)
