"""How an event repeats: the RFC 5545 recurrence set of a record, and its expansion.

Rules run in local time (RFC 5545 section 3.3.10): a weekly meeting at 18:00
stays at 18:00 when the clocks change. Only the expansion is bounded, never the
rule that calendars receive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from dateutil.rrule import rrulestr

from publisher.model.when import Days, Hours, When
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.records import Event, Recurrence

#: No page, digest or check looks at more occurrences of one event than this.
MAX_OCCURRENCES = 1_000
MAX_COUNT = 10_000
_RULE = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(?:;[A-Z]+=[A-Z0-9,+-]+)*")
_PARTS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYYEARDAY", "BYWEEKNO", "WKST", "COUNT", "UNTIL"})
_FREQUENCIES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}


class BadRule(ValueError):
    """A recurrence that calendars would not understand alike: `where` in the record is to blame."""

    def __init__(self, where: str | tuple[str | int, ...], message: str, hint: str = "") -> None:
        super().__init__(message)
        self.where = (where,) if isinstance(where, str) else where
        self.hint = hint


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
        """Local starts from `first` to `last`, in order, those taken out left out, at most MAX_OCCURRENCES."""
        low, high = datetime.combine(first, time()), datetime.combine(last, time.max)
        rule = rrulestr(_naive_until(self.rule, self.timezone), dtstart=_local_start(self.start))
        extra = {moment for moment in self.also if low <= moment <= high}
        generated: list[datetime] = []
        for moment in rule.xafter(low, count=MAX_OCCURRENCES, inc=True):
            if moment > high:
                break
            generated.append(moment)
        yield from sorted((set(generated) | extra) - set(self.without))[:MAX_OCCURRENCES]

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
    rule = _rule(recurrence, start, timezone)
    first = _local_start(start)
    bare = RecurrenceSet(start, timezone, rule)
    if next(iter(bare.starts(first.date(), first.date())), None) != first:
        raise BadRule(("recurrence",), "the start is not a date of its own rule", "begin with the first date that the rule gives")
    also = tuple(_extra(when, start, index) for index, when in enumerate(recurrence.also))
    full = RecurrenceSet(start, timezone, rule, also=also)
    without = tuple(_hit(full, w, ("recurrence", "except", i)) for i, w in enumerate(recurrence.except_))
    changed = {
        _hit(full, c.occurrence, ("recurrence", "changed", i, "occurrence")): i for i, c in enumerate(recurrence.changed)
    }
    return RecurrenceSet(start, timezone, rule, without, also, changed)


def _local_start(start: Days | Hours) -> datetime:
    if isinstance(start, Days):
        return datetime.combine(start.first, time())
    return start.start.astimezone(zone(start.timezone)).replace(tzinfo=None)


def _rule(recurrence: Recurrence, start: Days | Hours, timezone: str) -> str:
    if (recurrence.every is None) == (recurrence.rule is None):
        raise BadRule("recurrence", "expected one of 'every' and 'rule'", "write 'every: week', or a rule")
    rule = f"FREQ={_FREQUENCIES[recurrence.every]}" if recurrence.every else _written_rule(recurrence.rule or "")
    bounded = "COUNT=" in rule or "UNTIL=" in rule
    if bounded + (recurrence.until is not None) + (recurrence.count is not None) > 1:
        raise BadRule("recurrence", "expected at most one of 'until', 'count' and a bound in the rule", "keep one of them")
    if recurrence.count:
        rule += f";COUNT={recurrence.count}"
    if recurrence.until:
        rule += f";UNTIL={_until(recurrence.until, start, timezone)}"
    return rule


def _written_rule(text: str) -> str:
    where = ("recurrence", "rule")
    text = text.removeprefix("RRULE:")
    if not _RULE.fullmatch(text):
        raise BadRule(where, f"expected a rule such as 'FREQ=WEEKLY;BYDAY=TU', got '{text}'")
    parts = dict(part.split("=", 1) for part in text.split(";"))
    if unknown := set(parts) - _PARTS:
        raise BadRule(where, f"'{sorted(unknown)[0]}' is not allowed in a rule", "leave it out")
    if parts.get("FREQ") not in _FREQUENCIES.values():
        raise BadRule(where, f"expected a frequency of a day or more, got '{parts.get('FREQ', '')}'", "use DAILY, WEEKLY, MONTHLY or YEARLY")
    if int(parts.get("COUNT", "1") if parts.get("COUNT", "1").isdigit() else 0) not in range(1, MAX_COUNT + 1):
        raise BadRule(where, f"expected a count from 1 to {MAX_COUNT}, got '{parts['COUNT']}'")
    if "UNTIL" in parts:
        raise BadRule(where, "give the end of the rule in 'until'", "move UNTIL out of the rule into 'until: 2027-12-20'")
    try:
        rrulestr(text, dtstart=datetime(2027, 1, 1))  # noqa: DTZ001 -- only to see that it can be read
    except (ValueError, KeyError, TypeError):
        raise BadRule(where, f"'{text}' is no rule that calendars understand", "see RFC 5545 section 3.3.10") from None
    return text


def _until(until: When, start: Days | Hours, timezone: str) -> str:
    if not until.is_day:
        raise BadRule(("recurrence", "until"), f"expected a day or a time, got '{until}'")
    if isinstance(start, Days):
        return f"{until.first():%Y%m%d}"
    local = until.local() if until.clock else datetime.combine(until.first(), time(23, 59, 59))
    return f"{local.replace(tzinfo=zone(timezone)).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _naive_until(rule: str, timezone: str) -> str:
    """The same rule with UNTIL in local time: dateutil wants start and UNTIL alike."""
    match = re.search(r"UNTIL=(\d{8}T\d{6})Z", rule)
    if not match:
        return rule
    utc = datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return rule.replace(match[0], f"UNTIL={utc.astimezone(zone(timezone)):%Y%m%dT%H%M%S}")


def _extra(when: When, start: Days | Hours, index: int) -> datetime:
    where = ("recurrence", "also", index)
    if not when.is_day or (isinstance(start, Days) and when.clock):
        raise BadRule(where, f"expected a day like the start, got '{when}'", "give it the precision of the start")
    return when.local() if when.clock else datetime.combine(when.first(), _local_start(start).time())


def _hit(full: RecurrenceSet, when: When, where: tuple[str | int, ...]) -> datetime:
    """The local start of the occurrence that is meant: exactly, or the one of that day."""
    if not when.is_day:
        raise BadRule(where, f"expected a day or a time, got '{when}'")
    day = when.first()
    for moment in full.starts(day, day):
        if when.clock is None or moment == when.local():
            return moment
    raise BadRule(where, f"'{when}' is not a date of the event", "name a date that the rule gives")
