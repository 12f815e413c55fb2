"""Content that would be too long for a feed: it ends after a block, else after a word or a line.

Never within a tag, a reference or a character; what is open there is closed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from publisher.model.entry_bounds import MOST_CONTENT, SURE_CONTENT, weight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_TAG = re.compile(rb"<(/?)([a-z0-9]+)[^>]*>")
_VOID = frozenset({b"br", b"hr", b"img"})
#: Blocks that are made of blocks: a long list, table or quotation may end after one of them.
_CONTAINERS = frozenset(b"blockquote div dl ol table tbody ul".split())
#: After these a reader does not miss that a sentence goes on.
_BLOCKS = _CONTAINERS | frozenset(b"dd h1 h2 h3 h4 h5 h6 hr li p pre tr".split())
#: After the words of a sentence that goes on.
_MORE = " …".encode()
#: The longest reference, `&nbsp;`, or number, begins so many bytes before its end.
_REFERENCE = 12


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
            if not part.html:
                continue
        told = marked(part)
        left -= _size(told)
        if left < 0:
            return
        yield told


def beginning(html: str, most: int) -> str:
    """As much of safe HTML as fits into so many bytes.

    It ends after a block, where that leaves most of the room full; else after a word, or a line of
    code; else, where words have no end, after a character.
    """
    if most <= 0:
        return ""
    data = html[: most + 1].encode()  # no character has less than one byte
    if len(data) <= most and len(html) <= most:
        return html
    ends = _Ends(data, most)
    for kept, share in ((ends.block, 0.75), (ends.word, 0.5), (ends.character, 0)):
        if len(kept) > most * share:
            return kept.decode()
    return max(ends.block, ends.word, key=len).decode()


class _Ends:
    """The last places where HTML can end early, by sort, each as what is kept then."""

    def __init__(self, data: bytes, most: int) -> None:
        self._data, self._most = data, most
        self._places = {"block": (0, b""), "word": (0, b""), "character": (0, b"")}
        self._find()

    @property
    def block(self) -> bytes:
        """After a block."""
        return self._kept("block")

    @property
    def word(self) -> bytes:
        """After a word, a line of code, or between two elements."""
        return self._kept("word")

    @property
    def character(self) -> bytes:
        """After a character."""
        return self._kept("character")

    def _kept(self, sort: str) -> bytes:
        end, close = self._places[sort]
        return self._data[:end] + close

    def _find(self) -> None:
        within: list[bytes] = []
        closing = [b""]
        last = 0
        for match in _TAG.finditer(self._data):
            self._text(last, match.start(), within, closing[-1])
            last = match.end()
            name = match[2]
            if match[1]:
                within.pop()
                closing.pop()
            elif name not in _VOID:
                within.append(name)
                closing.append(b"</" + name + b">" + closing[-1])
                continue
            if name in _BLOCKS and _CONTAINERS.issuperset(within):
                self._place("block", last, closing[-1])
        tag = self._data.find(b"<", last)  # one that is not whole
        self._text(last, len(self._data) if tag < 0 else tag, within, closing[-1])

    def _text(self, start: int, end: int, within: list[bytes], close: bytes) -> None:
        """Text as a place to end in."""
        is_code = b"pre" in within
        close = close if is_code else _MORE + close
        fits = min(end, self._most - len(close))
        if fits <= start:
            return
        self._place("character", self._stripped(start, self._whole(start, fits)), close, start)
        if fits < end or end == len(self._data):
            space = self._data.rfind(b"\n", start, fits) + 1 if is_code else self._space(start, fits)
            fits = max(space, start)
        self._place("word", fits if is_code else self._stripped(start, fits), close, start)

    def _space(self, start: int, fits: int) -> int:
        return max(self._data.rfind(space, start, fits + 1) for space in (b" ", b"\n"))

    def _stripped(self, start: int, end: int) -> int:
        return start + len(self._data[start:end].rstrip())

    def _whole(self, start: int, end: int) -> int:
        """Not within a character, nor a reference."""
        while start < end < len(self._data) and self._data[end] & 0xC0 == 0x80:  # noqa: PLR2004 -- UTF-8's mark
            end -= 1
        reference = self._data.rfind(b"&", max(start, end - _REFERENCE), end)
        return reference if reference >= 0 and b";" not in self._data[reference:end] else end

    def _place(self, sort: str, end: int, close: bytes, start: int = -1) -> None:
        if start < end <= self._most - len(close):
            self._places[sort] = end, close


def _size(told: str) -> int:
    """With the line feed between it and the next."""
    return len(told.encode()) + 1
