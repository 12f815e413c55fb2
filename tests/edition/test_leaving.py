"""How things leave: cancelled and told, postponed, withdrawn, removed while coming, removed when over."""

from __future__ import annotations

import pytest

from publisher.model.ledger import Item
from publisher.model.records import Kind, Status
from publisher.model.when import Days
from publisher.render.catalogue import restore

from .desk import Desk, at

FILE = "events/2026/meeting.md"
TALK = {"id": "talk", "title": "A Talk", "start": "2026-06-12 10:00", "end": "11:00"}
PAPERS = {"id": "papers", "title": "Papers due", "at": "2026-06-05"}


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.event(sessions=[TALK], deadlines=[PAPERS])
    made.release("2026-06-01")
    return made


def numbers(item: Item) -> list[int]:
    """Its place in the order of telling, and those of its changes."""
    changes = [told["ordinal"] for told in item.history]
    return changes if item.ordinal is None else [*changes, item.ordinal]


def statuses(desk: Desk, today: str = "2026-06-02") -> dict[str, Status]:
    """What is public of events, and what each is."""
    found = {}
    for event in desk.edition(today).events:
        found[event.id] = event.status
        found |= {part.id: part.status for part in (*event.sessions, *event.deadlines, *event.occurrences)}
    return found


def test_a_cancelled_event_stays_and_takes_its_sessions_and_deadlines_with_it(desk: Desk) -> None:
    desk.event(sessions=[TALK], deadlines=[PAPERS], status="cancelled")

    desk.release("2026-06-02")
    desk.wait("2027-06-02")

    assert statuses(desk) == dict.fromkeys(("meeting", "talk", "papers"), Status.CANCELLED)
    assert {item.revision for item in desk.ledger} == {1}
    assert desk.told == [("cancelled", "event/meeting", "11-13 Jun 2026")]


def test_a_cancelled_event_that_takes_place_after_all_is_revised_again(desk: Desk) -> None:
    desk.event(sessions=[TALK], deadlines=[PAPERS], status="cancelled")
    desk.release("2026-06-02")
    desk.event(sessions=[TALK], deadlines=[PAPERS])
    desk.release("2026-06-03")

    assert statuses(desk) == dict.fromkeys(("meeting", "talk", "papers"), Status.CONFIRMED)
    assert desk.item().revision == 2
    assert desk.item().previous_time is None


def test_a_postponed_event_comes_back_with_its_new_day_under_the_same_uid(desk: Desk) -> None:
    uid = desk.item().uid
    desk.event(status="postponed")
    desk.release("2026-06-02")
    assert statuses(desk)["meeting"] is Status.POSTPONED

    desk.event(start="2026-09-01", end="2026-09-03")
    desk.release("2026-06-20")

    (event,) = desk.edition("2026-06-20").events
    assert (event.uid, event.revision, event.status) == (uid, 2, Status.CONFIRMED)
    assert event.previous_time == Days(at("2026-06-11").date(), at("2026-06-13").date())


@pytest.mark.parametrize("status", ["postponed", "confirmed", "tentative"])
def test_an_event_whose_told_day_is_no_longer_known_stays_in_calendars_as_postponed(
    desk: Desk, status: str
) -> None:
    told = desk.item().time
    desk.event(start="2026-09", status=status)
    desk.release("2026-06-02")
    desk.event(start="2026", status=status)
    desk.release("2026-06-03")

    (event,) = desk.edition("2026-06-03").events
    assert not event.has_day
    assert event.entry_time == told
    assert event.entry_status is Status.POSTPONED
    assert event.status == status


def test_when_its_day_is_known_again_calendars_show_that_day(desk: Desk) -> None:
    desk.event(start="2026-09")
    desk.release("2026-06-02")
    desk.event(start="2026-09-07")
    desk.release("2026-06-03")

    (event,) = desk.edition("2026-06-03").events
    assert event.entry_time == event.time == Days(day := at("2026-09-07").date(), day)
    assert event.entry_status is Status.CONFIRMED


def test_an_event_whose_day_was_never_known_is_in_no_calendar() -> None:
    desk = Desk()
    desk.event(start="2026-09")
    desk.release("2026-06-01")
    desk.event(start="2026-10")
    desk.release("2026-06-02")

    (event,) = desk.edition("2026-06-02").events
    assert event.entry_time is None


