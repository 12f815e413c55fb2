"""An entry that says something else is dated anew, in the languages in which it does; else it stays.

DTSTAMP and LAST-MODIFIED are by which calendar programs notice a change (RFC 5545
sections 3.8.7.2 and 3.8.7.3): one that they did not notice would never be shown.
"""

from __future__ import annotations

import copy
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from publisher.model.records import Event

from .entries import Entries
from .pagesites import Desk, desk_in

if TYPE_CHECKING:
    from pathlib import Path

    from .pagesites import Publication

MAIL = {"name": "Office", "email": "a@example.org", "phone": "+7 700", "url": "https://example.org/ask"}
RECORDS: dict[str, dict[str, Any]] = {
    "topics/mobility": {"name": "Mobility"},
    "topics/mobility.ru": {"name": "Мобильность"},
    "organisations/uni": {
        "name": "A University",
        "url": "https://uni.example.org/",
        "email": "a@uni.example.org",
    },
    "places/hall": {
        "name": "Hall",
        "address": "1 Street",
        "city": "Almaty",
        "country": "KZ",
        "geo": ["43.2", "76.9"],
        "url": "https://hall.example.org/",
    },
    "places/hall.ru": {"name": "Зал"},
    "series/schools": {"name": "Schools"},
    "events/other": {"title": "Other", "start": "2026-10-01"},
    "events/school": {
        "title": "School",
        "summary": "What it is.",
        "start": "2026-09-07 09:00",
        "end": "2026-09-08 17:00",
        "place": "hall",
        "online": {"url": "https://meet.example.org/", "platform": "Zoom"},
        "organisers": ["uni"],
        "hosts": [{"name": "A Host"}],
        "partners": [{"name": "A Partner"}],
        "speakers": [{"name": "A Speaker", "role": "Rector", "organisation": "Uni"}],
        "contact": MAIL,
        "languages": ["en"],
        "topics": ["mobility"],
        "series": "schools",
        "related": ["other"],
        "registration": {
            "url": "https://example.org/r",
            "opens": "2026-06-01",
            "closes": "2026-08-01",
            "price": "1 €",
        },
        "deadlines": [
            {"id": "papers", "title": "Papers", "at": "2026-07-01", "url": "https://example.org/p"}
        ],
        "sessions": [
            {
                "id": "opening",
                "title": "Opening",
                "start": "2026-09-07 09:00",
                "end": "10:00",
                "place": {"name": "Room 1"},
                "speakers": [{"name": "Somebody"}],
                "summary": "Words of welcome.",
                "url": "https://example.org/o",
            },
            {"id": "walk", "title": "Walk", "start": "2026-09-08 15:00"},
        ],
        "image": {"file": "a.png", "alt": "A picture", "credit": "Somebody"},
        "attachments": [{"file": "a.pdf", "title": "Plan"}],
        "also_known_as": [{"name": "The School"}],
        "sources": [{"title": "A source", "note": "Says so."}],
        "curator_note": "Concluded.",
    },
    "events/school.ru": {
        "title": "Школа",
        "summary": "Что это.",
        "sessions": [{"id": "opening", "title": "Открытие"}],
    },
    "events/weekly": {
        "title": "Weekly",
        "summary": "Each week.",
        "start": "2026-06-02 18:00",
        "end": "19:00",
        "place": {"name": "Cellar", "city": "Almaty"},
        "organisers": ["uni"],
        "topics": ["mobility"],
        "recurrence": {
            "every": "week",
            "count": "10",
            "changed": [
                {"occurrence": "2026-06-16", "start": "2026-06-17", "title": "Elsewhere", "place": "hall"}
            ],
        },
    },
    "events/weekly.ru": {"title": "Каждую неделю", "place": {"name": "Подвал"}},
}
EVENTS = ("school", "weekly", "other")


EVENT, OPENING, WALK = "school", "school/session/opening", "school/session/walk"
PAPERS, CLOSES = "school/deadline/papers", "school/deadline/registration-closes"
SERIES, DATE = "weekly", "weekly/occurrence/2026-06-16 18:00"
SESSIONS, DEADLINES, DATES = {OPENING, WALK}, {PAPERS, CLOSES}, {SERIES, DATE}
ALL = {EVENT} | SESSIONS | DEADLINES
ANOTHER = {"url": "https://else.example.org/"}


@dataclass(frozen=True)
class Edit:
    """One change of one field; `said` names the entries that then say something else."""

    path: str
    field: str
    value: Any
    said: frozenset[str]

    def __str__(self) -> str:
        return f"{self.path}:{self.field}={self.value}"


def edits(path: str, *changes: tuple[str, Any, set[str]]) -> list[Edit]:
    return [Edit(path, field, value, frozenset(said)) for field, value, said in changes]


