"""What the fields of records read, and what they refuse."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from publisher.model import fields
from publisher.model.characters import find_control
from publisher.model.fields import read_id
from publisher.model.json_schema import json_schema
from publisher.model.records import RECORD_TYPES, Event, Kind, Organisation
from publisher.model.urls import read_url
from record_values import values_of

ANYTHING = st.text(max_size=40)


def read(type_: Any, text: object) -> Any:
    return TypeAdapter(type_).validate_python(text)


@pytest.mark.parametrize("kind", Kind)
def test_what_the_schemas_allow_is_read(kind: Kind) -> None:
    """The records of property tests are made from the JSON Schemas: here are some of each kind."""

    @given(values_of(RECORD_TYPES[kind]))
    def every_record_is_read(values: dict[str, Any]) -> None:
        assert RECORD_TYPES[kind].model_validate(values).id == values["id"]

    every_record_is_read()


def test_a_field_with_nothing_behind_it_is_as_if_it_were_not_there() -> None:
    bare = {"id": "x", "title": "X", "start": "2027-09-06"}
    blank = {
        "summary": "",
        "place": " ",
        "status": "",
        "sessions": "",
        "draft": "",
        "contact": {"name": "", "email": " "},
    }

    assert Event.model_validate(bare | blank) == Event.model_validate(bare | {"contact": {}})


@given(ANYTHING)
def test_an_id_is_a_safe_name_everywhere(text: str) -> None:
    try:
        name = read_id(text)
    except ValueError:
        return

    assert name == text
    assert re.fullmatch(r"[a-z0-9-]{1,80}", name)
    assert not name.startswith("-")


@given(st.from_regex(r"https?://[^\n]{0,60}", fullmatch=True) | ANYTHING)
def test_an_address_is_printable_ascii_with_a_host(text: str) -> None:
    try:
        url = read_url(text)
    except ValueError:
        return

    assert re.fullmatch(r"https?://[^\s\"'<>\\^`{|}/]+[^\s\"<>\\^`{|}]*", url, re.IGNORECASE)
    assert url.isascii()
    assert "@" not in url.split("/")[2]
    assert read_url(url) == url


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("https://example.org", "https://example.org"),
        ("http://example.org:8080/a/?b=c#d", "http://example.org:8080/a/?b=c#d"),
        ("https://example.org/%D0%B2?x=[1]", "https://example.org/%D0%B2?x=[1]"),
        ("https://ru.example.org/вода?я#ё", "https://ru.example.org/%D0%B2%D0%BE%D0%B4%D0%B0?%D1%8F#%D1%91"),
        ("https://вода.example:81/x", "https://xn--80adg3b.example:81/x"),
        ("https://[::1]:80/", "https://[::1]:80/"),
    ],
)
def test_an_address_is_kept_as_it_is_written_but_for_letters_beyond_ascii(written: str, read_as: str) -> None:
    assert read_url(written) == read_as


@given(ANYTHING)
def test_a_line_of_text_is_one_line_that_can_be_seen(text: str) -> None:
    try:
        line = read(fields.Line, text)
    except ValidationError:
        return

    assert line == line.strip()
    assert line
    assert len(line.splitlines()) == 1


def test_texts_are_composed_so_that_equal_ones_are_equal() -> None:
    assert read(fields.Line, "И\u0306") == "Й"


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        (fields.Email, ["office@example.org", "a.b+c%d@sub.example.org", f"{'a' * 64}@example.org"],
         ["", "@example.org", "a@example", "a@b@c.org", "a b@c.org", "<a@b.org>", "Ann <a@b.org>",
          "a@b.org\n!", "-a@b.org", ".a@b.org", "a.@b.org", "a@-b.org", "a@b-.org", "a@b..org",
          "a@[127.0.0.1]", f"{'a' * 65}@b.org", f"a@{'b' * 64}.org", "a@" + "b.c" * 90,
          "пример@example.org", "a,b@c.org", '"a"@b.org']),
        (fields.Country, ["KZ", "MY"], ["kz", "KAZ", "K", "", "K1", "ҚЗ"]),
        (fields.Colour, ["#005a9c", "#FFFFFF"], ["005a9c", "#fff", "blue", "#0000000", "#00000g"]),
        (fields.FileName, ["a.jpg", "A-b_c.1.pdf"],
         ["", ".htaccess", "-a", "../a.jpg", "a/b.jpg", "a\\b.jpg", "/etc/passwd", "a b.jpg",
          "картинка.jpg", "a" * 101]),
        (fields.Flag, ["true", "Yes", "false", "NO"], ["", "1", "on", "y"]),
        (fields.Count, ["1", "10000", "007"], ["0", "-1", "1.5", "1e3", "10001", "", "٣", "9" * 5_000]),
        (fields.Latitude, ["-90", "43.24", "+90"], ["90.1", "nan", "inf", "1_0", "", "٣", "43,24", "1e1"]),
        (fields.Geo, [["43.24", "76.95"]], [["43.24"], ["1", "2", "3"], "43.24", {}, [["1"], "2"]]),
        (fields.Zone, ["Asia/Almaty", "AoE", "UTC"], ["Almaty", "asia/almaty", "GMT+5", "../etc/passwd", ""]),
    ],
)  # fmt: skip
def test_a_field_reads_what_it_means_and_refuses_the_rest(
    type_: Any, good: list[Any], bad: list[Any]
) -> None:
    for text in good:
        read(type_, text)
    for text in bad:
        with pytest.raises(ValidationError):
            read(type_, text)


@pytest.mark.parametrize("name", ["con", "prn", "aux", "nul", "com1", "lpt9", "index"])
def test_names_that_systems_keep_for_themselves_are_no_ids(name: str) -> None:
    with pytest.raises(ValueError, match="leave free"):
        read_id(name)


@pytest.mark.parametrize(
    "character",
    ["\0", "\a", "\b", "\v", "\f", "\r", "\x1b", "\x7f", "\x85", "\x9f", "\u2028", "\u202a", "\u202e",
     "\u2066", "\u2069", "\ufeff", "\ufffe", "\ufdd0", "\U0001ffff", "\U0010fffe", "\ud800"],
)  # fmt: skip
def test_characters_that_are_no_text_are_found(character: str) -> None:
    assert find_control(f"Water{character}") == 5


@pytest.mark.parametrize(
    "text", ["", "Вода", "Су", "a\tb\nc", "ә😀👩‍🎓", "\u200f\u200e\u200d", "\ue000\U0010fffd"]
)
def test_text_of_any_language_is_text(text: str) -> None:
    assert find_control(text) is None


def test_a_part_that_may_be_one_or_many_may_be_in_a_schema_too() -> None:
    place = json_schema(Event)["properties"]["place"]

    assert [each.get("type", "one") for each in place["anyOf"]] == ["one", "array"]


def test_a_schema_says_nothing_of_nulls_or_made_up_titles() -> None:
    schema = json_schema(Organisation)

    assert "null" not in str(schema)
    assert schema["properties"]["email"] == {
        "title": "e-mail address",
        "type": "string",
        "format": "email",
        "description": "Published as it is.",
    }
