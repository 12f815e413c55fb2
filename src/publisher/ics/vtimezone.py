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

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from typing import Final

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from publisher.ics.tzif import DAY, EPOCH, Phase, Rrule, ZoneRules, midnight, parse_tzif
from publisher.zones import zone, zone_file

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
        return EPOCH + timedelta(seconds=self.at + self.before.offset)

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
    rrule: Rrule | None = None


def _history(rules: ZoneRules, last_year: int) -> tuple[Phase, list[Change]]:
    """The phase as 1970 began, and each change of clocks or name since: dated first, then by seasons."""
    told = dict(rules.dated)
    if rules.seasons:
        known_to = rules.dated[-1][0] if rules.dated else -math.inf
        seasons = rules.seasons.changes(range(EPOCH.year - 2, last_year + 1))
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
    begin, end = midnight(first) - DAY, midnight(last) + 2 * DAY  # wherever in the day the zone is
    known_to = rules.dated[-1][0] if rules.dated else 0
    last_year = 1 + max(last.year, (EPOCH + timedelta(seconds=known_to)).year)
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
    _, told = _history(replace(rules, dated=()), (EPOCH + timedelta(seconds=since)).year + _CYCLE)
    changes = [change for change in told if change.at >= since]
    found = [
        Observance(_first(changes, phase, rrule), rrule)
        for phase, rrules in ((seasons.daylight, starts), (seasons.standard, ends))
        for rrule in rrules
    ]
    return sorted(found, key=lambda observance: observance.change.at)


def _first(changes: list[Change], phase: Phase, rrule: Rrule) -> Change:
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
