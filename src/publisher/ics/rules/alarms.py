"""Rules about alarms (RFC 5545 section 3.6.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.ics import values
from publisher.ics.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.ics.values import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.ics.lines import ContentLine
    from publisher.ics.subject import Subject

#: Action -> what an alarm of it must say.
_NEEDS: Final = {"DISPLAY": ("DESCRIPTION",), "EMAIL": ("DESCRIPTION", "SUMMARY", "ATTENDEE")}


@rule(
    "alarm-incomplete", ERROR, Sight.COMPONENT, "VALARM", source="RFC 5545 3.6.6",
    misread="The alarm does not go off; strict readers refuse the event.",
    mend="add what is missing",
)  # fmt: skip
def alarm_incomplete(subject: Subject) -> Iterator[Found]:
    """An alarm says what it does and when; one that shows or mails something, what."""
    needed = ("ACTION", "TRIGGER", *_NEEDS.get(subject.value("ACTION").upper(), ()))
    for name in needed:
        if name not in subject.by:
            yield Found(subject.component.number, f"expected {name} in the VALARM, got none")
    if ("DURATION" in subject.by) != ("REPEAT" in subject.by):
        yield Found(
            subject.component.number, "expected DURATION and REPEAT together in the VALARM, got one of them"
        )


@rule(
    "trigger-malformed", ERROR, Sight.PROPERTY, "TRIGGER", source="RFC 5545 3.8.6.3",
    misread="The alarm does not go off.",
    mend="write a duration such as -PT15M, or VALUE=DATE-TIME and an instant in UTC",
)  # fmt: skip
def trigger_malformed(line: ContentLine, subject: Subject) -> Found | None:
    """An alarm goes off some time before or after, or at an instant in UTC."""
    del subject
    absolute = line.parameters.get("VALUE", ("DURATION",))[0].upper() == "DATE-TIME"
    try:
        values.moment(line.value) if absolute else values.duration(line.value)
    except BadValue as bad:
        return Found(line.number, str(bad), line.value, "" if absolute else bad.hint)
    if absolute and not line.value.endswith("Z"):
        return Found(line.number, f"expected an instant in UTC, got {quoted(line.value)}", line.value)
    return None


@rule(
    "alarm-in-feed", WARNING, Sight.COMPONENT, "VEVENT", source="what Google and Apple make of it",
    misread="Google passes it over, Apple asks whether to strip it; everybody else is woken by a stranger.",
    mend="leave alarms out of calendars that are subscribed to: readers set their own",
)  # fmt: skip
def alarm_in_feed(subject: Subject) -> Iterator[Found]:
    """A subscription sets nobody's alarms."""
    if not subject.surroundings.is_feed:
        return
    for child in subject.component.children:
        if child.name == "VALARM":
            yield Found(child.number, "expected no alarm in a calendar to subscribe to, got one")
            return


RULES = (alarm_incomplete, trigger_malformed, alarm_in_feed)
