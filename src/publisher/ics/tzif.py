"""What `tzdata` says of a zone: dated changes, then seasons for ever, read from its TZif file (RFC 8536).

Instants are seconds since 1970 in UTC, offsets are seconds east of Greenwich.
"""

from __future__ import annotations

import calendar
import re
import struct
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Rrule: TypeAlias = dict[str, str | int | list[int]]

EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 -- the origin of local seconds too
DAY: Final = 86_400
_FEBRUARY, _MARCH = 2, 3
_LAST_WEEK: Final = 5
_WEEKDAYS: Final = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")  # in the order in which POSIX counts them


@dataclass(frozen=True, slots=True)
class Phase:
    """A way in which the clocks of a zone go (RFC 8536 calls it a local time type)."""

    offset: int
    dst: bool
    name: str


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """Mm.w.d: the w-th weekday d (from Sunday, 0) of month m; the fifth is the last."""

    month: int
    week: int
    weekday: int

    def on(self, year: int) -> date:
        """The day in this year."""
        first = date(year, self.month, 1)
        day = 1 + (self.weekday - first.isoweekday()) % 7 + 7 * (self.week - 1)
        return first.replace(day=day if day <= _length(year, self.month) else day - 7)

    def rrules(self, shift: int) -> list[Rrule]:
        """The day that is `shift` days later, as yearly rules; none where they cannot tell it."""
        weekday = _WEEKDAYS[(self.weekday + shift) % 7]
        last = self.week == _LAST_WEEK
        if shift == 0:
            return [_yearly(BYMONTH=self.month, BYDAY=f"{-1 if last else self.week}{weekday}")]
        if last and self.month == _FEBRUARY:
            return []
        end = _length(EPOCH.year, self.month) if last else 7 * self.week
        week = [date(EPOCH.year, self.month, end - back) for back in range(6, -1, -1)]
        return [_yearly(**days, BYDAY=weekday) for days in _moved(week, shift)]


@dataclass(frozen=True, slots=True)
class CommonDay:
    """Jn: the n-th day of the year, from 1, as if there were no 29 February."""

    number: int

    def on(self, year: int) -> date:
        """The day in this year."""
        return self._in_common_year().replace(year=year)

    def rrules(self, shift: int) -> list[Rrule]:
        """The day that is `shift` days later, as a yearly rule; none where it cannot tell it."""
        return [_yearly(**days) for days in _moved([self._in_common_year()], shift)]

    def _in_common_year(self) -> date:
        return EPOCH.date() + timedelta(days=self.number - 1)


@dataclass(frozen=True, slots=True)
class YearDay:
    """n: the n-th day of the year, from 0, with 29 February counted."""

    number: int

    def on(self, year: int) -> date:
        """The day in this year; day 365 of a common year is the first of the next."""
        return date(year, 1, 1) + timedelta(days=self.number)

    def rrules(self, shift: int) -> list[Rrule]:
        """The day that is `shift` days later, as a yearly rule; none where it cannot tell it."""
        in_every_year = range(1, 366)
        day = self.number + 1
        told = day in in_every_year and day + shift in in_every_year
        return [_yearly(BYYEARDAY=day + shift)] if told else []


def _moved(days: list[date], shift: int) -> list[Rrule]:
    """Days of a common year, `shift` days later, listed by month; none if 29 February would come between."""
    moved = [day + timedelta(days=shift) for day in days]
    if {_FEBRUARY, _MARCH} <= {day.month for day in (*days, *moved)}:
        return []
    return [
        {"BYMONTH": month, "BYMONTHDAY": [day.day for day in group]}
        for month, group in groupby(moved, key=lambda day: day.month)
    ]


def _yearly(**parts: str | int | list[int]) -> Rrule:
    return {"FREQ": "YEARLY", **parts}


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


