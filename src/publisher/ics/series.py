"""What a series surely does not have: dates on which its rule does not fall, before it, after it.

Nothing is expanded: where only that could tell, a date counts as one of the series.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from publisher.ics import values
from publisher.ics.observances import TELLABLE, is_unclear
from publisher.ics.recurring import Parts, Recurring, parse
from publisher.ics.subject import clock, tzid
from publisher.ics.values import BadValue, Period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.ics.lines import ContentLine
    from publisher.ics.subject import Subject

#: So far a series that ends after a number is followed, in days.
LONGEST: Final = 1_100
_NEVER: Final = date(9999, 12, 30)
_MONTH: Final = 31
_OFTEN: Final = ("HOURLY", "MINUTELY", "SECONDLY")
_TIMES: Final = ("BYHOUR", "BYMINUTE", "BYSECOND")


@lru_cache(maxsize=1024)
def parts_of(value: str) -> Parts | BadValue:
    """The parts of a rule, or what is amiss with them."""
    try:
        return parse(values.rule(value))
    except BadValue as bad:
        return bad


def moments_of(line: ContentLine) -> list[date | datetime | Period]:
    """The values of an RDATE or EXDATE; none if one of them cannot be read."""
    try:
        return values.moments(line)
    except BadValue:
        return []


def recurring_of(subject: Subject) -> Recurring | None:
    """The rule of an entry from its start on; nothing without one that can be followed."""
    line, start = subject.first("RRULE"), subject.moment("DTSTART")
    if not line or start is None or start.year not in TELLABLE:
        return None
    parts = parts_of(line.value)
    return None if isinstance(parts, BadValue) or parts.rscale else Recurring(parts, start)


class Series:
    """An entry with its rule and additional dates, asked for one date at a time."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._line, self._start = subject.first("DTSTART"), subject.moment("DTSTART")
        self._rules: Sequence[ContentLine] = subject.by.get("RRULE", ())
        self._recurring = recurring_of(subject) if len(self._rules) == 1 else None
        self._clock = clock(self._line, self._start) if self._line and self._start else ""
        self._is_told, self._added = self._additional()

    def _additional(self) -> tuple[bool, frozenset[date]]:
        """Whether the dates beside the rule can be told, and which they are."""
        added = set[date]()
        for line in self._subject.by.get("RDATE", ()):
            moments = moments_of(line)
            starts = [each.start if isinstance(each, Period) else each for each in moments]
            if not starts or any(clock(line, each) != self._clock for each in starts):
                return False, frozenset()
            added.update(starts)
        return True, frozenset(added)

    def lacks(self, line: ContentLine, value: date) -> str:
        """What a date of the series is and this value is not, in words; nothing if it may be one."""
        start = self._start
        if start is None or not self._is_told or clock(line, value) != self._clock:
            return ""
        if value == start or value in self._added or value.year not in TELLABLE:
            return ""
        if not self._rules:
            return "on a date of the series"
        return self._outside(self._recurring, value) if self._recurring else ""

    def _outside(self, recurring: Recurring, value: date) -> str:
        if value < recurring.start:
            return "from the start of the series on"
        if _is_over(recurring, self._rules[0].value, value):
            return "before the end of the series"
        if not _may_take(recurring, value):
            return "on a day on which the rule falls"
        return self._at_another_time(recurring, value)

    def _at_another_time(self, recurring: Recurring, value: date) -> str:
        start, parts = recurring.start, recurring.parts
        if not isinstance(start, datetime) or not isinstance(value, datetime):
            return ""
        if value.time() == start.time() or parts.freq in _OFTEN or any(map(parts.by, _TIMES)):
            return ""
        definition = self._subject.surroundings.zones.get(tzid(self._line)) if self._line else None
        meant = datetime.combine(value.date(), start.time())
        if definition and definition.iana and is_unclear(meant, definition.iana):
            return ""
        return f"at {start:%H:%M:%S}, as the series is"


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _may_take(recurring: Recurring, value: date) -> bool:
    parts = recurring.parts
    day = _day(value)
    # Whose week the first days of a year are is left in doubt; so are places in whole years, and in the first
    # week or month, of which some engines count the days from the start on only.
    if parts.by("BYWEEKNO"):
        return True
    if parts.by("BYSETPOS") and (parts.freq == "YEARLY" or (day - recurring.first).days < _MONTH):
        return True
    return recurring.takes(day)


def _is_over(recurring: Recurring, rule: str, value: date) -> bool:
    """Whether the series has surely ended before a value."""
    until = recurring.parts.until
    if until is None:
        last = _last_by_count(rule, recurring.first)
        return last is not None and _day(value) > last
    if isinstance(until, datetime) and isinstance(value, datetime) and until.tzinfo is value.tzinfo:
        return value > until
    if not isinstance(until, datetime) and not isinstance(value, datetime):
        return value > until
    return _day(value) > recurring.last(_NEVER)


@lru_cache(maxsize=1024)
def _last_by_count(rule: str, first: date) -> date | None:
    """The latest day on which a rule with COUNT may fall; nothing if that is far, or cannot be told."""
    parts = parts_of(rule)
    if isinstance(parts, BadValue) or not parts.count or parts.count > LONGEST:
        return None
    if parts.freq in _OFTEN or any(map(parts.by, ("BYSETPOS", "BYWEEKNO", *_TIMES))):
        return None
    latest = min(_NEVER.toordinal(), first.toordinal() + LONGEST)
    days = list(Recurring(parts, first).days(date.fromordinal(latest)))
    return days[-1] if len(days) == parts.count else None
