"""Which entries a calendar holds, and which stand beside it, by year: nothing twice, nothing left out.

A calendar holds the present year and what follows, and so many past years as the
site keeps. What would be too much for the programs that fetch it (Google and Outlook
drop large files) stands in calendars of single years beside it, `calendar-2023.ics`;
a year that is too much in itself, in months, `calendar-2023-05.ics`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

#: More than this, and programs begin to refuse a calendar, or to take minutes over it.
MAX_ENTRIES: Final = 1_000
#: In bytes; what surrounds the entries takes the rest of 500 kB.
MAX_BYTES: Final = 490_000

Month = tuple[int, int]


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


@dataclass(frozen=True)
class Years:
    """A calendar in its parts, each in the order of its entries."""

    living: tuple[Entry, ...]
    #: Name ("2023", "2023-05") -> what ended then, the latest first.
    earlier: Mapping[str, tuple[Entry, ...]]
    #: Name -> what begins then, the soonest first.
    later: Mapping[str, tuple[Entry, ...]]
    #: The year or month from which on the calendar itself holds everything.
    since: str


def years(entries: Iterable[Entry], today: date, past_years: int) -> Years:
    """The parts of a calendar on a day; only a day in a new year moves entries of a small one."""
    units = _units(entries, today)
    names = sorted(units)
    present = next(name for name in names if name in (f"{today:%Y}", f"{today:%Y-%m}"))
    middle = names.index(present)
    first = last = middle
    room = _Room().less(units[present])
    while last + 1 < len(names) and room.has(units[names[last + 1]]):
        last += 1
        room = room.less(units[names[last]])
    kept_from = f"{today.year - past_years:04}"
    while first > 0 and names[first - 1] >= kept_from and room.has(units[names[first - 1]]):
        first -= 1
        room = room.less(units[names[first]])
    living = [entry for name in names[first : last + 1] for entry in units[name]]
    return Years(
        tuple(sorted(living, key=_order)),
        {name: tuple(units[name]) for name in reversed(names[:first]) if units[name]},
        {name: tuple(units[name]) for name in names[last + 1 :] if units[name]},
        names[first] if first > 0 and names[first - 1] >= kept_from else kept_from,
    )


def _order(entry: Entry) -> date:
    return entry.first


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


def _units(entries: Iterable[Entry], today: date) -> dict[str, list[Entry]]:
    """The entries by year, those of a year that is too much by month; the present one is always there."""
    by_month: defaultdict[Month, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_month[_month(entry, today)].append(entry)
    by_month.setdefault((today.year, today.month), [])
    by_year: defaultdict[int, list[Month]] = defaultdict(list)
    for month in sorted(by_month):
        by_year[month[0]].append(month)
    units: dict[str, list[Entry]] = {}
    for year, months in by_year.items():
        whole = [entry for month in months for entry in by_month[month]]
        if _Room().has(whole):
            units[f"{year:04}"] = whole
        else:
            units |= {f"{year:04}-{month:02}": by_month[year, month] for _, month in months}
    return units


def _month(entry: Entry, today: date) -> Month:
    """What is over belongs where it ended; the rest where it begins, if that is yet to come."""
    now = (today.year, today.month)
    ended, begins = (entry.last.year, entry.last.month), (entry.first.year, entry.first.month)
    return ended if ended < now else max(now, begins)
