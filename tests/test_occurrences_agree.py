"""A recurring event is on the same dates for whoever looks: in a calendar app, on a page, in a digest.

A record is written, compiled and rendered; recurring-ical-events says what an app makes of the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import icalendar
import pytest
import recurring_ical_events
from hypothesis import assume, given
from hypothesis import strategies as st

from edition.desk import Desk, at, settings
from publisher.mailing.slate import slate
from publisher.model.records import Event, Status
from publisher.model.recurrence import BadRule, check_recurrence, recurrence_set
from publisher.model.timing import Mistimed, event_time
from publisher.model.when import Days, Hours
from publisher.render.calendars import event_calendar
from publisher.render.jsonld_records import event_node
from publisher.render.lookup import look_up
from publisher.render.programme import repeats
from publisher.render.theme import theme
from publisher.render.view import View

if TYPE_CHECKING:
    from publisher.model.edition import Edition
    from publisher.model.when import Time
    from publisher.render.theme import Theme

TODAY = date(2026, 9, 1)
#: Pages look 400 days ahead; a date may be moved by some days.
LAST = TODAY + timedelta(days=385)
ZONES = ["Asia/Almaty", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "America/Nuuk", "UTC"]
SHOWN = {Status.CONFIRMED: "CONFIRMED", Status.TENTATIVE: "TENTATIVE"}


class Date(NamedTuple):
    """One date of an event: days, the last one exclusive, or instants."""

    start: str
    end: str
    status: str


@cache
def own_theme() -> Theme:
    return theme(Path(__file__).parents[1], ("en", "ru"))


def written(moment: date) -> str:
    return f"{moment.astimezone(UTC) if isinstance(moment, datetime) else moment:%Y-%m-%d %H:%M}"


def in_time(dates: list[Date]) -> list[Date]:
    return sorted(each for each in dates if each.start <= f"{LAST}")


class Refused(Exception):
    """The record is not sound: the codes of its findings."""


@dataclass(frozen=True)
class Published:
    """A record that was released, and what becomes of it."""

    edition: Edition

    @classmethod
    def of(cls, **fields: Any) -> Published:
        desk = Desk(settings())
        desk.event("it", **fields)
        desk.release("2026-09-01")
        if desk.findings:
            raise Refused(desk.findings)
        return cls(desk.edition(f"{TODAY}"))

    def shown(self) -> list[Date]:
        """What pages show."""
        return in_time(
            [Date(*ends(each.time), SHOWN.get(each.status, "CANCELLED")) for each in self.edition.showings]
        )

    def subscribed(self, since: datetime = datetime(2020, 1, 1, tzinfo=UTC)) -> list[Date]:
        """What an app shows that has subscribed to the event's calendar."""
        event = self.edition.events[0]
        data = event_calendar(self.edition, own_theme(), "en", event)
        found = recurring_ical_events.of(icalendar.Calendar.from_ical(data)).between(
            since, datetime.combine(LAST, time(), UTC) + timedelta(days=3)
        )
        return in_time([Date(written(e.start), written(e.end), str(e["STATUS"])) for e in found])

    def subscribed_by_hours(self) -> list[Date]:
        """What an app shows to which each date lasts as many hours as the first one, whatever clocks do."""
        whole, apart = self.entries()
        first, end = whole["DTSTART"].dt.astimezone(UTC), whole.get("DTEND")
        hours = end.dt.astimezone(UTC) - first if end else whole["DURATION"].dt
        own = {written(each["RECURRENCE-ID"].dt) for each in apart}
        moved = {written(each.start) for each in apart}
        found = [each for each in self.subscribed() if each.start not in own | moved]
        by_hours = [
            Date(each.start, written(datetime.fromisoformat(f"{each.start}Z") + hours), each.status)
            for each in found
        ]
        told = [Date(written(each.start), written(each.end), str(each["STATUS"])) for each in apart]
        return in_time(by_hours + told)

    def entries(self) -> tuple[Any, list[Any]]:
        """The event in its calendar, and the dates of it that are told apart."""
        data = event_calendar(self.edition, own_theme(), "en", self.edition.events[0])
        whole, *apart = icalendar.Calendar.from_ical(data).walk("VEVENT")
        return whole, apart

    def offered(self, until: datetime) -> list[str]:
        """What a digest of this day offers as coming, when the next one is due at `until`."""
        return [each.start for each in slate(self.edition, at(f"{TODAY}"), until, timedelta(days=90)).coming]

    def view(self) -> View:
        return View(look_up(self.edition), own_theme(), "en")


