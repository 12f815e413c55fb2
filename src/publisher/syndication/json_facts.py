"""What a feed and an item say in JSON Feed (1.1, and 1.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.syndication.atom_facts import dated
from publisher.syndication.subject import Content, Entry, Facts, Feed, Link, Markup, Role, Said
from publisher.syndication.values import rfc_3339

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.syndication.places import Value

_ADDRESSES: Final[Mapping[str, str]] = {
    "url": "alternate",
    "home_page_url": "alternate",
    "feed_url": "self",
    "next_url": "next",
    "external_url": "related",
    "image": "image",
    "banner_image": "image",
    "icon": "icon",
    "favicon": "icon",
}
_TEXTS: Final[Mapping[str, tuple[Role, Markup]]] = {
    "title": ("title", "text"),
    "description": ("description", "text"),
    "summary": ("summary", "text"),
    "content_text": ("content", "text"),
    "content_html": ("content", "html"),
}
_TIMES: Final = ("date_published", "date_modified")


def json_feed(root: Value) -> Feed:
    """A feed of JSON."""
    items = root.get("items")
    found = items.items if items else []
    entries = tuple(Entry(each, _facts(each)) for each in found if each.closed and each.kind == "object")
    return Feed("json", root, root, _facts(root), entries)


def _facts(value: Value) -> Facts:
    """What the outermost object or an item says."""
    texts = {
        name: Said(value, member.text, name)
        for name, member in value.members.items()
        if member.kind == "string"
    }
    times = {name: dated(texts[name], rfc_3339) for name in _TIMES if name in texts}
    return Facts(
        id=texts.get("id"),
        title=texts.get("title"),
        published=times.get("date_published"),
        updated=times.get("date_modified"),
        dates=tuple(times.values()),
        links=tuple(_links(value, texts)),
        contents=tuple(Content(*known, texts[name]) for name, known in _TEXTS.items() if name in texts),
        authors=tuple(_authors(value)),
        language=texts.get("language"),
    )


def _links(value: Value, texts: Mapping[str, Said]) -> Iterator[Link]:
    for name, rel in _ADDRESSES.items():
        if name in texts:
            yield Link(rel, texts[name])
    for each in _objects(value, "attachments"):
        size = each.get("size_in_bytes")
        length = (
            None
            if size is None
            else Said(each, size.text if size.kind == "string" else str(size.value), "size_in_bytes")
        )
        if "url" in each.members:
            yield Link(
                "enclosure", Said(each, each.string("url"), "url"), each.string("mime_type"), length=length
            )
    for each in _objects(value, "hubs"):
        if "url" in each.members:
            yield Link("hub", Said(each, each.string("url"), "url"))


def _authors(value: Value) -> Iterator[Said]:
    one = value.get("author")
    for each in (*_objects(value, "authors"), *([one] if one else ())):
        name = next((name for name in ("name", "url") if each.string(name)), "")
        if name:
            yield Said(each, each.string(name), name)


def _objects(value: Value, name: str) -> list[Value]:
    """The objects in an array that is a member."""
    found = value.get(name)
    return [each for each in found.items if each.kind == "object"] if found else []
