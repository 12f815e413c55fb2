"""Periods: a list is due once a day, week or month, whatever the clocks of a zone do."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.config_mail import List
from publisher.mailing.periods import Period, due, due_in, next_due
from publisher.zones import UnknownZone, zone, zone_file, zone_names

FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 12, 31, 23, 59, tzinfo=UTC)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
CADENCES = ("daily", "weekly", "monthly")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: In gaps, in folds, and at both ends of the day: in Beirut and Cairo clocks change at midnight, in Nuuk
#: at 23:00.
TIMES = (
    time(0),
    time(0, 30),
    time(1, 30),
    time(2),
    time(2, 30),
    time(3),
    time(8),
    time(23, 30),
    time(23, 59),
)
#: Zones with each of the oddities that there are: shifts of half an hour (Lord Howe) and of two (Troll), odd
#: offsets (Chatham, St_Johns), at midnight (Beirut, Cairo, Asuncion, Havana), before midnight (Nuuk,
#: Scoresbysund), an hour less in Ramadan (Casablanca, El_Aaiun), backwards in winter (Dublin), and those that
#: changed their time for good in these years (Almaty, Qostanay, Amman, Tehran, Juba, Whitehorse, ...).
FAMILIES = (
    "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "Africa/Juba", "America/Asuncion",
    "America/Havana", "America/Mexico_City", "America/New_York", "America/Nuuk", "America/Scoresbysund",
    "America/St_Johns", "America/Whitehorse", "Antarctica/Casey", "Antarctica/Troll", "Asia/Almaty",
    "Asia/Amman", "Asia/Beirut", "Asia/Damascus", "Asia/Gaza", "Asia/Qostanay", "Asia/Tehran",
    "Australia/Lord_Howe", "Europe/Berlin", "Europe/Dublin", "Europe/Volgograd", "Pacific/Apia",
    "Pacific/Chatham", "Pacific/Fiji", "Pacific/Kiritimati", "Pacific/Niue", "UTC",
)  # fmt: skip

ZONES = st.sampled_from(sorted(zone_names()))
CLOCKS = st.sampled_from(TIMES) | st.times().map(lambda t: t.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None), timezones=st.just(UTC))


def settings(cadence: str = "daily", at: time = time(8), day: object = None, timezone: object = None) -> List:
    return List(title="News", cadence=cadence, at=at, day=day, timezone=timezone)


@st.composite
def any_list(draw, timezone=ZONES) -> List:
    cadence = draw(st.sampled_from(CADENCES))
    days = {"weekly": WEEK, "monthly": range(1, 32)}
    day = draw(st.sampled_from(days[cadence])) if cadence in days else None
    return settings(cadence, draw(CLOCKS), day, draw(timezone))


def at(text: str, timezone: str = "Asia/Almaty") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone(timezone)).astimezone(UTC)


def local(moment: datetime, timezone: str) -> datetime:
    return moment.astimezone(zone(timezone)).replace(tzinfo=None)


def day_of(settings: List, key: str) -> date:
    """The calendar's own reading of a key, in other words than the program's."""
    if settings.cadence == "daily":
        return date.fromisoformat(key)
    if settings.cadence == "weekly":
        year, _, week = key.partition("-W")
        return date.fromisocalendar(int(year), int(week), WEEK.index(settings.day) + 1)
    year, month = map(int, key.split("-"))
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + (settings.day - 1) * DAY, following - DAY)


def assert_right(period: Period, settings: List, timezone: str) -> None:
    """It is due at the first instant at which the clocks have come to its local time, on its own day."""
    wanted = datetime.combine(day_of(settings, period.key), settings.at)
    shown, just_before = local(period.due_at, timezone), local(period.due_at - SECOND, timezone)

    assert shown >= wanted, period
    assert just_before < wanted, period
    assert local(period.due_at - HOUR, timezone) < wanted, period
    # Only a skipped time is not met to the minute; the rest of its day may be skipped with it.
    is_skipped = shown - just_before > SECOND
    assert shown == wanted or is_skipped, period
    assert shown.date() == wanted.date() or (is_skipped and shown.time() == time(0)), period


def keys_between(settings: List, first: date, last: date) -> list[str]:
    days = [first + n * DAY for n in range((last - first).days + 1)]
    if settings.cadence == "daily":
        return [day.isoformat() for day in days]
    shapes = {"weekly": "{0.year}-W{0.week:02}", "monthly": "{1:%Y-%m}"}
    named = [shapes[settings.cadence].format(day.isocalendar(), day) for day in days]
    return list(dict.fromkeys(named))


# What a reader of the settings expects


def test_a_weekly_list_is_due_on_its_day_at_its_time_in_its_zone() -> None:
    weekly = settings("weekly", day="mon", timezone="Asia/Almaty")

    assert due(weekly, "UTC", at("2026-06-01 00:00"), at("2026-06-15 08:00")) == [
        Period("2026-W23", datetime(2026, 6, 1, 3, tzinfo=UTC)),
        Period("2026-W24", datetime(2026, 6, 8, 3, tzinfo=UTC)),
        Period("2026-W25", datetime(2026, 6, 15, 3, tzinfo=UTC)),
    ]


def test_a_list_without_a_zone_of_its_own_has_the_sites() -> None:
    found = due(settings(), "Europe/Berlin", FIRST, FIRST + DAY)

    assert found == [Period("2020-01-01", datetime(2020, 1, 1, 7, tzinfo=UTC))]


def test_weekly_is_on_monday_and_monthly_on_the_first_unless_told_otherwise() -> None:
    since, until = at("2026-11-10 00:00"), at("2026-12-10 00:00")

    assert [p.key for p in due(settings("weekly"), "Asia/Almaty", since, until)] == [
        "2026-W47", "2026-W48", "2026-W49", "2026-W50",
    ]  # fmt: skip
    assert due(settings("monthly"), "Asia/Almaty", since, until) == [
        Period("2026-12", at("2026-12-01 08:00"))
    ]


def test_the_key_of_a_week_is_of_the_iso_year() -> None:
    weekly = settings("weekly", day="fri")

    found = due(weekly, "UTC", datetime(2026, 12, 30, tzinfo=UTC), datetime(2027, 1, 9, tzinfo=UTC))

    assert [(p.key, p.due_at.date().isoformat()) for p in found] == [
        ("2026-W53", "2027-01-01"),
        ("2027-W01", "2027-01-08"),
    ]


def test_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    monthly = settings("monthly", day=31)

    found = due(monthly, "UTC", datetime(2027, 12, 31, 9, tzinfo=UTC), datetime(2028, 7, 1, tzinfo=UTC))

    assert [f"{p.key} {p.due_at:%d}" for p in found] == [
        "2028-01 31", "2028-02 29", "2028-03 31", "2028-04 30", "2028-05 31", "2028-06 30",
    ]  # fmt: skip


def test_a_time_that_the_clocks_skip_is_due_when_they_have_skipped_it() -> None:
    daily = settings(at=time(2, 30), timezone="Europe/Berlin")

    found = due(daily, "UTC", datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC))

    assert [f"{p.key} {p.due_at:%dT%H:%M}" for p in found] == [
        "2026-03-28 28T01:30", "2026-03-29 29T01:00", "2026-03-30 30T00:30",
    ]  # fmt: skip


def test_a_time_that_the_clocks_show_twice_is_due_the_first_time_only() -> None:
    daily = settings(at=time(2, 30), timezone="Europe/Berlin")

    found = due(daily, "UTC", datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 10, 27, tzinfo=UTC))

    assert [f"{p.key} {p.due_at:%dT%H:%M}" for p in found] == [
        "2026-10-24 24T00:30", "2026-10-25 25T00:30", "2026-10-26 26T01:30",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("clock", "hours"),
    [
        (time(23), "17 17 18 18"),
        (time(23, 30), "17 17 18 18"),
        (time(0), "18 19 19 19"),
        (time(8), "02 03 03 03"),
    ],
)
def test_no_day_comes_twice_when_kazakhstan_changes_its_time(clock: time, hours: str) -> None:
    """In the night to 2024-03-01 Almaty went from UTC+6 to UTC+5: the last hour of February came twice."""
    daily = settings(at=clock, timezone="Asia/Almaty")

    found = due(daily, "UTC", at("2024-02-28 20:00"), at("2024-03-03 18:00"))

    assert " ".join(f"{p.due_at:%H}" for p in found) == hours
    assert all(one.due_at < other.due_at for one, other in pairwise(found))
    assert len({p.key for p in found}) == 4


def test_a_day_that_a_country_leaves_out_is_due_with_the_next_one() -> None:
    """Samoa had no 30 December 2011."""
    daily = settings(at=time(8), timezone="Pacific/Apia")

    found = due(daily, "UTC", datetime(2011, 12, 29, tzinfo=UTC), datetime(2012, 1, 1, tzinfo=UTC))

    assert [(p.key, local(p.due_at, "Pacific/Apia").isoformat(" ")) for p in found] == [
        ("2011-12-29", "2011-12-29 08:00:00"),
        ("2011-12-30", "2011-12-31 00:00:00"),
        ("2011-12-31", "2011-12-31 08:00:00"),
        ("2012-01-01", "2012-01-01 08:00:00"),
    ]


def test_a_day_whose_end_is_left_out_is_due_with_the_next_one_and_found_there() -> None:
    """In Nuuk 30 March 2024 ended at 23:00."""
    daily = settings(at=time(23, 30), timezone="America/Nuuk")
    midnight = at("2024-03-31 00:00", "America/Nuuk")

    assert due(daily, "UTC", midnight, midnight) == [Period("2024-03-30", midnight)]
    assert next_due(daily, "UTC", midnight - SECOND) == Period("2024-03-30", midnight)


# What holds of every list


@given(any_list(), MOMENTS, st.integers(0, 400))
def test_every_period_is_due_once_on_its_own_day_in_every_zone(
    settings: List, since: datetime, days: int
) -> None:
    found = due(settings, "UTC", since, since + days * DAY)

    for period in found:
        assert_right(period, settings, settings.timezone)
        assert since <= period.due_at <= since + days * DAY
    assert all(one.due_at < other.due_at for one, other in pairwise(found))
    if found:
        first, last = (day_of(settings, period.key) for period in (found[0], found[-1]))
        assert [period.key for period in found] == keys_between(settings, first, last)
        assert found[0].due_at - since < (2 if settings.cadence == "daily" else 33) * DAY


@given(any_list(ZONES | st.just("reader")), MOMENTS, st.integers(0, 40), st.data())
def test_wherever_time_is_cut_in_two_the_same_periods_are_due(settings, since, days, data) -> None:
    until = since + days * DAY
    whole = due(settings, "Asia/Almaty", since, until)
    cuts = [since, until, *(p.due_at + shift for p in whole for shift in (-SECOND, timedelta(), SECOND))]
    cut = data.draw(st.sampled_from([moment for moment in cuts if since <= moment <= until]))

    before = due(settings, "Asia/Almaty", since, cut)
    after = due(settings, "Asia/Almaty", cut, until)

    assert list(dict.fromkeys([*before, *after])) == whole
    assert {*before} & {*after} == {p for p in whole if p.due_at == cut}


@given(any_list(ZONES | st.just("reader") | st.none()), MOMENTS)
def test_the_next_period_is_the_first_that_is_due_later(settings: List, after: datetime) -> None:
    coming = next_due(settings, "Asia/Almaty", after)

    assert coming is not None
    assert coming.due_at > after
    assert due(settings, "Asia/Almaty", after, coming.due_at)[-1] == coming
    assert [p for p in due(settings, "Asia/Almaty", after, coming.due_at) if p.due_at > after] == [coming]


@given(any_list(), MOMENTS)
def test_a_period_is_due_for_every_reader_when_it_is_due_unless_the_time_is_theirs(settings, after) -> None:
    period = next_due(settings, "UTC", after)

    assert {due_in(settings, "UTC", period.key, name) for name in FAMILIES} == {period.due_at}


@given(any_list(st.just("reader")), MOMENTS, ZONES)
def test_a_readers_list_is_due_by_the_readers_own_clocks(settings, after, timezone) -> None:
    period = next_due(settings, "UTC", after)
    moment = due_in(settings, "UTC", period.key, timezone)

    assert_right(Period(period.key, moment), settings, timezone)
    # The issue is cut before it is eight o'clock anywhere, and the last reader has it some 26 hours later.
    assert_right(period, settings, "Etc/GMT-14")
    assert timedelta() <= moment - period.due_at <= 26 * HOUR


# What holds of every change of every clock, none left out


def shifts(timezone: str) -> Iterator[datetime]:
    """The instants at which a zone's clocks are set, in these years."""
    there = zone(timezone)
    days = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
    offsets = [moment.astimezone(there).utcoffset() for moment in days]
    for number, (before, after) in enumerate(pairwise(offsets)):
        low, high = days[number], days[number + 1]
        while before != after and high - low > SECOND:
            middle = low + (high - low) // 2
            low, high = (middle, high) if middle.astimezone(there).utcoffset() == before else (low, middle)
        if before != after:
            yield high


