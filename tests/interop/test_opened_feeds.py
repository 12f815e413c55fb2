"""A feed that somebody opens in a browser is a page that says what it is, not a page of code."""

import json
from typing import Any

import pytest

from .browser import WIDTHS
from .site import Site
from .tools import node, program

pytestmark = pytest.mark.interop

#: How the first line begins.
SAYS = {"en": "This is a news feed", "ru": "Это лента новостей", "kk": "Бұл — таспа оқу"}
#: Of what there are many alike: opening the topics is enough.
MANY = ("organisations", "places", "series")


@pytest.fixture(scope="module")
def opened(everything: Site) -> list[dict[str, Any]]:
    """The feeds and archives of the site with one of everything, opened."""
    program("chromium")
    found = (path.relative_to(everything.published) for path in everything.files(".atom", ".rss"))
    files = [path.as_posix() for path in found if path.parts[1] not in MANY]
    with everything.served() as address:
        question = {"urls": [f"{address}/{file}" for file in files], "widths": WIDTHS}
        seen: list[dict[str, Any]] = node("opened.mjs", question, "playwright-core")
    return [{**each, "path": each["url"].removeprefix(f"{address}/")} for each in seen]


def test_the_first_line_says_what_it_is_in_the_language_of_the_feed(opened: list[dict[str, Any]]) -> None:
    assert {each["type"] for each in opened} == {"feed", "rss"}
    for each in opened:
        assert each["first_line"].strip('"').startswith(SAYS[each["path"].partition("/")[0]]), each["path"]


def test_where_to_subscribe_stands_there(opened: list[dict[str, Any]]) -> None:
    for each in opened:
        assert f"/{each['path'].partition('/')[0]}/subscribe/" in each["text"], each["path"]


def test_no_markup_is_to_be_seen(opened: list[dict[str, Any]]) -> None:
    for each in opened:
        assert "<p>" not in each["text"], each["path"]
        assert "&lt;" not in each["text"] or each["type"] == "rss", each["path"]


def test_all_entries_stand_there_with_their_titles(opened: list[dict[str, Any]], everything: Site) -> None:
    for each in opened:
        if each["path"].endswith("feed.atom"):
            same = (everything.published / each["path"]).with_suffix(".json")
            text = " ".join(each["text"].split())
            for entry in json.loads(same.read_text("utf-8"))["items"]:
                assert " ".join(entry["title"].split()) in text, each["path"]


def test_nothing_must_be_scrolled_sideways(opened: list[dict[str, Any]]) -> None:
    wide = {(each["path"], each["width"]) for each in opened if each["scroll_width"] > each["width"]}

    assert wide == set()
