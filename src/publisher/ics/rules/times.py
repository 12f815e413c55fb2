"""Rules about starts and ends: types, order, clocks (RFC 5545 sections 3.3.4, 3.3.5, 3.8.2)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.ics import values
from publisher.ics.observances import TELLABLE, is_unclear
from publisher.ics.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.ics.subject import ENTRIES, Subject, clock, tzid
from publisher.ics.values import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.ics.lines import ContentLine

_LOCAL: Final = ("DTSTART", "DTEND", "DUE", "RECURRENCE-ID")
_STAMPS: Final = ("DTSTAMP", "CREATED", "LAST-MODIFIED", "COMPLETED")
_LISTS: Final = ("RDATE", "EXDATE")
_TIMED: Final = (*_LOCAL, *_STAMPS)
_DATED: Final = re.compile(r"\d{8}(?!\d)", re.ASCII)
_DAY: Final = timedelta(days=1)
_ALL_BUT_A_MINUTE: Final = timedelta(hours=23, minutes=59)


@rule(
    "date-malformed", ERROR, Sight.PROPERTY, *_TIMED, *_LISTS, source="RFC 5545 3.3.4, 3.3.5",
    misread="The entry is lost, or the file refused; Fastmail refuses a calendar for white space "
    "after a date.",
    mend="write it like 20260611, 20260611T090000 or 20260611T040000Z",
)  # fmt: skip
def date_malformed(line: ContentLine, subject: Subject) -> Found | None:
    """A day is 20260611, a time 20260611T090000, with a Z in UTC; nothing else stands beside it."""
    try:
        if line.name in _LISTS:
            values.moments(line)
        elif subject.first(line.name) is not line or subject.moment(line.name) is None:
            values.moment(line.value)
    except BadValue as bad:
        return Found(line.number, str(bad), line.value, bad.hint)
    return None


@rule(
    "date-type-wrong", ERROR, Sight.PROPERTY, *_LOCAL, *_LISTS, source="RFC 5545 3.2.20, 3.8.2.4",
    misread="Strict readers refuse the entry; others take a day for midnight.",
    mend="write VALUE=DATE with days, and only with them",
)  # fmt: skip
def date_type_wrong(line: ContentLine, subject: Subject) -> Found | None:
    """A day, not a time, is announced by VALUE=DATE."""
    del subject
    given = line.parameters.get("VALUE", ("DATE-TIME",))[0].upper()
    first = line.value.partition(",")[0]
    if not _DATED.match(first):
        return None
    found = "PERIOD" if "/" in first else "DATE-TIME" if "T" in first else "DATE"
    if given == found:
        return None
    if found == "DATE":
        return Found(line.number, f"expected VALUE=DATE with the day {quoted(first)}, got none", first)
    hint = f"write VALUE={found}" if found == "PERIOD" else "leave VALUE out, or write a day"
    return Found(line.number, f"expected a {given} as VALUE says, got {quoted(first)}", first, hint)


@rule(
    "zone-on-utc", ERROR, Sight.PROPERTY, *_TIMED, *_LISTS, source="RFC 5545 3.2.19 (MUST NOT)",
    misread="Some read the time in the zone, others in UTC: hours apart.",
    mend="leave TZID out, or write the local time without Z",
)  # fmt: skip
def zone_on_utc(line: ContentLine, subject: Subject) -> Found | None:
    """TZID stands with local times only; Z says UTC already, and a day has no zone."""
    del subject
    if not tzid(line):
        return None
    if line.value.endswith("Z"):
        return Found(line.number, f"expected a local time with TZID, got {quoted(line.value)} in UTC", "TZID")
    if _DATED.fullmatch(line.value):
        return Found(
            line.number, f"expected no TZID with the day {quoted(line.value)}", "TZID", "leave TZID out"
        )
    return None


@rule(
    "stamp-not-utc", ERROR, Sight.PROPERTY, *_STAMPS, source="RFC 5545 3.8.7 (MUST be in UTC)",
    misread="Which of two copies is newer is told wrongly, and changes are not taken over.",
    mend="write the instant in UTC, with Z",
)  # fmt: skip
def stamp_not_utc(line: ContentLine, subject: Subject) -> Found | None:
    """Stamps are instants, and are written in UTC."""
    del subject
    if line.value.endswith("Z") or not _DATED.match(line.value):
        return None
    return Found(line.number, f"expected {line.name} in UTC, with a Z, got {quoted(line.value)}", line.value)


@rule(
    "time-floating", WARNING, Sight.PROPERTY, "DTSTART", "DUE", source="RFC 5545 3.3.5 (form 1)",
    misread="Each reader sees it in the zone they are in: at as many instants as there are zones.",
    mend="write it in UTC with Z, or with TZID and the VTIMEZONE",
)  # fmt: skip
def time_floating(line: ContentLine, subject: Subject) -> Found | None:
    """A local time without a zone is another instant for everybody."""
    if line.value.endswith("Z") or subject.name not in ENTRIES or tzid(line):
        return None
    if not isinstance(subject.moment(line.name), datetime) or (
        line.name == "DUE" and "DTSTART" in subject.by
    ):
        return None
    return Found(
        line.number, f"expected a zone or UTC, got the floating time {quoted(line.value)}", line.value
    )


def _clock_of(subject: Subject, name: str) -> str:
    line, value = subject.first(name), subject.moment(name)
    return clock(line, value) if line and value else ""


@rule(
    "time-unclear", WARNING, Sight.PROPERTY, "DTSTART", "DTEND", "DUE", source="RFC 5545 3.3.5",
    misread="Engines differ by the hour by which clocks are moved.",
    mend="write it in UTC, with Z",
)  # fmt: skip
def time_unclear(line: ContentLine, subject: Subject) -> Found | None:
    """A local time that the clocks of the zone skip, or show twice, is not one instant to everybody."""
    definition = subject.surroundings.zones.get(tzid(line)) if "TZID" in line.parameters else None
    local = subject.moment(line.name)
    if not definition or not definition.iana or not isinstance(local, datetime) or local.tzinfo:
        return None
    if not is_unclear(local, definition.iana):
        return None
    name = definition.iana.key
    return Found(
        line.number,
        f"expected one instant, got {quoted(line.value)} in an hour in which {name} moves its clocks",
        line.value,
    )


@rule(
    "end-and-duration", ERROR, Sight.COMPONENT, *ENTRIES, having="DURATION", source="RFC 5545 "
    "3.6.1 (MUST NOT)",
    misread="Some take the one, some the other, and strict readers neither.",
    mend="leave one of them out",
)  # fmt: skip
def end_and_duration(subject: Subject) -> Iterator[Found]:
    """An entry has an end or a duration, not both."""
    for name in ("DTEND", "DUE"):
        if name in subject.by:
            yield Found(subject.by["DURATION"][0].number, f"expected {name} or DURATION, got both")


@rule(
    "end-type-wrong", ERROR, Sight.COMPONENT, *ENTRIES, having="DTSTART", source="RFC 5545 "
    "3.8.2.2, 3.8.2.3 (MUST)",
    misread="The entry lasts to another instant than is meant, or is refused.",
    mend="write start and end both as days, or both as times; local times both with a TZID",
)  # fmt: skip
def end_type_wrong(subject: Subject) -> Iterator[Found]:
    """Start and end are of one type; the end floats only if the start does."""
    start = _clock_of(subject, "DTSTART")
    for name in ("DTEND", "DUE"):
        end = _clock_of(subject, name)
        if start and end and start != end and ({start, end} & {"DATE", "floating"}):
            line = subject.by[name][0]
            yield Found(
                line.number,
                f"expected {name} to be {_said(start)} like DTSTART, got {_said(end)}",
                line.value,
            )


def _said(clock_name: str) -> str:
    if clock_name in {"DATE", "floating"}:
        return {"DATE": "a day", "floating": "a floating time"}[clock_name]
    return "in UTC" if clock_name == "UTC" else "with a zone"


@rule(
    "end-before-start", ERROR, Sight.COMPONENT, "VEVENT", "VTODO", having="DTSTART", source="RFC "
    "5545 3.8.2.2 (MUST be later)",
    misread="The event is lost, or is shown with a length of its own in each client.",
    mend="correct the start or the end",
)  # fmt: skip
def end_before_start(subject: Subject) -> Iterator[Found]:
    """An end is later than the start; a day that is the end is the first one after."""
    for name in ("DTEND", "DUE"):
        length = _length(subject, name)
        if length is None or length > timedelta():
            continue
        line, is_day = subject.by[name][0], not isinstance(subject.moment(name), datetime)
        if length < timedelta():
            yield Found(line.number, f"expected {name} after DTSTART, got {quoted(line.value)}", line.value)
        elif is_day and name == "DTEND":
            hint = "write the day after the last one: DTEND is not part of the event"
            yield Found(line.number, f"expected {name} after DTSTART, got the same day", line.value, hint)


@rule(
    "end-is-start", WARNING, Sight.COMPONENT, "VEVENT", having="DTSTART", source="RFC 5545 3.6.1, 3.8.2.2",
    misread="Strict readers refuse it; others show half an hour, an hour or a line.",
    mend="leave the end out if the event has no length that is known",
)  # fmt: skip
def end_is_start(subject: Subject) -> Iterator[Found]:
    """An event without a length has no DTEND, and no DURATION."""
    if isinstance(subject.moment("DTEND"), datetime) and _length(subject, "DTEND") == timedelta():
        line = subject.by["DTEND"][0]
        yield Found(line.number, "expected DTEND after DTSTART, or none, got the same time", line.value)


def _length(subject: Subject, name: str) -> timedelta | None:
    """From the start to an end, where both are by one clock; nothing where that cannot be told."""
    end, start = subject.moment(name), subject.moment("DTSTART")
    if start is None or end is None:
        return None
    zones = subject.surroundings.zones
    if _clock_of(subject, name) == _clock_of(subject, "DTSTART"):
        return end - start if isinstance(end, datetime) == isinstance(start, datetime) else None
    begin, finish = (_instant(subject, each) if zones else None for each in ("DTSTART", name))
    return finish - begin if begin and finish else None


def _instant(subject: Subject, name: str) -> datetime | None:
    line, value = subject.first(name), subject.moment(name)
    if not line or not isinstance(value, datetime):
        return None
    if value.tzinfo:
        return value
    definition = subject.surroundings.zones.get(tzid(line))
    if not definition or not definition.iana or value.year not in TELLABLE:
        return None
    return value.replace(tzinfo=definition.iana).astimezone(UTC)


@rule(
    "duration-malformed", ERROR, Sight.PROPERTY, "DURATION", "REFRESH-INTERVAL", source="RFC 5545 "
    "3.3.6, 3.8.2.5",
    misread="The entry has no end, or is lost.",
    mend="write it like PT1H30M, P1D or P2W",
)  # fmt: skip
def duration_malformed(line: ContentLine, subject: Subject) -> Found | None:
    """A duration is positive, in days, hours, minutes and seconds, or in weeks alone."""
    try:
        length = values.duration(line.value)
    except BadValue as bad:
        return Found(line.number, str(bad), line.value, bad.hint)
    if length < timedelta() or (not length and subject.name not in ENTRIES):
        return Found(line.number, f"expected a positive duration, got {quoted(line.value)}", line.value)
    if _clock_of(subject, "DTSTART") == "DATE" and "T" in line.value.upper():
        hint = "write it in days, like P1D, or give the start a time"
        return Found(
            line.number, f"expected whole days, as DTSTART is one, got {quoted(line.value)}", line.value, hint
        )
    return None


@rule(
    "all-day-by-time", WARNING, Sight.COMPONENT, "VEVENT", having="DTEND", source="RFC 5545 "
    "3.6.1; what people complain about",
    misread="Readers in other zones see it begin in the evening before; all see a block of hours, not a bar.",
    mend="write days: DTSTART;VALUE=DATE:20260611 and DTEND;VALUE=DATE: with the day after the last one",
)  # fmt: skip
def all_day_by_time(subject: Subject) -> Iterator[Found]:
    """What goes from midnight to midnight is meant to be whole days, and is written as days."""
    start, end = subject.moment("DTSTART"), subject.moment("DTEND")
    if not isinstance(start, datetime) or not isinstance(end, datetime) or start.time() != time():
        return
    if _clock_of(subject, "DTSTART") != _clock_of(subject, "DTEND") or end <= start:
        return
    over = (end - start) % _DAY
    if not over or over >= _ALL_BUT_A_MINUTE:
        line = subject.by["DTSTART"][0]
        yield Found(
            line.number, "expected days for an event from midnight to midnight, got times", line.value
        )


RULES = (
    date_malformed,
    date_type_wrong,
    zone_on_utc,
    stamp_not_utc,
    time_floating,
    time_unclear,
    end_and_duration,
    end_type_wrong,
    end_before_start,
    end_is_start,
    duration_malformed,
    all_day_by_time,
)
