"""From what is written to when it is: local times, zones and precisions resolved.

Every function here is pure, and raises `Mistimed` with the field that is to
blame, so that a finding can point at its line.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from publisher.model.when import Days, Hours, Time, Unknown, When
from publisher.zones import AmbiguousTime, NonexistentTime, instant, zone

if TYPE_CHECKING:
    from publisher.model.records import ChangedOccurrence, Deadline, Event, Session


class Mistimed(ValueError):
    """A time that cannot be: `field` is to blame, `code` names the finding."""

    def __init__(self, field: str, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.field, self.code, self.hint = field, code, hint


def instant_of(when: When, timezone: str, field: str) -> datetime:
    """The UTC instant of a local time; a gap or a fold of the clock is never guessed."""
    try:
        return instant(when.local(), zone(timezone))
    except NonexistentTime as error:
        raise Mistimed(field, "nonexistent-time", str(error), "choose a time that exists") from None
    except AmbiguousTime as error:
        hint = "write the time in UTC with 'timezone: UTC'"
        raise Mistimed(field, "ambiguous-time", str(error), hint) from None


def event_time(event: Event, default_timezone: str) -> Time:
    """When the event takes place, as precisely as it is known."""
    if event.start is None:
        if event.reported is None:
            raise Mistimed("start", "missing-date", "the event has no date", "give 'start', or 'reported' if only a report's day is known")
        if not event.reported.is_day:
            raise Mistimed("reported", "invalid-date", f"expected the day of the report, got '{event.reported}'")
        return Unknown(reported=event.reported.first())
    return span(event.start, event.end, event.timezone or default_timezone)


def session_time(session: Session, event: Event, default_timezone: str) -> Time:
    """When a session takes place; its zone is the event's unless it has its own."""
    return span(session.start, session.end, session.timezone or event.timezone or default_timezone)


def deadline_time(deadline: Deadline, event: Event, default_timezone: str) -> Time:
    """When something is due."""
    return span(deadline.at, None, deadline.timezone or event.timezone or default_timezone, field="at")


def occurrence_time(changed: ChangedOccurrence, event: Event, default_timezone: str) -> Time:
    """When a changed occurrence takes place; without a new start it keeps its own, and the event's length."""
    timezone = event.timezone or default_timezone
    if changed.start is not None or changed.end is not None:
        return span(changed.start or changed.occurrence, changed.end, timezone)
    plain = span(changed.occurrence, None, timezone, field="occurrence")
    whole = event_time(event, default_timezone)
    if isinstance(plain, Hours) and isinstance(whole, Hours) and whole.end:
        return Hours(plain.start, plain.start + (whole.end - whole.start), timezone)
    if isinstance(plain, Days) and isinstance(whole, Days):
        return Days(plain.first, plain.first + (whole.last - whole.first))
    return plain


def span(start: When, end: When | time | None, timezone: str, *, field: str = "start") -> Time:
    """A start and an end as written, resolved; an end that is a time alone may be after midnight."""
    if not start.is_day:
        return _unknown(start, end)
    if start.clock is None:
        return _days(start, end)
    begin = instant_of(start, timezone, field)
    if end is None:
        return Hours(begin, None, timezone)
    finish = instant_of(_end_point(start, end), timezone, "end")
    if finish <= begin:
        raise Mistimed("end", "end-before-start", f"the end '{end}' is not after the start '{start}'", "swap or correct them")
    return Hours(begin, finish, timezone)


def _end_point(start: When, end: When | time) -> When:
    if isinstance(end, When):
        if end.clock is None:
            raise Mistimed("end", "mixed-precision", f"the start has a time of day, the end '{end}' has none", "give the end as a time (11:30) or as a day and a time")
        return end
    if start.clock is not None and end > start.clock:
        return When(start.year, start.month, start.day, end)
    following = start.first() + timedelta(days=1)
    return When(following.year, following.month, following.day, end)


def _days(start: When, end: When | time | None) -> Days:
    if end is None:
        return Days(start.first(), start.first())
    if isinstance(end, time) or end.clock is not None:
        raise Mistimed("end", "mixed-precision", f"the start '{start}' is a day, the end has a time of day", "give the start a time too, or the end a day")
    if not end.is_day:
        raise Mistimed("end", "mixed-precision", f"the start '{start}' is a day, the end '{end}' is not", "give the end as a day")
    if end.first() < start.first():
        raise Mistimed("end", "end-before-start", f"the end '{end}' is before the start '{start}'", "swap or correct them")
    return Days(start.first(), end.first())


def _unknown(start: When, end: When | time | None) -> Unknown:
    if isinstance(end, time):
        raise Mistimed("end", "mixed-precision", f"the start '{start}' is not a day, the end is a time of day", "give the end as a day, a month or a year")
    if end is not None and end.last() < start.first():
        raise Mistimed("end", "end-before-start", f"the end '{end}' is before the start '{start}'", "swap or correct them")
    return Unknown(start=start, end=end)


def end_of(moment: Time, timezone: str) -> datetime:
    """The instant after which it is certainly over, in UTC; whole days end with their day in `timezone`."""
    match moment:
        case Hours(start, end, _):
            return end or start
        case Days(_, last):
            day = last
        case Unknown(start, end, reported):
            day = reported or (end.last() if end else None) or (start.last() if start else None)  # type: ignore[assignment]
    midnight = datetime.combine(day + timedelta(days=1), time())
    return midnight.replace(tzinfo=zone(timezone)).astimezone(UTC)
