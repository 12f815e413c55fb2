"""How an event repeats: the RFC 5545 recurrence set of a record, and its expansion.

Rules run in local time (RFC 5545 section 3.3.10): a weekly meeting from 18:00 to
19:30 stays so when the clocks change. Only the expansion is bounded, never the
rule that calendars receive.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from publisher.model.clock_changes import unclear_times
from publisher.model.rule import BadRule, parse_rule, read_rule
from publisher.model.rule_dates import rule_dates
from publisher.model.timing import Mistimed, ends_like, instant_of, like_start
from publisher.model.when import Days, Hours, When
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publisher.model.records import Event, Recurrence

__all__ = ["BadRule", "RecurrenceSet", "check_recurrence", "local_start", "recurrence_set"]

_FREQUENCIES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_ONE_SECOND = timedelta(seconds=1)
_NO_TIME = timedelta()


@dataclass(frozen=True)
class RecurrenceSet:
    """The rule, the dates taken out and added, in local time of `timezone` (midnight for whole days)."""

    start: Days | Hours
    timezone: str
    #: The RRULE's value, UNTIL in UTC when the start is timed (section 3.3.10); empty where `also` lists all.
    rule: str
    without: tuple[datetime, ...] = ()
    #: Dates that the rule does not give. Without a rule the first is the start: ical.js and ical take an
    #: event that has RDATE alone for one on these dates only.
    also: tuple[datetime, ...] = ()
    #: original local start -> index in the record's `changed`.
    changed: dict[datetime, int] = field(default_factory=dict)

    def starts(self, first: date, last: date) -> Iterator[datetime]:
        """Local starts from `first` to `last`, in order; at most one a day comes from the rule."""
        found = {
            *self._by_rule(first, last),
            *(local for local in self.also if first <= local.date() <= last),
        }
        return iter(sorted(found.difference(self.without)))

    def last(self) -> datetime | None:
        """The last local start; none for a rule without an end."""
        if self.rule and "UNTIL=" not in self.rule and "COUNT=" not in self.rule:
            return None
        return max(self.starts(date.min, date.max))

    def _by_rule(self, first: date, last: date) -> list[datetime]:
        if not self.rule:
            return []
        return rule_dates(self.rule, self.timezone, local_start(self.start)).between(first, last)

    def time_at(self, local: datetime) -> Days | Hours:
        """When the occurrence with this local start takes place, by the rule."""
        if isinstance(self.start, Days):
            return Days(local.date(), local.date() + (self.start.last - self.start.first))
        # A gap or a fold takes the offset before it (section 3.3.5): zoneinfo's fold=0.
        begin = local.replace(tzinfo=zone(self.timezone)).astimezone(UTC)
        return Hours(begin, ends_like(self.start, begin, self.timezone), self.timezone)

    def length(self) -> timedelta:
        """How long each date lasts by the clock; without an end, no time at all; a day for a day."""
        if isinstance(self.start, Days):
            return self.start.last - self.start.first + timedelta(days=1)
        if self.start.end is None:
            return _NO_TIME
        shown = self.start.end.astimezone(zone(self.timezone)).replace(tzinfo=None) - local_start(self.start)
        return shown if shown > _NO_TIME else self.start.end - self.start.start


def recurrence_set(event: Event, start: Days | Hours, default_timezone: str) -> RecurrenceSet:
    """The recurrence set of an event; BadRule tells what does not hold."""
    recurrence = event.recurrence
    assert recurrence is not None  # noqa: S101 -- callers look first
    timezone = event.timezone or default_timezone
    bare = RecurrenceSet(start, timezone, _rule(recurrence, start, timezone))
    begin = local_start(start)
    if bare.rule and rule_dates(bare.rule, timezone, begin).first != begin:
        hint = "begin with the first date that the rule gives"
        raise BadRule("recurrence", "expected the start to be a date of its own rule, and it is not", hint)
    extra = [_extra(event, start, timezone, index) for index in range(len(recurrence.also))]
    also = [local for local in extra if local not in bare._by_rule(local.date(), local.date())]  # noqa: SLF001 -- its own module
    full = replace(bare, also=tuple(dict.fromkeys(also if bare.rule else [begin, *also])))
    return _without(full, event)


def check_recurrence(event: Event, start: Days | Hours, default_timezone: str) -> None:
    """Make sure that an event recurs, and that calendar programs find the same dates; else BadRule.

    What was published when less was known of programs must still compile: so this is for what is new.
    """
    recurrence = event.recurrence
    if recurrence and (rule := _written_rule(recurrence)):
        read_rule(rule, local_start(start).date())
    dates = recurrence_set(event, start, default_timezone)
    if isinstance(start, Hours):
        _require_clear(dates)


def _without(full: RecurrenceSet, event: Event) -> RecurrenceSet:
    """With the dates that are taken out or changed, each of them one that there is."""
    recurrence = event.recurrence
    assert recurrence is not None  # noqa: S101 -- it has dates
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
    left = replace(full, without=tuple(dict.fromkeys(without)), changed=changed)
    if without and _is_empty(left):
        hint = "'status: cancelled' tells that it does not take place"
        raise BadRule(("recurrence", "except"), "expected a date on which it takes place, got none", hint)
    return left


def _is_empty(dates: RecurrenceSet) -> bool:
    """Whether nothing is left: after the last date that is taken out there may be more."""
    last = max(dates.without).date()
    if any(dates.starts(date.min, last)) or any(local.date() > last for local in dates.also):
        return False
    return not dates.rule or not rule_dates(dates.rule, dates.timezone, local_start(dates.start)).has_after(
        last
    )


def _require_clear(dates: RecurrenceSet) -> None:
    """Dates at a time of day that the clocks skip or show twice are read differently (an hour apart)."""
    begin = local_start(dates.start)
    for local in unclear_times(dates.timezone, begin.time(), begin.date()):
        if local in dates.starts(local.date(), local.date()) and local not in dates.changed:
            message = (
                f"the clocks in {zone(dates.timezone).key} skip {local:%Y-%m-%d %H:%M}, or show it twice"
            )
            hint = "name this date in 'except', or in 'changed' with another time: calendar programs differ"
            raise BadRule("recurrence", message, hint)


def local_start(start: Days | Hours) -> datetime:
    """When something begins by the clock there, at midnight for whole days."""
    if isinstance(start, Days):
        return datetime.combine(start.first, time())
    return start.start.astimezone(zone(start.timezone)).replace(tzinfo=None)


def _rule(recurrence: Recurrence, start: Days | Hours, timezone: str) -> str:
    """The RRULE's value; empty where the dates are listed one by one."""
    if recurrence.every is not None and recurrence.rule is not None:
        raise BadRule("recurrence", "expected one of 'every' and 'rule', got both", "write 'every: week'")
    if recurrence.every is None and recurrence.rule is None:
        return _no_rule(recurrence)
    if recurrence.until is not None and recurrence.count is not None:
        raise BadRule(("recurrence", "count"), "expected 'until' or 'count', got both", "keep one of them")
    rule = ";".join(f"{name}={value}" for name, value in parse_rule(_written_rule(recurrence)).items())
    if recurrence.count:
        return f"{rule};COUNT={recurrence.count}"
    return f"{rule};UNTIL={_until(recurrence.until, start, timezone)}" if recurrence.until else rule


