"""What a VTIMEZONE says (RFC 5545 section 3.6.5), and whether that is what the zone of its name does.

A local time belongs to the observance with the latest onset before it. Only yearly rules, dates
and single onsets are followed, which is what VTIMEZONEs consist of; where there is
another rule, or something that cannot be read, nothing is said of the zone.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from publisher.ics import values
from publisher.ics.recurring import Recurring, parse
from publisher.ics.values import BadValue
from publisher.zones import UnknownZone, zone, zone_names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from publisher.ics.components import Component

#: Of a zone that goes astray so many series are searched; by then it has been told often enough.
MOST_SERIES: Final = 100
#: No zone has changed its clocks so often.
_MOST_DATES: Final = 10_000
#: The years that have neighbours.
TELLABLE: Final = range(2, 9999)
#: Computers of today stop counting there, and so do most zone definitions.
LAST_YEAR: Final = 2037
FIRST_YEAR: Final = 1970
_NOON: Final = time(12)


class NotFollowed(Exception):
    """The definition has something that is not followed here."""


@dataclass(frozen=True, eq=False)
class Observance:
    """A STANDARD or DAYLIGHT: from its onsets on, clocks are `after` ahead of UTC."""

    number: int
    start: datetime
    before: timedelta
    after: timedelta
    #: The rest of each list of dates has been left out where only its first is wanted.
    dates: tuple[datetime, ...]
    first_dates: tuple[datetime, ...]
    rule: Recurring | None

    def onsets(self, year: int, *, first_only: bool = False) -> list[datetime]:
        """Its onsets in a year, in the local time before each, in order."""
        dates = self.first_dates if first_only else self.dates
        found = {each for each in (self.start, *dates) if each.year == year}
        return sorted(found | set(self._by_rule(year)))

    def latest_year(self, year: int) -> int:
        """The latest year, up to this one, in which there may be an onset."""
        if self.rule:
            return min(year, self.rule.last(date(9999, 12, 31)).year)
        return max(
            (each.year for each in (self.start, *self.dates) if each.year <= year), default=self.start.year
        )

    def _by_rule(self, year: int) -> Iterator[datetime]:
        if not self.rule or year < self.start.year:
            return
        months = self.rule.parts.by("BYMONTH") or range(1, 13)
        for month in sorted(months):
            for number in range(1, calendar.monthrange(year, month)[1] + 1):
                onset = self.start.replace(year=year, month=month, day=number)
                if onset >= self.start and self._goes_on(onset) and self.rule.takes(onset.date()):
                    yield onset

    def _goes_on(self, onset: datetime) -> bool:
        until = self.rule.parts.until if self.rule else None
        if until is None:
            return True
        if not isinstance(until, datetime):
            return onset.date() <= until
        at = onset - self.before if until.tzinfo else onset
        return at <= until.replace(tzinfo=None)


class ZoneDefinition:
    """A VTIMEZONE as it is read, beside the zone of its name if IANA knows one."""

    def __init__(self, component: Component, *, judged: bool = True) -> None:
        self.component = component
        self.tzid = component.text("TZID")
        self.iana = iana_zone(self.tzid) if judged else None
        #: How many series may still be searched for an occurrence that it puts elsewhere.
        self.patience = MOST_SERIES
        self._onsets: dict[tuple[int, bool], list[tuple[datetime, timedelta]]] = {}
        self._astray: dict[int, tuple[date, ...]] = {}
        try:
            self.observances = tuple(_observance(part) for part in component.children)
        except (NotFollowed, BadValue):
            self.observances = ()
        #: Before its first onset it says nothing.
        self.begins = min(
            (each for part in self.observances for each in (part.start, *part.dates)), default=None
        )

    def offset(self, local: datetime, *, first_only: bool = False) -> timedelta | None:
        """How far clocks are ahead of UTC at a local time; nothing if that is not said."""
        best: tuple[datetime, timedelta] | None = None
        for year in self._years(local.year):
            for each in self._in_year(year, first_only=first_only):
                if each[0] <= local and (best is None or each[0] > best[0]):
                    best = each
            if best:
                break
        return best[1] if best else None

    def _years(self, year: int) -> list[int]:
        """The years in which the latest onset before the end of this one may be, from the latest."""
        latest = {each.latest_year(y) for each in self.observances for y in (year, year - 1)}
        return sorted((each for each in latest if each <= year), reverse=True)

    def _in_year(self, year: int, *, first_only: bool) -> list[tuple[datetime, timedelta]]:
        key = (year, first_only)
        if key not in self._onsets:
            self._onsets[key] = sorted(
                (onset, each.after)
                for each in self.observances
                for onset in each.onsets(year, first_only=first_only)
            )
        return self._onsets[key]

    def astray(self, year: int) -> tuple[date, ...]:
        """The days of a year at whose noon it says something else than the zone does."""
        if year not in self._astray:
            days = (
                date(year, 1, 1) + timedelta(days=n) for n in range(366 if calendar.isleap(year) else 365)
            )
            self._astray[year] = tuple(day for day in days if self.error(datetime.combine(day, _NOON)))
        return self._astray[year]

    def error(self, local: datetime) -> timedelta | None:
        """By how much it is off at a local time; nothing if it is right, or cannot be judged."""
        if not self.iana or is_unclear(local, self.iana):
            return None
        said, true = self.offset(local), local.replace(tzinfo=self.iana).utcoffset()
        return said - true if said is not None and true is not None and said != true else None

    def misread(self, local: datetime) -> timedelta | None:
        """By how much who reads only the first of each list of dates is off; nothing if they are right."""
        if all(each.dates == each.first_dates for each in self.observances):
            return None
        said, read = self.offset(local), self.offset(local, first_only=True)
        return read - said if said is not None and read is not None and said != read else None

    def late_onset(self) -> Observance | None:
        """The first observance whose onsets are told by the clocks as they are after it, not before."""
        if not self.iana:
            return None
        return next((each for each in self.observances if _is_late(each, self.iana)), None)


def _observance(part: Component) -> Observance:
    """A STANDARD or DAYLIGHT as values.

    Raises:
        NotFollowed, BadValue: it is incomplete, or more than is followed here.
    """
    begun = part.first("DTSTART")
    start = _local(values.moment(begun.value if begun else ""))
    before = values.utc_offset(_value(part, "TZOFFSETFROM"))
    after = values.utc_offset(_value(part, "TZOFFSETTO"))
    lists = [[_local(each) for each in values.moments(line)] for line in part.all("RDATE")]
    rule = None
    if line := part.first("RRULE"):
        rule = Recurring(parse(values.rule(line.value)), start)
        parts = rule.parts
        if parts.freq != "YEARLY" or parts.count or parts.rscale or len(part.all("RRULE")) > 1:
            raise NotFollowed
    dates = tuple(each for dates in lists for each in dates)
    if len(dates) > _MOST_DATES:
        raise NotFollowed
    return Observance(
        part.number, start, before, after, dates, tuple(each[0] for each in lists if each), rule
    )


def _value(part: Component, name: str) -> str:
    line = part.first(name)
    return line.value if line else ""


def _local(value: object) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo or value.year not in TELLABLE:
        raise NotFollowed
    return value


def _is_late(observance: Observance, iana: ZoneInfo) -> bool:
    """Whether the zone changes just so much earlier as the clocks are moved, and never when it is said."""
    moved = observance.after - observance.before
    if not moved:
        return False
    late = False
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for onset in observance.onsets(year):
            if _changes(iana, onset - observance.before, moved):
                return False
            late = late or _changes(iana, onset - observance.after, moved)
    return late


def _changes(iana: ZoneInfo, at: datetime, moved: timedelta) -> bool:
    """Whether the clocks of the zone are moved so far at an instant."""
    moment = at.replace(tzinfo=UTC)
    earlier, later = (each.astimezone(iana).utcoffset() for each in (moment - timedelta(seconds=1), moment))
    return earlier is not None and later is not None and later - earlier == moved


@lru_cache(maxsize=1024)
def iana_zone(tzid: str) -> ZoneInfo | None:
    """The zone that a TZID means: an IANA name, also behind a prefix such as /example.org/2026/."""
    parts = tzid.split("/")
    starts = (0,) if not tzid.startswith("/") else range(len(parts))
    for start in starts:
        name = "/".join(parts[start:])
        if name in zone_names():
            try:
                return zone(name)
            except UnknownZone:
                return None
    return None


def is_unclear(local: datetime, iana: ZoneInfo) -> bool:
    """Whether the clocks of the zone skip this local time, or show it twice."""
    there = local.replace(tzinfo=iana)
    return there.utcoffset() != there.replace(fold=1).utcoffset()
