"""Feeds read with nothing but the standard library: what the three formats say, in one form.

Written from the formats' own texts (RFC 4287, RSS 2.0 and its modules, JSON Feed 1.1, RFC 5005) and not from
what writes them: the measure to which other parsers, and the formats themselves, are held.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
EV = "{http://purl.org/rss/1.0/modules/event/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
MEDIA = "{http://search.yahoo.com/mrss/}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, kw_only=True)
class File:
    """Something that goes with an entry."""

    url: str
    type: str
    #: In bytes.
    length: int


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    """When and where, for machines; empty where the feed does not say."""

    start: str = ""
    end: str = ""
    location: str = ""
    organizer: str = ""
    type: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry; instants are in UTC, as `2026-06-01T03:00:00Z`. A field that is None has no place there."""

    id: str
    link: str
    title: str
    published: str
    updated: str | None
    #: Names.
    authors: tuple[str, ...] | None
    #: Names, in their order.
    categories: tuple[str, ...] | None
    #: Plain text.
    summary: str | None
    #: HTML, character by character.
    content: str | None
    files: tuple[File, ...] | None
    language: str | None
    event: EventFacts | None = None

    def only(self, fields: Iterable[str]) -> Entry:
        """Return it with nothing but these fields: all that some reader can tell of it."""
        kept = set(fields)
        return replace(self, **{name: None for name in vars(self) if name not in kept})


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A feed document."""

    id: str
    title: str
    language: str
    #: Where it says that it is.
    address: str
    #: In the order of the document.
    entries: tuple[Entry, ...]
    #: The address of the next older archive (RFC 5005 section 4).
    previous: str = ""
    #: Of an archive: the address of the living feed.
    current: str = ""
    is_archive: bool = False
    updated: str = ""
    hubs: tuple[str, ...] = field(default=())

    def only(self, fields: Iterable[str]) -> tuple[Entry, ...]:
        """Return its entries with nothing but these fields."""
        kept = frozenset(fields)
        return tuple(entry.only(kept) for entry in self.entries)


def read(data: bytes) -> Feed:
    """Read a document in any of the three formats."""
    if data.lstrip().startswith(b"{"):
        return _json(json.loads(data))
    root = ET.fromstring(data)  # noqa: S314 -- what the product wrote a moment ago
    return _rss(root[0]) if root.tag == "rss" else _atom(root)


def walk(address: str, fetch: Callable[[str], bytes]) -> Iterator[Feed]:
    """Yield the living feed at an address, then its archives from the newest (RFC 5005 section 4)."""
    seen = set()
    while address:
        assert address not in seen, f"the archives lead in a circle: {address}"
        seen.add(address)
        feed = read(fetch(address))
        yield feed
        address = feed.previous


def in_utc(moment: datetime) -> str:
    """Write an instant as entries do."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def text_of(html: str) -> str:
    """Return the text that a browser would show of HTML without blocks, as RSS's description is (RSS 2.0)."""
    reader = _Text(convert_charrefs=True)
    reader.feed(html)
    reader.close()
    return "".join(reader.found)


class _Text(HTMLParser):
    def __init__(self, **options: bool) -> None:
        super().__init__(**options)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def _atom(root: ET.Element) -> Feed:
    links = {link.get("rel", "alternate"): link.get("href", "") for link in root.findall(f"{ATOM}link")}
    authors = _texts(root, f"{ATOM}author/{ATOM}name")
    language = root.get(LANGUAGE, "")
    return Feed(
        id=_text(root, f"{ATOM}id"),
        title=_text(root, f"{ATOM}title"),
        language=language,
        address=links["self"],
        previous=links.get("prev-archive", ""),
        current=links.get("current", ""),
        is_archive=root.find(f"{HISTORY}archive") is not None,
        updated=_iso(_text(root, f"{ATOM}updated")),
        hubs=tuple(x.get("href", "") for x in root.findall(f"{ATOM}link") if x.get("rel") == "hub"),
        entries=tuple(_atom_entry(entry, authors, language) for entry in root.findall(f"{ATOM}entry")),
    )


def _atom_entry(entry: ET.Element, authors: tuple[str, ...], language: str) -> Entry:
    links = [(link.get("rel", "alternate"), link) for link in entry.findall(f"{ATOM}link")]
    (page,) = (link.get("href", "") for rel, link in links if rel == "alternate")
    return Entry(
        id=_text(entry, f"{ATOM}id"),
        link=page,
        title=_text(entry, f"{ATOM}title"),
        published=_iso(_text(entry, f"{ATOM}published")),
        updated=_iso(_text(entry, f"{ATOM}updated")),
        authors=_texts(entry, f"{ATOM}author/{ATOM}name") or authors,
        categories=tuple(each.get("label", "") for each in entry.findall(f"{ATOM}category")),
        summary=_text(entry, f"{ATOM}summary"),
        content=_text(entry, f"{ATOM}content"),
        files=tuple(
            _file(link.get("href"), link.get("type"), link.get("length"))
            for rel, link in links
            if rel == "enclosure"
        ),
        language=entry.get(LANGUAGE, language),
        event=_ev(entry),
    )


