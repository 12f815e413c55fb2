"""VTIMEZONE: the rules of a time zone, written so that every calendar program understands them.

Programs differ in what they read of RFC 5545 section 3.6.5, so this keeps to what all of
them do: yearly rules with a weekday; else single observances, each with a DTSTART of its
own; no lists of dates, no onset before 1970, always a STANDARD. In order:

1. read what `tzdata` says of the zone: dated changes, then seasons for ever (RFC 8536);
2. lay out all changes since 1970, and find from which one on the seasons tell them all;
3. write the seasons as rules, if they hold within the span, and the other changes in it one by one.

Instants are seconds since 1970 in UTC, offsets are seconds east of Greenwich.
"""

from __future__ import annotations

import calendar
import math
import re
import struct
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby, takewhile
from typing import TYPE_CHECKING, Final, TypeAlias

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from publisher.zones import zone, zone_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_Rrule: TypeAlias = dict[str, str | int | list[int]]

_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 -- the origin of local seconds too
_DAY: Final = 86_400
_FEBRUARY, _MARCH = 2, 3
_LAST_WEEK: Final = 5
_WEEKDAYS: Final = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")  # in the order in which POSIX counts them
_CYCLE: Final = 13  # years within which a date falls on each weekday, also where 2100 has no leap day


@lru_cache(maxsize=1024)
def vtimezone(tzid: str, first: date, last: date) -> bytes:
    """One VTIMEZONE, in CRLF lines, for local times from the first day to the last.

    After the last day it is right where the zone has seasons by then, or no change to come.

    Raises:
        UnknownZone: the name is none that `zone` takes.
    """
    name = zone(tzid).key
    return write_vtimezone(name, observances(parse_tzif(zone_file(name)), first, last))


# What a zone file says.


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

    def rrules(self, shift: int) -> list[_Rrule]:
        """The day that is `shift` days later, as yearly rules; none where they cannot tell it."""
        weekday = _WEEKDAYS[(self.weekday + shift) % 7]
        last = self.week == _LAST_WEEK
        if shift == 0:
            return [_yearly(BYMONTH=self.month, BYDAY=f"{-1 if last else self.week}{weekday}")]
        if last and self.month == _FEBRUARY:
            return []
        end = _length(_EPOCH.year, self.month) if last else 7 * self.week
        week = [date(_EPOCH.year, self.month, end - back) for back in range(6, -1, -1)]
        return [_yearly(**days, BYDAY=weekday) for days in _moved(week, shift)]


@dataclass(frozen=True, slots=True)
class CommonDay:
    """Jn: the n-th day of the year, from 1, as if there were no 29 February."""

    number: int

    def on(self, year: int) -> date:
        """The day in this year."""
        return self._in_common_year().replace(year=year)

    def rrules(self, shift: int) -> list[_Rrule]:
        """The day that is `shift` days later, as a yearly rule; none where it cannot tell it."""
        return [_yearly(**days) for days in _moved([self._in_common_year()], shift)]

    def _in_common_year(self) -> date:
        return _EPOCH.date() + timedelta(days=self.number - 1)


@dataclass(frozen=True, slots=True)
class YearDay:
    """n: the n-th day of the year, from 0, with 29 February counted."""

    number: int

    def on(self, year: int) -> date:
        """The day in this year; day 365 of a common year is the first of the next."""
        return date(year, 1, 1) + timedelta(days=self.number)

    def rrules(self, shift: int) -> list[_Rrule]:
        """The day that is `shift` days later, as a yearly rule; none where it cannot tell it."""
        in_every_year = range(1, 366)
        day = self.number + 1
        told = day in in_every_year and day + shift in in_every_year
        return [_yearly(BYYEARDAY=day + shift)] if told else []


def _moved(days: list[date], shift: int) -> list[_Rrule]:
    """Days of a common year, `shift` days later, listed by month; none if 29 February would come between."""
    moved = [day + timedelta(days=shift) for day in days]
    if {_FEBRUARY, _MARCH} <= {day.month for day in (*days, *moved)}:
        return []
    return [
        {"BYMONTH": month, "BYMONTHDAY": [day.day for day in group]}
        for month, group in groupby(moved, key=lambda day: day.month)
    ]


