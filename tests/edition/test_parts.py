"""Sessions, deadlines and changed dates: each has its own identity, revision and stamps."""

from __future__ import annotations

from datetime import datetime

import pytest

from publisher.model.records import Kind, Status
from publisher.model.when import Days, Hours, sort_key

from .desk import Desk, at

OPENING = {"id": "opening", "title": "Opening", "start": "2026-06-11 09:00", "end": "10:00"}
TALK = {"id": "talk", "title": "A Talk", "start": "2026-06-12 10:00", "end": "11:00"}
PAPERS = {"id": "papers", "title": "Papers due", "at": "2026-06-05"}
WEEKLY = {"start": "2026-06-01 18:00", "end": "19:00"}
FILE = "events/2026/meeting.md"


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.named(Kind.PLACE, "hall")
    made.event(sessions=[OPENING, TALK], deadlines=[PAPERS])
    made.release("2026-06-01")
    return made


def revisions(desk: Desk) -> dict[str, int]:
    """What has been revised, and how often."""
    return {item.id: item.revision for item in desk.ledger if item.revision}


def moved(desk: Desk, language: str, day: str) -> set[str]:
    """What reads differently in a language since a day."""
    seen = {item.id: item.languages.get(language) for item in desk.ledger}
    return {id_ for id_, view in seen.items() if view and view.last_modified == at(day)}


def test_a_session_that_moves_without_its_conference_is_revised_alone(desk: Desk) -> None:
    desk.event(sessions=[OPENING, {**TALK, "start": "2026-06-13 10:00"}], deadlines=[PAPERS])

    desk.release("2026-06-02")

    assert revisions(desk) == {"talk": 1}
    assert desk.item().updated == at("2026-06-01")
    assert desk.told[0] == (
        "moved", "event/meeting/session/talk", "12 Jun 2026 10:00-11:00 -> 13 Jun 2026 10:00-11:00"
    )  # fmt: skip


def test_a_conference_that_moves_revises_no_session_that_does_not(desk: Desk) -> None:
    desk.event(start="2026-06-10", end="2026-06-13", sessions=[OPENING, TALK], deadlines=[PAPERS])

    desk.release("2026-06-02")

    assert revisions(desk) == {"meeting": 1}


def test_a_conference_in_another_place_takes_the_sessions_there_that_have_none_of_their_own(
    desk: Desk,
) -> None:
    desk.event(sessions=[OPENING, {**TALK, "place": {"name": "Annex"}}], deadlines=[PAPERS])
    desk.release("2026-06-02")
    desk.event(place="hall", sessions=[OPENING, {**TALK, "place": {"name": "Annex"}}], deadlines=[PAPERS])
    desk.release("2026-06-03")

    assert revisions(desk) == {"meeting": 1, "opening": 1, "talk": 1}


def test_a_deadline_that_is_extended_is_revised_alone(desk: Desk) -> None:
    desk.event(sessions=[OPENING, TALK], deadlines=[{**PAPERS, "at": "2026-06-08"}])

    desk.release("2026-06-02")

    assert revisions(desk) == {"papers": 1}
    (event,) = desk.edition("2026-06-02").events
    assert event.deadlines[0].previous_time == Days(day := at("2026-06-05").date(), day)


def test_a_session_with_another_title_is_not_revised(desk: Desk) -> None:
    desk.event(sessions=[OPENING, {**TALK, "title": "The Talk"}], deadlines=[PAPERS])

    desk.release("2026-06-02")

    assert revisions(desk) == {}
    assert desk.item("event/meeting/session/talk").languages["en"].last_modified == at("2026-06-02")
    assert desk.item("event/meeting/session/opening").languages["en"].last_modified == at("2026-06-01")


def test_a_new_title_of_the_event_moves_the_stamps_of_the_sessions_that_are_called_after_it(
    desk: Desk,
) -> None:
    desk.event(title="A Conference", sessions=[OPENING, TALK], deadlines=[PAPERS])

    desk.release("2026-06-02")

    stamps = {item.languages["en"].last_modified for item in desk.ledger if item.is_public}
    assert stamps == {at("2026-06-02")}
    assert revisions(desk) == {}


