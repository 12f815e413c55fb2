"""What RSS 2.0 knows: which elements stand in which, which attributes they have, which stand there once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.syndication.places import Element

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.syndication.subject import Feed

_IMAGE: Final = frozenset({"url", "title", "link", "width", "height", "description"})
_INPUT: Final = frozenset({"title", "description", "name", "link"})
_CHANNEL: Final = frozenset(
    {
        "title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate",
        "lastBuildDate", "category", "generator", "docs", "cloud", "ttl", "image", "rating", "textInput",
        "skipHours", "skipDays", "item",
    }
)  # fmt: skip
_ITEM: Final = frozenset(
    {
        "title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate",
        "source",
    }
)  # fmt: skip

#: What holds other elements -> which.
CHILDREN: Final[Mapping[str, frozenset[str]]] = {
    "rss": frozenset({"channel"}),
    "channel": _CHANNEL,
    "item": _ITEM,
    "image": _IMAGE,
    "textInput": _INPUT,
    "skipHours": frozenset({"hour"}),
    "skipDays": frozenset({"day"}),
}
ELEMENTS: Final = frozenset({"rss"}).union(*CHILDREN.values())
#: What has attributes -> which.
ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "rss": frozenset({"version"}),
    "category": frozenset({"domain"}),
    "cloud": frozenset({"domain", "port", "path", "registerProcedure", "protocol"}),
    "enclosure": frozenset({"url", "length", "type"}),
    "guid": frozenset({"isPermaLink"}),
    "source": frozenset({"url"}),
}
#: What holds text, and no elements.
TEXTS: Final = tuple(sorted(ELEMENTS - set(CHILDREN) - {"cloud", "enclosure"}))
#: What may stand somewhere more than once; several enclosures have a rule of their own.
MANY: Final = frozenset({"item", "category", "hour", "day", "enclosure"})


def is_rss2(feed: Feed) -> bool:
    """Whether it is RSS 2.0, of which more is asked than of its forerunners."""
    return (
        isinstance(feed.root, Element)
        and feed.root.name == "rss"
        and (feed.root.get("version") or "").startswith("2")
    )


def is_core(name: str) -> bool:
    """Whether an element or attribute is in no namespace: RSS's own are not."""
    return ":" not in name
