"""Content that would be too long for a feed: it ends between two blocks, never within one."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from publisher.content.body_checks import FEED_BYTES
from publisher.render import markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_TAG = re.compile(rb"<(/?)([a-z0-9]+)[^>]*>")
_VOID = frozenset({b"br", b"hr", b"img"})
#: After these a reader does not miss that a sentence goes on.
_BLOCKS = frozenset(b"blockquote div dl h1 h2 h3 h4 h5 h6 hr ol p pre table ul".split())


class Block(NamedTuple):
    """A piece of content."""

    html: str
    language: str
    #: The record's text: it is the first to end early.
    is_body: bool = False


def cut(blocks: Sequence[Block], most: int, marked: Callable[[Block], str]) -> Iterator[str]:
    """The blocks, `marked`, as far as they fit into so many bytes of UTF-8.

    The text ends early so that what stands around it stays: deadlines, sources. They have to give
    way where they are long themselves: `publisher check` promises so many bytes to the text.
    """
    around = sum(_size(marked(block)) for block in blocks if not block.is_body)
    left = most
    for block in blocks:
        part = block
        if block.is_body:
            room = min(left, max(most - around, FEED_BYTES)) - _size(marked(block._replace(html="")))
            part = block._replace(html=beginning(block.html, room))
        told = marked(part)
        left -= _size(told)
        if left < 0:
            return
        yield told


def beginning(html: str, most: int) -> str:
    """So many whole blocks of safe HTML as fit into so many bytes; where none does, the first words."""
    data = html.encode()
    if len(data) <= most:
        return html
    end = max((end for end in _ends(data) if end <= most), default=0)
    return data[:end].decode() if end else f"<p>{escape(markup.shortened(markup.text(html)))}</p>"


def _ends(data: bytes) -> Iterator[int]:
    """Where blocks of safe HTML end that stand in no other."""
    depth = 0
    for match in _TAG.finditer(data):
        closing, name = match[1], match[2]
        if name not in _VOID:
            depth += -1 if closing else 1
        if depth == 0 and name in _BLOCKS:
            yield match.end()


def _size(told: str) -> int:
    """With the line feed between it and the next."""
    return len(told.encode()) + 1
