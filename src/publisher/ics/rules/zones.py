"""Rules about time zones: each is there once, and right (RFC 5545 sections 3.2.19, 3.6.5)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.ics import values
from publisher.ics.faults import and_more
from publisher.ics.observances import LAST_YEAR, TELLABLE
from publisher.ics.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.ics.series import moments_of, recurring_of
from publisher.ics.subject import ENTRIES, Subject, Surroundings, tzid
from publisher.ics.values import BadValue, Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publisher.ics.components import Component
    from publisher.ics.lines import ContentLine
    from publisher.ics.observances import ZoneDefinition
    from publisher.ics.recurring import Recurring

_OBSERVANCES: Final = ("STANDARD", "DAYLIGHT")
_UNTIL_UTC: Final = re.compile(r"UNTIL=\d{8}T\d{6}Z", re.ASCII)
_LOCAL: Final = ("DTSTART", "DTEND", "DUE", "RECURRENCE-ID")
_PLACING: Final = frozenset({*_LOCAL, "RDATE"})


@rule(
    "zone-missing", ERROR, Sight.ENTRIES, source="RFC 5545 3.2.19 (MUST); sebbo2002/ical-generator#680",
    misread="Outlook shows the time an hour off or as floating; ical.js by itself takes it as floating.",
    mend="add the VTIMEZONE, or write the time in UTC with Z",
)  # fmt: skip
def zone_missing(entries: list[Component], surroundings: Surroundings) -> Iterator[Found]:
    """A zone that is named by TZID is told by a VTIMEZONE in the same calendar."""
    told = set(surroundings.zones)
    for entry in entries:
        for line in entry.lines:
            name = tzid(line) if line.parameters else ""
            if name and name not in told and not line.value.endswith("Z"):
                told.add(name)
                yield Found(
                    line.number, f"expected a VTIMEZONE for the zone {quoted(name)}, got none", "TZID"
                )


@rule(
    "zone-unused", WARNING, Sight.CALENDAR, source="ietf-tools/datatracker#4821",
    misread="Nobody; it is fetched with every refresh, and goes out of date without being seen.",
    mend="leave the VTIMEZONE out",
)  # fmt: skip
def zone_unused(calendar: Component, surroundings: Surroundings) -> Iterator[Found]:
    """A VTIMEZONE that no entry uses says nothing, as long as there are entries."""
    del surroundings
    entries = [child for child in calendar.children if child.name != "VTIMEZONE"]
    zones = [child for child in calendar.children if child.name == "VTIMEZONE"]
    if not entries or not zones:
        return
    used = _used(entries) | {calendar.text("X-WR-TIMEZONE")}  # which is that of floating times
    for zone in zones:
        if zone.text("TZID") not in used:
            yield Found(zone.number, f"expected an entry in the zone {quoted(zone.text('TZID'))}, got none")


def _used(entries: list[Component]) -> set[str]:
    """The zones that are named in components, and in those within them."""
    used, left = set[str](), list(entries)
    while left:
        component = left.pop()
        left += component.children
        used |= {tzid(line) for line in component.lines if line.parameters}
    return used


@rule(
    "zone-repeated", ERROR, Sight.CALENDAR, source="RFC 5545 3.6.5, 3.2.19",
    misread="Some follow the first, some the last.",
    mend="leave only one VTIMEZONE for each TZID",
)  # fmt: skip
def zone_repeated(calendar: Component, surroundings: Surroundings) -> Iterator[Found]:
    """A zone is told once."""
    del surroundings
    seen: dict[str, int] = {}
    for child in calendar.children:
        if child.name == "VTIMEZONE" and (name := child.text("TZID")):
            first = seen.setdefault(name, child.number)
            if first != child.number:
                yield Found(
                    child.number, f"expected another zone than that in line {first}, got {quoted(name)} again"
                )


@rule(
    "zone-incomplete", ERROR, Sight.COMPONENT, "VTIMEZONE", *_OBSERVANCES, source="RFC 5545 3.6.5 (MUST)",
    misread="The zone is passed over, and its times are floating or in UTC.",
    mend="add what is missing",
)  # fmt: skip
def zone_incomplete(subject: Subject) -> Iterator[Found]:
    """A zone has its TZID and an observance; an observance its start and the offsets before and after it."""
    needed = ("TZID",) if subject.name == "VTIMEZONE" else ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO")
    for name in needed:
        if not subject.value(name):
            yield Found(subject.component.number, f"expected {name} in the {subject.name}, got none")
    if subject.name == "VTIMEZONE" and not any(
        child.name in _OBSERVANCES for child in subject.component.children
    ):
        yield Found(
            subject.component.number, "expected a STANDARD in the VTIMEZONE, got none", hint="add a STANDARD"
        )


@rule(
    "zone-without-standard", WARNING, Sight.COMPONENT, "VTIMEZONE", source="markuspoerschke/iCal#367",
    misread="Outlook refuses the zone, and its times are an hour off.",
    mend="call the observance with the ordinary time STANDARD",
)  # fmt: skip
def zone_without_standard(subject: Subject) -> Iterator[Found]:
    """A zone that has no daylight saving is a STANDARD, not a DAYLIGHT."""
    names = {child.name for child in subject.component.children}
    if "DAYLIGHT" in names and "STANDARD" not in names:
        yield Found(subject.component.number, "expected a STANDARD in the VTIMEZONE, got only DAYLIGHT")


@rule(
    "zone-offset-malformed", ERROR, Sight.PROPERTY, "TZOFFSETFROM", "TZOFFSETTO", source="RFC 5545 3.3.14",
    misread="The zone is passed over, and its times are floating or in UTC.",
    mend="write it like +0500 or -0330",
)  # fmt: skip
def zone_offset_malformed(line: ContentLine, subject: Subject) -> Found | None:
    """An offset is a sign, hours and minutes."""
    del subject
    try:
        values.utc_offset(line.value)
    except BadValue as bad:
        return Found(line.number, str(bad), line.value) if line.value else None
    return None


@rule(
    "zone-start-not-local", ERROR, Sight.PROPERTY, "DTSTART", source="RFC 5545 3.6.5 (MUST be a local time)",
    misread="The change of clocks comes hours off.",
    mend="write the local time, by the clocks as they were before",
)  # fmt: skip
def zone_start_not_local(line: ContentLine, subject: Subject) -> Found | None:
    """An observance begins at a local time, without Z and without TZID."""
    if subject.name not in _OBSERVANCES or not (line.value.endswith("Z") or tzid(line)):
        return None
    return Found(line.number, f"expected a local time, got {quoted(line.value)}", line.value)


@rule(
    "zone-date-lists", WARNING, Sight.PROPERTY, "RDATE", source="reproduced with Thunderbird 153; "
    "iCalcreator/iCalcreator#86",
    misread="ical.js, and so Thunderbird and Nextcloud, read the first date of a list only; "
    "Outlook reads none.",
    mend="write yearly rules (RRULE with BYDAY), or an observance of its own for each date",
)  # fmt: skip
def zone_date_lists(line: ContentLine, subject: Subject) -> Found | None:
    """Changes of clocks are told by rules or one by one, not in lists of dates."""
    if subject.name not in _OBSERVANCES or "," not in line.value:
        return None
    number = line.value.count(",") + 1
    return Found(line.number, f"expected a rule, or one date in the {subject.name}, got a list of {number}")


@rule(
    "zone-rule-without-weekday", WARNING, Sight.PROPERTY, "RRULE", source="skarim/vobject#151",
    misread="Outlook follows a yearly rule of a zone only if it has a BYDAY.",
    mend="write the rule like FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
)  # fmt: skip
def zone_rule_without_weekday(line: ContentLine, subject: Subject) -> Found | None:
    """The yearly change of clocks is told by a weekday of a month."""
    rule_ = line.value.upper()
    if subject.name not in _OBSERVANCES or "FREQ=YEARLY" not in rule_ or "BYDAY=" in rule_:
        return None
    return Found(line.number, f"expected BYDAY in the zone's rule, got {quoted(line.value)}", line.value)


@rule(
    "zone-until-local", WARNING, Sight.COMPONENT, "VTIMEZONE", source="RFC 5545 3.3.10 (MUST be "
    "in UTC), 3.6.5",
    misread="Readers differ by hours in when a rule of the zone ends.",
    mend="write UNTIL in UTC, with Z",
)  # fmt: skip
def zone_until_local(subject: Subject) -> Iterator[Found]:
    """The end of a rule of a zone is in UTC, unlike its start."""
    found = [
        line
        for part in subject.component.children
        for line in part.all("RRULE")
        if "UNTIL=" in line.value.upper() and not _UNTIL_UTC.search(line.value.upper())
    ]
    if found:
        more = and_more([line.number for line in found])
        yield Found(found[0].number, f"expected UNTIL in UTC, got {quoted(found[0].value)}{more}", "UNTIL")


@rule(
    "zone-onset-late", WARNING, Sight.COMPONENT, "VTIMEZONE", source="RFC 5545 3.6.5; what "
    "icalendar 7.3 writes",
    misread="Who reads by the RFC is wrong in the hour after each change.",
    mend="write DTSTART by the clocks as they are before the change: 02:00 where they go from 02:00 to 03:00",
)  # fmt: skip
def zone_onset_late(subject: Subject) -> Iterator[Found]:
    """The onset of an observance is told by the clocks as they were until then."""
    definition = subject.surroundings.zones.get(subject.value("TZID"))
    late = definition.late_onset() if definition and definition.component is subject.component else None
    if late:
        yield Found(
            late.number,
            f"expected the onset by the clocks before it ({written(late.before)}), got it by those after",
        )


@rule(
    "zone-wrong", ERROR, Sight.COMPONENT, *ENTRIES, having="DTSTART", source="IANA tz; "
    "Asia/Almaty since 2024-03-01",
    misread="Who follows the VTIMEZONE shows another time than who follows the zone's name: hours apart.",
    mend="write the VTIMEZONE anew from current time zone data",
)  # fmt: skip
def zone_wrong(subject: Subject) -> Iterable[Found]:
    """A VTIMEZONE with an IANA name says what that zone does, at the times that use it."""
    if not subject.surroundings.zones:
        return ()
    return _astray(subject)


def _astray(subject: Subject) -> Iterator[Found]:
    for line, definition, local in _local_times(subject):
        if off := definition.error(local):
            yield _wrong(line, definition, local, off)
            return
        if line.name == "DTSTART" and (found := _astray_later(subject, line, definition, local)):
            yield found
            return


def _local_times(subject: Subject) -> Iterator[tuple[ContentLine, ZoneDefinition, datetime]]:
    """The local times of an entry whose zone is told."""
    zones = subject.surroundings.zones
    for name in _LOCAL:
        line = subject.first(name)
        definition = zones.get(tzid(line)) if line and line.parameters else None
        local = subject.moment(name) if definition else None
        if (
            line
            and definition
            and isinstance(local, datetime)
            and not local.tzinfo
            and local.year in TELLABLE
        ):
            yield line, definition, local
    for line in subject.by.get("RDATE", ()):
        definition = zones.get(tzid(line)) if line.parameters else None
        if definition:
            for local in _locals(line):
                yield line, definition, local


def _locals(line: ContentLine) -> Iterator[datetime]:
    """The local times that a property tells."""
    for each in moments_of(line):
        local = each.start if isinstance(each, Period) else each
        if isinstance(local, datetime) and not local.tzinfo and local.year in TELLABLE:
            yield local


def _astray_later(
    subject: Subject, line: ContentLine, definition: ZoneDefinition, start: datetime
) -> Found | None:
    """The first occurrence that the zone definition puts at another instant, if there is one."""
    recurring = recurring_of(subject)
    if not recurring or not definition.iana or not definition.patience:
        return None
    last = recurring.last(date(LAST_YEAR, 12, 31))
    years = range(start.year, last.year + 1)
    suspects = [day for year in years for day in definition.astray(year) if start.date() <= day < last]
    if not suspects:
        return None
    definition.patience -= 1
    for day in _common(recurring, suspects):
        local = datetime.combine(day, start.time())
        if off := definition.error(local):
            return _wrong(line, definition, local, off)
    return None


def _common(recurring: Recurring, days: list[date]) -> Iterator[date]:
    """Those of the days on which the rule falls; only with a COUNT it must be followed from its start."""
    if recurring.parts.count:
        wanted = set(days)
        return (day for day in recurring.days(days[-1]) if day in wanted)
    return (day for day in days if recurring.takes(day))


def _wrong(line: ContentLine, definition: ZoneDefinition, local: datetime, off: timedelta) -> Found:
    said = definition.offset(local) or timedelta()
    true = said - off
    return Found(
        line.number,
        f"expected {definition.tzid} to be at {written(true)} on {local:%Y-%m-%d %H:%M}, "
        f"its VTIMEZONE says {written(said)}",
        "TZID",
    )


def written(offset: timedelta) -> str:
    """An offset as it is written: +0500."""
    seconds = int(offset.total_seconds())
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}{minutes % 60:02}"


@rule(
    "zone-misread", ERROR, Sight.COMPONENT, *ENTRIES, having="DTSTART", source="reproduced with "
    "Thunderbird 153",
    misread="Thunderbird and Nextcloud (ical.js) show the entry an hour off.",
    mend="write the VTIMEZONE with yearly rules instead of lists of dates",
)  # fmt: skip
def zone_misread(subject: Subject) -> Iterator[Found]:
    """A time must not depend on the later dates of a list in its zone, which ical.js does not read."""
    if not subject.surroundings.zones:
        return
    for line, definition, local in _local_times(subject):
        if definition.misread(local):
            zone, time = quoted(definition.tzid), quoted(f"{local:%Y%m%dT%H%M%S}")
            yield Found(
                line.number, f"expected rules for {zone}, got a list of dates that {time} needs", "TZID"
            )
            return


@rule(
    "zone-begins-later", ERROR, Sight.ENTRIES, source="RFC 5545 3.6.5 (what counts is the "
    "latest onset before a time); reproduced with ical.js 2 and icalendar 7.3",
    misread="ical.js reads the time in UTC, icalendar in the zone of that name or by its first STANDARD: "
    "hours apart.",
    mend="begin the VTIMEZONE with an onset before the first time that uses it",
)  # fmt: skip
def zone_begins_later(entries: list[Component], surroundings: Surroundings) -> Iterator[Found]:
    """A VTIMEZONE says nothing of the time before its first onset, so that is earlier than what uses it."""
    begins = {name: zone.begins for name, zone in surroundings.zones.items() if zone.begins}
    early: dict[str, list[ContentLine]] = {}
    for entry in entries if begins else ():
        for line in entry.lines:
            start = begins.get(tzid(line)) if line.parameters and line.name in _PLACING else None
            if start and any(local < start for local in _locals(line)):
                early.setdefault(tzid(line), []).append(line)
    for name, lines in early.items():
        message = f"expected the VTIMEZONE of {quoted(name)} to begin before {quoted(lines[0].value)}"
        more = and_more([line.number for line in lines])
        yield Found(lines[0].number, f"{message}, got one from {begins[name]:%Y-%m-%d} on{more}", "TZID")


RULES = (
    zone_missing,
    zone_unused,
    zone_repeated,
    zone_incomplete,
    zone_without_standard,
    zone_offset_malformed,
    zone_start_not_local,
    zone_date_lists,
    zone_rule_without_weekday,
    zone_until_local,
    zone_onset_late,
    zone_begins_later,
    zone_wrong,
    zone_misread,
)