def _written_rule(recurrence: Recurrence) -> str:
    """The rule without its end, as it was written; of both the simple one."""
    return f"FREQ={_FREQUENCIES[recurrence.every]}" if recurrence.every else recurrence.rule or ""


def _no_rule(recurrence: Recurrence) -> str:
    for name in ("until", "count"):
        if getattr(recurrence, name) is not None:
            message = f"expected 'every' or 'rule' beside '{name}', got neither"
            raise BadRule(("recurrence", name), message, "write 'every: week'")
    if not recurrence.also:
        hint = "write 'every: week', or list its dates in 'also'"
        raise BadRule("recurrence", "expected 'every', 'rule' or 'also', got none of them", hint)
    return ""


def _until(until: When, start: Days | Hours, timezone: str) -> str:
    """The value of UNTIL: a date for whole days, else an instant in UTC (section 3.3.10)."""
    where = ("recurrence", "until")
    if not until.is_day:
        raise BadRule(where, f"expected a day or a time, got '{until}'", "name the last date")
    begin = local_start(start)
    if isinstance(start, Days) and until.clock:
        message = f"the event's start is a day, '{until}' has a time of day"
        raise BadRule(where, message, "name the day alone")
    if datetime.combine(until.first(), until.clock or time.max) < begin:
        raise BadRule(where, f"expected a date from the start on, got '{until}'", "name the last date")
    if isinstance(start, Days):
        return f"{until.first():%Y%m%d}"
    instant = _end_of_day(until.first(), begin.time(), timezone)
    if until.clock:
        instant = datetime.combine(until.first(), until.clock, zone(timezone)).astimezone(UTC)
    return f"{instant:%Y%m%dT%H%M%SZ}"


def _end_of_day(day: date, clock: time, timezone: str) -> datetime:
    """The last second of a local day, in UTC; where the clocks skip it, the day's date at the time of day.

    In Nuuk the last hour of a Saturday in March is skipped: its 23:59 would be past the next day's 00:30.
    """
    last = datetime.combine(day, time(), zone(timezone)) + timedelta(days=1) - _ONE_SECOND
    instant = last.astimezone(UTC)
    if instant.astimezone(zone(timezone)).date() == day:
        return instant
    return datetime.combine(day, clock, zone(timezone)).astimezone(UTC)


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
    if local < local_start(start):
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
    return {day: list(full.starts(day, day)) for day in {when.first() for when in named}}


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
