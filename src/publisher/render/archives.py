"""The history of a feed: its living document, and its older entries in archives (RFC 5005 section 4).

Entries stand in the order in which readers were told of them. When the newest ones that no
archive has are twice as many as an archive holds, the older half becomes the next archive; so
it does, with fewer entries, when they are more than a living feed should weigh, for that is
fetched again and again. Where an archive ends is noted for ever (`model.archives`): what is
withdrawn later leaves a gap, and nothing shifts.

An archive has no `next-archive` link: it would have to be added when the next archive is
written, and a document that clients keep for good must not change for that. Walking
`prev-archive` from the living feed finds every entry once.

A coming event that changes is told of again: it takes a new place, the last one (see
`edition.numbering`). Who follows the feed must hear of it, and nobody asks for an archive again.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from publisher.render.feed_documents import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publisher.model.archives import Archives
    from publisher.render.feed_entries import FeedEntry

    Entries: TypeAlias = tuple[FeedEntry, ...]

#: How many bytes the entries of a living feed have at most, in the format that takes the most of them;
#: with its head it stays below 200 kB. A single entry is never left out.
MAX_LIVING: Final = 190_000


@dataclass(frozen=True)
class History:
    """The entries of the living feed, newest first; those of each archive, from the oldest on."""

    living: Entries
    archives: tuple[Entries, ...] = ()


def history(entries: Sequence[FeedEntry], archives: Archives, feed: str, size: int) -> History:
    """The whole history of a feed, by the name of its archives; closes those that are full.

    `entries` are all of it, in the order of their places.
    """
    places = [entry.place for entry in entries]
    start = bisect_right(places, ends[-1]) if (ends := archives.ends(feed)) else 0
    while count := _surplus(entries[start:], size):
        start += count
        archives.close(feed, places[start - 1])
    bounds = [0, *(bisect_right(places, end) for end in archives.ends(feed))]
    return History(
        living=newest_first(entries[start:]),
        archives=tuple(tuple(entries[first:end]) for first, end in pairwise(bounds)),
    )


def newest(entries: Sequence[FeedEntry], size: int) -> Entries:
    """The entries of a feed without archives: as many of the newest as a living feed may hold."""
    kept = entries[-(2 * size - 1) :]
    while _is_too_long(kept):
        kept = kept[1:]
    return newest_first(kept)


def newest_first(entries: Iterable[FeedEntry]) -> Entries:
    """By first publication, then by the order in which readers were told."""
    return tuple(sorted(entries, key=lambda entry: (entry.published, entry.place), reverse=True))


def _surplus(entries: Sequence[FeedEntry], size: int) -> int:
    """How many of the oldest entries that no archive has make the next one; none while it may wait."""
    if len(entries) >= 2 * size:
        return size
    return min(size, len(entries) // 2) if _is_too_long(entries) else 0


def _is_too_long(entries: Sequence[FeedEntry]) -> bool:
    if len(entries) < 2:  # noqa: PLR2004 -- a single one is never left out
        return False
    sizes = [[len(entry.bytes(form)) for form in FORMATS] for entry in entries]
    return any(sum(of_a_format) > MAX_LIVING for of_a_format in zip(*sizes, strict=True))
