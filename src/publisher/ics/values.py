"""Values (RFC 5545 section 3.3): what the text of a property means.

Each function takes what stands behind the colon and raises `BadValue` for anything that the
RFC's grammar does not allow: nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted

if TYPE_CHECKING:
    from publisher.ics.lines import ContentLine

_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_SCRAP: Final = re.compile(r"\\.|[^\\,]+|,|\\", re.DOTALL)
_MOMENT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.ASCII)
_DURATION: Final = re.compile(
    r"([+-]?)P(?:(\d+)W|(?=\d|T\d)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?)", re.ASCII
)
_OFFSET: Final = re.compile(r"([+-])(\d\d)([0-5]\d)([0-5]\d)?", re.ASCII)
_FLOAT: Final = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_HOURS: Final = 24
_LATITUDE, _LONGITUDE = 90, 180


class BadValue(ValueError):
    """A value that is not what the RFC allows; `hint` says what to write."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time (RFC 5545 section 3.3.9): with its end, or with its length."""

    start: datetime
    end: datetime | None = None
    length: timedelta | None = None


def text(value: str) -> str:
    r"""The text that is written with \\ \; \, \n and \N (section 3.3.11), in plain."""
    return (
        _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value) if "\\" in value else value
    )


def texts(value: str) -> list[str]:
    """A list of texts, such as CATEGORIES; an escaped comma is none between two."""
    if "\\" not in value:
        return value.split(",")
    parts = [""]
    for scrap in _SCRAP.findall(value):
        if scrap == ",":
            parts.append("")
        else:
            parts[-1] += scrap
    return [text(part) for part in parts]


def moment(line_value: str) -> date | datetime:
    """A DATE, or a DATE-TIME: naive in local time, aware where it is in UTC (sections 3.3.4, 3.3.5).

    Raises:
        BadValue: it is neither, or there is no such day or time.
    """
    found = _MOMENT.fullmatch(line_value)
    if not found:
        raise BadValue(f"expected a date or time, got {quoted(line_value)}", _moment_hint(line_value))
    year, month, day, hour, minute, second, utc = found.groups()
    try:
        if hour is None:
            return date(int(year), int(month), int(day))
        # A leap second is the one before it to who does not know it (section 3.3.12).
        seconds = min(int(second), 59) if second == "60" else int(second)
        zone = UTC if utc else None
        return datetime(int(year), int(month), int(day), int(hour), int(minute), seconds, tzinfo=zone)
    except ValueError:
        hint = (
            "hours are 00 to 23; the last moment of a day is 000000 of the next"
            if hour == f"{_HOURS}"
            else ""
        )
        message = f"expected a date or time that exists, got {quoted(line_value)}"
        raise BadValue(message, hint or "correct it") from None


def _moment_hint(value: str) -> str:
    if value.strip() != value and _MOMENT.fullmatch(value.strip()):
        return "delete the white space around it"
    if value and _MOMENT.fullmatch(value.partition(",")[0]):
        return "write one value"
    return "write it like 20260611, 20260611T090000 or 20260611T040000Z"


def moments(line: ContentLine) -> list[date | datetime | Period]:
    """All values of an RDATE or EXDATE; of a line with VALUE=PERIOD its periods.

    Raises:
        BadValue: one of them is none.
    """
    return [period(each) if "/" in each else moment(each) for each in line.value.split(",")]


def period(value: str) -> Period:
    """A stretch of time: two times, or a time and a length, with a slash between them.

    Raises:
        BadValue: it is none, or its length is negative.
    """
    begin, _, rest = value.partition("/")
    start = moment(begin)
    hint = "write it like 20260611T040000Z/PT1H"
    if not isinstance(start, datetime):
        raise BadValue(f"expected a period, got {quoted(value)}", hint)
    if rest[:1] in {"P", "+", "-"}:
        length = duration(rest)
        if length < timedelta():
            raise BadValue(f"expected a period forward in time, got {quoted(value)}", hint)
        return Period(start, length=length)
    end = moment(rest)
    if not isinstance(end, datetime):
        raise BadValue(f"expected a period, got {quoted(value)}", hint)
    return Period(start, end)


def duration(value: str) -> timedelta:
    """A length of time, negative ones included (section 3.3.6).

    Raises:
        BadValue: it is none, or longer than can be counted.
    """
    found = _DURATION.fullmatch(value)
    if not found:
        raise BadValue(f"expected a duration, got {quoted(value)}", "write it like PT1H30M, P1D or P2W")
    sign, *numbers = found.groups()
    try:
        weeks, days, hours, minutes, seconds = (int(number or 0) for number in numbers)
        length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except (OverflowError, ValueError):
        raise BadValue(
            f"expected a duration that can be counted, got {quoted(value)}", "correct it"
        ) from None
    return -length if sign == "-" else length


def rule(value: str) -> dict[str, str]:
    """The parts of an RRULE (section 3.3.10), names and values in upper case, in their order.

    Raises:
        BadValue: a part is no NAME=VALUE, or there twice; what the values say is not looked at.
    """
    parts: dict[str, str] = {}
    for part in value.split(";"):
        name, _, said = part.upper().partition("=")
        if not name or not said:
            raise BadValue(
                f"expected NAME=VALUE in a rule, got {quoted(part)}", "write it like FREQ=WEEKLY;BYDAY=MO"
            )
        if name in parts:
            raise BadValue(f"expected {quoted(name)} once in a rule, got it twice", "leave one of them out")
        parts[name] = said
    return parts


def utc_offset(value: str) -> timedelta:
    """How far clocks are ahead of UTC (section 3.3.14); west of it they are behind.

    Raises:
        BadValue: it is no such offset, or -0000.
    """
    found = _OFFSET.fullmatch(value)
    if not found or int(found[2]) >= _HOURS or not value.strip("-0"):
        raise BadValue(f"expected an offset from UTC, got {quoted(value)}", "write it like +0500 or -0330")
    hours, minutes, seconds = (int(number or 0) for number in found.groups()[1:])
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -offset if found[1] == "-" else offset


def geo(value: str) -> tuple[float, float]:
    """Latitude and longitude in degrees (section 3.8.1.6).

    Raises:
        BadValue: they are no two numbers with a semicolon between them, or out of range.
    """
    hint = "write the latitude, a semicolon and the longitude, like 43.2389;76.8897"
    numbers = value.split(";")
    if value.count(";") != 1 or not all(map(_FLOAT.fullmatch, numbers)):
        raise BadValue(f"expected two numbers with a semicolon between them, got {quoted(value)}", hint)
    latitude, longitude = map(float, numbers)
    if abs(latitude) > _LATITUDE or abs(longitude) > _LONGITUDE:
        raise BadValue(f"expected degrees up to {_LATITUDE} and {_LONGITUDE}, got {quoted(value)}", hint)
    return latitude, longitude
