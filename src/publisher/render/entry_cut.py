"""Content that would be too long for a feed: it ends between two blocks, never within one."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from publisher.model.entry_bounds import MOST_CONTENT, SURE_CONTENT, weight
from publisher.render import markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_TAG = re.compile(rb"<(/?)([a-z0-9]+)[^>]*>")
_VOID = frozenset({b"br", b"hr", b"img"})
#: Blocks that are made of blocks: a long list, table or quotation may end after one of them.
_CONTAINERS = frozenset(b"blockquote div dl ol table tbody ul".split())
#: After these a reader does not miss that a sentence goes on.
_BLOCKS = _CONTAINERS | frozenset(b"dd h1 h2 h3 h4 h5 h6 hr li p pre tr".split())


class Block(NamedTuple):
    """A piece of content."""

    html: str
    language: str
    #: The record's text: it is the first to end early.
    is_body: bool = False


def bounded(blocks: Sequence[Block], more: str, marked: Callable[[Block], str]) -> str:
    """The blocks, `marked`, as far as they fit into `MOST_CONTENT`, and `more` below them."""
    most = MOST_CONTENT
    while True:
        told = "\n".join([*_cut(blocks, most - len(more.encode()) - 1, marked), more])
        size = weight(told)
        if size <= MOST_CONTENT:
            return told
        most = most * MOST_CONTENT * 99 // (size * 100)  # what is markup above all ends earlier


def _cut(blocks: Sequence[Block], most: int, marked: Callable[[Block], str]) -> Iterator[str]:
    """The blocks, `marked`, as far as they fit into so many bytes of UTF-8.

    The text ends early so that what stands around it stays: deadlines, sources. They have to give
    way where they are long themselves: `publisher check` promises so many bytes to the text.
    """
    around = sum(_size(marked(block)) for block in blocks if not block.is_body)
    left = most
    for block in blocks:
        part = block
        if block.is_body:
            room = min(left, max(most - around, SURE_CONTENT)) - _size(marked(block._replace(html="")))
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
    fitting = [(end, close) for end, close in _ends(data) if end + len(close) <= most]
    if not fitting:
        return f"<p>{escape(markup.shortened(markup.text(html)))}</p>"
    end, close = fitting[-1]
    return (data[:end] + close).decode()


def _ends(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Where blocks of safe HTML end, and what closes the lists, tables and quotations that they stand in."""
    within: list[bytes] = []
    for match in _TAG.finditer(data):
        closing, name = match[1], match[2]
        if closing:
            within.pop()
        elif name not in _VOID:
            within.append(name)
            continue
        if name in _BLOCKS and _CONTAINERS.issuperset(within):
            yield match.end(), b"".join(b"</" + outer + b">" for outer in reversed(within))


def _size(told: str) -> int:
    """With the line feed between it and the next."""
    return len(told.encode()) + 1
