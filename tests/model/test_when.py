"""Dates keep the precision in which they were written, and come back from the ledger as they went in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publisher.model.when import (
    Days,
    Hours,
    Time,
    Unknown,
    UnreadableDate,
    When,
    decode_time,
    encode_time,
    parse_end,
    sort_key,
)
from publisher.zones import zone_names

DATES = st.dates(date(1970, 1, 1), date(2199, 12, 31))
MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
YEARS = st.integers(1970, 2199)
WHENS = (
    st.builds(When, YEARS)
    | st.builds(When, YEARS, st.integers(1, 12))
    | st.builds(lambda day, clock: When(day.year, day.month, day.day, clock), DATES, st.none() | MINUTES)
)
FIRST, LAST = datetime.fromisoformat("1970-01-02"), datetime.fromisoformat("2199-12-30")
INSTANTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
ZONES = st.sampled_from(sorted(zone_names()))
HOURS = st.builds(
    lambda start, length, zone: Hours(start, start + length if length else None, zone),
    INSTANTS,
    st.none() | st.timedeltas(timedelta(minutes=1), timedelta(days=9)),
    ZONES,
)
UNKNOWN = st.builds(Unknown, WHENS, st.none() | WHENS) | st.builds(Unknown, reported=DATES)
TIMES = st.builds(Days, DATES, DATES) | HOURS | UNKNOWN


@given(WHENS)
def test_a_date_is_read_as_it_is_written(when: When) -> None:
    assert When.parse(str(when)) == when
    assert parse_end(str(when)) == when


@given(MINUTES)
def test_a_time_of_day_is_read_as_it_is_written(clock: time) -> None:
    assert parse_end(f"{clock:%H:%M}") == clock
    assert parse_end(f"{clock.hour}:{clock.minute:02}") == clock


@given(WHENS)
def test_what_a_date_can_mean_begins_and_ends_with_days_of_its_own(when: When) -> None:
    first, last = when.first(), when.last()

    assert first <= last
    for day in (first, last):
        as_precise = When(
            day.year, day.month if when.month else None, day.day if when.day else None, when.clock
        )
        assert as_precise == when
    for day in (first - timedelta(days=1), last + timedelta(days=1)):
        assert not str(day).startswith(str(when).split()[0])


@given(TIMES)
def test_a_time_comes_back_from_the_ledger_as_it_went_in(moment: Time) -> None:
    assert decode_time(encode_time(moment)) == moment


@given(TIMES)
def test_the_ledger_holds_text_only(moment: Time) -> None:
    assert {type(value) for value in encode_time(moment).values()} <= {str}


@given(st.text(max_size=30))
@example("2027-09-06 0900")
def test_what_is_no_date_is_refused_with_what_was_expected_and_a_hint(text: str) -> None:
    refused: UnreadableDate | None = None
    try:
        parse_end(text)
    except UnreadableDate as error:
        refused = error

    if refused is None:
        assert text.isascii()
    else:
        assert str(refused).startswith(("expected ", "there is no such "))
        assert refused.hint


@pytest.mark.parametrize(
    "text",
    [
        "2027-00-06", "2027-09-00", "2027-13-01", "2026-02-29", "2027-09-06 24:00", "2027-09-06 09:60",
        "1969-12-31", "2200-01-01", "२०२७-०९-०६", "2027-09-06\n", " 2027", "2027-09-06T09:00Z",
        "20270906", "",
    ],
)  # fmt: skip
def test_no_date_that_the_calendar_does_not_have_is_read_as_another(text: str) -> None:
    with pytest.raises(UnreadableDate):
        parse_end(text)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("06.09.2027", "did you mean '2027-09-06'?"),
        ("6/9/2027 10:00", "did you mean '2027-09-06 10:00'?"),
        ("2027/9/6", "did you mean '2027-09-06'?"),
        ("25.13.2027", "write it like 2027-09-06 or 2027-09-06 09:00"),
        ("2027-09-06T09:00:00+05:00", "write '2027-09-06 09:00' and name the zone in 'timezone'"),
        ("2027-09-06 09:00:30", "write '2027-09-06 09:00'"),
        ("2027-02-30", "this month has 28 days"),
    ],
)
def test_a_date_in_another_notation_is_recognised(written: str, hint: str) -> None:
    with pytest.raises(UnreadableDate) as caught:
        When.parse(written)

    assert caught.value.hint == hint


def test_times_are_in_order_whatever_is_known_of_them() -> None:
    hour = datetime(2027, 9, 6, 4, tzinfo=UTC)
    in_order: list[Time] = [
        Days(date(2027, 9, 5), date(2027, 9, 7)),
        Days(date(2027, 9, 6), date(2027, 9, 6)),
        Days(date(2027, 9, 6), date(2027, 9, 8)),
        Hours(hour, None, "UTC"),
        Hours(hour, hour + timedelta(hours=1), "UTC"),
        Unknown(reported=date(2027, 9, 20)),
        Unknown(start=When(2027, 9)),
        Unknown(start=When(2027), end=When(2027, 11)),
        Unknown(start=When(2027)),
    ]

    mixed = [*in_order[5:], *in_order[:5]]

    assert sorted(mixed, key=sort_key) == in_order
