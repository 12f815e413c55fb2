"""Dates and times as readers of a language write them: ranges, zones, and honest vagueness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.dates import get_day_names, get_month_names, get_timezone_location

from publisher.model.when import Days, Hours, Time, Unknown, When
from publisher.zones import zone

if TYPE_CHECKING:
    from datetime import date, datetime

    from publisher.render.words import Words


def when(moment: Time, words: Words, *, with_zone: bool = True) -> str:
    """A time in full: `11–13 June 2026`, `6 September 2027, 09:00–11:30 (Almaty time, UTC+5)`."""
    match moment:
        case Days(first, last):
            return days(first, last, words)
        case Hours(start, end, timezone):
            text = _hours(
                start.astimezone(zone(timezone)), end.astimezone(zone(timezone)) if end else None, words
            )
            return f"{text} ({zone_name(start, timezone, words)})" if with_zone else text
        case Unknown(start, end, reported):
            return _unknown(start, end, reported, words)


def days(first: date, last: date, words: Words) -> str:
    """One day, or a range that says month and year once."""
    values = {"d": first.day, "month": _month(first.month, words), "y": first.year}
    values |= {"d2": last.day, "month2": _month(last.month, words), "y2": last.year}
    if first == last:
        key = "day"
    elif first.year != last.year:
        key = "days_in_years"
    else:
        key = "days_in_month" if first.month == last.month else "days_in_year"
    return words(f"dates.{key}", **values)


def day(value: date, words: Words) -> str:
    """One day in full."""
    return days(value, value, words)


def day_and_month(value: date, words: Words) -> str:
    """One day without its year, where that is said nearby."""
    return words("dates.day_and_month", d=value.day, month=_month(value.month, words))


def month(year: int, number: int, words: Words) -> str:
    """A month with its year, as a heading says it."""
    return words(
        "dates.month",
        month=get_month_names("wide", "stand-alone", words.locale)[number].lower()
        if words.language != "en"
        else _month(number, words),
        y=year,
    )


def month_name(number: int, words: Words) -> str:
    """The name of a month by itself."""
    return str(get_month_names("wide", "stand-alone", words.locale)[number])


def weekday(value: date, words: Words, width: str = "wide") -> str:
    """The name of a day of the week."""
    return str(get_day_names(width, "format", words.locale)[value.weekday()])  # type: ignore[arg-type]


def clock(moment: datetime, timezone: str) -> str:
    """The local time of day, 24 hours."""
    return f"{moment.astimezone(zone(timezone)):%H:%M}"


def zone_name(moment: datetime, timezone: str, words: Words) -> str:
    """The zone's city in the reader's language and its offset at that moment."""
    if timezone == "UTC":
        return "UTC"
    if timezone == "AoE":
        return words("dates.anywhere", offset=offset(moment, timezone))
    if timezone.startswith("Etc/"):
        return offset(moment, timezone)
    city = get_timezone_location(zone(timezone), locale=words.locale, return_city=True)
    return words("dates.zone", city=city, offset=offset(moment, timezone))


def offset(moment: datetime, timezone: str) -> str:
    """The offset from UTC at a moment: `UTC+5`, `UTC−3:30`."""
    delta = moment.astimezone(zone(timezone)).utcoffset()
    minutes = int(delta.total_seconds() // 60) if delta else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def _hours(start: datetime, end: datetime | None, words: Words) -> str:
    values: dict[str, object] = {"day": day(start.date(), words), "time": f"{start:%H:%M}"}
    if end is None:
        return words("dates.at", **values)
    values |= {"time2": f"{end:%H:%M}", "day2": day(end.date(), words)}
    return words("dates.at_until" if end.date() == start.date() else "dates.at_until_day", **values)


def _unknown(start: When | None, end: When | None, reported: date | None, words: Words) -> str:
    if reported:
        return words("dates.reported", day=day(reported, words))
    if start is None:
        return words("dates.unknown")
    text = vague(start, words)
    return words("dates.until", start=text, end=vague(end, words)) if end else text


def vague(point: When, words: Words) -> str:
    """A year, a month or a day, exactly as precise as it is known."""
    if point.day is not None:
        return day(point.first(), words)
    if point.month is not None:
        return month(point.year, point.month, words)
    return words("dates.year", y=point.year)


def _month(number: int, words: Words) -> str:
    return str(get_month_names("wide", "format", words.locale)[number])


def phrases(before: Time, after: Time, words: Words) -> tuple[str, ...]:
    """How a text may still give the days of `before` where they contradict `after`: without the year."""
    old, new = _day_range(before), _day_range(after)
    if old is None or old == new:
        return ()
    first, last = old
    months = [
        _month(first.month, words),
        str(get_month_names("abbreviated", "format", words.locale)[first.month]),
    ]
    found = []
    for name in months:
        if first != last and first.month == last.month:
            found += [f"{first.day}{dash}{last.day} {name}" for dash in "–-—"]
            found += [f"{name} {first.day}{dash}{last.day}" for dash in "–-—"]
        if new is None or not new[0] <= first <= new[1]:
            found += [f" {first.day} {name}", f"{name} {first.day},", f"({first.day} {name}"]
    return tuple(found)


def _day_range(moment: Time) -> tuple[date, date] | None:
    match moment:
        case Days(first, last):
            return first, last
        case Hours(start, _, timezone):
            local = start.astimezone(zone(timezone)).date()
            return local, local
    return None
