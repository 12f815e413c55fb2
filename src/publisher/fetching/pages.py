"""Web pages in place of what was wanted: told apart, and asked what they advertise in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.fetching.answers import Fetched

_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
#: So much of a page is read: what it advertises stands at its head.
_HEAD = 512 << 10
#: A comment, whatever stands in it, or the attributes of a tag that is looked at. Each begins anew where the
#: last one ended, and none looks far ahead: anybody's page is read in a time that grows as it does.
_TAG = re.compile(
    r"<!--(?:.*?-->|.*)|<(?P<tag>link|base)\s(?P<said>(?:[^<>\"']|\"[^\"]{0,2000}\"|'[^']{0,2000}'){0,2000})>",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([A-Za-z][A-Za-z-]{0,30})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"']+))")
#: So many are named.
MOST_ADVERTISED = 20
#: What pages advertise feeds and calendars as (the link type `alternate` of HTML, and its use for feeds).
TYPES = frozenset(
    {
        "application/atom+xml",
        "application/rss+xml",
        "application/feed+json",
        "application/json",
        "text/calendar",
    }
)


def is_html(data: bytes) -> bool:
    """Whether bytes begin as a web page does."""
    return _HTML.match(data[:4096]) is not None


def is_page(answer: Fetched) -> bool:
    """Whether an answer is a web page, as it says or as it looks."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "text/html" or is_html(answer.data)


@dataclass(frozen=True)
class Advertised:
    """A feed or a calendar that a page names."""

    url: str
    title: str = ""


def advertised(page: bytes, url: str) -> tuple[Advertised, ...]:
    """The feeds and calendars that a page at an address names in its head, in its order, each once."""
    tags = list(_tags(page[:_HEAD].decode("utf-8", "replace")))
    bases = [said["href"] for tag, said in tags if tag == "base" and "href" in said]
    base = _joined(url, bases[0]) if bases else url
    found: dict[str, Advertised] = {}
    for tag, said in tags:
        address = _joined(base, said.get("href", "")) if tag == "link" and _is_other_format(said) else ""
        if address.startswith(("https://", "http://", "webcal://")):
            found.setdefault(address, Advertised(address, " ".join(said.get("title", "").split())))
    return tuple(found.values())[:MOST_ADVERTISED]


def _tags(page: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The tags that are looked at, with their attributes, the first of each name."""
    for match in _TAG.finditer(page):
        if match["tag"]:
            said: dict[str, str] = {}
            for name, *values in _ATTRIBUTE.findall(match["said"]):
                said.setdefault(name.lower(), unescape("".join(values)))
            yield match["tag"].lower(), said


def _is_other_format(said: dict[str, str]) -> bool:
    """Whether a link leads to the same in a format that is looked for."""
    kind = said.get("type", "").partition(";")[0].strip().lower()
    return "alternate" in said.get("rel", "").lower().split() and kind in TYPES and bool(said.get("href"))


def _joined(base: str, reference: str) -> str:
    """The address that a reference means; nothing where it means none."""
    try:
        return urljoin(base, reference.strip())
    except ValueError:
        return ""
