"""The lint: each rule finds what breaks it, at its line, and nothing in its mended twin."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.diagnostics import Severity
from publisher.ics.components import read_stream
from publisher.ics.lint import check, check_entry
from publisher.ics.rules import RULES
from publisher.linting.tally import MOST_OF_A_SORT

HERE = Path(__file__).parent
BROKEN = HERE / "broken"
MENDED = HERE / "mended"
#: What is found in each of `broken/`: the line and column at which the rule of its name is broken.
PLACES = {
    "not-utf-8": (9, 10),
    "byte-order-mark": (1, 1),
    "bare-line-feed": (1, 16),
    "no-final-line-break": (11, 14),
    "line-too-long": (10, 76),
    "fold-in-character": (10, 1),
    "fold-after-backslash": (10, 21),
    "control-character": (9, 13),
    "blank-line": (10, 1),
    "line-without-colon": (11, 1),
    "bad-name": (10, 1),
    "bad-parameter": (10, 1),
    "no-calendar": (1, 1),
    "outside-component": (12, 1),
    "unbalanced": (10, 1),
    "nested-too-deep": (30, 1),
    "truncated": (1, 1),
    "product-missing": (1, 1),
    "version-missing": (1, 1),
    "version-unknown": (2, 9),
    "scale-unknown": (4, 10),
    "calendar-empty": (1, 1),
    "name-only-new": (4, 1),
    "value-type-missing": (4, 1),
    "method-unknown": (4, 8),
    "method-in-feed": (6, 1),
    "zone-name-unknown": (4, 15),
    "uid-missing": (4, 1),
    "stamp-missing": (4, 1),
    "start-missing": (4, 1),
    "start-missing-in-series": (4, 1),
    "uid-repeated": (12, 5),
    "property-repeated": (10, 1),
    "property-unknown": (9, 1),
    "property-after-component": (15, 1),
    "component-misplaced": (11, 1),
    "method-incomplete": (5, 1),
    "date-malformed": (8, 7),
    "date-type-wrong": (7, 9),
    "zone-on-utc": (24, 9),
    "stamp-not-utc": (6, 9),
    "time-floating": (7, 9),
    "time-unclear": (24, 28),
    "end-and-duration": (10, 1),
    "end-type-wrong": (8, 18),
    "end-before-start": (8, 18),
    "end-is-start": (8, 7),
    "duration-malformed": (9, 10),
    "all-day-by-time": (7, 9),
    "zone-missing": (7, 9),
    "zone-unused": (4, 1),
    "zone-repeated": (21, 1),
    "zone-incomplete": (13, 1),
    "zone-without-standard": (4, 1),
    "zone-offset-malformed": (10, 12),
    "zone-start-not-local": (7, 9),
    "zone-date-lists": (8, 1),
    "zone-rule-without-weekday": (8, 7),
    "zone-until-local": (8, 40),
    "zone-onset-late": (6, 1),
    "zone-begins-later": (16, 9),
    "zone-wrong": (16, 9),
    "zone-misread": (24, 9),
    "rule-malformed": (10, 7),
    "rule-until-and-count": (10, 7),
    "rule-until-type": (10, 18),
    "rule-never": (10, 7),
    "rule-too-often": (10, 7),
    "rule-without-start": (7, 9),
    "rule-repeated": (11, 1),
    "exception-rule": (11, 1),
    "dates-type-wrong": (11, 19),
    "dates-zone-other": (28, 8),
    "exception-without-occurrence": (11, 8),
    "override-type-wrong": (35, 26),
    "override-zone-other": (35, 15),
    "override-without-series": (27, 1),
    "override-without-occurrence": (18, 15),
    "status-unknown": (10, 8),
    "class-unknown": (10, 7),
    "transparency-unknown": (10, 8),
    "number-out-of-range": (10, 10),
    "geo-malformed": (10, 5),
    "colour-unknown": (10, 7),
    "uri-malformed": (10, 5),
    "encoding-unknown": (10, 9),
    "binary-without-encoding": (10, 1),
    "cancelled-without-sequence": (10, 1),
    "text-unescaped": (10, 19),
    "escape-unknown": (10, 16),
    "text-with-markup": (10, 13),
    "text-spliced": (10, 10),
    "categories-escaped": (10, 17),
    "text-only-styled": (10, 1),
    "alarm-incomplete": (10, 1),
    "trigger-malformed": (12, 9),
    "alarm-in-feed": (12, 1),
}
#: Where something is amiss with a cause that is told as well.
BESIDE = {"zone-misread": {"zone-date-lists"}}
#: Rules about sizes; their calendars are made here.
OF_SIZES = {"calendar-large", "calendar-long"}

EVENT = (
    "BEGIN:VEVENT",
    "UID:open-day@example.org",
    "DTSTAMP:20261101T120000Z",
    "DTSTART:20270611T040000Z",
    "SUMMARY:Open day",
    "END:VEVENT",
)


def _calendar(*lines: str) -> bytes:
    inner = lines or EVENT
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example.org//Calendars to be checked//EN")
    return "".join(f"{line}\r\n" for line in (*head, *inner, "END:VCALENDAR")).encode()


def _event(number: int) -> tuple[str, ...]:
    return tuple(line.replace("open-day", f"day-{number}") for line in EVENT)


def _series(rule: str, name: str, value: str) -> bytes:
    """A weekday's event from 11 June 2027 on, a Friday, with an EXDATE or a changed occurrence."""
    series = (*EVENT[:-1], f"RRULE:{rule}", *([f"{name}:{value}"] if name == "EXDATE" else []), EVENT[-1])
    change = (*EVENT[:-1], f"{name}:{value}", EVENT[-1]) if name == "RECURRENCE-ID" else ()
    return _calendar(*series, *change)


