"""From what is written to when it is: local times, zones and precisions resolved.

Every function here is pure, and raises `Mistimed` with the field that is to
blame, so that a finding can point at its line.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from publisher.model.when import Days, Hours, Time, Unknown, When
from publisher.zones import NonexistentTime, UnclearTime, instant, zone

if TYPE_CHECKING:
    from publisher.model.records import ChangedOccurrence, Deadline, Event, Session

_MIXED = "give both as days, or both with a time of day"


class Mistimed(ValueError):
    """A time that cannot be: `field` is to blame, `code` names the finding."""

    def __init__(self, field: str, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.field, self.code, self.hint = field, code, hint


def instant_of(when: When, timezone: str, field: str) -> datetime:
    """The UTC instant of a local time; a gap or a fold of the clock is never guessed."""
    try:
        return instant(when.local(), zone(timezone))
    except UnclearTime as error:
        code = "nonexistent-time" if isinstance(error, NonexistentTime) else "ambiguous-time"
        raise Mistimed(field, code, str(error), error.hint) from None


def event_time(event: Event, default_timezone: str) -> Time:
    """When the event takes place, as precisely as it is known."""
    if event.start is not None:
        return span(event.start, event.end, event.timezone or default_timezone)
    if event.end is not None:
        raise Mistimed(
            "end", "missing-date", f"the event has an end '{event.end}' and no start", "give 'start' too"
        )
    if event.reported is None:
        hint = "give 'start', or 'reported' if only a report's day is known"
        raise Mistimed("start", "missing-date", "the event has no date", hint)
    require_day(event.reported, "reported")
    return Unknown(reported=event.reported.first())


def session_time(session: Session, event: Event, default_timezone: str) -> Time:
    """When a session takes place; its zone is the event's unless it has its own."""
    require_day(session.start, "start")
    return span(session.start, session.end, session.timezone or event.timezone or default_timezone)


def deadline_time(deadline: Deadline, event: Event, default_timezone: str) -> Time:
    """When something is due."""
    require_day(deadline.at, "at")
    return span(deadline.at, None, deadline.timezone or event.timezone or default_timezone, field="at")


def registration_end(event: Event, default_timezone: str) -> Days | Hours | None:
    """Until when one can register; None where nothing is said, or the day is not known."""
    closes = event.registration.closes if event.registration else None
    if closes is None or not closes.is_day:
        return None
    end = span(closes, None, event.timezone or default_timezone, field="closes")
    return None if isinstance(end, Unknown) else end


def occurrence_time(changed: ChangedOccurrence, event: Event, default_timezone: str) -> Time:
    """When a changed occurrence takes place.

    What it does not say is as by the rule: a day alone keeps the event's time
    of day, and without a new end the event's length stays.
    """
    timezone = event.timezone or default_timezone
    field, written = ("start", changed.start) if changed.start else ("occurrence", changed.occurrence)
    start = like_start(written, event.start, field)
    if changed.end is not None:
        return span(start, changed.end, timezone, field=field)
    return _as_long(span(start, None, timezone, field=field), event_time(event, default_timezone))


def ends_like(whole: Hours, begin: datetime, timezone: str) -> datetime | None:
    """The end of another date of an event, which begins at an instant: as much later on the clock.

    RFC 5545 section 3.8.5.3 speaks of the same exact duration. Where the clocks change in between, that is
    another hour on the clock; calendar programs and the people who meet keep to the clock.
    """
    if whole.end is None:
        return None
    clocks = zone(timezone)
    start, end, local = (
        moment.astimezone(clocks).replace(tzinfo=None) for moment in (whole.start, whole.end, begin)
    )
    later = (local + (end - start)).replace(tzinfo=clocks).astimezone(UTC)
    # Within one change of the clock the same hour may come before: then nothing but the duration is left.
    return later if later > begin else begin + (whole.end - whole.start)


