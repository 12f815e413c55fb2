"""Sorts what a calendar file holds: its entries by UID, versions and overrides together, with their clock."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from publisher.calendar_import.series import sequence
from publisher.calendar_import.times import Clock
from publisher.calendar_import.zones import Zones, iana_name, windows_name
from publisher.model.when import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publisher.calendar_import.losses import Losses
    from publisher.ics.components import Component, Stream

#: An expected calendar has hundreds of entries; a publisher's own has some thousands.
MOST_EVENTS = 20_000
_TIMES = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE"})
#: So far is looked ahead where a rule never ends: whether a zone is as the calendar has it.
YEARS_AHEAD = 10
#: What else may stand in a calendar, and is no event.
_OTHERS = {
    "VTODO": "tasks",
    "VJOURNAL": "journal entries",
    "VFREEBUSY": "busy times",
    "VAVAILABILITY": "office hours",
}
_ANSWERS = frozenset({"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"})


@dataclass
class Family:
    """All entries of one UID."""

    uid: str
    masters: list[Component] = field(default_factory=list)
    overrides: list[Component] = field(default_factory=list)


@dataclass
class Gathered:
    """The events of one calendar."""

    clock: Clock
    #: The zone in which people read what is given in UTC.
    display: str
    families: list[Family]
    #: The lines of entries whose calendar takes them back (METHOD:CANCEL, RFC 5546 section 3.2.5).
    cancelled: frozenset[int]


def gather(stream: Stream, timezone: str, losses: Losses) -> Iterator[Gathered]:
    """The events of a file. Calendars that are read in the same zone are one: exports split them at will."""
    cut = {fault.line for fault in stream.faults if fault.code == "truncated"}
    by_zone: dict[str | None, list[Component]] = {}
    for calendar in stream.calendars:
        by_zone.setdefault(_display(calendar), []).append(calendar)
    zones = [*(child for each in stream.calendars for child in each.children), *stream.strays]
    defined = {zone.text("TZID").strip(): zone for zone in reversed(zones) if zone.name == "VTIMEZONE"}
    if stream.strays:
        by_zone.setdefault(None, [])
    left = MOST_EVENTS
    for display, calendars in by_zone.items():
        strays = stream.strays if display is None else ()
        found = [event for event in _events(calendars, strays, losses) if event.number not in cut]
        if len(found) > left:
            message = f"expected at most {MOST_EVENTS} events, got more: the others are left out"
            losses.refuse(found[left].number, "import-limit", message, "split the file")
        events, left = found[:left], max(left - len(found), 0)
        known = Zones(timezone, display, defined, _years(events))
        clock = Clock(known, display or timezone, losses)
        cancelled = _cancelled(calendars)
        yield Gathered(clock, display or timezone, list(_families(events, losses)), cancelled)


def _display(calendar: Component) -> str | None:
    """The zone that a calendar says people read it in (X-WR-TIMEZONE, which no RFC has)."""
    name = calendar.text("X-WR-TIMEZONE").strip()
    return (iana_name(name) or windows_name(name)) if name else None


def _events(
    calendars: Sequence[Component], strays: Iterable[Component], losses: Losses
) -> Iterator[Component]:
    others: Counter[str] = Counter()
    for calendar in calendars:
        method = calendar.text("METHOD").strip().upper()
        events = list(_within(calendar))
        others.update(child.name for child in calendar.children if child.name in _OTHERS)
        if method in _ANSWERS and events:
            message = f"the calendar is somebody's answer to an invitation (METHOD:{method}), and no event"
            losses.refuse(calendar.number, "import-not-an-event", message, "import the event itself")
            continue
        yield from events
    for stray in strays:
        yield from _within(stray)
    others.update(stray.name for stray in strays if stray.name in _OTHERS)
    for name, number in sorted(others.items()):
        line = calendars[0].number if calendars else 1
        message = f"{_OTHERS[name]} are no events: {number} {name} left out"
        losses.tell(
            line, "import-not-an-event", message, "write a record if it is meant as an event", about=name
        )


def _within(component: Component) -> Iterator[Component]:
    """The events in a component, those in it by mistake included: a missing END loses none of them."""
    if component.name == "VEVENT":
        yield component
    for child in component.children:
        yield from _within(child)


def _cancelled(calendars: Iterable[Component]) -> frozenset[int]:
    taken_back = (each for each in calendars if each.text("METHOD").strip().upper() == "CANCEL")
    return frozenset(child.number for each in taken_back for child in each.children)


def _years(events: Iterable[Component]) -> tuple[int, int]:
    """The first and last years of the events' times, those that rules lead to included."""
    found = {2000} if not events else set[int]()
    for event in events:
        years = {
            int(line.value[:4]) for line in event.lines if line.name in _TIMES and _has_year(line.value[:4])
        }
        for line in event.lines:
            if line.name == "RRULE" and years:
                until = line.value.upper().partition("UNTIL=")[2][:4]
                years.add(int(until) if _has_year(until) else max(years) + YEARS_AHEAD)
        found |= years
    sound = [min(max(year, FIRST_YEAR), LAST_YEAR) for year in found] or [FIRST_YEAR]
    return min(sound), max(sound)


def _has_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 4  # noqa: PLR2004 -- digits of a year


def _families(events: Iterable[Component], losses: Losses) -> Iterator[Family]:
    found: dict[str, Family] = {}
    for event in events:
        uid = event.text("UID").strip() or _stand_in(event, losses)
        family = found.setdefault(uid, Family(uid))
        (family.overrides if event.first("RECURRENCE-ID") else family.masters).append(event)
    for family in found.values():
        family.masters = _latest(family.masters, losses)
        yield family


def _stand_in(event: Component, losses: Losses) -> str:
    """A UID for an event that has none: the same as long as its time and title are."""
    said = "\n".join(line.value for name in ("DTSTART", "SUMMARY", "LOCATION") for line in event.all(name))
    message = "the event has no UID: when its time or title changes, importing again makes another record"
    losses.tell(
        event.number, "import-no-uid", message, "ask the publisher of the calendar for UIDs", of=event.number
    )
    return f"no-uid-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def _latest(masters: list[Component], losses: Losses) -> list[Component]:
    """The last version of an event; several, if they are of the same version and begin at different times."""
    newest = max(map(sequence, masters), default=-1)
    found: dict[str, Component] = {}
    for master in masters:
        start = master.text("DTSTART")
        if sequence(master) == newest and start not in found:
            found[start] = master
        else:
            message = "another version of the event is in the file, too: this one is left out"
            losses.tell(master.number, "import-version", message, of=master.number)
    if len(found) > 1:
        message = f"{len(found)} events have the same UID: each becomes a record"
        losses.tell(masters[0].number, "import-version", message, "delete those that are outdated")
    return list(found.values())
