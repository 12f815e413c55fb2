"""The significant facts of items, and the keys and UIDs that never change.

Significant is what a reader must act on: time, place, online address, status.
Everything else about a record may be reworded without anybody being told.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from publisher.edition.registration import closing
from publisher.model.ledger import DEADLINE, OCCURRENCE, REGISTRATION, SESSION, ItemKey
from publisher.model.records import Event, Record, Status
from publisher.model.recurrence import recurrence_set
from publisher.model.timing import deadline_time, event_time, occurrence_time, session_time
from publisher.model.translation import dump
from publisher.model.when import Days, Unknown, encode_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.records import Online, Places, Session
    from publisher.model.when import Time

Facts = dict[str, Any]

#: An event that nobody should go to; its sessions and deadlines are off with it.
OFF = frozenset({Status.CANCELLED, Status.POSTPONED, Status.WITHDRAWN})
#: What says where a place is. A link or coordinates that are added tell nobody to go elsewhere.
_WHERE = ("name", "address", "city", "country")


@dataclass(frozen=True)
class PartFacts:
    """A part of an event with an identity of its own, and its facts."""

    key: ItemKey
    facts: Facts
    #: For a changed occurrence: what it would be by the rule.
    by_rule: Facts | None = None


def uid(key: ItemKey, host: str) -> str:
    """The UID of an item (RFC 7986 section 5.3): made from permanent ids and the site's authority only."""
    kind, id_, parent = key
    # An occurrence shares its series' UID and is told apart by RECURRENCE-ID (RFC 5545 section 3.8.4.4).
    name = (
        f"event.{parent}"
        if kind == OCCURRENCE
        else f"event.{parent}.{kind}.{id_}"
        if parent
        else f"{kind}.{id_}"
    )
    return f"{name}@{host}"


def facts_of(record: Record, timezone: str) -> Facts:
    """The significant facts of a record; none for kinds without any, and of a withdrawn event only that."""
    if not isinstance(record, Event):
        return {}
    if record.status is Status.WITHDRAWN:
        return {"status": str(Status.WITHDRAWN)}
    facts: Facts = {"time": encode_time(event_time(record, timezone)), "status": str(record.status)}
    facts |= _whereabouts(record.place, record.online)
    if record.recurrence:
        facts["recurrence"] = {k: v for k, v in dump(record.recurrence).items() if k != "changed"}
    return facts


def parts_of(event: Event, timezone: str) -> Iterator[PartFacts]:
    """Every part of an event that readers can have in a calendar by itself; none of a withdrawn event."""
    if event.status is Status.WITHDRAWN:
        return
    for session in event.sessions:
        yield _session(session, event, timezone)
    for deadline in event.deadlines:
        yield _deadline(deadline.id, deadline_time(deadline, event, timezone), event)
    if end := closing(event, timezone):
        yield _deadline(REGISTRATION, end, event)
    yield from _occurrences(event, timezone)


def _deadline(id_: str, time: Time, event: Event) -> PartFacts:
    status = Status.CANCELLED if event.status in OFF else Status.CONFIRMED
    return PartFacts((DEADLINE, id_, event.id), {"time": encode_time(time), "status": str(status)})


def _session(session: Session, event: Event, timezone: str) -> PartFacts:
    status = event.status if event.status in OFF else session.status
    facts = {"time": encode_time(session_time(session, event, timezone)), "status": str(status)}
    # A session without a place of its own goes where its event goes.
    return PartFacts((SESSION, session.id, event.id), facts | _whereabouts(session.place or event.place))


def _occurrences(event: Event, timezone: str) -> Iterator[PartFacts]:
    if event.recurrence is None or isinstance(start := event_time(event, timezone), Unknown):
        return
    rule = recurrence_set(event, start, timezone)
    for local, index in rule.changed.items():
        changed = event.recurrence.changed[index]
        facts: Facts = {
            "time": encode_time(occurrence_time(changed, event, timezone)),
            "status": str(event.status if event.status in OFF else changed.status or event.status),
        }
        facts |= _whereabouts(changed.place or event.place)
        yield PartFacts(
            (OCCURRENCE, occurrence_id(local, whole_day=isinstance(start, Days)), event.id),
            facts,
            _by_rule(event, rule.time_at(local)),
        )


def planned(event: Event, occurrence: str, timezone: str) -> Facts | None:
    """What a date of a recurring event is by its rule; None where the rule does not give it."""
    if event.recurrence is None or isinstance(start := event_time(event, timezone), Unknown):
        return None
    rule, local = recurrence_set(event, start, timezone), datetime.fromisoformat(occurrence)
    is_ours = occurrence_id(local, whole_day=isinstance(start, Days)) == occurrence
    is_there = is_ours and local in rule.starts(local.date(), local.date())
    return _by_rule(event, rule.time_at(local)) if is_there else None


def _by_rule(event: Event, time: Time) -> Facts:
    return {"time": encode_time(time), "status": str(event.status)} | _whereabouts(event.place)


def occurrence_id(local: datetime, *, whole_day: bool) -> str:
    """The identity of a date of a recurring event: when it would be by the rule, in the event's zone."""
    return f"{local:%Y-%m-%d}" if whole_day else f"{local:%Y-%m-%d %H:%M}"


def _whereabouts(places: Places, online: Online | None = None) -> Facts:
    facts: Facts = {}
    if places:
        facts["place"] = [
            p if isinstance(p, str) else {k: v for k, v in dump(p).items() if k in _WHERE} for p in places
        ]
    if online:
        # An address that is not published is nobody's to act on: only that there is one is told.
        facts["online"] = online.url if online.public else ""
    return facts


def digest(values: object) -> str:
    """A short hash of plain values, the same on every machine."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
