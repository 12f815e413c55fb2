"""What a feed and an entry say in Atom (RFC 4287); links and people of Atom stand in RSS, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.syndication.subject import Content, Dated, Entry, Facts, Feed, Link, Markup, Role, Said
from publisher.syndication.values import BadValue, rfc_3339

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from publisher.syndication.places import Element

_TEXTS: Final[Mapping[str, Role]] = {
    "atom:title": "title",
    "atom:subtitle": "subtitle",
    "atom:summary": "summary",
    "atom:content": "content",
    "atom:rights": "rights",
}
_MARKUP: Final[Mapping[str, Markup]] = {
    "": "text",
    "text": "text",
    "text/plain": "text",
    "html": "html",
    "text/html": "html",
    "cdata": "html",  # no type, but what it means is plain
    "xhtml": "xhtml",
}
#: Elements that are an address, and those that have one in an attribute.
_ADDRESSES: Final = frozenset({"atom:icon", "atom:logo"})
_WITH_ADDRESS: Final[Mapping[str, str]] = {
    "atom:content": "src",
    "atom:category": "scheme",
    "atom:generator": "uri",
}
_PEOPLE: Final = frozenset({"atom:author", "atom:contributor"})
_REGISTRY: Final = "http://www.iana.org/assignments/relation/"


def atom_feed(root: Element) -> Feed:
    """A feed of Atom."""
    entries = tuple(Entry(each, facts_of(each)) for each in root.all("atom:entry") if each.closed)
    return Feed("atom", root, root, facts_of(root), entries)


def facts_of(element: Element) -> Facts:
    """What an `atom:feed` or `atom:entry` says."""
    children: dict[str, list[Element]] = {}
    for child in element.children:
        children.setdefault(child.name, []).append(child)
    dates = {
        name: dated(Said(each[0], each[0].text), rfc_3339)
        for name in ("atom:published", "atom:updated")
        if (each := children.get(name))
    }
    return Facts(
        id=_first(children, "atom:id"),
        title=_first(children, "atom:title"),
        published=dates.get("atom:published"),
        updated=dates.get("atom:updated"),
        dates=tuple(dates.values()),
        links=tuple(_links(element)),
        contents=tuple(content for child in element.children if (content := _content(child))),
        authors=tuple(names(children.get("atom:author", ()))),
        language=language_of(element),
    )


def _first(children: Mapping[str, list[Element]], name: str) -> Said | None:
    found = children.get(name)
    return Said(found[0], found[0].text) if found else None


def language_of(element: Element) -> Said | None:
    """The language that an element says it is in, of its own."""
    own = element.get("xml:lang")
    return None if own is None else Said(element, own, "xml:lang")


def names(people: tuple[Element, ...] | list[Element]) -> Iterator[Said]:
    """The names of people (RFC 4287 section 3.2)."""
    for person in people:
        if name := person.first("atom:name"):
            yield Said(name, name.text)


def atom_link(element: Element) -> Link | None:
    """What an `atom:link` says; nothing without an address."""
    href = element.get("href")
    if href is None:
        return None
    rel = (element.get("rel") or "alternate").strip().lower().removeprefix(_REGISTRY)
    length = element.get("length")
    return Link(
        rel,
        Said(element, href, "href"),
        type=element.get("type") or "",
        hreflang=element.get("hreflang") or "",
        length=None if length is None else Said(element, length, "length"),
    )


def _links(element: Element) -> Iterator[Link]:
    """Its links, and what else in it is an address."""
    if (base := element.get("xml:base")) is not None:
        yield Link("base", Said(element, base, "xml:base"))
    for child in element.children:
        if child.name == "atom:link":
            link = atom_link(child)
            yield from (link,) if link else ()
        elif child.name in _ADDRESSES:
            yield Link(child.local, Said(child, child.text))
        elif child.name in _WITH_ADDRESS:
            attribute = _WITH_ADDRESS[child.name]
            if (address := child.get(attribute)) is not None:
                yield Link(child.local, Said(child, address, attribute), child.get("type") or "")
        elif child.name in _PEOPLE:
            yield from (Link("author", Said(uri, uri.text)) for uri in child.all("atom:uri"))


def _content(element: Element) -> Content | None:
    """The text for people that an element is; nothing if it is none, or stands elsewhere (`src`)."""
    role = _TEXTS.get(element.name)
    markup = _MARKUP.get((element.get("type") or "").lower()) if role and element.get("src") is None else None
    if role is None or markup is None:
        return None
    text = element.all_text if markup == "xhtml" else element.text
    return Content(role, markup, Said(element, text), element.inherited("xml:base"))


def dated(said: Said, read: Callable[[str], datetime]) -> Dated:
    """The time that a text tells, or what is amiss with it."""
    try:
        return Dated(said, read(said.text))
    except BadValue as error:
        return Dated(said, None, str(error))