def _codes(data: bytes) -> list[str]:
    return [finding.code for finding in check(data, "x.ics")]


def test_every_rule_has_its_broken_calendar_and_its_mended_one() -> None:
    codes = {rule.code for rule in RULES} - OF_SIZES

    assert len(codes) == len(RULES) - len(OF_SIZES)
    assert {path.stem for path in BROKEN.iterdir()} == codes == set(PLACES)
    assert {path.stem for path in MENDED.iterdir()} == codes


@pytest.mark.parametrize("code", sorted(PLACES))
def test_a_broken_calendar_is_told_at_its_line(code: str) -> None:
    found = check((BROKEN / f"{code}.ics").read_bytes(), "x.ics")
    (finding,) = (each for each in found if each.code == code)

    assert {each.code for each in found} == {code} | BESIDE.get(code, set())
    assert (finding.span.line, finding.span.column) == PLACES[code]
    assert finding.hint


@pytest.mark.parametrize("code", sorted(PLACES))
def test_a_mended_calendar_is_silent(code: str) -> None:
    assert [str(each) for each in check((MENDED / f"{code}.ics").read_bytes(), "x.ics")] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_why_who_misreads_and_what_to_do(rule: object) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", rule.code)
    assert rule.why.endswith(".")
    assert rule.misread.endswith(".")
    assert rule.source
    assert rule.mend[0].islower()
    assert not rule.mend.endswith(".")


@pytest.mark.parametrize("code", sorted(PLACES))
def test_a_finding_has_the_severity_of_its_rule(code: str) -> None:
    severities = {rule.code: rule.severity for rule in RULES}

    assert all(
        each.severity is severities[each.code]
        for each in check((BROKEN / f"{code}.ics").read_bytes(), "x.ics")
    )


@pytest.mark.parametrize("code", sorted(PLACES))
def test_findings_are_told_in_one_style(code: str) -> None:
    for finding in check((BROKEN / f"{code}.ics").read_bytes(), "x.ics"):
        assert re.match(r"expected |unknown property '", finding.message)
        assert not finding.message.endswith(".")
        assert finding.hint[0].islower()


