"""Rules about time: every moment exists, ends follow starts, dates are as precise as they must be."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from publisher.diagnostics import Diagnostic, warning
from publisher.model.records import Announcement, Event
from publisher.model.recurrence import BadRule, check_recurrence
from publisher.model.timing import (
    Mistimed,
    deadline_time,
    event_time,
    instant_of,
    occurrence_time,
    require_day,
    session_time,
)
from publisher.model.when import Days, Hours, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from publisher.content.checks import Context
    from publisher.content.schema import Sheet
    from publisher.content.syntax import Location
    from publisher.model.when import Time, When


def times_hold(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """Every time exists, and ends come after starts."""
    event = sheet.record
    if not isinstance(event, Event):
        return
    yield from _timed(sheet, (), partial(event_time, event, context.timezone))
    for index, session in enumerate(event.sessions):
        yield from _timed(sheet, ("sessions", index), partial(session_time, session, event, context.timezone))
    for index, deadline in enumerate(event.deadlines):
        yield from _timed(
            sheet, ("deadlines", index), partial(deadline_time, deadline, event, context.timezone)
        )


def _timed(sheet: Sheet, where: Location, compute: Callable[[], object]) -> Iterator[Diagnostic]:
    try:
        compute()
    except Mistimed as error:
        yield Diagnostic(sheet.entry.span(*where, error.field), error.code, str(error), error.hint)


def sessions_within(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """A session outside its event's days is probably a slip."""
    event = sheet.record
    if not isinstance(event, Event) or event.recurrence:
        return
    try:
        whole = event_time(event, context.timezone)
        parts = [session_time(session, event, context.timezone) for session in event.sessions]
    except Mistimed:
        return
    for index, (session, part) in enumerate(zip(event.sessions, parts, strict=True)):
        if _is_outside(session.start, part, whole):
            message = f"expected the session '{session.id}' within the event, got '{session.start}'"
            span = sheet.entry.span("sessions", index, "start")
            yield warning(span, "session-outside-event", message, "correct its start, or the event's dates")


def _is_outside(start: When, part: Time, whole: Time) -> bool:
    match whole:
        case Days(first, last):
            return not first <= start.first() <= last
        case Hours(begin, end, _) if isinstance(part, Hours):
            return part.start < begin or bool(end and part.start >= end)
    return False


def recurrences_hold(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """A rule is one that calendars understand, does not run away, and its exceptions hit it."""
    event = sheet.record
    if not isinstance(event, Event) or event.recurrence is None:
        return
    try:
        time = event_time(event, context.timezone)
    except Mistimed:
        return  # told already
    if isinstance(time, Unknown):
        message = "expected a day on which the event first takes place, got none"
        yield Diagnostic(
            sheet.entry.span("start"), "invalid-recurrence", message, "give 'start' as a day or a time"
        )
        return
    try:
        check_recurrence(event, time, context.timezone)
    except BadRule as error:
        yield Diagnostic(sheet.entry.span(*error.where), "invalid-recurrence", str(error), error.hint)
        return
    for index, changed in enumerate(event.recurrence.changed):
        where = ("recurrence", "changed", index)
        yield from _timed(sheet, where, partial(occurrence_time, changed, event, context.timezone))


def registration_holds(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """Registration opens before it closes, at times that exist."""
    event = sheet.record
    registration = event.registration if isinstance(event, Event) else None
    if not isinstance(event, Event) or registration is None:
        return
    timezone = event.timezone or context.timezone
    for name, when in (("opens", registration.opens), ("closes", registration.closes)):
        if when is not None and when.clock is not None:
            yield from _timed(sheet, ("registration",), partial(instant_of, when, timezone, name))
    opens, closes = registration.opens, registration.closes
    if (
        opens
        and closes
        and (closes.last(), closes.clock or opens.clock) < (opens.first(), opens.clock or closes.clock)
    ):
        message = f"expected a day after it opens on '{opens}', got '{closes}'"
        yield Diagnostic(
            sheet.entry.span("registration", "closes"),
            "end-before-start",
            message,
            "swap the two, or correct one",
        )


def publication_times_hold(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """`publish_at` is a moment of the site's clock, `date` and `expires` are days of its calendar."""
    record = sheet.record
    if (when := record.publish_at) is not None:
        check = instant_of if when.clock else _known_day
        yield from _timed(sheet, (), partial(check, when, context.timezone, "publish_at"))
    if not isinstance(record, Announcement):
        return
    for name, day in (("date", record.date), ("expires", record.expires)):
        if day is not None and (not day.is_day or day.clock):
            hint = "leave it out if the day is not known"
            yield Diagnostic(sheet.entry.span(name), "invalid-date", f"expected a day, got '{day}'", hint)
    if record.date and record.expires and record.expires.last() <= record.date.first():
        message = f"expected a day after the date '{record.date}', got '{record.expires}'"
        yield Diagnostic(sheet.entry.span("expires"), "end-before-start", message, "correct one of them")


def _known_day(when: When, timezone: str, field: str) -> None:
    del timezone
    require_day(when, field)
