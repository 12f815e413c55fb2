"""Whoever reads our VTIMEZONE sees an event at the hour at which it takes place.

`zoneinfo`, which reads the zone files itself, says what is right. Three readers that are
told nothing but the VTIMEZONE are asked the same: dateutil, icalendar and ical.

All are wrong somewhere, where no VTIMEZONE can mend it; the tests leave out that much:

- ical takes the second showing of a repeated hour for the first, having no notion of fold (PEP 495);
- icalendar reads offsets to the minute, which is too coarse for Liberia until 1972, and rules to 2038;
- ical does not see an observance that has neither RRULE nor RDATE. It asks its own database first,
  so that no event with an IANA name is wrong: all of ours have one;
- zoneinfo takes the days that POSIX calls n one day too early, and J59 for 29 February in leap years.
  No zone has such days.
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import dateutil.tz
import icalendar
import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from publisher.ics.tzif import parse_footer, parse_tzif
from publisher.ics.vtimezone import observances, vtimezone, write_vtimezone
from publisher.zones import UnknownZone, zone, zone_file, zone_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    #: A local time, marked with `fold` as zoneinfo does, to UTC.
    Reader = Callable[[datetime], datetime]

FIRST, LAST = date(2020, 1, 1), date(2037, 12, 31)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


# Three readers


def calendar_with(component: bytes) -> str:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example.org//test//EN\r\n"
    return f"{head}{component.decode()}END:VCALENDAR\r\n"


def read_by_dateutil(component: bytes) -> Reader:
    tz = dateutil.tz.tzical(io.StringIO(calendar_with(component))).get()
    return lambda local: local.replace(tzinfo=tz).astimezone(UTC)


def read_by_icalendar(component: bytes) -> Reader:
    """icalendar lists the instants of all changes; a local time is looked up among them."""
    instants, phases = parsed(component).get_transitions()
    offsets = [offset for offset, _, _ in phases]
    kinds = sorted(set(offsets))

    def to_utc(local: datetime) -> datetime:
        possible = sorted(local.replace(fold=0) - offset for offset in kinds)
        shown = [utc for utc in possible if utc + offsets[max(bisect_right(instants, utc) - 1, 0)] == local]
        utc: datetime = shown[min(local.fold, len(shown) - 1)]
        return utc.replace(tzinfo=UTC)

    return to_utc


def parsed(component: bytes) -> icalendar.Timezone:
    timezone = icalendar.Timezone.from_ical(component)
    assert isinstance(timezone, icalendar.Timezone)
    return timezone


def read_by_ical(component: bytes) -> Reader:
    timezone = IcsCalendarStream.calendar_from_ics(calendar_with(component)).timezones[0]

    def to_utc(local: datetime) -> datetime:
        in_force = timezone.get_observance(local)
        assert in_force is not None
        return (local - in_force.observance.tz_offset_to.offset).replace(tzinfo=UTC, fold=0)

    return to_utc


def read_event_by_ical(component: bytes, name: str, local: str) -> datetime:
    """The start of an event in a calendar with this VTIMEZONE, in UTC."""
    event = (
        f"BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID={name}:{local}\r\nEND:VEVENT\r\n"
    )
    calendar = IcsCalendarStream.calendar_from_ics(calendar_with(component + event.encode()))
    start = calendar.events[0].dtstart
    assert isinstance(start, datetime)
    return start.astimezone(UTC)


READERS = pytest.mark.parametrize("read", [read_by_dateutil, read_by_icalendar])


# The hours to ask about


@cache
def zones_that_differ() -> list[str]:
    """One name for each set of rules: the other names of a zone have the same file."""
    return sorted({zone_file(name): name for name in sorted(zone_names(), reverse=True)}.values())


@cache
def clock_changes(name: str) -> list[datetime]:
    """The first second of each new offset within the span, as zoneinfo has it."""
    return list(changes_of(zone(name), FIRST, LAST))


def changes_of(tz: ZoneInfo, first: date, last: date, step: timedelta = DAY) -> Iterator[datetime]:
    """Found by looking at the offset every `step`, then by halving."""

    def offset(instant: datetime) -> timedelta | None:
        return instant.astimezone(tz).utcoffset()

    before = datetime(first.year, first.month, first.day, tzinfo=UTC)
    while before.date() <= last:
        after = before + step
        if (old := offset(before)) != offset(after):
            seconds = range(int(step.total_seconds()))
            yield before + SECOND * bisect_right(seconds, 0, key=partial(differs, offset, before, old))
        before = after


def differs(
    offset: Callable[[datetime], timedelta | None], before: datetime, old: timedelta | None, seconds: int
) -> bool:
    return offset(before + SECOND * seconds) != old


def around(changes: Iterable[datetime]) -> Iterator[datetime]:
    for change in changes:
        yield from (change + apart for apart in (-HOUR, -SECOND, 0 * SECOND, SECOND, HOUR - SECOND, HOUR))


def hours_to_ask(name: str, *, second_showings: bool = True) -> list[datetime]:
    """Around each change of the zone, and some hours of all seasons and times of day."""
    sample = (datetime(2020, 1, 2, tzinfo=UTC) + n * 2339 * HOUR for n in range(66))
    hours = [*around(clock_changes(name)), *sample]
    return [hour for hour in hours if second_showings or not hour.astimezone(zone(name)).fold]


def wrong_hours(read: Reader, tz: ZoneInfo, instants: Iterable[datetime]) -> list[str]:
    """The local times that a reader takes for another instant."""
    wrong = []
    for instant in instants:
        local = instant.astimezone(tz)
        got = read(local.replace(tzinfo=None))
        if got != instant:
            wrong.append(f"{tz.key} {local}: {got:%H:%M:%S} UTC")
    return wrong


# What is promised


@pytest.mark.parametrize(
    ("name", "local", "utc"),
    [
        ("Europe/Berlin", "2026-07-01 09:00", "2026-07-01 07:00"),
        ("Europe/Berlin", "2026-12-01 09:00", "2026-12-01 08:00"),
        ("America/New_York", "2026-07-01 09:00", "2026-07-01 13:00"),
        ("America/New_York", "2026-12-01 09:00", "2026-12-01 14:00"),
        ("Asia/Almaty", "2024-02-29 22:59", "2024-02-29 16:59"),
        ("Asia/Almaty", "2024-03-01 00:00", "2024-02-29 19:00"),
        ("Asia/Almaty", "2026-06-11 09:00", "2026-06-11 04:00"),
        ("Europe/Dublin", "2026-01-15 12:00", "2026-01-15 12:00"),
        ("Europe/Dublin", "2026-07-15 12:00", "2026-07-15 11:00"),
        ("Australia/Lord_Howe", "2026-01-15 12:00", "2026-01-15 01:00"),
        ("Australia/Lord_Howe", "2026-07-15 12:00", "2026-07-15 01:30"),
        ("America/Nuuk", "2026-03-28 22:59", "2026-03-29 00:59"),
        ("America/Nuuk", "2026-03-29 00:00", "2026-03-29 01:00"),
        ("Africa/Cairo", "2024-10-31 22:59", "2024-10-31 19:59"),
        ("Africa/Cairo", "2024-11-01 00:00", "2024-10-31 22:00"),
        ("Africa/Casablanca", "2025-03-10 12:00", "2025-03-10 12:00"),
        ("Africa/Casablanca", "2025-05-10 12:00", "2025-05-10 11:00"),
        ("Asia/Kolkata", "2026-07-01 09:00", "2026-07-01 03:30"),
        ("AoE", "2026-07-01 23:59", "2026-07-02 11:59"),
    ],
)
@READERS
def test_nine_o_clock_is_nine_o_clock_there(
    read: Callable[[bytes], Reader], name: str, local: str, utc: str
) -> None:
    to_utc = read(vtimezone(name, date(2024, 1, 1), date(2026, 12, 31)))

    assert f"{to_utc(datetime.fromisoformat(local)):%Y-%m-%d %H:%M}" == utc


@READERS
def test_every_zone_is_right_to_the_second_around_every_change_until_2037(
    read: Callable[[bytes], Reader],
) -> None:
    wrong = []
    for name in zones_that_differ():
        wrong += wrong_hours(read(vtimezone(name, FIRST, LAST)), zone(name), hours_to_ask(name))

    assert wrong == []


def test_every_zone_that_has_rules_only_is_right_for_ical_until_2037_but_in_second_showings() -> None:
    wrong, asked = [], 0
    for name in zones_that_differ():
        component = vtimezone(name, FIRST, LAST)
        if component.count(b"RRULE") == component.count(b"DTSTART"):
            asked += 1
            wrong += wrong_hours(
                read_by_ical(component), zone(name), hours_to_ask(name, second_showings=False)
            )

    assert wrong == []
    assert asked > 80


def test_ical_takes_the_second_showing_of_an_hour_for_the_first() -> None:
    to_utc = read_by_ical(vtimezone("Europe/Berlin", FIRST, LAST))
    shown_twice = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001 -- a local time

    assert to_utc(shown_twice.replace(fold=0)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert to_utc(shown_twice.replace(fold=1)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "utc"), [("Asia/Almaty", "04:00"), ("Asia/Kolkata", "03:30"), ("Africa/Casablanca", "08:00")]
)
def test_ical_does_not_see_single_observances_but_has_events_right_by_the_name_of_the_zone(
    name: str, utc: str
) -> None:
    component = vtimezone(name, FIRST, LAST)
    unknown = component.replace(name.encode(), b"Nowhere")

    assert f"{read_event_by_ical(component, name, '20260611T090000'):%H:%M}" == utc
    assert f"{read_event_by_ical(unknown, 'Nowhere', '20260611T090000'):%H:%M}" == "09:00"


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Pacific/Apia", "2009-01-01", "2022-12-31"),  # without 30 December 2011
        ("Pacific/Apia", "2011-12-29", "2011-12-31"),
        ("Africa/Juba", "2020-12-01", "2021-03-01"),  # from +03:00 to +02:00
        ("America/Sao_Paulo", "2017-01-01", "2020-12-31"),  # the last summer time ended in 2019
        ("Asia/Almaty", "2023-01-01", "2025-01-01"),
        ("Asia/Gaza", "2024-01-01", "2037-12-31"),  # around Ramadan
        ("Africa/El_Aaiun", "2020-01-01", "2037-12-31"),
        ("Africa/Casablanca", "2020-01-01", "2037-12-31"),  # no more changes after September 2026
        ("Asia/Gaza", "2070-01-01", "2095-12-31"),  # its dated changes end in 2086
        ("America/Nuuk", "2022-01-01", "2037-12-31"),  # seasons at another offset from 2024 on
        ("Antarctica/Troll", "2020-01-01", "2037-12-31"),
        ("Europe/Berlin", "1971-01-01", "1999-12-31"),  # a series that began long ago
        ("America/New_York", "1971-01-01", "2037-12-31"),
    ],
)
def test_a_zone_is_right_in_its_odd_years(name: str, first: str, last: str) -> None:
    span, tz = (date.fromisoformat(first), date.fromisoformat(last)), zone(name)
    changes = list(changes_of(tz, *span))
    component = vtimezone(name, *span)
    begin = datetime.combine(span[0], time(), tz).astimezone(UTC)
    hours = [begin, *(hour for hour in around(changes) if hour >= begin)]

    assert changes
    assert wrong_hours(read_by_dateutil(component), tz, hours) == []
    if span[1] < date(2038, 1, 1):
        assert wrong_hours(read_by_icalendar(component), tz, hours) == []


@pytest.mark.parametrize("name", ["Europe/Berlin", "Asia/Almaty", "America/New_York"])
def test_a_series_that_begins_after_the_span_has_its_hours_too(name: str) -> None:
    """A calendar tells zones until 2037; what recurs may begin in 2150."""
    component, tz = vtimezone(name, date(2150, 1, 1), LAST), zone(name)
    local = [datetime(2150, month, 1, 12) for month in (1, 4, 7, 10)]  # noqa: DTZ001 -- local times

    read = read_by_dateutil(component)

    assert [read(each) for each in local] == [each.replace(tzinfo=tz).astimezone(UTC) for each in local]


def test_a_zone_whose_file_tells_no_seasons_stays_as_its_last_change_left_it() -> None:
    """RFC 8536 section 3.3: the footer may be empty; zoneinfo then does the same."""
    footer = b"\nCET-1CEST,M3.5.0,M10.5.0/3\n"
    data = zone_file("Europe/Berlin").replace(footer, b"\n\n")
    tz = ZoneInfo.from_file(io.BytesIO(data), key="Europe/Berlin")
    component = write_vtimezone("Europe/Berlin", observances(parse_tzif(data), FIRST, LAST))
    hours = [datetime(year, month, 1, tzinfo=UTC) for year in (2025, 2037, 2039) for month in (1, 7)]

    assert data != zone_file("Europe/Berlin")
    assert b"RRULE" not in component
    assert wrong_hours(read_by_dateutil(component), tz, hours) == []


@given(st.data())
def test_any_hour_of_any_span_of_any_zone_is_right(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(zones_that_differ()))
    first = data.draw(st.dates(date(1970, 1, 1), date(2034, 6, 1)))
    last = first + timedelta(days=data.draw(st.integers(0, 1200)))
    tz = zone(name)
    begin = datetime(first.year, first.month, first.day, tzinfo=tz).astimezone(UTC)
    end = datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=tz).astimezone(UTC)
    seconds = st.integers(0, int((end - begin).total_seconds()))
    hours = [begin, end, *(begin + SECOND * n for n in data.draw(st.lists(seconds, max_size=5)))]
    hours += [hour for hour in around(changes_of(tz, first, last)) if begin <= hour <= end]

    component = vtimezone(name, first, last)

    assert wrong_hours(read_by_dateutil(component), tz, hours) == []
    if not has_offset_of_seconds(tz, begin):
        assert wrong_hours(read_by_icalendar(component), tz, hours) == []


def has_offset_of_seconds(tz: ZoneInfo, instant: datetime) -> bool:
    """As Liberia until 1972 (-00:44:30): icalendar reads offsets to the minute."""
    return (instant.astimezone(tz).utcoffset() or HOUR) % timedelta(minutes=1) != timedelta()


# Seasons of every kind, also such as no country has today


@st.composite
def footers(draw: st.DrawFn) -> str:
    """POSIX TZ strings whose times may be far outside the day, as RFC 8536 section 3.3.1 allows."""
    spring, autumn = draw(onsets(3, 4)), draw(onsets(9, 10))
    if draw(st.booleans()):
        spring, autumn = autumn, spring
    ahead = draw(st.sampled_from([60, 30, 120, -60]))
    return f"<-00>0<DST>{clock(-ahead)},{spring},{autumn}"


@st.composite
def onsets(draw: st.DrawFn, *months: int) -> str:
    weekday = f"M{draw(st.sampled_from(months))}.{draw(st.integers(1, 5))}.{draw(st.integers(0, 6))}"
    day = 30 * months[0] + draw(st.integers(-15, 20))
    form = draw(st.sampled_from([weekday, weekday, f"J{day}"]))
    hours = draw(st.sampled_from([2, 0, 24, 26, 50, 167, -1, -25, -167]))
    return f"{form}/{hours}"


def clock(minutes: int) -> str:
    return f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02}"


def zone_file_of(footer: str) -> bytes:
    """A TZif file with one phase, no dated change, and the footer (RFC 8536 section 3)."""
    header = struct.pack(">4sc15x6l", b"TZif", b"3", 0, 0, 0, 0, 1, 4)
    block = struct.pack(">l?B4s", 0, False, 0, b"-00\0")
    return header + block + header + block + f"\n{footer}\n".encode()


def component_of(data: bytes) -> bytes:
    return write_vtimezone("Test/Zone", observances(parse_tzif(data), date(2026, 1, 1), date(2036, 12, 31)))


@pytest.mark.parametrize(
    ("footer", "is_told_by_rules"),
    [
        ("<-00>0<DST>,M3.4.4/50,M10.4.4/50", True),  # Saturdays, two days after the fourth Thursday
        ("<-00>0<DST>,M4.5.5/0,M10.5.4/24", True),  # a Friday that is in October or in November
        ("<-00>0<DST>,M3.5.0/-1,M10.5.0/0", True),  # a Saturday evening
        ("<-00>0<DST>,J60/0,J300/24", True),  # always 1 March
        ("<-00>0<DST>,M2.5.0/26,M11.1.0", False),  # the day after the last Sunday of February
        ("<-00>0<DST>,M2.5.0/-1,M11.1.0", False),  # the day before it
        ("<-00>0<DST>1,M10.5.0,M3.5.0/1", True),  # winter time is the exception
        ("<-00>0<DST>,0/0,J365/25", False),  # daylight saving all year
    ],
)
def test_seasons_of_this_form_are_read_as_zoneinfo_reads_them(footer: str, is_told_by_rules: object) -> None:
    assert_read_alike(footer)
    assert (b"RRULE" in component_of(zone_file_of(footer))) == is_told_by_rules


@given(footers())
def test_seasons_of_any_form_are_read_as_zoneinfo_reads_them(footer: str) -> None:
    assert_read_alike(footer)


def assert_read_alike(footer: str) -> None:
    data = zone_file_of(footer)
    tz = ZoneInfo.from_file(io.BytesIO(data), key="Test/Zone")
    changes = changes_of(tz, date(2026, 1, 1), date(2036, 12, 31), step=7 * DAY)
    hours = [*around(changes), datetime(2026, 7, 1, tzinfo=UTC)]
    component = component_of(data)

    assert wrong_hours(read_by_dateutil(component), tz, hours) == []
    assert wrong_hours(read_by_icalendar(component), tz, hours) == []


@pytest.mark.parametrize(
    ("footer", "days"),
    [
        # 29 February is counted by 'n', which goes from 0
        ("<-00>0<DST>,59/12,300/12", ["2027-03-01", "2027-10-28", "2028-02-29", "2028-10-27"]),
        ("<-00>0<DST>,59/36,300/12", ["2027-03-02", "2027-10-28", "2028-03-01", "2028-10-27"]),
        ("<-00>0<DST>,364/12,100/12", ["2027-04-11", "2027-12-31", "2028-04-10", "2028-12-30"]),
        ("<-00>0<DST>,364/36,100/12", ["2027-01-01", "2027-04-11", "2028-01-01", "2028-04-10", "2028-12-31"]),
        # and not by 'Jn', which goes from 1
        ("<-00>0<DST>,J59/12,J300/12", ["2027-02-28", "2027-10-27", "2028-02-28", "2028-10-27"]),
        ("<-00>0<DST>,J59/36,J300/12", ["2027-03-01", "2027-10-27", "2028-02-29", "2028-10-27"]),
    ],
)
@READERS
def test_seasons_that_begin_on_a_day_of_the_year_begin_as_posix_says(
    read: Callable[[bytes], Reader], footer: str, days: list[str]
) -> None:
    to_utc = read(component_of(zone_file_of(footer)))
    mornings = [datetime(2027, 1, 1, 6) + n * DAY for n in range(2 * 366)]  # noqa: DTZ001 -- local times

    ahead = [morning - to_utc(morning).replace(tzinfo=None) for morning in mornings]
    nights = zip(mornings, ahead, ahead[1:], strict=False)

    assert [f"{morning:%Y-%m-%d}" for morning, then, now in nights if then != now] == days


@pytest.mark.parametrize(
    "footer", ["CET", "CET-1CEST", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.0,soon", "-1"]
)
def test_a_footer_that_is_none_is_refused_rather_than_guessed(footer: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_footer(footer)


def test_a_file_that_is_no_zone_file_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a TZif file"):
        parse_tzif(b"TZif" + bytes(60))


# The form that all calendar programs understand


def lines_of(component: bytes) -> list[str]:
    return component.decode().split("\r\n")


def test_berlin_is_two_yearly_rules() -> None:
    expected = """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""

    assert vtimezone("Europe/Berlin", FIRST, LAST) == expected.replace("\n", "\r\n").encode()


