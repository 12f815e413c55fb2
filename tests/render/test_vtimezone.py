"""Whoever reads our VTIMEZONE sees an event at the hour at which it takes place.

`zoneinfo`, which reads the zone files itself, says what is right. Three programs that
know nothing but the VTIMEZONE are asked as well: dateutil, icalendar and ical.
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import dateutil.tz
import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from publisher.render.vtimezone import observances, parse_footer, parse_tzif, vtimezone, write_vtimezone
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
    return lambda local: (local - local.replace(tzinfo=tz).utcoffset()).replace(tzinfo=UTC, fold=0)


def read_by_icalendar(component: bytes) -> Reader:
    """icalendar lists the instants of all changes; a local time is looked up among them."""
    parsed = icalendar.Timezone.from_ical(component)
    instants, phases = parsed.get_transitions()
    offsets = [offset for offset, _, _ in phases]

    def to_utc(local: datetime) -> datetime:
        possible = sorted({local.replace(fold=0) - offset for offset in offsets})
        shown = [utc for utc in possible if utc + offsets[max(bisect_right(instants, utc) - 1, 0)] == local]
        return shown[min(local.fold, len(shown) - 1)].replace(tzinfo=UTC)

    return to_utc


def read_by_ical(component: bytes) -> Reader:
    timezone = IcsCalendarStream.calendar_from_ics(calendar_with(component)).timezones[0]

    def to_utc(local: datetime) -> datetime:
        in_force = timezone.get_observance(local)
        assert in_force is not None
        return (local - in_force.observance.tz_offset_to.offset).replace(tzinfo=UTC, fold=0)

    return to_utc


READERS = pytest.mark.parametrize("read", [read_by_dateutil, read_by_icalendar, read_by_ical])


# The hours to ask about


@cache
def zones_that_differ() -> list[str]:
    """One name for each set of rules: the other names of a zone have the same file."""
    return sorted({zone_file(name): name for name in sorted(zone_names(), reverse=True)}.values())


@cache
def clock_changes(name: str) -> list[datetime]:
    """The first second of each new offset within the span, as zoneinfo has it."""
    return list(changes_of(zone(name), FIRST, LAST))


def changes_of(tz: ZoneInfo, first: date, last: date) -> Iterator[datetime]:
    def offset(instant: datetime) -> timedelta | None:
        return instant.astimezone(tz).utcoffset()

    days = [datetime(first.year, first.month, first.day, tzinfo=UTC) + n * DAY for n in range((last - first).days)]
    for day in days:
        if offset(day) != offset(day + DAY):
            yield day + SECOND * bisect_right(
                range(86_400), 0, key=lambda n, day=day: offset(day + SECOND * n) != offset(day)
            )


def around(changes: Iterable[datetime]) -> Iterator[datetime]:
    for change in changes:
        yield from (change + apart for apart in (-HOUR, -SECOND, 0 * SECOND, SECOND, HOUR - SECOND, HOUR))


def happens_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def wrong_hours(read: Reader, tz: ZoneInfo, instants: Iterable[datetime], *, knows_folds: bool = True) -> list[str]:
    """The local times that a reader takes for another instant."""
    wrong = []
    for instant in instants:
        local = instant.astimezone(tz)
        if not knows_folds and local.fold:
            continue
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

    assert utc == f"{to_utc(datetime.fromisoformat(local)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("read", "knows_folds"),
    [
        (read_by_dateutil, True),
        (read_by_icalendar, True),
        # ical has no notion of fold (PEP 495): it takes the second showing of a repeated hour for the first.
        (read_by_ical, False),
    ],
)
def test_every_zone_is_right_to_the_second_around_every_change_until_2037(
    read: Callable[[bytes], Reader], knows_folds: bool
) -> None:
    wrong = []
    for name in zones_that_differ():
        to_utc, tz = read(vtimezone(name, FIRST, LAST)), zone(name)
        sample = (datetime(2020, 1, 2, 3, tzinfo=UTC) + n * 97 * DAY for n in range(66))
        wrong += wrong_hours(to_utc, tz, around(clock_changes(name)), knows_folds=knows_folds)
        wrong += wrong_hours(to_utc, tz, sample, knows_folds=knows_folds)

    assert [] == wrong


def test_the_repeated_hours_that_ical_cannot_tell_apart_are_taken_for_their_first_showing() -> None:
    """Why the test above asks ical about no second showing: it is the one thing that is wrong with it."""
    to_utc = read_by_ical(vtimezone("Europe/Berlin", FIRST, LAST))

    shown_twice = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001 -- a local time
    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) == to_utc(shown_twice.replace(fold=0))
    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) == to_utc(shown_twice.replace(fold=1))


@given(st.data())
def test_any_hour_of_any_span_of_any_zone_is_right(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(zones_that_differ()))
    first = data.draw(st.dates(date(1971, 1, 1), date(2037, 1, 1)))
    last = first + timedelta(days=data.draw(st.integers(0, 1200)))
    tz = zone(name)
    begin = datetime(first.year, first.month, first.day, tzinfo=tz).astimezone(UTC)
    end = datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=tz).astimezone(UTC)
    seconds = st.integers(0, int((end - begin).total_seconds()))
    hours = [begin, end, *(begin + SECOND * n for n in data.draw(st.lists(seconds, max_size=5)))]
    hours += [hour for hour in around(changes_of(tz, first, last)) if begin <= hour <= end]

    component = vtimezone(name, first, last)

    assert [] == wrong_hours(read_by_dateutil(component), tz, hours)
    assert [] == wrong_hours(read_by_icalendar(component), tz, [hour for hour in hours if hour.second == 0])


# Seasons of every kind, also such as no country has today


@st.composite
def footers(draw: st.DrawFn) -> str:
    """POSIX TZ strings with every form of day, and times far outside the day, as RFC 8536 allows."""
    spring, autumn = draw(onsets(3, 4)), draw(onsets(9, 10))
    if draw(st.booleans()):
        spring, autumn = autumn, spring
    west = draw(st.integers(-14 * 60, 12 * 60))
    saving = draw(st.sampled_from([60, 30, 120, -60]))
    return f"<-00>{clock(west)}<DST>{clock(west - saving)},{spring},{autumn}"


@st.composite
def onsets(draw: st.DrawFn, *months: int) -> str:
    weekday = f"M{draw(st.sampled_from(months))}.{draw(st.integers(1, 5))}.{draw(st.integers(0, 6))}"
    day = 30 * months[0] + draw(st.integers(-15, 20))
    form = draw(st.sampled_from([weekday, weekday, f"J{day}", f"{day}"]))
    hours = draw(st.sampled_from([2, 0, 24, 26, 50, 167, -1, -25, -167]))
    return f"{form}/{hours}"


def clock(minutes: int) -> str:
    return f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02}"


def zone_file_of(footer: str) -> bytes:
    """A TZif file with one phase, no dated change, and the footer (RFC 8536 section 3)."""
    header = struct.pack(">4sc15x6l", b"TZif", b"3", 0, 0, 0, 0, 1, 4)
    block = struct.pack(">l?B4s", 0, False, 0, b"-00\0")
    return header + block + header + block + f"\n{footer}\n".encode()


@pytest.mark.parametrize(
    "footer",
    [
        "<-00>-2<DST>,M3.4.4/50,M10.4.4/50",  # Saturdays, two days after the fourth Thursday
        "<-00>-2<DST>,M4.5.5/0,M10.5.4/24",  # a Friday that is in October or in November
        "<-00>2<DST>,M3.5.0/-1,M10.5.0/0",  # a Saturday evening
        "<-00>5<DST>,J60/0,J300/24",  # always 1 March
        "<-00>5<DST>,J59/24,J300",  # 29 February or 1 March: no rule can tell
        "<-00>5<DST>,59/2,300/2",  # the sixtieth day of the year
        "<-00>-10<DST>,M2.5.0/26,M11.1.0",  # a Monday after the last Sunday of February: no rule can tell
        "<-00>-1<DST>0,M10.5.0,M3.5.0/1",  # winter time is the exception
        "<-00>5<DST>4,0/0,J365/25",  # daylight saving all year
        "<-00>-5:45",
    ],
)
def test_seasons_of_this_form_are_read_as_zoneinfo_reads_them(footer: str) -> None:
    assert_read_alike(footer)


@given(footers())
def test_seasons_of_any_form_are_read_as_zoneinfo_reads_them(footer: str) -> None:
    assert_read_alike(footer)


def assert_read_alike(footer: str) -> None:
    first, last = date(2026, 1, 1), date(2036, 12, 31)
    data = zone_file_of(footer)
    tz = ZoneInfo.from_file(io.BytesIO(data), key="Test/Zone")
    component = write_vtimezone("Test/Zone", observances(parse_tzif(data), first, last))
    hours = [*around(changes_of(tz, first, last)), datetime(2026, 7, 1, tzinfo=UTC)]

    assert [] == wrong_hours(read_by_dateutil(component), tz, hours)
    assert [] == wrong_hours(read_by_icalendar(component), tz, hours)


@pytest.mark.parametrize("footer", ["CET", "CET-1CEST", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.0,soon", "-1"])
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

    assert expected.replace("\n", "\r\n").encode() == vtimezone("Europe/Berlin", FIRST, LAST)


def test_almaty_tells_its_change_of_2024_where_the_span_has_it() -> None:
    both = vtimezone("Asia/Almaty", date(2024, 2, 1), date(2026, 12, 31))
    after = vtimezone("Asia/Almaty", date(2026, 1, 1), date(2026, 12, 31))

    assert ["DTSTART:20041031T030000", "DTSTART:20240301T000000"] == starts(both)
    assert ["DTSTART:20240301T000000"] == starts(after)


def test_a_zone_that_never_changes_has_one_standard() -> None:
    fixed = vtimezone("Asia/Kolkata", FIRST, LAST)

    assert ["DTSTART:19700101T000000"] == starts(fixed)
    assert ["TZOFFSETFROM:+0530", "TZOFFSETTO:+0530"] == [line for line in lines_of(fixed) if "OFFSET" in line]


def test_irish_winter_is_standard_and_summer_is_daylight_for_programs_that_know_no_other_way() -> None:
    parts = icalendar.Timezone.from_ical(vtimezone("Europe/Dublin", FIRST, LAST)).subcomponents

    assert [("DAYLIGHT", "IST"), ("STANDARD", "GMT")] == [(part.name, part["TZNAME"]) for part in parts]


def test_seasons_begin_with_the_first_year_that_has_them() -> None:
    """The United States moved theirs in 2007: the years before are told one by one."""
    parts = icalendar.Timezone.from_ical(
        vtimezone("America/New_York", date(2006, 1, 1), date(2026, 1, 1))
    ).subcomponents

    assert [
        (datetime(2005, 10, 30, 2), False),  # noqa: DTZ001 -- DTSTART of an observance is local
        (datetime(2006, 4, 2, 2), False),  # noqa: DTZ001
        (datetime(2006, 10, 29, 2), False),  # noqa: DTZ001
        (datetime(2007, 3, 11, 2), True),  # noqa: DTZ001
        (datetime(2007, 11, 4, 2), True),  # noqa: DTZ001
    ] == [(part.DTSTART, "RRULE" in part) for part in parts]


def test_a_span_that_ends_before_the_seasons_begin_has_no_rule() -> None:
    assert b"RRULE" not in vtimezone("America/New_York", date(2003, 1, 1), date(2006, 12, 1))


def test_every_zone_is_written_in_the_plainest_form() -> None:
    """One VTIMEZONE with a STANDARD, CRLF, lines of at most 75 octets, no lists of dates, nothing before 1970."""
    for name in zone_names():
        component = vtimezone(name, FIRST, LAST)
        lines = lines_of(component)

        assert "BEGIN:VTIMEZONE" == lines[0], name
        assert ["END:VTIMEZONE", ""] == lines[-2:], name
        assert f"TZID:{name}" == lines[1], name
        assert 1 == lines.count("BEGIN:VTIMEZONE"), name
        assert "BEGIN:STANDARD" in lines, name
        assert component.count(b"\n") == component.count(b"\r\n") == len(lines) - 1, name
        assert max(map(len, lines)) <= 75, name
        assert not [line for line in lines if line.startswith(("RDATE", "COMMENT", "EXDATE"))], name
        assert min(starts(component)) >= "DTSTART:19700101T000000", name
        assert all("BYDAY=" in line for line in lines if line.startswith("RRULE")), name


def starts(component: bytes) -> list[str]:
    return [line for line in lines_of(component) if line.startswith("DTSTART")]


@pytest.mark.parametrize("name", ["Europe/Berlin", "Africa/Casablanca", "Africa/Cairo"])
def test_a_zone_is_written_the_same_every_time(name: str) -> None:
    once = vtimezone(name, FIRST, LAST)
    vtimezone.cache_clear()

    assert once == vtimezone(name, FIRST, LAST)


def test_another_name_of_a_zone_has_the_same_rules_under_its_own_name() -> None:
    kolkata = vtimezone("Asia/Kolkata", FIRST, LAST)

    assert kolkata.replace(b"Kolkata", b"Calcutta") == vtimezone("Asia/Calcutta", FIRST, LAST)


def test_anywhere_on_earth_is_written_under_its_iana_name() -> None:
    assert "TZID:Etc/GMT+12" == lines_of(vtimezone("AoE", FIRST, LAST))[1]


def test_a_zone_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownZone):
        vtimezone("Asia/Nowhere", FIRST, LAST)
