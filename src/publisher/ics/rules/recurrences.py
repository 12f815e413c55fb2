"""Rules about recurrence: RRULE, EXDATE and RDATE (RFC 5545 sections 3.3.10, 3.8.5)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.ics import values
from publisher.ics.faults import and_more
from publisher.ics.recurring import WEEKDAYS, Parts, Recurring, parse
from publisher.ics.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.ics.series import Series, moments_of, parts_of, recurring_of
from publisher.ics.subject import ENTRIES, Subject, clock
from publisher.ics.values import BadValue, Period

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.ics.lines import ContentLine

#: What recurs so often that its dates have to be counted, in seconds.
_OFTEN: Final = {"SECONDLY": 1, "MINUTELY": 60}
_MOST_DATES: Final = 100_000
#: So many exceptions of an entry are held against its rule.
_MOST_EXCEPTIONS: Final = 1_000
#: Of how many numbers a list takes some.
_TAKEN_OF: Final = {
    "BYMONTH": 12,
    "BYYEARDAY": 366,
    "BYMONTHDAY": 31,
    "BYHOUR": 24,
    "BYMINUTE": 60,
    "BYSECOND": 60,
}
_HOW_OFTEN: Final = re.compile(r";(?:INTERVAL|COUNT|UNTIL|WKST)=[^;]*|(?:INTERVAL|COUNT|UNTIL|WKST)=[^;]*;")
_LEAP_YEAR: Final = 2024
_SAID: Final = {"DATE": "a day", "floating": "a floating time", "UTC": "a time in UTC"}


@rule(
    "rule-malformed", ERROR, Sight.PROPERTY, "RRULE", source="RFC 5545 3.3.10",
    misread="The series is shown as one event, or not at all.",
    mend="write the rule as RFC 5545 section 3.3.10 has it",
)  # fmt: skip
def rule_malformed(line: ContentLine, subject: Subject) -> Found | None:
    """A rule has a frequency, and parts that go with it, each within its range."""
    del subject
    parts = parts_of(line.value)
    return Found(line.number, str(parts), line.value, parts.hint) if isinstance(parts, BadValue) else None


@rule(
    "rule-until-and-count", ERROR, Sight.PROPERTY, "RRULE", source="RFC 5545 3.3.10 (MUST NOT "
    "occur in the same recur)",
    misread="Some follow the one, some the other.",
    mend="leave one of them out",
)  # fmt: skip
def rule_until_and_count(line: ContentLine, subject: Subject) -> Found | None:
    """A rule ends with a date or after a number, not both."""
    del subject
    parts = parts_of(line.value)
    if isinstance(parts, BadValue) or parts.until is None or parts.count is None:
        return None
    return Found(line.number, "expected UNTIL or COUNT in the rule, got both", line.value)


@rule(
    "rule-until-type", ERROR, Sight.PROPERTY, "RRULE", source="RFC 5545 3.3.10 (MUST)",
    misread="The last occurrence is missing in some clients, or the whole series.",
    mend="write UNTIL as a day if DTSTART is one, in UTC if it has a zone or is in UTC, else as a local time",
)  # fmt: skip
def rule_until_type(line: ContentLine, subject: Subject) -> Found | None:
    """UNTIL is a day if the start is one, a floating time if the start floats, and else in UTC."""
    parts, start = parts_of(line.value), subject.first("DTSTART")
    if isinstance(parts, BadValue) or parts.until is None or not start:
        return None
    if subject.name not in ENTRIES:
        return None
    moment = subject.moment("DTSTART")
    if moment is None:
        return None
    how = clock(start, moment)
    expected = how if how in {"DATE", "floating"} else "UTC"
    found = "DATE" if not isinstance(parts.until, datetime) else "UTC" if parts.until.tzinfo else "floating"
    return None if found == expected else _until(line, _SAID[expected])


def _until(line: ContentLine, expected: str) -> Found:
    until = line.value[line.value.upper().index("UNTIL=") + 6 :].partition(";")[0]
    return Found(line.number, f"expected UNTIL to be {expected}, got {quoted(until)}", "UNTIL")


@rule(
    "rule-never", ERROR, Sight.COMPONENT, *ENTRIES, having="RRULE", source="RFC 5545 3.3.10",
    misread="The event is lost in engines that take the occurrences of the rule only.",
    mend="correct the rule, or leave it out",
)  # fmt: skip
def rule_never(subject: Subject) -> Iterator[Found]:
    """A rule falls on some day, from its start on and before its end."""
    recurring = recurring_of(subject)
    if not recurring:
        return
    line, start, until = subject.by["RRULE"][0], recurring.start, recurring.parts.until
    if until is not None and _before(until, start):
        yield Found(line.number, f"expected UNTIL after DTSTART, got {quoted(line.value)}", "UNTIL")
    elif not recurring.takes(recurring.first) and not _may_fall(line.value, recurring.first):
        yield Found(
            line.number, f"expected a rule that falls on some day, got {quoted(line.value)}", line.value
        )


def _before(until: date, start: date) -> bool:
    """Whether UNTIL is surely before the start, whatever the zone."""
    if isinstance(until, datetime) and isinstance(start, datetime) and until.tzinfo is start.tzinfo:
        return until < start
    days = [each.date() if isinstance(each, datetime) else each for each in (until, start)]
    return (days[0] - days[1]).days < (0 if type(until) is type(start) is date else -1)


def _may_fall(rule_: str, first: date) -> bool:
    """Whether the rule falls on some day of some year: how often it does, and until when, is not asked."""
    return _possible(_HOW_OFTEN.sub("", rule_.upper()), first.replace(year=_LEAP_YEAR))


@lru_cache(maxsize=4096)
def _possible(rule_: str, first: date) -> bool:
    return Recurring(parse(values.rule(rule_)), first).is_possible()


@rule(
    "rule-too-often", WARNING, Sight.PROPERTY, "RRULE", source="what expanding it costs",
    misread="Clients that expand it hang; others show nothing.",
    mend="give the rule an end that is near, or a frequency of days",
)  # fmt: skip
def rule_too_often(line: ContentLine, subject: Subject) -> Found | None:
    """What recurs every second or minute has an end, before it has become a hundred thousand dates."""
    parts = parts_of(line.value)
    if isinstance(parts, BadValue) or parts.freq not in _OFTEN:
        return None
    often = parts.freq.lower()
    if not parts.until and not parts.count:
        return Found(line.number, f"expected an end to what recurs {often}, got none", line.value)
    number = _how_many(parts, subject.moment("DTSTART"))
    if number <= _MOST_DATES:
        return None
    message = f"expected at most {_MOST_DATES:,} dates of what recurs {often}, got about {number:,}"
    return Found(line.number, message, line.value)


def _how_many(parts: Parts, start: date | None) -> int:
    """About how many dates a rule that recurs every second or minute has; 0 if that is not said."""
    if parts.until is None or start is None:
        return parts.count or 0
    seconds = (_naive(parts.until) - _naive(start)) / timedelta(seconds=1)
    number = seconds / (parts.interval * _OFTEN[parts.freq])
    for name, total in _TAKEN_OF.items():
        number *= (len(parts.by(name)) or total) / total
    if parts.freq == "MINUTELY" and parts.by("BYSECOND"):
        number *= 60  # each of them is one more
    number *= len({day for _, day in parts.byday} or WEEKDAYS) / len(WEEKDAYS)
    return min(int(number), parts.count) if parts.count else max(int(number), 0)


def _naive(value: date) -> datetime:
    day = value.date() if isinstance(value, datetime) else value
    return datetime.combine(day, value.time() if isinstance(value, datetime) else time())


@rule(
    "rule-without-start", WARNING, Sight.COMPONENT, *ENTRIES, having="RRULE", source="RFC 5545 "
    "3.8.5.3 (SHOULD be synchronized)",
    misread="Half of the engines count DTSTART as an occurrence, the others do not.",
    mend="set DTSTART to the first day on which the rule falls",
)  # fmt: skip
def rule_without_start(subject: Subject) -> Iterator[Found]:
    """The start of a series is its first occurrence."""
    recurring = recurring_of(subject)
    if (
        not recurring
        or recurring.takes(recurring.first)
        or not _may_fall(subject.value("RRULE"), recurring.first)
    ):
        return
    line = subject.by["DTSTART"][0]
    day = f"{recurring.first:%Y-%m-%d}, a {recurring.first:%A}"
    yield Found(line.number, f"expected a start on which the rule falls, got {day}", line.value)


@rule(
    "rule-repeated", WARNING, Sight.COMPONENT, *ENTRIES, having="RRULE", source="RFC 5545 3.6.1 (SHOULD NOT)",
    misread="Google and Outlook follow one of them only.",
    mend="make it two series, or one rule",
)  # fmt: skip
def rule_repeated(subject: Subject) -> Iterator[Found]:
    """A series has one rule."""
    if len(subject.by["RRULE"]) > 1:
        yield Found(subject.by["RRULE"][1].number, "expected one RRULE, got more")


@rule(
    "exception-rule", WARNING, Sight.PROPERTY, "EXRULE", source="RFC 5545 8.3.2 (deprecated)",
    misread="Most clients show the occurrences that it takes away.",
    mend="write the dates as EXDATE",
)  # fmt: skip
def exception_rule(line: ContentLine, subject: Subject) -> Found | None:
    """EXRULE has been taken out of iCalendar; what it said is said by EXDATE."""
    del subject
    return Found(line.number, "expected EXDATE, got EXRULE")


@rule(
    "dates-type-wrong", ERROR, Sight.PROPERTY, "EXDATE", "RDATE", source="RFC 5545 3.8.5.1, 3.8.5.2",
    misread="An EXDATE that is no occurrence's start takes nothing away: the occurrence is shown.",
    mend="write it like DTSTART: a day for days, a time for times",
)  # fmt: skip
def dates_type_wrong(line: ContentLine, subject: Subject) -> Found | None:
    """Exceptions and additional dates are of the type of the start."""
    start_line, start = subject.first("DTSTART"), subject.moment("DTSTART")
    moments = moments_of(line)
    if not start_line or start is None:
        return None
    expected = clock(start_line, start)
    for moment, written in zip(moments, line.value.split(","), strict=False):
        found = expected if isinstance(moment, Period) else clock(line, moment)
        if expected != found and {expected, found} & {"DATE", "floating"}:
            said, got = (_SAID.get(each, "a time in a zone") for each in (expected, found))
            return Found(line.number, f"expected {line.name} to be {said} like DTSTART, got {got}", written)
    return None


@rule(
    "dates-zone-other", WARNING, Sight.PROPERTY, "EXDATE", source="RFC 5545 3.8.5.1; what clients compare",
    misread="Clients that compare local times do not find the occurrence, and show it.",
    mend="write it with the TZID of DTSTART",
)  # fmt: skip
def dates_zone_other(line: ContentLine, subject: Subject) -> Found | None:
    """An exception is written in the zone of the start."""
    start_line, start = subject.first("DTSTART"), subject.moment("DTSTART")
    moments = moments_of(line)
    if not start_line or start is None or not moments or isinstance(moments[0], Period):
        return None
    expected, found = clock(start_line, start), clock(line, moments[0])
    if expected == found or {expected, found} & {"DATE", "floating"}:
        return None
    return Found(
        line.number,
        f"expected EXDATE in {_zone(expected)} like DTSTART, got it in {_zone(found)}",
        line.value,
    )


def _zone(name: str) -> str:
    return name if name == "UTC" else quoted(name)


@rule(
    "exception-without-occurrence", WARNING, Sight.COMPONENT, *ENTRIES, having="EXDATE", source="RFC 5545 "
    "3.8.5.1",
    misread="It takes nothing away: the occurrence that is meant is shown.",
    mend="give it the day and the time of day of the occurrence that it is to take away, or leave it out",
)  # fmt: skip
def exception_without_occurrence(subject: Subject) -> Iterator[Found]:
    """An exception is at a day and time at which the series recurs."""
    if not subject.by.keys() & {"RRULE", "RDATE"}:
        return
    series, missed = Series(subject), dict[int, Found]()
    for line, moment, written in islice(_exceptions(subject), _MOST_EXCEPTIONS):
        if wanted := series.lacks(line, moment):
            message = f"expected EXDATE {wanted}, got {quoted(written)}"
            missed.setdefault(line.number, Found(line.number, message, written))
    if missed:
        first = next(iter(missed.values()))
        yield replace(first, message=first.message + and_more(list(missed)))


def _exceptions(subject: Subject) -> Iterator[tuple[ContentLine, date, str]]:
    """Each value of each EXDATE, and as it is written."""
    for line in subject.by["EXDATE"]:
        for moment, written in zip(moments_of(line), line.value.split(","), strict=False):
            if not isinstance(moment, Period):
                yield line, moment, written


RULES = (
    rule_malformed,
    rule_until_and_count,
    rule_until_type,
    rule_never,
    rule_too_often,
    rule_without_start,
    rule_repeated,
    exception_rule,
    dates_type_wrong,
    dates_zone_other,
    exception_without_occurrence,
)
