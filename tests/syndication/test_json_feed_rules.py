"""What the rules say of JSON Feed, beyond their broken and mended files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from publisher.syndication.lint import check

JSON = (Path(__file__).parent / "mended/json-id-missing.json").read_text("utf-8")
FILE = {"url": "https://example.org/a.mp3", "mime_type": "audio/mpeg"}


def _codes(text: str) -> list[str]:
    return [finding.code for finding in check(text.encode(), "x")]


def _json(**members: object) -> str:
    """A feed with these members in its item."""
    feed = json.loads(JSON)
    feed["items"][0] |= members
    return json.dumps(feed)


def test_the_feed_that_is_broken_here_is_sound() -> None:
    assert _codes(JSON) == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("title", 17, "json-type-wrong"),
        ("authors", {"name": "Jane Doe"}, "json-type-wrong"),
        ("authors", [None], "json-type-wrong"),
        ("authors", [{"url": None}], "json-author-empty"),
        ("author", {"name": "Jane Doe"}, "json-author-old"),
        ("attachments", ["https://example.org/a.pdf"], "json-type-wrong"),
        ("attachments", [FILE | {"size_in_bytes": 1.5}], "json-attachment-size"),
        ("attachments", [FILE | {"duration_in_seconds": True}], "json-attachment-size"),
        ("attachments", [FILE | {"mime_type": ""}], "json-attachment-incomplete"),
        ("authors", [{"name": "Jane Doe", "avatar": "/jane.png"}], "json-author-address-malformed"),
        ("tags", "physics", "json-type-wrong"),
        ("tags", [""], "json-tags-malformed"),
        ("summary", None, "json-member-null"),
        ("id", None, "json-id-missing"),
        ("id", " ", "json-id-missing"),
        ("content_html", None, "json-content-missing"),
        ("sumary", "a", "json-member-unknown"),
        ("_1", {}, "json-extension-malformed"),
        ("_room", "P 12", "json-extension-malformed"),
        ("_room", None, "json-extension-malformed"),
        ("summary", "fish &amp; chips", "text-escaped-twice"),
        ("summary", "a\0b", "text-control-character"),
        ("title", "Physics: <em>laboratories</em> open", "title-with-markup"),
        ("content_text", "Physics<br>Chemistry", "text-with-markup"),
    ],
)
def test_an_item_with_this_member_breaks_this_rule(name: str, value: object, code: str) -> None:
    assert code in _codes(_json(**{name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("_event", {"start": None, "items": [{"id": 1}], "authors": "Jane Doe"}),
        ("authors", [{"name": "Jane Doe", "url": "mailto:jane@example.org"}]),
        ("attachments", [FILE | {"size_in_bytes": 10, "duration_in_seconds": 1.5}]),
        ("tags", []),
        ("image", "https://example.org/a.png"),
        ("external_url", "https://example.org/%D0%B0"),
        ("title", "1 < 2, fish & chips, the element <head>"),
        ("summary", "1 < 2\nand 3 > 2"),
        ("summary", "R&D with <b>no markup</b>, but the word for it"),
        ("content_text", "1 < 2 & 3"),
    ],
)
def test_an_item_with_this_member_is_sound(name: str, value: object) -> None:
    assert _codes(_json(**{name: value})) == []


@pytest.mark.parametrize("name", ["date_published", "date_modified"])
@pytest.mark.parametrize("value", [1700000000, True, ["2026-11-20"]])
def test_a_date_of_another_type_is_there_and_told_as_that(name: str, value: object) -> None:
    feed = json.loads(JSON)
    del feed["items"][0]["date_published"]
    feed["items"][0][name] = value

    (finding,) = check(json.dumps(feed).encode(), "x")

    assert (finding.code, finding.is_error) == ("json-type-wrong", True)
    assert finding.message.startswith(f'expected "{name}" to be a string, got a')


def test_a_version_that_is_a_number_is_there_and_told_as_that() -> None:
    (finding,) = check(json.dumps(json.loads(JSON) | {"version": 1.1}).encode(), "x")

    assert finding.code == "json-type-wrong"
    assert finding.message == 'expected "version" to be a string, got a number'


@pytest.mark.parametrize("version", ["", None])
def test_a_version_without_an_address_is_told_as_missing(version: str | None) -> None:
    assert "json-version-unknown" in _codes(json.dumps(json.loads(JSON) | {"version": version}))


def test_an_author_may_be_told_in_both_ways() -> None:
    """As JSON Feed advises where readers of version 1 are to find it."""
    author = {"name": "Jane Doe"}

    assert _codes(_json(author=author, authors=[author])) == []
