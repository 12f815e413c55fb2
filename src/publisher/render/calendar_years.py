"""Which entries a calendar holds, and which stand beside it, by year: nothing twice, nothing left out.

A calendar holds this month and what goes on in it, then what is coming, the soonest
first, then what is past, the latest first, as far back as the site keeps past years.
What would be too much for the programs that fetch it (Google and Outlook drop large
files) stands in calendars of single years beside it, `calendar-2023.ics`; a year that
is too much in itself, in months, `calendar-2023-05.ics`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

#: More than this, and programs begin to refuse a calendar, or to take minutes over it.
MAX_ENTRIES: Final = 1_000
#: Of a file, in bytes.
MAX_FILE: Final = 500_000
#: Of its entries, in bytes: what surrounds them takes the rest.
MAX_BYTES: Final = 490_000

Month = tuple[int, int]
_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, session or deadline as calendars hold it."""

    data: bytes
    #: How many VEVENTs it is.
    count: int
    #: Its first local day, and its last; `date.max` for what recurs for ever.
    first: date
    last: date
    #: The zones that it names.
    zones: tuple[str, ...] = ()
    #: `event/<id>` of its record.
    item: str = ""
    #: The newest LAST-MODIFIED in it, as it is written there: `20260601T030000`, in UTC.
    stamp: bytes = b""


@dataclass(frozen=True)
class Years:
    """A calendar in its parts, each in the order of its entries."""

    living: tuple[Entry, ...]
    #: Name ("2023", "2023-05") -> what was then and is not in the calendar itself, the latest first.
    earlier: Mapping[str, tuple[Entry, ...]]
    #: Name -> what will be then and is not in the calendar itself, the soonest first.
    later: Mapping[str, tuple[Entry, ...]]
    #: The year or month from which on the calendar itself holds what is past.
    since: str
    #: The day of the first coming entry that is not in the calendar itself.
    until: date | None = None


def last_changed(entries: Iterable[Entry]) -> datetime | None:
    """When one of them last changed, in UTC; None where there is none."""
    stamp = max((entry.stamp for entry in entries), default=b"")
    return datetime.strptime(stamp.decode(), "%Y%m%dT%H%M%S").replace(tzinfo=UTC) if stamp else None


def years(entries: Iterable[Entry], today: date, past_years: int) -> Years:
    """The parts of a calendar on a day; only a day in a new year moves entries of a small one."""
    now = (today.year, today.month)
    by_month: defaultdict[Month, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_month[_month(entry, now)].append(entry)
    living = list(by_month.pop(now, ()))
    room = _Room().less(living)
    coming = sorted((entry for month in by_month if month > now for entry in by_month[month]), key=_first)
    taken = 0
    while taken < len(coming) and room.has(coming[taken : taken + 1]):
        room = room.less(coming[taken : taken + 1])
        taken += 1
    living += coming[:taken]
    past = sorted((month for month in by_month if (today.year - past_years, 1) <= month < now), reverse=True)
    since = f"{today.year - past_years:04}"
    for month in past:
        if not room.has(by_month[month]):
            since = _name(_after(month))
            break
        room = room.less(by_month[month])
        living += by_month.pop(month)
    left = [entry for month in by_month if month < now for entry in by_month[month]]
    beside = _by_year([*left, *coming[taken:]], now)
    return Years(
        tuple(sorted(living, key=_first)),
        {name: beside[name] for name in sorted(beside, reverse=True) if _is_past(beside[name], now)},
        {name: beside[name] for name in sorted(beside) if not _is_past(beside[name], now)},
        since,
        coming[taken].first if taken < len(coming) else None,
    )


@dataclass(frozen=True)
class _Room:
    entries: int = MAX_ENTRIES
    size: int = MAX_BYTES

    def has(self, unit: Sequence[Entry]) -> bool:
        left = self.less(unit)
        return left.entries >= 0 and left.size >= 0

    def less(self, unit: Sequence[Entry]) -> _Room:
        return _Room(
            self.entries - sum(entry.count for entry in unit),
            self.size - sum(len(entry.data) for entry in unit),
        )


def _by_year(entries: Iterable[Entry], now: Month) -> dict[str, tuple[Entry, ...]]:
    """The entries by year, those of a year that is too much by month."""
    found: defaultdict[int, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=_first):
        found[_month(entry, now)[0]].append(entry)
    units: dict[str, tuple[Entry, ...]] = {}
    for year, whole in found.items():
        if _Room().has(whole):
            units[f"{year:04}"] = tuple(whole)
            continue
        for month in sorted({_month(entry, now) for entry in whole}):
            units[f"{year:04}-{month[1]:02}"] = tuple(e for e in whole if _month(e, now) == month)
    return units


def _month(entry: Entry, now: Month) -> Month:
    """What is over belongs where it ended; the rest where it begins, if that is yet to come."""
    ended, begins = (entry.last.year, entry.last.month), (entry.first.year, entry.first.month)
    return ended if ended < now else max(now, begins)


def _is_past(entries: Iterable[Entry], now: Month) -> bool:
    return any(_month(entry, now) < now for entry in entries)


def _after(month: Month) -> Month:
    year, number = month
    return (year, number + 1) if number < _DECEMBER else (year + 1, 1)


def _name(month: Month) -> str:
    """`2023` for all of it, `2023-05` from a month on."""
    year, number = month
    return f"{year:04}" if number == 1 else f"{year:04}-{number:02}"


def _first(entry: Entry) -> date:
    return entry.first