def _as_long(begins: Time, whole: Time) -> Time:
    if isinstance(begins, Hours) and isinstance(whole, Hours):
        return Hours(begins.start, ends_like(whole, begins.start, begins.timezone), begins.timezone)
    if isinstance(begins, Days) and isinstance(whole, Days):
        return Days(begins.first, begins.first + (whole.last - whole.first))
    return begins


def like_start(when: When, start: When | None, field: str) -> When:
    """A date of a recurring event: a day alone has the time of day of the event's start."""
    require_day(when, field)
    clock = start.clock if start else None
    if when.clock is not None and clock is None:
        message = f"the event's start '{start}' is a day, '{when}' has a time of day"
        raise Mistimed(field, "mixed-precision", message, "name the day alone")
    return When(when.year, when.month, when.day, when.clock or clock)


def require_day(when: When, field: str) -> None:
    """Make sure that the day is known."""
    if not when.is_day:
        hint = "give the day, and the time of day if it is known"
        raise Mistimed(field, "invalid-date", f"expected a day, got '{when}'", hint)


def span(start: When, end: When | time | None, timezone: str, *, field: str = "start") -> Time:
    """A start and an end as written, resolved; an end that is a time alone may be after midnight."""
    if not start.is_day:
        return _unknown(start, end)
    if start.clock is None:
        return _days(start, end)
    begin = instant_of(start, timezone, field)
    if end is None:
        return Hours(begin, None, timezone)
    finish = instant_of(_end_point(start, start.clock, end), timezone, "end")
    if finish <= begin:
        raise _backwards(start, end)
    return Hours(begin, finish, timezone)


def _end_point(start: When, clock: time, end: When | time) -> When:
    if isinstance(end, When):
        if end.clock is None:
            hint = "give the end as a time (11:30), or as a day and a time"
            raise _mixed(f"the start '{start}' has a time of day, the end '{end}' has none", hint)
        return end
    day = start.first() + timedelta(days=0 if end >= clock else 1)
    return When(day.year, day.month, day.day, end)


def _days(start: When, end: When | time | None) -> Days:
    if end is None:
        return Days(start.first(), start.first())
    if isinstance(end, time) or end.clock is not None:
        raise _mixed(f"the start '{start}' is a day, the end '{_written(end)}' has a time of day", _MIXED)
    if not end.is_day:
        raise _mixed(f"the start '{start}' is a day, the end '{end}' is not", "give the end as a day")
    if end.first() < start.first():
        raise _backwards(start, end)
    return Days(start.first(), end.first())


def _unknown(start: When, end: When | time | None) -> Unknown:
    if isinstance(end, time) or (end is not None and end.clock is not None):
        hint = "give the end as a day, a month or a year"
        raise _mixed(f"the start '{start}' is not a day, the end '{_written(end)}' has a time of day", hint)
    if end is not None and end.last() < start.first():
        raise _backwards(start, end)
    return Unknown(start=start, end=end)


def _mixed(message: str, hint: str) -> Mistimed:
    return Mistimed("end", "mixed-precision", message, hint)


def _backwards(start: When, end: When | time) -> Mistimed:
    message = f"expected an end after the start '{start}', got '{_written(end)}'"
    return Mistimed("end", "end-before-start", message, "swap the two, or correct one")


def _written(end: When | time) -> str:
    return f"{end:%H:%M}" if isinstance(end, time) else str(end)


def end_of(moment: Time, timezone: str) -> datetime:
    """The instant after which it is certainly over, in UTC; whole days end with their day in `timezone`."""
    match moment:
        case Hours(start, end, _):
            return end or start
        case Days(_, last):
            day = last
        case Unknown(start, end, reported):
            stated = end or start
            assert reported or stated  # noqa: S101 -- an event says one of them, else it is refused
            day = reported or stated.last()  # type: ignore[union-attr]  # so there is one
    midnight = datetime.combine(day + timedelta(days=1), time())
    return midnight.replace(tzinfo=zone(timezone)).astimezone(UTC)
