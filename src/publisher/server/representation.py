"""Representations and conditional requests (RFC 9110 sections 8, 12 and 13).

Programs poll: most requests for a calendar find it unchanged. The validator
is a strong ETag made from the bytes alone, so that a release which changes
nothing transfers nothing, from whichever machine it is served.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC
from email.utils import formatdate, parsedate_to_datetime
from typing import TYPE_CHECKING

from publisher.model.artifact import media_type
from publisher.server.answers import Answer
from publisher.server.policy import headers_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import Headers

#: Below this, a compressed body and its header save nothing.
WORTH_COMPRESSING = 512
_TEXT = re.compile(r"text/|application/(?:[a-z]+\+)?(?:xml|json)|image/svg\+xml")
#: What browsers print as plain text when it is called what it is; XML they show with the style that it names.
_FEED = re.compile(r"application/(?:atom|rss)\+xml")
_XML = "application/xml; charset=utf-8"
_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')
_CODING = re.compile(r"\s*([^\s;]+)\s*(?:;\s*q\s*=\s*([0-9.]{1,5})\s*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Representation:
    """The bytes of one address, their compressed form where that is smaller, and what is said of them."""

    body: bytes
    compressed: bytes | None
    #: Content-Type, Cache-Control and the like: the same for all variants and for 304.
    headers: Mapping[str, str]
    digest: str
    #: Seconds since 1970, or None where no date of the bytes is known.
    modified: float | None = None

    @classmethod
    def of(cls, path: str, body: bytes, modified: float | None = None, *, link: str = "") -> Representation:
        """The representation of a path below build/; `link` is its Link header, if it has one."""
        kind = media_type(path)
        headers = {"Content-Type": kind} | headers_for(path) | ({"Link": link} if link else {})
        compressed = None
        if _TEXT.match(kind):
            headers["Vary"] = "Accept-Encoding, Sec-Fetch-Dest" if _FEED.match(kind) else "Accept-Encoding"
            compressed = _compress(body)
        return cls(body, compressed, headers, hashlib.blake2b(body, digest_size=16).hexdigest(), modified)

    @property
    def weight(self) -> int:
        """How many bytes it takes to keep it."""
        return len(self.body) + len(self.compressed or b"")

    def answer(self, request: Headers, now: float) -> Answer:
        """200 with the variant that suits the client, or 304 if it has that already."""
        variant = self._variant(request)
        described = {k: v for k, v in variant.headers.items() if not k.startswith("Content-")}
        modified = self._last_modified(now)
        if modified is not None:
            described["Last-Modified"] = formatdate(modified, usegmt=True)
        if _has(request, described["ETag"], modified, now):
            return Answer(304, described)
        return Answer(200, dict(variant.headers) | described, variant.body)

    def as_error(self, status: int, request: Headers) -> Answer:
        """The same as the page of an error: it has no validator, for nothing is there to be kept."""
        variant = self._variant(request)
        return Answer(status, {k: v for k, v in variant.headers.items() if k != "ETag"}, variant.body)

    def _variant(self, request: Headers) -> Answer:
        if self.compressed is not None and accepts_gzip(_field(request, "accept-encoding") or ""):
            body, tag, coding = self.compressed, f'"{self.digest}-gzip"', {"Content-Encoding": "gzip"}
        else:
            body, tag, coding = self.body, f'"{self.digest}"', {}
        headers = {**self.headers, **coding, "ETag": tag, "Content-Length": str(len(body))}
        if _is_opened(request) and _FEED.match(headers["Content-Type"]):
            headers["Content-Type"] = _XML
        return Answer(200, headers, body)

    def _last_modified(self, now: float) -> int | None:
        """Its date in whole seconds; none while another change could bear it, none to come (8.8.2.1)."""
        if self.modified is None or self.modified >= int(now):
            return None
        return int(self.modified)


def _compress(body: bytes) -> bytes | None:
    """A compressed form that is the same at each call (no time in it), or None where it saves nothing."""
    if len(body) <= WORTH_COMPRESSING:
        return None
    compressed = gzip.compress(body, compresslevel=6, mtime=0)
    return compressed if len(compressed) < len(body) else None


def _is_opened(request: Headers) -> bool:
    """Whether a browser opens this for a person to look at (Fetch Metadata section 2.1)."""
    return request.get("sec-fetch-dest") == "document"


def _field(request: Headers, name: str) -> str | None:
    """A header's value; several lines of one header are one list (RFC 9110 section 5.3)."""
    lines = request.getlist(name)
    return ", ".join(lines) if lines else None


def _has(request: Headers, tag: str, modified: int | None, now: float) -> bool:
    """Whether the client holds this variant: by its tag, else, where it names none, by date (13.2.2)."""
    if (tags := _field(request, "if-none-match")) is not None:
        return tags.strip() == "*" or tag in _ENTITY_TAG.findall(tags)
    since = _date(_field(request, "if-modified-since"))
    # A date still to come was not given by this server: whoever sends it would never see a change again.
    return modified is not None and since is not None and modified <= since <= now


def _date(text: str | None) -> float | None:
    """An HTTP date (section 5.6.7) in seconds since 1970; None for what is none."""
    try:
        date = parsedate_to_datetime(text or "")
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def accepts_gzip(field: str) -> bool:
    """Whether an Accept-Encoding (section 12.5.3) takes gzip: named, or by "*", with a weight above zero."""
    weights: dict[str, float] = {}
    for part in field.split(","):
        if match := _CODING.fullmatch(part):
            weights[match[1].lower()] = _weight(match[2])
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def _weight(text: str | None) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
