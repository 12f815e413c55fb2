"""What was asked of a web address and what it answered, as the rules about HTTP look at it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, TypeAlias
from urllib.parse import urljoin, urlsplit

from publisher.syndication.feeds import feed_of
from publisher.syndication.reading import read

if TYPE_CHECKING:
    from publisher.fetching import Fetched
    from publisher.syndication.subject import Feed

#: What an answer holds, as its content says.
Format: TypeAlias = Literal["atom", "rss", "json", "calendar"]

_CHARSET: Final = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;,\"']+)", re.IGNORECASE)
#: One of several values of a header, which come as a list with commas (RFC 9110 section 5.6.1).
_FIELD: Final = re.compile(r'(?:[^,"]++|"[^"]*+"|")++')
_DECLARED: Final = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^<>]{0,200}?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
#: One link of a header Link: its target and its parameters (RFC 8288 section 3).
_LINK: Final = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s\",;]*))?)*)")
_PARAMETER: Final = re.compile(r";\s*([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]*))")
_DIRECTIVE: Final = re.compile(r"([A-Za-z-]+)(?:\s*=\s*\"?([^\s\",]*)\"?)?")
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True)
class HeaderLink:
    """A link of the header Link."""

    rel: str
    href: str


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A feed or a calendar as its address gives it: once, and again under a condition."""

    #: The address as it was given.
    asked: str
    format: Format
    answer: Fetched
    #: When it was asked, in UTC.
    now: datetime
    #: What it says when it is asked again: by If-None-Match, by If-Modified-Since; None if it was not.
    by_tag: Fetched | None = None
    by_date: Fetched | None = None
    #: The feed in the answer, if it is one that can be read.
    feed: Feed | None = field(default=None, repr=False)

    def header(self, name: str) -> str:
        """The value of a header of the first answer; nothing without one. The name is in lower case."""
        return self.answer.headers.get(name, "").strip()

    @cached_property
    def media_type(self) -> str:
        """The media type that the answer says it is of (RFC 9110 section 8.3), in lower case."""
        return next(iter(self.media_types), "")

    @cached_property
    def media_types(self) -> tuple[str, ...]:
        """The media types that the answer says it is of: more than one if it contradicts itself."""
        fields = _FIELD.findall(self.header("content-type"))
        types = (each.partition(";")[0].strip().lower() for each in fields)
        return tuple(dict.fromkeys(each for each in types if each))

    @cached_property
    def charset(self) -> str:
        """The character set that the header names; nothing without one."""
        found = _CHARSET.search(self.header("content-type"))
        return found[1] if found else ""

    @cached_property
    def declared(self) -> str:
        """The character set that the XML declaration names; nothing without one."""
        found = _DECLARED.match(self.answer.data)
        return found[1].decode() if found else ""

    @cached_property
    def cache_control(self) -> dict[str, str]:
        """The directives of Cache-Control (RFC 9111 section 5.2), in lower case, with their values."""
        return {name.lower(): value for name, value in _DIRECTIVE.findall(self.header("cache-control"))}

    @cached_property
    def last_modified(self) -> datetime | None:
        """Last-Modified (RFC 9110 section 8.8.2) in UTC; None without one, or if it cannot be read."""
        return http_date(self.header("last-modified"))

    @cached_property
    def links(self) -> tuple[HeaderLink, ...]:
        """The links of the header Link whose context is the answer itself, one for each relation."""
        return tuple(self._links())

    def _links(self) -> list[HeaderLink]:
        found = []
        for target, said in _LINK.findall(self.header("link")):
            parameters = {
                name.lower(): quoted or bare for name, quoted, bare in reversed(_PARAMETER.findall(said))
            }
            if "anchor" not in parameters:  # else it is about something else (RFC 8288 section 3.2)
                href = joined(self.answer.url, target)
                found += [HeaderLink(rel.lower(), href) for rel in parameters.get("rel", "").split()]
        return found

    def header_links(self, rel: str) -> list[str]:
        """The addresses of the header's links of one relation."""
        return [link.href for link in self.links if link.rel == rel]

    def feed_links(self, rel: str) -> list[str]:
        """The addresses of the feed's own links of one relation."""
        links = self.feed.links(rel) if self.feed else []
        return [joined(self.answer.url, link.href.text.strip()) for link in links]


def feed_in(data: bytes) -> Feed | None:
    """The feed in what an answer holds, as far as it can be read; None if it is none."""
    return feed_of(read(data))


def http_date(text: str) -> datetime | None:
    """A date of HTTP (RFC 9110 section 5.6.7) in UTC; None if it is none."""
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def same_charset(one: str, other: str) -> bool:
    """Whether two names are of one character set."""
    try:
        return codecs.lookup(one).name == codecs.lookup(other).name
    except (LookupError, ValueError):  # the latter for what no name can hold
        return one.lower() == other.lower()


def joined(base: str, reference: str) -> str:
    """The address that a reference means; itself where it means none."""
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def canonical(url: str) -> tuple[str, str, int | None, str]:
    """Scheme, host, port and rest of an address, written alike where that means the same (RFC 3986 6.2)."""
    try:
        parts = urlsplit(url.strip())
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        return "", "", None, url
    scheme = {"webcal": "https", "webcals": "https"}.get(scheme, scheme)
    rest = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return scheme, host.lower(), port or _PORTS.get(scheme), rest


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one."""
    return canonical(one) == canonical(other)
