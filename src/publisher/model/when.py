"""Dates as people write them, and the time of an event as it is known.

A `When` keeps the precision it was written in: a year, a month, a day or a
local minute. What no source says is not stated, so nothing here ever fills in
a missing day. An event's `Time` is one of three: whole days, hours, or
not yet known to the day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

_WHEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[ T](\d{2}):(\d{2}))?)?)?")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_OFFSET = re.compile(r"\d{2}:\d{2}(?::\d{2})?\s*(?:Z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)
_EXPECTED = "expected a day (2027-09-06), a local time (2027-09-06 09:00), a month (2027-09) or a year (2027)"

#: The years that calendars, zones and formats are known to agree on.
FIRST_YEAR, LAST_YEAR = 1970, 2199


@dataclass(frozen=True, order=True)
class When:
    """A point in a record's own calendar, exactly as precise as it was written. No zone."""

    year: int
    month: int | None = None
    day: int | None = None
    clock: time | None = None

    @classmethod
    def parse(cls, text: str) -> When:
        """Read what a curator writes; ValueError tells what was expected."""
        if _OFFSET.search(text):
            raise ValueError(f"'{text}' carries an offset: write the local time and name the zone in 'timezone'")
        match = _WHEN.fullmatch(text)
        if not match:
            raise ValueError(f"{_EXPECTED}, got '{text}'")
        year, month, day, hour, minute = (int(part) if part else None for part in match.groups())
        assert year is not None  # noqa: S101 -- the pattern has it
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"expected a year from {FIRST_YEAR} to {LAST_YEAR}, got '{text}'")
        try:
            date(year, month or 1, day or 1)
            clock = time(hour, minute or 0) if hour is not None else None
        except ValueError:
            raise ValueError(f"there is no such date or time as '{text}'") from None
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
        return datetime.combine(self.first(), self.clock)  # noqa: DTZ001, RUF100 -- naive by meaning


def parse_clock(text: str) -> time:
    """A time of day alone (11:30)."""
    match = _CLOCK.fullmatch(text)
    try:
        if match:
            return time(int(match[1]), int(match[2]))
    except ValueError:
        pass
    raise ValueError(f"expected a time of day such as 11:30, got '{text}'")


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


def decode_time(values: dict[str, str]) -> Time:
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
