"""From a foreign calendar to a published one, and what both say: an import promises that it is the same."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
import yaml

from publisher.calendar_import.reading import read_calendar
from sites import CuratedSite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.calendar_import.drafts import Draft, Drafts

SITE_ZONE = "Asia/Almaty"
SAMPLES = Path(__file__).with_name("samples")
CONFIG = f"""\
[site]
url = "https://calendar.example.org"
identity = "calendar.example.org,2026"
title.en = "A Calendar"
languages = ["en"]
timezone = "{SITE_ZONE}"
"""
#: What begins in these years is compared.
WINDOW = (datetime(1990, 1, 1, tzinfo=UTC), datetime(2032, 1, 1, tzinfo=UTC))


class Said(NamedTuple):
    """One event on one date: days as `20270301`, instants as `20270301T090000Z`."""

    start: str
    end: str
    is_cancelled: bool


def read(text: str | bytes, timezone: str = SITE_ZONE) -> Drafts:
    """The drafts of a calendar; line feeds alone will do."""
    data = text.replace("\n", "\r\n").encode() if isinstance(text, str) else text
    return read_calendar(data, "foreign.ics", timezone=timezone, language="en")


def sample(name: str) -> bytes:
    """A calendar of tests/calendar_import/samples/."""
    return (SAMPLES / f"{name}.ics").read_bytes()


def events(*lines: str, before: str = "") -> str:
    """A calendar with one event of these lines; `before` stands before the event."""
    inside = "\n".join(lines)
    uid = "" if "UID:" in inside else "UID:one\n"
    return (
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{before}BEGIN:VEVENT\n{uid}"
        f"DTSTAMP:20270101T000000Z\n{inside}\nEND:VEVENT\nEND:VCALENDAR\n"
    )


def only(text: str | bytes) -> Draft:
    """The one draft of a calendar that has no errors."""
    drafts = read(text)
    assert [str(each) for each in drafts.findings if each.is_error] == []
    (draft,) = drafts.drafts
    return draft


def codes(drafts: Drafts) -> list[str]:
    """The codes of all findings, in order."""
    return [finding.code for finding in drafts.findings]


def publish(folder: Path, calendars: Mapping[str, Drafts]) -> dict[str, list[bytes]]:
    """The drafts as records of a site, published: the calendars of the events, by the calendar's name."""
    site = CuratedSite.create(folder, CONFIG)
    named: dict[str, list[str]] = {}
    for number, (name, drafts) in enumerate(calendars.items()):
        named[name] = [_write(site, draft, f"c{number}-{n}") for n, draft in enumerate(drafts.drafts)]
    site.build(now="2026-06-01T08:00:00+05:00")
    return {name: [_event(site, id_) for id_ in ids] for name, ids in named.items()}


def _write(site: CuratedSite, draft: Draft, id_: str) -> str:
    """A draft as its record; whatever made it a draft has been looked at."""
    fields = {"id": id_, **{name: value for name, value in draft.fields.items() if name != "draft"}}
    names = {name: f"{id_}-{name}" for name in draft.files}
    for name, data in draft.files.items():
        (site.root / "content/events").mkdir(parents=True, exist_ok=True)
        (site.root / "content/events" / names[name]).write_bytes(data)
    fields |= {
        "attachments": [{**each, "file": names[each["file"]]} for each in fields.get("attachments", [])]
    }
    if "image" in fields:
        fields["image"] = {**fields["image"], "file": names[fields["image"]["file"]]}
    front = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)
    site.write(f"content/events/{id_}.md", f"---\n{front}---\n{draft.body}\n")
    return id_


def _event(site: CuratedSite, id_: str) -> bytes:
    return (site.root / f"build/en/events/{id_}/event.ics").read_bytes()


def said(*files: bytes) -> set[Said]:
    """What calendars say, read by an engine that is not ours; times without a zone are in the site's."""
    with warnings.catch_warnings(category=Warning, action="ignore"):  # what it has to say of others' files
        return {each for data in files for calendar in _calendars(data) for each in _expanded(calendar)}


def _calendars(data: bytes) -> Iterator[icalendar.Component]:
    for component in icalendar.Calendar.from_ical(data, multiple=True):
        calendar = component
        if component.name != "VCALENDAR":
            calendar = icalendar.Calendar()
            calendar.add_component(component)
        # This engine moves the rules of times in UTC into that zone: RFC 5545 section 3.3.10 does not.
        calendar.pop("X-WR-TIMEZONE", None)
        calendar.subcomponents = [
            each for each in calendar.subcomponents if each.name != "VEVENT" or "DTSTART" in each
        ]
        yield calendar


def _expanded(calendar: icalendar.Component) -> Iterator[Said]:
    query = recurring_ical_events.of(calendar, components=["VEVENT"], skip_bad_series=True)
    for event in query.between(*WINDOW):
        cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
        yield Said(_written(event["DTSTART"].dt), _written(event["DTEND"].dt), cancelled)


def _written(moment: date) -> str:
    if not isinstance(moment, datetime):
        return f"{moment:%Y%m%d}"
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(SITE_ZONE))
    return f"{aware.astimezone(UTC):%Y%m%dT%H%M%SZ}"