def test_a_session_has_its_title_in_each_language_and_a_translated_one_moves_alone(desk: Desk) -> None:
    desk.translation(FILE, "ru", title="Собрание")
    desk.release("2026-06-02")
    desk.translation(FILE, "ru", title="Собрание", sessions=[{"id": "talk", "title": "Доклад"}])
    desk.release("2026-06-03")

    (event,) = desk.edition("2026-06-03").events
    assert [session.title("ru") for session in event.sessions] == ["Opening", "Доклад"]
    assert [session.title("en") for session in event.sessions] == ["Opening", "A Talk"]
    assert moved(desk, "ru", "2026-06-03") == {"meeting", "talk"}  # the event's page lists its sessions


def test_a_first_translation_moves_all_parts_for_none_is_marked_as_foreign_any_more(desk: Desk) -> None:
    desk.translation(FILE, "ru", title="A Meeting")

    desk.release("2026-06-02")

    assert moved(desk, "ru", "2026-06-02") == {"meeting", "opening", "talk", "papers"}
    assert moved(desk, "en", "2026-06-02") == set()


def test_a_coming_session_that_is_taken_out_is_cancelled_until_it_is_over(desk: Desk) -> None:
    desk.event(sessions=[OPENING], deadlines=[PAPERS])
    desk.release("2026-06-02")

    assert revisions(desk) == {"talk": 1}
    (event,) = desk.edition("2026-06-02").events
    assert {s.id: s.status for s in event.sessions} == {"opening": Status.CONFIRMED, "talk": Status.CANCELLED}
    assert event.sessions[1].title("en") == "A Talk"

    before = desk.wait("2026-06-12 10:59")
    assert desk.release("2026-06-12 10:59") == before
    desk.wait("2026-06-12 11:00")

    assert [s.id for s in desk.edition("2026-06-12").events[0].sessions] == ["opening"]


def test_a_past_session_that_is_taken_out_leaves_quietly(desk: Desk) -> None:
    desk.event(sessions=[TALK], deadlines=[PAPERS])

    desk.release("2026-06-11 10:00")

    assert revisions(desk) == {}
    assert not desk.item("event/meeting/session/opening").is_public


def test_a_session_that_is_put_back_is_confirmed_again_under_the_same_uid(desk: Desk) -> None:
    uid = desk.item("event/meeting/session/talk").uid
    desk.event(sessions=[OPENING], deadlines=[PAPERS])
    desk.release("2026-06-02")
    desk.event(sessions=[OPENING, TALK], deadlines=[PAPERS])
    desk.release("2026-06-03")

    talk = desk.item("event/meeting/session/talk")
    assert (talk.uid, talk.revision, talk.facts["status"]) == (uid, 2, "confirmed")


def test_a_session_that_is_added_later_is_new_then_and_moves_nothing_else(desk: Desk) -> None:
    late = {"id": "late", "title": "Late", "start": "2026-06-13 09:00"}
    desk.event(sessions=[OPENING, TALK, late], deadlines=[PAPERS])

    desk.release("2026-06-02")

    assert desk.item("event/meeting/session/late").first_published == at("2026-06-02")
    assert revisions(desk) == {}
    assert desk.told[-1] == ("new", "event/meeting/session/late", "13 Jun 2026 09:00")


def test_a_deadline_that_is_taken_out_of_a_coming_event_is_cancelled(desk: Desk) -> None:
    desk.event(sessions=[OPENING, TALK])

    desk.release("2026-06-02")

    assert desk.item("event/meeting/deadline/papers").facts["status"] == "cancelled"


@pytest.fixture
def weekly() -> Desk:
    made = Desk()
    made.event(**WEEKLY, recurrence={"every": "week", "count": "5"})
    made.release("2026-05-01")
    return made


def recurring(desk: Desk, *changed: dict[str, str]) -> None:
    desk.event(**WEEKLY, recurrence={"every": "week", "count": "5", "changed": list(changed)})


def test_a_date_that_moves_is_an_entry_that_revises_the_rule(weekly: Desk) -> None:
    recurring(weekly, {"occurrence": "2026-06-08 18:00", "start": "2026-06-09 18:00"})

    weekly.release("2026-05-02")

    part = weekly.item("event/meeting/occurrence/2026-06-08 18:00")
    assert part.uid == weekly.item().uid
    assert part.revision == weekly.item().revision + 1
    assert weekly.item().revision == 0
    verb, subject, detail = weekly.told[0]
    assert (verb, subject) == ("moved", "event/meeting/occurrence/2026-06-08 18:00")
    assert detail == "8 Jun 2026 18:00-19:00 -> 9 Jun 2026 18:00-19:00"
    (event,) = weekly.edition("2026-05-02").events
    (changed,) = event.occurrences
    assert changed.original == datetime(2026, 6, 8, 18)  # noqa: DTZ001 -- local by meaning
    assert changed.previous_time == Hours(at("2026-06-08 18:00"), at("2026-06-08 19:00"), "Asia/Almaty")


