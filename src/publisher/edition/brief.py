"""Times in brief, in English, for terminals and logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.model.when import Days, Hours, Time, Unknown
from publisher.zones import zone

if TYPE_CHECKING:
    from datetime import date


def brief(time: Time) -> str:
    """A time: `11-13 Jun 2026`, `6 Sep 2027 09:00-11:30`, `2027-10`."""
    match time:
        case Days(first, last):
            return _days(first, last)
        case Hours():
            return _hours(time)
        case Unknown(start, end, reported):
            if reported:
                return f"reported {_days(reported, reported)}"
            return f"{start} to {end}" if end else f"{start}"


def difference(before: Time, after: Time) -> str:
    """Two times as an arrow; of days in one year the year is said once: `11-13 Jun -> 12-14 Jun 2026`."""
    old, new = brief(before), brief(after)
    if isinstance(before, Days) and isinstance(after, Days) and before.last.year == after.last.year:
        old = old.removesuffix(f" {before.last.year}")
    return f"{old} -> {new}"


def _hours(time: Hours) -> str:
    start = time.start.astimezone(zone(time.timezone))
    text = f"{start:%-d %b %Y %H:%M}"
    if time.end is None:
        return text
    end = time.end.astimezone(zone(time.timezone))
    return f"{text}-{end:%H:%M}" if end.date() == start.date() else f"{text} - {end:%-d %b %Y %H:%M}"


def _days(first: date, last: date) -> str:
    if first == last:
        return f"{first:%-d %b %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}-{last:%-d %b %Y}"
    if first.year == last.year:
        return f"{first:%-d %b} - {last:%-d %b %Y}"
    return f"{first:%-d %b %Y} - {last:%-d %b %Y}"
