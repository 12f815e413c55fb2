"""Rules about the items of RSS: what they must have, who wrote them, what they are about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.rules.rss_guids import WEB, is_permalink
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.syndication.values import scheme_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.places import Element
    from publisher.syndication.subject import Feed

#: An address as mail has it, then a name in brackets, or the other way round as in mail.
_CONTACT: Final = re.compile(
    r"(?:mailto:)?[^\s@<>()\"]++@[^\s@<>()\"]+\.[^\s@<>()\"]+(?:\s*\([^()]*\))?"
    r"|[^@<>]*<[^\s@<>()\"]+@[^\s@<>()\"]+\.[^\s@<>()\"]+>"
)
#: What RSS says itself, and the same from elsewhere.
_SAME: Final = {
    "item": (
        ("pubDate", "dc:date"),
        ("pubDate", "atom:published"),
        ("author", "dc:creator"),
        ("category", "dc:subject"),
        ("guid", "atom:id"),
        ("source", "dc:source"),
        ("title", "dc:title"),
        ("description", "dc:description"),
    ),
    "channel": (
        ("pubDate", "dc:date"),
        ("managingEditor", "dc:creator"),
        ("webMaster", "dc:publisher"),
        ("language", "dc:language"),
        ("copyright", "dc:rights"),
        ("lastBuildDate", "dcterms:modified"),
    ),
}


def _blank(element: Element | None) -> bool:
    return element is None or not element.all_text.strip()


@rule(
    "item-empty", ERROR, Sight.ELEMENT, "item",
    source="RSS 2.0, 'Elements of <item>' (at least one)",
    misread="newsboat makes a title of the address; others show a line without words.",
    mend="write a <title>, or at least a <description>",
)  # fmt: skip
def item_empty(element: Element, feed: Feed) -> Found | None:
    """An item has a title or a description."""
    del feed
    if not _blank(element.first("title")) or not _blank(element.first("description")):
        return None
    return Found(element, "expected a <title> or a <description> in the item, got neither")


@rule(
    "item-title-missing", WARNING, Sight.ELEMENT, "item",
    source="RSS profile, 'title'; FredJul/Flym#467, OpenCTI-Platform/opencti#10830",
    misread="Flym and OpenCTI took nothing from such a feed; others show the beginning of the text, or "
    "the address.",
    mend="write a <title>",
)  # fmt: skip
def item_title_missing(element: Element, feed: Feed) -> Found | None:
    """An item has a title: it is what lists show."""
    del feed
    if element.first("title") or _blank(element.first("description")):
        return None
    return Found(element, "expected a <title> in the item, got none")


@rule(
    "item-link-missing", WARNING, Sight.ELEMENT, "item",
    source="RSS profile, 'link'; brief-rss/brief#442, Ranchero-Software/NetNewsWire#2226",
    misread="NetNewsWire has nothing to open; Brief failed on the whole feed.",
    mend="write the address of the item's page into <link>",
)  # fmt: skip
def item_link_missing(element: Element, feed: Feed) -> Found | None:
    """An item links to its page, or its guid does."""
    del feed
    guid = element.first("guid")
    permanent = guid is not None and is_permalink(guid) and scheme_of(guid.text.strip()) in WEB
    if permanent or element.first("link") or element.first("enclosure"):
        return None
    return Found(element, "expected a <link> in the item, got none")


@rule(
    "contact-not-email", ERROR, Sight.ELEMENT, "author", "managingEditor", "webMaster",
    source="RSS 2.0, 'author', 'managingEditor', 'webMaster'; discourse/discourse#3538, jpmonette/feed#241",
    misread="Readers that offer to write to the author write to nobody; some show nothing.",
    mend="write the name into <dc:creator>, or an address and the name: jane@example.org (Jane Doe)",
)  # fmt: skip
def contact_not_email(element: Element, feed: Feed) -> Found | None:
    """Authors, editors and webmasters are told by their addresses for mail."""
    text = element.text.strip()
    if feed.format != "rss" or not text or _CONTACT.fullmatch(text):
        return None
    return Found(element, f"expected an address for mail in <{element.name}>, got {quoted(text)}", text)


@rule(
    "source-without-url", ERROR, Sight.ELEMENT, "source",
    source="RSS 2.0, 'source' (required attribute)",
    misread="Ruby's RSS parser refuses the feed; others cannot link to where it came from.",
    mend="write the address of the feed from which the item comes in the attribute url",
)  # fmt: skip
def source_without_url(element: Element, feed: Feed) -> Found | None:
    """An item from another feed names its address, not its title alone."""
    if feed.format != "rss" or element.get("url") is not None:
        return None
    return Found(element, "expected the address of a feed in the url of <source>, got none", attribute="url")


@rule(
    "category-domain-malformed", WARNING, Sight.ELEMENT, "category", having="domain",
    source="RSS 2.0, 'category' (identifies a categorization taxonomy); RSS profile, 'category'",
    misread="Programs that compare categories take those of one list for those of several, or the other "
    "way round.",
    mend="write the whole address of the list of categories, or a name for it; or leave domain out",
)  # fmt: skip
def category_domain_malformed(element: Element, feed: Feed) -> Found | None:
    """The domain of a category says from which list it is: an address is a whole one."""
    domain = element.get("domain")
    if (
        feed.format != "rss"
        or domain is None
        or (domain.strip() and not domain.strip().startswith(("/", "./", "../")))
    ):
        return None
    message = f"expected a whole address or a name as domain, got {quoted(domain)}"
    return Found(element, message, domain, "domain")


@rule(
    "content-without-description", WARNING, Sight.ELEMENT, "item",
    source="RSS profile, 'content:encoded'; HiDeoo/starlight-blog#208",
    misread="Readers that do not know content:encoded show nothing; those that take the last of both show "
    "the summary.",
    mend="write a summary into <description>, before content:encoded",
)  # fmt: skip
def content_without_description(element: Element, feed: Feed) -> Found | None:
    """Where the whole text is in content:encoded, a summary stands in the description before it."""
    del feed
    content, description = element.first("content:encoded"), element.first("description")
    if content is None or (description is not None and description.at < content.at):
        return None
    got = "none" if description is None else "it after"
    return Found(content, f"expected a <description> before content:encoded, got {got}")


@rule(
    "rss-said-twice", WARNING, Sight.ELEMENT, *_SAME,
    source="RSS profile, 'dc:creator'; W3C feed validator, 'DuplicateSemantics'",
    misread="Some take the one, some the other; both together are shown twice, or as two authors.",
    mend="leave the one from the other namespace out",
)  # fmt: skip
def rss_said_twice(element: Element, feed: Feed) -> Iterator[Found]:
    """What RSS has an element for is not said again in another namespace."""
    del feed
    for own, other in _SAME[element.name]:
        if element.first(own) and (second := element.first(other)):
            yield Found(second, f"expected <{own}> or <{other}>, got both")


RULES = (
    item_empty,
    item_title_missing,
    item_link_missing,
    contact_not_email,
    source_without_url,
    category_domain_malformed,
    content_without_description,
    rss_said_twice,
)
