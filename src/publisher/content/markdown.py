"""Markdown as HTML, just as it is written (CommonMark): not yet safe; and which files it names.

The only module that knows the Markdown library. What readers get is made safe
by `render.markup`; what they may get is said here, so that checks know it.
"""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import nh3
import pyromark

from publisher.content.files import ASSETS

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_SMART_PUNCTUATION
)
#: The elements that texts may have; of others what stands in them stays, but not of scripts and styles.
TAGS = frozenset({
    "a", "abbr", "b", "blockquote", "br", "cite", "code", "dd", "del", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre", "q", "s", "strong",
    "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip  # "div" carries footnotes
SCHEMES = frozenset({"http", "https", "mailto"})
#: What begins a link or picture in Markdown, or a tag: most texts have none of them.
_MAYBE = re.compile(r"\]\s?[(:\[]|<")
_TAG = re.compile(r"""<(img|a)\s[^<>]*?\b(?:src|href)\s*=\s*["']?([^"'<>\s]+)""", re.IGNORECASE)

#: Bytes of UTF-8 that begin no character.
_FURTHER = bytes(range(0x80, 0xC0))

#: As in the fields that name a file, and perhaps with folders before it.
_NAME = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,99}/)*[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Named(NamedTuple):
    """A file that a text shows or links to, by its path from where the text stands."""

    name: str
    is_picture: bool
    #: Where in the Markdown it is named, in characters; 0 where that cannot be told.
    offset: int


class Piece(NamedTuple):
    """A step through a text."""

    #: "start" and "end" of what holds other things; "link" and "picture" (which `text` leads to); "code";
    #: "html", a line of HTML; "tag", one tag or comment among words.
    sort: str
    #: Where it begins and ends in the Markdown, in characters.
    start: int
    end: int
    text: str = ""


def html(markdown: str) -> str:
    """The HTML of a text."""
    return pyromark.html(markdown, options=_OPTIONS)


def pieces(markdown: str) -> Iterator[Piece]:
    """What a text is made of, one after the other; its plain words are left out."""
    places = _Places(markdown)
    for event, span in pyromark.events_with_range(markdown, options=_OPTIONS):
        if isinstance(event, dict):
            ((name, value),) = event.items()
            for sort, text in _sorts(name, value):
                yield Piece(sort, places.character(span["start"]), places.character(span["end"]), text)


def _sorts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    match name:
        case "Start":
            yield "start", ""
            tag, about = next(iter(value.items())) if isinstance(value, dict) else (value, {})
            if tag == "CodeBlock":
                yield "code", ""
            elif tag in {"Link", "Image"} and about["link_type"] != "Email":
                yield "link" if tag == "Link" else "picture", about["dest_url"]
        case "End":
            yield "end", ""
        case "Code":
            yield "code", ""
        case "Html":
            yield "html", value
        case "InlineHtml":
            yield "tag", value


class _Places:
    """Places in UTF-8 as places in characters."""

    #: So many bytes are counted at once.
    STEP = 1024

    def __init__(self, text: str) -> None:
        self._is_ascii = text.isascii()
        self._data = b"" if self._is_ascii else text.encode()
        self._before = [0]

    def character(self, at: int) -> int:
        """How many characters begin before a byte."""
        if self._is_ascii:
            return at
        steps, step = self._before, self.STEP
        while len(steps) <= at // step:
            steps.append(steps[-1] + _characters(self._data[(len(steps) - 1) * step : len(steps) * step]))
        return steps[at // step] + _characters(self._data[at // step * step : at])


def _characters(data: bytes) -> int:
    """How many characters begin in a piece of UTF-8."""
    return len(data.translate(None, _FURTHER))


def leads(address: str) -> bool:
    """Whether a link or picture in a text may have this address, as it is made safe."""
    clean = nh3.clean(
        f'<a href="{escape(address)}">',
        tags={"a"},
        attributes={"a": {"href"}},
        url_schemes=set(SCHEMES),
        url_relative=("rewrite_with_base", "https://example.org/"),
        link_rel=None,
    )
    return bool(address) and "href" in clean


def named_files(markdown: str) -> Iterator[Named]:
    """The files beside a text that it names: every picture, and whatever else is of a published type.

    `![A map](map.png)`, `[Programme](programme.pdf)`, and the same as HTML.
    """
    if not _MAYBE.search(markdown):
        return
    last = 0
    for tag, address in _TAG.findall(html(markdown)):
        name, is_picture = beside(unescape(address)), tag.lower() == "img"
        if name and (is_picture or PurePosixPath(name).suffix.lower() in ASSETS):
            found = markdown.find(name, last)
            last = max(found, last)
            yield Named(name, is_picture, max(found, 0))


def beside(address: str) -> str:
    """The file that an address names by its path from where the text stands; nothing for other addresses."""
    path = unquote(re.split(r"[?#]", address, maxsplit=1)[0]).removeprefix("./")
    return "" if path.startswith("/") or ":" in path or "\\" in path else path


def has_address(name: str) -> bool:
    """Whether a file of this name can be published: its name is a part of its address."""
    return bool(_NAME.fullmatch(name))