OF_SCHOOL = edits(
    "events/school",
    ("title", "A School", ALL),
    ("summary", "Another", {EVENT}),
    ("body", "Another", set()),
    ("start", "2026-09-07 10:00", {EVENT} | DEADLINES),
    ("end", "2026-09-08 18:00", {EVENT} | DEADLINES),
    ("timezone", "Europe/Berlin", ALL),
    ("status", "tentative", {EVENT}),
    ("status", "cancelled", ALL),
    ("status", "postponed", ALL),
    ("status_note", "It rains.", {EVENT}),
    ("place", {"name": "Garden"}, {EVENT, WALK}),
    ("online.url", "https://else.example.org/", {EVENT} | SESSIONS),
    ("online.platform", "Jitsi", {EVENT} | SESSIONS),
    ("online.public", "false", {EVENT} | SESSIONS),
    ("organisers", [{"name": "Else"}], {EVENT}),
    ("hosts", [{"name": "Else"}], {EVENT}),
    ("partners", ["uni"], {EVENT}),
    ("speakers.0.name", "Else", {EVENT}),
    ("speakers.0.role", "Dean", {EVENT}),
    ("speakers.0.organisation", "Else", {EVENT}),
    ("contact.name", "Desk", ALL),
    ("contact.email", "b@example.org", ALL),
    ("contact.phone", "+7 701", ALL),
    ("contact.url", "https://example.org/b", ALL),
    ("contact", None, ALL),
    ("languages", ["en", "ru"], {EVENT}),
    ("topics", [], ALL),
    ("series", None, {EVENT}),
    ("related", [], {EVENT}),
    ("registration.url", "https://example.org/s", {EVENT, CLOSES}),
    ("registration.opens", "2026-06-03", {EVENT}),
    ("registration.closes", "2026-08-02", {EVENT, CLOSES}),
    ("registration.price", "2 €", {EVENT}),
    ("deadlines.0.title", "Texts", {EVENT, PAPERS}),
    ("deadlines.0.at", "2026-07-02 12:00", {EVENT, PAPERS}),
    ("deadlines.0.url", "https://example.org/q", {PAPERS}),
    ("sessions.0.title", "Welcome", {EVENT, OPENING}),
    ("sessions.0.start", "2026-09-07 09:15", {EVENT, OPENING}),
    ("sessions.0.end", "10:15", {EVENT, OPENING}),
    ("sessions.0.timezone", "Asia/Tokyo", {EVENT, OPENING}),
    ("sessions.0.place.name", "Room 2", {OPENING}),
    ("sessions.0.place", None, {OPENING}),
    ("sessions.0.speakers.0.name", "Else", {OPENING}),
    ("sessions.0.speakers.0.role", "Dean", {OPENING}),
    ("sessions.0.summary", "Other words.", {OPENING}),
    ("sessions.0.status", "cancelled", {EVENT, OPENING}),
    ("sessions.0.status", "postponed", {EVENT, OPENING}),
    ("sessions.0.status", "tentative", {EVENT, OPENING}),
    ("sessions.0.url", None, {OPENING}),
    ("sessions.1", None, {EVENT, WALK}),
    ("image.file", "b.png", {EVENT}),
    ("image.alt", "Another", set()),
    ("attachments.0.title", "Map", {EVENT}),
    ("attachments.0.file", "b.pdf", {EVENT}),
    ("also_known_as.0.name", "Else", set()),
    ("sources.0.note", "Else.", set()),
    ("curator_note", "Else.", set()),
    ("pinned", "true", set()),
)
OF_WEEKLY = edits(
    "events/weekly",
    ("title", "Often", {SERIES}),
    ("summary", "Another", DATES),
    ("end", "19:30", DATES),
    ("status", "tentative", DATES),
    ("status", "cancelled", DATES),
    ("status_note", "Why.", {SERIES}),
    ("place.name", "Attic", {SERIES}),
    ("place.geo", ["43.2", "76.9"], {SERIES}),
    ("online", ANOTHER, DATES),
    ("contact", MAIL, DATES),
    ("topics", [], DATES),
    ("related", ["other"], DATES),
    ("image", {"file": "a.png", "alt": "A"}, DATES),
    ("recurrence.count", "9", {SERIES}),
    ("recurrence.except", ["2026-06-30"], {SERIES}),
    ("recurrence.also", ["2026-07-01"], {SERIES}),
    ("recurrence.changed.0.start", "2026-06-18", {DATE}),
    ("recurrence.changed.0.end", "20:00", {DATE}),
    ("recurrence.changed.0.status", "cancelled", {DATE}),
    ("recurrence.changed.0.title", "There", {DATE}),
    ("recurrence.changed.0.place", None, {DATE}),
)
OF_OTHERS = [
    *edits(
        "places/hall",
        ("name", "Great Hall", {EVENT, WALK, DATE}),
        ("address", "2 Street", {EVENT, WALK, DATE}),
        ("city", "Astana", {EVENT, WALK, DATE}),
        ("country", "KG", {EVENT, WALK, DATE}),
        ("geo", ["43.3", "76.9"], {EVENT, WALK, DATE}),
        ("body", "Another", set()),
    ),
    *edits(
        "organisations/uni", ("name", "The University", {EVENT} | DATES), ("email", "b@example.org", set())
    ),
    *edits("organisations/uni", ("url", "https://else.example.org/", {EVENT} | DATES)),
    *edits("topics/mobility", ("name", "Movement", ALL | DATES), ("colour", "#123456", set())),
    *edits("series/schools", ("name", "All schools", {EVENT})),
    *edits("events/other", ("title", "Another", {"other"})),
]
EDITS = OF_SCHOOL + OF_WEEKLY + OF_OTHERS
IN_RUSSIAN = [
    *edits("events/school.ru", ("title", "Школы", ALL), ("summary", "Вот что.", {EVENT})),
    *edits("events/school.ru", ("sessions.0.title", "Начало", {EVENT, OPENING})),
    *edits("events/weekly.ru", ("place.name", "Чердак", {SERIES}), ("title", "Часто", {SERIES})),
    *edits("places/hall.ru", ("name", "Большой зал", {EVENT, WALK, DATE})),
    *edits("topics/mobility.ru", ("name", "Движение", ALL | DATES)),
    *edits("events/other.ru", ("title", "Другое", {"other"})),
    # The words are the same, but they are no longer marked as English.
    *edits("events/other.ru", ("title", "Other", {"other"})),
]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Publication]:
    desk = desk_in(tmp_path_factory.mktemp("stamps"))
    for path, fields in RECORDS.items():
        desk.write(path, fields)
    for name in ("a.png", "b.png", "a.pdf", "b.pdf"):
        desk.put(f"content/events/{name}")
    return desk, desk.release("2026-06-01")


