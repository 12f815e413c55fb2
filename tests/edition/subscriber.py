"""Somebody who subscribed to the calendars of everything, in each language, and reads them with icalendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from icalendar import Calendar

from publisher.render.calendars import calendars
from publisher.render.theme import Theme, theme
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icalendar import Component

    from publisher.model.artifact import Artifact
    from publisher.model.edition import Edition

_EVERYTHING = re.compile(r"([a-z]+)/(calendar|programme|deadlines)(?:-[\d-]+)?\.ics")
_STAMPS = frozenset({"DTSTAMP", "LAST-MODIFIED"})
#: UID, and RECURRENCE-ID as it is written; empty for an entry without one.
Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """A VEVENT as a program reads it."""

    which: str
    uid: str
    original: str
    sequence: int
    stamp: datetime
    last_modified: datetime
    status: str
    summary: str
    starts: datetime
    ends: datetime
    recurs: bool
    #: Every other line of it.
    text: tuple[str, ...]


@cache
def default_theme(*languages: str) -> Theme:
    """The theme without a site's own."""
    return theme(Path("no-site"), languages)


def files(edition: Edition) -> tuple[Artifact, ...]:
    """The calendars of an edition."""
    return tuple(calendars(edition, default_theme(*edition.languages)))


def read(artifacts: Iterable[Artifact], timezone: str) -> dict[str, dict[Key, Entry]]:
    """For each language the entries of the calendars of everything; none is there twice."""
    found: dict[str, dict[Key, Entry]] = {}
    for artifact in artifacts:
        if match := _EVERYTHING.fullmatch(artifact.path):
            entries = found.setdefault(match[1], {})
            for component in Calendar.from_ical(artifact.data).walk("VEVENT"):
                entry = _entry(match[2], component, timezone)
                assert (entry.uid, entry.original) not in entries, f"{entry.uid} is there twice"
                entries[entry.uid, entry.original] = entry
    return found


def _entry(which: str, component: Component, timezone: str) -> Entry:
    original = component.get("RECURRENCE-ID")
    starts = component.decoded("DTSTART")
    ends = component.decoded("DTEND") if "DTEND" in component else starts
    lines = component.content_lines()
    return Entry(
        which=which,
        uid=str(component["UID"]),
        original=original.to_ical().decode() if original else "",
        sequence=int(component["SEQUENCE"]),
        stamp=component.decoded("DTSTAMP"),
        last_modified=component.decoded("LAST-MODIFIED"),
        status=str(component["STATUS"]),
        summary=str(component["SUMMARY"]),
        starts=_instant(starts, timezone),
        ends=_instant(ends, timezone),
        recurs="RRULE" in component,
        text=tuple(line for line in lines if re.split("[:;]", line)[0] not in _STAMPS),
    )


def _instant(moment: Any, timezone: str) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    assert isinstance(moment, date)
    return datetime.combine(moment, time(), zone(timezone)).astimezone(UTC)


#: How long the recurring events of these tests go on after their first date.
LONGEST_SERIES = timedelta(weeks=4)


def is_coming(entry: Entry, now: datetime) -> bool:
    """Whether a reader still waits for it."""
    return entry.ends + (LONGEST_SERIES if entry.recurs else timedelta()) > now
