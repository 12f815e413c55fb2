"""A record's file is read as text in its places, whatever YAML would make of it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from publisher.content.files import Source
from publisher.content.syntax import Entry, parse
from publisher.diagnostics import Diagnostic, Span
from publisher.model.characters import find_control
from publisher.model.records import Kind

PATH = "content/topics/x.md"


def entry(text: str) -> Entry:
    parsed = parse(Source(PATH, Kind.TOPIC, None, text.encode()))
    assert isinstance(parsed, Entry), parsed
    return parsed


@pytest.mark.parametrize(
    "written", ["no", "010", "12:30", "2027-09-06", "1e3", "0x1F", "~", "null", "1_000", "=", "NO"]
)
def test_every_value_is_the_text_that_stands_there(written: str) -> None:
    assert entry(f"---\na: {written}\nb: [{written}]\n---\n").fields == {"a": written, "b": [written]}


def test_the_body_is_what_stands_below_the_second_line_of_dashes() -> None:
    parsed = entry("\n---\na: x\n---   \n\nText\n\n---\n\nMore\n")

    assert parsed.body == "\nText\n\n---\n\nMore\n"
    assert parsed.span("body") == Span(PATH, 5, 1)
    assert parsed.body_span(parsed.body.index("More")) == Span(PATH, 10, 1)


@pytest.mark.parametrize("text", ["---\n---", "---\n---\n", "---\n# nothing yet\n---\n", "---\n\n\n---\n"])
def test_a_file_without_fields_is_read(text: str) -> None:
    assert entry(text).fields == {}


def test_the_dashes_of_a_text_do_not_end_the_fields() -> None:
    assert entry("---\na: |\n  ---\n  x\n---\n").fields == {"a": "---\nx\n"}


def test_a_place_is_that_of_the_value_or_of_the_nearest_thing_around_it() -> None:
    parsed = entry(
        '---\nid: x\nplace: {name: Hall,\n  geo: [1, "22"]}\nsessions:\n  - id: a\n    at: b\n---\n'
    )

    assert parsed.span("place") == Span(PATH, 3, 8)
    assert parsed.span("place", "geo", 1) == Span(PATH, 4, 12)
    assert parsed.key_span("place", "geo") == Span(PATH, 4, 3)
    assert parsed.span("sessions", 0, "at") == Span(PATH, 7, 9)
    assert parsed.span("sessions", 0, "place", 3) == Span(PATH, 6, 5)
    assert parsed.span("nothing") == Span(PATH, 1, 1)


def test_columns_count_characters_as_an_editor_does() -> None:
    parsed = entry('---\nа: {ә: "😀", б: в}\n---\n')

    assert parsed.span("а", "б") == Span(PATH, 2, 16)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=20).filter(
    lambda text: find_control(text) is None
)
VALUES = st.recursive(
    TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(fields=st.dictionaries(TEXT, VALUES), body=TEXT, flow=st.booleans())
def test_whatever_is_written_as_yaml_is_read_again_and_found_in_its_place(
    *, fields: dict[str, Any], body: str, flow: bool
) -> None:
    written = yaml.safe_dump(
        fields, default_style='"', allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=flow
    )
    parsed = entry(f"---\n{written}---\n{body}")
    lines = written.split("\n")

    assert parsed.fields == fields
    assert parsed.body == body
    for location, span in parsed.values.items():
        if isinstance(_at(fields, location), str):
            assert lines[span.line - 2][span.column - 1] == '"'


def _at(value: Any, location: tuple[str | int, ...]) -> Any:
    for step in location:
        value = value[step]
    return value


def test_a_file_that_was_refused_is_not_looked_into() -> None:
    fault = Diagnostic(Span(PATH), "file-too-large", "expected less", "shorten it")

    assert parse(Source(PATH, Kind.TOPIC, None, b"---\nid: x\n---\n", fault)) is fault
