"""Feeds as Atom (RFC 4287) and RSS 2.0, written by feedgen; no other module imports it.

Each entry's XML is made once and joined into every feed that has it, so all
feeds say the same of a record, byte for byte. What feedgen 1.0.0 gets wrong is
put right by extensions registered with it, each with its reason beside it.
"""

from __future__ import annotations

import re
from email.utils import format_datetime
from html import escape, unescape
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import feedgen.entry
import feedgen.feed
from feedgen.util import xml_elem

from publisher.render.feed import ATOM, EVENT_MODULE, GENERATOR, RSS, naming

if TYPE_CHECKING:
    from publisher.render.feed import Entry, EventFacts, Feed, Link, Picture

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
_MEDIUMS = frozenset({"audio", "image", "video"})
_HISTORY = "http://purl.org/syndication/history/1.0"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TEXT_CONSTRUCTS = ("title", "subtitle", "summary")
#: The formats that RSS readers show as a channel's image.
_PICTURES = (".png", ".jpg", ".jpeg", ".gif")

#: What a reader of HTML would take for a tag.
_LIKE_TAG = re.compile(r"<[A-Za-z/!?]")

# feedgen formats RSS dates by setting the locale of the whole process and back: other threads see
# it change, and threads that do so at once leave it changed. The standard library's way has no locale.
feedgen.feed.formatRFC2822 = feedgen.entry.formatRFC2822 = format_datetime


def atom_head(feed: Feed) -> bytes:
    """The feed as Atom, before it has entries; an archive says so (RFC 5005)."""
    head = _head(_AtomFeed, feed)
    head.link(href=feed.self_url, rel="self", type=ATOM)
    for hub in feed.hubs:
        head.link(href=hub, rel="hub")
    if feed.prev_archive:
        head.link(href=feed.prev_archive, rel="prev-archive", type=ATOM)
    if feed.current:
        head.link(href=feed.current, rel="current", type=ATOM)
    head.link(href=feed.home_url, rel="alternate", type="text/html", hreflang=feed.language)
    if feed.logo:
        head.logo(feed.logo)
    return _styled(feed, head.atom_str(pretty=True, xml_declaration=False))


def rss_head(feed: Feed) -> bytes:
    """The feed as RSS 2.0, after the profile of the RSS Advisory Board, before it has items.

    Its archive is that of the Atom feed: the entries are the same (RFC 5005 section 4, in RSS too).
    """
    head = _head(_RssFeed, feed)
    head.description(_as_html(feed.subtitle))
    head.link(href=feed.self_url, rel="self", type=RSS)
    head.link(href=feed.home_url, rel="alternate")  # last: feedgen makes the last link the channel's own
    if feed.logo.endswith(_PICTURES):
        head.logo(feed.logo)
    return _styled(feed, head.rss_str(pretty=True, xml_declaration=False))


def _styled(feed: Feed, document: bytes) -> bytes:
    """A document with its style sheet, which is CSS: browsers no longer run XSLT."""
    style = f'<?xml-stylesheet type="text/css" href={quoteattr(feed.stylesheet)}?>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{style}\n'.encode() + document


def _generator(feed_class: type, entry_class: type, id_: str, title: str) -> Any:
    """A feedgen generator with its faults mended, and with what it demands of every feed."""
    generator = feedgen.feed.FeedGenerator()
    generator.register_extension("mended", feed_class, entry_class)
    generator.id(id_)
    generator.title(title)
    generator.subtitle(title)
    return generator


def _head(feed_class: type, feed: Feed) -> Any:
    generator = _generator(feed_class, _Extension, feed.id, feed.title)
    generator.mended.feed = feed
    generator.subtitle(feed.subtitle)
    generator.language(feed.language)
    generator.updated(feed.updated)  # unless told it is now, and no two renderings are the same
    generator.author(name=feed.author.name, uri=feed.author.uri)
    generator.generator(GENERATOR)  # unless told feedgen names itself and its version
    return generator


def atom_entry(entry: Entry) -> bytes:
    """The entry as it stands in a feed: made in one, for its namespaces, and cut out."""
    with naming(entry):
        generator = _generator(_AtomFeed, _AtomEntry, entry.id, entry.title)
        made = _add(generator, entry)
        made.published(entry.published)
        made.content(entry.content, type="html")  # never CDATA: feedgen writes type="CDATA", which is no type
        return _cut(generator.atom_str(pretty=True, xml_declaration=False), b"  <entry", b"</entry>\n")


def rss_item(entry: Entry) -> bytes:
    """The item as it stands in a feed."""
    with naming(entry):
        generator = _generator(_RssFeed, _RssItem, entry.id, entry.title)
        generator.link(href=entry.url)
        made = _add(generator, entry)
        made.description(_as_html(entry.summary))
        made.pubDate(entry.published)
        made.content(entry.content)
        made.link(href=entry.url)  # one only: feedgen makes the last alternate the item's own
        for file in entry.enclosures[:1]:  # one only: the others are for `_RssItem`
            made.enclosure(file.href, str(file.length or 0), file.type)
        return _cut(generator.rss_str(pretty=True, xml_declaration=False), b"    <item", b"</item>\n")


