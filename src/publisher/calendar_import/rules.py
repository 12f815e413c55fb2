"""A foreign recurrence rule in the words of records: without its end, and without what says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from publisher.calendar_import.times import Unreadable
from publisher.diagnostics import quoted
from publisher.ics.values import BadValue, moment, rule
from publisher.model.fields import MAX_COUNT
from publisher.model.rule import BadRule, read_rule
from publisher.model.when import LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.calendar_import.expansion import Expander
    from publisher.calendar_import.zones import ReadZone
    from publisher.ics.lines import ContentLine

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EVERY = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_DAY = timedelta(days=1)
#: Dates, by which two ways to say a rule are found to be the same.
_MOST_COMPARED = 200


@dataclass(frozen=True)
class ReadRule:
    """An RRULE: its parts, and the last local time that its UNTIL allows."""

    line: ContentLine
    parts: Mapping[str, str]
    until: datetime | None

    @property
    def is_finite(self) -> bool:
        """Whether it ends."""
        return "COUNT" in self.parts or self.until is not None

    @property
    def count(self) -> int | None:
        """Its COUNT."""
        return int(self.parts["COUNT"]) if "COUNT" in self.parts else None


def read(line: ContentLine, clocks: ReadZone | None) -> ReadRule:
    """An RRULE; `zone` is where it runs, empty for whole days.

    A count below zero stands for none in some programs' files.

    Raises:
        Unreadable: it is none.
    """
    try:
        written = ";".join(part for part in map(str.strip, line.value.split(";")) if part)
        parts = {
            name: value for name, value in rule(written).items() if not (name == "COUNT" and value[:1] == "-")
        }
        written_until = moment(parts["UNTIL"]) if "UNTIL" in parts else None
        # Later than records go is never.
        ends = written_until is not None and written_until.year <= LAST_YEAR
        until = _until(written_until, clocks) if written_until and ends else None
        count = parts.get("COUNT", "1")
    except BadValue as error:
        raise Unreadable(line.number, f"the rule cannot be read: {error}", error.hint) from None
    if not (count.isdigit() and len(count) <= 9 and int(count)) or "FREQ" not in parts:  # noqa: PLR2004 -- digits
        raise Unreadable(line.number, f"the rule cannot be read: {quoted(line.value)}")
    return ReadRule(line, parts, until)


def _until(written: date | datetime, clocks: ReadZone | None) -> datetime:
    """UNTIL in the local time of the rule (RFC 5545, 3.3.10); for times, a day is its midnight in UTC."""
    if clocks is None:
        return datetime.combine(written, time()) if not isinstance(written, datetime) else _midnight(written)
    if not isinstance(written, datetime):
        written = datetime.combine(written, time(), UTC)
    return written if written.tzinfo is None else clocks.local(written)


def _midnight(written: datetime) -> datetime:
    return datetime.combine(written.date(), time())


def as_recurrence(read: ReadRule, start: datetime, expander: Expander) -> dict[str, Any] | None:
    """The rule as a record has it, or None if records have none like it. `start` is a date of it."""
    parts = {name: value for name, value in read.parts.items() if not _says_nothing(name, value, start)}
    bare = {name: value for name, value in parts.items() if name not in {"COUNT", "UNTIL"}}
    found = next((each for each in _equivalents(bare, start) if _is_sound(each, start)), None)
    if found is None or (read.count or 0) > MAX_COUNT:
        return None
    if found != bare and not _is_same(found, bare, start, expander):
        return None
    text = ";".join(f"{name}={value}" for name, value in found.items())
    said: dict[str, Any] = {"every": _EVERY[found["FREQ"]]} if _is_simple(found, start) else {"rule": text}
    if read.count is not None:
        return said | {"count": read.count}
    return said if read.until is None else said | {"until": _last_day(read.until, start)}


def _is_sound(parts: Mapping[str, str], start: datetime) -> bool:
    try:
        read_rule(";".join(f"{name}={value}" for name, value in parts.items()), start.date())
    except BadRule:
        return False
    return True


def _equivalents(parts: Mapping[str, str], start: datetime) -> Iterator[dict[str, str]]:
    """The rule, and other ways to say it: of those records have the one that calendar programs agree on."""
    yield dict(parts)
    interval = int(parts.get("INTERVAL", "1")) if parts.get("INTERVAL", "1").isdigit() else 1
    if parts["FREQ"] == "MONTHLY" and "BYMONTH" in parts and interval == 1:
        yield {**parts, "FREQ": "YEARLY"}
        yield {**parts, "FREQ": "YEARLY", "BYMONTHDAY": str(start.day)}
    if parts["FREQ"] == "YEARLY" and not any(name.startswith("BY") for name in parts):
        yield {**parts, "BYMONTH": str(start.month), "BYMONTHDAY": str(start.day)}
    if parts["FREQ"] == "YEARLY" and parts.get("BYMONTH") == str(start.month):
        others = {name: value for name, value in parts.items() if name != "BYMONTH"}
        yield {**others, "FREQ": "MONTHLY", "INTERVAL": str(12 * interval)}
    if parts["FREQ"] in {"DAILY", "WEEKLY"} and interval == 1:
        yield {**parts, "FREQ": "MONTHLY" if "BYMONTHDAY" in parts else "DAILY"}
        yield {"BYDAY": ",".join(_WEEKDAYS), **parts, "FREQ": "WEEKLY"}


def _is_same(one: Mapping[str, str], other: Mapping[str, str], start: datetime, expander: Expander) -> bool:
    """Whether two rules give the same dates, as far as is looked."""
    dates = (list(islice(expander.dates(each, start), _MOST_COMPARED)) for each in (one, other))
    first, second = dates
    return first == second


def _is_simple(parts: Mapping[str, str], start: datetime) -> bool:
    """Whether it repeats on the same day of each week, and so on."""
    weekly = {"FREQ": "WEEKLY", "BYDAY": _WEEKDAYS[start.weekday()]}
    monthly = {"FREQ": "MONTHLY", "BYMONTHDAY": str(start.day)}
    yearly = {"FREQ": "YEARLY", "BYMONTHDAY": str(start.day), "BYMONTH": str(start.month)}
    is_one = dict(parts) in (weekly, monthly, yearly) or set(parts) == {"FREQ"}
    return is_one and _is_sound({"FREQ": parts["FREQ"]}, start)


def _says_nothing(name: str, value: str, start: datetime) -> bool:
    """Whether a part only repeats what is so without it."""
    clock = {"BYHOUR": start.hour, "BYMINUTE": start.minute, "BYSECOND": start.second}
    if name in clock:
        return value.isdigit() and int(value) == clock[name]
    return (name, value) in {("INTERVAL", "1"), ("WKST", "MO")} or name.startswith("X-")


def _last_day(until: datetime, start: datetime) -> str:
    """The last day on which a date of the rule may be: all have the time of day of the start."""
    day = until.date() if until.time() >= start.time() else until.date() - _DAY
    return str(day)
