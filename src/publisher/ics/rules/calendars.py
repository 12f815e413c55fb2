"""Rules about a calendar: its own properties, and how much is in it (RFC 5545 section 3.7, RFC 7986)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.ics.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.ics.subject import ENTRIES, Subject, Surroundings
from publisher.zones import zone_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.ics.components import Component
    from publisher.ics.lines import ContentLine

MOST_ENTRIES: Final = 1_000
MOST_OCTETS: Final = 500_000
_LOST_OCTETS: Final = 1_000_000

#: What only newer programs read -> what all others read in its place.
_TWINS: Final = {
    "NAME": "X-WR-CALNAME",
    "DESCRIPTION": "X-WR-CALDESC",
    "REFRESH-INTERVAL": "X-PUBLISHED-TTL",
    "COLOR": "X-APPLE-CALENDAR-COLOR",
}
#: RFC 5546 section 1.4.
_METHODS: Final = ("PUBLISH", "REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER")


@rule(
    "product-missing", ERROR, Sight.CALENDAR, source="RFC 5545 3.6, 3.7.3",
    misread="Strict readers refuse the file; nobody can tell whose fault is in it.",
    mend="add PRODID:-//your organisation//your program//EN",
)  # fmt: skip
def product_missing(calendar: Component, surroundings: Surroundings) -> Iterator[Found]:
    """A calendar says which program has made it."""
    del surroundings
    if not calendar.text("PRODID"):
        yield Found(calendar.number, "expected a PRODID, got none")


@rule(
    "version-missing", ERROR, Sight.CALENDAR, source="RFC 5545 3.6, 3.7.4",
    misread="Readers that know vCalendar 1.0 take it for that; Outlook refuses the file.",
    mend="add VERSION:2.0",
)  # fmt: skip
def version_missing(calendar: Component, surroundings: Surroundings) -> Iterator[Found]:
    """A calendar says of which version of the format it is."""
    del surroundings
    if not calendar.first("VERSION"):
        yield Found(calendar.number, "expected a VERSION, got none")


@rule(
    "version-unknown", ERROR, Sight.PROPERTY, "VERSION", source="RFC 5545 3.7.4",
    misread="Version 1.0 is vCalendar, another format, which many no longer read.",
    mend="write VERSION:2.0, if it is iCalendar; else have it exported as iCalendar",
)  # fmt: skip
def version_unknown(line: ContentLine, subject: Subject) -> Found | None:
    """The version of iCalendar is 2.0; 1.0 is vCalendar, which has another grammar."""
    del subject
    if line.value.rpartition(";")[2] == "2.0":
        return None
    return Found(line.number, f"expected the version 2.0, got {quoted(line.value)}", line.value)


@rule(
    "scale-unknown", ERROR, Sight.PROPERTY, "CALSCALE", source="RFC 5545 3.7.1",
    misread="Dates of another calendar system are read as Gregorian ones.",
    mend="write CALSCALE:GREGORIAN, and Gregorian dates",
)  # fmt: skip
def scale_unknown(line: ContentLine, subject: Subject) -> Found | None:
    """All dates are in the Gregorian calendar; no other scale is defined."""
    del subject
    if line.value.upper() == "GREGORIAN":
        return None
    return Found(line.number, f"expected the scale GREGORIAN, got {quoted(line.value)}", line.value)


@rule(
    "calendar-empty", ERROR, Sight.CALENDAR, source="RFC 5545 3.6",
    misread="sabre/dav refuses it, and subscribers are told that the address is wrong.",
    mend="keep past events in it, or put the VTIMEZONE of its zone there",
)  # fmt: skip
def calendar_empty(calendar: Component, surroundings: Surroundings) -> Iterator[Found]:
    """A calendar holds at least one component, also while nothing is planned."""
    del surroundings
    if not calendar.children:
        yield Found(calendar.number, "expected at least one component in the calendar, got none")


@rule(
    "calendar-large", WARNING, Sight.FILE, source="what Google and Outlook.com drop is of the order of 1 MB",
    misread="Google and Outlook.com stop refreshing the subscription, or never show it.",
    mend="split the calendar: past years in files of their own",
)  # fmt: skip
def calendar_large(octets: int) -> Iterator[Found]:
    """A calendar that is subscribed to is fetched again and again, whole."""
    if octets > MOST_OCTETS:
        lost = "; some clients drop a calendar of 1 MB" if octets > _LOST_OCTETS else ""
        yield Found(1, f"expected at most {MOST_OCTETS:,} octets, got {octets:,}{lost}")


@rule(
    "calendar-long", WARNING, Sight.CALENDAR, source="what publishers with large calendars have settled on",
    misread="Phones and web calendars take long over it, or show only a part.",
    mend="split the calendar: past years in files of their own",
)  # fmt: skip
def calendar_long(calendar: Component, surroundings: Surroundings) -> Iterator[Found]:
    """A calendar with more than 1,000 entries is more than its readers' programs are made for."""
    del surroundings
    entries = sum(child.name in ENTRIES for child in calendar.children)
    if entries > MOST_ENTRIES:
        yield Found(calendar.number, f"expected at most {MOST_ENTRIES:,} entries, got {entries:,}")