def _yearly(**parts: str | int | list[int]) -> _Rrule:
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
        return _midnight(self.day.on(year)) + self.time - offset

    def rrules(self) -> list[_Rrule]:
        """Rules for the local day it falls on, which with a time of 26:00 or -1:00 is a neighbouring one."""
        return self.day.rrules(self.time // _DAY)


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


# Step 2: all changes since 1970, and those among them that the seasons tell.


@dataclass(frozen=True, slots=True)
class Change:
    """The instant at which the clocks pass from one phase to another."""

    at: int
    before: Phase
    after: Phase

    @property
    def onset(self) -> datetime:
        """What the clocks show when they are changed: RFC 5545 wants it in the offset before."""
        return _EPOCH + timedelta(seconds=self.at + self.before.offset)

    @property
    def daylight(self) -> bool:
        """Whether it begins daylight saving as calendar programs know it: clocks put forward for a season.

        By Irish law winter is the exception, with clocks put back. Where a program takes
        DAYLIGHT for the advanced clock, saying it that way would mislead it; this never does.
        """
        if self.before.dst != self.after.dst:
            return self.after.offset > self.before.offset
        return self.after.dst


@dataclass(frozen=True, slots=True)
class Observance:
    """A change, once or with the rule by which it comes back: a STANDARD or DAYLIGHT of a VTIMEZONE."""

    change: Change
    rrule: _Rrule | None = None


def _history(rules: ZoneRules, last_year: int) -> tuple[Phase, list[Change]]:
    """The phase as 1970 began, and each change of clocks or name since: dated first, then by seasons."""
    told = dict(rules.dated)
    if rules.seasons:
        known_to = rules.dated[-1][0] if rules.dated else -math.inf
        seasons = rules.seasons.changes(range(_EPOCH.year - 2, last_year + 1))
        told |= {at: phase for at, phase in seasons if at > known_to}
    before, changes = rules.initial, []
    for at, after in sorted(told.items()):
        if (after.offset, after.name) != (before.offset, before.name):
            changes.append(Change(at, before, after))
        before = after
    since = [change for change in changes if change.at + change.before.offset >= 0]
    return (since[0].before if since else before), since


def _by_seasons(rules: ZoneRules, changes: list[Change], last_year: int) -> list[Change]:
    """The latest of the changes, back to the last one that the seasons alone would not have told."""
    _, told = _history(replace(rules, dated=()), last_year)
    pairs = zip(reversed(changes), reversed(told), strict=False)
    same = takewhile(lambda pair: pair[0] == pair[1], pairs)
    return [change for change, _ in same][::-1]


# Step 3: writing.


def observances(rules: ZoneRules, first: date, last: date) -> list[Observance]:
    """What tells the time of the zone from the first day to the last, in the order of their onsets."""
    begin, end = _midnight(first) - _DAY, _midnight(last) + 2 * _DAY  # wherever in the day the zone is
    known_to = rules.dated[-1][0] if rules.dated else 0
    last_year = 1 + max(last.year, (_EPOCH + timedelta(seconds=known_to)).year)
    phase, changes = _history(rules, last_year)
    seasonal = _by_seasons(rules, changes, last_year)
    yearly = _yearly_observances(rules, seasonal[0].at) if seasonal and seasonal[0].at <= end else []
    if yearly and seasonal[0].at <= begin:
        return yearly
    single = changes[: len(changes) - len(seasonal)] if yearly else changes
    past = [change for change in single if change.at <= begin]
    opening = past[-1] if past else Change(-phase.offset, phase, phase)
    coming = [change for change in single if begin < change.at <= end]
    return [*map(Observance, (opening, *coming)), *yearly]


def _yearly_observances(rules: ZoneRules, since: int) -> list[Observance]:
    """The seasons as rules, each from its first change on; none where a rule cannot tell one of them.

    A day that is now in one month, now in the next takes two rules.
    """
    seasons = rules.seasons
    if not seasons or not (starts := seasons.start.rrules()) or not (ends := seasons.end.rrules()):
        return []
    _, told = _history(replace(rules, dated=()), (_EPOCH + timedelta(seconds=since)).year + _CYCLE)
    changes = [change for change in told if change.at >= since]
    found = [
        Observance(_first(changes, phase, rrule), rrule)
        for phase, rrules in ((seasons.daylight, starts), (seasons.standard, ends))
        for rrule in rrules
    ]
    return sorted(found, key=lambda observance: observance.change.at)


def _first(changes: list[Change], phase: Phase, rrule: _Rrule) -> Change:
    """The first change to the phase that the rule tells."""
    return next(
        change
        for change in changes
        if change.after == phase and rrule.get("BYMONTH") in {None, change.onset.month}
    )


def write_vtimezone(tzid: str, parts: list[Observance]) -> bytes:
    """The component of these observances; without a STANDARD among them, the first one is called so."""
    component = Timezone()
    component.add("TZID", tzid)
    no_standard = all(part.change.daylight for part in parts)
    for number, part in enumerate(parts):
        daylight = part.change.daylight and not (no_standard and number == 0)
        component.add_component(_component(part, TimezoneDaylight if daylight else TimezoneStandard))
    return bytes(component.to_ical())


def _component(
    part: Observance, kind: type[TimezoneDaylight | TimezoneStandard]
) -> TimezoneDaylight | TimezoneStandard:
    change, component = part.change, kind()
    component.add("DTSTART", change.onset)
    if part.rrule:
        component.add("RRULE", part.rrule)
    component.add("TZNAME", change.after.name)
    component.add("TZOFFSETFROM", timedelta(seconds=change.before.offset))
    component.add("TZOFFSETTO", timedelta(seconds=change.after.offset))
    return component


def _midnight(day: date) -> int:
    return (day - _EPOCH.date()).days * _DAY