def test_a_withdrawn_event_vanishes_with_its_parts_and_only_its_page_says_so(desk: Desk) -> None:
    desk.event(sessions=[TALK], deadlines=[PAPERS], status="withdrawn")

    desk.release("2026-06-02")

    edition = desk.edition("2026-06-02")
    assert edition.events == ()
    assert [event.id for event in edition.withdrawn] == ["meeting"]
    assert desk.item().withdrawn == at("2026-06-02")
    assert not any(item.is_public for item in desk.ledger if item.parent)
    assert desk.told == [("withdrawn", "event/meeting", "")]


def test_nothing_is_told_of_when_and_where_a_withdrawn_event_was_to_be(desk: Desk) -> None:
    desk.event(status="withdrawn", place={"name": "A secret place"})
    desk.release("2026-06-02")

    assert desk.item().facts == {"status": "withdrawn"}
    assert desk.item().previous is None


def test_an_event_that_was_never_published_is_not_withdrawn_but_simply_not_there() -> None:
    desk = Desk()
    desk.event(status="withdrawn")

    desk.release("2026-06-01")

    assert desk.edition("2026-06-01").withdrawn == ()
    assert desk.told == []


def test_a_withdrawn_event_can_come_back_as_it_was(desk: Desk) -> None:
    desk.event(sessions=[TALK], deadlines=[PAPERS], status="withdrawn")
    desk.release("2026-06-02")
    desk.event(sessions=[TALK], deadlines=[PAPERS])
    desk.release("2026-06-03")

    assert statuses(desk) == dict.fromkeys(("meeting", "talk", "papers"), Status.CONFIRMED)
    assert desk.item().withdrawn is None
    assert desk.item().revision == 2


def test_removing_the_file_of_a_coming_event_cancels_it_and_its_parts(desk: Desk) -> None:
    desk.remove(FILE)

    desk.release("2026-06-02")

    assert statuses(desk) == dict.fromkeys(("meeting", "talk", "papers"), Status.CANCELLED)
    assert {item.revision for item in desk.ledger} == {1}
    (event,) = desk.edition("2026-06-02").events
    assert event.removed
    assert desk.told == [("cancelled", "event/meeting", "11-13 Jun 2026")]


def test_it_stays_cancelled_until_it_is_over_and_then_leaves(desk: Desk) -> None:
    desk.remove(FILE)
    before = desk.release("2026-06-02")

    assert desk.release("2026-06-10") == before
    assert desk.wait("2026-06-13 23:59") == before
    desk.wait("2026-06-14 00:00")

    assert statuses(desk, "2026-06-14") == {}
    assert not any(item.is_public for item in desk.ledger)


@pytest.mark.parametrize("step", ["release", "wait"])
def test_it_leaves_the_same_way_with_a_release_and_with_time_alone(desk: Desk, step: str) -> None:
    desk.remove(FILE)
    desk.release("2026-06-02")

    getattr(desk, step)("2026-06-14")

    assert statuses(desk, "2026-06-14") == {}


def test_a_removed_event_whose_file_comes_back_takes_place(desk: Desk) -> None:
    desk.remove(FILE)
    desk.release("2026-06-02")
    desk.event(sessions=[TALK], deadlines=[PAPERS])
    desk.release("2026-06-03")

    assert statuses(desk) == dict.fromkeys(("meeting", "talk", "papers"), Status.CONFIRMED)
    assert desk.item().revision == 2
    assert not desk.item().removed


def test_removing_the_file_of_a_past_event_tells_nobody_anything(desk: Desk) -> None:
    desk.remove(FILE)

    desk.release("2026-06-14")

    assert statuses(desk, "2026-06-14") == {}
    assert desk.told == [("removed", "event/meeting", "leaves without a word")]


def test_what_left_and_comes_back_is_the_same_entry_revised(desk: Desk) -> None:
    uid, ordinal = desk.item().uid, desk.item().ordinal
    desk.remove(FILE)
    desk.release("2026-06-14")
    desk.event(sessions=[TALK], deadlines=[PAPERS])
    desk.release("2026-06-15")

    assert (desk.item().uid, desk.item().revision, desk.item().ordinal) == (uid, 1, ordinal)
    assert desk.item().first_published == at("2026-06-01")
    assert desk.told == [("returned", "event/meeting", "11-13 Jun 2026")]


