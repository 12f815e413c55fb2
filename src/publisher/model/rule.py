"""Recurrence rules as curators may write them: the part of RFC 5545 section 3.3.10 that calendars agree on.

The engines of calendar programs differ, and some never answer: one looks for ever for the days of
FREQ=DAILY;BYMONTHDAY=-1, and takes 29 February for 1 March in a year without one. So there is a list of
what goes with what, of which two engines that share no code (dateutil and ical.js) find the same dates;
all else is refused, with a way to say it otherwise. A rule that is read here is whole: it names nothing
twice, no number is out of its range, and its end is given apart.
"""

from __future__ import annotations

import re
from calendar import monthrange
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_SHAPE = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(?:;[A-Z]+=[A-Z0-9,+-]+)*")
_SIGNED = re.compile(r"[+-]?\d{1,5}")
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")

#: How other parts are called where programs agree on one form of them only.
_NTH, _FROM_END = "BYDAY with a number", "BYMONTHDAY from the end"
#: What may stand in a rule together: all of a line, or some of it.
_AGREED: Final = {
    "DAILY": ({"BYMONTH", "BYMONTHDAY", "BYDAY"},),
    "WEEKLY": ({"BYMONTH", "BYDAY"},),
    "MONTHLY": ({"BYMONTHDAY", _FROM_END}, {_NTH}, {"BYDAY", "BYMONTHDAY"}, {"BYDAY", "BYSETPOS"}),
    "YEARLY": (
        {"BYMONTH", "BYMONTHDAY", "BYDAY"},
        {"BYMONTH", _NTH},
        {"BYMONTH", "BYDAY", "BYSETPOS"},
        {"BYYEARDAY", "BYDAY"},
    ),
}
_LIST = "list its dates in 'also', without a rule"
#: A form that programs agree on, by frequency and what they do not agree on.
_INSTEAD: Final = {
    ("DAILY", _FROM_END): "use FREQ=MONTHLY",
    ("WEEKLY", "BYMONTHDAY"): "use FREQ=MONTHLY",
    ("WEEKLY", _NTH): "1TU and -1FR are days of a month: use FREQ=MONTHLY",
    ("DAILY", _NTH): "1TU and -1FR are days of a month: use FREQ=MONTHLY",
    ("MONTHLY", "BYMONTH"): "use FREQ=YEARLY with BYMONTH",
    ("YEARLY", _FROM_END): "use FREQ=MONTHLY;INTERVAL=12",
}
_FEWEST, _MOST = 4, 5  # of one weekday in a month
_WEEKS = 53
_COMMON_YEAR = 2027


class BadRule(ValueError):
    """A recurrence that calendars would not understand alike: `where` in the record is to blame."""

    def __init__(self, where: str | tuple[str | int, ...], message: str, hint: str = "") -> None:
        super().__init__(message)
        self.where = (where,) if isinstance(where, str) else where
        self.hint = hint


def parse_rule(text: str) -> dict[str, str]:
    """The parts of a rule without its end, such as FREQ=MONTHLY;BYDAY=1TU, each by itself sound.

    Raises:
        BadRule: naming the part that is wrong.
    """
    text = text.removeprefix("RRULE:")
    if not _SHAPE.fullmatch(text):
        raise _bad(
            f"expected a rule such as FREQ=WEEKLY;BYDAY=TU, got {quoted(text)}", "separate its parts by ';'"
        )
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, value = part.split("=", 1)
        if name in parts:
            raise _bad(f"'{name}' is given twice", "keep one of them")
        parts[name] = value
    for name, value in parts.items():
        _read_part(name, value)
    if "FREQ" not in parts:
        raise _bad("the rule has no FREQ", f"begin it with FREQ={' or FREQ='.join(FREQUENCIES)}")
    return parts


