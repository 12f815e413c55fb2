"""Counts items in the order in which readers were told of them: their places in the history of feeds.

An item keeps its number. Only a coming event that changes for its readers takes the next one:
it is told of again, and its old number stays empty, so that no other item's place shifts.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from publisher.edition.ends import item_end
from publisher.model.ledger import DEADLINE, OCCURRENCE
from publisher.model.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from publisher.edition.occasion import Occasion
    from publisher.model.ledger import Item, ItemKey

#: What readers are told of as it comes.
_NEWS = frozenset({Kind.EVENT.value, Kind.ANNOUNCEMENT.value})
#: The parts that an event's entry in a feed tells of.
_TOLD = frozenset({DEADLINE, OCCURRENCE})


def numbered(items: Mapping[ItemKey, Item], on: Occasion) -> dict[ItemKey, Item]:
    """The items of a release, each that is public with its number."""
    last = max((item.ordinal for item in on.ledger if item.ordinal is not None), default=0)
    told_again = _told_again(items, on)
    waiting = (
        (item.updated if key in told_again else item.first_published, key)
        for key, item in items.items()
        if item.ordinal is None or key in told_again
    )
    fresh = sorted((at, key) for at, key in waiting if at)
    made = {key: items[key].evolve(ordinal=number) for number, (_, key) in enumerate(fresh, last + 1)}
    if last:
        made |= {key: _come_late(item, on.now) for key, item in made.items() if key not in told_again}
    return {**items, **made}


def _told_again(items: Mapping[ItemKey, Item], on: Occasion) -> frozenset[ItemKey]:
    """The coming events that readers know otherwise."""
    parts: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items.values():
        if item.parent:
            parts[item.parent].append(item)
    return frozenset(
        key
        for key, item in items.items()
        if item.kind == Kind.EVENT and item.is_record and _is_told_again(item, parts[item.id], on)
    )


def _is_told_again(event: Item, parts: Iterable[Item], on: Occasion) -> bool:
    known = on.known(event.key)
    if known is None or known.ordinal is None or not event.is_public or event.withdrawn:
        return False
    told = [part for part in parts if part.kind in _TOLD]
    before = _changed((known, *(part for part in on.ledger.parts(event.id) if part.kind in _TOLD)))
    now = _changed((event, *told))
    if before is None or now is None or now <= before:
        return False
    return item_end(event, parts, on.timezone) > on.now


def _changed(items: Iterable[Item]) -> datetime | None:
    """The last significant change."""
    return max((item.updated for item in items if item.updated and item.is_public), default=None)


def _come_late(item: Item, now: datetime) -> Item:
    """News with an earlier date of its own, found after the first edition: since when it is really there."""
    if item.kind not in _NEWS or item.first_published is None or item.first_published >= now:
        return item
    return item.evolve(values=item.values | {"public_since": now.isoformat()})