def test_almaty_tells_its_change_of_2024_where_the_span_has_it() -> None:
    both = vtimezone("Asia/Almaty", date(2024, 2, 1), date(2026, 12, 31))
    after = vtimezone("Asia/Almaty", date(2026, 1, 1), date(2026, 12, 31))

    assert starts(both) == ["DTSTART:20041031T030000", "DTSTART:20240301T000000"]
    assert starts(after) == ["DTSTART:20240301T000000"]


def test_a_zone_that_never_changes_has_one_standard() -> None:
    fixed = vtimezone("Asia/Kolkata", FIRST, LAST)

    assert starts(fixed) == ["DTSTART:19700101T000000"]
    assert [line for line in lines_of(fixed) if "OFFSET" in line] == [
        "TZOFFSETFROM:+0530",
        "TZOFFSETTO:+0530",
    ]


def test_irish_winter_is_standard_and_summer_is_daylight_for_programs_that_know_no_other_way() -> None:
    parts = parsed(vtimezone("Europe/Dublin", FIRST, LAST)).subcomponents

    assert [(part.name, part["TZNAME"]) for part in parts] == [("DAYLIGHT", "IST"), ("STANDARD", "GMT")]


def test_seasons_begin_with_the_first_year_that_has_them() -> None:
    """The United States moved theirs in 2007: the years before are told one by one."""
    parts = parsed(vtimezone("America/New_York", date(2006, 1, 1), date(2026, 1, 1))).subcomponents

    assert [(f"{part.DTSTART:%Y-%m-%d}", "RRULE" in part) for part in parts] == [
        ("2005-10-30", False),
        ("2006-04-02", False),
        ("2006-10-29", False),
        ("2007-03-11", True),
        ("2007-11-04", True),
    ]


