"""Cutting an issue: a reader is told what is new to them, once, and is left alone when nothing is."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edition.desk import Desk, at
from publisher.config_mail import List
from publisher.mailing.issue import Changed, Choice, Coming, Due, Span, cut, showing_of
from publisher.model.edition import Edition
from publisher.model.mailing import Interests
from publisher.model.records import Kind
from publisher.model.when import Days
from publisher.zones import zone

DAY, WEEK = timedelta(days=1), timedelta(days=7)
EVERYTHING = Interests()
NOTHING = Choice()
MOVED = {"start": "2026-06-12", "end": "2026-06-14"}
SESSIONS = (
    {"id": "opening", "title": "Opening", "start": "2026-06-11 09:00", "end": "10:00"},
    {"id": "dinner", "title": "Dinner", "start": "2026-06-11 19:00", "end": "22:00"},
)
DEADLINES = ({"id": "papers", "title": "Papers", "at": "2026-06-03"},)


def edition_at(desk: Desk, moment: datetime) -> Edition:
    return desk.edition(moment.astimezone(zone("Asia/Almaty")).date().isoformat())


def choice(
    desk: Desk,
    cut_at: str,
    told_until: str = "",
    next_at: str = "",
    interests: Interests = EVERYTHING,
    **settings: Any,
) -> Choice:
    """What a weekly issue tells that is cut at a local time in Almaty, of what came after the last one."""
    moment = at(cut_at)
    span = Span(
        at(told_until) if told_until else moment - WEEK, moment, at(next_at) if next_at else moment + WEEK
    )
    return cut(edition_at(desk, moment), List(title="Weekly", **settings), span, interests)


@pytest.fixture
def desk() -> Desk:
    """A meeting from 11 to 13 June, and an announcement, both told a month ago."""
    made = Desk()
    made.event()
    made.announcement()
    made.release("2026-05-01")
    return made


# Nothing new, no mail


def test_nothing_new_is_nothing_to_tell() -> None:
    assert choice(Desk(), "2026-06-01 08:00") == NOTHING
    assert not NOTHING.worth


def test_what_was_told_and_is_far_off_is_shown_but_no_reason_for_a_mail(desk: Desk) -> None:
    found = choice(desk, "2026-05-25 08:00")

    assert found == Choice(coming=(Coming("meeting", "2026-06-11", new=False),))
    assert not found.worth


def test_a_typo_and_its_fix_tell_nobody(desk: Desk) -> None:
    desk.event(title="A Meetign", body="Other words.")
    desk.announcement(title="Newz")
    desk.release("2026-05-20")
    desk.event()
    desk.announcement()
    desk.release("2026-05-21")

    assert not choice(desk, "2026-05-25 08:00").worth


# News


def test_a_new_announcement_is_told_once(desk: Desk) -> None:
    desk.announcement("opening")
    desk.release("2026-05-20")

    assert choice(desk, "2026-05-18 08:00").news == ()
    assert choice(desk, "2026-05-25 08:00").news == ("opening",)
    assert choice(desk, "2026-05-25 08:00").worth
    assert choice(desk, "2026-06-01 08:00").news == ()


def test_the_cut_itself_belongs_to_the_issue_before_it(desk: Desk) -> None:
    desk.announcement("opening")
    desk.event(**MOVED)
    desk.release("2026-05-25 08:00")

    found = choice(desk, "2026-05-25 08:00")

    assert (found.news, found.changes) == (("opening",), (Changed("event", "meeting"),))
    assert not choice(desk, "2026-06-01 08:00").worth


def test_announcements_are_told_newest_first_and_pinned_ones_before(desk: Desk) -> None:
    for day, (id_, pinned) in enumerate(
        [("one", "true"), ("two", "false"), ("three", "true"), ("four", "false")]
    ):
        desk.announcement(id_, pinned=pinned)
        desk.release(f"2026-05-2{day}")

    assert choice(desk, "2026-05-25 08:00").news == ("three", "one", "four", "two")


def test_an_expired_announcement_is_not_told(desk: Desk) -> None:
    desk.announcement("today-only", expires="2026-05-22")
    desk.announcement("until-june", expires="2026-06-01")
    desk.release("2026-05-20")

    assert choice(desk, "2026-05-25 08:00").news == ("until-june",)


def test_a_press_release_of_last_month_that_is_found_today_is_news(desk: Desk) -> None:
    """It bears its own date, in pages and feeds; whoever reads digests has not been told."""
    desk.announcement("late", date="2026-04-02")
    desk.release("2026-05-20")

    assert choice(desk, "2026-05-18 08:00").news == ()
    assert choice(desk, "2026-05-25 08:00").news == ("late",)
    assert choice(desk, "2026-06-01 08:00").news == ()


def test_a_late_press_release_is_told_once_however_often_it_is_reworded(desk: Desk) -> None:
    desk.announcement("late", date="2026-04-02")
    forum: dict[str, Any] = {"start": "2026-06-20", "deadlines": DEADLINES}
    desk.event("forum", **forum, sources=[{"title": "A Report", "published": "2026-02-03"}])
    desk.release("2026-05-20")
    desk.announcement("late", date="2026-04-03", title="Late News")
    desk.event("forum", **forum, title="The Forum")
    desk.release("2026-05-21")
    desk.wait("2026-05-22")

    cuts = ["2026-05-18 08:00", "2026-05-25 08:00", "2026-06-01 08:00"]
    assert [choice(desk, each).news for each in cuts] == [(), ("late",), ()]
    assert [[e.id for e in choice(desk, each).coming if e.new] for each in cuts] == [[], ["forum"], []]
    assert [[e.new for e in choice(desk, each).deadlines] for each in cuts] == [[], [True], [False]]
    assert [choice(desk, each).changes for each in cuts] == [(), (), ()]


def test_what_waits_for_its_minute_is_news_when_it_has_really_become_public(desk: Desk) -> None:
    """The machine was off when the minute came: the issue that was cut meanwhile could not tell it."""
    desk.announcement("planned", publish_at="2026-05-18 07:55")
    desk.release("2026-05-15")
    desk.wait("2026-05-18 08:05")

    assert choice(desk, "2026-05-25 08:00", told_until="2026-05-18 08:00").news == ("planned",)


def test_what_was_there_from_the_first_edition_on_is_no_news_for_who_comes_later() -> None:
    desk = Desk()
    desk.announcement("old", date="2026-04-02")
    desk.event(sources=[{"title": "A Report", "published": "2026-02-03"}])
    desk.release("2026-05-20")

    found = choice(desk, "2026-05-25 08:00", told_until="2026-05-21 09:00")

    assert found.news == ()
    assert [each.new for each in found.coming] == [False]


# Coming events


def test_a_new_event_is_told_as_new_once(desk: Desk) -> None:
    desk.event("forum", start="2026-06-20 10:00", end="18:00")
    desk.release("2026-05-20")

    meeting = Coming("meeting", "2026-06-11", new=False)
    assert choice(desk, "2026-05-25 08:00").coming == (
        meeting,
        Coming("forum", "2026-06-20T05:00:00+00:00", new=True),
    )
    assert choice(desk, "2026-05-25 08:00").worth
    assert choice(desk, "2026-06-01 08:00").coming == (
        meeting,
        Coming("forum", "2026-06-20T05:00:00+00:00", new=False),
    )
    assert not choice(desk, "2026-06-01 08:00").worth


def test_a_new_event_is_told_however_far_off_it_is_and_then_again_when_it_comes_near(desk: Desk) -> None:
    desk.event("congress", start="2027-06-20")
    desk.release("2026-05-20")

    assert choice(desk, "2026-05-25 08:00").coming[-1] == Coming("congress", "2027-06-20", new=True)
    assert [each.id for each in choice(desk, "2026-06-01 08:00").coming] == ["meeting"]
    assert choice(desk, "2027-05-01 08:00").coming == (Coming("congress", "2027-06-20", new=False),)


def test_the_list_says_how_far_ahead_is_looked(desk: Desk) -> None:
    assert choice(desk, "2026-05-25 00:00", ahead="17d").coming != ()
    assert choice(desk, "2026-05-24 23:59", ahead="17d").coming == ()


def test_an_event_is_a_reason_for_a_mail_in_the_period_in_which_it_begins(desk: Desk) -> None:
    weeks = ["2026-05-25 08:00", "2026-06-01 08:00", "2026-06-08 08:00", "2026-06-15 08:00"]

    assert [choice(desk, week).worth for week in weeks] == [False, False, True, False]


def test_periods_that_follow_each_other_remind_of_an_event_once() -> None:
    desk = Desk()
    desk.event(start="2026-06-08", end="2026-06-08")
    desk.event("evening", start="2026-06-08 08:00", end="09:00")
    desk.release("2026-05-01")

    before, after = choice(desk, "2026-06-01 08:00"), choice(desk, "2026-06-08 08:00")

    # The whole day begins with its midnight, before the second cut; the evening with its hour, after it.
    assert (before.reminds, after.reminds) == (True, True)
    assert not choice(desk, "2026-06-08 08:00", interests=Interests(events=("meeting",))).reminds
    assert not choice(desk, "2026-06-01 08:00", interests=Interests(events=("evening",))).reminds


def test_a_list_for_each_release_reminds_of_nothing(desk: Desk) -> None:
    """Else a corrected word on the day before would be a reason for a mail."""
    found = choice(desk, "2026-06-10 12:00", next_at="2026-06-11 12:00", cadence="each")

    assert found.coming == (Coming("meeting", "2026-06-11", new=False),)
    assert not found.worth


def test_what_is_going_on_is_shown_until_it_is_over(desk: Desk) -> None:
    assert [each.id for each in choice(desk, "2026-06-13 23:59").coming] == ["meeting"]
    assert choice(desk, "2026-06-14 00:00").coming == ()


def test_a_new_event_that_is_over_before_the_cut_does_not_come(desk: Desk) -> None:
    desk.event("seminar", start="2026-05-21", end="2026-05-22")
    desk.release("2026-05-20")

    found = choice(desk, "2026-05-25 08:00")

    assert [each.id for each in found.coming] == ["meeting"]
    assert not found.worth


def test_a_new_event_whose_day_is_not_known_is_told_at_the_end_once(desk: Desk) -> None:
    desk.event("festival", start="2026-06")
    desk.event("forum", start="2026-07-20")
    desk.release("2026-05-20")

    assert [(e.id, e.start, e.new) for e in choice(desk, "2026-05-25 08:00").coming] == [
        ("meeting", "2026-06-11", False),
        ("forum", "2026-07-20", True),
        ("festival", "", True),
    ]
    assert [e.id for e in choice(desk, "2026-06-01 08:00").coming] == ["meeting", "forum"]


def test_an_event_whose_day_is_not_known_and_that_is_cancelled_does_not_come(desk: Desk) -> None:
    desk.event("festival", start="2026-06", status="cancelled")
    desk.release("2026-05-20")

    assert [e.id for e in choice(desk, "2026-05-25 08:00").coming] == ["meeting"]


def test_a_day_that_becomes_known_is_a_change(desk: Desk) -> None:
    desk.event("festival", start="2026-09")
    desk.release("2026-05-10")
    desk.event("festival", start="2026-09-20")
    desk.release("2026-05-20")

    assert choice(desk, "2026-05-25 08:00").changes == (Changed("event", "festival"),)


def test_an_event_that_repeats_is_told_with_its_next_date_and_all_before_the_next_issue() -> None:
    desk = Desk()
    desk.event("club", start="2026-06-02 18:00", end="20:00", recurrence={"every": "week"})
    desk.event("class", start="2026-06-01 09:00", end="10:00", recurrence={"every": "day", "count": "40"})
    desk.release("2026-05-01")

    def dates(found: Choice, id_: str) -> list[str]:
        return [each.start[:10] for each in found.coming if each.id == id_]

    weekly = choice(desk, "2026-06-08 08:00")
    assert dates(weekly, "club") == ["2026-06-09"]
    assert dates(weekly, "class") == [f"2026-06-{day:02}" for day in range(8, 15)]
    assert weekly.worth
    assert dates(choice(desk, "2026-06-08 08:00", next_at="2026-07-08 08:00"), "club") == [
        "2026-06-09", "2026-06-16", "2026-06-23", "2026-06-30", "2026-07-07",
    ]  # fmt: skip
    assert dates(choice(desk, "2026-06-10 08:00", next_at="2026-06-11 08:00"), "club") == ["2026-06-16"]
    assert dates(choice(desk, "2026-05-10 08:00"), "class") == ["2026-06-01"]


def test_a_choice_leads_back_to_the_event_and_its_date() -> None:
    desk = Desk()
    desk.event("club", start="2026-06-02", end="2026-06-02", recurrence={"every": "week"})
    desk.event("festival", start="2026-06")
    desk.release("2026-05-10")
    found = choice(desk, "2026-06-08 08:00", told_until="2026-05-01 08:00")
    edition = edition_at(desk, at("2026-06-08 08:00"))

    showings = [showing_of(edition, each) for each in found.coming]

    assert [(showing.event.id, showing.time) for showing in showings[:1]] == [
        ("club", Days(date(2026, 6, 9), date(2026, 6, 9)))
    ]
    assert showings[-1].event.id == "festival"


# What has changed


def test_an_event_that_moved_is_told_once(desk: Desk) -> None:
    desk.event(**MOVED)
    desk.release("2026-05-20")

    assert choice(desk, "2026-05-18 08:00").changes == ()
    assert choice(desk, "2026-05-25 08:00").changes == (Changed("event", "meeting"),)
    assert choice(desk, "2026-05-25 08:00").worth
    assert choice(desk, "2026-05-25 08:00").coming == (Coming("meeting", "2026-06-12", new=False),)
    assert choice(desk, "2026-06-01 08:00").changes == ()


def test_an_event_that_moved_twice_is_told_once_in_one_issue_and_once_in_each_of_two(desk: Desk) -> None:
    desk.event(**MOVED)
    desk.release("2026-05-20")
    first = choice(desk, "2026-05-21 08:00")
    desk.event(start="2026-06-18", end="2026-06-19")
    desk.release("2026-05-22")

    assert first.changes == (Changed("event", "meeting"),)
    assert choice(desk, "2026-05-25 08:00", told_until="2026-05-21 08:00").changes == (
        Changed("event", "meeting"),
    )
    (changed,) = choice(desk, "2026-05-25 08:00").changes
    assert (changed.kind, changed.id) == ("event", "meeting")


def test_readers_who_know_different_days_of_an_event_share_no_cohort(desk: Desk) -> None:
    desk.event(**MOVED)
    desk.release("2026-05-20")
    desk.event(start="2026-06-18", end="2026-06-19")
    desk.release("2026-05-22")

    first = choice(desk, "2026-05-25 08:00")
    second = choice(desk, "2026-05-25 08:00", told_until="2026-05-21 08:00")

    assert first.cohort("weekly", "en") != second.cohort("weekly", "en")


def test_a_change_that_was_taken_back_before_anybody_was_told_is_none(desk: Desk) -> None:
    desk.event(**MOVED)
    desk.release("2026-05-20")
    desk.event()
    desk.release("2026-05-22")

    assert choice(desk, "2026-05-25 08:00").changes == ()
    assert not choice(desk, "2026-05-25 08:00").worth
    assert choice(desk, "2026-05-25 08:00", told_until="2026-05-21 08:00").changes == (
        Changed("event", "meeting"),
    )


def test_a_session_that_moved_and_is_back_before_anybody_was_told_is_none(parted: Desk) -> None:
    moved = ({**SESSIONS[0], "start": "2026-06-11 10:00", "end": "11:00"}, SESSIONS[1])
    given = {"deadlines": DEADLINES, "place": {"name": "A hall"}}
    parted.event(sessions=moved, **given)
    parted.release("2026-05-20")
    parted.event(sessions=SESSIONS, **given)
    parted.release("2026-05-22")

    assert choice(parted, "2026-05-25 08:00").changes == ()


def test_an_event_that_changed_before_it_was_ever_told_is_simply_new(desk: Desk) -> None:
    desk.event("forum", start="2026-06-20")
    desk.release("2026-05-20")
    desk.event("forum", start="2026-06-21")
    desk.release("2026-05-22")

    found = choice(desk, "2026-05-25 08:00")

    assert found.changes == ()
    assert found.coming[-1] == Coming("forum", "2026-06-21", new=True)


@pytest.mark.parametrize("change", [{"status": "cancelled"}, {"status": "postponed"}])
def test_an_event_that_does_not_take_place_is_told_and_comes_no_more(
    desk: Desk, change: dict[str, str]
) -> None:
    desk.event(**change)
    desk.release("2026-05-20")

    found = choice(desk, "2026-05-25 08:00")

    assert found == Choice(changes=(Changed("event", "meeting"),))
    assert not choice(desk, "2026-06-01 08:00").worth


def test_an_event_whose_file_was_taken_away_is_told_as_cancelled(desk: Desk) -> None:
    desk.remove("events/2026/meeting.md")
    desk.release("2026-05-20")

    assert choice(desk, "2026-05-25 08:00") == Choice(changes=(Changed("event", "meeting"),))


def test_a_new_event_that_is_cancelled_before_it_was_told_is_not_told(desk: Desk) -> None:
    desk.event("forum", start="2026-06-20")
    desk.release("2026-05-20")
    desk.event("forum", start="2026-06-20", status="cancelled")
    desk.release("2026-05-22")

    assert [each.id for each in choice(desk, "2026-05-25 08:00").coming] == ["meeting"]
    assert not choice(desk, "2026-05-25 08:00").worth


def test_a_postponed_event_with_a_new_day_is_told_again(desk: Desk) -> None:
    desk.event(status="postponed")
    desk.release("2026-05-10")
    desk.event(start="2026-09-01", end="2026-09-02")
    desk.release("2026-05-20")

    assert choice(desk, "2026-05-25 08:00").changes == (Changed("event", "meeting"),)


def test_another_place_and_another_address_online_are_told(desk: Desk) -> None:
    desk.event("forum", start="2026-06-20", online={"url": "https://stream.example.org/1"})
    desk.release("2026-05-10")
    desk.event("forum", start="2026-06-20", online={"url": "https://stream.example.org/2"})
    desk.event(place={"name": "A tent"})
    desk.release("2026-05-20")

    assert choice(desk, "2026-05-25 08:00").changes == (
        Changed("event", "meeting"),
        Changed("event", "forum"),
    )


def test_an_event_cancelled_while_it_was_to_come_is_told_though_its_day_has_passed(desk: Desk) -> None:
    """Cancelled on Wednesday for Thursday; the issue is cut on Monday."""
    desk.event(status="cancelled")
    desk.release("2026-06-10")

    assert choice(desk, "2026-06-15 08:00").changes == (Changed("event", "meeting"),)
    assert choice(desk, "2026-06-22 08:00").changes == ()


def test_what_is_corrected_of_an_event_that_was_over_is_not_told(desk: Desk) -> None:
    desk.event(place={"name": "A tent"})
    desk.release("2026-06-20")

    assert choice(desk, "2026-06-22 08:00") == NOTHING


def test_an_event_that_was_to_come_and_turns_out_to_be_over_is_told(desk: Desk) -> None:
    desk.event(start="2025-06-11", end="2025-06-13")
    desk.release("2026-05-20")

    assert choice(desk, "2026-05-25 08:00").changes == (Changed("event", "meeting"),)


def test_an_event_that_readers_wait_for_is_told_though_its_day_is_not_known_any_more(desk: Desk) -> None:
    desk.event(reported="2026-04-10")
    desk.release("2026-05-10")
    desk.event(reported="2026-04-12")
    desk.release("2026-05-20")

    assert choice(desk, "2026-05-25 08:00").changes == (Changed("event", "meeting"),)


def test_a_withdrawn_event_vanishes_without_a_word(desk: Desk) -> None:
    desk.event(status="withdrawn")
    desk.release("2026-05-20")

    assert choice(desk, "2026-05-25 08:00") == NOTHING


def test_what_changes_after_the_cut_is_the_next_issues(desk: Desk) -> None:
    """An issue may be built later than it is cut, from what is public by then."""
    desk.event(**MOVED, deadlines=DEADLINES)
    desk.event("forum", start="2026-06-20")
    desk.announcement("opening")
    desk.release("2026-05-25 09:00")

    assert choice(desk, "2026-05-25 08:00") == Choice(coming=(Coming("meeting", "2026-06-12", new=False),))
    found = choice(desk, "2026-06-01 08:00")
    assert (found.changes, found.news) == ((Changed("event", "meeting"),), ("opening",))
    assert found.coming[-1] == Coming("forum", "2026-06-20", new=True)
    assert found.deadlines == (Due("meeting", "papers", new=True),)


# Parts of events


def part(kind: str, id_: str, event: str = "meeting") -> Changed:
    return Changed("event", event, kind, id_)


@pytest.fixture
def parted(desk: Desk) -> Desk:
    desk.event(sessions=SESSIONS, deadlines=DEADLINES, place={"name": "A hall"})
    desk.release("2026-05-02")
    return desk


def change(desk: Desk, **fields: Any) -> Choice:
    """What is told of a change on 20 May."""
    given = {"sessions": SESSIONS, "deadlines": DEADLINES, "place": {"name": "A hall"}} | fields
    desk.event(**given)
    desk.release("2026-05-20")
    assert choice(desk, "2026-06-01 08:00", told_until="2026-05-25 08:00").changes == ()
    return choice(desk, "2026-05-25 08:00")


def test_a_session_that_moved_is_told_by_itself(parted: Desk) -> None:
    later = SESSIONS[0] | {"start": "2026-06-11 11:00", "end": "12:00"}

    assert change(parted, sessions=(later, SESSIONS[1])).changes == (part("session", "opening"),)


def test_a_session_that_was_to_come_and_turns_out_to_be_over_is_told(parted: Desk) -> None:
    earlier = SESSIONS[0] | {"start": "2026-05-19 11:00", "end": "12:00"}

    assert change(parted, sessions=(earlier, SESSIONS[1])).changes == (part("session", "opening"),)


def test_a_session_that_was_taken_out_is_told(parted: Desk) -> None:
    assert change(parted, sessions=SESSIONS[:1]).changes == (part("session", "dinner"),)


def test_a_deadline_that_moved_is_told(parted: Desk) -> None:
    found = change(parted, deadlines=(DEADLINES[0] | {"at": "2026-06-05"},))

    assert found.changes == (part("deadline", "papers"),)
    assert found.deadlines == (Due("meeting", "papers", new=False),)


def test_sessions_go_the_way_of_their_event_without_a_word_of_their_own(parted: Desk) -> None:
    assert change(parted, status="cancelled") == Choice(changes=(Changed("event", "meeting"),))


def test_sessions_that_go_elsewhere_with_their_event_are_not_told_each(parted: Desk) -> None:
    assert change(parted, place={"name": "A tent"}).changes == (Changed("event", "meeting"),)


def test_a_session_that_goes_elsewhere_when_its_event_moves_is_told(desk: Desk) -> None:
    dinner = SESSIONS[1] | {"place": {"name": "A restaurant"}}
    desk.event(sessions=[SESSIONS[0], dinner], place={"name": "A hall"})
    desk.release("2026-05-10")

    found = change(desk, sessions=[SESSIONS[0], dinner | {"place": {"name": "A boat"}}], start="2026-06-10")

    assert found.changes == (Changed("event", "meeting"), part("session", "dinner"))


def test_sessions_that_move_with_their_event_are_told_with_their_new_hours(parted: Desk) -> None:
    sessions = [s | {"start": s["start"].replace("06-11", "06-12"), "end": s["end"]} for s in SESSIONS]

    assert change(parted, sessions=sessions, **MOVED).changes == (
        Changed("event", "meeting"), part("session", "opening"), part("session", "dinner"),
    )  # fmt: skip


def test_sessions_that_are_back_with_their_event_are_not_told_each(parted: Desk) -> None:
    parted.event(sessions=SESSIONS, deadlines=DEADLINES, place={"name": "A hall"}, status="cancelled")
    parted.release("2026-05-10")

    assert change(parted).changes == (Changed("event", "meeting"),)


def test_a_deadline_can_be_met_until_it_is_over(parted: Desk) -> None:
    papers = (Due("meeting", "papers", new=False),)

    assert choice(parted, "2026-05-18 08:00").deadlines == papers
    assert choice(parted, "2026-06-03 23:59").deadlines == papers
    assert choice(parted, "2026-06-04 00:00").deadlines == ()


def test_a_deadline_is_a_reason_for_a_mail_in_the_period_in_which_it_is_due(parted: Desk) -> None:
    weeks = ["2026-05-18 08:00", "2026-05-25 08:00", "2026-06-01 08:00"]

    assert [choice(parted, week, sections=["deadlines"]).worth for week in weeks] == [False, False, True]


def test_a_new_deadline_is_new_whether_its_event_is_or_not(parted: Desk) -> None:
    found = change(parted, deadlines=(*DEADLINES, {"id": "fee", "title": "Fee", "at": "2026-06-02"}))

    assert found.deadlines == (Due("meeting", "fee", new=True), Due("meeting", "papers", new=False))
    assert choice(parted, "2026-05-25 08:00", told_until="2026-04-01 08:00").deadlines == (
        Due("meeting", "fee", new=True), Due("meeting", "papers", new=True),
    )  # fmt: skip
    assert found.worth


def test_deadlines_of_an_event_that_does_not_take_place_are_not_shown(parted: Desk) -> None:
    assert change(parted, status="postponed").deadlines == ()


def test_one_date_of_an_event_that_repeats_can_move_or_be_cancelled() -> None:
    desk = Desk()
    club: dict[str, Any] = {"id_": "club", "start": "2026-06-02 18:00", "end": "20:00"}
    desk.event(**club, recurrence={"every": "week"})
    desk.release("2026-05-01")
    moved = {"occurrence": "2026-06-09", "start": "2026-06-10 17:00"}
    off = {"occurrence": "2026-06-16", "status": "cancelled"}
    desk.event(**club, recurrence={"every": "week", "changed": [moved, off]})
    desk.release("2026-06-04")

    found = choice(desk, "2026-06-08 08:00", next_at="2026-06-29 08:00")

    assert found.changes == (
        part("occurrence", "2026-06-09 18:00", "club"), part("occurrence", "2026-06-16 18:00", "club"),
    )  # fmt: skip
    assert [each.start for each in found.coming] == [
        "2026-06-10T12:00:00+00:00", "2026-06-23T13:00:00+00:00",
    ]  # fmt: skip
    assert choice(desk, "2026-06-15 08:00").changes == ()


def test_a_new_event_that_repeats_with_a_changed_date_is_simply_new() -> None:
    desk = Desk()
    off = {"occurrence": "2026-06-09", "status": "cancelled"}
    desk.event("club", start="2026-06-02 18:00", end="20:00", recurrence={"every": "week", "changed": [off]})
    desk.release("2026-06-04")

    found = choice(desk, "2026-06-08 08:00")

    assert found == Choice(coming=(Coming("club", "2026-06-16T13:00:00+00:00", new=True),))


# What the reader chose


@pytest.fixture
def wide() -> Desk:
    desk = Desk()
    for topic in ("mobility", "exams"):
        desk.named(Kind.TOPIC, topic)
    desk.named(Kind.ORGANISATION, "university")
    desk.named(Kind.ORGANISATION, "faculty", parent="university")
    desk.event("fair", start="2026-06-20", topics=["mobility"], deadlines=DEADLINES)
    desk.event("exam", start="2026-06-21", topics=["exams"], organisers=["faculty"])
    desk.event("other", start="2026-06-22")
    desk.announcement("grants", topics=["mobility"])
    desk.announcement("results", organisations=["faculty"])
    desk.announcement("programme", events=["fair"])
    desk.announcement("nothing")
    desk.release("2026-05-20")
    return desk


@pytest.mark.parametrize(
    ("interests", "events", "news"),
    [
        (Interests(), "fair exam other", "grants nothing programme results"),
        (Interests(topics=("mobility",)), "fair", "grants"),
        (Interests(topics=("exams",)), "exam", ""),
        (Interests(topics=("mobility", "exams")), "fair exam", "grants"),
        (Interests(organisations=("faculty",)), "exam", "results"),
        (Interests(organisations=("university",)), "exam", "results"),
        (Interests(events=("fair",)), "fair", "programme"),
        (Interests(events=("other",)), "other", ""),
        (Interests(topics=("exams",), events=("other",)), "exam other", ""),
        (Interests(topics=("gone",)), "", ""),
        (Interests(topics=("university",)), "", ""),
    ],
)
def test_a_reader_is_told_what_belongs_to_any_of_what_they_chose(
    wide: Desk, interests: Interests, events: str, news: str
) -> None:
    found = choice(wide, "2026-05-25 08:00", interests=interests)

    assert [each.id for each in found.coming] == events.split()
    assert sorted(found.news) == news.split()
    assert [each.event for each in found.deadlines] == [id_ for id_ in events.split() if id_ == "fair"]
    assert found.worth == bool(events or news)


def test_changes_too_are_of_what_they_chose(wide: Desk) -> None:
    wide.event(
        "fair", start="2026-06-25", topics=["mobility"], deadlines=[DEADLINES[0] | {"at": "2026-06-04"}]
    )
    wide.event("exam", start="2026-06-21", topics=["exams"], organisers=["faculty"], status="cancelled")
    wide.release("2026-05-27")

    def told(**chosen: tuple[str, ...]) -> tuple[Changed, ...]:
        return choice(wide, "2026-06-01 08:00", interests=Interests(**chosen)).changes

    assert told(topics=("mobility",)) == (Changed("event", "fair"), part("deadline", "papers", "fair"))
    assert told(organisations=("university",)) == (Changed("event", "exam"),)
    assert told(events=("other",)) == ()


# What the list holds


def test_a_list_tells_only_its_sections(wide: Desk) -> None:
    wide.event("fair", start="2026-06-25", topics=["mobility"], deadlines=DEADLINES)
    wide.release("2026-05-22")
    whole = choice(wide, "2026-05-25 08:00", told_until="2026-05-21 08:00")

    for section in ("changes", "news", "coming", "deadlines"):
        found = choice(wide, "2026-05-25 08:00", told_until="2026-05-21 08:00", sections=[section])
        assert getattr(found, section) == getattr(whole, section)
        assert sum(map(bool, (found.changes, found.news, found.coming, found.deadlines))) <= 1


def test_what_a_list_does_not_tell_is_no_reason_for_a_mail(wide: Desk) -> None:
    assert not choice(wide, "2026-05-25 08:00", sections=["changes"]).worth
    assert not choice(wide, "2026-06-15 08:00", sections=["changes", "news", "deadlines"]).worth


# Cohorts


def test_readers_of_the_same_share_a_cohort_whatever_they_chose(wide: Desk) -> None:
    by_topic = choice(wide, "2026-06-01 08:00", interests=Interests(topics=("exams",)))
    by_event = choice(wide, "2026-06-01 08:00", interests=Interests(events=("exam",)))
    other = choice(wide, "2026-06-01 08:00", interests=Interests(events=("other",)))

    assert by_topic == by_event
    assert hash(by_topic) == hash(by_event)
    assert by_topic.cohort("weekly", "kk") == by_event.cohort("weekly", "kk")
    assert by_topic.cohort("weekly", "kk") != other.cohort("weekly", "kk")


def test_another_list_language_or_item_is_another_cohort() -> None:
    seen = Coming("a", "2026-06-11", new=False)
    choices = [
        Choice(),
        Choice(news=("a", "b")),
        Choice(news=("b", "a")),
        Choice(news=("a,b",)),
        Choice(coming=(seen,)),
        Choice(coming=(Coming("a", "2026-06-11", new=True),)),
        Choice(changes=(Changed("event", "a"),)),
        Choice(changes=(Changed("event", "a", "session", "b"),)),
        Choice(deadlines=(Due("a", "b", new=False),)),
    ]
    cohorts = [c.cohort(name, lang) for c in choices for name in ("weekly", "daily") for lang in ("en", "kk")]

    assert len(set(cohorts)) == len(cohorts)
    assert {len(cohort) for cohort in cohorts} == {32}
    assert Choice(coming=(seen,), reminds=True).cohort("weekly", "en") == choices[4].cohort("weekly", "en")


# However time is divided

VERBS = st.sampled_from(["announce", "announce late", "add", "move", "cancel", "reword", "nothing"])


@given(st.lists(st.tuples(VERBS, st.booleans()), min_size=1, max_size=14))
def test_consecutive_issues_tell_each_thing_once_and_lose_none(days: list[tuple[str, bool]]) -> None:
    """On each day something is released, and perhaps an issue cut; the last day is always followed by one."""
    desk = Desk()
    desk.event("first", start="2027-06-01")
    desk.release("2026-01-01 12:00")
    starts, public, changed, off = {"first": 1}, {"first": 0}, {"first": 0}, set()
    announced: dict[str, int] = {}
    told_until, told_day = at("2026-01-01 20:00"), 0
    news: list[str] = []
    for day, (verb, is_cut) in enumerate([*days, ("nothing", True)], 1):
        name, now = f"item-{day}", at("2026-01-01 12:00") + day * DAY
        oldest = min(starts, key=lambda id_: (id_ in off, changed[id_], id_))
        if verb == "announce":
            desk.announcement(name)
            announced[name] = day
        elif verb == "announce late":
            desk.announcement(name, date="2025-12-24")
            announced[name] = day
        elif verb == "add":
            desk.event(name, start="2027-06-01", sources=[{"title": "S", "published": "2025-12-24"}])
            starts[name], public[name], changed[name] = 1, day, day
        elif verb in {"move", "cancel"} and oldest not in off:
            starts[oldest] += 1
            changed[oldest] = day
            status = "cancelled" if verb == "cancel" else "confirmed"
            off |= {oldest} if verb == "cancel" else set()
            desk.event(oldest, start=f"2027-06-{starts[oldest]:02}", status=status)
        elif verb == "reword" and oldest not in off:
            desk.event(oldest, start=f"2027-06-{starts[oldest]:02}", title=f"Title {day}")
        desk.release(f"{now.astimezone(zone('Asia/Almaty')):%Y-%m-%d %H:%M}")
        if not is_cut:
            continue
        cut_at = now + timedelta(hours=8)
        span = Span(told_until, cut_at, cut_at + DAY)
        found = cut(edition_at(desk, cut_at), List(title="Any"), span, EVERYTHING)
        news += found.news
        is_fresh = {id_: told_day < public[id_] for id_ in starts}
        assert {each.id for each in found.changes} == {
            id_ for id_ in starts if not is_fresh[id_] and told_day < changed[id_]
        }
        assert len(found.changes) == len({each.id for each in found.changes})
        assert {each.id for each in found.coming if each.new} == {
            id_ for id_ in starts if is_fresh[id_] and id_ not in off
        }
        told_until, told_day = cut_at, day

    assert sorted(news) == sorted(announced)


@given(st.lists(st.integers(1, 200), min_size=1, max_size=20, unique=True))
def test_any_division_of_the_past_tells_each_announcement_once(hours: list[int]) -> None:
    """Also when several missed issues are made at once, from one edition."""
    desk, begin = Desk(), at("2026-05-01 12:00")
    for number in range(8):
        desk.announcement(f"news-{number}")
        desk.release(f"2026-05-0{number + 1} 13:00")
    cuts = [begin, *(begin + timedelta(hours=hour) for hour in sorted(hours)), at("2026-06-01")]
    edition = desk.edition("2026-06-01")

    told = [
        id_
        for told_until, cut_at in pairwise(cuts)
        for id_ in cut(edition, List(title="Any"), Span(told_until, cut_at, cut_at + DAY), EVERYTHING).news
    ]

    assert sorted(told) == [f"news-{number}" for number in range(8)]
