"""A series takes place at the instants that its calendar's own zone gives, whatever the site's zone is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar.timezone import tzp

from calendar_import.roundtrip import codes, events, publish, read, said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from calendar_import.roundtrip import Said

SITES = ["Asia/Almaty", "UTC", "Europe/Berlin"]
LINES = ["DTSTART;TZID=Our:20260611T090000", "DTEND;TZID=Our:20260611T100000", "SUMMARY:x"]


def vtimezone(tzid: str, standard: str, daylight: str, offsets: tuple[str, str] = ("+0100", "+0200")) -> str:
    """A zone whose clocks change on these days of October and March."""
    winter, summer = offsets
    return f"""\
BEGIN:VTIMEZONE
TZID:{tzid}
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:{summer}
TZOFFSETTO:{winter}
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY={standard}
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:{winter}
TZOFFSETTO:{summer}
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY={daylight}
END:DAYLIGHT
END:VTIMEZONE
"""


ODD = vtimezone("Our", "2SU", "-1SU")


@pytest.fixture(autouse=True)
def _zones_of_each_file() -> Iterator[None]:
    """The engine keeps the zones of a file by their names, for all files after it."""
    tzp.use_default()
    yield
    tzp.use_default()


def published(text: str, site: str, folder: Path) -> set[Said]:
    drafts = read(text, site)
    assert [str(finding) for finding in drafts.findings if finding.is_error] == []
    (files,) = publish(folder, {"calendar": drafts}).values()
    return said(*files)


def starts(text: str, site: str, folder: Path) -> list[str]:
    return sorted(each.start for each in published(text, site, folder))


SERIES = [
    ["RRULE:FREQ=WEEKLY;COUNT=3"],
    ["RRULE:FREQ=WEEKLY;COUNT=30"],
    ["RRULE:FREQ=WEEKLY;UNTIL=20261112T080000Z", "EXDATE;TZID=Our:20261015T090000"],
    ["RRULE:FREQ=DAILY;INTERVAL=9;COUNT=20", "EXDATE:20261015T080000Z"],
    ["RDATE;TZID=Our:20260613T090000,20261113T090000"],
    ["RDATE;TZID=Europe/Berlin:20261020T090000", "RDATE:20261021T080000Z"],
]
MOVED = [
    "RECURRENCE-ID;TZID=Our:20261015T090000", "DTSTART;TZID=Our:20261015T113000",
    "DTEND;TZID=Our:20261015T123000", "SUMMARY:later",
]  # fmt: skip


def calendar(*entries: list[str], before: str = ODD) -> str:
    """A calendar of entries, each with its own UID as its first line."""
    inside = "".join(
        "\n".join(["BEGIN:VEVENT", "DTSTAMP:20270101T000000Z", *each, "END:VEVENT", ""]) for each in entries
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{before}{inside}END:VCALENDAR\n"


@pytest.mark.parametrize("site", SITES)
def test_a_series_in_a_zone_that_only_its_calendar_knows_keeps_its_instants(
    site: str, tmp_path: Path
) -> None:
    series = [[f"UID:{number}", *LINES, *lines] for number, lines in enumerate(SERIES)]
    moved = [["UID:1", *MOVED], ["UID:3", "RECURRENCE-ID:20261024T080000Z", *MOVED[1:]]]
    text = calendar(*series, *moved)

    assert published(text, site, tmp_path / "site") == said(text.replace("\n", "\r\n").encode())


def test_the_instants_are_those_of_the_calendar_s_own_rules(tmp_path: Path) -> None:
    text = events(*LINES, "RDATE;TZID=Our:20261013T090000,20261113T090000", before=ODD)

    assert starts(text, "Asia/Almaty", tmp_path / "site") == [
        "20260611T070000Z", "20261013T080000Z", "20261113T080000Z",
    ]  # fmt: skip


@pytest.mark.parametrize("site", SITES)
def test_a_windows_name_means_what_the_file_says_of_it_for_every_date(site: str, tmp_path: Path) -> None:
    name = "W. Europe Standard Time"
    text = events(
        f"DTSTART;TZID={name}:20260109T090000", f"DTEND;TZID={name}:20260109T100000", "SUMMARY:x",
        "RRULE:FREQ=WEEKLY;COUNT=20", before=vtimezone(name, "-1SU", "2SU"),
    )  # fmt: skip

    assert published(text, site, tmp_path / "site") == said(text.replace("\n", "\r\n").encode())


def stale(*lines: str, daylight: str = "2SU") -> str:
    return events(
        "DTSTART;TZID=Europe/Berlin:20260109T090000", "SUMMARY:x", *lines,
        before=vtimezone("Europe/Berlin", "-1SU", daylight),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("FREQ=DAILY;INTERVAL=7;COUNT=50", "2026-03-13 09:00"),
        ("FREQ=WEEKLY", "2026-03-13 09:00"),
        ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20260320T000000Z", "2026-03-09 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=28", "2026-03-28 09:00"),
        ("FREQ=MINUTELY;INTERVAL=3600;COUNT=30", "2026-03-10 09:00"),
    ],
)
def test_the_first_date_is_told_that_outdated_rules_of_a_zone_put_at_another_time(
    rule: str, first: str
) -> None:
    (told,) = [each for each in read(stale(f"RRULE:{rule}")).findings if each.code == "import-time-zone"]

    theirs, ours = int(first[11:13]) - 2, int(first[11:13]) - 1
    assert told.message == (
        f"the calendar's own rules of Europe/Berlin put {first} at {theirs:02}:00 UTC; "
        f"by those that hold there it is {ours:02}:00 UTC, which is kept"
    )


@pytest.mark.parametrize(
    "lines",
    [
        ["RRULE:FREQ=WEEKLY;COUNT=9"],
        ["RRULE:FREQ=WEEKLY;COUNT=10", "EXDATE;TZID=Europe/Berlin:20260313T090000"],
        ["RRULE:FREQ=YEARLY"],
    ],
)
def test_rules_that_differ_on_none_of_the_dates_are_not_spoken_of(lines: list[str]) -> None:
    assert codes(read(stale(*lines))) == []


def test_rules_that_differ_for_a_single_day_are_told_of_a_date_on_it() -> None:
    daily = stale("RRULE:FREQ=DAILY;COUNT=100", daylight="-1SA")

    assert "2026-03-28 09:00 at 07:00 UTC" in read(daily).findings[0].message


@st.composite
def foreign(draw: st.DrawFn) -> tuple[str, str]:
    """A series in a zone that nobody has or in IANA's, and a site in another."""
    # One name means one zone to the engine, in whatever file.
    own = {"Our": vtimezone("Our", "2SU", "-1SU"), "Far": vtimezone("Far", "1SU", "3SU", ("+0545", "+0645"))}
    tzid = draw(st.sampled_from([*own, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]))
    site = draw(st.sampled_from(SITES))
    start = draw(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)))  # noqa: DTZ001 -- local time
    start = start.replace(hour=draw(st.sampled_from([0, 9, 23])), minute=30, second=0, microsecond=0)
    rule = draw(st.sampled_from([
        "FREQ=DAILY;INTERVAL=5", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=SU,TH", "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=HOURLY;INTERVAL=50", "FREQ=DAILY;BYHOUR=6,22;BYMINUTE=30",
    ]))  # fmt: skip
    lines = [f"DTSTART;TZID={tzid}:{start:%Y%m%dT%H%M%S}", "DURATION:PT45M", f"SUMMARY:{rule}"]
    if draw(st.booleans()):
        lines.append(f"RRULE:{rule};COUNT={draw(st.integers(1, 60))}")
    days = draw(st.lists(st.integers(1, 400), min_size=1, max_size=3))
    lines += [f"RDATE;TZID={tzid}:{start + timedelta(days=each):%Y%m%dT%H%M%S}" for each in days]
    return events(*lines, before=own.get(tzid, "")), site


@settings(max_examples=15)
@given(case=foreign())
def test_any_series_has_the_same_instants_in_any_site(
    case: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text, site = case

    assert published(text, site, tmp_path_factory.mktemp("zones") / "site") == said(
        text.replace("\n", "\r\n").encode()
    )


def test_a_length_by_days_is_counted_by_the_calendar_s_own_clocks() -> None:
    """From noon to noon over the night in October in which its clocks go back: 25 hours."""
    text = events("DTSTART;TZID=Our:20261010T120000", "DURATION:P1D", "SUMMARY:x", before=ODD)
    fields = read(text, "UTC").drafts[0].fields

    assert (fields["start"], fields["end"]) == ("2026-10-10 10:00", "2026-10-11 11:00")
    assert ZoneInfo(fields["timezone"]).utcoffset(datetime.now(UTC)) == timedelta()
