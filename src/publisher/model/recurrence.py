"""How an event repeats: the RFC 5545 recurrence set of a record, and its expansion.

Rules run in local time (RFC 5545 section 3.3.10): a weekly meeting at 18:00
stays at 18:00 when the clocks change. Only the expansion is bounded, never the
rule that calendars receive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from dateutil.rrule import rrule, rrulestr

from publisher.model.rule import BadRule, read_rule
from publisher.model.timing import Mistimed, instant_of, like_start
from publisher.model.when import Days, Hours, When
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publisher.model.records import Event, Recurrence

__all__ = ["BadRule", "RecurrenceSet", "recurrence_set"]

#: No page, digest or check looks at more occurrences of one event than this.
MAX_OCCURRENCES = 1_000
_FREQUENCIES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
#: Whole cycles of the calendar: in 400 years weekdays and leap days return. dateutil looks for the next date
#: until the year 9999; moved there, it sees within two to four centuries that there is none.
_CYCLES = timedelta(days=19 * 146_097)


@dataclass(frozen=True)
class RecurrenceSet:
    """The rule, the dates taken out and added, in local time of `timezone` (midnight for whole days)."""

    start: Days | Hours
    timezone: str
    #: The RRULE's value, UNTIL in UTC when the start is timed (section 3.3.10).
    rule: str
    without: tuple[datetime, ...] = ()
    also: tuple[datetime, ...] = ()
    #: original local start -> index in the record's `changed`.
    changed: dict[datetime, int] = field(default_factory=dict)

    def starts(self, first: date, last: date) -> Iterator[datetime]:
        """Local starts from `first` to `last`, in order, at most MAX_OCCURRENCES."""
        found = sorted(set(self._all(last)) - set(self.without))
        return islice((moment for moment in found if moment.date() >= first), MAX_OCCURRENCES)

    def _all(self, last: date) -> Iterator[datetime]:
        """Every local start up to `last`, those of the rule before those beside it."""
        moved = (moment - _CYCLES for moment in _moved(self.rule, self.timezone, _local_start(self.start)))
        yield from takewhile(lambda moment: moment.date() <= last, moved)
        yield from (moment for moment in self.also if moment.date() <= last)

    def time_at(self, local: datetime) -> Days | Hours:
        """When the occurrence with this local start takes place, by the rule."""
        if isinstance(self.start, Days):
            return Days(local.date(), local.date() + (self.start.last - self.start.first))
        # A gap or a fold takes the offset before it (section 3.3.5): zoneinfo's fold=0.
        begin = local.replace(tzinfo=zone(self.timezone)).astimezone(UTC)
        end = begin + (self.start.end - self.start.start) if self.start.end else None
        return Hours(begin, end, self.timezone)


def recurrence_set(event: Event, start: Days | Hours, default_timezone: str) -> RecurrenceSet:
    """The recurrence set of an event; BadRule tells what does not hold."""
    recurrence = event.recurrence
    assert recurrence is not None  # noqa: S101 -- callers look first
    timezone = event.timezone or default_timezone
    bare = RecurrenceSet(start, timezone, _rule(recurrence, start, timezone))
    if next(bare.starts(date.min, _local_start(start).date()), None) != _local_start(start):
        hint = "begin with the first date that the rule gives"
        raise BadRule("recurrence", "expected the start to be a date of its own rule, and it is not", hint)
    also = tuple(_extra(event, start, timezone, index) for index in range(len(recurrence.also)))
    full = RecurrenceSet(start, timezone, bare.rule, also=also)
    named = [*recurrence.except_, *(changed.occurrence for changed in recurrence.changed)]
    dates = _by_day(full, named)
    excepted = len(recurrence.except_)
    without = [_hit(dates, event, w, ("recurrence", "except", i)) for i, w in enumerate(named[:excepted])]
    changed: dict[datetime, int] = {}
    for index, when in enumerate(named[excepted:]):
        where = ("recurrence", "changed", index, "occurrence")
        local = _hit(dates, event, when, where)
        if local in changed or local in without:
            given = "twice" if local in changed else "in 'except' and in 'changed'"
            raise BadRule(where, f"'{when}' is given {given}", "keep one of them")
        changed[local] = index
    return RecurrenceSet(start, timezone, bare.rule, tuple(without), also, changed)


def _local_start(start: Days | Hours) -> datetime:
    if isinstance(start, Days):
        return datetime.combine(start.first, time())
    return start.start.astimezone(zone(start.timezone)).replace(tzinfo=None)


def _moved(rule: str, timezone: str, first: datetime) -> rrule:
    """The rule for dateutil: all of it in local time, and moved by whole cycles of the calendar."""
    endless, _, until = rule.partition(";UNTIL=")
    made = rrulestr(endless, dtstart=first + _CYCLES)
    assert isinstance(made, rrule)  # noqa: S101 -- a single rule is no set
    return made.replace(until=_naive(until, timezone) + _CYCLES) if until else made


def _naive(until: str, timezone: str) -> datetime:
    """The value of UNTIL in local time: dateutil wants start and UNTIL alike."""
    if not until.endswith("Z"):
        return datetime.combine(date.fromisoformat(until), time())
    return datetime.fromisoformat(until).astimezone(zone(timezone)).replace(tzinfo=None)


def _rule(recurrence: Recurrence, start: Days | Hours, timezone: str) -> str:
    if (recurrence.every is None) == (recurrence.rule is None):
        given = "neither" if recurrence.every is None else "both"
        raise BadRule("recurrence", f"expected one of 'every' and 'rule', got {given}", "write 'every: week'")
    if recurrence.until is not None and recurrence.count is not None:
        raise BadRule(("recurrence", "count"), "expected 'until' or 'count', got both", "keep one of them")
    rule = f"FREQ={_FREQUENCIES[recurrence.every]}" if recurrence.every else read_rule(recurrence.rule or "")
    if recurrence.count:
        return f"{rule};COUNT={recurrence.count}"
    return f"{rule};UNTIL={_until(recurrence.until, start, timezone)}" if recurrence.until else rule


def _until(until: When, start: Days | Hours, timezone: str) -> str:
    """The value of UNTIL: a date for whole days, else an instant in UTC (section 3.3.10)."""
    where = ("recurrence", "until")
    if not until.is_day:
        raise BadRule(where, f"expected a day or a time, got '{until}'", "name the last date")
    local = datetime.combine(until.first(), until.clock or time(23, 59, 59))
    if local < _local_start(start):
        raise BadRule(where, f"expected a date from the start on, got '{until}'", "name the last date")
    if isinstance(start, Days):
        return f"{until.first():%Y%m%d}"
    return f"{local.replace(tzinfo=zone(timezone)).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _extra(event: Event, start: Days | Hours, timezone: str, index: int) -> datetime:
    """The local start of a date beside the rule: one that exists, after the event's own."""
    where = ("recurrence", "also", index)
    assert event.recurrence is not None  # noqa: S101 -- it has this date
    local = _local(event, event.recurrence.also[index], where)
    if isinstance(start, Hours):
        try:
            instant_of(When(local.year, local.month, local.day, local.time()), timezone, "also")
        except Mistimed as error:
            raise BadRule(where, str(error), error.hint) from None
    if local < _local_start(start):
        hint = "begin the event with its first date"
        raise BadRule(where, f"expected a date after the start, got '{event.recurrence.also[index]}'", hint)
    return local


