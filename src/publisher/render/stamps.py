"""Times as HTML shows them: words for people, ISO 8601 beside them for machines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from babel.dates import get_month_names

from publisher.model.when import Days, Hours, Time, Unknown, When
from publisher.render import dates
from publisher.render.lookup import days_of
from publisher.zones import zone

if TYPE_CHECKING:
    from datetime import date, datetime

    from publisher.render.words import Words


@dataclass(frozen=True)
class Stamp:
    """A time on a page."""

    #: In the reader's language, as precise as it is known.
    text: str
    #: What a `time` element can hold of its start; empty where nothing is known.
    iso: str
    #: Whether it has a time of day, so that a browser can say it in the reader's own zone.
    timed: bool = False


@dataclass(frozen=True)
class Leaf:
    """A date in little room, as on a calendar's leaf; it never says more than is known."""

    large: str
    small: str


def stamp(moment: Time, words: Words, *, with_zone: bool = True) -> Stamp:
    """A time with its zone; `with_zone=False` where the zone is said nearby."""
    return Stamp(dates.when(moment, words, with_zone=with_zone), start_iso(moment), isinstance(moment, Hours))


def day_stamp(day: date, words: Words) -> Stamp:
    """A whole day."""
    return Stamp(dates.day(day, words), day.isoformat())


def vague_stamp(point: When, words: Words, timezone: str) -> Stamp:
    """A date exactly as precise as it was written; a time of day is in `timezone`."""
    if point.clock:
        return stamp(
            Hours(point.local().replace(tzinfo=zone(timezone)).astimezone(UTC), None, timezone), words
        )
    return Stamp(dates.vague(point, words), str(point))


def start_iso(moment: Time) -> str:
    """The start: a day, a time with its offset, or as much of a date as is known."""
    match moment:
        case Days(first, _):
            return first.isoformat()
        case Hours(start, _, timezone):
            return instant_iso(start, timezone)
        case Unknown(start, _, reported):
            return reported.isoformat() if reported else str(start or "")


def end_iso(moment: Time) -> str:
    """The end likewise, the last day included; empty where no end is known."""
    match moment:
        case Days(_, last):
            return last.isoformat()
        case Hours(_, end, timezone):
            return instant_iso(end, timezone) if end else ""
        case Unknown(_, end, _):
            return str(end or "")


def instant_iso(moment: datetime, timezone: str) -> str:
    """A local time with its offset; in UTC where HTML could not say the offset."""
    local = moment.astimezone(zone(timezone))
    offset = local.utcoffset()
    return (moment.astimezone(UTC) if offset and offset.seconds % 60 else local).isoformat(timespec="seconds")


def leaf(moment: Time, words: Words) -> Leaf:
    """The date for a list: `11–13` above `Jun 2026`."""
    days = days_of(moment)
    if days is None:
        return _vague_leaf(moment, words)
    first, last = days
    if first == last:
        return Leaf(str(first.day), f"{_month(first.month, words)} {first.year}")
    if (first.year, first.month) == (last.year, last.month):
        return Leaf(f"{first.day}–{last.day}", f"{_month(first.month, words)} {first.year}")
    return Leaf(
        str(first.day), f"{_month(first.month, words)} – {last.day} {_month(last.month, words)} {last.year}"
    )


def _vague_leaf(moment: Time, words: Words) -> Leaf:
    assert isinstance(moment, Unknown)  # noqa: S101 -- the other two have days
    if moment.start is None:
        return Leaf("?", "")
    month = _month(moment.start.month, words) if moment.start.month else ""
    return Leaf(month or str(moment.start.year), str(moment.start.year) if month else "")


def _month(number: int, words: Words) -> str:
    return str(get_month_names("abbreviated", "format", words.locale)[number]).rstrip(".")
