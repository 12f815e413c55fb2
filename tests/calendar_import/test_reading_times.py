"""When an event takes place stays when it takes place: zones by any name, missing zones, odd ends."""

from __future__ import annotations

import pytest

from calendar_import.roundtrip import codes, events, only, read

BERLIN_RULES = """\
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
"""


def vtimezone(tzid: str, rules: str = BERLIN_RULES) -> str:
    return f"BEGIN:VTIMEZONE\nTZID:{tzid}\n{rules}END:VTIMEZONE\n"


def fixed(offset: str) -> str:
    return (
        f"BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\n"
    )


def when(text: str) -> tuple[str, str | None, str | None]:
    fields = only(text).fields
    return fields["start"], fields.get("end"), fields.get("timezone")


@pytest.mark.parametrize(
    ("tzid", "expected"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("US/Eastern", "US/Eastern"),
        ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
        ("(UTC+05:00) Astana", "Asia/Almaty"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("(UTC) Coordinated Universal Time", "UTC"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("GMT+0100", "Etc/GMT-1"),
        ("UTC-03:00", "Etc/GMT+3"),
    ],
)
def test_a_zone_is_known_by_any_name_that_programs_give_it(tzid: str, expected: str) -> None:
    assert when(events(f'DTSTART;TZID="{tzid}":20270301T090000', "SUMMARY:x")) == (
        "2027-03-01 09:00", None, expected,
    )  # fmt: skip


def test_a_zone_of_any_other_name_is_found_by_its_own_rules() -> None:
    text = events("DTSTART;TZID=Our zone:20270701T090000", "SUMMARY:x", before=vtimezone("Our zone"))

    assert when(text) == ("2027-07-01 09:00", None, "Europe/Berlin")


def test_the_cities_that_a_name_tells_come_first_among_zones_with_the_same_rules() -> None:
    tzid = "(UTC+01:00) Brussels, Madrid"
    text = events(f'DTSTART;TZID="{tzid}":20270701T090000', "SUMMARY:x", before=vtimezone(tzid))

    assert when(text) == ("2027-07-01 09:00", None, "Europe/Brussels")


def test_rules_that_no_zone_has_keep_the_instant() -> None:
    odd = vtimezone("Odd", fixed("+0017"))
    drafts = read(events("DTSTART;TZID=Odd:20270701T090000", "SUMMARY:x", before=odd))

    assert drafts.drafts[0].fields["start"] == "2027-07-01 13:43"
    assert drafts.drafts[0].fields["timezone"] == "Asia/Almaty"


def test_rules_of_outlook_count_where_they_are_not_those_of_the_name_s_zone() -> None:
    """Kazakhstan's time before March 2024 was an hour ahead; a machine that does not know is still there."""
    name = "Central Asia Standard Time"
    text = events(f"DTSTART;TZID={name}:20270701T090000", "SUMMARY:x", before=vtimezone(name, fixed("+0500")))

    assert when(text) == ("2027-07-01 09:00", None, "Asia/Almaty")


def test_rules_of_iana_count_under_its_name_and_the_difference_is_told() -> None:
    stale = vtimezone("Asia/Almaty", fixed("+0600"))
    drafts = read(events("DTSTART;TZID=Asia/Almaty:20270701T090000", "SUMMARY:x", before=stale))

    assert drafts.drafts[0].fields["start"] == "2027-07-01 09:00"
    (told,) = drafts.findings
    assert str(told) == (
        "foreign.ics:15:1: warning[import-time-zone]: "
        "the calendar's own rules of Asia/Almaty put 2027-07-01 09:00 at 03:00 UTC; "
        "by those that hold there it is 04:00 UTC, which is kept\n"
        "  hint: compare the local time with its source"
    )


def test_a_zone_that_nothing_explains_makes_a_draft_that_says_so() -> None:
    drafts = read(events("DTSTART;TZID=Nowhere:20270701T090000", "SUMMARY:x"))

    assert drafts.drafts[0].fields["draft"] is True
    assert codes(drafts) == ["import-unknown-time-zone"]


def test_times_without_a_zone_are_the_calendar_s_else_the_site_s_and_told_once() -> None:
    floating = "DTSTART:20270701T090000\nDTEND:20270701T100000\nSUMMARY:x"
    drafts = read(events(floating))

    assert drafts.drafts[0].fields["timezone"] == "Asia/Almaty"
    assert [finding.message for finding in drafts.findings] == [
        "times have no zone (2): they are read in the calendar's own, else as those of Asia/Almaty"
    ]
    assert when(events(floating, before="X-WR-TIMEZONE:Europe/Berlin\n"))[2] == "Europe/Berlin"


def test_times_in_utc_are_told_in_the_zone_of_who_reads_the_calendar() -> None:
    utc = "DTSTART:20270701T090000Z\nDTEND:20270701T213000Z\nSUMMARY:x"

    assert when(events(utc)) == ("2027-07-01 14:00", "2027-07-02 02:30", "Asia/Almaty")
    assert when(events(utc, before="X-WR-TIMEZONE:Europe/Berlin\n")) == (
        "2027-07-01 11:00", "23:30", "Europe/Berlin",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("", None),
        ("DTEND;TZID=Europe/Berlin:20270701T090000", None),
        ("DTEND;TZID=Europe/Berlin:20270701T103000", "10:30"),
        ("DTEND;TZID=America/New_York:20270701T103000", "16:30"),
        ("DTEND:20270701T223000Z", "2027-07-02 00:30"),
        ("DURATION:PT90M", "10:30"),
        ("DURATION:P1DT1H", "2027-07-02 10:00"),
    ],
)
def test_a_timed_event_ends_when_it_says_if_it_does(end: str, expected: str | None) -> None:
    lines = ["DTSTART;TZID=Europe/Berlin:20270701T090000", "SUMMARY:x", *filter(None, [end])]

    assert when(events(*lines)) == ("2027-07-01 09:00", expected, "Europe/Berlin")


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("", None),
        ("DTEND;VALUE=DATE:20270702", None),
        ("DTEND;VALUE=DATE:20270704", "2027-07-03"),
        ("DTEND;VALUE=DATE:20270701", None),
        ("DURATION:P3D", "2027-07-03"),
        ("DURATION:P1W", "2027-07-07"),
    ],
)
def test_whole_days_end_with_the_last_of_them(end: str, expected: str | None) -> None:
    lines = ["DTSTART;VALUE=DATE:20270701", "SUMMARY:x", *filter(None, [end])]

    assert when(events(*lines)) == ("2027-07-01", expected, None)


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        (("DTSTART:20270701T090029Z", "DTEND:20270701T095959Z"), "2027-07-01 14:00", "15:00"),
        (("DTSTART:20270701T090000Z", "DTEND:20270701T080000Z"), "2027-07-01 14:00", None),
        (("DTSTART;VALUE=DATE:20270701", "DTEND:20270702T090000Z"), "2027-07-01", "2027-07-02"),
        (("DTSTART:20270701T190000Z", "DTEND;VALUE=DATE:20270702"), "2027-07-02 00:00", "05:00"),
    ],
)
def test_what_records_cannot_say_is_changed_and_told(
    lines: tuple[str, ...], start: str, end: str | None
) -> None:
    drafts = read(events(*lines, "SUMMARY:x", before="X-WR-TIMEZONE:Asia/Almaty\n"))
    (draft,) = drafts.drafts

    assert (draft.fields["start"], draft.fields.get("end")) == (start, end)
    assert set(codes(drafts)) == {"import-time-changed"}


@pytest.mark.parametrize(
    ("local", "start", "zone"),
    [
        ("20270328T023000", "2027-03-28 03:30", "Europe/Berlin"),
        ("20271031T023000", "2027-10-31 00:30", "UTC"),
    ],
)
def test_an_hour_that_clocks_skip_or_show_twice_keeps_its_instant(local: str, start: str, zone: str) -> None:
    text = events(f"DTSTART;TZID=Europe/Berlin:{local}", "SUMMARY:x")

    assert when(text) == (start, None, zone)
    assert codes(read(text)) == ["import-time-zone"]


@pytest.mark.parametrize(
    "line",
    ["DTSTART:16010101T000000Z", "DTSTART:20279901T000000Z", "DTSTART:tomorrow", "DTSTART:", "DURATION:PT1H"],
)
def test_an_event_that_takes_place_at_no_time_is_refused_with_its_line(line: str) -> None:
    drafts = read(events(line, "SUMMARY:x"))

    assert drafts.drafts == ()
    (finding,) = drafts.findings
    assert finding.is_error
    assert finding.code == "import-unreadable"
    assert finding.span.line in {4, 7}
