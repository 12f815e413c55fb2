"""Whatever the bytes are: drafts and findings, never a traceback, never for ever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from calendar_import.roundtrip import codes, events, read, sample
from publisher.calendar_import.gathering import MOST_EVENTS
from publisher.calendar_import.reading import MOST_BYTES

LINES = [
    "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VCALENDAR", "END:VCALENDAR", "UID:a", "DTSTART:20270301T090000Z",
    "DTSTART;TZID=Europe/Berlin:20271031T023000", "DTSTART;VALUE=DATE:20270301", "DTSTART:",
    "DTEND:20270228T090000Z",
    "DURATION:-P1D", "DURATION:P9999999D", "RRULE:FREQ=SECONDLY", "RRULE:FREQ=YEARLY;COUNT=99999999",
    "RRULE:;;",
    "RRULE:FREQ=DAILY;INTERVAL=0", "RRULE:FREQ=WEEKLY;BYDAY=XX", "RRULE:FREQ=HOURLY;COUNT=3",
    "RDATE:20270301",
    "RDATE;VALUE=PERIOD:20270301T090000Z/-PT1H", "EXDATE:20270301T090000Z", "EXDATE:,,,", "EXRULE:FREQ=DAILY",
    "RECURRENCE-ID:20270301T090000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20270302T090000Z", "SEQUENCE:x",
    "SUMMARY:\0\x0b", 'SUMMARY;LANGUAGE="x:', "DESCRIPTION:<b><a href=", "ATTACH;VALUE=BINARY:!!", "GEO:;;",
    "STATUS:?",
    "LOCATION:https://[", "URL:http://[::1", "CONTACT:@", "CATEGORIES:,,\\,", "CLASS:", "ORGANIZER;CN=:",
    "IMAGE:data:",
    "BEGIN:VTIMEZONE", "END:VTIMEZONE", "TZID:X", "BEGIN:STANDARD", "TZOFFSETFROM:+9999", "TZOFFSETTO:+0100",
    "END:STANDARD", "DTSTART;TZID=X:20270301T090000", "X-WR-TIMEZONE:Nowhere", "METHOD:REPLY", " folded",
]  # fmt: skip


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    assert "internal-error" not in codes(read(data))


@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_any_lines_are_read(lines: list[str]) -> None:
    text = "\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""])

    assert "internal-error" not in codes(read(text))


@given(st.sampled_from(["outlook", "google", "apple", "nextcloud"]), st.data())
def test_a_calendar_that_stops_short_says_so_and_keeps_its_whole_events(
    name: str, data: st.DataObject
) -> None:
    whole = sample(name)
    end = data.draw(st.integers(0, len(whole) - 20))
    drafts = read(whole[:end])

    assert "internal-error" not in codes(drafts)
    assert {"truncated", "no-calendar"} & set(codes(drafts))
    assert {draft.uid for draft in drafts.drafts} <= {draft.uid for draft in read(whole).drafts}


def test_more_events_than_are_read_are_told() -> None:
    one = "BEGIN:VEVENT\r\nUID:{}\r\nDTSTART:20270301T090000Z\r\nSUMMARY:x\r\nEND:VEVENT\r\n"
    many = "".join(one.format(number) for number in range(MOST_EVENTS + 1))
    drafts = read(f"BEGIN:VCALENDAR\r\n{many}END:VCALENDAR\r\n".encode())

    assert len(drafts.drafts) == MOST_EVENTS
    assert codes(drafts) == ["import-limit"]


def test_a_file_that_is_too_large_is_not_read() -> None:
    drafts = read(b"x" * (MOST_BYTES + 1))

    assert drafts.drafts == ()
    assert codes(drafts) == ["import-limit"]


def test_a_charset_that_is_not_utf_8_is_read_and_told() -> None:
    text = events("DTSTART:20270301T090000Z", "SUMMARY:Gespräch").replace("\n", "\r\n").encode("windows-1252")
    drafts = read(text)

    assert drafts.drafts[0].fields["title"] == "Gespräch"
    assert "not-utf-8" in codes(drafts)


def test_events_that_share_a_uid_by_mistake_are_all_kept() -> None:
    other = "END:VEVENT\nBEGIN:VEVENT\nUID:one\nDTSTART:20270401T090000Z\nSUMMARY:y"
    drafts = read(events("UID:one", "DTSTART:20270301T090000Z", "SUMMARY:x", other))

    assert [(draft.suffix, draft.fields["title"]) for draft in drafts.drafts] == [
        ("", "x"),
        ("2027-04-01-0900", "y"),
    ]
    assert codes(drafts) == ["import-version"]


def test_of_two_versions_of_an_event_the_later_counts() -> None:
    other = "END:VEVENT\nBEGIN:VEVENT\nUID:one\nSEQUENCE:3\nDTSTART:20270401T090000Z\nSUMMARY:y"
    drafts = read(events("UID:one", "DTSTART:20270301T090000Z", "SUMMARY:x", other))

    assert [draft.fields["title"] for draft in drafts.drafts] == ["y"]


def test_an_event_without_a_uid_gets_one_that_stays() -> None:
    text = events("DTSTART:20270301T090000Z", "SUMMARY:x").replace("UID:one\n", "")

    assert read(text).drafts[0].uid == read(text).drafts[0].uid
    assert codes(read(text)) == ["import-no-uid"]


def test_an_event_without_a_title_is_called_by_its_place_or_by_nothing() -> None:
    for place, title in (("LOCATION:The Hall", "The Hall"), ("CLASS:PUBLIC", "Untitled event")):
        drafts = read(events("DTSTART:20270301T090000Z", place))

        assert [draft.fields["title"] for draft in drafts.drafts] == [title]
        assert [finding.code for finding in drafts.findings] == ["import-untitled"]
