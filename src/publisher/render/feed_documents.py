"""A feed's document in a format: its head, with entries joined into it that were made before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publisher.render.feed import Entry, Feed

Format: TypeAlias = Literal["atom", "rss", "json"]
FORMATS: tuple[Format, ...] = ("atom", "rss", "json")


@dataclass(frozen=True)
class _Joint:
    """How entries stand in a document: before which bytes, and what is around and between them."""

    before: bytes
    first: bytes = b""
    between: bytes = b""
    last: bytes = b""


_JOINTS: dict[Format, _Joint] = {
    "atom": _Joint(b"</feed>"),
    "rss": _Joint(b"  </channel>"),
    "json": _Joint(b"]", first=b"\n", between=b",\n", last=b"\n "),
}


def written(entry: Entry, form: Format) -> bytes:
    """An entry as it stands in the documents of a format."""
    from publisher.render import atom_rss, jsonfeed

    match form:
        case "atom":
            return atom_rss.atom_entry(entry)
        case "rss":
            return atom_rss.rss_item(entry)
        case "json":
            return jsonfeed.json_item(entry)


def head(feed: Feed, form: Format) -> bytes:
    """The document of a feed without its entries."""
    from publisher.render import atom_rss, jsonfeed

    match form:
        case "atom":
            return atom_rss.atom_head(feed)
        case "rss":
            return atom_rss.rss_head(feed)
        case "json":
            return jsonfeed.json_head(feed)


def joined(head: bytes, entries: Iterable[bytes], form: Format) -> bytes:
    """A document without entries, with these."""
    joint = _JOINTS[form]
    start, before, rest = head.rpartition(joint.before)
    listed = joint.between.join(entries)
    around = (joint.first, listed, joint.last) if listed else ()
    return b"".join((start, *around, before, rest))
