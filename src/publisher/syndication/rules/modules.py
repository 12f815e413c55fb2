"""Rules about small modules that Atom and RSS share: places on the earth, comments, replies, bases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.syndication.values import address_fault

if TYPE_CHECKING:
    from publisher.syndication.places import Element
    from publisher.syndication.subject import Feed

_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,9}(?:\.\d{0,30})?|\.\d{1,30})", re.ASCII)
#: In degrees: the poles, and half around the earth.
_LATEST: Final = {"geo:lat": 90.0, "geo:long": 180.0}
_COUNT: Final = re.compile(r"\d{1,18}", re.ASCII)
#: Whose base is among their links, and is told as an address.
_WITH_LINKS: Final = frozenset({"atom:feed", "atom:entry"})


def _is_within(text: str, most: float) -> bool:
    """Whether it is a number of degrees from minus as many to as many."""
    return _NUMBER.fullmatch(text) is not None and abs(float(text)) <= most


@rule(
    "geo-point-malformed", WARNING, Sight.ELEMENT, "georss:point",
    source="OGC 17-002r1 (GeoRSS Simple), 'point'; the W3C validator's InvalidCoord",
    misread="Maps show it elsewhere, or nowhere: with both numbers the other way round, Almaty lies in the "
    "Arctic Ocean.",
    mend="write latitude, a blank, longitude in degrees, such as 43.24 76.91",
)  # fmt: skip
def geo_point_malformed(element: Element, feed: Feed) -> Found | None:
    """A point is its latitude and its longitude, with a blank between them."""
    del feed
    text = element.text.strip()
    parts = text.split()
    if len(parts) == 2 and all(map(_is_within, parts, _LATEST.values())):  # noqa: PLR2004 -- as it says
        return None
    return Found(element, f"expected a latitude and a longitude in degrees, got {quoted(text)}", text)


@rule(
    "geo-degrees-malformed", WARNING, Sight.ELEMENT, *_LATEST,
    source="W3C, 'Basic Geo (WGS84 lat/long) Vocabulary'; the W3C validator's InvalidCoord",
    misread="Maps show it elsewhere, or nowhere.",
    mend="write degrees as a number with a point: a latitude up to 90, a longitude up to 180, south and west "
    "with a minus",
)  # fmt: skip
def geo_degrees_malformed(element: Element, feed: Feed) -> Found | None:
    """A latitude or a longitude is a number of degrees, and there are no more than so many."""
    del feed
    text, most = element.text.strip(), _LATEST[element.name]
    if _is_within(text, most):
        return None
    return Found(element, f"expected degrees from -{most:.0f} to {most:.0f}, got {quoted(text)}", text)


@rule(
    "slash-comments-malformed", WARNING, Sight.ELEMENT, "slash:comments",
    source="RDF Site Summary 1.0 Modules: Slash; the W3C validator's InvalidNonNegativeInteger",
    misread="Readers show no number of comments, or none at all.",
    mend="write how many there are in digits",
)  # fmt: skip
def slash_comments_malformed(element: Element, feed: Feed) -> Found | None:
    """How many comments there are is a number."""
    del feed
    text = element.text.strip()
    if _COUNT.fullmatch(text):
        return None
    return Found(element, f"expected a number of comments in digits, got {quoted(text)}", text)


@rule(
    "reply-without-ref", ERROR, Sight.ELEMENT, "thr:in-reply-to",
    source="RFC 4685 3 (MUST contain a ref attribute)",
    misread="Readers do not know what it replies to, and show it by itself.",
    mend="write the id of the entry that it replies to into ref",
)  # fmt: skip
def reply_without_ref(element: Element, feed: Feed) -> Found | None:
    """A reply names what it replies to by its id."""
    del feed
    if (element.get("ref") or "").strip():
        return None
    return Found(element, "expected the id of an entry in the ref of <thr:in-reply-to>, got none")


@rule(
    "base-malformed", ERROR, Sight.ELEMENT, having="xml:base",
    source="XML Base 3.1; RFC 4287 2; RFC 3986",
    misread="Readers make other addresses of those that are relative to it, or fail on them.",
    mend="write the whole address that the others are relative to",
)  # fmt: skip
def base_malformed(element: Element, feed: Feed) -> Found | None:
    """What addresses are relative to is an address."""
    del feed
    base = element.get("xml:base") or ""
    fault = "" if element.name in _WITH_LINKS else address_fault(base.strip())
    return Found(element, fault, base.strip()[:80], "xml:base") if fault else None


RULES = (
    geo_point_malformed,
    geo_degrees_malformed,
    slash_comments_malformed,
    reply_without_ref,
    base_malformed,
)