def _rss(channel: ET.Element) -> Feed:
    links = {link.get("rel", ""): link.get("href", "") for link in channel.findall(f"{ATOM}link")}
    authors, language = _texts(channel, f"{DC}creator"), _text(channel, "language")
    return Feed(
        id=links["self"],
        title=_text(channel, "title"),
        language=language,
        address=links["self"],
        updated=_rfc822(_text(channel, "lastBuildDate")),
        hubs=tuple(x.get("href", "") for x in channel.findall(f"{ATOM}link") if x.get("rel") == "hub"),
        entries=tuple(_rss_item(item, authors, language) for item in channel.findall("item")),
    )


def _rss_item(item: ET.Element, authors: tuple[str, ...], language: str) -> Entry:
    guid = item.find("guid")
    assert guid is not None
    assert guid.get("isPermaLink") == "false"
    return Entry(
        id=guid.text or "",
        link=_text(item, "link"),
        title=_text(item, "title"),
        published=_rfc822(_text(item, "pubDate")),
        updated=_iso(_text(item, f"{ATOM}updated")),
        authors=_texts(item, f"{DC}creator") or authors,
        categories=_texts(item, "category"),
        summary=text_of(_text(item, "description")),
        content=_text(item, f"{CONTENT}encoded"),
        files=tuple(_rss_files(item)),
        language=_text(item, f"{DC}language") or language,
        event=_ev(item),
    )


def _rss_files(item: ET.Element) -> Iterator[File]:
    """Yield the one enclosure, then what Media RSS adds to it: never the same file twice."""
    enclosures = item.findall("enclosure")
    assert len(enclosures) <= 1, "RSS readers know one enclosure"
    for each in enclosures:
        yield _file(each.get("url"), each.get("type"), each.get("length"))
    for each in item.iter(f"{MEDIA}content"):
        yield _file(each.get("url"), each.get("type"), each.get("fileSize"))


def _ev(element: ET.Element) -> EventFacts | None:
    """The event module's elements, which may stand in Atom as in RSS."""
    names = ("location", "organizer", "type")
    facts = EventFacts(
        start=_text(element, f"{EV}startdate"),
        end=_text(element, f"{EV}enddate"),
        **{name: _text(element, f"{EV}{name}") for name in names},
    )
    return facts if facts != EventFacts() else None


def _json(document: dict[str, Any]) -> Feed:
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    language, authors = document["language"], document["authors"]
    return Feed(
        id=document["feed_url"],
        title=document["title"],
        language=language,
        address=document["feed_url"],
        previous=document.get("next_url", ""),
        hubs=tuple(hub["url"] for hub in document.get("hubs", ())),
        entries=tuple(_json_item(item, authors, language) for item in document["items"]),
    )


def _json_item(item: dict[str, Any], authors: list[dict[str, str]], language: str) -> Entry:
    return Entry(
        id=item["id"],
        link=item["url"],
        title=item["title"],
        published=_iso(item["date_published"]),
        updated=_iso(item["date_modified"]),
        authors=tuple(author["name"] for author in item.get("authors", authors)),
        categories=tuple(item.get("tags", ())),
        summary=item["summary"],
        content=item["content_html"],
        files=tuple(
            _file(each["url"], each["mime_type"], each.get("size_in_bytes"))
            for each in item.get("attachments", ())
        ),
        language=item.get("language", language),
        event=_event(item["_event"]) if "_event" in item else None,
    )


def _event(facts: dict[str, str]) -> EventFacts:
    return EventFacts(**{name: facts.get(name, "") for name in vars(EventFacts())})


def _file(url: str | None, type_: str | None, length: str | int | None) -> File:
    assert url, "a file without an address"
    assert type_, f"{url}: a file without a type"
    assert length is not None, f"{url}: a file without a length"
    return File(url=url, type=type_, length=int(length))


def _text(element: ET.Element, path: str) -> str:
    return element.findtext(path) or ""


def _texts(element: ET.Element, path: str) -> tuple[str, ...]:
    return tuple(found.text or "" for found in element.findall(path))


def _iso(text: str) -> str:
    return in_utc(datetime.fromisoformat(text))


def _rfc822(text: str) -> str:
    return in_utc(parsedate_to_datetime(text))
