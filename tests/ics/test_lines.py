"""Files become content lines whatever they hold, and each fault of form is told at its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.ics.lines import ContentLine, read_lines


def _read(*lines: str, end: str = "\r\n") -> list[ContentLine]:
    found, faults = read_lines("".join(f"{line}{end}" for line in lines).encode())
    assert faults == []
    return found


def _faults(data: bytes) -> list[tuple[int, int, str, bool]]:
    return [(fault.line, fault.column, fault.code, fault.is_error) for fault in read_lines(data)[1]]


def test_a_line_is_a_name_parameters_and_a_value() -> None:
    (line,) = _read(
        'attendee;cn="Doe: J, A";ROLE=CHAIR;member="mailto:a@b.c"',
        ' ,"mailto:d@e.f":mailto:j@example.org',
    )

    assert line == ContentLine(
        "ATTENDEE",
        {"CN": ("Doe: J, A",), "ROLE": ("CHAIR",), "MEMBER": ("mailto:a@b.c", "mailto:d@e.f")},
        "mailto:j@example.org",
        1,
    )


def test_carets_in_parameters_are_decoded() -> None:
    (line,) = _read("X-A;CN=George Herman ^'Babe^' Ruth^nPitcher ^^ 3:x")

    assert line.parameters["CN"] == ('George Herman "Babe" Ruth\nPitcher ^ 3',)


def test_a_folded_line_is_one_and_counts_from_its_first() -> None:
    lines = _read("SUMMARY:Hello", "  World", "\tagain", "UID:1")

    assert [(line.value, line.number) for line in lines] == [("Hello Worldagain", 1), ("1", 4)]


def test_a_value_stays_as_it_is_written() -> None:
    (line,) = _read(r"DESCRIPTION:a\, b\nc: d;e=\"f\"")

    assert line.value == r"a\, b\nc: d;e=\"f\""


def test_a_colon_within_quotation_marks_ends_no_name() -> None:
    (line,) = _read('DTSTART;TZID="UTC+05:00":20260611T090000')

    assert line.parameters["TZID"] == ("UTC+05:00",)
    assert line.value == "20260611T090000"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"A:1\nB:2\r\n", (1, 4, "bare-line-feed", False)),
        (b"A:1\rB:2\r", (1, 4, "bare-line-feed", False)),
        (b"A:1\r\nB:2", (2, 4, "no-final-line-break", False)),
        (b"A:1\r\n" + b"B:" + b"x" * 74 + b"\r\n", (2, 76, "line-too-long", False)),
        (b"\xef\xbb\xbfA:1\r\n", (1, 1, "byte-order-mark", True)),
        ("A:Привет\r\n".encode("utf-16"), (1, 1, "not-utf-8", True)),
        ("A:1\r\nB:café\r\n".encode("latin-1"), (2, 6, "not-utf-8", True)),
        (b"A:1\x0b\r\n", (1, 4, "control-character", True)),
        (b"A:1\x00\r\n", (1, 4, "control-character", True)),
        (b"A:1\rB\r\n", (1, 4, "control-character", True)),
        (b"A:\xd0\r\n \x90\r\n", (2, 1, "fold-in-character", True)),
        (b"A:b\\\r\n n\r\n", (1, 4, "fold-after-backslash", False)),
        (b"A:1\r\n\r\nB:2\r\n", (2, 1, "blank-line", False)),
        (b"A:1\r\nhello\r\n", (2, 1, "line-without-colon", True)),
        (b"A B:1\r\n", (1, 1, "bad-name", True)),
        (b"A;B:1\r\n", (1, 1, "bad-parameter", True)),
        (b'A;B=c"d":1\r\n', (1, 1, "bad-parameter", True)),
    ],
)
def test_each_fault_of_form_is_told_at_its_place(data: bytes, expected: tuple[int, int, str, bool]) -> None:
    assert _faults(data) == [expected]


def test_a_fault_of_the_whole_file_is_told_once_with_how_many_there_are() -> None:
    _, (fault,) = read_lines(b"A:1\nB:2\nC:3\n")

    assert fault.message == "expected CRLF at the end of the line, got LF alone (and 2 more lines)"


def test_a_backslash_that_is_escaped_itself_may_stand_before_a_fold() -> None:
    assert _read("A:b\\\\", " n")[0].value == "b\\\\n"


def test_a_fold_within_a_character_is_undone() -> None:
    lines, _ = read_lines(b"A:\xd0\r\n \x90\r\n")

    assert [line.value for line in lines] == ["А"]


@pytest.mark.parametrize(
    ("text", "charset"),
    [("Встреча в Алматы", "windows-1251"), ("Réunion à Genève", "windows-1252"), ("Встреча", "utf-16")],
)
def test_another_charset_is_read_as_its_best_guess(text: str, charset: str) -> None:
    lines, _ = read_lines(f"BEGIN:VCALENDAR\r\nSUMMARY:{text}\r\n".encode(charset))

    assert [line.value for line in lines] == ["VCALENDAR", text]


def test_a_file_of_75_octets_a_line_is_sound() -> None:
    assert len(_read("A:" + "x" * 73)[0].value) == 73


@given(st.binary() | st.text().map(str.encode))
def test_no_octets_are_too_bad_to_be_read(data: bytes) -> None:
    lines, faults = read_lines(data)

    assert all(1 <= line.number <= len(data) + 1 for line in lines)
    assert all(fault.line >= 1 and fault.column >= 1 for fault in faults)


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[A-Z][A-Z0-9-]{0,9}", fullmatch=True),
            st.text(st.characters(categories=["L", "P"])),
        ),
        min_size=1,
    )
)
def test_what_is_folded_anywhere_is_read_as_it_was(properties: list[tuple[str, str]]) -> None:
    data = b"".join(
        b"\r\n ".join(octets[i : i + 11] for i in range(0, len(octets), 11)) + b"\r\n"
        for octets in (f"{name}:{value}".encode() for name, value in properties)
    )
    lines, _ = read_lines(data)

    assert [(line.name, line.value) for line in lines] == properties
