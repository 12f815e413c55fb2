"""A calendar of many years: the present and the coming in one file, the rest beside it, nothing twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.render.calendar_years import MAX_BYTES, MAX_ENTRIES, Entry, years

TODAY = date(2026, 6, 15)


def entry(first: date, last: date | None = None, *, size: int = 100) -> Entry:
    """An entry of so many bytes on these days."""
    return Entry(b"x" * size, 1, first, last or first)


def each(first: str, count: int, *, size: int = 100) -> list[Entry]:
    """So many entries, from a day on, all within its month."""
    start = date.fromisoformat(first)
    return [entry(start + timedelta(days=number % 28), size=size) for number in range(count)]


def test_the_present_year_and_what_follows_is_in_the_calendar() -> None:
    coming = [*each("2026-01-01", 3), *each("2027-05-01", 2), *each("2031-02-01", 1)]

    found = years(coming, TODAY, past_years=0)

    assert list(found.living) == sorted(coming, key=lambda one: one.first)
    assert not found.earlier
    assert not found.later
    assert found.since == "2026"


def test_past_years_stay_as_long_as_the_site_keeps_them() -> None:
    kept, gone = each("2024-03-01", 4), each("2023-12-01", 5)

    found = years([*gone, *kept], TODAY, past_years=2)

    assert len(found.living) == 4
    assert {name: len(entries) for name, entries in found.earlier.items()} == {"2023": 5}
    assert found.since == "2024"


def test_a_year_without_events_has_no_calendar() -> None:
    found = years([*each("2019-03-01", 1), *each("2026-12-01", 1)], TODAY, past_years=2)

    assert list(found.earlier) == ["2019"]


def test_what_lasts_over_new_year_belongs_to_the_year_in_which_it_ends() -> None:
    over_new_year = entry(date(2022, 12, 30), date(2023, 1, 2))

    found = years([over_new_year], TODAY, past_years=0)

    assert list(found.earlier) == ["2023"]


def test_what_recurs_for_ever_is_in_the_calendar_itself() -> None:
    series = entry(date(2019, 1, 1), date.max)

    assert years([series], TODAY, past_years=0).living == (series,)


def test_past_months_give_way_where_the_calendar_would_be_too_large() -> None:
    found = years(
        [
            *each("2025-11-01", 300),
            *each("2025-02-01", 300),
            *each("2024-01-01", 10),
            *each("2026-07-01", 600),
        ],
        TODAY,
        past_years=5,
    )

    assert len(found.living) == 900
    assert {name: len(entries) for name, entries in found.earlier.items()} == {"2025": 300, "2024": 10}
    assert found.since == "2025-03"


def test_bytes_count_as_entries_do() -> None:
    found = years([*each("2025-01-01", 30, size=10_000), *each("2026-07-01", 30, size=10_000)], TODAY, 5)

    assert len(found.living) == 30
    assert list(found.earlier) == ["2025"]


def test_a_year_that_is_too_large_is_split_by_month() -> None:
    found = years([*each("2022-02-01", 700), *each("2022-05-01", 400), *each("2026-07-01", 9)], TODAY, 2)

    assert len(found.living) == 9
    assert {name: len(entries) for name, entries in found.earlier.items()} == {"2022-05": 400, "2022-02": 700}


def test_what_comes_first_is_in_the_calendar_and_the_rest_waits_beside_it() -> None:
    found = years([*each("2026-07-01", 900), *each("2027-07-01", 900), *each("2028-07-01", 9)], TODAY, 2)

    assert len(found.living) == MAX_ENTRIES
    assert max(one.first for one in found.living) <= min(one.first for one in found.later["2027"])
    assert {name: len(entries) for name, entries in found.later.items()} == {"2027": 800, "2028": 9}
    assert found.until == min(one.first for one in found.later["2027"])


def test_what_is_coming_soon_stays_when_much_is_announced_for_later() -> None:
    """Past events leave a crowded calendar first, and those that are furthest ahead."""
    december = date(2026, 12, 30)
    soon = [*each("2027-01-01", 430)]
    known = [*each("2026-02-01", 280), *each("2026-06-01", 280), *soon]

    found = years([*known, *each("2027-11-01", 16)], december, past_years=2)

    assert {id(one) for one in soon} <= {id(one) for one in found.living}
    assert list(found.earlier) == ["2026"]
    assert not found.later


def test_a_crowded_month_ahead_does_not_empty_the_calendar() -> None:
    found = years(each("2026-09-01", 1_100), date(2026, 6, 2), past_years=2)

    assert len(found.living) == MAX_ENTRIES
    assert {name: len(entries) for name, entries in found.later.items()} == {"2026": 100}


def test_a_new_year_moves_what_is_kept_and_renames_nothing() -> None:
    known = [*each("2026-02-01", 700), *each("2027-03-01", 600)]

    before, after = years(known, date(2026, 12, 31), 2), years(known, date(2027, 1, 1), 2)

    assert list(before.earlier) == list(after.earlier) == ["2026"]


def test_what_goes_on_this_month_stays_whole() -> None:
    found = years(each("2026-06-01", MAX_ENTRIES + 1), TODAY, past_years=2)

    assert len(found.living) == MAX_ENTRIES + 1


DAYS = st.dates(date(2018, 1, 1), date(2032, 12, 31))
ENTRIES = st.lists(
    st.builds(
        lambda first, length, size: entry(first, first + timedelta(days=length), size=size),
        DAYS,
        st.integers(0, 900),
        st.sampled_from([50, 5_000, 120_000]),
    ),
    max_size=60,
)


@given(ENTRIES, DAYS, st.integers(0, 10))
def test_every_entry_is_in_exactly_one_calendar(entries: list[Entry], today: date, past_years: int) -> None:
    found = years(entries, today, past_years)

    parts = [found.living, *found.earlier.values(), *found.later.values()]
    assert sorted(map(id, (one for part in parts for one in part))) == sorted(map(id, entries))


@given(ENTRIES, DAYS, st.integers(0, 10))
def test_what_is_not_over_this_month_and_has_begun_is_in_the_calendar_itself(
    entries: list[Entry], today: date, past_years: int
) -> None:
    found = years(entries, today, past_years)

    now = [one for one in entries if one.first <= today <= one.last]
    assert {id(one) for one in now} <= {id(one) for one in found.living}


@given(ENTRIES, DAYS, st.integers(0, 10))
def test_nothing_but_what_goes_on_this_month_makes_a_calendar_too_large(
    entries: list[Entry], today: date, past_years: int
) -> None:
    found = years(entries, today, past_years)

    if sum(len(one.data) for one in found.living) > MAX_BYTES:
        month = (today.year, today.month)
        assert all(max(month, (one.first.year, one.first.month)) == month for one in found.living)


@given(ENTRIES, DAYS, st.integers(0, 10))
def test_nothing_beside_a_calendar_comes_before_what_is_coming_in_it(
    entries: list[Entry], today: date, past_years: int
) -> None:
    found = years(entries, today, past_years)

    month = (today.year, today.month)
    coming = [one for one in found.living if (one.first.year, one.first.month) > month]
    waiting = [one for part in found.later.values() for one in part]
    assert not coming or not waiting or max(o.first for o in coming) <= min(o.first for o in waiting)


@pytest.mark.parametrize("day", [date(2026, 6, 16), date(2026, 7, 1), date(2026, 12, 31)])
def test_a_new_day_moves_nothing_while_the_year_lasts(day: date) -> None:
    entries = [*each("2022-03-01", 5), *each("2025-03-01", 5), *each("2026-03-01", 5), *each("2027-03-01", 5)]

    assert years(entries, day, 2) == years(entries, TODAY, 2)
