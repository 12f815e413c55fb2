"""The reference of what feeds say names all that they say, and nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from publisher.render.atom_rss import atom_entry, rss_item
from publisher.render.jsonfeed import json_item

from .documents import atom_document, json_document, rss_document
from .feedreaders import ATOM, CONTENT, DC, EV, HISTORY, MEDIA, entries
from .test_atom_rss import ENTRY, FEED

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = Path(__file__).parents[2] / "docs/reference/feed-contents.md"
PREFIXES = {DC: "dc:", EV: "ev:", CONTENT: "content:", MEDIA: "media:", HISTORY: "fh:"}
#: An entry and a feed that say everything there is to say.
ALL = replace(ENTRY, event=replace(ENTRY.event, timezone="Asia/Almaty") if ENTRY.event else None)
FULL = replace(
    FEED, logo="https://news.example.org/logo.png", hubs=("https://hub.example.org/",),
    prev_archive="https://news.example.org/en/archive/1.atom", current=FEED.self_url,
)  # fmt: skip


def column(section: str, number: int) -> set[str]:
    """The elements, members and link relations that a column of a table names."""
    text = REFERENCE.read_text("utf-8").partition(f"## {section}\n")[2].partition("\n## ")[0]
    rows = [row.split("|")[number] for row in text.splitlines() if row.startswith("| ")][1:]
    return {
        name
        for cell in rows
        for name in re.findall(r"`([^`]+)`|rel=([a-z-]+)", cell)
        for name in name
        if name
    }


def elements(parent: ET.Element, own: str) -> Iterator[str]:
    """The names below an element, those of its own namespace without a prefix, and relations of links."""
    names = {own: "", **({ATOM: "atom:"} if own != ATOM else {}), **PREFIXES}
    for element in parent.iter():
        if element is not parent:
            start, _, name = element.tag.rpartition("}")
            yield names[f"{start}}}" if start else ""] + name
        if element.get("rel"):
            yield element.attrib["rel"]
        if "{http://www.w3.org/XML/1998/namespace}lang" in element.attrib:
            yield "xml:lang"


def without_entries(document: bytes) -> ET.Element:
    """The feed itself, its entries empty."""
    root = ET.fromstring(document)  # noqa: S314 -- our own bytes
    channel = root.find("channel")
    head = root if channel is None else channel
    for entry in [*head.findall(f"{ATOM}entry"), *head.findall("item")]:
        entry.clear()
    return head


ATOM_DOCUMENT = atom_document(FULL, [atom_entry(ALL)])
RSS_DOCUMENT = rss_document(FULL, [rss_item(ALL)])


@pytest.mark.parametrize(("number", "document", "own"), [(3, ATOM_DOCUMENT, ATOM), (4, RSS_DOCUMENT, "")])
def test_every_element_of_an_entry_is_explained(number: int, document: bytes, own: str) -> None:
    assert set(elements(entries(document)[0], own)) == column("An entry", number)


@pytest.mark.parametrize(("number", "document", "own"), [(2, ATOM_DOCUMENT, ATOM), (3, RSS_DOCUMENT, "")])
def test_every_element_of_a_feed_is_explained(number: int, document: bytes, own: str) -> None:
    assert set(elements(without_entries(document), own)) == column("A feed", number)


def test_every_member_of_json_feed_is_explained() -> None:
    document: dict[str, Any] = json.loads(json_document(FULL, [json_item(ALL)]))
    (item,) = document["items"]
    names = {name for name in item if name != "_event"} | {f"_event.{name}" for name in item["_event"]}

    assert names == column("An entry", 5)
    assert set(document) == column("A feed", 4)
