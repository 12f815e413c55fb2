"""What repeats goes on repeating: rules, exceptions, extra dates, and dates that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from calendar_import.roundtrip import codes, events, only, publish, read, said

if TYPE_CHECKING:
    from pathlib import Path

START = "DTSTART;TZID=Europe/Berlin:20270301T180000"
END = "DTEND;TZID=Europe/Berlin:20270301T190000"
DAY = "DTSTART;VALUE=DATE:20270301"
ID, NEXT = "RECURRENCE-ID", "DTSTART:20270308T170000Z"


def recurrence(*lines: str) -> dict[str, Any]:
    found: dict[str, Any] = only(events(*lines, "SUMMARY:x")).fields["recurrence"]
    return found


def with_override(*lines: str, master: tuple[str, ...] = (START, END, "RRULE:FREQ=WEEKLY;COUNT=4")) -> str:
    override = "\n".join(["BEGIN:VEVENT", "UID:one", *lines, "END:VEVENT", "END:VCALENDAR\n"])
    return events(*master, "SUMMARY:x").replace("END:VCALENDAR\n", override)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY", {"every": "week"}),
        ("FREQ=DAILY;INTERVAL=1;COUNT=5", {"every": "day", "count": 5}),
        ("FREQ=WEEKLY;WKST=MO;BYDAY=MO", {"every": "week"}),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", {"rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE"}),
        ("FREQ=MONTHLY;BYDAY=1MO", {"rule": "FREQ=MONTHLY;BYDAY=1MO"}),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1", {"every": "year"}),
        ("FREQ=DAILY;BYHOUR=18;BYMINUTE=0;BYSECOND=0", {"every": "day"}),
        ("FREQ=WEEKLY;UNTIL=20270329T160000Z", {"every": "week", "until": "2027-03-29"}),
        ("FREQ=WEEKLY;UNTIL=20270329T155959Z", {"every": "week", "until": "2027-03-28"}),
        ("FREQ=WEEKLY;UNTIL=20270329T180000", {"every": "week", "until": "2027-03-29"}),
        ("FREQ=WEEKLY;UNTIL=20270329", {"every": "week", "until": "2027-03-28"}),
        ("FREQ=WEEKLY;UNTIL=99991231T235959Z", {"every": "week"}),
        ("FREQ=WEEKLY;COUNT=-1", {"every": "week"}),
    ],
)
def test_a_rule_says_the_same_in_the_words_of_records(rule: str, expected: dict[str, Any]) -> None:
    assert recurrence(START, END, f"RRULE:{rule}") == expected


def test_the_last_day_of_whole_days_is_the_last_day() -> None:
    assert recurrence(DAY, "RRULE:FREQ=WEEKLY;UNTIL=20270329") == {"every": "week", "until": "2027-03-29"}
    assert recurrence(DAY, "RRULE:FREQ=WEEKLY;UNTIL=20270329T120000Z") == {
        "every": "week",
        "until": "2027-03-29",
    }


@pytest.mark.parametrize(
    "exdate",
    [
        "EXDATE;TZID=Europe/Berlin:20270308T180000,20270315T180000",
        "EXDATE:20270308T170000Z\nEXDATE:20270315T170000Z",
        "EXDATE;VALUE=DATE:20270308,20270315,20270316",
        "EXDATE;TZID=America/New_York:20270308T120000\nEXDATE;TZID=America/New_York:20270315T130000",
    ],
)
def test_dates_that_are_taken_out_stay_out_however_they_are_written(exdate: str) -> None:
    assert recurrence(START, END, "RRULE:FREQ=WEEKLY", exdate) == {
        "every": "week", "except": ["2027-03-08", "2027-03-15"],
    }  # fmt: skip


def test_an_exception_that_is_no_date_of_the_event_changes_nothing() -> None:
    assert recurrence(START, END, "RRULE:FREQ=WEEKLY", "EXDATE:20270309T170000Z") == {"every": "week"}


def test_dates_beside_the_rule_are_kept_with_their_own_length() -> None:
    lines = ("RRULE:FREQ=WEEKLY;COUNT=2", "RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20270320T100000/PT3H")

    assert recurrence(START, END, *lines) == {
        "every": "week", "count": 2, "also": ["2027-03-20 10:00"],
        "changed": [{"occurrence": "2027-03-20 10:00", "end": "13:00"}],
    }  # fmt: skip


def test_a_date_before_the_first_becomes_a_record_of_its_own() -> None:
    drafts = read(events(START, END, "RRULE:FREQ=WEEKLY", "RDATE:20270220T170000Z", "SUMMARY:x"))

    assert [(draft.suffix, draft.fields["start"]) for draft in drafts.drafts] == [
        ("", "2027-03-01 18:00"), ("2027-02-20-1800", "2027-02-20 18:00"),
    ]  # fmt: skip
    assert codes(drafts) == ["import-recurrence"]


def test_a_start_that_its_rule_does_not_give_becomes_a_record_of_its_own() -> None:
    drafts = read(events(START, END, "RRULE:FREQ=WEEKLY;BYDAY=TH", "SUMMARY:x"))

    assert [(draft.suffix, draft.fields["start"]) for draft in drafts.drafts] == [
        ("", "2027-03-04 18:00"), ("2027-03-01-1800", "2027-03-01 18:00"),
    ]  # fmt: skip


def test_a_rule_in_utc_stays_in_utc() -> None:
    """By local time in Berlin it would begin an hour earlier from the end of March on."""
    draft = only(
        events(
            "DTSTART:20270301T170000Z",
            "RRULE:FREQ=WEEKLY",
            "SUMMARY:x",
            before="X-WR-TIMEZONE:Europe/Berlin\n",
        )
    )

    assert (draft.fields["start"], draft.fields["timezone"]) == ("2027-03-01 17:00", "UTC")


def test_dates_at_times_that_clocks_skip_or_show_twice_keep_their_instants(tmp_path: Path) -> None:
    """In Berlin 02:30 is skipped on 28 March 2027, and there twice on 31 October: the first is meant."""
    spring = events("DTSTART;TZID=Europe/Berlin:20270327T023000", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:x")
    autumn = events("DTSTART;TZID=Europe/Berlin:20271030T023000", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:x")
    published = publish(tmp_path / "site", {"spring": read(spring), "autumn": read(autumn)})

    assert sorted(each.start for each in said(*published["spring"])) == [
        "20270327T013000Z", "20270328T013000Z", "20270329T003000Z",
    ]  # fmt: skip
    assert sorted(each.start for each in said(*published["autumn"])) == [
        "20271030T003000Z", "20271031T003000Z", "20271101T013000Z",
    ]  # fmt: skip
    assert [draft.suffix for draft in read(autumn).drafts] == ["", "2027-10-31-0230"]


def test_a_time_of_day_that_clocks_show_twice_each_year_for_ever_is_refused() -> None:
    drafts = read(events("DTSTART;TZID=Europe/Berlin:20270327T023000", "RRULE:FREQ=DAILY", "SUMMARY:x"))

    assert drafts.drafts == ()
    assert codes(drafts) == ["import-unreadable"]


def test_the_last_day_of_a_month_stays_the_day_that_it_is(tmp_path: Path) -> None:
    calendars = {
        rule: events("DTSTART;VALUE=DATE:20280229", f"RRULE:{rule};COUNT=4", "SUMMARY:x")
        for rule in (
            "FREQ=MONTHLY",
            "FREQ=YEARLY",
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "FREQ=MONTHLY;BYMONTHDAY=29",
        )
    }
    published = publish(tmp_path / "site", {name: read(text) for name, text in calendars.items()})

    for name, text in calendars.items():
        assert said(*published[name]) == said(text.encode())


def test_a_rule_of_exceptions_takes_its_dates_out() -> None:
    """EXRULE is of RFC 2445; RFC 5545 has dropped it, and most programs with it."""
    assert recurrence(START, END, "RRULE:FREQ=DAILY;COUNT=5", "EXRULE:FREQ=DAILY;INTERVAL=2;COUNT=2") == {
        "also": ["2027-03-04 18:00", "2027-03-05 18:00"]
    }


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=MONTHLY;BYMONTH=3,9;BYMONTHDAY=1", "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1"),
        ("FREQ=MONTHLY;BYMONTH=3;BYDAY=1MO", "FREQ=YEARLY;BYMONTH=3;BYDAY=1MO"),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=-31", "FREQ=MONTHLY;BYMONTHDAY=-31;INTERVAL=12"),
    ],
)
def test_a_rule_that_programs_read_differently_is_said_in_another_way(rule: str, expected: str) -> None:
    assert recurrence(START, END, f"RRULE:{rule}") == {"rule": expected}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            (f"{ID};TZID=Europe/Berlin:20270308T180000", "STATUS:CANCELLED", NEXT, "DTEND:20270308T180000Z"),
            {"status": "cancelled"},
        ),
        (
            (f"{ID}:20270308T170000Z", "DTSTART:20270309T170000Z", "DTEND:20270309T180000Z"),
            {"start": "2027-03-09 18:00"},
        ),
        ((f"{ID};VALUE=DATE:20270308", NEXT, "DTEND:20270308T200000Z"), {"end": "21:00"}),
        (
            (f"{ID}:20270308T170000Z", NEXT, "DTEND:20270308T180000Z", "SUMMARY:y", "LOCATION:Hall"),
            {"title": "y", "place": {"name": "Hall"}},
        ),
    ],
)  # fmt: skip
def test_a_date_that_differs_is_changed(lines: tuple[str, ...], expected: dict[str, Any]) -> None:
    assert only(with_override(*lines)).fields["recurrence"]["changed"] == [
        {"occurrence": "2027-03-08 18:00"} | expected
    ]


def test_a_date_that_becomes_a_whole_day_is_a_record_of_its_own() -> None:
    text = with_override("RECURRENCE-ID:20270308T170000Z", "DTSTART;VALUE=DATE:20270310", "SUMMARY:y")
    drafts = read(text)

    assert drafts.drafts[0].fields["recurrence"] == {
        "every": "week",
        "count": 4,
        "except": ["2027-03-08 18:00"],
    }
    assert [(draft.suffix, draft.fields["start"]) for draft in drafts.drafts[1:]] == [
        ("2027-03-08-1800", "2027-03-10")
    ]


def test_all_dates_that_follow_are_changed_one_by_one() -> None:
    text = with_override(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20270315T170000Z", "DTSTART:20270315T180000Z",
        "DTEND:20270315T190000Z", "SUMMARY:x",
    )  # fmt: skip

    assert only(text).fields["recurrence"]["changed"] == [
        {"occurrence": "2027-03-15 18:00", "start": "2027-03-15 19:00"},
        {"occurrence": "2027-03-22 18:00", "start": "2027-03-22 19:00"},
    ]


def test_one_date_of_an_event_that_is_not_there_is_a_record() -> None:
    text = events("RECURRENCE-ID:20270308T170000Z", "DTSTART:20270309T170000Z", "SUMMARY:x")

    assert (only(text).suffix, only(text).fields["start"]) == ("2027-03-08-1700", "2027-03-09 22:00")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("FREQ=SECONDLY", "repeats without end in a way that records do not have"),
        ("FREQ=MINUTELY;UNTIL=20991231T000000Z", "on more than 366 dates"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "in a way that records do not have"),
        ("FREQ=OFTEN", "contradicts itself"),
        ("FREQ=WEEKLY;COUNT=none", "cannot be read"),
        ("BYDAY=MO", "cannot be read"),
    ],
)
def test_a_rule_that_no_record_can_have_is_refused_and_the_others_go_on(rule: str, message: str) -> None:
    other = "END:VEVENT\nBEGIN:VEVENT\nUID:two\nDTSTART:20270301T170000Z\nSUMMARY:y"
    drafts = read(events(START, f"RRULE:{rule}", "SUMMARY:x", other))

    assert [draft.uid for draft in drafts.drafts] == ["two"]
    assert [message in finding.message for finding in drafts.findings if finding.is_error] == [True]


SERIES = {
    "hours": (START, END, "RRULE:FREQ=HOURLY;INTERVAL=5;COUNT=9"),
    "minutes": (START, "RRULE:FREQ=MINUTELY;INTERVAL=30;UNTIL=20270301T190000Z"),
    "two rules": (START, END, "RRULE:FREQ=WEEKLY;COUNT=3", "RRULE:FREQ=MONTHLY;COUNT=3"),
    "dates alone": (START, END, "RDATE:20270310T170000Z,20270405T160000Z"),
    "whole days alone": (DAY, "RDATE;VALUE=DATE:20270310,20270405"),
    "start taken out": (START, END, "RRULE:FREQ=WEEKLY;COUNT=5", "EXDATE:20270301T170000Z"),
    "start beside its rule": (START, END, "RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=3"),
    "weeks of the year": (START, END, "RRULE:FREQ=YEARLY;BYWEEKNO=9;BYDAY=MO;COUNT=3"),
    "through the change of clocks": (START, END, "RRULE:FREQ=DAILY;COUNT=60"),
    "dates where clocks change": (
        "DTSTART;TZID=Europe/Berlin:20270301T023000", "RDATE;TZID=Europe/Berlin:20271031T023000",
    ),
    "periods": (START, END, "RDATE;VALUE=PERIOD:20270310T170000Z/PT3H,20270311T170000Z/20270311T193000Z"),
}  # fmt: skip


def test_series_of_all_sorts_are_published_with_the_dates_that_they_have(tmp_path: Path) -> None:
    calendars = {name: events(*lines, "SUMMARY:x") for name, lines in SERIES.items()}
    published = publish(tmp_path / "site", {name: read(text) for name, text in calendars.items()})

    for name, text in calendars.items():
        theirs = said(text.encode())
        assert len(theirs) > 1
        assert said(*published[name]) == theirs, name


PERIOD = "RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20270303T180000/PT2H"


@pytest.mark.parametrize("more", [[], ["RRULE:FREQ=WEEKLY;COUNT=3"]])
def test_a_date_with_a_length_of_its_own_keeps_it_where_its_event_has_none(
    more: list[str], tmp_path: Path
) -> None:
    text = events(START, "SUMMARY:x", *more, PERIOD)
    (published,) = publish(tmp_path / "site", {"calendar": read(text)}).values()

    assert ("20270303T170000Z", "20270303T190000Z", False) in said(*published)
    assert said(*published) == said(text.encode())


def test_the_first_date_s_own_length_is_not_that_of_the_others(tmp_path: Path) -> None:
    gone = "EXDATE;TZID=Europe/Berlin:20270301T180000"
    text = events(START, "SUMMARY:x", PERIOD, gone, "RDATE;TZID=Europe/Berlin:20270305T180000")
    (published,) = publish(tmp_path / "site", {"calendar": read(text)}).values()

    assert said(*published) == said(text.encode())
