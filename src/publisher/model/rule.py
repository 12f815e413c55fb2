"""Recurrence rules as curators may write them: the part of RFC 5545 section 3.3.10 that calendars agree on.

Left out is what they read differently or not at all (BYWEEKNO, BYYEARDAY), and
whatever repeats within a day. A rule that is read here is whole: it names
nothing twice, no number is out of its range, and its end is given apart.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publisher.diagnostics import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_SHAPE = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(?:;[A-Z]+=[A-Z0-9,+-]+)*")
_SIGNED = re.compile(r"[+-]?\d{1,5}")
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_MOST_ORDINAL = {"MONTHLY": 5, "YEARLY": 53}


class BadRule(ValueError):
    """A recurrence that calendars would not understand alike: `where` in the record is to blame."""

    def __init__(self, where: str | tuple[str | int, ...], message: str, hint: str = "") -> None:
        super().__init__(message)
        self.where = (where,) if isinstance(where, str) else where
        self.hint = hint


def read_rule(text: str) -> str:
    """A rule without its end, such as FREQ=MONTHLY;BYDAY=1TU.

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
        _read_part(name, value, parts.get("FREQ", ""))
    _fit_together(parts)
    return text


def _bad(message: str, hint: str) -> BadRule:
    return BadRule(("recurrence", "rule"), message, hint)


def _read_part(name: str, value: str, frequency: str) -> None:
    if name in {"COUNT", "UNTIL"}:
        example = "count: 10" if name == "COUNT" else "until: 2027-12-20"
        raise _bad(f"expected a rule without its end, got {name}", f"write it beside the rule: '{example}'")
    if name not in _PARTS:
        hint = did_you_mean(name, _PARTS) or f"a rule has {', '.join(_PARTS)}"
        raise _bad(f"unknown part '{name}' in a rule", hint)
    _PARTS[name](name, value, frequency)


def _frequency(name: str, value: str, frequency: str) -> None:
    del name, frequency
    if value not in FREQUENCIES:
        raise _bad(
            f"expected a frequency of a day or more, got {quoted(value)}", f"use {', '.join(FREQUENCIES)}"
        )


def _numbers(
    low: int, high: int, *, signed: bool = False, single: bool = False
) -> Callable[[str, str, str], None]:
    """Reads numbers from `low` to `high`, with `signed` counted from the end as well."""

    def read(name: str, value: str, frequency: str) -> None:
        del frequency
        for each in [value] if single else value.split(","):
            digits = each.lstrip("+-") if signed and _SIGNED.fullmatch(each) else each
            if not (digits.isdigit() and low <= int(digits) <= high):
                hint = "negative numbers count from the end" if signed else "correct the number"
                raise _bad(f"expected numbers from {low} to {high} in {name}, got {quoted(each)}", hint)

    return read


def _weekdays(name: str, value: str, frequency: str) -> None:
    for each in value.split(","):
        match = _WEEKDAY.fullmatch(each)
        if not match:
            raise _bad(
                f"expected days such as MO,TU in {name}, got {quoted(each)}", "use MO TU WE TH FR SA SU"
            )
        most = _MOST_ORDINAL.get(frequency, 0)
        if match[1] and not 1 <= abs(int(match[1])) <= most:
            expected = (
                f"a number from 1 to {most} before the day" if most else f"plain days in a {frequency} rule"
            )
            raise _bad(
                f"expected {expected}, got {quoted(each)}", "1TU is the first Tuesday, -1FR the last Friday"
            )


def _week_start(name: str, value: str, frequency: str) -> None:
    del name, frequency
    if not re.fullmatch("MO|TU|WE|TH|FR|SA|SU", value):
        raise _bad(f"expected a day such as MO in WKST, got {quoted(value)}", "use MO TU WE TH FR SA SU")


_PARTS: dict[str, Callable[[str, str, str], None]] = {
    "FREQ": _frequency,
    "INTERVAL": _numbers(1, 1_000, single=True),
    "BYDAY": _weekdays,
    "BYMONTHDAY": _numbers(1, 31, signed=True),
    "BYMONTH": _numbers(1, 12),
    "BYSETPOS": _numbers(1, 366, signed=True),
    "WKST": _week_start,
}


def _fit_together(parts: dict[str, str]) -> None:
    frequency = parts.get("FREQ")
    if frequency is None:
        raise _bad("the rule has no FREQ", f"begin it with FREQ={' or FREQ='.join(FREQUENCIES)}")
    if frequency == "WEEKLY" and "BYMONTHDAY" in parts:
        raise _bad("expected no BYMONTHDAY in a WEEKLY rule", "use FREQ=MONTHLY")
    if "BYSETPOS" in parts and not {"BYDAY", "BYMONTHDAY", "BYMONTH"} & parts.keys():
        raise _bad("expected BYSETPOS beside another BY part, got it alone", "add BYDAY, for instance")