def test_a_past_event_with_a_session_still_to_come_is_cancelled_not_dropped() -> None:
    desk = Desk()
    desk.event(deadlines=[{"id": "proceedings", "title": "Proceedings", "at": "2026-07-01"}])
    desk.release("2026-06-01")
    desk.remove(FILE)
    desk.release("2026-06-20")

    assert statuses(desk)["proceedings"] is Status.CANCELLED


def test_a_weekly_event_is_coming_until_its_last_date_is_over() -> None:
    desk = Desk()
    desk.event(start="2026-06-01 10:00", end="11:00", recurrence={"every": "week", "until": "2026-07-06"})
    desk.release("2026-05-01")
    desk.remove(FILE)
    desk.release("2026-06-20")
    assert statuses(desk) == {"meeting": Status.CANCELLED}

    desk.wait("2026-07-06 11:00")

    assert statuses(desk) == {}


def test_an_event_that_repeats_for_ever_is_always_coming() -> None:
    desk = Desk()
    desk.event(start="2026-06-01", end="2026-06-01", recurrence={"every": "month"})
    desk.release("2026-05-01")
    desk.remove(FILE)

    desk.release("2031-06-20")

    assert statuses(desk, "2031-06-20") == {"meeting": Status.CANCELLED}


def test_a_removed_announcement_leaves_and_may_return_as_it_was() -> None:
    desk = Desk()
    desk.announcement(date="2026-05-05")
    before = desk.release("2026-06-01")
    desk.remove("announcements/2026/news.md")
    desk.release("2026-06-02")
    assert desk.edition("2026-06-02").announcements == ()

    desk.announcement(date="2026-05-05")
    assert desk.release("2026-06-03") == before


def test_an_announcement_that_expires_is_in_no_list_but_keeps_its_page() -> None:
    desk = Desk()
    desk.announcement(expires="2026-06-10")
    desk.release("2026-06-01")

    assert [a.id for a in desk.edition("2026-06-09").announcements] == ["news"]
    assert [a.id for a in desk.edition("2026-06-10").expired] == ["news"]
    assert desk.edition("2026-06-10").announcements == ()


def test_a_removed_page_leaves() -> None:
    desk = Desk()
    desk.record(Kind.PAGE, "about", title="About")
    desk.release("2026-06-01")
    desk.remove("pages/2026/about.md")
    desk.release("2026-06-02")

    assert desk.edition("2026-06-02").pages == {}


@pytest.mark.parametrize("how", ["withdrawn", "removed when it was over", "removed, and the database lost"])
def test_no_number_is_given_twice_when_what_had_the_last_one_is_gone(how: str) -> None:
    """An archive ends at a number: what came next with a lower one would be in it, where nobody looks."""
    desk = Desk()
    desk.event(sessions=[TALK])
    desk.release("2026-06-01")
    for day in ("2026-06-12", "2026-06-13"):
        desk.event(sessions=[TALK | {"start": f"{day} 10:00"}], start=day, end="2026-06-14")
        desk.release("2026-06-02" if day == "2026-06-12" else "2026-06-03")
    given = max(number for item in desk.ledger for number in numbers(item))
    if how == "withdrawn":
        desk.event(status="withdrawn")
        desk.release("2026-06-04")
    else:
        desk.remove(FILE)
        desk.release("2026-07-04")
    if "lost" in how:
        restored = restore(desk.catalogue().data.decode(), desk.config)
        assert restored is not None
        desk.ledger = restored
    desk.announcement()
    desk.release("2026-07-05")

    told = desk.item("announcement/news").ordinal
    assert told is not None
    assert told > given


def test_news_that_returns_with_another_text_has_changed_and_is_told_again() -> None:
    desk = Desk()
    desk.announcement(date="2026-05-05")
    desk.release("2026-06-01")
    known = desk.item("announcement/news")
    desk.remove("announcements/2026/news.md")
    desk.release("2026-06-02")
    desk.announcement(date="2027-05-05", body="Registration is open again.")
    desk.release("2027-06-03")

    now = desk.item("announcement/news")
    assert now.uid == known.uid
    assert now.first_published == known.first_published
    assert now.updated == at("2027-06-03")
    assert now.ordinal is not None
    assert known.ordinal is not None
    assert now.ordinal > known.ordinal
    ((verb, record, detail),) = desk.told
    assert (verb, record) == ("returned", "announcement/news")
    assert "give it an id of its own" in detail
