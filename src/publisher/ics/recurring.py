"""What an RRULE (RFC 5545 section 3.3.10) says of days: enough to judge a rule, not to expand it.

`parse` refuses what the RFC does not allow. `Recurring` answers for one day at a time, so
no rule, however odd, can keep it busy.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.ics.values import BadValue, moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FREQUENCIES: Final = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: Name of a list -> the greatest number in it, whether numbers may be negative, whether zero is one.
_LISTS: Final = {
    "BYSECOND": (60, False, True),
    "BYMINUTE": (59, False, True),
    "BYHOUR": (23, False, True),
    "BYMONTHDAY": (31, True, False),
    "BYYEARDAY": (366, True, False),
    "BYWEEKNO": (53, True, False),
    "BYMONTH": (12, False, False),
    "BYSETPOS": (366, True, False),
}
#: Name of a list -> the frequencies with which it MUST NOT stand.
_FORBIDDEN: Final = {
    "BYWEEKNO": FREQUENCIES[:-1],
    "BYYEARDAY": ("DAILY", "WEEKLY", "MONTHLY"),
    "BYMONTHDAY": ("WEEKLY",),
}
_OTHERS: Final = {"FREQ", "UNTIL", "COUNT", "INTERVAL", "BYDAY", "WKST"}
_EXTENSIONS: Final = {"RSCALE", "SKIP"}  # RFC 7529
_NTH_DAY: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?\d{1,9}", re.ASCII)
_MOST_WEEKS: Final = 53
_WEEK: Final = 7
_LEAP_YEAR, _COMMON_YEAR = 2024, 2023


@dataclass(frozen=True)
class Parts:
    """A rule whose parts are each as the RFC allows them."""

    freq: str
    interval: int
    count: int | None
    until: date | datetime | None
    numbers: Mapping[str, frozenset[int]]
    #: (0 or which of them, 0 for Monday)
    byday: tuple[tuple[int, int], ...]
    wkst: int
    #: Of RFC 7529: years of another calendar than ours.
    rscale: str

    def by(self, name: str) -> frozenset[int]:
        """The numbers of a list; none where it is not given."""
        return self.numbers.get(name, frozenset())


def parse(parts: Mapping[str, str]) -> Parts:
    """The parts of a rule as values.

    Raises:
        BadValue: one of them is none that section 3.3.10 allows, or not together with the others.
    """
    for name in parts:
        if (
            name not in _LISTS
            and name not in _OTHERS
            and name not in _EXTENSIONS
            and not name.startswith("X-")
        ):
            raise BadValue(f"expected a part of a rule, got {quoted(name)}", "leave it out")
    freq = parts.get("FREQ", "")
    if freq not in FREQUENCIES:
        hint = "write one of " + ", ".join(FREQUENCIES)
        raise BadValue(f"expected a frequency, got {quoted(freq) if freq else 'none'}", hint)
    for name, frequencies in _FORBIDDEN.items():
        if name in parts and freq in frequencies:
            raise BadValue(f"expected no {name} with FREQ={freq}", "leave one of them out")
    numbers = {name: _list(name, parts[name], foreign="RSCALE" in parts) for name in _LISTS if name in parts}
    byday = _days(parts)
    if "BYSETPOS" in parts and len(numbers) == 1 and not byday:
        raise BadValue("expected another BY part beside BYSETPOS", "leave BYSETPOS out")
    return Parts(
        freq,
        _positive(parts, "INTERVAL") or 1,
        _positive(parts, "COUNT"),
        moment(parts["UNTIL"]) if "UNTIL" in parts else None,
        numbers,
        byday,
        _weekday(parts.get("WKST", "MO")),
        parts.get("RSCALE", ""),
    )


def _list(name: str, text: str, *, foreign: bool) -> frozenset[int]:
    """The numbers of a list; of a foreign calendar (RFC 7529) any, and leap months with an L."""
    greatest, negative, zero = _LISTS[name]
    found = set()
    for each in text.replace("L", "").split(",") if foreign else text.split(","):
        number = int(each) if _NUMBER.fullmatch(each) else None
        if number is not None and foreign:
            found.add(number)
            continue
        if (
            number is None
            or abs(number) > greatest
            or (number < 0 and not negative)
            or (not number and not zero)
        ):
            low = f"-{greatest} to {greatest}, not 0" if negative else f"{0 if zero else 1} to {greatest}"
            raise BadValue(f"expected {name} from {low}, got {quoted(each)}", "correct it")
        found.add(number)
    return frozenset(found)


def _positive(parts: Mapping[str, str], name: str) -> int | None:
    if name not in parts:
        return None
    if not _NUMBER.fullmatch(parts[name]) or int(parts[name]) < 1:
        raise BadValue(f"expected {name} from 1 on, got {quoted(parts[name])}", "correct it")
    return int(parts[name])


def _days(parts: Mapping[str, str]) -> tuple[tuple[int, int], ...]:
    found = []
    for each in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        match = _NTH_DAY.fullmatch(each)
        nth = int(match[1] or 0) if match else 0
        if not match or abs(nth) > _MOST_WEEKS or (match[1] and not nth):
            raise BadValue(f"expected a weekday such as MO or -1FR, got {quoted(each)}", "correct BYDAY")
        if nth and (parts["FREQ"] not in {"MONTHLY", "YEARLY"} or "BYWEEKNO" in parts):
            hint = "leave the number out, or write FREQ=MONTHLY"
            raise BadValue(
                f"expected a number before a weekday only in months and years, got {quoted(each)}", hint
            )
        found.append((nth, WEEKDAYS.index(match[2])))
    return tuple(found)


def _weekday(text: str) -> int:
    if text not in WEEKDAYS:
        raise BadValue(f"expected a weekday such as MO, got {quoted(text)}", "correct WKST")
    return WEEKDAYS.index(text)


@dataclass(frozen=True)
class Recurring:
    """A rule from its start on."""

    parts: Parts
    start: date

    @property
    def first(self) -> date:
        """The day of the start."""
        return self.start.date() if isinstance(self.start, datetime) else self.start

    def takes(self, day: date) -> bool:
        """Whether the rule falls on this day, COUNT and UNTIL left out."""
        return self._aligned(day) and self._fits(day) and self._in_set(day)

    def days(self, until: date) -> Iterator[date]:
        """The days on which it falls, up to one at most; from the first."""
        day, left = self.first, self.parts.count
        while day <= until and left != 0:
            if self.takes(day):
                yield day
                left = left - 1 if left is not None else None
            day += timedelta(days=1)

    def last(self, never: date) -> date:
        """A day after which it does not fall; `never` if it does not say."""
        until = self.parts.until
        if until is None:
            return never
        day = until.date() if isinstance(until, datetime) else until
        return never if day >= never else day + timedelta(days=1)

    def is_possible(self) -> bool:
        """Whether there is a day in any year on which it could fall; doubt counts as one."""
        if self.parts.rscale:
            return True
        years = (date(year, 1, 1) for year in (_LEAP_YEAR, _COMMON_YEAR))
        return any(self._possible(start + timedelta(days=n)) for start in years for n in range(366))

    def _possible(self, day: date) -> bool:
        """Whether a day of this name fits, whatever weekday it may be on."""
        return self._in_months(day) and self._in_year(day) and self._may_be_nth(day)

    def _aligned(self, day: date) -> bool:
        """Whether it is in a period that INTERVAL takes."""
        first, interval, freq = self.first, self.parts.interval, self.parts.freq
        if interval == 1:
            return True
        match freq:
            case "DAILY":
                return (day - first).days % interval == 0
            case "WEEKLY":
                return (self._week(day) - self._week(first)).days // _WEEK % interval == 0
            case "MONTHLY":
                return ((day.year - first.year) * 12 + day.month - first.month) % interval == 0
            case "YEARLY":
                return (day.year - first.year) % interval == 0
        return True

    def _week(self, day: date) -> date:
        return day - timedelta(days=(day.weekday() - self.parts.wkst) % _WEEK)

    def _fits(self, day: date) -> bool:
        return self._in_months(day) and self._in_year(day) and self._on_weekday(day)

    def _in_months(self, day: date) -> bool:
        """BYMONTH and BYMONTHDAY, or what DTSTART says in their place."""
        parts, length = self.parts, calendar.monthrange(day.year, day.month)[1]
        months, days = parts.by("BYMONTH"), parts.by("BYMONTHDAY")
        if months and day.month not in months:
            return False
        if days:
            return day.day in days or day.day - length - 1 in days
        free = parts.byday or parts.by("BYYEARDAY") or parts.by("BYWEEKNO")
        if parts.freq == "MONTHLY" and not free:
            return day.day == self.first.day
        if parts.freq == "YEARLY" and not free:
            return day.day == self.first.day and (bool(months) or day.month == self.first.month)
        return True

    def _in_year(self, day: date) -> bool:
        """BYYEARDAY and BYWEEKNO."""
        days, weeks = self.parts.by("BYYEARDAY"), self.parts.by("BYWEEKNO")
        if days:
            length = 366 if calendar.isleap(day.year) else 365
            number = day.timetuple().tm_yday
            if number not in days and number - length - 1 not in days:
                return False
        # weeks that begin on another day than Monday are numbered otherwise: they are left in doubt
        if weeks and not self.parts.wkst:
            year, week, _ = day.isocalendar()
            total = date(year, 12, 28).isocalendar().week
            return week in weeks or week - total - 1 in weeks
        return True

    def _on_weekday(self, day: date) -> bool:
        parts = self.parts
        if not parts.byday:
            implied = parts.freq == "WEEKLY" or (parts.by("BYWEEKNO") and not parts.by("BYMONTHDAY"))
            return not implied or day.weekday() == self.first.weekday()
        return any(weekday == day.weekday() and self._is_nth(day, nth) for nth, weekday in parts.byday)

    def _is_nth(self, day: date, nth: int) -> bool:
        if not nth:
            return True
        number, length = self._within(day)
        return nth in {(number - 1) // _WEEK + 1, -((length - number) // _WEEK + 1)}

    def _may_be_nth(self, day: date) -> bool:
        return not self.parts.byday or any(self._is_nth(day, nth) for nth, _ in self.parts.byday)

    def _within(self, day: date) -> tuple[int, int]:
        """Which day it is of how many: of its month, or of its year where only years are told."""
        if self.parts.freq == "YEARLY" and not self.parts.by("BYMONTH"):
            return day.timetuple().tm_yday, 366 if calendar.isleap(day.year) else 365
        return day.day, calendar.monthrange(day.year, day.month)[1]

    def _in_set(self, day: date) -> bool:
        """BYSETPOS, where a day has one occurrence."""
        positions = self.parts.by("BYSETPOS")
        if not positions or any(self.parts.by(name) for name in ("BYHOUR", "BYMINUTE", "BYSECOND")):
            return True
        days = [each for each in self._period(day) if self._fits(each)]
        if day not in days:
            return True
        index = days.index(day)
        return index + 1 in positions or index - len(days) in positions

    def _period(self, day: date) -> list[date]:
        """All days of the week, month or year that it is in."""
        match self.parts.freq:
            case "WEEKLY":
                begin, length = self._week(day), _WEEK
            case "MONTHLY":
                begin, length = day.replace(day=1), calendar.monthrange(day.year, day.month)[1]
            case "YEARLY":
                begin, length = day.replace(month=1, day=1), 366 if calendar.isleap(day.year) else 365
            case _:
                begin, length = day, 1
        return [begin + timedelta(days=n) for n in range(length)]