def ends(moment: Time) -> tuple[str, str]:
    if isinstance(moment, Days):
        return written(moment.first), written(moment.last + timedelta(days=1))
    assert isinstance(moment, Hours)
    return written(moment.start), written(moment.end or moment.start)


def dates_of(**fields: Any) -> list[datetime]:
    """The local starts of a record, if it is sound."""
    event = Event.model_validate({"id": "it", "title": "It", **fields})
    try:
        moment = event_time(event, "Asia/Almaty")
        assert isinstance(moment, Days | Hours)
        check_recurrence(event, moment, "Asia/Almaty")
    except (BadRule, Mistimed):
        assume(False)
    return list(recurrence_set(event, moment, "Asia/Almaty").starts(date.min, LAST))


# Records that recur in any way

RULES = [
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=DAILY;BYDAY=MO,WE,FR",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
    "FREQ=WEEKLY;BYDAY=TU,TH,SA,SU",
    "FREQ=MONTHLY;BYMONTHDAY=-1,1,15,31",
    "FREQ=MONTHLY;BYDAY=1MO,-1FR,3SU",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
    "FREQ=YEARLY;BYYEARDAY=1,88,-60",
]
ENDS = [None, "12:30", "01:30", "until"]


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    day = draw(st.dates(date(2026, 1, 1), date(2026, 11, 30)))
    clock = draw(st.sampled_from(["", "", " 10:00", " 23:30", " 00:15", " 19:00"]))
    fields: dict[str, Any] = {"start": f"{day}{clock}", "timezone": draw(st.sampled_from(ZONES))}
    fields |= draw(st.sampled_from([{}, {"status": "tentative"}, {"status": "cancelled"}]))
    if end := draw(st.sampled_from(ENDS)):
        fields["end"] = end if clock and end != "until" else f"{day + timedelta(days=1)}{clock}"
    recurrence = draw(st.sampled_from([{"every": e} for e in ("day", "week", "month", "year")] + [{}]))
    rule = draw(st.none() | st.sampled_from(RULES))
    if rule and not recurrence:
        recurrence = {"rule": rule}
        fields["start"] = f"{first_of(rule, day, fields)}{clock}"
    later = st.integers(1, 300).map(lambda n: f"{day + timedelta(days=n)}")
    fields["recurrence"] = recurrence | {"also": draw(st.lists(later, min_size=not recurrence, max_size=3))}
    if recurrence:
        fields["recurrence"] |= draw(st.sampled_from([{}, {"count": 9}, {"until": "2027-03-28"}]))
    apart = draw(st.lists(st.integers(0, 40), max_size=5, unique=True))
    return fields | {"recurrence": fields["recurrence"] | differing(draw, fields, apart)}


def first_of(rule: str, day: date, fields: dict[str, Any]) -> date:
    for ahead in range(400):
        candidate = day + timedelta(days=ahead)
        event = Event.model_validate(
            {"id": "x", "title": "X", "start": f"{candidate}", "recurrence": {"rule": rule}}
        )
        try:
            recurrence_set(event, Days(candidate, candidate), fields["timezone"])
        except BadRule:
            continue
        return candidate
    raise AssertionError(rule)


