"""Which IANA zone a calendar means: by the name that it gives, else by the offsets that its VTIMEZONE gives.

A name of IANA's, with whatever a program puts before it, means IANA's rules: what stands in the file may be
years old, and the local time is what was agreed on. Names of Windows and of nobody mean what the file's own
VTIMEZONE says, where there is one: Outlook writes down the rules that its machine has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache, cached_property
from typing import TYPE_CHECKING

from babel.core import get_global

from publisher.calendar_import.observances import Observances, read_observances
from publisher.model.when import LAST_YEAR
from publisher.zones import zone, zone_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from publisher.ics.components import Component

_UTC = "UTC"
_UTC_NAMES = frozenset({
    "utc", "gmt", "z", "etc/utc", "coordinated universal time", "zulu", "utc time", "tzone://microsoft/utc",
})  # fmt: skip
#: "(UTC+01:00) Amsterdam, Berlin", "GMT+0100", "UTC-5": ISO 8601's direction, east is plus.
_OFFSET = re.compile(r"\(?(?:UTC|GMT)\s*([+-])(\d{1,2}):?(\d{2})?\)?", re.IGNORECASE)
_AMERICAN = re.compile(r"(?:^|\s)(\w+) Time \(US (?:&|and) Canada\)", re.IGNORECASE)
#: Cities that Windows names and IANA does not.
_OTHER_CITIES = {
    "abu dhabi": "Asia/Dubai", "astana": "Asia/Almaty", "beijing": "Asia/Shanghai", "bern": "Europe/Zurich",
    "chennai": "Asia/Kolkata", "edinburgh": "Europe/London", "ekaterinburg": "Asia/Yekaterinburg",
    "hanoi": "Asia/Bangkok", "islamabad": "Asia/Karachi", "mumbai": "Asia/Kolkata",
    "new delhi": "Asia/Kolkata", "nur-sultan": "Asia/Almaty", "osaka": "Asia/Tokyo",
    "st. petersburg": "Europe/Moscow",
}  # fmt: skip
_WORD = re.compile(r"[^,;/()&]+")
_LONGEST_NAME = 300
#: So many zones of a calendar are matched by their offsets.
_MOST_MATCHED = 100
_WEEK = timedelta(days=7)
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
#: VTIMEZONEs tell the present rules, often for times before them, too: names are found by the latest years.
_LATEST = 2
#: So many years after those that a calendar names its rules may go on.
_LONGEST_RUN = 50
#: The years in which a zone that is known by an offset alone must have had it all the time.
_NOW = (2020, 2036)


@dataclass(frozen=True)
class ReadZone:
    """A zone as a calendar means it."""

    #: IANA's name.
    name: str
    #: The calendar's own rules, where they differ from IANA's and count for its times.
    own: Observances | None = None
    #: The calendar's own rules, where IANA's count.
    stale: Observances | None = None
    #: Whether nothing but a guess leads to the name.
    is_guess: bool = False
    #: The first and last years of the calendar's times.
    years: tuple[int, int] = (2000, 2000)

    def instant(self, local: datetime) -> datetime:
        """The UTC instant that a local time of the calendar means."""
        return self.own.instant(local) if self.own else local.replace(tzinfo=zone(self.name)).astimezone(UTC)

    def local(self, instant: datetime) -> datetime:
        """The local time of the calendar at an instant, without its offset."""
        if self.own:
            return self.own.local(instant)
        return instant.astimezone(zone(self.name)).replace(tzinfo=None)

    @cached_property
    def outdated(self) -> frozenset[date]:
        """The days on which the calendar's own rules, which do not count, differ from those that do."""
        return frozenset(_different_days(self.name, self.stale, self.years)) if self.stale else frozenset()


@dataclass
class Zones:
    """The zones of one calendar by their names in the file."""

    site: str
    #: The calendar's X-WR-TIMEZONE: a zone for people to read it in.
    display: str | None
    #: TZID -> its VTIMEZONE.
    defined: Mapping[str, Component]
    #: The first and last years of the calendar's times.
    years: tuple[int, int]
    _read: dict[str, ReadZone] = field(default_factory=dict)

    def find(self, tzid: str) -> ReadZone:
        """The zone of a TZID."""
        if tzid not in self._read:
            self._read[tzid] = self._find(tzid.strip().strip('"')[:_LONGEST_NAME], self.defined.get(tzid))
        return self._read[tzid]

    def _find(self, tzid: str, vtimezone: Component | None) -> ReadZone:
        own = self._observances(vtimezone)
        if (name := iana_name(tzid)) is not None:
            return ReadZone(name, stale=own, years=self.years)
        named = windows_name(tzid)
        if own is None:
            hint = named or next(self._by_offset(tzid), None)
            return ReadZone(hint) if hint else ReadZone(self.site, is_guess=True)
        for name in dict.fromkeys(filter(None, [named, *self._candidates(tzid, own)])):
            if agree(name, own, (max(self.years[0], self.years[1] - _LATEST), self.years[1])):
                return ReadZone(name, own)
        return ReadZone(named or self.site, own)

    def _observances(self, vtimezone: Component | None) -> Observances | None:
        if vtimezone is None or len(self._read) >= _MOST_MATCHED:
            return None
        return read_observances(vtimezone, min(self.years[1] + _LONGEST_RUN, LAST_YEAR))

    def _candidates(self, tzid: str, own: Observances) -> Iterator[str]:
        """Zones that may be meant, the likeliest first: of cities in the name, the reader's own, ..."""
        yield from _cities_in(tzid)
        yield from filter(None, [self.site, self.display])
        if len({onset.after for onset in own.onsets}) == 1 and (fixed := fixed_name(own.onsets[0].after)):
            yield fixed
        yield from _windows().values()
        yield from sorted(name for name in zone_names() if "/" in name and not name.startswith("Etc/"))

    def _by_offset(self, tzid: str) -> Iterator[str]:
        """What a name that tells an offset means: a zone of one of its cities, else the offset itself."""
        found = _OFFSET.match(tzid)
        if not found:
            return
        offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0)) * (-1 if found[1] == "-" else 1)
        winter = [datetime(self.years[1], month, 15, 12) for month in (1, 7)]  # noqa: DTZ001 -- local
        for name in _cities_in(tzid):
            if min(_offsets(name, winter)) == offset:
                yield name
        if _OFFSET.fullmatch(tzid.strip()):
            yield from filter(None, [fixed_name(offset) or _constant(offset)])


