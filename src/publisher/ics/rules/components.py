"""Rules about components: what each must have or may have once, where it may stand (RFC 5545 section 3.6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import did_you_mean, quoted
from publisher.ics.rules.rule import ERROR, WARNING, Found, Sight, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.ics.components import Component
    from publisher.ics.subject import Subject, Surroundings

_DATED: Final = ("VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY")
_ONCE_IN_ENTRIES: Final = frozenset(
    [
        "DTSTAMP",
        "UID",
        "DTSTART",
        "CLASS",
        "CREATED",
        "DESCRIPTION",
        "DTEND",
        "DUE",
        "DURATION",
        "GEO",
        "LAST-MODIFIED",
        "LOCATION",
        "ORGANIZER",
        "PRIORITY",
        "SEQUENCE",
        "STATUS",
        "SUMMARY",
        "TRANSP",
        "URL",
        "RECURRENCE-ID",
        "COMPLETED",
        "PERCENT-COMPLETE",
        "COLOR",
    ]
)
#: Component -> the properties that MUST NOT occur more than once in it (section 3.6, RFC 7986 section 4).
_ONCE: Final = {
    "VCALENDAR": frozenset({"PRODID", "VERSION", "CALSCALE", "METHOD", "UID", "LAST-MODIFIED",
                            "URL", "SOURCE", "REFRESH-INTERVAL", "COLOR"}),
    "VEVENT": _ONCE_IN_ENTRIES,
    "VTODO": _ONCE_IN_ENTRIES,
    "VJOURNAL": _ONCE_IN_ENTRIES - {"DESCRIPTION"},
    "VFREEBUSY": frozenset({"DTSTAMP", "UID", "CONTACT", "DTSTART", "DTEND", "ORGANIZER", "URL"}),
    "VTIMEZONE": frozenset({"TZID", "LAST-MODIFIED", "TZURL"}),
    "STANDARD": frozenset({"DTSTART", "TZOFFSETTO", "TZOFFSETFROM"}),
    "DAYLIGHT": frozenset({"DTSTART", "TZOFFSETTO", "TZOFFSETFROM"}),
    "VALARM": frozenset({"ACTION", "TRIGGER", "DURATION", "REPEAT", "UID", "ACKNOWLEDGED"}),
}  # fmt: skip
#: Component -> those within which it may stand.
_WITHIN: Final = {
    "VEVENT": ("VCALENDAR",),
    "VTODO": ("VCALENDAR",),
    "VJOURNAL": ("VCALENDAR",),
    "VFREEBUSY": ("VCALENDAR",),
    "VTIMEZONE": ("VCALENDAR",),
    "STANDARD": ("VTIMEZONE",),
    "DAYLIGHT": ("VTIMEZONE",),
    "VALARM": ("VEVENT", "VTODO"),
    "VCALENDAR": (),
}
#: Of RFC 5545 and what has been added to it: 6321, 7808, 7953, 7986, 9073, 9074, 9253, drafts in use.
PROPERTIES: Final = frozenset(
    [
        "ACKNOWLEDGED",
        "ACTION",
        "ATTACH",
        "ATTENDEE",
        "BUSYTYPE",
        "CALENDAR-ADDRESS",
        "CALSCALE",
        "CATEGORIES",
        "CLASS",
        "COLOR",
        "COMMENT",
        "COMPLETED",
        "CONCEPT",
        "CONFERENCE",
        "CONTACT",
        "CREATED",
        "DESCRIPTION",
        "DTEND",
        "DTSTAMP",
        "DTSTART",
        "DUE",
        "DURATION",
        "ESTIMATED-DURATION",
        "EXDATE",
        "EXRULE",
        "FREEBUSY",
        "GEO",
        "IMAGE",
        "LAST-MODIFIED",
        "LINK",
        "LOCATION",
        "LOCATION-TYPE",
        "METHOD",
        "NAME",
        "ORGANIZER",
        "PARTICIPANT-TYPE",
        "PERCENT-COMPLETE",
        "PRIORITY",
        "PRODID",
        "PROXIMITY",
        "RDATE",
        "REASON",
        "RECURRENCE-ID",
        "REFID",
        "REFRESH-INTERVAL",
        "RELATED-TO",
        "REPEAT",
        "REQUEST-STATUS",
        "RESOURCE-TYPE",
        "RESOURCES",
        "RRULE",
        "SEQUENCE",
        "SOURCE",
        "STATUS",
        "STRUCTURED-DATA",
        "STYLED-DESCRIPTION",
        "SUBSTATE",
        "SUMMARY",
        "TASK-MODE",
        "TRANSP",
        "TRIGGER",
        "TZID",
        "TZID-ALIAS-OF",
        "TZNAME",
        "TZOFFSETFROM",
        "TZOFFSETTO",
        "TZUNTIL",
        "TZURL",
        "UID",
        "URL",
        "VERSION",
        "XML",
    ]
)
#: What a METHOD makes of an event (RFC 5546 section 3.2).
_NAME: Final = re.compile(r"[A-Z0-9-]+")
_METHOD_NEEDS: Final = {
    "PUBLISH": ("ORGANIZER",),
    "REQUEST": ("ORGANIZER", "ATTENDEE"),
    "REPLY": ("ORGANIZER", "ATTENDEE"),
    "ADD": ("ORGANIZER", "ATTENDEE", "SEQUENCE"),
    "CANCEL": ("ORGANIZER", "SEQUENCE"),
    "REFRESH": ("ORGANIZER", "ATTENDEE"),
    "COUNTER": ("ORGANIZER", "ATTENDEE", "SEQUENCE"),
    "DECLINECOUNTER": ("ORGANIZER", "ATTENDEE", "SEQUENCE"),
}


@rule(
    "uid-missing", ERROR, Sight.COMPONENT, *_DATED, source="RFC 5545 3.6.1, 3.8.4.7",
    misread="Each refresh of the subscription adds the entry again, or it is refused.",
    mend="add a UID that stays the same for ever: the id of its record, @, your domain",
)  # fmt: skip
def uid_missing(subject: Subject) -> Iterator[Found]:
    """An entry is known by its UID, whatever else changes."""
    if not subject.value("UID").strip():
        yield Found(subject.component.number, f"expected a UID in the {subject.name}, got none")


@rule(
    "stamp-missing", ERROR, Sight.COMPONENT, *_DATED, source="RFC 5545 3.6.1, 3.8.7.2",
    misread="Google's import refuses the file.",
    mend="add DTSTAMP with the instant at which the entry last changed, in UTC",
)  # fmt: skip
def stamp_missing(subject: Subject) -> Iterator[Found]:
    """An entry says of when it is, so that an older copy does not replace a newer one."""
    if "DTSTAMP" not in subject.by:
        yield Found(subject.component.number, f"expected a DTSTAMP in the {subject.name}, got none")


@rule(
    "start-missing", ERROR, Sight.COMPONENT, "VEVENT", source="RFC 5545 3.6.1",
    misread="The event is lost; some clients refuse the file.",
    mend="add DTSTART",
)  # fmt: skip
def start_missing(subject: Subject) -> Iterator[Found]:
    """An event has a start; only messages about one (METHOD) may leave it out."""
    if "DTSTART" not in subject.by and not subject.surroundings.method:
        yield Found(subject.component.number, "expected a DTSTART in the VEVENT, got none")


@rule(
    "start-missing-in-series", ERROR, Sight.COMPONENT, "VTODO", "VJOURNAL", having="RRULE",
    source="RFC 5545 3.8.2.4",
    misread="There is nothing from which the rule could begin, and the entry is lost.",
    mend="add DTSTART",
)  # fmt: skip
def start_missing_in_series(subject: Subject) -> Iterator[Found]:
    """Whatever recurs has a start."""
    if "DTSTART" not in subject.by:
        yield Found(subject.component.number, f"expected a DTSTART in the recurring {subject.name}, got none")


@rule(
    "property-repeated", ERROR, Sight.COMPONENT, *_ONCE, source="RFC 5545 3.6 (MUST NOT occur "
    "more than once)",
    misread="Some take the first, some the last, and strict readers neither.",
    mend="leave only one of them",
)  # fmt: skip
def property_repeated(subject: Subject) -> Iterator[Found]:
    """Most properties occur once at most."""
    if len(subject.by) == len(subject.component.lines):
        return
    once = _ONCE[subject.name]
    for name, lines in subject.by.items():
        if len(lines) > 1 and name in once:
            yield Found(
                lines[1].number, f"expected {name} once in the {subject.name}, got it {_times(len(lines))}"
            )


def _times(number: int) -> str:
    return "twice" if number == 2 else f"{number} times"  # noqa: PLR2004 -- the word for it


@rule(
    "property-unknown", WARNING, Sight.COMPONENT, source="RFC 5545 3.6 (iana-prop, x-prop), 8.3.2",
    misread="All pass it over: what it should say is lost.",
    mend="correct the name, or begin it with X- if it is your own",
)  # fmt: skip
def property_unknown(subject: Subject) -> Iterator[Found]:
    """A property is one of the registered names, or begins with X-; others are mostly slips of the pen."""
    for name in subject.by.keys() - PROPERTIES:
        if not name.startswith("X-") and _NAME.fullmatch(name):
            line = subject.by[name][0]
            yield Found(line.number, f"unknown property {quoted(name)}", "", did_you_mean(name, PROPERTIES))


@rule(
    "property-after-component", WARNING, Sight.COMPONENT, *_ONCE, source="RFC 5545 3.4, 3.6 "
    "(icalbody, eventc)",
    misread="Readers that stop at the first component within miss it.",
    mend="move it before the first component within",
)  # fmt: skip
def property_after_component(subject: Subject) -> Iterator[Found]:
    """The properties of a component come before the components within it."""
    component = subject.component
    if not component.children or not component.lines:
        return
    first, late = component.children[0], component.lines[-1]
    if late.number > first.number:
        yield Found(late.number, f"expected {late.name} before the first {first.name}, got it after")


@rule(
    "component-misplaced", ERROR, Sight.COMPONENT, source="RFC 5545 3.4, 3.6",
    misread="All lose the inner component; strict readers refuse the file.",
    mend="end the outer component before it, or move it to where it belongs",
)  # fmt: skip
def component_misplaced(subject: Subject) -> Iterator[Found]:
    """Events, tasks and zones stand side by side; alarms stand within events, observances within zones."""
    for child in subject.component.children:
        within = _WITHIN.get(child.name)
        if within is not None and subject.name not in within and subject.name in _WITHIN:
            expected = " or ".join(within) or "no other component"
            yield Found(
                child.number, f"expected {child.name} within {expected}, got it within {subject.name}"
            )


@rule(
    "method-incomplete", WARNING, Sight.ENTRIES, source="RFC 5546 3.2",
    misread="libical's check refuses the calendar; mail programs do not offer to answer.",
    mend="leave METHOD out of the calendar, or add what it asks for",
)  # fmt: skip
def method_incomplete(entries: list[Component], surroundings: Surroundings) -> Iterator[Found]:
    """With a METHOD an event is a message from somebody to somebody: both must be named."""
    needed = _METHOD_NEEDS.get(surroundings.method, ())
    lacking = [(entry, [name for name in needed if not entry.first(name)]) for entry in entries if needed]
    broken = [(entry, names) for entry, names in lacking if names and entry.name == "VEVENT"]
    if broken:
        entry, names = broken[0]
        more = f" (and in {len(broken) - 1} more)" if len(broken) > 1 else ""
        message = (
            f"expected {' and '.join(names)} in an event with METHOD:{surroundings.method}, got none{more}"
        )
        yield Found(entry.number, message)


@rule(
    "uid-repeated", ERROR, Sight.ENTRIES, source="RFC 5545 3.8.4.7",
    misread="Of entries with the same UID all but one are lost, and not everywhere the same one.",
    mend="give each entry a UID of its own; a changed occurrence has the series' UID and a RECURRENCE-ID",
)  # fmt: skip
def uid_repeated(entries: list[Component], surroundings: Surroundings) -> Iterator[Found]:
    """A UID is of one entry, or of one occurrence of it."""
    del surroundings
    seen: dict[tuple[str, str, str], int] = {}
    for entry in entries:
        uid, occurrence = entry.first("UID"), entry.first("RECURRENCE-ID")
        if not uid or not uid.value:
            continue
        first = seen.setdefault((entry.name, uid.value, occurrence.value if occurrence else ""), entry.number)
        if first != entry.number:
            what = f"and RECURRENCE-ID of the {entry.name}" if occurrence else f"of the {entry.name}"
            yield Found(
                uid.number, f"expected another UID than that {what} in line {first}, got the same", uid.value
            )


RULES = (
    uid_missing,
    stamp_missing,
    start_missing,
    start_missing_in_series,
    uid_repeated,
    property_repeated,
    property_unknown,
    property_after_component,
    component_misplaced,
    method_incomplete,
)