def _cut(document: bytes, start: bytes, end: bytes) -> bytes:
    return document[document.index(start) : document.index(end) + len(end)]


def _add(generator: Any, entry: Entry) -> Any:
    made = generator.add_entry()
    made.mended.entry = entry
    made.id(entry.id)
    made.title(entry.title)
    made.updated(entry.updated)
    made.summary(entry.summary)
    for author in entry.authors:
        made.author(name=author.name, uri=author.uri)
    for category in entry.categories:
        made.category(term=category.term, label=category.label, scheme=category.scheme)
    return made


def _as_html(text: str) -> str:
    """Plain text for readers that take it for HTML, as those of RSS do: most texts are the same in both."""
    return escape(text, quote=False) if _LIKE_TAG.search(text) or unescape(text) != text else text


class _Extension:
    """What feedgen asks of an extension: prefixes for the root, and to put made elements right."""

    feed: Feed | None = None
    entry: Entry

    def extend_ns(self) -> dict[str, str]:
        """Prefixes for the root, whether this feed needs them or not: entries are made apart from it."""
        return {}


class _AtomFeed(_Extension):
    def extend_ns(self) -> dict[str, str]:
        return {"ev": EVENT_MODULE, "fh": _HISTORY}

    def extend_atom(self, root: Any) -> None:
        """Types of texts, which feedgen cannot set; RFC 5005's mark of an archive, which it does not know."""
        _type_texts(root)
        if self.feed and self.feed.current:
            xml_elem(f"{{{_HISTORY}}}archive", root)


class _AtomEntry(_Extension):
    def extend_atom(self, element: Any) -> None:
        """Links, of which feedgen drops all but the address; types of texts; language; an event's facts."""
        _type_texts(element)
        _link(element, {"href": self.entry.url, "rel": "alternate", "type": "text/html"})
        for link in self.entry.links:
            _link(element, _attributes(link))
        if self.entry.language:
            element.set(_LANG, self.entry.language)
        _event(element, self.entry.event)


class _RssFeed(_Extension):
    def extend_ns(self) -> dict[str, str]:
        return {"dc": _DC, "ev": EVENT_MODULE, "media": _MEDIA}

    def extend_rss(self, root: Any) -> None:
        """The channel's author: feedgen writes none without an e-mail address; links: it writes one."""
        if self.feed:
            _named(root[0], _DC, "creator", self.feed.author.name)
            for hub in self.feed.hubs:
                xml_elem(f"{{{_ATOM}}}link", root[0], href=hub, rel="hub")
            if older := self.feed.prev_archive:
                xml_elem(f"{{{_ATOM}}}link", root[0], href=older, rel="prev-archive", type=ATOM)


class _RssItem(_Extension):
    def extend_rss(self, element: Any) -> None:
        """What RSS has no element for: who, language, last change, further files, an event's facts."""
        entry = self.entry
        for author in entry.authors:
            _named(element, _DC, "creator", author.name)
        _named(element, _DC, "language", entry.language or "")
        _named(element, _ATOM, "updated", entry.updated.isoformat())
        for file in entry.enclosures[1:]:
            xml_elem(f"{{{_MEDIA}}}content", element, **_media(file, entry.picture))
        _event(element, entry.event)


def _event(element: Any, facts: EventFacts | None) -> None:
    """The facts of an event, in elements that are alike in Atom and RSS."""
    if facts:
        _named(element, EVENT_MODULE, "startdate", facts.start)
        _named(element, EVENT_MODULE, "enddate", facts.end)
        _named(element, EVENT_MODULE, "location", facts.location)
        _named(element, EVENT_MODULE, "organizer", facts.organizer)
        _named(element, EVENT_MODULE, "type", facts.type)


def _media(file: Link, picture: Picture | None) -> dict[str, str]:
    """The attributes of Media RSS: RSS itself has room for one file."""
    sort = file.type.partition("/")[0]
    told = {"url": file.href, "type": file.type, "medium": sort if sort in _MEDIUMS else "document"}
    told["fileSize"] = str(file.length or 0)
    if picture and picture.href == file.href and picture.width and picture.height:
        told |= {"width": str(picture.width), "height": str(picture.height)}
    return told


def _attributes(link: Link) -> dict[str, str]:
    told = {
        "href": link.href,
        "rel": link.rel,
        "type": link.type,
        "hreflang": link.hreflang,
        "title": link.title,
    }
    told["length"] = "" if link.length is None else str(link.length)
    return {name: value for name, value in told.items() if value}


def _link(element: Any, attributes: dict[str, str]) -> None:
    """A plain name: feedgen makes Atom's elements without a namespace, its declaration is an attribute."""
    made = xml_elem("link", element)
    for name, value in attributes.items():
        made.set(name, value)


def _type_texts(element: Any) -> None:
    for child in element:
        if child.tag in _TEXT_CONSTRUCTS:
            child.set("type", "text")


def _named(element: Any, namespace: str, name: str, text: str) -> None:
    if text:
        xml_elem(f"{{{namespace}}}{name}", element).text = text
