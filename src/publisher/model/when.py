"""Dates as people write them, and the time of an event as it is known.

A `When` keeps the precision it was written in: a year, a month, a day or a
local minute. What no source says is not stated, so nothing here ever fills in
a missing day. An event's `Time` is one of three: whole days, hours, or
not yet known to the day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeAlias

from publisher.diagnostics import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

_WHEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[ T](\d{2}):(\d{2}))?)?)?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_OFFSET = re.compile(
    r"(\S{8,10}[ T]\d{2}:\d{2})(?::\d{2})? ?(?:Z|[+-]\d{2}:?\d{2})", re.ASCII | re.IGNORECASE
)
_SECONDS = re.compile(r"(\S{8,10}[ T]\d{2}:\d{2}):\d{2}(?:\.\d+)?", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(.*)", re.ASCII)
_LOOSE = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(.*)", re.ASCII)
_LONGEST = 40  # no date is longer; whatever is, is not looked at any closer
_EXPECTED = "expected a day (2027-09-06), a local time (2027-09-06 09:00), a month (2027-09) or a year (2027)"

#: The years that calendars, zones and formats are known to agree on.
FIRST_YEAR, LAST_YEAR = 1970, 2199


class UnreadableDate(ValueError):
    """Not a date as records have them: the message says what was expected and what came; `hint` helps."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class When:
    """A point in a record's own calendar, exactly as precise as it was written. No zone."""

    year: int
    month: int | None = None
    day: int | None = None
    clock: time | None = None

    @classmethod
    def parse(cls, text: str) -> When:
        """Read what a curator writes.

        Raises:
            UnreadableDate: for anything else, dates that no calendar has included.
        """
        match = _WHEN.fullmatch(text) if len(text) <= _LONGEST else None
        if not match:
            raise _unreadable(text)
        year, *rest = (int(part) if part else None for part in match.groups())
        month, day, hour, minute = rest
        assert year is not None  # noqa: S101 -- the pattern has it
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise UnreadableDate(
                f"expected a year from {FIRST_YEAR} to {LAST_YEAR}, got {quoted(text)}", "correct the year"
            )
        try:
            date(year, 1 if month is None else month, 1 if day is None else day)
            clock = None if hour is None or minute is None else time(hour, minute)
        except ValueError:
            raise UnreadableDate(
                f"there is no such date or time as {quoted(text)}", _nearest(year, month, day)
            ) from None
        return cls(year, month, day, clock)

    def __str__(self) -> str:
        text = f"{self.year:04}"
        for part in (self.month, self.day):
            if part is not None:
                text += f"-{part:02}"
        return f"{text} {self.clock:%H:%M}" if self.clock else text

    @property
    def is_day(self) -> bool:
        """Whether the day is known (and perhaps the minute)."""
        return self.day is not None

    def first(self) -> date:
        """The earliest day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    def last(self) -> date:
        """The latest day it can mean."""
        if self.day is not None:
            return self.first()
        following = (
            date(self.year + 1, 1, 1)
            if self.month in {None, 12}
            else date(self.year, (self.month or 0) + 1, 1)
        )
        return following - timedelta(days=1)

    def local(self) -> datetime:
        """The naive local time; only for a When that has a clock."""
        assert self.clock is not None  # noqa: S101 -- callers look first
        return datetime.combine(self.first(), self.clock)


def parse_end(text: str) -> When | time:
    """An end: a point in the calendar, or a time of day alone (11:30).

    Raises:
        UnreadableDate: for anything else.
    """
    match = _CLOCK.fullmatch(text)
    if not match:
        return When.parse(text)
    try:
        return time(int(match[1]), int(match[2]))
    except ValueError:
        raise UnreadableDate(
            f"there is no such time as {quoted(text)}", "write a time from 00:00 to 23:59"
        ) from None


def _unreadable(text: str) -> UnreadableDate:
    """What to say of a text that is no date: most often it is one in another notation."""
    got = quoted(text)
    if len(text) > _LONGEST:
        return UnreadableDate(f"{_EXPECTED}, got {got}", "write the date alone")
    if match := _OFFSET.fullmatch(text):
        message = f"expected a local time without an offset, got {got}"
        return UnreadableDate(
            message, f"write '{match[1].replace('T', ' ')}' and name the zone in 'timezone'"
        )
    if match := _SECONDS.fullmatch(text):
        return UnreadableDate(f"{_EXPECTED}, got {got}", f"write '{match[1].replace('T', ' ')}'")
    guess = _rewritten(text)
    hint = f"did you mean '{guess}'?" if guess else "write it like 2027-09-06 or 2027-09-06 09:00"
    return UnreadableDate(f"{_EXPECTED}, got {got}", hint)


def _rewritten(text: str) -> str:
    """A date of another order or with other signs, as records have it; empty where there is none."""
    if match := _DOTTED.fullmatch(text):
        guess = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}{match[4]}"
    elif match := _LOOSE.fullmatch(text):
        guess = f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}{match[4]}"
    else:
        return ""
    try:
        return str(When.parse(guess)) if _WHEN.fullmatch(guess) else ""
    except UnreadableDate:
        return ""


def _nearest(year: int, month: int | None, day: int | None) -> str:
    """What is there instead of a date or time that is not."""
    if month is not None and not 1 <= month <= 12:  # noqa: PLR2004 -- months
        return "write year, month and day, in this order"
    days = monthrange(year, month or 1)[1]
    if day is not None and not 1 <= day <= days:
        return f"this month has {days} days"
    return "write a time from 00:00 to 23:59; midnight is 00:00 of the day that begins"


@dataclass(frozen=True)
class Days:
    """Whole days, both inclusive, as people write them (RFC 5545's DTEND is one day later)."""

    first: date
    last: date


@dataclass(frozen=True)
class Hours:
    """An instant (UTC) in a zone, and the end when one is known: no invented duration."""

    start: datetime
    end: datetime | None
    timezone: str


@dataclass(frozen=True)
class Unknown:
    """The day is not known: what is known of start and end, or the day of a report."""

    start: When | None = None
    end: When | None = None
    reported: date | None = None


Time: TypeAlias = Days | Hours | Unknown


def sort_key(moment: Time) -> tuple[str, str]:
    """Chronological order over all kinds; the less precise stands at its earliest possibility's end."""
    match moment:
        case Days(first, last):
            return (first.isoformat(), f"0{last.isoformat()}")
        case Hours(start, end, _):
            return (start.astimezone(UTC).isoformat(), f"1{end.isoformat() if end else ''}")
        case Unknown(start, end, reported):
            known = reported or (end.last() if end else None) or (start.last() if start else date.max)
            return (known.isoformat(), "2")


def encode_time(moment: Time) -> dict[str, str]:
    """A time as plain values, for the ledger and for machines."""
    match moment:
        case Days(first, last):
            return {"first": first.isoformat(), "last": last.isoformat()}
        case Hours(start, end, timezone):
            known = {"start": start.astimezone(UTC).isoformat(), "timezone": timezone}
            return known | ({"end": end.astimezone(UTC).isoformat()} if end else {})
        case Unknown(start, end, reported):
            parts = {"about": start, "until": end, "reported": reported}
            return {name: str(value) for name, value in parts.items() if value is not None}


def decode_time(values: Mapping[str, str]) -> Time:
    """The inverse of `encode_time`."""
    if "first" in values:
        return Days(date.fromisoformat(values["first"]), date.fromisoformat(values["last"]))
    if "start" in values:
        end = datetime.fromisoformat(values["end"]) if "end" in values else None
        return Hours(datetime.fromisoformat(values["start"]), end, values["timezone"])
    return Unknown(
        When.parse(values["about"]) if "about" in values else None,
        When.parse(values["until"]) if "until" in values else None,
        date.fromisoformat(values["reported"]) if "reported" in values else None,
    )
