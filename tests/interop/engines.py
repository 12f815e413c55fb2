"""Independent calendar engines: each reads calendars and says when what takes place.

All answer in one form, so that they can be compared: occurrences that begin in a window, days as days,
everything else as an instant in UTC. Where a file leaves it to the reader how long an event lasts, all
follow RFC 5545 section 3.6.1: a day for a day, no time at all for a time.
"""

import tempfile
import json
import subprocess
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import ical.calendar_stream
import icalendar
import khal.icalendar
import recurring_ical_events
import vobject

from .tools import HERE, node, program

#: What begins in these years is compared.
WINDOW = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC))


class Occurrence(NamedTuple):
    """One event on one date, as an engine understood it."""

    uid: str
    #: A day (`20260611`), an instant in UTC (`20260611T040000Z`) or, if it was read so, a floating time.
    start: str
    #: The first day or instant that is no longer part of it.
    end: str
    #: CONFIRMED, TENTATIVE, CANCELLED, or nothing where the calendar says nothing.
    status: str


#: What each calendar file says.
Reading = dict[Path, list[Occurrence]]


def read_icaljs(files: Iterable[Path]) -> Reading:
    """Read with ical.js."""
    start, end = (written(moment) for moment in WINDOW)
    answer = node("icaljs.mjs", {"files": [str(file) for file in files], "start": start, "end": end}, "ical.js")
    return {Path(file): sorted(Occurrence(*row) for row in rows) for file, rows in answer.items()}


def read_icalendar(files: Iterable[Path]) -> Reading:
    """Read with icalendar, expanded by recurring-ical-events."""
    return {file: _sorted(_of_icalendar(file)) for file in files}


def _of_icalendar(file: Path) -> Iterator[Occurrence]:
    calendar = icalendar.Calendar.from_ical(file.read_bytes())
    for event in recurring_ical_events.of(calendar, components=["VEVENT"]).between(*WINDOW):
        yield Occurrence(
            str(event["UID"]), written(event.start), written(event.end), str(event.get("STATUS", ""))
        )


def read_ical(files: Iterable[Path]) -> Reading:
    """Read with ical, the strictest of the Python engines."""
    return {file: _sorted(_of_ical(file)) for file in files}


def _of_ical(file: Path) -> Iterator[Occurrence]:
    calendar = ical.calendar_stream.IcsCalendarStream.calendar_from_ics(file.read_text(encoding="utf-8"))
    for event in calendar.timeline_tz(UTC).included(*WINDOW):
        yield Occurrence(
            event.uid, written(event.start), written(event.end), event.status.value if event.status else ""
        )


def read_vobject(files: Iterable[Path]) -> Reading:
    """Read with vobject, which also checks what each component must and must not hold."""
    return {file: _sorted(_of_vobject(file)) for file in files}


def _of_vobject(file: Path) -> Iterator[Occurrence]:
    calendar = vobject.readOne(file.read_text(encoding="utf-8"))
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


def _vobject_end(event: Any) -> date:
    start: date = event.dtstart.value
    if hasattr(event, "dtend"):
        end: date = event.dtend.value
        return end
    if hasattr(event, "duration"):
        return start + event.duration.value
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


def read_khal(files: Iterable[Path]) -> Reading:
    """Read with khal, a calendar client for the terminal: one calendar of its own for each file."""
    numbered = {f"calendar-{number}": file for number, file in enumerate(files)}
    with tempfile.TemporaryDirectory() as home:
        for name, file in numbered.items():
            _khal_import(file, Path(home, name))
        listed = _khal_list(Path(home), numbered)
    return {file: sorted(_of_khal(file, listed.get(name, []))) for name, file in numbered.items()}


def _khal_import(file: Path, store: Path) -> None:
    """Store each event, with its changed occurrences, in a file of its own, as khal keeps them."""
    store.mkdir()
    for number, item in enumerate(khal.icalendar.split_ics(file.read_text(encoding="utf-8"))):
        (store / f"{number}.ics").write_text(item, encoding="utf-8", newline="")


def _khal_list(home: Path, names: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    """Ask khal for every day of the window, and sort what it lists by calendar."""
    settings = home / "config"
    settings.write_text(_khal_settings(home, names), encoding="utf-8")
    fields = ["calendar", "uid", "start-long-full", "end-long-full", "all-day", "status"]
    asked = [argument for field in fields for argument in ("--json", field)]
    days = [f"{moment:%Y-%m-%d}" for moment in WINDOW]
    command = [program("khal"), "--config", settings, "list", *asked, *days]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    listed: dict[str, list[dict[str, str]]] = {}
    for line in done.stdout.splitlines():
        for row in json.loads(line):
            listed.setdefault(row["calendar"], []).append(row)
    return listed


def _khal_settings(home: Path, names: Iterable[str]) -> str:
    calendars = "".join(f"[[{name}]]\npath = {home / name}\n" for name in names)
    moment = "%Y-%m-%d %H:%M"
    return (
        f"[calendars]\n{calendars}[sqlite]\npath = {home / 'khal.db'}\n"
        "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\ntimeformat = %H:%M\n"
        "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        f"datetimeformat = {moment}\nlongdatetimeformat = {moment}\n"
    )


def _of_khal(file: Path, rows: Iterable[dict[str, str]]) -> set[Occurrence]:
    """Turn khal's lines (one for each day that an event touches) into occurrences.

    It names the last day of a whole-day event, and draws an hour where no end is given.
    """
    endless = _without_end(file)
    occurrences = set()
    for row in rows:
        start, end = (
            datetime.fromisoformat(f"{row[edge]}Z") for edge in ("start-long-full", "end-long-full")
        )
        if row["all-day"] == "True":
            moments = written(start.date()), written(end.date() + timedelta(days=1))
        else:
            moments = written(start), written(start if row["uid"] in endless else end)
        occurrences.add(Occurrence(row["uid"], *moments, row["status"].strip()))
    return occurrences


def _without_end(file: Path) -> set[str]:
    calendar = icalendar.Calendar.from_ical(file.read_bytes())
    return {str(event["UID"]) for event in calendar.walk("VEVENT") if not {"DTEND", "DURATION"} & set(event)}


#: The engines by name.
ENGINES: dict[str, Callable[[Iterable[Path]], Reading]] = {
    "ical.js": read_icaljs,
    "icalendar": read_icalendar,
    "ical": read_ical,
    "vobject": read_vobject,
    "khal": read_khal,
}


def _sorted(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Sort what begins in the window; some engines also give what only touches it."""
    first, last = (written(moment) for moment in WINDOW)
    return sorted(occurrence for occurrence in occurrences if first <= occurrence.start < last)


def written(moment: date) -> str:
    """Write a day as `20260611`, an instant in UTC as `20260611T040000Z`, a floating time without the Z."""
    if not isinstance(moment, datetime):
        return f"{moment:%Y%m%d}"
    if moment.tzinfo is None:
        return f"{moment:%Y%m%dT%H%M%S}"
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
