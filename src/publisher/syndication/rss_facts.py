"""What a channel and an item say in RSS: 2.0, what came before it, and the modules that readers know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.syndication.atom_facts import atom_link, dated, language_of, names
from publisher.syndication.subject import Content, Dated, Entry, Facts, Feed, Link, Markup, Role, Said
from publisher.syndication.values import rfc_822, rfc_3339, w3c

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from publisher.syndication.places import Element

#: Elements whose text is an address -> what it is to the item or the channel.
_ADDRESSES: Final[Mapping[str, str]] = {
    "link": "alternate",
    "comments": "replies",
    "docs": "docs",
    "wfw:commentRss": "replies",
    "wfw:comment": "replies",
}
#: Elements with an address in an attribute -> which, and what it is.
_WITH_ADDRESS: Final[Mapping[str, tuple[str, str]]] = {
    "enclosure": ("url", "enclosure"),
    "source": ("url", "via"),
    "media:content": ("url", "media"),
    "media:thumbnail": ("url", "media"),
    "itunes:image": ("href", "icon"),
}
_LENGTHS: Final = ("length", "fileSize")
#: Elements that tell a time -> how it is written.
_TIMES: Final[Mapping[str, Callable[[str], datetime]]] = {
    "pubDate": rfc_822,
    "lastBuildDate": rfc_822,
    "dc:date": w3c,
    "dcterms:created": w3c,
    "dcterms:modified": w3c,
    "atom:published": rfc_3339,
    "atom:updated": rfc_3339,
}
_PUBLISHED: Final = ("pubDate", "atom:published", "dcterms:created", "dc:date")
_UPDATED: Final = ("atom:updated", "dcterms:modified", "lastBuildDate")
_TEXTS: Final[Mapping[str, tuple[Role, Markup]]] = {
    "title": ("title", "text"),
    "description": ("description", "html"),
    "content:encoded": ("content", "html"),
    "copyright": ("rights", "text"),
    "atom:summary": ("summary", "text"),
}


def rss_feed(root: Element) -> Feed:
    """A feed of RSS; in RDF the items stand beside the channel."""
    prefix = next(
        (each.name.removesuffix("channel") for each in root.children if each.local == "channel"), ""
    )
    channel = root.first(f"{prefix}channel")
    found = [*(channel.all(f"{prefix}item") if channel else ()), *root.all(f"{prefix}item")]
    entries = tuple(Entry(each, _facts(each, prefix)) for each in found if each.closed)
    return Feed("rss", root, channel or root, _facts(channel or root, prefix), entries)


def _facts(element: Element, prefix: str) -> Facts:
    """What a `<channel>` or an `<item>` says."""
    by: dict[str, Element] = {}
    for child in element.children:
        by.setdefault(child.name.removeprefix(prefix) if prefix else child.name, child)
    times = {name: dated(_said(by[name]), read) for name, read in _TIMES.items() if name in by}
    return Facts(
        id=_said(by["guid"]) if "guid" in by else None,
        title=_said(by["title"]) if "title" in by else None,
        published=_first(times, _PUBLISHED),
        updated=_first(times, _UPDATED),
        dates=tuple(times.values()),
        links=tuple(_links(element, prefix)),
        contents=tuple(_contents(element, prefix)),
        authors=tuple(_authors(element)),
        language=_said(by["language"]) if "language" in by else language_of(element),
    )


def _said(element: Element) -> Said:
    return Said(element, element.text)


def _first(times: Mapping[str, Dated], names_of: tuple[str, ...]) -> Dated | None:
    return next((times[name] for name in names_of if name in times), None)


def _links(element: Element, prefix: str) -> Iterator[Link]:
    for child in element.children:
        name = child.name.removeprefix(prefix) if prefix else child.name
        if name == "atom:link":
            link = atom_link(child)
            yield from (link,) if link else ()
        elif name in _ADDRESSES:
            yield Link(_ADDRESSES[name], _said(child))
        elif name == "guid" and child.get("isPermaLink") != "false":
            yield Link("permalink", _said(child))
        elif name in _WITH_ADDRESS:
            yield from _of_attribute(child, *_WITH_ADDRESS[name])
        elif name == "image":
            yield from (Link("icon", _said(url)) for url in child.children if url.local == "url")
        elif name == "media:group":
            yield from _links(child, prefix)


def _of_attribute(element: Element, attribute: str, rel: str) -> Iterator[Link]:
    address = element.get(attribute)
    if address is not None:
        lengths = (
            Said(element, value, name) for name in _LENGTHS if (value := element.get(name)) is not None
        )
        yield Link(
            rel, Said(element, address, attribute), element.get("type") or "", length=next(lengths, None)
        )


def _contents(element: Element, prefix: str) -> Iterator[Content]:
    for child in element.children:
        known = _TEXTS.get(child.name.removeprefix(prefix) if prefix else child.name)
        if known:
            yield Content(*known, _said(child), child.inherited("xml:base"))


def _authors(element: Element) -> Iterator[Said]:
    for child in element.children:
        if child.name in {"author", "dc:creator", "managingEditor"}:
            yield _said(child)
    yield from names(element.all("atom:author"))