def differing(draw: st.DrawFn, fields: dict[str, Any], apart: list[int]) -> dict[str, Any]:
    """Some dates taken out, cancelled, moved, moved onto each other."""
    there = [
        f"{local:%Y-%m-%d %H:%M}" if " " in fields["start"] else f"{local:%Y-%m-%d}"
        for local in dates_of(**fields)
    ]
    chosen = [there[n] for n in apart if 0 < n < len(there)]
    changes = st.sampled_from(["except", "cancelled", "moved", "swapped", "title"])
    without, changed = [], []
    for occurrence in chosen:
        match draw(changes):
            case "except":
                without.append(occurrence)
            case "cancelled":
                changed.append({"occurrence": occurrence, "status": "cancelled"})
            case "moved":
                day = date.fromisoformat(occurrence[:10]) + timedelta(days=draw(st.integers(-9, 9)))
                changed.append({"occurrence": occurrence, "start": f"{day}"})
            case "swapped":
                changed.append({"occurrence": occurrence, "start": draw(st.sampled_from(there))})
            case _:
                changed.append({"occurrence": occurrence, "title": "Another title", "status": "confirmed"})
    return {"except": without, "changed": changed}


@given(records())
def test_pages_and_digests_show_the_dates_that_calendar_apps_show(fields: dict[str, Any]) -> None:
    dates_of(**fields)  # sound, or not tried
    try:
        it = Published.of(**fields)
    except Refused as refused:
        if set(*refused.args) <= {"nonexistent-time", "ambiguous-time"}:  # where a date was moved to
            assume(False)
        raise
    shown, subscribed = it.shown(), it.subscribed()

    assert shown == subscribed

    cut, until = at(f"{TODAY}"), at("2026-10-01")
    now, then = written(cut), written(until)
    coming = [each for each in subscribed if each.status != "CANCELLED" and each.end > now]
    near = {each.start for each in coming if now <= each.start < then}
    if all(each.start[10:] != " 00:00" for each in shown):  # a day begins when it does where the site is
        assert set(map(told, it.offered(until))) == near | {each.start for each in coming[:1]}


@st.composite
def nights(draw: st.DrawFn) -> dict[str, Any]:
    """Every day or week, from an evening to the next morning or longer, around changes of clocks."""
    day = draw(st.dates(date(2026, 9, 20), date(2026, 11, 10)) | st.dates(date(2027, 3, 1), date(2027, 4, 5)))
    end = draw(st.sampled_from(["02:30", "06:00", "21:45", "two days"]))
    recurrence = draw(st.sampled_from([{"every": "week"}, {"every": "day"}]))
    fields: dict[str, Any] = {
        "start": f"{day} 22:00",
        "end": f"{day + timedelta(days=2)} 21:00" if end == "two days" else end,
        "timezone": draw(st.sampled_from(["Europe/Berlin", "America/New_York"])),
        "recurrence": recurrence
        | draw(st.sampled_from([{}, {"count": 1}, {"count": 9}, {"until": "2027-04-11"}])),
    }
    apart = draw(st.lists(st.integers(0, 40), max_size=3, unique=True))
    return fields | {"recurrence": fields["recurrence"] | differing(draw, fields, apart)}


@given(nights())
def test_the_dates_of_nights_end_alike_for_apps_that_count_hours_and_apps_that_keep_to_the_clock(
    fields: dict[str, Any],
) -> None:
    dates_of(**fields)  # sound, or not tried
    it = Published.of(**fields)

    assert it.shown() == it.subscribed()
    assert set(it.shown()) == set(it.subscribed_by_hours())


def told(start: str) -> str:
    return written(datetime.fromisoformat(start) if "T" in start else date.fromisoformat(start))


# Cases by name


@pytest.mark.parametrize(
    ("start", "recurrence", "expected"),
    [
        (
            "2026-09-07 18:00",
            {"also": ["2026-09-09", "2026-11-01 10:00"]},
            ["09-07 13:00", "09-09 13:00", "11-01 05:00"],
        ),
        ("2026-09-07", {"also": ["2026-09-09"], "except": ["2026-09-07"]}, ["09-09 00:00"]),
        (
            "2026-09-07",
            {"every": "day", "count": 2, "also": ["2026-09-07", "2026-09-08"]},
            ["09-07 00:00", "09-08 00:00"],
        ),
        (
            "2026-09-07 18:00",
            {"every": "week", "count": 3, "changed": [{"occurrence": "2026-09-14", "start": "2026-09-21"}]},
            ["09-07 13:00", "09-21 13:00", "09-21 13:00"],
        ),
    ],
)  # fmt: skip
def test_dates_are_the_same_for_all(start: str, recurrence: dict[str, Any], expected: list[str]) -> None:
    it = Published.of(start=start, recurrence=recurrence)

    assert [each.start[5:] for each in it.shown()] == expected
    assert [each.start[5:] for each in it.subscribed()] == expected