def agree(name: str, own: Observances, years: tuple[int, int]) -> bool:
    """Whether a zone has the offsets that a calendar gives, looked at each week of these years."""
    first, last = datetime(years[0], 1, 1, 12), datetime(years[1], 12, 31, 12)  # noqa: DTZ001 -- local time
    where = zone(name)
    weeks = (first + _WEEK * n for n in range((last - first) // _WEEK + 1))
    return all(local.replace(tzinfo=where).utcoffset() == own.offset(local) for local in weeks)


def _different_days(name: str, own: Observances, years: tuple[int, int]) -> Iterator[date]:
    """The days of these years with an hour at which a zone has another offset than a calendar gives."""
    where = zone(name)
    midnight, last = datetime(years[0], 1, 1), datetime(years[1], 12, 31)  # noqa: DTZ001 -- local time
    known = (_offset(where, midnight), own.offset(midnight))
    while midnight <= last:
        following = midnight + _DAY
        then = (_offset(where, following), own.offset(following))
        if known[0] != known[1] or (then != known and not _same_hours(where, own, midnight)):
            yield midnight.date()
        midnight, known = following, then


def _same_hours(where: tzinfo, own: Observances, midnight: datetime) -> bool:
    return all(
        _offset(where, local) == own.offset(local) for local in (midnight + _HOUR * n for n in range(24))
    )


def _offset(where: tzinfo, local: datetime) -> timedelta | None:
    return local.replace(tzinfo=where).utcoffset()


def iana_name(tzid: str) -> str | None:
    """IANA's name in a TZID, whatever its case, and what stands before it (/mozilla.org/Europe/Berlin)."""
    parts = tzid.strip().strip("/").replace(" ", "_").casefold().removeprefix("(utc)_").split("/")
    if "/".join(parts) in _UTC_NAMES or " ".join(parts).replace("_", " ") in _UTC_NAMES:
        return _UTC
    known = _folded()
    # A part alone is no name, unless it is all there is: 'Cuba', 'Japan'.
    longest_first = ("/".join(parts[start:]) for start in range(max(len(parts) - 1, 1)))
    return next((known[each] for each in longest_first if each in known), None)


def windows_name(tzid: str) -> str | None:
    """The zone that a name of Windows stands for (by the Unicode CLDR)."""
    american = _AMERICAN.search(tzid)
    name = f"{american[1]} Standard Time" if american else tzid.strip()
    return {name.casefold(): iana for name, iana in _windows().items()}.get(name.casefold())


def fixed_name(offset: timedelta) -> str | None:
    """The zone that is always so far from UTC: POSIX counts westward, so Etc/GMT-5 is five hours ahead."""
    hours, rest = divmod(int(offset.total_seconds()), 3600)
    name = f"Etc/GMT{-hours:+d}" if hours else _UTC
    return name if not rest and name in zone_names() else None


@cache
def _folded() -> dict[str, str]:
    return {name.casefold(): name for name in zone_names()}


@cache
def _windows() -> dict[str, str]:
    mapping: Mapping[str, str] = get_global("windows_zone_mapping")
    return {name: iana for name, iana in mapping.items() if iana in zone_names()}


@cache
def _cities() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(zone_names()):
        if "/" in name and not name.startswith("Etc/"):
            found.setdefault(name.rpartition("/")[2].replace("_", " ").casefold(), []).append(name)
    for city, name in _OTHER_CITIES.items():
        found.setdefault(city, []).append(name)
    return found


def _cities_in(tzid: str) -> list[str]:
    """The zones of the cities that a name tells, in the order in which it does."""
    words = (word.strip().strip('"').casefold() for word in _WORD.findall(_OFFSET.sub(",", tzid)))
    return [name for word in words for name in _cities().get(word, ())]


def _offsets(name: str, locals_: Iterable[datetime]) -> list[timedelta]:
    return [local.replace(tzinfo=zone(name)).utcoffset() or timedelta() for local in locals_]


@cache
def _constant(offset: timedelta) -> str | None:
    """A zone that has had this offset, and no other, for years: for those of half an hour."""
    months = [datetime(year, month, 15) for year in range(*_NOW) for month in range(1, 13)]  # noqa: DTZ001 -- local
    names = [*_windows().values(), *sorted(name for name in zone_names() if "/" in name)]
    return next((name for name in names if set(_offsets(name, months)) == {offset}), None)