# What else is said of single rules.


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("DTEND:20270611T030000Z", "end-before-start"),
        ("DTEND;VALUE=DATE:20270611", "end-type-wrong"),
        ("DTEND:20270611T060000", "end-type-wrong"),
        ("DURATION:-PT1H", "duration-malformed"),
        ("DTEND:20270230T060000Z", "date-malformed"),
        ("DTEND:20270611T240000Z", "date-malformed"),
        ("RRULE:FREQ=DAILY;BYMONTH=13", "rule-malformed"),
        ("RRULE:FREQ=WEEKLY;BYDAY=1FR", "rule-malformed"),
        ("RRULE:FREQ=WEEKLY;BYMONTHDAY=11", "rule-malformed"),
        ("RRULE:FREQ=DAILY;COUNT=0", "rule-malformed"),
        ("RRULE:FREQ=DAILY;BYSETPOS=1", "rule-malformed"),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4,6,9", "rule-never"),
        ("RRULE:FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=15", "rule-never"),
        ("RRULE:FREQ=DAILY;UNTIL=20270610T000000Z", "rule-never"),
        ("RRULE:FREQ=MINUTELY", "rule-too-often"),
        ("RRULE:FREQ=MINUTELY;COUNT=10000000", "rule-too-often"),
        ("RRULE:FREQ=SECONDLY;UNTIL=99991231T235959Z", "rule-too-often"),
        ("RRULE:FREQ=MINUTELY;BYSECOND=0,10,20,30,40,50;UNTIL=20270711T040000Z", "rule-too-often"),
        ("RDATE;VALUE=DATE:20270613", "dates-type-wrong"),
        ("GEO:91;0", "geo-malformed"),
        ("SEQUENCE:-1", "number-out-of-range"),
        ("COLOR:sky", "colour-unknown"),
        ("URL:https://example.org/a\\,b", "uri-malformed"),
        ("ORGANIZER:jane@example.org", "uri-malformed"),
        ("DESCRIPTION:fish; chips", "text-unescaped"),
        ("DESCRIPTION:see <a href='https://example.org'>us</a>", "text-with-markup"),
        ("DESCRIPTION:fish &amp\\; chips", "text-with-markup"),
        ("DESCRIPTION:undefined", "text-spliced"),
        ("DTEND;TZID=UTC+05:00:20270611T110000", "date-malformed"),
    ],
)
def test_an_event_with_this_line_breaks_this_rule(line: str, code: str) -> None:
    assert code in _codes(_calendar(*EVENT[:-1], line, EVENT[-1]))


@pytest.mark.parametrize(
    "line",
    [
        "DESCRIPTION:if a < b and b > c\\, then a <> c",
        "DESCRIPTION:R&D at AT&T",
        "CATEGORIES:Smith\\, John",
        "CATEGORIES:Good\\,Bad,Ugly",
        "LOCATION:None of your business",
        "STATUS:confirmed",
        "RRULE:FREQ=MONTHLY;BYDAY=FR;BYSETPOS=2",
        "RRULE:FREQ=YEARLY;BYYEARDAY=162",
        "RRULE:FREQ=SECONDLY;COUNT=3",
        "RRULE:FREQ=MINUTELY;INTERVAL=90;UNTIL=20371231T040000Z",
        "RRULE:FREQ=MINUTELY;BYHOUR=4;BYMINUTE=0,30;UNTIL=20371231T040000Z",
        "RRULE:FREQ=MINUTELY;BYSECOND=0;UNTIL=20270711T040000Z",
        "RRULE:FREQ=DAILY;UNTIL=20270611T040000Z",
        "URL:https://пример.kz/мероприятие",
        "ORGANIZER;CN=Nobody:invalid:nomail",
        "X-ANYTHING:a, b; c",
        "CLASS:X-STAFF",
        "DTEND:20270612T000000Z",
    ],
)
def test_an_event_with_this_line_is_sound(line: str) -> None:
    assert _codes(_calendar(*EVENT[:-1], line, EVENT[-1])) == []


def test_a_zone_is_compared_with_what_it_is_today_where_it_is_used() -> None:
    """The old hour of Almaty is right for an event of before, and wrong for one of after 1 March 2024."""
    data = (BROKEN / "zone-wrong.ics").read_bytes()

    assert _codes(data.replace(b"20270611T", b"20230611T")) == []
    assert _codes(data.replace(b":20270611T", b":20240301T")) == ["zone-wrong"]


def test_a_series_is_followed_to_where_its_zone_goes_astray() -> None:
    """The series begins when the zone is right; only its later occurrences are an hour off."""
    data = (BROKEN / "zone-wrong.ics").read_bytes().replace(b":20270611T", b":20230611T")
    endless = data.replace(b"SUMMARY", b"RRULE:FREQ=WEEKLY\r\nSUMMARY")
    short = data.replace(b"SUMMARY", b"RRULE:FREQ=WEEKLY;COUNT=4\r\nSUMMARY")
    ended = data.replace(b"SUMMARY", b"RRULE:FREQ=WEEKLY;UNTIL=20231231T000000Z\r\nSUMMARY")

    (finding,) = check(endless, "x.ics")
    assert finding.message == (
        "expected Asia/Almaty to be at +0500 on 2024-03-03 09:00, its VTIMEZONE says +0600"
    )
    assert _codes(short) == _codes(ended) == []


