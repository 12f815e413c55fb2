"""What subscribers' calendars say of what is off, for how long, and what vanishes from them altogether."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from . import subscriber
from .desk import HOST, Desk

if TYPE_CHECKING:
    from .subscriber import Entry

FILE = "events/2026/meeting.md"
TALK = {"id": "talk", "title": "A Talk", "start": "2026-06-12 10:00", "end": "11:00"}
PAPERS = {"id": "papers", "title": "Papers due", "at": "2026-06-10"}
PARTS = {"sessions": [TALK], "deadlines": [PAPERS], "registration": {"closes": "2026-06-09"}}
EVENT, SESSION, DUE, CLOSING = (
    f"event.meeting{part}@{HOST}"
    for part in ("", ".session.talk", ".deadline.papers", ".deadline.registration-closes")
)
ALL = {EVENT, SESSION, DUE, CLOSING}
WEEKLY = {"start": "2026-06-01 18:00", "end": "19:00"}


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.event(**PARTS)
    made.event("other", start="2026-06-11")
    made.release("2026-06-01")
    return made


def entries(desk: Desk, today: str) -> dict[str, Entry]:
    """What somebody sees who subscribed to everything, by UID."""
    found = subscriber.read(subscriber.files(desk.edition(today)), "Asia/Almaty")
    assert {key: entry.sequence for key, entry in found["en"].items()} == {
        key: entry.sequence for key, entry in found["ru"].items()
    }
    return {uid: entry for (uid, _), entry in found["en"].items() if "other" not in uid}


def everywhere(desk: Desk, today: str) -> set[str]:
    """The paths of all calendars, single events' too, that still name the meeting."""
    found = subscriber.files(desk.edition(today))
    return {artifact.path for artifact in found if b"UID:event.meeting" in artifact.data}


@pytest.mark.parametrize("cancel", ["in its record", "by removing its file"])
def test_a_cancelled_event_is_marked_with_all_that_belongs_to_it(desk: Desk, cancel: str) -> None:
    if cancel == "in its record":
        desk.event(status="cancelled", **PARTS)
    else:
        desk.remove(FILE)
    desk.release("2026-06-02")

    found = entries(desk, "2026-06-02")

    assert found.keys() == ALL
    assert {entry.status for entry in found.values()} == {"CANCELLED"}
    assert {entry.sequence for entry in found.values()} == {1}
    assert all(entry.summary.startswith("Cancelled: ") for entry in found.values())
    assert {entry.which for entry in found.values()} == {"calendar", "programme", "deadlines"}


def test_a_postponed_event_without_a_day_is_marked_with_all_that_belongs_to_it(desk: Desk) -> None:
    desk.event(status="postponed", **PARTS)
    desk.release("2026-06-02")

    found = entries(desk, "2026-06-02")

    assert {entry.status for entry in found.values()} == {"CANCELLED"}
    assert found[EVENT].summary == "Postponed: A Meeting"


def test_what_is_cancelled_stays_for_thirty_days_after_its_end_and_then_on_its_own_page_only(
    desk: Desk,
) -> None:
    desk.event(status="cancelled", **PARTS)
    desk.release("2026-06-02")

    assert entries(desk, "2026-07-09").keys() == ALL
    assert entries(desk, "2026-07-10").keys() == {EVENT, SESSION, DUE}  # registration was to close on 9 June
    assert entries(desk, "2026-07-13").keys() == {EVENT}
    assert entries(desk, "2026-07-14") == {}
    assert everywhere(desk, "2026-07-14") == {f"{lang}/events/meeting/event.ics" for lang in ("en", "ru")}


def test_a_removed_event_leaves_when_it_would_have_been_over(desk: Desk) -> None:
    desk.remove(FILE)
    desk.release("2026-06-02")
    desk.wait("2026-06-13 23:59")
    assert entries(desk, "2026-06-13").keys() == ALL

    desk.wait("2026-06-14 00:00")

    assert everywhere(desk, "2026-06-14") == set()


def test_a_past_event_whose_file_is_removed_vanishes(desk: Desk) -> None:
    desk.remove(FILE)

    desk.release("2026-06-14")

    assert everywhere(desk, "2026-06-14") == set()


def test_a_withdrawn_event_vanishes_at_once_and_everywhere(desk: Desk) -> None:
    desk.event(status="withdrawn", **PARTS)

    desk.release("2026-06-02")

    assert everywhere(desk, "2026-06-02") == set()


def test_what_takes_place_after_all_is_confirmed_under_the_same_uid(desk: Desk) -> None:
    desk.event(status="cancelled", **PARTS)
    desk.release("2026-06-02")
    desk.event(**PARTS)
    desk.release("2026-06-03")

    found = entries(desk, "2026-06-03")

    assert found.keys() == ALL
    assert {(entry.status, entry.sequence) for entry in found.values()} == {("CONFIRMED", 2)}
    assert found[EVENT].summary == "A Meeting"


def test_a_session_that_moves_takes_nothing_along(desk: Desk) -> None:
    desk.event(**{**PARTS, "sessions": [{**TALK, "start": "2026-06-13 10:00"}]})

    desk.release("2026-06-02")

    assert {uid: entry.sequence for uid, entry in entries(desk, "2026-06-02").items()} == {
        EVENT: 0, SESSION: 1, DUE: 0, CLOSING: 0,
    }  # fmt: skip


def test_a_cancelled_series_is_marked_with_its_changed_dates() -> None:
    desk = Desk()
    moved = {"occurrence": "2026-06-08 18:00", "start": "2026-06-09 18:00"}
    off = {"occurrence": "2026-06-15 18:00", "status": "cancelled"}
    recurrence = {"every": "week", "count": "4", "changed": [moved, off]}
    desk.event(**WEEKLY, recurrence=recurrence)
    desk.release("2026-05-01")
    before = subscriber.read(subscriber.files(desk.edition("2026-05-01")), "Asia/Almaty")["en"]
    assert {original: entry.status for (_, original), entry in before.items()} == {
        "": "CONFIRMED", "20260608T180000": "CONFIRMED", "20260615T180000": "CANCELLED",
    }  # fmt: skip

    desk.event(**WEEKLY, recurrence=recurrence, status="cancelled")
    desk.release("2026-05-02")

    after = subscriber.read(subscriber.files(desk.edition("2026-05-02")), "Asia/Almaty")["en"]
    assert {original: (entry.status, entry.sequence) for (_, original), entry in after.items()} == {
        "": ("CANCELLED", 1), "20260608T180000": ("CANCELLED", 1), "20260615T180000": ("CANCELLED", 0),
    }  # fmt: skip