@pytest.fixture
def again(released: tuple[Desk, Publication], tmp_path: Path) -> Desk:
    """The same desk, whose next release changes nothing of the other tests'."""
    desk, _ = released
    shutil.copytree(desk.root, tmp_path / "site")
    return Desk(tmp_path / "site", desk.ledger)


def entries(site: Publication, language: str) -> dict[str, tuple[bytes, tuple[Any, ...]]]:
    """What each entry says, and when it was dated."""
    found = {}
    for event in EVENTS:
        of_event = Entries.of(site, event, language)
        for name, said in of_event.without_stamps().items():
            found[event if name == "event" else f"{event}/{name}"] = (said, of_event.stamps(name))
    return found


def compared(before: Publication, after: Publication, language: str) -> tuple[set[str], set[str]]:
    """The entries that say something else, and those that are dated anew."""
    old, new = entries(before, language), entries(after, language)
    both = old.keys() & new.keys()
    return {name for name in both if old[name][0] != new[name][0]}, {
        name for name in both if old[name][1] != new[name][1]
    }


def edited(edit: Edit) -> dict[str, Any]:
    """A record after an edit."""
    record: Any = copy.deepcopy(RECORDS.get(edit.path, {}))
    *way, last = (int(step) if step.isdigit() else step for step in edit.field.split("."))
    inner = record
    for step in way:
        inner = inner[step]
    if edit.value is None:
        inner.pop(last, *(() if isinstance(inner, list) else (None,)))
    else:
        inner[last] = edit.value
    return record  # type: ignore[no-any-return]


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_whatever_an_entry_says_dates_it(released: tuple[Desk, Publication], again: Desk, edit: Edit) -> None:
    fields = edited(edit)
    again.write(edit.path, fields, fields.pop("body", ""))

    changed, dated = compared(released[1], again.release("2026-06-02"), "en")

    assert changed == edit.said
    assert changed <= dated


@pytest.mark.parametrize("edit", IN_RUSSIAN, ids=str)
def test_a_translation_dates_its_own_language_alone(
    released: tuple[Desk, Publication], again: Desk, edit: Edit
) -> None:
    again.write(edit.path, edited(edit))
    after = again.release("2026-06-02")

    changed, dated = compared(released[1], after, "ru")
    assert changed == edit.said
    assert changed <= dated
    assert compared(released[1], after, "en") == (set(), set())


def test_what_no_reader_sees_dates_nothing(released: tuple[Desk, Publication], again: Desk) -> None:
    again.write("events/school", RECORDS["events/school"] | {"pinned": "true", "publish_at": "2026-05-01"})

    assert compared(released[1], again.release("2026-06-02"), "en") == (set(), set())


def test_a_day_without_edits_changes_no_byte(released: tuple[Desk, Publication], again: Desk) -> None:
    after = again.release("2026-06-02")

    for event in EVENTS:
        assert Entries.of(after, event).blocks == Entries.of(released[1], event).blocks


def test_an_event_that_is_taken_away_says_so_everywhere(
    released: tuple[Desk, Publication], again: Desk
) -> None:
    again.remove("events/school")
    again.remove("events/school.ru")

    changed, dated = compared(released[1], again.release("2026-06-02"), "en")

    assert ALL == changed == dated - {"other"}


def test_every_field_of_an_event_is_edited_here() -> None:
    edited_fields = {edit.field.split(".")[0] for edit in OF_SCHOOL + OF_WEEKLY}
    unseen = {"id", "language", "draft", "publish_at", "imported", "reported"}

    assert set(Event.model_fields) - unseen == edited_fields
