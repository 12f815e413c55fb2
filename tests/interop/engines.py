"""Independent calendar engines: each reads calendars and says when what takes place."""

import re
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from io import StringIO
from pathlib import Path
from typing import Any, cast

import ical.calendar_stream
import icalendar
import recurring_ical_events
import vobject
from dateutil.tz import tzical

from .khal import read_khal
from .occurrences import WINDOW, Occurrence, Reading, in_order, written
from .tools import bindings, node

_VOBJECTS_ZONES: dict[str, tzinfo] = vars(vobject.icalendar)["__tzidMap"]
_ZONE = re.compile(r"^BEGIN:VTIMEZONE\nTZID:(.*?)$.*?^END:VTIMEZONE$\n", re.DOTALL | re.MULTILINE)

#: Some engines know zones by their names. Theirs are to be of the day of publisher's, not of this machine's.
zoneinfo.reset_tzpath(())


def read_icaljs(files: Iterable[Path]) -> Reading:
    """Read with ical.js."""
    start, end = (written(moment) for moment in WINDOW)
    question = {"files": [str(file) for file in files], "start": start, "end": end}
    answer = node("icaljs.mjs", question, "ical.js")
    return {Path(file): sorted(Occurrence(*row) for row in rows) for file, rows in answer.items()}


def read_libical(files: Iterable[Path]) -> Reading:
    """Read with libical, by Debian's bindings of it."""
    start, end = (written(moment) for moment in WINDOW)
    question = {"files": [str(file) for file in files], "start": start, "end": end}
    answer = bindings("libical_reader.py", question)
    return {Path(file): in_order(Occurrence(*row) for row in rows) for file, rows in answer.items()}


def read_icalendar(files: Iterable[Path]) -> Reading:
    """Read with icalendar, expanded by recurring-ical-events."""
    return {file: in_order(_of_icalendar(file)) for file in files}


def _of_icalendar(file: Path) -> Iterator[Occurrence]:
    calendar = icalendar.Calendar.from_ical(file.read_bytes())
    yield from map(_occurrence, recurring_ical_events.of(calendar, components=["VEVENT"]).between(*WINDOW))


def _occurrence(event: icalendar.Event) -> Occurrence:
    return Occurrence(
        str(event["UID"]), written(event.start), written(event.end), str(event.get("STATUS", ""))
    )


def read_with_titles(file: Path) -> list[tuple[str, str, str, str, str]]:
    """Read one calendar with icalendar, and what each occurrence is called."""
    calendar = icalendar.Calendar.from_ical(file.read_bytes())
    events = recurring_ical_events.of(calendar, components=["VEVENT"]).between(*WINDOW)
    return sorted((*_occurrence(event), str(event["SUMMARY"])) for event in events)


def read_ical(files: Iterable[Path]) -> Reading:
    """Read with ical, the strictest of the Python engines."""
    return {file: in_order(_of_ical(file)) for file in files}


def _of_ical(file: Path) -> Iterator[Occurrence]:
    calendar = ical.calendar_stream.IcsCalendarStream.calendar_from_ics(file.read_text(encoding="utf-8"))
    first, last = WINDOW
    for event in calendar.timeline_tz(UTC).included(first, last + timedelta(days=7)):  # else some of the last
        yield Occurrence(
            event.uid, written(event.start), written(event.end), event.status.value if event.status else ""
        )


def read_vobject(files: Iterable[Path]) -> Reading:
    """Read with vobject, which also checks what each component must and must not hold."""
    return {file: in_order(_of_vobject(file)) for file in files}


def _of_vobject(file: Path) -> Iterator[Occurrence]:
    text = file.read_text(encoding="utf-8")
    _let_vobject_know_zones(text)
    calendar = vobject.readOne(text)
    calendar.validate(raiseException=True)
    events = calendar.contents.get("vevent", [])
    changed = {
        (event.uid.value, event.recurrence_id.value) for event in events if hasattr(event, "recurrence_id")
    }
    for event in events:
        status = event.status.value if hasattr(event, "status") else ""
        start = event.dtstart.value
        length = _vobject_end(event) - start
        for begin in _vobject_starts(event):
            if hasattr(event, "recurrence_id") or (event.uid.value, begin) not in changed:
                yield Occurrence(event.uid.value, written(begin), written(begin + length), status)


def _let_vobject_know_zones(text: str) -> None:
    """Make the calendar's own zones known to vobject, as it means to do by itself.

    It would go on with those of the first calendar that it has ever read; and it passes over a zone that was
    without a standard time in the year 2000, as those of Morocco are told.
    """
    _VOBJECTS_ZONES.clear()
    _VOBJECTS_ZONES["UTC"] = UTC
    for definition in _ZONE.finditer(text):
        _VOBJECTS_ZONES[definition[1]] = cast("tzinfo", tzical(StringIO(definition[0])).get())


def _vobject_end(event: Any) -> date:
    start: date = event.dtstart.value
    if hasattr(event, "dtend"):
        end: date = event.dtend.value
        return end
    if hasattr(event, "duration"):
        lasting: timedelta = event.duration.value
        return start + lasting
    return start if isinstance(start, datetime) else start + timedelta(days=1)


def _vobject_starts(event: Any) -> Iterator[date]:
    """Yield each start of an event; vobject counts days as midnights."""
    start, rules = event.dtstart.value, event.getrruleset(addRDate=True)
    if rules is None:
        yield start
    elif isinstance(start, datetime):
        yield from rules.between(*WINDOW, inc=True)
    else:
        yield from (
            moment.date()
            for moment in rules.between(*(edge.replace(tzinfo=None) for edge in WINDOW), inc=True)
        )


#: The engines by name.
ENGINES: dict[str, Callable[[Iterable[Path]], Reading]] = {
    "ical.js": read_icaljs,
    "libical": read_libical,
    "icalendar": read_icalendar,
    "ical": read_ical,
    "vobject": read_vobject,
    "khal": read_khal,
}
