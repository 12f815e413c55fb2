"""Read calendars with libical, the engine of Evolution, GNOME Calendar and KDE.

Called with Debian's own Python, which has the bindings. Standard input: {files: [...], start, end}, the
instants as `20260611T040000Z`. Standard output: {file: [[uid, start, end, status], ...]}.

libical expands the rules and exceptions of one event. That dates beside the rule (RDATE) are in a zone, and
that a changed occurrence stands in for the one by the rule, is left to its callers, who all see to it.
"""

import importlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

importlib.import_module("gi").require_version("ICalGLib", "3.0")
ICal = importlib.import_module("gi.repository.ICalGLib")


def main() -> None:
    """Answer one question."""
    question = json.load(sys.stdin)
    answer = {}
    for file in question["files"]:
        answer[file] = list(
            occurrences(Path(file).read_text(encoding="utf-8"), question["start"], question["end"])
        )
    json.dump(answer, sys.stdout)


def occurrences(text: str, start: str, end: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield what begins between two instants, and perhaps more."""
    events = list(events_of(ICal.Component.new_from_string(text)))
    changed = {(event.get_uid(), original) for event in events if (original := changed_from(event))}
    for event in events:
        begin = event.get_dtstart()
        begins = [seconds(begin)] if changed_from(event) else expanded(event, start, end)
        for moment in begins:
            if changed_from(event) or (event.get_uid(), moment) not in changed:
                last = moment + event.get_duration().as_int()
                if begin.is_date() and last == moment:
                    last += 86_400  # a day without an end: RFC 5545 section 3.6.1
                form = "%Y%m%d" if begin.is_date() else "%Y%m%dT%H%M%SZ"
                moments = (f"{datetime.fromtimestamp(edge, UTC):{form}}" for edge in (moment, last))
                yield event.get_uid(), *moments, status(event)


def events_of(calendar: Any) -> Iterator[Any]:
    """Yield the events of a calendar."""
    event = calendar.get_first_component(ICal.ComponentKind.VEVENT_COMPONENT)
    while event is not None:
        yield event
        event = calendar.get_next_component(ICal.ComponentKind.VEVENT_COMPONENT)


def expanded(event: Any, start: str, end: str) -> list[int]:
    """List the starts of an event between two instants, in seconds since 1970."""
    found = dates(event, ICal.PropertyKind.RDATE_PROPERTY) - dates(event, ICal.PropertyKind.EXDATE_PROPERTY)
    while (extra := event.get_first_property(ICal.PropertyKind.RDATE_PROPERTY)) is not None:
        event.remove_property(extra)
    window = (ICal.Time.new_from_string(edge) for edge in (start, end))
    event.foreach_recurrence(*window, lambda _event, span, *_: found.add(span.get_start()))
    return sorted(found)


def dates(event: Any, kind: Any) -> set[int]:
    """Return the dates that are written one by one; libical gives each a property of its own."""
    found, extra = set(), event.get_first_property(kind)
    while extra is not None:
        found.add(seconds(extra.get_datetime_with_component(event)))
        extra = event.get_next_property(kind)
    return found


def changed_from(event: Any) -> int | None:
    """Return the start that a changed occurrence would have by the rule."""
    written = event.get_first_property(ICal.PropertyKind.RECURRENCEID_PROPERTY)
    return seconds(written.get_datetime_with_component(event)) if written else None


def seconds(moment: Any) -> int:
    """Return an instant, or the midnight of a day, in seconds since 1970."""
    counted: int = moment.as_timet_with_zone(moment.get_timezone())
    return counted


def status(event: Any) -> str:
    """Return the status that is written."""
    written = event.get_first_property(ICal.PropertyKind.STATUS_PROPERTY)
    return str(written.get_value_as_string()) if written else ""


if __name__ == "__main__":
    main()
