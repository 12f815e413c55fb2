"""Who follows changes is told of each one that matters, once, and of nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from publisher.render.catalogue import catalogue, restore
from publisher.render.changes import changes_of

from .changesites import OPENING, PAPERS, TALK, Following

AT_ONCE = timedelta()
PLACES: Any = {"place": {"name": "Main Hall"}}


@pytest.fixture
def follower() -> Following:
    return Following()


# What is a change


def test_what_becomes_public_has_not_changed(follower: Following) -> None:
    follower.forum(sessions=[OPENING], deadlines=[PAPERS])
    follower.seminar(recurrence={"changed": [{"occurrence": "2026-06-16", "start": "2026-06-17 18:00"}]})
    follower.forum(sessions=[OPENING, TALK], deadlines=[PAPERS, {**PAPERS, "id": "fee", "title": "Fee due"}])

    assert follower.titles == []


def test_a_typo_and_its_fix_are_no_change(follower: Following) -> None:
    follower.forum()
    follower.forum(title="Forun", summary="Briefly.")
    follower.forum(summary="In short.", topics=[])

    assert follower.titles == []


@pytest.mark.parametrize(
    ("before", "after", "title", "sentences"),
    [
        (
            {},
            {"start": "2026-09-12", "end": "2026-09-14"},
            "Moved: Forum",
            ["Moved from 11–13 September 2026 to 12–14 September 2026."],
        ),
        (
            {"start": "2026-09-11 09:00", "end": None},
            {"start": "2026-09-11 10:00", "end": None},
            "Moved: Forum",
            ["Moved from 11 September 2026, 09:00 to 11 September 2026, 10:00 (Almaty time, UTC+5)."],
        ),
        (
            {},
            {"status": "cancelled"},
            "Cancelled: Forum",
            ["Cancelled. It was to take place 11–13 September 2026."],
        ),
        (
            {},
            {"status": "postponed"},
            "Postponed: Forum",
            ["Postponed. It was to take place 11–13 September 2026; no new date was given."],
        ),
        (
            {},
            {"start": "2026-12", "end": None},
            "Postponed: Forum",
            ["Postponed. It was to take place 11–13 September 2026; no new date was given."],
        ),
        (
            {"status": "tentative"},
            {},
            "Confirmed: Forum",
            ["Confirmed: 11–13 September 2026."],
        ),
        (
            {},
            {"status": "tentative"},
            "Provisional again: Forum",
            ["Provisional again: 11–13 September 2026. The date may still change."],
        ),
        (
            {"start": "2026-09", "end": None},
            {},
            "Date set: Forum",
            ["The date is set: 11–13 September 2026. Known until then: September 2026."],
        ),
        (
            {"start": "2026-09", "end": None},
            {"start": "2026-10", "end": None},
            "Moved: Forum",
            ["Moved from September 2026 to October 2026."],
        ),
        (
            PLACES,
            {"place": {"name": "Annex"}},
            "New place: Forum",
            ["Place: Annex; it was Main Hall."],
        ),
        ({}, PLACES, "Place announced: Forum", ["Place announced: Main Hall."]),
        (PLACES, {}, "Place open again: Forum", ["The place is open again; it was to be Main Hall."]),
        (
            {"online": {"url": "https://a.example.org"}},
            {"online": {"url": "https://b.example.org"}},
            "Online access changed: Forum",
            ["The address for taking part online has changed."],
        ),
        (
            {},
            {"online": {"url": "https://a.example.org"}},
            "Online access changed: Forum",
            ["One can take part online."],
        ),
        (
            {"online": {"url": "https://a.example.org"}},
            {},
            "Online access changed: Forum",
            ["One can no longer take part online."],
        ),
        (
            {"status": "cancelled", "start": "2026-09-11", "end": "2026-09-13"},
            {"start": "2026-10-02", "end": "2026-10-04"},
            "Takes place after all: Forum",
            [
                "It takes place after all: 2–4 October 2026.",
                "Moved from 11–13 September 2026 to 2–4 October 2026.",
            ],
        ),
        (
            PLACES,
            {"start": "2026-09-12", "end": "2026-09-14", "place": {"name": "Annex"}},
            "Moved: Forum",
            ["Moved from 11–13 September 2026 to 12–14 September 2026.", "Place: Annex; it was Main Hall."],
        ),
    ],
)
def test_what_becomes_of_an_event_is_told_as_it_was_and_as_it_became(
    follower: Following, before: dict[str, Any], after: dict[str, Any], title: str, sentences: list[str]
) -> None:
    follower.forum(**before)
    follower.forum(**after)

    assert follower.titles == [title]
    assert follower.told() == sentences


def test_places_are_told_by_their_names(follower: Following) -> None:
    follower.office.say("place", "hall", name="Main Hall")
    follower.office.say("place", "hall", "ru", name="Большой зал")
    follower.office.say("place", "annex", name="Annex")
    follower.forum(place="hall")
    follower.forum(place="annex")

    assert follower.told() == ["Place: Annex; it was Main Hall."]
    assert follower.told(language="ru") == ["Место: Annex (раньше: Большой зал)."]


def test_a_deadline_that_moves_is_told_by_itself(follower: Following) -> None:
    follower.forum(deadlines=[PAPERS])
    follower.forum(deadlines=[{**PAPERS, "at": "2026-08-15"}])
    follower.forum(deadlines=[])
    follower.forum(deadlines=[{**PAPERS, "at": "2026-08-15"}])

    assert follower.titles == [
        "New deadline: Papers due: Forum",
        "No longer due: Papers due: Forum",
        "Due again: Papers due: Forum",
    ]
    assert follower.told(0) == ["Was due 1 August 2026, now due 15 August 2026."]
    assert follower.told(1)[0] == "This deadline no longer applies. It was 15 August 2026."


def test_a_session_is_told_by_itself(follower: Following) -> None:
    follower.forum(sessions=[OPENING, TALK], **PLACES)
    follower.forum(sessions=[OPENING, {**TALK, "start": "2026-09-12 15:00", "end": "16:00"}], **PLACES)
    follower.forum(
        sessions=[{**OPENING, "status": "cancelled"}, {**TALK, "place": {"name": "Room 5"}}], **PLACES
    )

    assert follower.titles == [
        "Moved: A Talk (Forum)",
        "Cancelled: Opening (Forum)",
        "Moved: A Talk (Forum)",
    ]
    assert follower.told()[1] == "Place: Room 5; it was Main Hall."


# What goes without saying


def test_what_goes_the_way_of_its_event_is_told_with_it(follower: Following) -> None:
    parts: Any = {"sessions": [OPENING, TALK], "deadlines": [PAPERS]}
    follower.forum(**parts, **PLACES)
    follower.forum(**parts, status="cancelled", **PLACES)
    follower.forum(**parts, **PLACES)
    follower.forum(**parts, place={"name": "Annex"})

    assert follower.titles == ["Cancelled: Forum", "Takes place after all: Forum", "New place: Forum"]


def test_a_programme_that_moves_as_a_whole_is_told_with_its_event(follower: Following) -> None:
    """Forty sessions that are a week later because the conference is are one piece of news."""
    follower.forum(sessions=[OPENING, TALK])
    follower.forum(
        start="2026-09-18",
        end="2026-09-20",
        sessions=[
            {**OPENING, "start": "2026-09-18 09:00"},
            {**TALK, "start": "2026-09-19 14:00", "end": "15:00"},
        ],
    )

    assert follower.titles == ["Moved: Forum", "Moved: A Talk (Forum)"]


def test_nothing_is_told_of_the_parts_of_what_is_off(follower: Following) -> None:
    follower.forum(sessions=[OPENING], deadlines=[PAPERS])
    follower.forum(sessions=[OPENING], deadlines=[PAPERS], status="postponed")
    follower.forum(sessions=[], deadlines=[{**PAPERS, "at": "2026-08-15"}], status="postponed")

    assert follower.titles == ["Postponed: Forum"]


def test_a_session_that_is_cancelled_when_its_event_comes_back_is_told(follower: Following) -> None:
    follower.forum(sessions=[OPENING])
    follower.forum(sessions=[OPENING], status="postponed")
    follower.forum(sessions=[{**OPENING, "status": "cancelled"}])

    assert follower.titles == [
        "Postponed: Forum",
        "Takes place after all: Forum",
        "Cancelled: Opening (Forum)",
    ]


def test_what_is_over_is_corrected_in_silence(follower: Following) -> None:
    """A wrong date in the record of a past event has not moved: nobody can act on it."""
    follower.forum(start="2026-05-11", end="2026-05-13")
    follower.forum(start="2026-05-12", end="2026-05-14", status="cancelled")

    assert follower.titles == []


def test_what_waited_for_a_new_day_is_told_to_be_off_however_late(follower: Following) -> None:
    follower.forum(status="postponed")
    follower.forum(status="cancelled", later=timedelta(days=200))

    assert follower.titles == ["Cancelled: Forum"]


# What repeats


def test_a_date_of_a_series_that_moves_is_told_by_itself(follower: Following) -> None:
    follower.seminar()
    follower.seminar(recurrence={"changed": [{"occurrence": "2026-06-16", "start": "2026-06-17 18:00"}]})

    assert follower.titles == ["Moved: Seminar, 16 June 2026"]
    assert follower.told() == [
        "Moved from 16 June 2026, 18:00–19:00 to 17 June 2026, 18:00–19:00 (Almaty time, UTC+5)."
    ]


def test_a_date_that_is_as_planned_again_is_told_and_what_was_told_of_it_stays(follower: Following) -> None:
    off: Any = {"changed": [{"occurrence": "2026-06-16", "status": "cancelled"}]}
    follower.seminar()
    follower.seminar(recurrence=off)
    before = follower.last
    follower.seminar()
    assert follower.entries()[0].id == before.id
    assert follower.titles == [
        "Cancelled: Seminar, 16 June 2026",
        "Takes place after all: Seminar, 16 June 2026",
    ]
    follower.seminar(recurrence=off)

    assert follower.titles[2:] == ["Cancelled: Seminar, 16 June 2026"]
    assert len({entry.id for entry in follower.entries()}) == 3


def test_a_lost_ledger_takes_no_change_with_it(follower: Following) -> None:
    """What is published restores it: the changes of dates that are as planned again included."""
    follower.seminar()
    follower.seminar(recurrence={"changed": [{"occurrence": "2026-06-16", "status": "cancelled"}]})
    follower.seminar()
    follower.forum()
    follower.forum(start="2026-09-12", end="2026-09-14")
    before = follower.entries()
    assert follower.edition is not None
    text = catalogue(follower.edition, follower.office.ledger).data.decode()
    restored = restore(text, follower.office.settings)
    assert restored is not None
    follower.office.ledger = restored
    follower.edition = follower.office.as_of(follower.office.now)

    assert follower.entries() == before
    assert len(before) == 3


def test_dates_that_are_dropped_and_added_are_named(follower: Following) -> None:
    follower.seminar()
    follower.seminar(recurrence={"except": ["2026-07-07", "2026-07-14"], "also": ["2026-07-09 18:00"]})

    assert follower.titles == ["Dates changed: Seminar"]
    assert follower.told() == [
        "Dropped: 7 July 2026, 18:00–19:00; 14 July 2026, 18:00–19:00 (Almaty time, UTC+5).",
        "Added: 9 July 2026, 18:00–19:00 (Almaty time, UTC+5).",
    ]


def test_a_series_that_moves_to_another_day_tells_the_next_date(follower: Following) -> None:
    """The first date may be years ago: who comes next week wants to know of next week."""
    follower.seminar(end=None)
    follower.seminar(start="2026-06-10 18:00", end=None, later=timedelta(days=30))

    (told,) = follower.told()
    assert told.startswith(
        "The dates have moved: the next one was 7 July 2026, 18:00, then 8 July 2026, 18:00 ("
    )


def test_a_series_that_ends_earlier_names_some_of_its_dates_and_how_many_more(follower: Following) -> None:
    follower.seminar()
    follower.seminar(recurrence={"until": "2026-06-16"})

    assert follower.told()[0].startswith("Dropped: 23 June 2026, 18:00–19:00; 30 June 2026, 18:00–19:00; ")
    assert follower.told()[0].endswith("; and 45 more.")


def test_a_series_that_ends_later_than_one_can_see_has_changed_all_the_same(follower: Following) -> None:
    follower.seminar(recurrence={"until": "2028-12-26"})
    follower.seminar(recurrence={"until": "2029-12-25"})

    assert follower.told() == ["The dates have changed."]


def test_a_series_that_is_cancelled_tells_which_date_is_not_to_be_waited_for(follower: Following) -> None:
    follower.seminar()
    follower.seminar(status="cancelled", later=timedelta(days=30))

    assert follower.told() == [
        "Cancelled. The next date was to be 7 July 2026, 18:00–19:00 (Almaty time, UTC+5)."
    ]


# What leaves


def test_what_was_withdrawn_tells_nothing_and_its_past_is_gone(follower: Following) -> None:
    follower.forum(sessions=[OPENING])
    follower.forum(start="2026-09-12", end="2026-09-14", sessions=[{**OPENING, "start": "2026-09-12 11:00"}])
    told = {entry.id for entry in follower.entries()}
    follower.forum(status="withdrawn")
    assert follower.titles == []
    follower.forum(sessions=[OPENING])
    assert follower.titles == []
    follower.forum(start="2026-09-12", end="2026-09-14", sessions=[{**OPENING, "start": "2026-09-12 11:00"}])

    assert follower.titles == ["Moved: Forum", "Moved: Opening (Forum)"]
    assert not told & {entry.id for entry in follower.entries()}


def test_an_event_whose_record_was_taken_away_is_off(follower: Following) -> None:
    follower.forum()
    del follower.office.records["event/forum"]
    follower.release()

    assert follower.titles == ["Cancelled: Forum"]
    assert (
        follower.told()[1] == "The organisers' record of this event was taken away; it counts as cancelled."
    )


# What has become of it since


def test_a_change_that_was_overtaken_says_so(follower: Following) -> None:
    follower.forum()
    follower.forum(start="2026-09-12", end="2026-09-14")
    follower.forum(start="2026-10-02", end="2026-10-04")
    assert follower.told(0)[1:] == ["It has since moved again, to 2–4 October 2026."]
    assert follower.told(1)[1:] == []
    follower.forum(start="2026-10-02", end="2026-10-04", status="cancelled")

    assert [follower.told(number)[1:] for number in range(3)] == [
        ["It has since been cancelled."],
        ["It has since been cancelled."],
        [],
    ]


def test_what_is_again_as_a_change_left_it_was_not_overtaken(follower: Following) -> None:
    moved: Any = {"start": "2026-09-12", "end": "2026-09-14"}
    follower.forum()
    follower.forum(**moved)
    follower.forum()
    follower.forum(**moved)

    assert follower.told(0) == ["Moved from 11–13 September 2026 to 12–14 September 2026."]
    assert follower.told(1)[1:] == ["It has since moved again, to 12–14 September 2026."]


def test_what_changed_of_a_part_is_overtaken_by_its_event(follower: Following) -> None:
    follower.forum(deadlines=[PAPERS])
    follower.forum(deadlines=[{**PAPERS, "at": "2026-08-15"}])
    follower.forum(deadlines=[{**PAPERS, "at": "2026-08-15"}], status="postponed")

    assert follower.told(0)[1:] == ["The whole event has since been postponed."]


def test_why_is_told_with_the_newest_change_alone(follower: Following) -> None:
    follower.forum()
    follower.forum(status="cancelled", status_note="A strike & a storm.")
    assert "<p>A strike &amp; a storm.</p>" in follower.last.content
    follower.forum(status_note="Both are over.")
    first, second = follower.entries()

    assert "strike" not in first.content
    assert "Both are over" not in first.content
    assert "<p>Both are over.</p>" in second.content


# Its place among others


def test_changes_stand_in_the_order_in_which_they_were_told(follower: Following) -> None:
    follower.forum()
    follower.forum(id_="another")
    follower.forum(id_="another", status="tentative")
    follower.forum(status="tentative")
    follower.forum(id_="another")
    assert follower.edition is not None
    found = changes_of(follower.edition)

    assert [change.event.id for change in found] == ["another", "forum", "another"]
    assert [change.place for change in found] == sorted(change.place for change in found)


def test_two_changes_at_the_same_instant_are_two(follower: Following) -> None:
    follower.forum()
    follower.forum(start="2026-09-12", end="2026-09-14")
    follower.forum(later=AT_ONCE)

    assert follower.titles == ["Moved: Forum", "Moved: Forum"]
    assert len({entry.id for entry in follower.entries()}) == 2


def test_a_history_from_before_changes_were_numbered_is_told_under_ids_that_stay(follower: Following) -> None:
    follower.forum()
    follower.forum(start="2026-09-12", end="2026-09-14")
    key = ("event", "forum", "")
    item = follower.office.ledger.items[key]
    (told,) = item.history
    old = {name: value for name, value in told.items() if name != "revision"}
    aged = item.evolve(values=item.values | {"history": [old]})
    follower.office.ledger = follower.office.ledger.with_items([aged])
    follower.edition = follower.office.as_of(follower.office.now)
    first = follower.last.id
    follower.forum(start="2026-10-02", end="2026-10-04")

    assert follower.entries()[0].id == first
    assert len({entry.id for entry in follower.entries()}) == 2
