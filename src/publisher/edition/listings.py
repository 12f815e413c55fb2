"""Makes topics, organisations, places and series public: from their first item on, then for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.edition.memberships import memberships
from publisher.edition.stamps import moment
from publisher.model.ledger import Item, ItemKey, record_key
from publisher.model.records import FACETS, Event, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from publisher.edition.memberships import Member
    from publisher.edition.occasion import Occasion
    from publisher.edition.wanted import Wanted


def with_listings(
    items: dict[ItemKey, Item], want: Mapping[ItemKey, Wanted], on: Occasion
) -> dict[ItemKey, Item]:
    """The items, each listing that now has something in it public since its earliest item was."""
    public: dict[ItemKey, Item] = {}
    for member, since in _first_items(items, want).items():
        item = items.get(record_key(*member))
        if item is None or item.first_published or item.gone:
            continue
        not_before = want[item.key].record.publish_at
        first = max(since, moment(not_before, on.timezone)) if not_before else since
        if first <= on.now or not not_before:
            public[item.key] = item.evolve(first_published=first, updated=first)
    return items | public


def _first_items(items: Mapping[ItemKey, Item], want: Mapping[ItemKey, Wanted]) -> dict[Member, datetime]:
    """For each listing with a public record in it, when the earliest of them became public."""
    records = {key: each.record for key, each in want.items()}
    parents = {
        (Kind(key[0]), key[1]): parent
        for key, record in records.items()
        if key[0] in FACETS and (parent := getattr(record, "parent", None))
    }
    shown = [item for item in items.values() if item.is_record and item.is_public and not item.withdrawn]
    events = {item.id: record for item in shown if isinstance(record := records[item.key], Event)}
    first: dict[Member, datetime] = {}
    for item in shown:
        since = item.first_published
        if since is not None:
            for member in memberships(records[item.key], events, parents):
                first[member] = min(first.get(member, since), since)
    return first
