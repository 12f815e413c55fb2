"""Counts what readers are told of, in the order in which they are: the places in the history of feeds.

Each record has a number from when it becomes public, and so has each change of an event or
of a part of it, beside what it was before. A number is one of a single row: no clock that
goes wrong, and no choice of what a feed shows, can bring two things into another order.

A record keeps its number. Only a coming event that changes for its readers takes the next one,
and so does news that returns with another text: it is told of again, and its old number stays empty,
so that nothing else shifts. What leaves with changes of its own takes a last number, which nobody
sees: those of its changes may be forgotten, and must never be given again.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from publisher.edition.ends import item_end
from publisher.model.ledger import DEADLINE, OCCURRENCE
from publisher.model.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from publisher.edition.occasion import Occasion
    from publisher.model.ledger import Item, ItemKey

#: What readers are told of as it comes.
_NEWS = frozenset({Kind.EVENT.value, Kind.ANNOUNCEMENT.value})
#: The parts that an event's entry in a feed tells of.
_TOLD = frozenset({DEADLINE, OCCURRENCE})


class _Telling(NamedTuple):
    """Something that is told now. Tellings sort in the order in which they are numbered."""

    at: datetime
    #: The record, by kind and id; its parts are told after it.
    whole: tuple[str, str]
    is_part: bool
    key: ItemKey
    #: Which of the changes that are remembered of the item; of the item itself, -1.
    change: int


def numbered(items: Mapping[ItemKey, Item], on: Occasion) -> dict[ItemKey, Item]:
    """The items of a release, with a number for each that is public, and for each of its changes."""
    last = max((number for item in on.ledger for number in _numbers(item)), default=0)
    told_again = _told_again(items, on)
    made = dict(items)
    for number, telling in enumerate(sorted(_tellings(items, told_again, on)), last + 1):
        item = made[telling.key]
        if telling.change >= 0:
            made[telling.key] = _with_number(item, telling.change, number)
        else:
            is_late = last and item.ordinal is None
            counted = item.evolve(ordinal=number)
            made[telling.key] = _come_late(counted, on.now) if is_late else counted
    return made


def _numbers(item: Item) -> Iterator[int]:
    if item.ordinal is not None:
        yield item.ordinal
    yield from (told["ordinal"] for told in item.history if "ordinal" in told)


def _tellings(
    items: Mapping[ItemKey, Item], told_again: frozenset[ItemKey], on: Occasion
) -> Iterator[_Telling]:
    for key, item in items.items():
        at = item.updated if key in told_again else item.first_published
        if at and (item.ordinal is None or key in told_again):
            yield _telling(at, item, -1)
        elif _leaves_changes(item, on.known(key)):
            yield _telling(on.now, item, -1)
        for place, told in enumerate(item.history):
            if "ordinal" not in told:
                yield _telling(datetime.fromisoformat(told["until"]), item, place)


def _telling(at: datetime, item: Item, change: int) -> _Telling:
    whole = (Kind.EVENT.value, item.parent) if item.parent else (item.kind, item.id)
    return _Telling(at, whole, bool(item.parent), item.key, change)


def _leaves_changes(item: Item, known: Item | None) -> bool:
    """Whether it is told of no more after this release, or forgets what was told of it."""
    if known is None or not known.history:
        return False
    return not item.history or (item.gone is not None and known.gone is None)


def _with_number(item: Item, change: int, number: int) -> Item:
    history: list[dict[str, Any]] = list(item.history)
    history[change] = history[change] | {"ordinal": number}
    return item.evolve(values=item.values | {"history": history})


def _told_again(items: Mapping[ItemKey, Item], on: Occasion) -> frozenset[ItemKey]:
    """The coming events that readers know otherwise, and news that returns with another text."""
    parts: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items.values():
        if item.parent:
            parts[item.parent].append(item)
    return frozenset(
        key
        for key, item in items.items()
        if item.is_record and item.kind in _NEWS and _is_told_again(item, parts[item.id], on)
    )


def _is_told_again(item: Item, parts: Iterable[Item], on: Occasion) -> bool:
    known = on.known(item.key)
    if known is None or known.ordinal is None or not item.is_public or item.withdrawn:
        return False
    if item.kind != Kind.EVENT:
        return known.gone is not None and item.updated != known.updated
    told = [part for part in parts if part.kind in _TOLD]
    before = _changed((known, *(part for part in on.ledger.parts(item.id) if part.kind in _TOLD)))
    now = _changed((item, *told))
    has_changed = before is None or (now is not None and now > before)
    return has_changed and item_end(item, parts, on.timezone) > on.now


def _changed(items: Iterable[Item]) -> datetime | None:
    """The last significant change."""
    return max((item.updated for item in items if item.updated and item.is_public), default=None)


def _come_late(item: Item, now: datetime) -> Item:
    """News with an earlier date of its own, found after the first edition: since when it is really there."""
    if item.kind not in _NEWS or item.first_published is None or item.first_published >= now:
        return item
    return item.evolve(values=item.values | {"public_since": now.isoformat()})
