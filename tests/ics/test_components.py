"""Components are put together from whatever there is, and what is missing is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from publisher.ics.components import DEEPEST, read_stream


def _stream(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()


def _faults(data: bytes) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in read_stream(data).faults]


def test_a_calendar_holds_its_components_and_their_properties() -> None:
    stream = read_stream(
        _stream(
            "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", r"SUMMARY:a\, b", "COMMENT:1", "COMMENT:2",
            "BEGIN:VALARM", "END:VALARM", "END:VEVENT", "END:VCALENDAR",
        )
    )  # fmt: skip

    (calendar,) = stream.calendars
    (event,) = calendar.children
    assert stream.faults == ()
    assert (calendar.name, calendar.number, calendar.text("VERSION")) == ("VCALENDAR", 1, "2.0")
    assert (event.name, event.number, event.text("SUMMARY")) == ("VEVENT", 3, "a, b")
    assert [line.value for line in event.all("COMMENT")] == ["1", "2"]
    assert event.first("LOCATION") is None
    assert event.text("LOCATION") == ""
    assert [child.name for child in event.children] == ["VALARM"]


def test_several_calendars_are_several() -> None:
    one = ("BEGIN:VCALENDAR", "END:VCALENDAR")

    assert [calendar.number for calendar in read_stream(_stream(*one, *one)).calendars] == [1, 3]


def test_a_file_that_stops_short_keeps_what_it_has() -> None:
    data = _stream("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1")

    assert _faults(data) == [(1, "truncated"), (2, "truncated")]
    assert read_stream(data).calendars[0].children[0].text("UID") == "1"


def test_a_component_that_nobody_ends_ends_with_the_one_around_it() -> None:
    data = _stream("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", "END:VCALENDAR")

    assert _faults(data) == [(4, "unbalanced")]
    assert read_stream(data).calendars[0].children[0].text("UID") == "1"


def test_an_end_without_a_beginning_is_passed_over() -> None:
    data = _stream("BEGIN:VCALENDAR", "END:VEVENT", "VERSION:2.0", "END:VCALENDAR")

    assert _faults(data) == [(2, "unbalanced")]
    assert read_stream(data).calendars[0].text("VERSION") == "2.0"


def test_what_stands_outside_a_calendar_is_told() -> None:
    assert _faults(b"") == [(1, "no-calendar")]
    assert _faults(_stream("BEGIN:VEVENT", "END:VEVENT")) == [(1, "no-calendar")]
    assert _faults(_stream("BEGIN:VCALENDAR", "END:VCALENDAR", "X-A:1")) == [(3, "outside-component")]


def test_nothing_nests_so_deep_that_it_harms() -> None:
    deep = 100_000
    data = b"BEGIN:VCALENDAR\r\n" * deep + b"END:VCALENDAR\r\n" * deep

    assert _faults(data) == [(DEEPEST + 1, "nested-too-deep")]


@given(
    st.lists(
        st.sampled_from(["BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "UID:1", "x"])
    )
)
def test_no_order_of_lines_is_too_bad_to_be_read(lines: list[str]) -> None:
    stream = read_stream(_stream(*lines))

    assert len(stream.calendars) <= lines.count("BEGIN:VCALENDAR")
    assert list(stream.faults) == sorted(stream.faults, key=lambda fault: fault.line)