def test_the_dates_of_many_years_are_shown_to_the_last() -> None:
    it = Published.of(start="2016-01-04 10:00", end="11:00", recurrence={"every": "day"})

    assert it.shown() == it.subscribed(datetime(2015, 1, 1, tzinfo=UTC))


def test_a_date_that_is_moved_here_from_beyond_the_horizon_is_shown() -> None:
    moved = {"occurrence": "2028-01-03", "start": "2026-10-10"}
    it = Published.of(start="2026-09-07", recurrence={"every": "week", "changed": [moved]})

    assert "2026-10-10 00:00" in {each.start for each in it.shown()}
    assert it.shown() == it.subscribed()


@pytest.mark.parametrize(
    ("start", "zone", "until", "last"),
    [
        ("2026-03-20 00:30", "America/Nuuk", "2026-03-28", "2026-03-28 02:30"),  # its 23:59 is skipped
        ("2026-03-20 10:00", "Pacific/Auckland", "2026-04-05", "2026-04-04 22:00"),
        ("2026-03-20 23:30", "America/New_York", "2026-03-28", "2026-03-29 03:30"),
        ("2026-03-20 03:30", "Europe/Berlin", "2026-03-29", "2026-03-29 01:30"),
        ("2026-10-20 01:00", "Europe/Berlin", "2026-10-25", "2026-10-24 23:00"),
    ],
)
def test_a_rule_runs_until_the_end_of_the_local_day_that_is_named(
    start: str, zone: str, until: str, last: str
) -> None:
    it = Published.of(start=start, timezone=zone, recurrence={"every": "day", "until": until})

    assert it.shown() == it.subscribed()
    assert it.shown()[-1].start == last


def test_a_night_has_the_hours_that_its_clocks_show_also_when_they_are_changed() -> None:
    it = Published.of(
        start="2026-10-17 22:00",
        end="2026-10-18 06:00",
        timezone="Europe/Berlin",
        recurrence={"every": "week", "count": 3},
    )

    assert [(each.start[5:], each.end[5:]) for each in it.shown()] == [
        ("10-17 20:00", "10-18 04:00"),
        ("10-24 20:00", "10-25 05:00"),
        ("10-31 21:00", "11-01 05:00"),
    ]
    assert it.shown() == it.subscribed()


