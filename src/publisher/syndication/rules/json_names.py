"""What JSON Feed 1.1 knows: which members which objects have, and of which type they are."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from publisher.syndication.places import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.syndication.subject import Feed

#: Object -> member -> its type in JSON.
MEMBERS: Final[Mapping[str, Mapping[str, str]]] = {
    "feed": {
        "version": "string", "title": "string", "home_page_url": "string", "feed_url": "string",
        "description": "string", "user_comment": "string", "next_url": "string", "icon": "string",
        "favicon": "string", "author": "object", "authors": "array", "language": "string",
        "expired": "boolean", "hubs": "array", "items": "array",
    },
    "items": {
        "id": "string", "url": "string", "external_url": "string", "title": "string",
        "content_html": "string", "content_text": "string", "summary": "string",
        "image": "string", "banner_image": "string",
        "date_published": "string", "date_modified": "string", "author": "object", "authors": "array",
        "tags": "array", "language": "string", "attachments": "array",
    },
    "authors": {"name": "string", "url": "string", "avatar": "string"},
    "hubs": {"type": "string", "url": "string"},
    "attachments": {
        "url": "string", "mime_type": "string", "title": "string", "size_in_bytes": "number",
        "duration_in_seconds": "number",
    },
}  # fmt: skip
#: Object -> its members that are addresses.
ADDRESSES: Final[Mapping[str, tuple[str, ...]]] = {
    "feed": ("home_page_url", "feed_url", "next_url", "icon", "favicon"),
    "items": ("url", "external_url", "image", "banner_image"),
    "authors": ("url", "avatar"),
    "hubs": ("url",),
    "attachments": ("url",),
}
#: The members that hold objects of a sort.
_INNER: Final = {
    "items": "items",
    "authors": "authors",
    "author": "authors",
    "hubs": "hubs",
    "attachments": "attachments",
}
VERSIONS: Final = ("https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1")


def objects(feed: Feed) -> tuple[tuple[str, Value], ...]:
    """The objects that JSON Feed knows, each with its sort; extensions (`_...`) are left alone."""
    return _known(feed.root) if isinstance(feed.root, Value) else ()


@lru_cache(maxsize=1)  # all rules ask for them, one after the other
def _known(root: Value) -> tuple[tuple[str, Value], ...]:
    return tuple(_objects("feed", root))


def _objects(sort: str, value: Value) -> Iterator[tuple[str, Value]]:
    if value.kind != "object":
        return
    yield sort, value
    for name in MEMBERS[sort]:
        inner = value.members.get(name)
        if inner is not None and (of := _INNER.get(name)):
            for each in inner.items if inner.kind == "array" else (inner,):
                yield from _objects(of, each)


def has(value: Value, *names: str) -> bool:
    """Whether an object has one of these members, null aside."""
    return any((member := value.members.get(name)) is not None and member.kind != "null" for name in names)