def test_a_date_is_the_same_however_it_is_named(weekly: Desk) -> None:
    recurring(weekly, {"occurrence": "2026-06-08", "start": "2026-06-09 18:00"})
    weekly.release("2026-05-02")
    before = {key: item.revision for key, item in weekly.ledger.items.items()}

    recurring(weekly, {"occurrence": "2026-06-08 18:00", "start": "2026-06-09 18:00"})
    weekly.release("2026-05-03")

    assert {key: item.revision for key, item in weekly.ledger.items.items()} == before


def test_a_date_that_is_cancelled_says_so(weekly: Desk) -> None:
    recurring(weekly, {"occurrence": "2026-06-08", "status": "cancelled"})

    weekly.release("2026-05-02")

    shown = {sort_key(s.time)[0][:10]: str(s.status) for s in weekly.edition("2026-05-02").showings}
    usual = dict.fromkeys(("2026-06-01", "2026-06-15", "2026-06-22", "2026-06-29"), "confirmed")
    assert shown == {**usual, "2026-06-08": "cancelled"}


def test_what_was_changed_from_the_start_was_never_anything_else() -> None:
    desk = Desk()
    recurring(desk, {"occurrence": "2026-06-08", "start": "2026-06-09 18:00"})

    desk.release("2026-05-01")

    part = desk.item("event/meeting/occurrence/2026-06-08 18:00")
    assert (part.revision, part.previous) == (0, None)


def test_a_coming_change_that_is_taken_back_revises_the_series(weekly: Desk) -> None:
    recurring(weekly, {"occurrence": "2026-06-08", "start": "2026-06-09 18:00"})
    weekly.release("2026-05-02")
    recurring(weekly)
    weekly.release("2026-05-03")

    assert weekly.item().revision == 1
    assert not weekly.item("event/meeting/occurrence/2026-06-08 18:00").is_public
    assert weekly.told[0] == ("changed", "event/meeting", "dates of its recurrence")


def test_a_past_change_that_is_taken_back_tells_nobody(weekly: Desk) -> None:
    recurring(weekly, {"occurrence": "2026-06-08", "start": "2026-06-09 18:00"})
    weekly.release("2026-05-02")
    recurring(weekly)
    weekly.release("2026-06-10")

    assert weekly.item().revision == 0


def test_a_rule_that_changes_is_a_revision_of_the_series(weekly: Desk) -> None:
    weekly.event(**WEEKLY, recurrence={"every": "week", "count": "5", "except": ["2026-06-15"]})

    weekly.release("2026-05-02")

    assert weekly.item().revision == 1
    assert weekly.told[0] == ("changed", "event/meeting", "dates of its recurrence")


def test_a_cancelled_series_cancels_its_changed_dates(weekly: Desk) -> None:
    recurring(weekly, {"occurrence": "2026-06-08", "start": "2026-06-09 18:00"})
    weekly.release("2026-05-02")
    weekly.event(
        **WEEKLY,
        status="cancelled",
        recurrence={
            "every": "week",
            "count": "5",
            "changed": [{"occurrence": "2026-06-08", "start": "2026-06-09 18:00"}],
        },
    )
    weekly.release("2026-05-03")

    assert weekly.item("event/meeting/occurrence/2026-06-08 18:00").facts["status"] == "cancelled"


def test_a_date_that_is_as_planned_again_is_told_and_remembered_though_no_calendar_has_it(desk: Desk) -> None:
    changed = {"occurrence": "2026-06-08", "start": "2026-06-09 18:00"}
    desk.event(**WEEKLY, recurrence={"every": "week"})
    desk.release("2026-06-02")
    desk.event(**WEEKLY, recurrence={"every": "week", "changed": [changed]})
    desk.release("2026-06-03")
    desk.event(**WEEKLY, recurrence={"every": "week"})

    desk.release("2026-06-04")

    (event,) = desk.edition("2026-06-04").events
    assert event.occurrences == ()
    assert [part.id for part in event.restored] == ["2026-06-08 18:00"]
    assert (
        "moved",
        "event/meeting/occurrence/2026-06-08 18:00",
        "9 Jun 2026 18:00-19:00 -> 8 Jun 2026 18:00-19:00",
    ) in desk.told