def read_rule(text: str, start: date | None = None) -> str:
    """A rule that calendar programs read alike; with the event's first day, one that may begin there.

    Raises:
        BadRule: naming what is wrong, or what they differ in.
    """
    parts = parse_rule(text)
    _fit_together(parts)
    if start is not None:
        _fit_start(parts, start)
    return text.removeprefix("RRULE:")


def _bad(message: str, hint: str) -> BadRule:
    return BadRule(("recurrence", "rule"), message, hint)


# Each part by itself


def _read_part(name: str, value: str) -> None:
    if name in {"COUNT", "UNTIL"}:
        example = "count: 10" if name == "COUNT" else "until: 2027-12-20"
        raise _bad(f"expected a rule without its end, got {name}", f"write it beside the rule: '{example}'")
    if name in {"BYHOUR", "BYMINUTE", "BYSECOND"}:
        hint = "its time of day is that of 'start'; at another one it is an event of its own"
        raise _bad(f"expected no time of day in a rule, got {name}", hint)
    if name == "BYWEEKNO":
        raise _bad("calendar programs differ in how they read BYWEEKNO", _LIST)
    if name not in _PARTS:
        hint = did_you_mean(name, _PARTS) or f"a rule has {', '.join(_PARTS)}"
        raise _bad(f"unknown part '{name}' in a rule", hint)
    _PARTS[name](name, value)


def _frequency(name: str, value: str) -> None:
    del name
    if value not in FREQUENCIES:
        raise _bad(
            f"expected a frequency of a day or more, got {quoted(value)}", f"use {', '.join(FREQUENCIES)}"
        )


def _numbers(
    low: int, high: int, *, signed: bool = False, single: bool = False
) -> Callable[[str, str], None]:
    """Reads numbers from `low` to `high`, with `signed` counted from the end as well."""

    def read(name: str, value: str) -> None:
        for each in [value] if single else value.split(","):
            digits = each.lstrip("+-") if signed and _SIGNED.fullmatch(each) else each
            if not (digits.isdigit() and low <= int(digits) <= high):
                hint = "negative numbers count from the end" if signed else "correct the number"
                raise _bad(f"expected numbers from {low} to {high} in {name}, got {quoted(each)}", hint)

    return read


def _weekdays(name: str, value: str) -> None:
    for each in value.split(","):
        match = _WEEKDAY.fullmatch(each)
        if not match:
            raise _bad(
                f"expected days such as MO,TU in {name}, got {quoted(each)}", "use MO TU WE TH FR SA SU"
            )
        if match[1] and not 1 <= abs(int(match[1])) <= _WEEKS:
            hint = "1TU is the first Tuesday, -1FR the last Friday"
            raise _bad(f"expected a number from 1 to {_MOST} before the day, got {quoted(each)}", hint)


def _week_start(name: str, value: str) -> None:
    if not re.fullmatch("MO|TU|WE|TH|FR|SA|SU", value):
        raise _bad(f"expected a day such as MO in {name}, got {quoted(value)}", "use MO TU WE TH FR SA SU")


_PARTS: dict[str, Callable[[str, str], None]] = {
    "FREQ": _frequency,
    "INTERVAL": _numbers(1, 1_000, single=True),
    "BYDAY": _weekdays,
    "BYMONTHDAY": _numbers(1, 31, signed=True),
    "BYYEARDAY": _numbers(1, 366, signed=True),
    "BYMONTH": _numbers(1, 12),
    "BYSETPOS": _numbers(1, 366, signed=True),
    "WKST": _week_start,
}


# What goes together


def _fit_together(parts: Mapping[str, str]) -> None:
    frequency = parts["FREQ"]
    used = _used(parts)
    if not any(used <= together for together in _AGREED[frequency]):
        alone = [part for part in used if not any(part in together for together in _AGREED[frequency])]
        named = " and ".join(sorted(alone or used))
        hint = next((_INSTEAD[frequency, part] for part in used if (frequency, part) in _INSTEAD), _LIST)
        raise _bad(f"calendar programs differ in how they read {named} in a {frequency} rule", hint)
    for fits in (_positions_fit, _weekdays_fit, _days_of_year_fit):
        fits(frequency, parts)


