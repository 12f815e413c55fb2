"""The whole history of a language's feed as archived feeds (RFC 5005 section 4).

Every event and announcement holds a place for ever, in the order in which they
became public. Archive 1 holds the first N places, archive 2 the next N; an
archive is written once N places beyond it are taken, so the living feed keeps
the newest N to 2N-1. A withdrawn record keeps its place, empty: nothing shifts.

An archive has no `next-archive` link: it would have to be added when the next
archive is written, and a document that clients keep for good must not change
for that. Walking `prev-archive` from the living feed finds every entry once.

A coming event that has changed since it was first told is in the living feed
until it is over, wherever its place is: who follows the feed must hear of it,
and clients do not ask for an archive again (RFC 5005 section 4.2). It is left
out of its archive for so long, and is there when it is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from publisher.model.edition import PublishedEvent
from publisher.render.entries import is_coming, updated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publisher.model.edition import Edition, Published, Selection

Records: TypeAlias = "tuple[Published[Any], ...]"


@dataclass(frozen=True)
class History:
    """All that was published and may be told: the living feed, and the archives from the oldest."""

    living: Records
    archives: tuple[Records, ...]


def history(edition: Edition) -> History:
    """The records of the living feed, newest first, and of each archive in the order of becoming public."""
    size = edition.config.publish.feed_entries
    places = sorted((*_listed(edition), *edition.expired, *edition.withdrawn), key=_place)
    closed = max(0, len(places) // size - 1) * size
    living = {_place(record) for record in _listed(edition)}
    living -= {_place(record) for record in places[:closed] if not is_changed(edition, record)}
    untold = living | {_place(record) for record in edition.withdrawn}
    return History(
        living=newest_first(record for record in places if _place(record) in living),
        archives=tuple(
            tuple(record for record in places[first : first + size] if _place(record) not in untold)
            for first in range(0, closed, size)
        ),
    )


def chosen(edition: Edition, selection: Selection) -> Records:
    """The records of any other feed, newest first: the last N made public, and changed coming events."""
    taken = sorted(
        (record for record in _listed(edition) if selection.takes(record)), key=_place, reverse=True
    )
    size = edition.config.publish.feed_entries
    return newest_first([*taken[:size], *(record for record in taken[size:] if is_changed(edition, record))])


def newest_first(records: Iterable[Published[Any]]) -> Records:
    """By first publication, then by the order in which they became public."""
    return tuple(sorted(records, key=lambda record: (record.first_published, record.ordinal), reverse=True))


def is_changed(edition: Edition, record: Published[Any]) -> bool:
    """Whether it is a coming event that has changed since it was first published."""
    return (
        isinstance(record, PublishedEvent)
        and is_coming(edition, record)
        and updated(record) > record.first_published
    )


def _listed(edition: Edition) -> Records:
    return (*edition.events, *edition.announcements)


def _place(record: Published[Any]) -> int:
    return record.ordinal
