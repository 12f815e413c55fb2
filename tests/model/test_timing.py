"""From what is written to when it is, and what is refused instead of guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from publisher.model.records import Event
from publisher.model.timing import (
    Mistimed,
    deadline_time,
    end_of,
    event_time,
    occurrence_time,
    session_time,
    span,
)
from publisher.model.when import Days, Hours, Unknown, When, parse_end
from publisher.zones import zone


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(start: str, end: str, timezone: str = "UTC") -> Hours:
    return Hours(utc(start), utc(end), timezone)


def event(**fields: object) -> Event:
    return Event.model_validate({"id": "x", "title": "X", **fields})


def times(start: str, end: str | None = None, timezone: str = "Asia/Almaty") -> Days | Hours | Unknown:
    return span(When.parse(start), parse_end(end) if end else None, timezone)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2027-09-06", None, Days(date(2027, 9, 6), date(2027, 9, 6))),
        ("2027-09-06", "2027-09-08", Days(date(2027, 9, 6), date(2027, 9, 8))),
        ("2027-09-06 09:00", None, Hours(utc("2027-09-06 04:00"), None, "Asia/Almaty")),
        ("2027-09-06 09:00", "11:30", hours("2027-09-06 04:00", "2027-09-06 06:30", "Asia/Almaty")),
        ("2027-09-06 22:00", "02:00", hours("2027-09-06 17:00", "2027-09-06 21:00", "Asia/Almaty")),
        ("2027-12-31 22:00", "21:59", hours("2027-12-31 17:00", "2028-01-01 16:59", "Asia/Almaty")),
        (
            "2027-09-06 09:00",
            "2027-09-08 13:00",
            hours("2027-09-06 04:00", "2027-09-08 08:00", "Asia/Almaty"),
        ),
        ("2027-09", None, Unknown(start=When(2027, 9))),
        ("2027", "2028-02", Unknown(start=When(2027), end=When(2028, 2))),
    ],
)
def test_a_start_and_an_end_are_resolved(start: str, end: str | None, expected: object) -> None:
    assert times(start, end) == expected


def test_a_night_over_a_clock_change_is_as_long_as_it_is() -> None:
    spring = times("2027-03-27 22:00", "04:00", "Europe/Berlin")

    assert isinstance(spring, Hours)
    assert spring.end is not None
    assert spring.end - spring.start == timedelta(hours=5)


@pytest.mark.parametrize(
    ("start", "end", "field", "code"),
    [
        ("2027-09-06", "2027-09-05", "end", "end-before-start"),
        ("2027-09-06 09:00", "2027-09-06 09:00", "end", "end-before-start"),
        ("2027-09-06 09:00", "09:00", "end", "end-before-start"),
        ("2027-09", "2027-08", "end", "end-before-start"),
        ("2027-09-06", "11:30", "end", "mixed-precision"),
        ("2027-09-06", "2027-09", "end", "mixed-precision"),
        ("2027-09-06 09:00", "2027-09-06", "end", "mixed-precision"),
        ("2027-09", "2027-09-06 10:00", "end", "mixed-precision"),
        ("2027-09", "10:00", "end", "mixed-precision"),
        ("2024-02-29 23:30", None, "start", "ambiguous-time"),
        ("2024-02-29 22:30", "23:30", "end", "ambiguous-time"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    start: str, end: str | None, field: str, code: str
) -> None:
    with pytest.raises(Mistimed) as caught:
        times(start, end)

    assert (caught.value.field, caught.value.code) == (field, code)
    assert caught.value.hint


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(Mistimed, match="does not exist in Europe/Berlin") as caught:
        times("2027-03-28 02:30", None, "Europe/Berlin")

    assert caught.value.code == "nonexistent-time"


def test_a_report_stands_for_a_day_that_is_not_known() -> None:
    assert event_time(event(reported="2027-09-06"), "UTC") == Unknown(reported=date(2027, 9, 6))


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({}, "start", "missing-date"),
        ({"end": "2027-09-06"}, "end", "missing-date"),
        ({"reported": "2027-09"}, "reported", "invalid-date"),
    ],
)
def test_an_event_has_a_date(fields: dict[str, str], field: str, code: str) -> None:
    with pytest.raises(Mistimed) as caught:
        event_time(event(**fields), "UTC")

    assert (caught.value.field, caught.value.code) == (field, code)


def test_parts_are_in_the_events_zone_unless_they_have_their_own() -> None:
    talk = {"id": "talk", "title": "A Talk", "start": "2027-09-06 09:00"}
    papers = {"id": "papers", "title": "Papers", "at": "2027-03-01 23:59", "timezone": "AoE"}
    whole = event(start="2027-09-06", timezone="Europe/Berlin", sessions=[talk], deadlines=[papers])

    assert session_time(whole.sessions[0], whole, "UTC") == Hours(
        utc("2027-09-06 07:00"), None, "Europe/Berlin"
    )
    assert deadline_time(whole.deadlines[0], whole, "UTC") == Hours(utc("2027-03-02 11:59"), None, "AoE")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"occurrence": "2027-09-13"}, hours("2027-09-13 18:00", "2027-09-13 19:30")),
        ({"occurrence": "2027-09-13 18:00"}, hours("2027-09-13 18:00", "2027-09-13 19:30")),
        ({"occurrence": "2027-09-13", "start": "2027-09-14"}, hours("2027-09-14 18:00", "2027-09-14 19:30")),
        (
            {"occurrence": "2027-09-13", "start": "2027-09-14 10:00"},
            hours("2027-09-14 10:00", "2027-09-14 11:30"),
        ),
        ({"occurrence": "2027-09-13", "end": "23:00"}, hours("2027-09-13 18:00", "2027-09-13 23:00")),
        (
            {"occurrence": "2027-09-13", "start": "2027-09-14 10:00", "end": "11:00"},
            hours("2027-09-14 10:00", "2027-09-14 11:00"),
        ),
    ],
)
def test_a_changed_date_keeps_the_time_of_day_and_the_length_that_it_does_not_say(
    changed: dict[str, str], expected: Hours
) -> None:
    weekly = event(start="2027-09-06 18:00", end="19:30", recurrence={"every": "week", "changed": [changed]})

    assert weekly.recurrence is not None
    assert occurrence_time(weekly.recurrence.changed[0], weekly, "UTC") == expected


def test_a_changed_date_of_whole_days_keeps_their_number() -> None:
    fair = event(
        start="2027-09-06",
        end="2027-09-08",
        recurrence={"every": "year", "changed": [{"occurrence": "2028-09-06", "start": "2028-09-13"}]},
    )

    assert fair.recurrence is not None
    assert occurrence_time(fair.recurrence.changed[0], fair, "UTC") == Days(
        date(2028, 9, 13), date(2028, 9, 15)
    )


@given(
    st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01")),
    st.integers(1, 60 * 24 * 20),
    st.sampled_from(["UTC", "Asia/Almaty", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)
def test_whatever_has_a_time_is_over_when_its_end_has_come(
    start: datetime, minutes: int, timezone: str
) -> None:
    begin = start.replace(second=0, microsecond=0)
    finish = begin + timedelta(minutes=minutes)
    try:
        moment = times(f"{begin:%Y-%m-%d %H:%M}", f"{finish:%Y-%m-%d %H:%M}", timezone)
    except Mistimed:
        assume(False)  # an hour that the clocks skip or show twice

    assert isinstance(moment, Hours)
    assert moment.start.astimezone(zone(timezone)).replace(tzinfo=None) == begin
    assert end_of(moment, timezone) == moment.end
    assert times(f"{begin:%Y-%m-%d %H:%M}", None, timezone) == Hours(moment.start, None, timezone)


@pytest.mark.parametrize(
    ("moment", "over"),
    [
        (Days(date(2027, 9, 6), date(2027, 9, 8)), "2027-09-08 19:00"),
        (Unknown(start=When(2027, 9)), "2027-09-30 19:00"),
        (Unknown(start=When(2027), end=When(2028, 2)), "2028-02-29 19:00"),
        (Unknown(reported=date(2027, 9, 6)), "2027-09-06 19:00"),
        (Hours(utc("2027-09-06 04:00"), None, "UTC"), "2027-09-06 04:00"),
    ],
)
def test_days_are_over_with_their_last_midnight_in_the_sites_zone(
    moment: Days | Hours | Unknown, over: str
) -> None:
    assert end_of(moment, "Asia/Almaty") == utc(over)
