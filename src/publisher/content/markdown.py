"""Markdown as HTML, just as it is written (CommonMark): not yet safe; and which files it names.

The only module that knows the Markdown library. What readers get is made safe
by `render.markup`.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

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
#: What begins a link or picture in Markdown, or a tag: most texts have none of them.
_MAYBE = re.compile(r"\]\s?[(:\[]|<")
_TAG = re.compile(r"""<(img|a)\s[^<>]*?\b(?:src|href)\s*=\s*["']?([^"'<>\s]+)""", re.IGNORECASE)

#: As in the fields that name a file, and perhaps with folders before it.
_NAME = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,99}/)*[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Named(NamedTuple):
    """A file that a text shows or links to, by its path from where the text stands."""

    name: str
    is_picture: bool
    #: Where in the Markdown it is named, in characters; 0 where that cannot be told.
    offset: int


def html(markdown: str) -> str:
    """The HTML of a text."""
    return pyromark.html(markdown, options=_OPTIONS)


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
