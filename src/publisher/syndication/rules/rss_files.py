"""Rules about the files of an item of RSS: enclosures, and what Media RSS says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.places import Near
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.syndication.values import count_fault, media_type_fault, scheme_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.places import Element
    from publisher.syndication.subject import Feed

_WEB: Final = frozenset({"http", "https"})
_MEDIA: Final = ("image", "audio", "video", "document", "executable")
_EXPRESSIONS: Final = ("sample", "full", "nonstop")
_COUNTS: Final = ("fileSize", "width", "height", "duration", "channels")
_NUMBER: Final = re.compile(r"\d{1,18}", re.ASCII)


@rule(
    "enclosure-repeated", WARNING, Sight.ELEMENT, "item",
    source="RSS profile, 'enclosure' (SHOULD NOT); simplepie/simplepie#85, RSS-Bridge/rss-bridge#198, "
    "z-------------/CPod#159",
    misread="Tiny Tiny RSS and SimplePie take the first only, feedgen writes and others take the last.",
    mend="leave the most important one, and write the others as media:content",
)  # fmt: skip
def enclosure_repeated(element: Element, feed: Feed) -> Found | None:
    """An item has one enclosure."""
    del feed
    enclosures = element.all("enclosure")
    if len(enclosures) <= 1:
        return None
    return Found(enclosures[1], f"expected one <enclosure> in the item, got {len(enclosures)}")


@rule(
    "enclosure-incomplete", ERROR, Sight.ELEMENT, "enclosure",
    source="RSS 2.0, 'enclosure' (three required attributes); AntennaPod/AntennaPod#2074, "
    "Podlatch/Podlatch-Publisher#33",
    misread="AntennaPod passes the file over, Spotify the podcast; Ruby's RSS parser refuses the feed.",
    mend="write url, length in octets and type",
)  # fmt: skip
def enclosure_incomplete(element: Element, feed: Feed) -> Iterator[Found]:
    """A file has an address, a length and a type."""
    if feed.format != "rss":
        return
    for name in ("url", "length", "type"):
        value = element.get(name)
        if value is None or (name != "url" and not value.strip()):  # an empty url is told as an address
            yield Found(element, f"expected {name} of the <enclosure>, got none", attribute=name)


@rule(
    "enclosure-length-malformed", ERROR, Sight.ELEMENT, "enclosure", having="length",
    source="RSS 2.0, 'enclosure' (in bytes); AzuraCast/AzuraCast#8594",
    misread="Readers show a wrong size, or none.",
    mend="write the number of octets in digits",
)  # fmt: skip
def enclosure_length_malformed(element: Element, feed: Feed) -> Found | None:
    """The length of a file is a number of octets."""
    text = (element.get("length") or "").strip()
    if feed.format != "rss" or not text or not (fault := count_fault(text)):
        return None
    return Found(element, fault, text, "length")


@rule(
    "enclosure-length-zero", WARNING, Sight.ELEMENT, "enclosure", having="length",
    source="RSS profile, 'enclosure' (0 where it is not known); getnikola/nikola#2338",
    misread="Programs for podcasts take it for an empty file, and do not fetch it.",
    mend="write the number of octets; what is on your own server can be measured",
)  # fmt: skip
def enclosure_length_zero(element: Element, feed: Feed) -> Found | None:
    """A file has a length; 0 says that it is not known."""
    text = (element.get("length") or "").strip()
    if feed.format != "rss" or not _NUMBER.fullmatch(text) or int(text):
        return None
    return Found(element, "expected the length of the file in octets, got 0", text, "length")


@rule(
    "enclosure-type-malformed", ERROR, Sight.ELEMENT, "enclosure", having="type",
    source="RSS 2.0, 'enclosure' (a standard MIME type); RFC 6838 4.2",
    misread="Readers do not know what to do with the file, and offer nothing.",
    mend="write a media type such as text/calendar or image/png",
)  # fmt: skip
def enclosure_type_malformed(element: Element, feed: Feed) -> Found | None:
    """The type of a file is a media type."""
    text = (element.get("type") or "").strip()
    if feed.format != "rss" or not text or not (fault := media_type_fault(text)):
        return None
    return Found(element, fault, text, "type")


@rule(
    "enclosure-not-http", ERROR, Sight.ELEMENT, "enclosure", having="url",
    source="RSS 2.0, 'enclosure' (must be an http url)",
    misread="Readers do not fetch the file.",
    mend="write an address with https://",
)  # fmt: skip
def enclosure_not_http(element: Element, feed: Feed) -> Found | None:
    """A file is fetched by http or https."""
    text = (element.get("url") or "").strip()
    if feed.format != "rss" or scheme_of(text) in _WEB | {""}:
        return None
    return Found(element, f"expected an address with http or https, got {quoted(text)}", text, "url")


@rule(
    "media-without-url", ERROR, Sight.ELEMENT, "media:content", "media:thumbnail", "media:player",
    source="Media RSS 1.5.1, '<media:content>', '<media:thumbnail>', '<media:player>'",
    misread="Readers show a gap, or pass it over.",
    mend="write the address of the file in url; a file that plays only on a page has a <media:player>",
)  # fmt: skip
def media_without_url(element: Element, feed: Feed) -> Found | None:
    """A file of Media RSS has an address, or a page that plays it."""
    del feed
    if element.get("url") is not None:
        return None
    if element.name == "media:content" and element.first("media:player"):
        return None
    return Found(element, f"expected a url of <{element.name}>, got none", attribute="url")


@rule(
    "media-value-malformed", ERROR, Sight.ELEMENT, "media:content", "media:thumbnail",
    source="Media RSS 1.5.1, '<media:content>'",
    misread="Readers do not know the picture for one, and do not show it.",
    mend="write medium as image, audio, video, document or executable, numbers in digits, the type as a "
    "media type",
)  # fmt: skip
def media_value_malformed(element: Element, feed: Feed) -> Iterator[Found]:
    """What Media RSS says of a file are words that it knows, numbers, and a media type."""
    del feed
    for name, known in (("medium", _MEDIA), ("expression", _EXPRESSIONS)):
        value = element.get(name)
        if value is not None and value not in known:
            message = f"expected {', '.join(known[:-1])} or {known[-1]}, got {quoted(value)}"
            yield Found(element, message, value, name, Near(value, known))
    for name in _COUNTS:
        value = element.get(name)
        if value is not None and not _NUMBER.fullmatch(value.strip()):
            yield Found(element, f"expected a number as {name}, got {quoted(value)}", value, name)
    kind = element.get("type")
    if kind is not None and element.name == "media:content" and (fault := media_type_fault(kind)):
        yield Found(element, fault, kind, "type")


RULES = (
    enclosure_repeated,
    enclosure_incomplete,
    enclosure_length_malformed,
    enclosure_length_zero,
    enclosure_type_malformed,
    enclosure_not_http,
    media_without_url,
    media_value_malformed,
)
