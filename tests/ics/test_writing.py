"""Content lines: whatever a text holds, it is one property, in lines that every reader takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Event

from publisher.ics.writing import LONGEST, fold, serialise, text_line

#: Much of what escapes and folds stumble over, and everything else.
TEXTS = st.text(st.one_of(st.sampled_from('\\;,:\n"ж😀é '), st.characters(exclude_categories=("Cs",))))


def unfolded(data: bytes) -> str:
    """The line again (RFC 5545 section 3.1)."""
    return data.replace(b"\r\n ", b"").removesuffix(b"\r\n").decode()


@given(TEXTS)
def test_no_line_is_longer_than_75_octets_or_cut_within_a_character(text: str) -> None:
    lines = text_line("SUMMARY", text).split(b"\r\n")

    assert lines[-1] == b""
    assert all(len(line) <= LONGEST for line in lines)
    assert all(line.decode() is not None for line in lines)  # else it raises


@given(TEXTS)
def test_no_line_ends_within_an_escape(text: str) -> None:
    lines = text_line("SUMMARY", text).removesuffix(b"\r\n").split(b"\r\n ")

    assert all((len(line) - len(line.rstrip(b"\\"))) % 2 == 0 for line in lines)


@given(TEXTS)
def test_a_text_comes_back_as_it_was_without_its_control_characters(text: str) -> None:
    line = text_line("SUMMARY", text)

    read = Event.from_ical(b"BEGIN:VEVENT\r\n" + line + b"END:VEVENT\r\n")

    kept = "".join(c for c in text if c in "\t\n" or not (c < " " or c == "\x7f"))
    assert str(read["summary"]) == kept


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=400))
def test_folding_changes_nothing_but_line_ends(text: str) -> None:
    assert unfolded(fold(f"X:{text}")) == f"X:{text}"


@given(TEXTS.filter(str.isprintable), TEXTS.filter(str.isprintable))
def test_a_component_says_what_icalendar_says(summary: str, description: str) -> None:
    event = Event()
    event.add("summary", summary)
    event.add("description", description, parameters={"LANGUAGE": "kk"})
    event.add("categories", [summary, description])

    ours, theirs = serialise(event), bytes(event.to_ical())

    assert unfolded(ours) == unfolded(theirs)
