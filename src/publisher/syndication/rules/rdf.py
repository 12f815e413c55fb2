"""Rules about RSS 1.0, which is RDF: its items have names, and its channel lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.syndication.rules.rule import ERROR, Found, Sight, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.places import Element
    from publisher.syndication.subject import Feed


@rule(
    "rdf-item-incomplete", ERROR, Sight.ELEMENT, "rss1:item",
    source="RDF Site Summary 1.0, 5.5 (rdf:about, title and link are required)",
    misread="Readers have nothing to know the item by and nothing to open: one that is edited comes again.",
    mend="write the address of the item's page into rdf:about and <link>, and its name into <title>",
)  # fmt: skip
def rdf_item_incomplete(element: Element, feed: Feed) -> Iterator[Found]:
    """An item of RSS 1.0 has a name by which others speak of it, a title and a link."""
    del feed
    if not (element.get("rdf:about") or "").strip():
        yield Found(element, "expected rdf:about of the <item>, got none")
    for name in ("title", "link"):
        said = element.first(f"rss1:{name}")
        if said is None:  # an empty link is told as an address
            yield Found(element, f"expected a <{name}> in the <item>, got none")


@rule(
    "rdf-channel-without-items", ERROR, Sight.ELEMENT, "rss1:channel",
    source="RDF Site Summary 1.0, 5.3.5 (items is required)",
    misread="Programs that read RDF see items that belong to no feed.",
    mend='write <items><rdf:Seq><rdf:li rdf:resource="..."/></rdf:Seq></items>, with each rdf:about',
)  # fmt: skip
def rdf_channel_without_items(element: Element, feed: Feed) -> Found | None:
    """The channel of RSS 1.0 lists its items, which stand beside it."""
    del feed
    if element.first("rss1:items"):
        return None
    return Found(element, "expected <items> in the <channel>, got none")


RULES = (rdf_item_incomplete, rdf_channel_without_items)