def _used(parts: Mapping[str, str]) -> set[str]:
    """The parts that choose days, each by the form it has."""
    used = {name for name in parts if name.startswith("BY")}
    if any(each[0] in "+-0123456789" for each in _values(parts, "BYDAY")):
        used ^= {"BYDAY", _NTH}
    if any(each.startswith("-") for each in _values(parts, "BYMONTHDAY")):
        used ^= {"BYMONTHDAY", _FROM_END}
    return used


def _positions_fit(frequency: str, parts: Mapping[str, str]) -> None:
    """BYSETPOS counts among days of one month, and no further than every month has some."""
    if "BYSETPOS" not in parts:
        return
    if "BYDAY" not in parts:
        raise _bad("expected BYSETPOS beside BYDAY, got it without", "add BYDAY")
    if frequency == "YEARLY" and len(_numbers_of(parts, "BYMONTH")) != 1:
        raise _bad("expected BYSETPOS with a single BYMONTH in a YEARLY rule", _LIST)
    most = _FEWEST * len(set(_values(parts, "BYDAY")))
    if not all(-most < each <= most for each in _numbers_of(parts, "BYSETPOS")):
        raise _bad(
            f"expected BYSETPOS from {1 - most} to {most}, which every month has", "correct the number"
        )


def _weekdays_fit(frequency: str, parts: Mapping[str, str]) -> None:
    """Either all days with a number or none; a fifth one, which not every month has, stands alone."""
    days = _values(parts, "BYDAY")
    numbered = [each for each in days if len(each) > len("MO")]
    if any(abs(int(each[:-2])) > _MOST for each in numbered):
        raise _bad(f"expected a number from 1 to {_MOST} before a day, got {','.join(days)}", _LIST)
    if numbered and len(numbered) < len(days):
        raise _bad(f"expected a number before each day or before none, got {','.join(days)}", _LIST)
    if frequency == "MONTHLY" and len(days) > 1 and any(str(_MOST) in each for each in numbered):
        raise _bad(
            "expected a fifth weekday alone in a MONTHLY rule", "make it an event of its own, or " + _LIST
        )


def _days_of_year_fit(frequency: str, parts: Mapping[str, str]) -> None:
    """In a rule by years, a day of the month must be one of every month that is meant."""
    if frequency != "YEARLY" or "BYMONTHDAY" not in parts:
        return
    if not {"BYMONTH", "BYDAY"} & parts.keys():
        raise _bad("expected BYMONTHDAY beside BYMONTH in a YEARLY rule", "add BYMONTH, or use FREQ=MONTHLY")
    months = _numbers_of(parts, "BYMONTH") or range(1, 13)
    if max(_numbers_of(parts, "BYMONTHDAY")) > _shortest(months):
        raise _bad("expected days that each of the months has in every year", _LIST)


def _fit_start(parts: Mapping[str, str], start: date) -> None:
    """A rule by years on the day of its start: one that each of the months has in every year."""
    if parts["FREQ"] != "YEARLY" or {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & parts.keys():
        return
    if start.day > _shortest(_numbers_of(parts, "BYMONTH") or [start.month]):
        raise BadRule(
            "recurrence", f"calendar programs differ where there is no day like {start:%Y-%m-%d}", _LIST
        )


def _shortest(months: Iterable[int]) -> int:
    """How many days each of the months has at least."""
    return min(monthrange(_COMMON_YEAR, month)[1] for month in months)


def _values(parts: Mapping[str, str], name: str) -> list[str]:
    return parts[name].split(",") if name in parts else []


def _numbers_of(parts: Mapping[str, str], name: str) -> list[int]:
    return [int(each) for each in _values(parts, name)]
