"""When things are over: what is still to come is told about, what is over may leave in silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from publisher.model.records import Event
from publisher.model.recurrence import recurrence_set
from publisher.model.timing import end_of
from publisher.model.when import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publisher.model.ledger import Item
    from publisher.model.recurrence import RecurrenceSet
    from publisher.model.when import Time

#: The end of what has none.
NEVER = datetime.max.replace(tzinfo=UTC)
#: How far one looks for the next date of a rule that may have no end.
_NEAR = timedelta(days=5 * 366)
_DAY = timedelta(days=1)


def event_end(
    time: Time, recurrence: RecurrenceSet | None, changed: Iterable[Time], timezone: str
) -> datetime:
    """When an event is over for good, in UTC: after its last date, the changed ones included; or never."""
    ends = [end_of(moment, timezone) for moment in (time, *changed)]
    if recurrence is not None:
        last = recurrence.last()
        ends.append(end_of(recurrence.time_at(last), timezone) if last else NEVER)
    return max(ends)


def item_end(item: Item, parts: Iterable[Item], timezone: str) -> datetime:
    """When nothing of a public event is to come: neither it nor a session, a deadline or a changed date."""
    record, time = item.record(), item.last_day or item.time
    if time is None or not isinstance(record, Event):
        return datetime.min.replace(tzinfo=UTC)
    recurrence = None
    if record.recurrence and item.time and not isinstance(item.time, Unknown):
        recurrence = recurrence_set(record, item.time, timezone)
    return event_end(time, recurrence, [p.time for p in parts if p.is_public and p.time], timezone)


def is_coming(part: Item, now: datetime, timezone: str) -> bool:
    """Whether a part of an event is not over yet."""
    return part.time is not None and end_of(part.time, timezone) > now


def next_date(event: Item, now: datetime, timezone: str) -> Time | None:
    """When an event takes place that readers wait for at an instant: of one that recurs the next date."""
    record, time = event.record(), event.time
    if time is None or isinstance(time, Unknown) or not isinstance(record, Event) or not record.recurrence:
        return time
    recurrence, today = recurrence_set(record, time, timezone), now.date()
    near = recurrence.starts(today - _DAY, today + _NEAR)
    return next((date for date in map(recurrence.time_at, near) if end_of(date, timezone) > now), time)