def test_a_span_that_ends_before_the_seasons_begin_has_no_rule() -> None:
    assert b"RRULE" not in vtimezone("America/New_York", date(2003, 1, 1), date(2006, 12, 1))


def test_every_zone_is_written_in_the_plainest_form() -> None:
    """One VTIMEZONE with a STANDARD, CRLF, lines of 75 octets at most, no RDATE, nothing before 1970."""
    for name in zone_names():
        component = vtimezone(name, FIRST, LAST)
        lines = lines_of(component)

        assert lines[0] == "BEGIN:VTIMEZONE", name
        assert lines[-2:] == ["END:VTIMEZONE", ""], name
        assert lines[1] == f"TZID:{name}", name
        assert lines.count("BEGIN:VTIMEZONE") == 1, name
        assert "BEGIN:STANDARD" in lines, name
        assert component.count(b"\n") == component.count(b"\r\n") == len(lines) - 1, name
        assert max(map(len, lines)) <= 75, name
        assert not [line for line in lines if line.startswith(("RDATE", "COMMENT", "EXDATE"))], name
        assert min(starts(component)) >= "DTSTART:19700101T000000", name
        assert all("BYDAY=" in line for line in lines if line.startswith("RRULE")), name


def test_every_rule_begins_with_a_day_that_it_tells() -> None:
    """RFC 5545 leaves open what happens otherwise, and programs differ."""
    for name in zones_that_differ():
        for start, rule in pairwise(lines_of(vtimezone(name, FIRST, LAST))):
            if rule.startswith("RRULE:"):
                begin = datetime.fromisoformat(start.removeprefix("DTSTART:"))

                assert rrulestr(rule, dtstart=begin)[0] == begin, name


def starts(component: bytes) -> list[str]:
    return [line for line in lines_of(component) if line.startswith("DTSTART")]


@pytest.mark.parametrize("name", ["Europe/Berlin", "Africa/Casablanca", "Africa/Cairo"])
def test_a_zone_is_written_the_same_every_time(name: str) -> None:
    once = vtimezone(name, FIRST, LAST)
    vtimezone.cache_clear()

    assert vtimezone(name, FIRST, LAST) == once


def test_another_name_of_a_zone_has_the_same_rules_under_its_own_name() -> None:
    kolkata = vtimezone("Asia/Kolkata", FIRST, LAST)

    assert vtimezone("Asia/Calcutta", FIRST, LAST) == kolkata.replace(b"Kolkata", b"Calcutta")


def test_anywhere_on_earth_is_written_under_its_iana_name() -> None:
    assert lines_of(vtimezone("AoE", FIRST, LAST))[1] == "TZID:Etc/GMT+12"


def test_a_zone_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownZone):
        vtimezone("Asia/Nowhere", FIRST, LAST)
