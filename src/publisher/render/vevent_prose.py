"""Descriptions in two forms from one source: plain text for every program, small HTML for those that show it.

A description is blocks, apart by an empty line; a block is lines; a line is
pieces of text and links. Plain text spells out the addresses that a reader
needs (`Registration: https://...`). What else leads somewhere is a link in HTML only,
and where there is nothing of that kind there is no HTML: it would say the same again.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, TypeAlias

from publisher.model.shortening import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publisher.render.words import Words

#: How long one line of a description may be, in characters, before it is cut or counted ("and 7 more").
LINE = 240
#: How long HTML may be, in characters: longer, it is left out, and the plain text alone is told.
MAX_HTML = 2_000


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere, and what plain text says instead of it."""

    text: str
    url: str
    plain: str

    @classmethod
    def spelt(cls, text: str, url: str) -> Link:
        """One whose address plain text must give too: `Register: https://...`."""
        return cls(text, url, f"{text}: {url}")

    @property
    def is_spelt(self) -> bool:
        """Whether plain text gives the address."""
        return self.url in self.plain


Piece: TypeAlias = str | Link
Line: TypeAlias = tuple[Piece, ...]
Block: TypeAlias = tuple[Line, ...]


def plain(blocks: Iterable[Block]) -> str:
    """The blocks as plain text."""
    return "\n\n".join(
        "\n".join("".join(map(_plain, line)) for line in block if line) for block in blocks if any(block)
    )


def html(blocks: Sequence[Block]) -> str:
    """The same as HTML; empty where it would say no more than the plain text, or would be too long."""
    if not any(
        isinstance(piece, Link) and not piece.is_spelt for block in blocks for line in block for piece in line
    ):
        return ""
    paragraphs = (
        "<br>".join("".join(map(_html, line)) for line in block if line) for block in blocks if any(block)
    )
    made = f"<html><body>{''.join(f'<p>{text}</p>' for text in paragraphs)}</body></html>"
    return made if len(made) <= MAX_HTML else ""


def clipped(text: str | None, limit: int = LINE) -> str:
    """A text in one line, cut between words where it is longer than an entry should carry."""
    return shortened(" ".join((text or "").split()), limit)


def listed(label: str, items: Iterable[Piece], words: Words, separator: str = "; ") -> Line:
    """`Label: a; b; c`, in as many items as have room, and how many more there are; nothing without any."""
    all_ = list(items)
    if not all_:
        return ()
    line: list[Piece] = [f"{label}: "]
    room = LINE
    for index, item in enumerate(all_):
        room -= len(item.text if isinstance(item, Link) else item)
        if room < 0 and index:
            return (*line, separator, words("calendar.rest", n=len(all_) - index))
        line += [separator, item] if index else [item]
    return tuple(line)


def _plain(piece: Piece) -> str:
    return piece if isinstance(piece, str) else piece.plain


def _html(piece: Piece) -> str:
    if isinstance(piece, str):
        return escape(piece, quote=False)
    return f'<a href="{escape(piece.url)}">{escape(piece.text, quote=False)}</a>'