def distinct_zones() -> Iterator[str]:
    """One name for each set of rules."""
    yield from {zone_file(name): name for name in sorted(zone_names(), reverse=True)}.values()


def test_no_day_around_any_change_of_any_clock_is_left_out_or_doubled() -> None:
    seen = 0
    for timezone in distinct_zones():
        moments = tuple(shifts(timezone))
        for clock in TIMES if timezone in FAMILIES else (time(0), time(2, 30), time(23, 59)):
            daily = settings(at=clock, timezone=timezone)
            for moment in moments:
                found = due(daily, "UTC", moment - 1.5 * DAY, moment + 1.5 * DAY)
                for period in found:
                    assert_right(period, daily, timezone)
                first, last = (date.fromisoformat(period.key) for period in (found[0], found[-1]))
                assert [p.key for p in found] == keys_between(daily, first, last)
                assert all(one.due_at < other.due_at for one, other in pairwise(found))
                seen += len(found)

    assert seen > 10_000


@pytest.mark.parametrize("timezone", FAMILIES)
def test_ten_years_of_days_weeks_and_months_are_complete(timezone: str) -> None:
    for cadence, day, longest in zip(CADENCES, (None, "sun", 31), (1, 7, 31), strict=True):
        for clock in (time(0), time(2, 30)):
            every = settings(cadence, clock, day, timezone)
            found = due(every, "UTC", FIRST, LAST)
            first, last = (day_of(every, period.key) for period in (found[0], found[-1]))

            assert [p.key for p in found] == keys_between(every, first, last)
            assert all(one.due_at < other.due_at for one, other in pairwise(found))
            assert found[0].due_at - FIRST <= longest * DAY + HOUR
            assert LAST - found[-1].due_at <= longest * DAY + HOUR