@pytest.mark.parametrize("value", ["20280611T090000", "20200101T090000,20280611T090000"])
def test_a_zone_is_compared_at_the_dates_that_an_event_adds(value: str) -> None:
    """The event and its first date are of before the change; only the other one is an hour off."""
    data = (BROKEN / "zone-wrong.ics").read_bytes().replace(b":20270611T", b":20230611T")
    added = f"RDATE;TZID=Asia/Almaty:{value}\r\nSUMMARY".encode()

    (finding,) = check(data.replace(b"SUMMARY", added), "x.ics")
    assert finding.code == "zone-wrong"
    assert finding.span.line == 18
    assert "2028-06-11" in finding.message


def test_an_exception_needs_nothing_of_its_zone() -> None:
    data = (BROKEN / "zone-wrong.ics").read_bytes().replace(b":20270611T", b":20230611T")

    assert _codes(data.replace(b"SUMMARY", b"EXDATE;TZID=Asia/Almaty:20280611T090000\r\nSUMMARY")) == []


def test_a_zone_that_begins_after_its_first_use_is_told_once() -> None:
    """Whatever its name: what clocks showed before is not said."""
    data = (BROKEN / "zone-begins-later.ics").read_bytes()

    (finding,) = check(data.replace(b"Asia/Almaty", b"Almaty Standard Time"), "x.ics")
    assert finding.message == (
        "expected the VTIMEZONE of 'Almaty Standard Time' to begin before '20270611T090000', "
        "got one from 2030-03-01 on (and 1 more line)"
    )
    assert _codes(data.replace(b":20270611T", b":20300301T")) == []


def test_a_zone_that_begins_in_1601_is_sound() -> None:
    """As in what Outlook exports."""
    data = (MENDED / "zone-begins-later.ics").read_bytes()

    assert _codes(data.replace(b"DTSTART:20240301T", b"DTSTART:16010101T")) == []


# Dates that no series has.

DAILY = "FREQ=DAILY;COUNT=5"
WEEKLY = "FREQ=WEEKLY;COUNT=5"


@pytest.mark.parametrize(
    ("rule", "value", "wanted"),
    [
        (WEEKLY, "20270619T040000Z", "on a day on which the rule falls"),
        (WEEKLY, "20270618T030000Z", "at 04:00:00, as the series is"),
        (WEEKLY, "20270604T040000Z", "from the start of the series on"),
        (WEEKLY, "20270716T040000Z", "before the end of the series"),
        ("FREQ=WEEKLY;UNTIL=20270618T040000Z", "20270625T040000Z", "before the end of the series"),
        ("FREQ=DAILY;UNTIL=20270613T030000Z", "20270613T040000Z", "before the end of the series"),
        ("FREQ=DAILY;UNTIL=20270613", "20270615T040000Z", "before the end of the series"),
        ("FREQ=DAILY;COUNT=9;BYDAY=FR", "20280611T040000Z", "before the end of the series"),
        ("FREQ=MONTHLY;BYDAY=2FR", "20270618T040000Z", "on a day on which the rule falls"),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=2", "20270806T040000Z", "on a day on which the rule falls"),
        ("FREQ=WEEKLY;INTERVAL=2", "20270618T040000Z", "on a day on which the rule falls"),
        ("FREQ=HOURLY;BYDAY=FR", "20270612T040000Z", "on a day on which the rule falls"),
    ],
)
@pytest.mark.parametrize("name", ["EXDATE", "RECURRENCE-ID"])
def test_a_date_that_the_series_does_not_have_is_told(name: str, rule: str, value: str, wanted: str) -> None:
    messages = [finding.message for finding in check(_series(rule, name, value), "x.ics")]

    assert f"expected {name} {wanted}, got '{value}'" in messages


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (WEEKLY, "20270611T040000Z"),
        (WEEKLY, "20270709T040000Z"),
        ("FREQ=DAILY;UNTIL=20270613T040000Z", "20270613T040000Z"),
        ("FREQ=WEEKLY;COUNT=900", "20370619T040000Z"),
        ("FREQ=DAILY;COUNT=9;BYHOUR=4,5", "20270615T050000Z"),
        ("FREQ=HOURLY;INTERVAL=48;COUNT=5", "20270619T040000Z"),
        ("FREQ=MINUTELY;COUNT=100", "20270611T041500Z"),
        ("FREQ=WEEKLY;BYDAY=SU,WE;BYSETPOS=1", "20270613T040000Z"),
        ("FREQ=MONTHLY;BYHOUR=3,2;COUNT=1", "20270711T020000Z"),
        ("FREQ=YEARLY;BYWEEKNO=23;BYDAY=FR", "20280609T040000Z"),
        ("FREQ=DAILY", "99981231T040000Z"),
    ],
)
@pytest.mark.parametrize("name", ["EXDATE", "RECURRENCE-ID"])
def test_a_date_that_the_series_has_or_may_have_is_sound(name: str, rule: str, value: str) -> None:
    codes = _codes(_series(rule, name, value))

    assert not {"exception-without-occurrence", "override-without-occurrence"} & set(codes)