def _local(event: Event, when: When, where: tuple[str | int, ...]) -> datetime:
    """The local start that is meant by a date of the event."""
    try:
        precise = like_start(when, event.start, str(where[-1]))
    except Mistimed as error:
        raise BadRule(where, str(error), error.hint) from None
    return datetime.combine(precise.first(), precise.clock or time())


def _by_day(full: RecurrenceSet, named: Iterable[When]) -> dict[date, list[datetime]]:
    """The dates of the event on the days that are named."""
    days = {when.first() for when in named}
    found: dict[date, list[datetime]] = {day: [] for day in days}
    for moment in full._all(max(days, default=date.min)):  # noqa: SLF001 -- its own module
        if moment.date() in days:
            found[moment.date()].append(moment)
    return found


def _hit(
    dates: dict[date, list[datetime]], event: Event, when: When, where: tuple[str | int, ...]
) -> datetime:
    """The local start of the occurrence that is meant: exactly, or the only one of that day."""
    meant = _local(event, when, where)
    there = dates[when.first()]
    if meant in there:
        return meant
    if when.clock is None and len(there) == 1:
        return there[0]
    shown = f"it has {there[0]:%Y-%m-%d %H:%M}" if there and when.clock else "name a date that the rule gives"
    raise BadRule(where, f"expected a date of the event, got '{when}'", shown)
