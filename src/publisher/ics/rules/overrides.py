"""Rules about changed occurrences: RECURRENCE-ID beside the series (RFC 5545 section 3.8.4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.diagnostics import quoted
from publisher.ics.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.ics.series import Series
from publisher.ics.subject import Subject, clock, moment_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.ics.components import Component
    from publisher.ics.lines import ContentLine
    from publisher.ics.subject import Surroundings


def _masters(entries: list[Component]) -> dict[tuple[str, str], Component]:
    """The series, by what they are and their UID."""
    return {
        (entry.name, uid.value): entry
        for entry in entries
        if (uid := entry.first("UID")) and not entry.first("RECURRENCE-ID")
    }


def _overrides(entries: list[Component]) -> Iterator[tuple[Component, str, ContentLine]]:
    """The changed occurrences with their UID and RECURRENCE-ID."""
    for entry in entries:
        uid, occurrence = entry.first("UID"), entry.first("RECURRENCE-ID")
        if uid and occurrence:
            yield entry, uid.value, occurrence


def _clock(line: ContentLine | None) -> str:
    value = moment_of(line) if line else None
    return clock(line, value) if line and value is not None else ""


@rule(
    "override-type-wrong", ERROR, Sight.ENTRIES, source="RFC 5545 3.8.4.4 (MUST)",
    misread="The change is not found: the occurrence is shown as it was, and as it is.",
    mend="write RECURRENCE-ID like the DTSTART of the series: a day for days, a time for times",
)  # fmt: skip
def override_type_wrong(entries: list[Component], surroundings: Surroundings) -> Iterator[Found]:
    """A RECURRENCE-ID is of the type of the series' start, and floats only if that does."""
    del surroundings
    for line, expected, found in _pairs(entries):
        if {expected, found} & {"DATE", "floating"}:
            said = {"DATE": "a day", "floating": "a floating time"}
            got, wanted = said.get(found, "a time in a zone"), said.get(expected, "a time in a zone")
            yield Found(
                line.number, f"expected RECURRENCE-ID to be {wanted} like the series, got {got}", line.value
            )


@rule(
    "override-zone-other", WARNING, Sight.ENTRIES, source="RFC 5545 3.8.4.4; what clients compare",
    misread="Clients that compare local times show the occurrence twice: as it was, and as it is.",
    mend="write RECURRENCE-ID with the TZID of the series' DTSTART",
)  # fmt: skip
def override_zone_other(entries: list[Component], surroundings: Surroundings) -> Iterator[Found]:
    """A RECURRENCE-ID is in the zone of the series' start."""
    del surroundings
    for line, expected, found in _pairs(entries):
        if not {expected, found} & {"DATE", "floating"}:
            yield Found(
                line.number,
                f"expected RECURRENCE-ID in {_zone(expected)} like the series, got {_zone(found)}",
                line.value,
            )


def _zone(name: str) -> str:
    return name if name == "UTC" else quoted(name)


def _pairs(entries: list[Component]) -> Iterator[tuple[ContentLine, str, str]]:
    """The RECURRENCE-IDs by another clock than their series has, with both."""
    overrides = list(_overrides(entries))
    masters = _masters(entries) if overrides else {}
    for entry, uid, line in overrides:
        master = masters.get((entry.name, uid))
        expected = _clock(master.first("DTSTART")) if master else ""
        found = _clock(line)
        if expected and found and expected != found:
            yield line, expected, found


@rule(
    "override-without-series", WARNING, Sight.ENTRIES, source="RFC 5545 3.8.4.4",
    misread="Some show it as an event of its own, others drop it.",
    mend="add the series to the calendar, or leave RECURRENCE-ID out",
)  # fmt: skip
def override_without_series(entries: list[Component], surroundings: Surroundings) -> Iterator[Found]:
    """A changed occurrence stands beside its series; only invitations may have it alone."""
    if surroundings.method and surroundings.method != "PUBLISH":
        return
    overrides = list(_overrides(entries))
    masters, told = (_masters(entries) if overrides else {}), set[str]()
    for entry, uid, line in overrides:
        if (entry.name, uid) not in masters and uid not in told:
            told.add(uid)
            yield Found(
                line.number,
                f"expected the series of this occurrence, a {entry.name} with the same UID, got none",
            )


@rule(
    "override-without-occurrence", WARNING, Sight.ENTRIES, source="RFC 5545 3.8.4.4; "
    "reproduced with ical.js 2 and recurring-ical-events",
    misread="Some drop the change, others show it beside the occurrence that is meant.",
    mend="write RECURRENCE-ID like the start that the occurrence had in the series",
)  # fmt: skip
def override_without_occurrence(entries: list[Component], surroundings: Surroundings) -> Iterator[Found]:
    """A RECURRENCE-ID is the start of an occurrence, as the series has it."""
    overrides = list(_overrides(entries))
    several = _all_masters(entries, surroundings) if overrides else {}
    for entry, uid, line in overrides:
        value, told = moment_of(line), several.get((entry.name, uid), ())
        lacks = [each.lacks(line, value) for each in told] if value is not None else []
        if lacks and all(lacks):
            message = f"expected RECURRENCE-ID {lacks[0]}, got {quoted(line.value)}"
            yield Found(line.number, message, line.value)


def _all_masters(entries: list[Component], surroundings: Surroundings) -> dict[tuple[str, str], list[Series]]:
    """The series by what they are and their UID, of which there should be one each."""
    changed = {(entry.name, uid) for entry, uid, _ in _overrides(entries)}
    found: dict[tuple[str, str], list[Series]] = {}
    for entry in entries:
        uid = entry.first("UID")
        if uid and (entry.name, uid.value) in changed and not entry.first("RECURRENCE-ID"):
            found.setdefault((entry.name, uid.value), []).append(Series(Subject(entry, surroundings)))
    return found


RULES = (
    override_type_wrong,
    override_zone_other,
    override_without_series,
    override_without_occurrence,
)