@pytest.mark.parametrize("name", ["EXDATE", "RECURRENCE-ID"])
def test_a_date_that_is_added_is_one_of_the_series(name: str) -> None:
    data = _series(WEEKLY + "\r\nRDATE:20270612T100000Z", name, "20270612T100000Z")

    assert _codes(data) == []


def test_a_change_of_an_event_that_does_not_recur_is_of_its_start() -> None:
    single = _series(WEEKLY, "RECURRENCE-ID", "20270618T040000Z").replace(
        b"RRULE:FREQ=WEEKLY;COUNT=5\r\n", b""
    )

    assert _codes(single) == ["override-without-occurrence"]
    assert _codes(single.replace(b"ID:20270618T", b"ID:20270611T")) == []


def test_days_are_held_against_a_series_of_days() -> None:
    data = _series(DAILY, "EXDATE", "20270616T040000Z").replace(b"T040000Z", b"")
    days = data.replace(b"DTSTART:", b"DTSTART;VALUE=DATE:").replace(b"EXDATE:", b"EXDATE;VALUE=DATE:")

    assert _codes(days) == ["exception-without-occurrence"]
    assert _codes(days.replace(b":20270616", b":20270615")) == []


def test_each_date_of_a_list_is_of_the_type_of_the_start() -> None:
    (finding,) = check(_series(WEEKLY, "EXDATE", "20270618T040000Z,20270625"), "x.ics")

    assert finding.code == "dates-type-wrong"
    assert finding.span.column == len("EXDATE:20270618T040000Z,") + 1


def test_a_zone_of_another_name_is_what_its_calendar_says() -> None:
    data = (BROKEN / "zone-wrong.ics").read_bytes().replace(b"Asia/Almaty", b"Almaty Standard Time")

    assert _codes(data) == []


def test_a_zone_behind_the_prefix_of_a_registry_is_known() -> None:
    data = (BROKEN / "zone-wrong.ics").read_bytes().replace(b"Asia/Almaty", b"/example.org/2026/Asia/Almaty")

    assert _codes(data) == ["zone-wrong"]


def test_what_vcalendar_says_otherwise_is_not_held_against_it() -> None:
    data = _calendar(*EVENT[:-1], "DTEND;ENCODING=QUOTED-PRINTABLE:now", EVENT[-1])

    assert _codes(data.replace(b"VERSION:2.0", b"VERSION:1.0")) == ["version-unknown"]


def test_a_web_page_is_told_in_one_finding() -> None:
    assert _codes(b"<!DOCTYPE html>\n<html>\n<p>Sign in: now</p>\n</html>\n") == ["no-calendar"]


def test_a_large_calendar_is_told() -> None:
    big = _calendar(*EVENT[:-1], "COMMENT:x", *[f" {'x' * 74}"] * 7_000, EVENT[-1])
    long = _calendar(*(line for number in range(1_001) for line in _event(number)))

    assert _codes(big) == ["calendar-large"]
    assert _codes(long) == ["calendar-long"]


def test_of_many_findings_of_one_sort_some_are_shown_and_all_are_counted() -> None:
    many = MOST_OF_A_SORT + 7
    data = _calendar(
        *(line for number in range(many) for line in (*_event(number)[:-1], "GEO:x", "END:VEVENT"))
    )

    *_, last = found = check(data, "x.ics")
    assert len(found) == MOST_OF_A_SORT
    assert (
        last.message
        == "expected two numbers with a semicolon between them, got 'x' (and 7 more of this sort)"
    )


# An entry by itself.


def test_an_entry_is_checked_with_its_zones_by_the_same_rules() -> None:
    (calendar,) = read_stream((BROKEN / "zone-wrong.ics").read_bytes()).calendars
    lines = (BROKEN / "zone-wrong.ics").read_bytes().splitlines(keepends=True)
    zone, event = (child.number - 1 for child in calendar.children)
    zones, vevents = b"".join(lines[zone:event]), b"".join(lines[event:-1])

    assert [each.code for each in check_entry(vevents, zones)] == ["zone-wrong"]
    assert [each.code for each in check_entry(vevents, b"")] == ["zone-missing"]
    assert [each.code for each in check_entry(vevents, zones.replace(b"+0600", b"x"))] == [
        "zone-offset-malformed"
    ]


