"""Whatever is edited, each entry whose bytes change is dated anew: some programs look at nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from publisher.model.records import Kind

from . import subscriber
from .desk import Desk, at

if TYPE_CHECKING:
    from .subscriber import Entry, Key

FILE = "events/2026/meeting.md"
TALK = {"id": "talk", "title": "A Talk", "start": "2026-06-11 09:30", "end": "09:45"}
HELD = {"id": "held", "title": "Held elsewhere", "start": "2026-06-11 10:30", "place": {"name": "A tent"}}
PAPERS = {"id": "papers", "title": "Papers due", "at": "2026-06-01"}
MOVED = {"occurrence": "2026-06-18", "start": "2026-06-19 09:00"}
WHOLE: dict[str, Any] = {
    "start": "2026-06-11 09:00",
    "end": "11:00",
    "summary": "In short.",
    "topics": ["science"],
    "series": "forum",
    "organisers": ["uni"],
    "hosts": [{"name": "A host"}],
    "place": "hall",
    "contact": {"email": "a@example.org"},
    "registration": {"closes": "2026-06-05", "price": "free"},
    "online": {"url": "https://rooms.example.org/1", "platform": "Rooms"},
    "speakers": [{"name": "Ann"}],
    "languages": ["en"],
    "sessions": [TALK, HELD],
    "deadlines": [PAPERS],
    "recurrence": {"every": "week", "count": "3", "changed": [MOVED]},
}


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.named(Kind.TOPIC, "science")
    made.named(Kind.SERIES, "forum")
    made.named(Kind.ORGANISATION, "uni")
    made.named(Kind.PLACE, "hall", city="Almaty")
    made.event(**WHOLE)
    made.event("last-year", start="2025-06-11")
    made.translation(FILE, "ru", title="Встреча", sessions=[{"id": "talk", "title": "Доклад"}])
    made.release("2026-05-01")
    return made


def read(desk: Desk, today: str) -> dict[str, dict[Key, Entry]]:
    return subscriber.read(subscriber.files(desk.edition(today)), "Asia/Almaty")


def without(name: str) -> dict[str, Any]:
    return {field: value for field, value in WHOLE.items() if field != name}


EDITS = [
    {"title": "A Conference"},
    {"summary": "Briefly."},
    {"status_note": "Doors open at nine."},
    {"status": "tentative"},
    {"status": "cancelled"},
    {"status": "cancelled", "status_note": "No money."},
    {"topics": []},
    {"organisers": [{"name": "Somebody"}]},
    {"organisers": ["uni", {"name": "Somebody"}]},
    {"hosts": []},
    {"partners": ["uni"]},
    {"contact": {"name": "An office", "phone": "+7 700 000 00 00", "url": "https://example.org/ask"}},
    {"registration": {"closes": "2026-06-05", "price": "10 EUR", "url": "https://example.org/r"}},
    {"registration": {"closes": "2026-06-05", "opens": "2026-05-05"}},
    {"online": {"url": "https://rooms.example.org/1", "platform": "Other rooms"}},
    {"online": {"url": "https://rooms.example.org/1", "public": "no"}},
    {"speakers": [{"name": "Ann", "role": "rector"}]},
    {"languages": ["en", "kk"]},
    {"related": ["last-year"]},
    {"place": {"name": "A garden", "geo": ["43.2", "76.9"]}},
    {"place": ["hall", {"name": "A garden"}]},
    {"sessions": [{**TALK, "title": "The Talk"}, HELD]},
    {"sessions": [{**TALK, "speakers": [{"name": "Bob"}]}, HELD]},
    {"sessions": [{**TALK, "summary": "On this."}, HELD]},
    {"sessions": [TALK, {**HELD, "place": {"name": "A tent", "geo": ["43.2", "76.9"]}}]},
    {"sessions": [TALK]},
    {"deadlines": [{**PAPERS, "title": "Abstracts due"}]},
    {"deadlines": [{**PAPERS, "url": "https://example.org/hand-in"}]},
    {"recurrence": {"every": "week", "count": "3", "changed": [{**MOVED, "title": "Elsewhere"}]}},
    {"start": "2026-06-11 09:00", "end": "12:00"},
    {"language": "ru"},
]


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_an_edit_of_the_record(desk: Desk, edit: dict[str, Any]) -> None:
    before = read(desk, "2026-05-01")
    desk.event(**{**WHOLE, **edit})

    desk.release("2026-05-02")

    _each_changed_entry_is_dated(before, read(desk, "2026-05-02"))


@pytest.mark.parametrize("field", [name for name in WHOLE if name not in {"start", "end"}])
def test_a_field_that_is_taken_out(desk: Desk, field: str) -> None:
    before = read(desk, "2026-05-01")
    desk.event(**without(field))

    desk.release("2026-05-02")

    _each_changed_entry_is_dated(before, read(desk, "2026-05-02"))


@pytest.mark.parametrize(
    ("kind", "id_", "fields"),
    [
        (Kind.TOPIC, "science", {"name": "Sciences"}),
        (Kind.SERIES, "forum", {"name": "A Forum"}),
        (Kind.ORGANISATION, "uni", {"name": "A University"}),
        (Kind.ORGANISATION, "uni", {"url": "https://uni.example.org"}),
        (Kind.PLACE, "hall", {"name": "The Great Hall", "city": "Almaty"}),
        (Kind.PLACE, "hall", {"city": "Almaty", "geo": ["43.2", "76.9"]}),
        (Kind.PLACE, "hall", {"city": "Astana", "country": "KZ"}),
    ],
    ids=str,
)
def test_an_edit_of_what_the_record_names(desk: Desk, kind: Kind, id_: str, fields: dict[str, Any]) -> None:
    before = read(desk, "2026-05-01")
    desk.named(kind, id_, **fields)

    desk.release("2026-05-02")

    _each_changed_entry_is_dated(before, read(desk, "2026-05-02"))


@pytest.mark.parametrize(
    "translation",
    [
        {"title": "Собрание", "sessions": [{"id": "talk", "title": "Доклад"}]},
        {"title": "Встреча", "summary": "In short."},
        {"title": "Встреча", "summary": "Коротко.", "deadlines": [{"id": "papers", "title": "Тезисы"}]},
        {"title": "Встреча", "hosts": [{"name": "Хозяин"}], "speakers": [{"name": "Анна"}]},
    ],
    ids=str,
)
def test_an_edit_of_the_translation(desk: Desk, translation: dict[str, Any]) -> None:
    before = read(desk, "2026-05-01")
    desk.translation(FILE, "ru", **translation)

    desk.release("2026-05-02")

    after = read(desk, "2026-05-02")
    _each_changed_entry_is_dated(before, after)
    assert after["en"] == before["en"]


def _each_changed_entry_is_dated(
    before: dict[str, dict[Key, Entry]], after: dict[str, dict[Key, Entry]]
) -> None:
    changed = [
        (language, key)
        for language, entries in after.items()
        for key, entry in entries.items()
        if key in before[language] and entry.text != before[language][key].text
    ]
    assert changed
    for language, key in changed:
        assert after[language][key].stamp == at("2026-05-02"), f"{key} is not dated in {language}"
