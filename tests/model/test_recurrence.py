"""How events repeat: the same dates as every other program would find, and no rule that runs away."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from hypothesis import assume, given
from hypothesis import strategies as st

from publisher.model.records import Event
from publisher.model.recurrence import RecurrenceSet, check_recurrence, recurrence_set
from publisher.model.rule import BadRule, read_rule
from publisher.model.timing import Mistimed, event_time
from publisher.model.when import Days, Hours, Unknown
from publisher.zones import zone

ZONES = [
    "UTC",
    "Asia/Almaty",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
]


def event(start: str, recurrence: dict[str, Any], **fields: str) -> Event:
    return Event.model_validate({"id": "x", "title": "X", "start": start, "recurrence": recurrence, **fields})


def expanded(start: str, recurrence: dict[str, Any], **fields: str) -> RecurrenceSet:
    made = event(start, recurrence, **fields)
    moment = event_time(made, "UTC")
    assert not isinstance(moment, Unknown)
    return recurrence_set(made, moment, "UTC")


def dates(found: RecurrenceSet, first: str = "2027-01-01", last: str = "2028-12-31") -> list[str]:
    return [
        f"{moment:%Y-%m-%d}" for moment in found.starts(date.fromisoformat(first), date.fromisoformat(last))
    ]


# What curators write


@pytest.mark.parametrize(
    ("recurrence", "rule", "found"),
    [
        ({"every": "day", "count": "3"}, "FREQ=DAILY;COUNT=3", ["2027-09-06", "2027-09-07", "2027-09-08"]),
        (
            {"every": "week", "until": "2027-09-20"},
            "FREQ=WEEKLY;UNTIL=20270920",
            ["2027-09-06", "2027-09-13", "2027-09-20"],
        ),
        (
            {"rule": "FREQ=MONTHLY;BYDAY=1MO", "until": "2027-11-30", "except": ["2027-10-04"]},
            "FREQ=MONTHLY;BYDAY=1MO;UNTIL=20271130",
            ["2027-09-06", "2027-11-01"],
        ),
        (
            {"every": "year", "count": "2", "also": ["2027-12-24"]},
            "FREQ=YEARLY;COUNT=2",
            ["2027-09-06", "2027-12-24", "2028-09-06"],
        ),
        (
            {"rule": "RRULE:FREQ=WEEKLY;INTERVAL=2", "count": "2", "changed": [{"occurrence": "2027-09-20"}]},
            "FREQ=WEEKLY;INTERVAL=2;COUNT=2",
            ["2027-09-06", "2027-09-20"],
        ),
    ],
)
def test_a_rule_gives_its_dates(recurrence: dict[str, Any], rule: str, found: list[str]) -> None:
    made = expanded("2027-09-06", recurrence)

    assert (made.rule, dates(made)) == (rule, found)


def test_a_meeting_at_six_is_at_six_in_summer_and_in_winter() -> None:
    made = expanded(
        "2027-10-25 18:00", {"every": "week", "count": "2"}, end="19:30", timezone="Europe/Berlin"
    )

    assert [made.time_at(local) for local in made.starts(date(2027, 1, 1), date(2027, 12, 31))] == [
        Hours(
            datetime(2027, 10, 25, 16, tzinfo=UTC),
            datetime(2027, 10, 25, 17, 30, tzinfo=UTC),
            "Europe/Berlin",
        ),
        Hours(
            datetime(2027, 11, 1, 17, tzinfo=UTC), datetime(2027, 11, 1, 18, 30, tzinfo=UTC), "Europe/Berlin"
        ),
    ]


def test_the_end_of_a_timed_rule_is_told_in_utc_and_includes_its_day() -> None:
    made = expanded("2027-10-04 18:00", {"every": "week", "until": "2027-11-01"}, timezone="Europe/Berlin")

    assert made.rule == "FREQ=WEEKLY;UNTIL=20271101T225959Z"
    assert dates(made)[-1] == "2027-11-01"


def test_an_exception_can_be_named_by_its_day_or_by_its_time() -> None:
    recurrence = {"every": "week", "count": "3", "except": ["2027-09-13", "2027-09-20 18:00"]}

    assert dates(expanded("2027-09-06 18:00", recurrence)) == ["2027-09-06"]


def test_a_date_beside_the_rule_can_be_excepted_and_changed() -> None:
    changed = {"occurrence": "2027-09-08", "status": "cancelled"}
    recurrence = {
        "every": "week",
        "count": "2",
        "also": ["2027-09-07 10:00", "2027-09-08"],
        "changed": [changed],
    }

    made = expanded("2027-09-06 18:00", recurrence)

    assert dates(made) == ["2027-09-06", "2027-09-07", "2027-09-08", "2027-09-13"]
    assert made.changed == {datetime.fromisoformat("2027-09-08 18:00"): 0}


# Bounds


def test_a_rule_without_an_end_is_expanded_as_far_as_one_looks() -> None:
    endless = expanded("2027-01-01", {"every": "day"})

    assert len(list(endless.starts(date(2027, 1, 1), date(2199, 12, 31)))) == 63_187
    assert dates(endless, "2150-06-01", "2150-06-02") == ["2150-06-01", "2150-06-02"]
    assert dates(endless, "2026-01-01", "2026-12-31") == []


def test_dates_return_after_four_hundred_years_so_none_is_lost_by_looking_ahead() -> None:
    leap_day = expanded("2028-02-29", {"every": "year"})

    found = dates(leap_day, "2090-01-01", "2110-01-01")

    assert found == ["2092-02-29", "2096-02-29", "2104-02-29", "2108-02-29"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,4,6",
        "FREQ=YEARLY;BYDAY=5MO;BYMONTH=2;BYMONTHDAY=1",
        "FREQ=DAILY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=30",
    ],
)
def test_a_rule_that_never_applies_is_refused(rule: str) -> None:
    with pytest.raises(BadRule, match="expected the start to be a date of its own rule"):
        expanded("2027-01-01", {"rule": rule})


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY", "FREQ=", "", "FREQ=DAILY;",
        "FREQ=DAILY;COUNT=10", "FREQ=DAILY;UNTIL=20280101", "FREQ=DAILY\r\nX-EVIL:1",
        "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=1,2",
        "FREQ=DAILY;INTERVAL=+1", "FREQ=DAILY;INTERVAL=1001", "FREQ=DAILY;FREQ=WEEKLY", "BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=", "FREQ=WEEKLY;BYDAY=MO,", "FREQ=WEEKLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYDAY=0MO", "FREQ=YEARLY;BYDAY=54MO", "FREQ=YEARLY;BYMONTH=0",
        "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;BYMONTH=-1", "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYSETPOS=1", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367",
        "FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYYEARDAY=367",
        "FREQ=DAILY;BYHOUR=9", "FREQ=WEEKLY;WKST=1", "freq=daily", "every week",
        "FREQ=DAILY;" + "A=B;" * 5_000,
    ],
)  # fmt: skip
def test_a_rule_that_calendars_would_read_differently_is_refused_with_a_hint(rule: str) -> None:
    with pytest.raises(BadRule) as caught:
        read_rule(rule)

    assert caught.value.where == ("recurrence", "rule")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("start", "recurrence"),
    [
        ("2027-09-06", {"rule": "FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=1"}),
        ("2027-03-14 02:30", {"every": "week", "until": "2027-05-01"}),
    ],
)
def test_what_was_published_when_less_was_known_of_programs_still_compiles(
    start: str, recurrence: dict[str, str]
) -> None:
    made = event(start, recurrence, timezone="Europe/Berlin")
    moment = event_time(made, "UTC")
    assert not isinstance(moment, Unknown)

    with pytest.raises(BadRule):
        check_recurrence(made, moment, "UTC")
    assert len(list(recurrence_set(made, moment, "UTC").starts(FIRST, LAST))) > 5


# As other programs see it

WEEKDAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])


def some(values: st.SearchStrategy[Any], name: str) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=3, unique=True).map(
        lambda v: f";{name}={','.join(map(str, v))}"
    )


NOTHING = st.just("")
INTERVALS = NOTHING | st.integers(1, 5).map(lambda n: f";INTERVAL={n}")
MONTHS = NOTHING | some(st.integers(1, 12), "BYMONTH")
MONTHDAYS = some(st.integers(1, 31) | st.integers(-31, -1), "BYMONTHDAY")
ORDINALS = some(
    st.builds(lambda n, day: f"{n}{day}", st.sampled_from(["", 1, 2, 3, 4, -1]), WEEKDAYS), "BYDAY"
)
RULES = st.one_of(
    st.tuples(st.just("FREQ=DAILY"), INTERVALS, MONTHS, NOTHING | some(WEEKDAYS, "BYDAY")),
    st.tuples(st.just("FREQ=WEEKLY"), INTERVALS, some(WEEKDAYS, "BYDAY"), NOTHING | st.just(";WKST=SU")),
    st.tuples(st.just("FREQ=MONTHLY"), INTERVALS, NOTHING | ORDINALS | MONTHDAYS),
    st.tuples(
        st.just("FREQ=MONTHLY"), some(WEEKDAYS, "BYDAY"), some(st.sampled_from([1, 2, -1]), "BYSETPOS")
    ),
    st.tuples(st.just("FREQ=YEARLY"), INTERVALS, MONTHS, NOTHING | ORDINALS | MONTHDAYS),
).map("".join)
FIRST, LAST = date(2026, 1, 1), date(2029, 12, 31)


@given(
    rule=RULES,
    day=st.dates(FIRST, date(2027, 12, 31)),
    clock=st.none() | st.sampled_from([time(2, 30), time(9), time(23, 59)]),
    timezone=st.sampled_from(ZONES),
    bound=st.sampled_from([{}, {"count": "7"}, {"until": "2028-03-31"}, {"until": "2028-03-26 02:30"}]),
    taken=st.lists(st.integers(0, 30), max_size=2, unique=True),
)
def test_other_programs_find_the_same_dates(
    *, rule: str, day: date, clock: time | None, timezone: str, bound: dict[str, str], taken: list[int]
) -> None:
    """The expansion is that of recurring-ical-events, which reads the same rule as an iCalendar file."""
    first = _first_date(rule, day, timezone)
    assume(first is not None)
    start = f"{first} {clock:%H:%M}" if clock else f"{first}"
    recurrence: dict[str, Any] = {"rule": rule, **bound}
    try:
        whole = list(expanded(start, recurrence, timezone=timezone).starts(FIRST, LAST))
        recurrence["except"] = [f"{whole[n]:%Y-%m-%d}" for n in taken if 0 < n < len(whole)]
        made = expanded(start, recurrence, timezone=timezone)
    except (Mistimed, BadRule):
        assume(False)  # the first date is in an hour that the clocks skip or show twice, or behind the bound

    ours = [made.time_at(local) for local in made.starts(FIRST, LAST)]

    assert [_instant(moment) for moment in ours][:200] == _theirs(made)[:200]


def _first_date(rule: str, day: date, timezone: str) -> date | None:
    """The first day from `day` on that a rule has; None where there is none within reach."""
    for ahead in range(400):
        candidate = day + timedelta(days=ahead)
        try:
            expanded(str(candidate), {"rule": rule}, timezone=timezone)
        except BadRule:
            continue
        return candidate
    return None


def _instant(moment: Days | Hours) -> date | datetime:
    return moment.first if isinstance(moment, Days) else moment.start


def _theirs(made: RecurrenceSet) -> list[date | datetime]:
    entry = icalendar.Event()
    timed = isinstance(made.start, Hours)

    def written(local: datetime) -> date | datetime:
        return local.replace(tzinfo=zone(made.timezone)) if timed else local.date()

    entry.add("uid", "x")
    begin = (
        made.start.start.astimezone(zone(made.timezone))
        if isinstance(made.start, Hours)
        else made.start.first
    )
    entry.add("dtstart", begin)
    entry.add("rrule", icalendar.vRecur.from_ical(made.rule))
    for local in made.without:
        entry.add("exdate", written(local))
    calendar = icalendar.Calendar()
    calendar.add_component(entry)
    found = recurring_ical_events.of(calendar).between(FIRST, LAST + timedelta(days=1))
    starts = [each["DTSTART"].dt for each in found]
    return sorted(each.astimezone(UTC) if isinstance(each, datetime) else each for each in starts)
