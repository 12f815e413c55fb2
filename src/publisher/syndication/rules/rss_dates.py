"""Rules about how RSS tells times (RFC 822 section 5); whether they can be read is asked of all formats."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.rules.rule import WARNING, Found, Sight, rule
from publisher.syndication.values import BadValue, rfc_822

if TYPE_CHECKING:
    from publisher.syndication.places import Element
    from publisher.syndication.subject import Feed

_SHORT: Final = re.compile(r"[A-Za-z]{3}\s+(\d\d)\s+\d\d:", re.ASCII)


@rule(
    "rss-year-short", WARNING, Sight.ELEMENT, "pubDate", "lastBuildDate",
    source="RSS 2.0, 'pubDate' (four preferred); NyaaPantsu/nyaa#1308, Ranchero-Software/NetNewsWire#3516",
    misread="Thunderbird has shown items of 2017 in 2031, NetNewsWire shows 1970.",
    mend="write the year with four digits",
)  # fmt: skip
def rss_year_short(element: Element, feed: Feed) -> Found | None:
    """A year has four digits: of two, readers guess the century."""
    text = element.text.strip()
    if feed.format != "rss" or not (short := _SHORT.search(text)):
        return None
    try:
        rfc_822(text)
    except BadValue:
        return None  # told already
    return Found(element, f"expected a year of four digits, got {quoted(short[1])} in {quoted(text)}", text)


RULES = (rss_year_short,)
