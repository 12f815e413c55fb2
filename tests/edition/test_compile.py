"""An edition: what is public on a day, sorted, in every language, each date of what repeats."""

from __future__ import annotations

from datetime import date

from publisher.edition.ends import NEVER
from publisher.model.records import Status
from publisher.model.when import Days, Hours, sort_key

from .desk import Desk, at, settings


def test_events_are_sorted_by_time_and_announcements_newest_first() -> None:
    desk = Desk()
    desk.event("third", start="2026-07-01")
    desk.event("first", start="2026-06-01")
    desk.event("second", start="2026-06-01 10:00")
    desk.announcement("old", date="2026-01-01")
    desk.announcement("new", date="2026-02-01")
    desk.announcement("newer", date="2026-02-01")
    desk.release("2026-05-01")

    edition = desk.edition("2026-05-01")

    assert [event.id for event in edition.events] == ["first", "second", "third"]
    assert [news.id for news in edition.announcements] == ["newer", "new", "old"]
    assert edition.event("second") is edition.events[1]
    assert edition.event("nobody") is None


def test_a_record_reads_in_its_own_language_where_it_has_no_translation() -> None:
    desk = Desk(settings(("en", "ru", "kk")))
    desk.event(language="ru", title="Встреча")
    desk.translation("events/2026/meeting.md", "kk", title="Кездесу")
    desk.release("2026-06-01")

    (event,) = desk.edition("2026-06-01").events

    assert {lang: event.text(lang).title for lang in ("en", "ru", "kk")} == {
        "en": "Встреча", "ru": "Встреча", "kk": "Кездесу"
    }  # fmt: skip
    assert event.own_language == "ru"
    assert event.languages == {"ru", "kk"}
    assert (event.language_of("en"), event.language_of("kk")) == ("ru", "kk")


def test_an_event_is_coming_on_its_last_day_and_past_on_the_next() -> None:
    desk = Desk()
    desk.event()
    desk.release("2026-06-01")

    assert [s.event.id for s in desk.edition("2026-06-13").coming()] == ["meeting"]
    assert desk.edition("2026-06-13").past() == ()
    assert [s.event.id for s in desk.edition("2026-06-14").past()] == ["meeting"]
    assert desk.edition("2026-06-14").coming() == ()


def test_an_event_that_repeats_shows_once_for_each_date() -> None:
    desk = Desk()
    desk.event(start="2026-06-01", end="2026-06-02", recurrence={"every": "week", "until": "2026-06-16"})
    desk.release("2026-05-01")

    edition = desk.edition("2026-06-10")

    assert [s.time for s in edition.showings] == [
        Days(date(2026, 6, day), date(2026, 6, day + 1)) for day in (1, 8, 15)
    ]
    assert [sort_key(s.time)[0] for s in edition.coming()] == ["2026-06-15"]
    assert [sort_key(s.time)[0] for s in edition.past()] == ["2026-06-08", "2026-06-01"]
    assert edition.events[0].ends == at("2026-06-17 00:00")


def test_an_event_that_repeats_without_an_end_shows_a_year_ahead_and_never_ends() -> None:
    desk = Desk()
    desk.event(start="2026-06-01", end="2026-06-01", recurrence={"every": "month"})
    desk.release("2026-05-01")

    edition = desk.edition("2026-06-01")

    assert len(edition.coming()) == 14
    assert edition.events[0].ends == NEVER


def test_a_daily_event_of_many_years_still_shows_what_is_coming() -> None:
    desk = Desk()
    desk.event(start="2020-01-01", end="2020-01-01", recurrence={"every": "day"})
    desk.release("2026-05-01")

    edition = desk.edition("2026-06-01")

    assert edition.coming()[0].time == Days(date(2026, 6, 1), date(2026, 6, 1))
    assert edition.showings[0].time == Days(date(2020, 1, 1), date(2020, 1, 1))


def test_the_last_date_of_a_long_count_is_found() -> None:
    desk = Desk()
    desk.event(start="2020-01-01", end="2020-01-01", recurrence={"every": "day", "count": "3000"})
    desk.release("2026-05-01")

    assert desk.edition("2026-06-01").events[0].ends == at("2028-03-19 00:00")


def test_dates_that_were_taken_out_or_added_by_hand_decide_when_it_ends() -> None:
    desk = Desk()
    desk.event(
        start="2026-06-01",
        end="2026-06-01",
        recurrence={"every": "week", "count": "3", "except": ["2026-06-15"], "also": ["2026-06-10"]},
    )
    desk.release("2026-05-01")

    edition = desk.edition("2026-06-01")

    assert [sort_key(s.time)[0] for s in edition.showings] == ["2026-06-01", "2026-06-08", "2026-06-10"]
    assert edition.events[0].ends == at("2026-06-11 00:00")


def test_a_changed_date_shows_where_it_was_moved_to() -> None:
    desk = Desk()
    desk.event(
        start="2026-06-01 18:00",
        end="19:00",
        recurrence={
            "every": "week", "count": "2",
            "changed": [{"occurrence": "2026-06-08", "start": "2026-06-20 18:00", "title": "The last one"}],
        },
    )  # fmt: skip
    desk.release("2026-05-01")

    edition = desk.edition("2026-06-01")

    first, moved = edition.showings
    assert first.time == Hours(at("2026-06-01 18:00"), at("2026-06-01 19:00"), "Asia/Almaty")
    assert moved.time == Hours(at("2026-06-20 18:00"), at("2026-06-20 19:00"), "Asia/Almaty")
    assert moved.part is not None
    assert moved.part.title("en") == "The last one"
    assert edition.events[0].ends == at("2026-06-20 19:00")


def test_a_cancelled_series_is_cancelled_on_every_date() -> None:
    desk = Desk()
    desk.event(
        status="cancelled", start="2026-06-01", end="2026-06-01", recurrence={"every": "week", "count": "3"}
    )
    desk.release("2026-05-01")

    assert {s.status for s in desk.edition("2026-06-01").showings} == {Status.CANCELLED}
