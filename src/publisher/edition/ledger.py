"""Compares what content says with what the ledger holds, and decides what readers will notice.

The order of things, all pure:

1. `wanted`: for each record, what it should say now (its file, or its last good version);
2. `stamps`: each item is new, significantly changed, reworded or the same; its parts likewise (`parts`);
3. what is wanted no more leaves;
4. `listings`: topics, organisations, places and series become public with their first item;
5. `numbering`: items are counted in the order in which readers were told of them;
6. `views`: each language in which an item now reads differently is dated.

The result is a whole new ledger; nothing is written here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.edition.ends import next_date
from publisher.edition.facts import facts_of, uid
from publisher.edition.listings import with_listings
from publisher.edition.localised import Localised
from publisher.edition.numbering import numbered
from publisher.edition.occasion import Occasion
from publisher.edition.parts import revised_parts, takes_back_a_change
from publisher.edition.stamps import bumped, first_published, revised
from publisher.edition.views import Dating
from publisher.edition.wanted import wanted
from publisher.model.ledger import Item, ItemKey, Ledger
from publisher.model.records import FACETS, Event, Kind, Status
from publisher.model.when import Unknown, decode_time, encode_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from publisher.config import Config
    from publisher.content.load import Content
    from publisher.edition.facts import Facts
    from publisher.edition.wanted import Wanted

Items = dict[ItemKey, Item]

#: What the ledger notes of its own beside what a record says.
_REMEMBERED = frozenset({"last_day", "public_since", "history"})


def revise(
    content: Content | None,
    ledger: Ledger,
    config: Config,
    now: datetime,
    assets: Mapping[str, str] | None = None,
) -> Ledger:
    """The ledger after a release of `content` at `now` (UTC).

    Without content it is the ledger after nothing but time has passed: what was
    scheduled for a minute that has come is public, everything else is as it was.
    `assets` gives the stored name of each file that stands beside a record.
    """
    on = Occasion(ledger, config, now)
    want = wanted(content, on, assets or {})
    texts = Localised(want, config.site.languages)
    items: Items = {}
    for key in sorted(want):
        items |= {item.key: item for item in _revised_record(key, want[key], texts, on)}
    items |= {item.key: item.evolve(gone=now) for item in _leaving(ledger, want)}
    items = with_listings(items, want, on)
    items = numbered(items, on)
    return ledger.with_items(map(Dating(texts, items, on).dated, items.values()))


def _revised_record(key: ItemKey, want: Wanted, texts: Localised, on: Occasion) -> Iterator[Item]:
    """A record's item and the items of its parts."""
    known = on.known(key) or Item(kind=key[0], id=key[1], uid=uid(key, on.config.authority_host))
    values = _with_facts(want.values, facts_of(want.record, on.timezone), known, on)
    # What cannot be chosen yet (a topic without items) becomes public in `with_listings`.
    first = first_published(want.record, on.now, on.timezone) if key[0] not in FACETS else None
    item = revised(known, values, first, on.now)
    if not isinstance(want.record, Event):
        yield item
        return
    if item.revision == known.revision and takes_back_a_change(want.record, on):
        item = bumped(item, values, on.now)
    item = _withdrawn(item, want.record.status)
    yield item
    yield from revised_parts(want.record, item, texts.of(key), on)


def _with_facts(values: dict[str, Any], facts: Facts, known: Item, on: Occasion) -> dict[str, Any]:
    """The values with the facts; a day that was told and is no longer known is remembered beside them."""
    made = {name: value for name, value in values.items() if name not in {"facts", *_REMEMBERED}}
    if "public_since" in known.values:
        made["public_since"] = known.values["public_since"]
    if facts:
        made["facts"] = facts
    if known.first_published and "time" in facts and isinstance(decode_time(facts["time"]), Unknown):
        told = known.last_day if isinstance(known.time, Unknown) else next_date(known, on.now, on.timezone)
        if told:
            made["last_day"] = encode_time(told)
    return made


def _withdrawn(item: Item, status: Status) -> Item:
    if status is not Status.WITHDRAWN or item.first_published is None:
        return item.evolve(withdrawn=None) if item.withdrawn else item
    return item if item.withdrawn else item.evolve(withdrawn=item.updated)


def _leaving(ledger: Ledger, want: Mapping[ItemKey, Wanted]) -> Iterator[Item]:
    """What is wanted no more, with its parts."""
    for item in ledger:
        if item.is_record and not item.gone and item.key not in want:
            yield item
            parts = ledger.parts(item.id) if item.kind == Kind.EVENT else ()
            yield from (part for part in parts if not part.gone)