# Lists that are due with each release


def test_a_list_for_each_release_is_due_with_each() -> None:
    each = settings("each")
    editions = [datetime(2026, 6, 8, 3, n, tzinfo=UTC) for n in range(4)]

    found = due(each, "Asia/Almaty", editions[1], editions[2], editions[::-1])

    assert found == [Period("2026-06-08T030100Z", editions[1]), Period("2026-06-08T030200Z", editions[2])]
    assert due(each, "Asia/Almaty", FIRST, LAST) == []
    assert next_due(each, "Asia/Almaty", FIRST) is None
    assert due_in(each, "Asia/Almaty", "2026-06-08T030100Z", "Europe/Berlin") == editions[1]


def test_releases_within_a_second_make_one_issue() -> None:
    first = datetime(2026, 6, 8, 3, 0, 0, 100, tzinfo=UTC)

    assert due(settings("each"), "UTC", FIRST, LAST, [first, first.replace(microsecond=900)]) == [
        Period("2026-06-08T030000Z", first)
    ]


def test_editions_make_no_other_list_due() -> None:
    moment = datetime(2026, 6, 8, 3, tzinfo=UTC)

    assert due(settings("monthly", day=20), "UTC", moment, moment + DAY, [moment]) == []


@pytest.mark.parametrize(
    ("cadence", "key"),
    [
        ("daily", "2026-02-30"),
        ("weekly", "2026-W54"),
        ("monthly", "2026-13"),
        ("each", "2026-06-08"),
        ("daily", "x"),
    ],
)
def test_what_is_no_period_is_refused(cadence: str, key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        due_in(settings(cadence), "UTC", key, "UTC")


def test_what_is_no_zone_is_refused() -> None:
    with pytest.raises(UnknownZone):
        due_in(settings(timezone="reader"), "UTC", "2026-06-08", "Mars/Olympus")
