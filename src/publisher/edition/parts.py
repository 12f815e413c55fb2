"""Revises the parts of an event: sessions, deadlines, changed dates of a recurring event.

Each has an identity and a revision of its own: when a session moves, only who
has that session in a calendar is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.edition.ends import is_coming
from publisher.edition.facts import PartFacts, occurrence_id, parts_of, planned, uid
from publisher.edition.registration import closing, closing_view, was_told
from publisher.edition.stamps import bumped, remembered, revised
from publisher.model.ledger import DEADLINE, OCCURRENCE, REGISTRATION, SESSION, Item, ItemKey
from publisher.model.records import Event, Status
from publisher.model.recurrence import recurrence_set
from publisher.model.timing import event_time
from publisher.model.translation import dump
from publisher.model.when import Days, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.edition.occasion import Occasion

#: For each language, what a reader sees of each part.
Texts = dict[ItemKey, dict[str, dict[str, Any]]]


def revised_parts(event: Event, item: Item, local: Mapping[str, Event], on: Occasion) -> Iterator[Item]:
    """The items of an event's parts, those that were taken out included."""
    current = {part.key: part for part in parts_of(event, on.timezone)}
    texts = _texts(local, on.timezone) if current else {}
    for key, part in current.items():
        values = {"facts": part.facts, "part": texts[key]}
        known = on.known(key) or Item(
            kind=key[0], id=key[1], parent=key[2], uid=uid(key, on.config.authority_host)
        )
        if known.first_published:
            yield revised(known, values, None, on.now)
        else:
            yield _joined(known, part, values, item, on)
    for known in on.ledger.parts(event.id):
        if known.key not in current and not known.gone:
            yield _retired(known, event, item, on)


def _joined(part: Item, is_now: PartFacts, values: dict[str, Any], event: Item, on: Occasion) -> Item:
    """A part that was not public yet: it becomes so with its event, or now when that is public already."""
    first = event.first_published
    if first is None or not on.was_public(event.key) or _was_told(part, event, on):
        return part.evolve(values=values, first_published=first, updated=first, gone=None)
    first = max(on.now, first)
    joined = part.evolve(values=values, first_published=first, updated=first, gone=None)
    if is_now.by_rule is None:
        return joined
    # Until now this date was told by the rule: its change revises what calendars have.
    previous, number = is_now.by_rule | {"until": first.isoformat()}, event.revision + 1
    told = values | {"history": [remembered(is_now.by_rule, first, number)]}
    return joined.evolve(values=told, revision=number, previous=previous)


def _was_told(part: Item, event: Item, on: Occasion) -> bool:
    """Whether the event's page said it before there was an entry for it: then it is no news."""
    before = on.known(event.key)
    return part.id == REGISTRATION and before is not None and was_told(event.record(), before.record())


def _retired(part: Item, record: Event, event: Item, on: Occasion) -> Item:
    """A coming session or deadline that was taken out is cancelled for those who have it; others leave."""
    if event.withdrawn:
        # Whatever it was was published by mistake: should it come back, nothing was before.
        return part.evolve(values={}, previous=None, gone=on.now)
    if not part.first_published or not is_coming(part, on.now, on.timezone):
        return part.evolve(gone=on.now)
    if part.kind == OCCURRENCE:
        return _as_planned(part, record, on)
    values = part.values | {"facts": part.facts | {"status": str(Status.CANCELLED)}, "removed": True}
    return revised(part, values, None, on.now)


def _as_planned(part: Item, event: Event, on: Occasion) -> Item:
    """A date that is as the rule says again leaves calendars; what it was told to be is remembered."""
    by_rule = planned(event, part.id, on.timezone)
    if by_rule is None or by_rule == part.facts:
        return part.evolve(gone=on.now)
    values = part.values | {"facts": by_rule, "restored": True}
    return bumped(part, values, on.now).evolve(gone=on.now)


def takes_back_a_change(event: Event, on: Occasion) -> bool:
    """Whether a coming date of a recurring event, told as changed, is as the rule says again."""
    changed = (part for part in on.ledger.parts(event.id) if part.kind == OCCURRENCE and part.is_public)
    coming = {part.key for part in changed if is_coming(part, on.now, on.timezone)}
    return bool(coming) and bool(coming - {part.key for part in parts_of(event, on.timezone)})


def _texts(local: Mapping[str, Event], timezone: str) -> Texts:
    """What a reader of each language sees of each part: kept, so that a removed part can still be told."""
    texts: Texts = {}
    seen: dict[int, dict[ItemKey, dict[str, Any]]] = {}  # languages without a translation share their record
    for language, event in local.items():
        views = seen.get(id(event)) or seen.setdefault(id(event), dict(_views(event, timezone)))
        for key, view in views.items():
            texts.setdefault(key, {})[language] = view
    return texts


def _views(event: Event, timezone: str) -> Iterator[tuple[ItemKey, dict[str, Any]]]:
    for session in event.sessions:
        yield (SESSION, session.id, event.id), dump(session)
    for deadline in event.deadlines:
        yield (DEADLINE, deadline.id, event.id), dump(deadline)
    if closing(event, timezone):
        yield (DEADLINE, REGISTRATION, event.id), closing_view(event)
    start = event_time(event, timezone)
    if event.recurrence and event.recurrence.changed and not isinstance(start, Unknown):
        for local, index in recurrence_set(event, start, timezone).changed.items():
            id_ = occurrence_id(local, whole_day=isinstance(start, Days))
            yield (OCCURRENCE, id_, event.id), dump(event.recurrence.changed[index])
