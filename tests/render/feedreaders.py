"""Feeds as others read them: feedparser for Atom and RSS, the standard library for JSON and plain XML."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import feedparser

if TYPE_CHECKING:
    from time import struct_time

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
EV = "{http://purl.org/rss/1.0/modules/event/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Read:
    """One entry as a program understood it."""

    id: str
    link: str
    title: str
    summary: str
    content: str
    published: datetime
    updated: datetime
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    #: Address, type and length of each file.
    files: tuple[tuple[str, str, str], ...]
    #: Of an event: start, end, location, organizer, type.
    event: tuple[str, ...]


EVENT = ("startdate", "enddate", "location", "organizer", "type")


def parsed(data: bytes) -> Any:
    """What feedparser makes of it; it must find nothing to repair, and is asked to change nothing."""
    found = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo, found.bozo_exception
    return found


def read_xml(data: bytes) -> list[Read]:
    return [
        Read(
            id=entry.id,
            link=entry.link,
            title=entry.title,
            summary=_plain(entry),
            content=entry.content[0].value,
            published=_instant(entry.published_parsed),
            updated=_instant(entry.updated_parsed),
            tags=tuple(tag.label or tag.term for tag in entry.get("tags", ())),
            authors=tuple(author.name for author in entry.authors),
            files=(
                *((file.href, file.type, file.length) for file in entry.enclosures),
                *((file["url"], file["type"], file["filesize"]) for file in entry.get("media_content", ())),
            ),
            event=tuple(entry.get(f"ev_{name}", "") for name in EVENT),
        )
        for entry in parsed(data).entries
    ]


def _plain(entry: Any) -> str:
    """The summary as a reader shows it: RSS takes it for HTML, Atom says that it is none."""
    summary: str = entry.summary
    return unescape(summary) if entry.summary_detail.type == "text/html" else summary


def read_json(data: bytes) -> list[Read]:
    return [
        Read(
            id=item["id"],
            link=item["url"],
            title=item["title"],
            summary=item["summary"],
            content=item["content_html"],
            published=datetime.fromisoformat(item["date_published"]),
            updated=datetime.fromisoformat(item["date_modified"]),
            tags=tuple(item.get("tags", ())),
            authors=tuple(author["name"] for author in item["authors"]),
            files=tuple(
                (file["url"], file["mime_type"], str(file["size_in_bytes"]))
                for file in item.get("attachments", ())
            ),
            event=tuple(
                item.get("_event", {}).get(name, "")
                for name in ("start", "end", "location", "organizer", "type")
            ),
        )
        for item in json.loads(data)["items"]
    ]


def entries(data: bytes) -> list[ET.Element]:
    """The entries or items as elements."""
    root = ET.fromstring(data)  # noqa: S314 -- our own bytes
    return root.findall(f"{ATOM}entry") or root.findall("channel/item")


def one(element: ET.Element, path: str) -> ET.Element:
    """The first element of a path below this one, which must be there."""
    found = element.find(path)
    assert found is not None, f"{element.tag} has no {path}"
    return found


def text_of(element: ET.Element, path: str) -> str:
    """Its text."""
    return one(element, path).text or ""


def links(element: ET.Element, rel: str) -> list[ET.Element]:
    return [link for link in element.findall(f"{ATOM}link") if link.get("rel") == rel]


def _instant(moment: struct_time) -> datetime:
    return datetime(*moment[:6], tzinfo=UTC)
