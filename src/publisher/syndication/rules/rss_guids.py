"""Rules about the guid of an item of RSS: by it readers know again what they have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.rules.rss_names import is_rss2
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.syndication.values import address_fault, scheme_of

if TYPE_CHECKING:
    from publisher.syndication.places import Element
    from publisher.syndication.subject import Feed

#: How addresses of pages begin.
WEB: Final = frozenset({"http", "https"})
_FLAGS: Final = ("true", "false")
_FEW_DIGITS: Final = re.compile(r"\d{1,8}", re.ASCII)


def is_permalink(guid: Element) -> bool:
    """Whether it is said to be an address: it is, unless something else is said."""
    return (guid.get("isPermaLink") or "true").strip().lower() == "true"


@rule(
    "guid-missing", WARNING, Sight.ELEMENT, "item",
    source="RSS profile, 'guid' (SHOULD); getpelican/pelican#190, mysociety/theyworkforyou#427",
    misread="newsboat makes a name of the link and the date, others of the title: an item in which that "
    "is edited comes again as a new one.",
    mend='write <guid isPermaLink="false"> with something that never changes and no other item has',
)  # fmt: skip
def guid_missing(element: Element, feed: Feed) -> Found | None:
    """An item has a name for ever, by which readers know it again."""
    if not is_rss2(feed) or element.first("guid"):
        return None
    return Found(element, "expected a <guid> in the item, got none")


@rule(
    "guid-not-permalink", ERROR, Sight.ELEMENT, "guid",
    source="RSS 2.0, 'guid' (true by default); Ranchero-Software/NetNewsWire#987, greghendershott/frog#180",
    misread="NetNewsWire, Thunderbird and Feedly have opened it in place of the <link>, at an address "
    "that is none.",
    mend='write isPermaLink="false" where the guid is no address of a page',
)  # fmt: skip
def guid_not_permalink(element: Element, feed: Feed) -> Found | None:
    """A guid is an address that can be opened, unless it says that it is none."""
    text = element.text.strip()
    if feed.format != "rss" or not text or not is_permalink(element):
        return None
    if scheme_of(text) in WEB and not address_fault(text):
        return None
    return Found(
        element, f'expected an address with https:// or isPermaLink="false", got {quoted(text)}', text
    )


@rule(
    "guid-flag-unknown", ERROR, Sight.ELEMENT, "guid", having="isPermaLink",
    source="RSS 2.0, 'guid'",
    misread="Readers take it for true, and open the guid in place of the <link>.",
    mend='write isPermaLink="false", or "true" if the guid is the address of the page',
)  # fmt: skip
def guid_flag_unknown(element: Element, feed: Feed) -> Found | None:
    """Whether a guid is an address is said with true or false."""
    flag = element.get("isPermaLink")
    if feed.format != "rss" or flag is None or flag in _FLAGS:
        return None
    return Found(element, f"expected true or false as isPermaLink, got {quoted(flag)}", flag, "isPermaLink")


@rule(
    "guid-short", WARNING, Sight.ELEMENT, "guid",
    source="RSS profile, 'guid' (globally unique)",
    misread="newsboat and other programs keep items of all feeds by their guid: two feeds with the same "
    "number have one item.",
    mend="write the number within a name of your own, such as tag:example.org,2026:item/17",
)  # fmt: skip
def guid_short(element: Element, feed: Feed) -> Found | None:
    """A guid is no other feed's: a short number is."""
    text = element.text.strip()
    if feed.format != "rss" or is_permalink(element) or not _FEW_DIGITS.fullmatch(text):
        return None
    return Found(element, f"expected a guid that no other feed has, got {quoted(text)}", text)


RULES = (
    guid_missing,
    guid_not_permalink,
    guid_flag_unknown,
    guid_short,
)
