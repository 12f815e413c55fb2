"""What a page tells machines about an event is what the calendar says."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import extruct
import pytest

from .occurrences import Occurrence, Reading, written
from .site import Site

pytestmark = pytest.mark.interop

#: How the status of a calendar entry is told in schema.org's words.
STATUSES = {
    "CONFIRMED": {"EventScheduled", "EventRescheduled"},
    "TENTATIVE": {"EventScheduled", "EventRescheduled"},
    "CANCELLED": {"EventCancelled", "EventPostponed"},
}


def events_of(page: Path) -> list[dict[str, Any]]:
    """List the events that a page itself is about, as its JSON-LD tells them."""
    data = extruct.extract(page.read_text(encoding="utf-8"), syntaxes=["json-ld"])["json-ld"]
    nodes = [node for block in data for node in block.get("@graph", [block])]
    return [node for node in nodes if str(node.get("@type")).endswith("Event")]


def told(event: dict[str, Any]) -> tuple[str, str]:
    """Return when it is, in a calendar's words; JSON-LD names the last day, a calendar the one after."""
    start, end = event["startDate"], event.get("endDate", event["startDate"])
    if len(start) == len("2026-06-11"):
        return written(date.fromisoformat(start)), written(date.fromisoformat(end) + timedelta(days=1))
    return written(datetime.fromisoformat(start)), written(datetime.fromisoformat(end))


def headlines(site: Site, reading: Reading) -> Iterator[tuple[Path, Occurrence]]:
    """Yield each page of an event that takes place once, with its entry in the calendar."""
    for language in ("en", "ru", "kk"):
        known = {one.uid for one in reading[site.published / language / "calendar.ics"]}
        for calendar in (site.published / language / "events").glob("*/event.ics"):
            occurrences = [one for one in reading[calendar] if one.uid in known]
            if len(occurrences) == 1:
                yield calendar.with_name("index.html"), occurrences[0]


def test_pages_say_the_dates_of_the_calendar(site: Site, reading: Reading) -> None:
    pages = list(headlines(site, reading))

    for page, occurrence in pages:
        (event,) = events_of(page)
        assert told(event) == (occurrence.start, occurrence.end), page
        assert event["eventStatus"].rpartition("/")[2] in STATUSES[occurrence.status], page
    assert {occurrence.start for _, occurrence in pages} >= {"20260611"}
