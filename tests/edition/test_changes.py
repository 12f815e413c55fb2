"""What `publisher plan` says in words before anything is released."""

from __future__ import annotations

from typing import Any

import pytest

from publisher.model.records import Kind

from .desk import Desk


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.named(Kind.PLACE, "hall")
    made.event("other", place="hall")
    made.event()
    made.release("2026-06-01")
    return made


def test_the_first_release_tells_of_everything_that_is_new() -> None:
    desk = Desk()
    desk.event()
    desk.announcement(publish_at="2026-07-01")

    desk.release("2026-06-01")

    assert desk.told == [
        ("new", "event/meeting", "11-13 Jun 2026"),
        ("scheduled", "announcement/news", "for 2026-07-01"),
    ]


@pytest.mark.parametrize(
    ("change", "verb", "detail"),
    [
        ({"start": "2026-06-12", "end": "2026-06-14"}, "moved", "11-13 Jun -> 12-14 Jun 2026"),
        ({"start": "2026-06-30", "end": "2026-07-02"}, "moved", "11-13 Jun -> 30 Jun - 2 Jul 2026"),
        ({"start": "2027-06-11", "end": "2027-06-11"}, "moved", "11-13 Jun 2026 -> 11 Jun 2027"),
        ({"start": "2026-06-11 09:00"}, "moved", "11-13 Jun 2026 -> 11 Jun 2026 09:00"),
        (
            {"start": "2026-06-11 22:00", "end": "02:00"},
            "moved",
            "11-13 Jun 2026 -> 11 Jun 2026 22:00 - 12 Jun 2026 02:00",
        ),
        ({"start": "2026-09"}, "moved", "11-13 Jun 2026 -> 2026-09"),
        ({"start": "2026-09", "end": "2026-10"}, "moved", "11-13 Jun 2026 -> 2026-09 to 2026-10"),
        ({"reported": "2026-10-01"}, "moved", "11-13 Jun 2026 -> reported 1 Oct 2026"),
        ({"status": "cancelled"}, "cancelled", "11-13 Jun 2026"),
        ({"status": "tentative"}, "now tentative", "11-13 Jun 2026"),
        ({"status": "cancelled", "start": "2026-06-12"}, "cancelled", "12 Jun 2026"),
        ({"place": "hall"}, "relocated", "no place -> hall"),
        ({"place": {"name": "Hall A", "city": "Almaty"}}, "relocated", "no place -> Hall A, Almaty"),
        ({"online": {"url": "https://a.example.org/"}}, "online", "none -> https://a.example.org/"),
        ({"online": {"url": "https://a.example.org/", "public": "no"}}, "online", "none -> not published"),
        ({"recurrence": {"every": "week", "count": "2"}}, "changed", "dates of its recurrence"),
    ],
)  # fmt: skip
def test_a_significant_change_is_said_in_a_word_and_a_detail(
    desk: Desk, change: dict[str, Any], verb: str, detail: str
) -> None:
    when = {} if {"start", "reported"} & change.keys() else {"start": "2026-06-11", "end": "2026-06-13"}
    desk.event(**{**when, **change})

    desk.release("2026-06-02")

    assert desk.told == [(verb, "event/meeting", detail)]


def test_an_event_of_days_that_ends_in_another_year_says_both_years(desk: Desk) -> None:
    desk.event(start="2026-12-30", end="2027-01-02")

    desk.release("2026-06-02")

    assert desk.told[0][2] == "11-13 Jun 2026 -> 30 Dec 2026 - 2 Jan 2027"


def test_what_is_significant_comes_first_and_what_is_broken_last(desk: Desk) -> None:
    desk.event(body="Reworded.")
    desk.event("second", start="2026-08-01")
    desk.write("events/2026/third.md", "---\nid: third\n---\n")

    desk.release("2026-06-02")

    assert [verb for verb, *_ in desk.told] == ["new", "reworded", "broken"]


def test_a_broken_translation_says_that_it_stays(desk: Desk) -> None:
    desk.write("events/2026/meeting.ru.md", "---\ntitle: [\n---\n")

    desk.release("2026-06-02")

    verb, subject, detail = desk.told[0]
    assert (verb, detail) == ("broken", "stays as it was")
    assert subject.startswith("content/events/2026/meeting.ru.md:")


def test_nothing_is_said_when_nothing_changes(desk: Desk) -> None:
    desk.release("2026-06-02")

    assert desk.told == []