def test_a_sound_entry_is_silent() -> None:
    assert check_entry("".join(f"{line}\r\n" for line in EVENT).encode(), b"") == ()


# Bad input.


@pytest.mark.parametrize(
    ("data", "first"),
    [
        (b"", "no-calendar"),
        (b"\0" * 1_000, "no-calendar"),
        (_calendar().decode().encode("utf-16"), "not-utf-8"),
        (_calendar(*EVENT[:-1], "LOCATION:Genève", EVENT[-1]).decode().encode("latin-1"), "not-utf-8"),
        (_calendar()[:120], "truncated"),
        (b"BEGIN:VEVENT\r\n" * 30_000, "no-calendar"),
    ],
)
def test_what_is_hardly_a_calendar_is_told(data: bytes, first: str) -> None:
    found = check(data, "x.ics")

    assert found[0].code == first
    assert found[0].severity is Severity.ERROR


def test_a_description_of_ten_megabytes_is_told_and_nothing_else() -> None:
    data = _calendar(*EVENT[:-1], "DESCRIPTION:" + "x\\, <" * 2_000_000, EVENT[-1])

    assert _codes(data) == ["calendar-large", "line-too-long"]


def test_a_hundred_thousand_events_fit_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "many.ics"
    path.write_bytes(_calendar(*(line for number in range(100_000) for line in _event(number))))
    code = (
        "import sys; from pathlib import Path; from publisher.ics.lint import check;"
        "print(*(each.code for each in check(Path(sys.argv[1]).read_bytes(), 'x.ics')));"
        # Not ru_maxrss: a new process is given that of the one that began it.
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )

    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)

    codes, kilobytes = done.stdout.splitlines()
    assert codes == "calendar-large calendar-long"
    assert int(kilobytes) < 1_000_000


@given(st.binary())
def test_no_octets_are_too_bad_to_be_checked(data: bytes) -> None:
    found = check(data, "x.ics")

    assert list(found) == sorted(found)
    assert check_entry(data, data) is not None


_NAMES = st.sampled_from(
    [
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "EXDATE",
        "RDATE",
        "RECURRENCE-ID",
        "UID",
        "STATUS",
        "GEO",
        "URL",
        "TRIGGER",
        "DTSTAMP",
        "TZOFFSETTO",
        "TZID",
    ]
)
_VALUES = st.sampled_from(
    [
        "",
        "20270611",
        "20270611T090000",
        "20270611T090000Z",
        "00010101T000000",
        "99991231T235959Z",
        "PT1H",
        "-P1W",
        "00010101",
        "99991231",
        "20270611,20270612",
        "20270611T090000Z/PT1H",
        "+0100",
        "-0000",
        "1;2",
        "x",
        "\\",
        "FREQ=DAILY",
        "FREQ=DAILY;COUNT=9",
        "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "FREQ=YEARLY;BYWEEKNO=53",
        "FREQ=WEEKLY;INTERVAL=999999999",
        "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1;UNTIL=99991231",
        "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L",
        "Europe/Berlin",
    ]
)
_PARAMETERS = st.sampled_from(
    ["", ";TZID=Europe/Berlin", ";VALUE=DATE", ";VALUE=PERIOD", ";TZID=Asia/Almaty"]
)
_PROPERTY = st.builds("{}{}:{}".format, _NAMES, _PARAMETERS, _VALUES)
_BLOCK = st.builds(
    lambda name, lines: [f"BEGIN:{name}", *lines, f"END:{name}"],
    st.sampled_from(["VEVENT", "VTODO", "VTIMEZONE", "STANDARD", "VALARM"]),
    st.lists(_PROPERTY, max_size=8),
)


@given(st.lists(_BLOCK, max_size=4))
def test_no_values_are_too_odd_to_be_checked(blocks: list[list[str]]) -> None:
    zone = (BROKEN / "zone-wrong.ics").read_bytes().split(b"BEGIN:VEVENT")[0].decode().splitlines()[3:]
    data = _calendar(*zone, *(line for block in blocks for line in block))

    assert all(finding.code and finding.message for finding in check(data, "x.ics"))
