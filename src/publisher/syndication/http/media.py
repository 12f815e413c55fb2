"""Rules about what an answer says that it is: media type, character set, size (RFC 9110 section 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.linting.rule import ERROR, WARNING, rule
from publisher.syndication.http.exchange import same_charset
from publisher.syndication.http.rule import Sight, Told

if TYPE_CHECKING:
    from publisher.syndication.http.exchange import Exchange, Format

#: The type of each format, then those that say nothing wrong, if not all.
TYPES: Final[dict[Format, tuple[str, ...]]] = {
    "atom": ("application/atom+xml",),
    "rss": ("application/rss+xml", "application/rdf+xml"),
    "json": ("application/feed+json", "application/json"),
    "calendar": ("text/calendar",),
}
_ANY_FEED: Final = ("application/atom+xml", "application/rss+xml", "application/x-rss+xml", "text/rdf")
#: Types that are too wide, and read nevertheless.
WIDE: Final[dict[Format, tuple[str, ...]]] = {
    "atom": ("text/xml", "application/xml", "application/rdf+xml", *_ANY_FEED),
    "rss": ("text/xml", "application/xml", *_ANY_FEED),
    "json": ("text/json", "text/plain", "application/octet-stream", ""),
    "calendar": ("text/plain", "application/octet-stream", "application/ics", "text/x-vcalendar", ""),
}
#: Less than this is sent in a few packets, packed or not.
SMALL_OCTETS: Final = 8_192


@rule(
    "http-media-type", ERROR, Sight.EXCHANGE, source="RFC 9110 8.3, RFC 4287 7, RFC 5545 8.1",
    misread="SimplePie, and with it the feed block of WordPress, takes nothing but types of XML for a feed:"
    " text/plain and application/octet-stream are none to it. Browsers show text/html as a page without"
    " any form; Mozilla's calendars have refused text/plain.",
    mend="let the server send the type of the format",
)  # fmt: skip
def media_type(exchange: Exchange) -> Told | None:
    """The media type of an answer is that of its format."""
    if len(exchange.media_types) > 1 or exchange.media_type in (
        *TYPES[exchange.format],
        *WIDE[exchange.format],
    ):
        return None
    return _other_type(exchange)


@rule(
    "http-media-type-wide", WARNING, Sight.EXCHANGE, source="RFC 9110 8.3, RFC 7303 4.2, W3C feed validator",
    misread="A browser shows the tree of elements or saves a file; no program is offered to subscribe with."
    " By the former RFC 3023, text/xml without a charset is US-ASCII, and rss2email still says so.",
    mend="let the server send the type of the format",
)  # fmt: skip
def media_type_wide(exchange: Exchange) -> Told | None:
    """It is the format's own type, not one that holds for much else, or for another format."""
    own = TYPES[exchange.format]
    return (
        _other_type(exchange)
        if exchange.media_type in WIDE[exchange.format]
        and exchange.media_type not in own
        and len(exchange.media_types) <= 1
        else None
    )


def _other_type(exchange: Exchange) -> Told:
    expected = TYPES[exchange.format][0]
    came = quoted(exchange.media_type) if exchange.media_type else "none"
    return Told(
        f"expected the media type {expected}, got {came}", f"send 'Content-Type: {expected}; charset=utf-8'"
    )


@rule(
    "http-charset", ERROR, Sight.EXCHANGE, source="RFC 7303 3, RFC 8259 8.1, RFC 5545 8.1",
    misread="By the standard the header counts, and most parsers of XML go by the declaration: for the one or"
    " the other, letters beyond ASCII are garbled. JSON and calendars are read as UTF-8 whatever is said.",
    mend="name one and the same character set in both, or none in the header; best is UTF-8",
)  # fmt: skip
def charset(exchange: Exchange) -> Told | None:
    """The header names the character set that the file is in, or none."""
    declared = exchange.declared or ("" if exchange.format in {"atom", "rss"} else "utf-8")
    if not exchange.charset or not declared or same_charset(exchange.charset, declared):
        return None
    where = "the file declares" if exchange.declared else "the format is always in"
    came = f"got {quoted(exchange.charset)} in the header, and {where} {quoted(declared)}"
    return Told(f"expected one character set, {came}")


@rule(
    "http-not-packed", WARNING, Sight.EXCHANGE, source="RFC 9110 8.4, 12.5.3",
    misread="Feeds are fetched again and again, and shrink to a fifth or a tenth: everybody waits and pays"
    " for the rest. The operator of one small site measured half of all traffic for that.",
    mend="let the server pack XML, JSON and calendars with gzip when a program says that it reads that",
)  # fmt: skip
def not_packed(exchange: Exchange) -> Told | None:
    """What is large is sent packed to whoever reads that."""
    size = len(exchange.answer.data)
    packed = exchange.header("content-encoding").lower() not in {"", "identity"}
    return (
        None
        if packed or size <= SMALL_OCTETS
        else Told(f"expected it packed with gzip, got {size:,} octets as they are")
    )


@rule(
    "http-media-type-twice", ERROR, Sight.EXCHANGE, source="RFC 9110 5.3, 8.3 (a single value)",
    misread="Some go by the first, some by the last, some by none: for the latter it is no feed.",
    mend="let one part of the server send Content-Type: the program or what stands before it",
)  # fmt: skip
def media_type_twice(exchange: Exchange) -> Told | None:
    """An answer says once what it is, and does not contradict itself."""
    types = exchange.media_types
    return (
        Told(f"expected one media type, got {', '.join(map(quoted, types[:5]))}") if len(types) > 1 else None
    )


RULES = (media_type, media_type_wide, media_type_twice, charset, not_packed)