@rule(
    "name-only-new", WARNING, Sight.CALENDAR, source="RFC 7986 5; what Apple, Google and Outlook read",
    misread="Apple, Google and Outlook know only the older X- property, and show none.",
    mend="say it with the older property, too",
)  # fmt: skip
def name_only_new(calendar: Component, surroundings: Surroundings) -> Iterator[Found]:
    """The name, description, refresh and colour of a calendar in the words of RFC 7986 are read by few."""
    del surroundings
    for new, old in _TWINS.items():
        line = calendar.first(new)
        if line and not calendar.first(old):
            yield Found(line.number, f"expected {old} beside {new}, got none", hint=f"add {old}, too")


@rule(
    "value-type-missing", ERROR, Sight.PROPERTY, "REFRESH-INTERVAL", "SOURCE", "IMAGE", "CONFERENCE",
    source="RFC 7986 5.7, 5.8, 5.10, 5.11",
    misread="ical.js takes the value for one of unknown type, and does not use it.",
    mend="add the parameter VALUE",
)  # fmt: skip
def value_type_missing(line: ContentLine, subject: Subject) -> Found | None:
    """Properties of RFC 7986 have no type of their own: VALUE must say it, also where there is only one."""
    del subject
    expected = ("DURATION",) if line.name == "REFRESH-INTERVAL" else ("URI", "BINARY")
    given = line.parameters.get("VALUE", ("",))[0].upper()
    if given in expected:
        return None
    got = quoted(given) if given else "none"
    hint = f"write {line.name};VALUE={expected[0]}:..."
    return Found(line.number, f"expected VALUE={expected[0]} with {line.name}, got {got}", "", hint)


@rule(
    "method-unknown", WARNING, Sight.PROPERTY, "METHOD", source="RFC 5546 1.4",
    misread="Mail programs show the file as an attachment, if at all.",
    mend="leave METHOD out of files and subscriptions",
)  # fmt: skip
def method_unknown(line: ContentLine, subject: Subject) -> Found | None:
    """A METHOD is one of those for invitations and their answers."""
    del subject
    if line.value.upper() in _METHODS:
        return None
    return Found(line.number, f"expected a method such as PUBLISH, got {quoted(line.value)}", line.value)


@rule(
    "method-in-feed", WARNING, Sight.PROPERTY, "METHOD", source="RFC 5546 1.4",
    misread="Outlook and Apple treat the entries as invitations, and ask for answers.",
    mend="leave METHOD out of calendars that are subscribed to",
)  # fmt: skip
def method_in_feed(line: ContentLine, subject: Subject) -> Found | None:
    """A subscription is no invitation, nor its answer."""
    method = line.value.upper()
    if not subject.surroundings.is_feed or method == "PUBLISH" or method not in _METHODS:
        return None
    return Found(line.number, f"expected no METHOD:{method} in a calendar to subscribe to")


@rule(
    "zone-name-unknown", WARNING, Sight.PROPERTY, "X-WR-TIMEZONE", source="what Google and Apple make of it",
    misread="Google shows floating times of the calendar in its reader's zone.",
    mend="write an IANA name such as Asia/Almaty",
)  # fmt: skip
def zone_name_unknown(line: ContentLine, subject: Subject) -> Found | None:
    """The zone of a calendar is an IANA name."""
    del subject
    if line.value in zone_names():
        return None
    return Found(line.number, f"expected the IANA name of a zone, got {quoted(line.value)}", line.value)


RULES = (
    product_missing,
    version_missing,
    version_unknown,
    scale_unknown,
    calendar_empty,
    calendar_large,
    calendar_long,
    name_only_new,
    value_type_missing,
    method_unknown,
    method_in_feed,
    zone_name_unknown,
)
