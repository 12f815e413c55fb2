"""When a list is due: a pure function of its settings and of time.

The calendar decides, not a scheduler that was awake at the right minute: ask
for all periods between two instants, at any later time, as often as you like.

A list's time of day is a local one. Where the clocks skip it, the issue is due
at the first instant after; where they show it twice, at the first of the two.
So each period is due at exactly one instant, and none is left out. From local
times to instants is a step that is taken once, at the end; no hours are ever
added to a local time.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, takewhile
from typing import TYPE_CHECKING

from publisher.model.setting_fields import WEEKDAYS
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from publisher.config_mail import List

#: Where every day begins first: UTC+14. POSIX counts westward, hence the sign.
_EARLIEST = "Etc/GMT-14"
_EACH = "%Y-%m-%dT%H%M%SZ"
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
#: A zone's clocks were never set by more than a day; a day that they skip is due on the next.
_MARGIN = 2 * _DAY


@dataclass(frozen=True)
class Period:
    """A span of the calendar for which a list has one issue."""

    #: `2026-11-21`, `2026-W47` (ISO 8601), `2026-11`, or for each release `2026-06-08T030000Z`.
    key: str
    #: In UTC.
    due_at: datetime


def due(
    settings: List,
    site_timezone: str,
    since: datetime,
    until: datetime,
    editions: Sequence[datetime] = (),
) -> list[Period]:
    """All periods that are due from `since` to `until`, both included, oldest first.

    Args:
        settings: The list's.
        site_timezone: The zone of a list that names none.
        since: Aware.
        until: Aware.
        editions: When something was released (UTC): a list of cadence `each` is due then, and never else.
    """
    if settings.cadence == "each":
        found = _each(editions)
        return [period for period in found if since <= period.due_at <= until]
    upcoming = _from(settings, site_timezone, since)
    return [p for p in takewhile(lambda p: p.due_at <= until, upcoming) if since <= p.due_at]


def next_due(settings: List, site_timezone: str, after: datetime) -> Period | None:
    """The first period that is due after an instant; None where nobody can know (`each`)."""
    if settings.cadence == "each":
        return None
    return next(p for p in _from(settings, site_timezone, after) if p.due_at > after)


def due_in(settings: List, site_timezone: str, period_key: str, timezone: str) -> datetime:
    """When a period is due for a reader of a zone, in UTC: for a `reader` list by that zone's clocks.

    Raises:
        ValueError: there is no such period.
        UnknownZone: there is no such zone.
    """
    if settings.cadence == "each":
        return datetime.strptime(period_key, _EACH).replace(tzinfo=UTC)
    name = timezone if settings.is_local else settings.timezone or site_timezone
    return _first_instant(_day_of(settings, period_key), settings.at, zone(name))


def _each(editions: Sequence[datetime]) -> list[Period]:
    """A period for each release; of several within a second the first asks for all that they bring."""
    released = (moment.astimezone(UTC) for moment in sorted(editions, reverse=True))
    by_key = {f"{moment:{_EACH}}": moment for moment in released}
    return [Period(key, by_key[key]) for key in sorted(by_key)]


def _from(settings: List, site_timezone: str, since: datetime) -> Iterator[Period]:
    """Its periods from shortly before an instant, without end, in order."""
    there = zone(_EARLIEST if settings.is_local else settings.timezone or site_timezone)
    for day in _days(settings, (since.astimezone(there) - _MARGIN).date()):
        yield Period(_key(settings, day), _first_instant(day, settings.at, there))


def _days(settings: List, first: date) -> Iterator[date]:
    """The days on which it is due, from a day on."""
    match settings.cadence:
        case "monthly":
            for month in count(first.year * 12 + first.month - 1):
                if (day := _day_in(month // 12, month % 12 + 1, settings)) >= first:
                    yield day
        case "weekly":
            ahead = (_weekday(settings) - first.isoweekday()) % 7
            yield from (first + ahead * _DAY + week * 7 * _DAY for week in count())
        case _:
            yield from (first + number * _DAY for number in count())


def _key(settings: List, day: date) -> str:
    match settings.cadence:
        case "monthly":
            return f"{day:%Y-%m}"
        case "weekly":
            return f"{day:%G-W%V}"
        case _:
            return day.isoformat()


def _day_of(settings: List, key: str) -> date:
    """The day on which a period is due: the inverse of `_key`."""
    match settings.cadence:
        case "monthly":
            month = datetime.strptime(key, "%Y-%m").replace(tzinfo=UTC)
            return _day_in(month.year, month.month, settings)
        case "weekly":
            monday = datetime.strptime(f"{key}-1", "%G-W%V-%u").replace(tzinfo=UTC).date()
            return monday + (_weekday(settings) - 1) * _DAY
        case _:
            return date.fromisoformat(key)


def _weekday(settings: List) -> int:
    """Monday is 1 (ISO 8601)."""
    return WEEKDAYS.index(settings.day) + 1 if isinstance(settings.day, str) else 1


def _day_in(year: int, month: int, settings: List) -> date:
    """Its day of a month: the last one where there is no such day."""
    wanted = settings.day if isinstance(settings.day, int) else 1
    return date(year, month, min(wanted, monthrange(year, month)[1]))


def _first_instant(day: date, clock: time, there: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which the clocks of a zone have come to a local time, or passed it."""
    local = datetime.combine(day, clock)
    # Before a gap the zone's old offset holds, after it the new one: each leads to the other side of it.
    first, last = sorted(local.replace(tzinfo=there, fold=fold).astimezone(UTC) for fold in (0, 1))
    if _is_reached(local, first, there):
        return first
    while last - first > _SECOND:
        middle = first + (last - first) // (2 * _SECOND) * _SECOND
        first, last = (first, middle) if _is_reached(local, middle, there) else (middle, last)
    return last


def _is_reached(local: datetime, moment: datetime, there: ZoneInfo) -> bool:
    return moment.astimezone(there).replace(tzinfo=None) >= local
