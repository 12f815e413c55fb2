"""JSON Feed 1.1: what the other formats say, in its own words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from publisher.render.feed import EventFacts, UnwritableEntry
from publisher.render.jsonfeed import json_item

from .documents import json_document
from .test_atom_rss import AUTHOR, ENTRY, FEED, FILE, PAGE, PHOTO


def document(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json_document(replace(FEED, **changes), [json_item(ENTRY)]))
    return told


def test_an_item_has_what_the_specification_names() -> None:
    (item,) = document()["items"]

    assert item == {
        "id": ENTRY.id,
        "url": PAGE,
        "title": ENTRY.title,
        "content_html": ENTRY.content,
        "summary": ENTRY.summary,
        "image": PHOTO,
        "date_published": "2026-05-01T03:00:00Z",
        "date_modified": "2026-05-02T03:00:00Z",
        "authors": [{"name": AUTHOR.name, "url": AUTHOR.uri}],
        "tags": ["Skills"],
        "language": "kk",
        "attachments": [
            {"url": f"{PAGE}event.ics", "mime_type": "text/calendar", "size_in_bytes": 1234},
            {"url": PHOTO, "mime_type": "image/jpeg", "size_in_bytes": 20_000},
            {"url": FILE, "mime_type": "application/pdf", "title": "Programme", "size_in_bytes": 5_000},
        ],
        "_event": {
            "about": "http://purl.org/rss/1.0/modules/event/",
            "type": "event",
            "start": "2026-09-06",
            "end": "2026-09-08",
            "location": "Hall",
            "organizer": "University",
            "status": "confirmed",
            "ical": f"{PAGE}event.ics",
            "uid": "event.school@news.example.org",
        },
    }


def test_what_is_not_known_is_left_out() -> None:
    nothing = EventFacts(
        start="", end="", timezone="", location="", organizer="", status="tentative", uid="u", ical=""
    )
    bare = replace(ENTRY, event=nothing, picture=None, links=(), categories=(), language=None)
    item = json.loads(json_item(bare))

    assert item["_event"].keys() == {"about", "type", "status", "uid"}
    assert not item.keys() & {"image", "attachments", "tags", "language"}


def test_a_feed_names_its_hubs() -> None:
    assert document(hubs=("https://hub.example.org/",))["hubs"] == [
        {"type": "WebSub", "url": "https://hub.example.org/"}
    ]
    assert "hubs" not in document()


def test_a_feed_without_items_has_an_empty_list() -> None:
    assert json.loads(json_document(FEED, []))["items"] == []


def test_a_document_is_what_the_standard_library_would_write() -> None:
    """Items are made apart from the feed, and joined as bytes."""
    items = [json_item(ENTRY), json_item(replace(ENTRY, id="tag:x", title="Two\nlines\x85\u2028or\x0bmore"))]
    data = json_document(FEED, items)

    assert data.decode() == json.dumps(json.loads(data), ensure_ascii=False, indent=1) + "\n"


def test_an_item_that_cannot_be_written_names_its_record() -> None:
    with pytest.raises(UnwritableEntry, match="'event/school' cannot be written"):
        json_item(replace(ENTRY, title=object()))