@dataclass(frozen=True, slots=True)
class Onset:
    """When clocks are changed in each year: `time` seconds into a day, by the clocks as they were."""

    day: NthWeekday | CommonDay | YearDay
    time: int

    def at(self, year: int, offset: int) -> int:
        """The instant in this year, with clocks `offset` seconds ahead of UTC until then."""
        return midnight(self.day.on(year)) + self.time - offset

    def rrules(self) -> list[Rrule]:
        """Rules for the local day it falls on, which with a time of 26:00 or -1:00 is a neighbouring one."""
        return self.day.rrules(self.time // DAY)


@dataclass(frozen=True, slots=True)
class Seasons:
    """Daylight saving for ever: each year from one onset to the other."""

    standard: Phase
    daylight: Phase
    start: Onset
    end: Onset

    def changes(self, years: Iterable[int]) -> Iterator[tuple[int, Phase]]:
        """All changes of these years; an end that meets the next start comes before it."""
        for year in years:
            yield self.end.at(year, self.daylight.offset), self.standard
            yield self.start.at(year, self.standard.offset), self.daylight


@dataclass(frozen=True, slots=True)
class ZoneRules:
    """All that a zone file says: the phase at the beginning of time, dated changes, then seasons if any."""

    initial: Phase
    dated: tuple[tuple[int, Phase], ...]
    seasons: Seasons | None


# Step 1: reading. RFC 8536 section 3: a header and a block of 32-bit instants, for old programs;
# a header and a block of 64-bit instants; a footer.

_HEADER: Final = struct.Struct(">4sc15x6l")


def parse_tzif(data: bytes) -> ZoneRules:
    """The rules in a TZif file of version 2 or later.

    Raises:
        ValueError: it is no such file.
    """
    start = _HEADER.size + _block_size(_counts(data), 4)
    counts = _counts(data[start:])
    block = data[start + _HEADER.size :]
    *_, times, kinds, _ = counts
    # RFC 8536 section 3.2: instants, the phase from each on, the phases, their names
    instants = struct.unpack_from(f">{times}q", block)
    numbers = block[8 * times : 9 * times]
    names = block[9 * times + 6 * kinds :]
    phases = [
        Phase(offset, dst, names[index : names.index(0, index)].decode("ascii"))
        for offset, dst, index in struct.iter_unpack(">l?B", block[9 * times : 9 * times + 6 * kinds])
    ]
    dated = zip(instants, (phases[number] for number in numbers), strict=True)
    return ZoneRules(phases[0], tuple(dated), parse_footer(block[_block_size(counts, 8) :].decode("ascii")))


def _counts(data: bytes) -> tuple[int, ...]:
    """RFC 8536 section 3.1: of UT marks, standard marks, leap seconds, instants, phases, letters."""
    if data[:4] != b"TZif" or data[4:5] < b"2":
        raise ValueError(f"expected a TZif file of version 2 or later, got {data[:5]!r}")
    _, _, *counts = _HEADER.unpack_from(data)
    return tuple(counts)


def _block_size(counts: tuple[int, ...], width: int) -> int:
    ut, standard, leap, times, kinds, letters = counts
    return times * (width + 1) + kinds * 6 + letters + leap * (width + 4) + standard + ut


# RFC 8536 section 3.3: the footer is a POSIX TZ string; its hours may be -167 to 167 (section 3.3.1).
_NAME: Final = r"[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>"
_CLOCK: Final = r"[+-]?\d{1,3}(?::\d{2}){0,2}"
_FOOTER: Final = re.compile(
    rf"(?P<name>{_NAME})(?P<west>{_CLOCK})"
    rf"(?:(?P<dst_name>{_NAME})(?P<dst_west>{_CLOCK})?,(?P<start>[^,]+),(?P<end>[^,]+))?"
)
_ONSET: Final = re.compile(rf"(?:M(\d+)\.([1-5])\.([0-6])|J(\d+)|(\d+))(?:/({_CLOCK}))?")


def parse_footer(footer: str) -> Seasons | None:
    r"""The seasons that a footer such as '\nCET-1CEST,M3.5.0,M10.5.0/3\n' tells; nothing if it tells none.

    Raises:
        ValueError: it is not a POSIX TZ string between line ends.
    """
    text = footer.strip("\n")
    found = _FOOTER.fullmatch(text)
    if text and not found:
        raise ValueError(f"expected a POSIX TZ string, got {text!r}")
    if not found or not found["dst_name"]:
        return None
    offset = -_seconds(found["west"])  # POSIX counts westward
    ahead = -_seconds(found["dst_west"]) if found["dst_west"] else offset + 3600
    standard = Phase(offset, dst=False, name=found["name"].strip("<>"))
    daylight = Phase(ahead, dst=True, name=found["dst_name"].strip("<>"))
    return Seasons(standard, daylight, _onset(found["start"]), _onset(found["end"]))


def _onset(text: str) -> Onset:
    found = _ONSET.fullmatch(text)
    if not found:
        raise ValueError(f"expected a day of a POSIX TZ string, got {text!r}")
    month, week, weekday, common, number, clock = found.groups()
    time = _seconds(clock or "2")
    if month:
        return Onset(NthWeekday(int(month), int(week), int(weekday)), time)
    return Onset(CommonDay(int(common)) if common else YearDay(int(number)), time)


def _seconds(clock: str) -> int:
    """[+-]h[:m[:s]] in seconds."""
    hours, minutes, seconds = (*map(int, clock.lstrip("+-").split(":")), 0, 0)[:3]
    return (hours * 3600 + minutes * 60 + seconds) * (-1 if clock.startswith("-") else 1)


def midnight(day: date) -> int:
    """The seconds at which a day begins, whatever the zone's clocks show."""
    return (day - EPOCH.date()).days * DAY