@pytest.mark.parametrize(
    ("start", "end", "apart"),
    [
        ("2026-10-24 22:00", "06:00", [("10-24 20:00", "10-25 05:00"), ("03-27 21:00", "03-28 04:00")]),
        ("2026-10-10 22:00", "02:30", [("10-24 20:00", "10-25 00:30"), ("03-27 21:00", "03-28 01:30")]),
        ("2026-10-10 18:00", "19:30", []),
        ("2026-10-11 18:00", "19:30", []),
    ],
)  # fmt: skip
def test_a_night_in_which_clocks_change_is_told_apart_in_instants(
    start: str, end: str, apart: list[tuple[str, str]]
) -> None:
    it = Published.of(
        start=start, end=end, timezone="Europe/Berlin", recurrence={"every": "week", "count": 30}
    )

    whole, dates = it.entries()
    assert [(written(each.start)[5:], written(each.end)[5:]) for each in dates] == apart
    assert all(each["DTSTART"].to_ical().endswith(b"Z") for each in dates)
    assert all(each["RECURRENCE-ID"].params["TZID"] == "Europe/Berlin" for each in dates)
    for name in ("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "SUMMARY", "DESCRIPTION", "STATUS", "TRANSP"):
        assert {each.get(name) for each in dates} <= {whole.get(name)}


def test_the_first_night_makes_no_later_one_longer() -> None:
    it = Published.of(
        start="2026-10-24 22:00",
        end="06:00",
        timezone="Europe/Berlin",
        recurrence={"every": "week", "count": 4, "except": ["2026-10-31"]},
    )

    whole, _ = it.entries()
    assert whole["DURATION"].dt == timedelta(hours=8)
    assert "DTEND" not in whole
    assert [(each.start[5:], each.end[5:]) for each in it.subscribed()] == [
        ("10-24 20:00", "10-25 05:00"),
        ("11-07 21:00", "11-08 05:00"),
        ("11-14 21:00", "11-15 05:00"),
    ]


def test_a_night_that_is_excepted_or_changed_itself_is_not_told_twice() -> None:
    changed = [{"occurrence": "2027-03-27", "title": "The short night"}]
    it = Published.of(
        start="2026-10-17 22:00",
        end="06:00",
        timezone="Europe/Berlin",
        recurrence={"every": "week", "count": 30, "except": ["2026-10-24"], "changed": changed},
    )

    _, dates = it.entries()
    assert [(each["SUMMARY"], written(each.start)) for each in dates] == [
        ("The short night", "2027-03-27 21:00")
    ]
    assert written(dates[0].end) == "2027-03-28 04:00"
    assert set(it.shown()) == set(it.subscribed()) == set(it.subscribed_by_hours())


def test_the_nights_of_a_series_without_an_end_are_told_apart_for_the_years_that_zones_are_defined() -> None:
    it = Published.of(
        start="2026-09-01 22:00", end="06:00", timezone="Europe/Berlin", recurrence={"every": "day"}
    )

    _, dates = it.entries()
    assert [each.start.year for each in dates] == sorted([*range(2026, 2038), *range(2027, 2038)])


def test_an_occurrence_that_was_cancelled_and_takes_place_again_is_as_the_rule_says() -> None:
    desk = Desk(settings())
    series = {"start": "2026-09-07 18:00", "end": "19:00"}
    off = {"changed": [{"occurrence": "2026-09-14", "status": "cancelled"}]}
    seen = []
    for day, changed in (("2026-08-01", {}), ("2026-08-02", off), ("2026-08-03", {})):
        desk.event("it", **series, recurrence={"every": "week", "count": 3} | changed)
        desk.release(day)
        it = Published(desk.edition(f"{TODAY}"))
        assert it.shown() == it.subscribed()
        seen.append([each.status for each in it.shown()])

    assert seen == [["CONFIRMED"] * 3, ["CONFIRMED", "CANCELLED", "CONFIRMED"], ["CONFIRMED"] * 3]


def test_what_has_no_end_has_none_on_any_of_its_dates() -> None:
    moved = {"occurrence": "2026-09-14", "start": "2026-09-15"}
    it = Published.of(start="2026-09-07 18:00", recurrence={"every": "week", "count": 3, "changed": [moved]})

    assert b"DTEND" not in event_calendar(it.edition, own_theme(), "en", it.edition.events[0])


def test_the_page_of_an_old_series_lists_the_dates_that_come() -> None:
    it = Published.of(start="2020-01-06 10:00", recurrence={"every": "week"})

    listed = [each.stamp.iso[:10] for each in repeats(it.view(), it.edition.events[0], set())]

    assert listed[9:11] == ["2026-08-31", "2026-09-07"]
    assert len(listed) > 60 - 1


def test_machines_are_told_of_every_date_that_a_rule_does_not_give() -> None:
    recurrence = {
        "every": "week",
        "count": 4,
        "except": ["2026-09-21"],
        "also": ["2026-10-01"],
        "changed": [{"occurrence": "2026-09-14", "status": "cancelled"}],
    }
    it = Published.of(start="2026-09-07 18:00", recurrence=recurrence)
    listed = Published.of(start="2026-09-07", recurrence={"also": ["2026-09-09"]})

    node = event_node(it.view(), it.edition.events[0])
    assert node["eventSchedule"]["exceptDate"] == ["2026-09-14T18:00:00", "2026-09-21T18:00:00"]
    assert [(each["startDate"][:10], each["eventStatus"][19:]) for each in node["subEvent"]] == [
        ("2026-09-14", "EventCancelled"),
        ("2026-10-01", "EventScheduled"),
    ]
    node = event_node(listed.view(), listed.edition.events[0])
    assert "eventSchedule" not in node
    assert [each["startDate"] for each in node["subEvent"]] == ["2026-09-07", "2026-09-09"]
