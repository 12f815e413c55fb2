"""The significant facts of items, and the keys and UIDs that never change.

Significant is what a reader must act on: time, place, online address, status.
Everything else about a record may be reworded without anybody being told.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from publisher.model.ledger import DEADLINE, OCCURRENCE, SESSION, ItemKey
from publisher.model.records import Event, Record, Status
from publisher.model.timing import deadline_time, event_time, occurrence_time, session_time
from publisher.model.translation import dump
from publisher.model.when import encode_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.records import Session

Facts = dict[str, Any]


def uid(key: ItemKey, host: str) -> str:
    """The UID of an item (RFC 7986 section 5.3: opaque, for ever): made from stored ids and the authority only."""
    kind, id_, parent = key
    # An occurrence shares its series' UID and is told apart by RECURRENCE-ID (RFC 5545 section 3.8.4.4).
    name = f"event.{parent}" if kind == OCCURRENCE else f"event.{parent}.{kind}.{id_}" if parent else f"{kind}.{id_}"
    return f"{name}@{host}"


def facts_of(record: Record, timezone: str) -> Facts:
    """The significant facts of a record; empty for kinds that have none."""
    if not isinstance(record, Event):
        return {}
    facts: Facts = {"time": encode_time(event_time(record, timezone)), "status": str(record.status)}
    facts |= _whereabouts(record)
    if record.recurrence:
        facts["recurrence"] = {k: v for k, v in dump(record.recurrence).items() if k != "changed"}
    return facts


def parts_of(event: Event, timezone: str) -> Iterator[tuple[ItemKey, Facts]]:
    """Every part of an event with an identity of its own: its key and its facts."""
    for session in event.sessions:
        facts = {"time": encode_time(session_time(session, event, timezone)), "status": _status(session, event)}
        yield (SESSION, session.id, event.id), facts | _whereabouts(session)
    for deadline in event.deadlines:
        status = Status.CANCELLED if event.status in _OFF else Status.CONFIRMED
        time = encode_time(deadline_time(deadline, event, timezone))
        yield (DEADLINE, deadline.id, event.id), {"time": time, "status": str(status)}
    for changed in event.recurrence.changed if event.recurrence else ():
        time = encode_time(occurrence_time(changed, event, timezone))
        status = changed.status or event.status
        yield (OCCURRENCE, str(changed.occurrence), event.id), {"time": time, "status": str(status)} | _whereabouts(changed)


_OFF = frozenset({Status.CANCELLED, Status.POSTPONED, Status.WITHDRAWN})


def _status(session: Session, event: Event) -> str:
    return str(event.status if event.status in _OFF else session.status)


def _whereabouts(thing: Any) -> Facts:
    values = dump(thing)
    facts: Facts = {}
    if values.get("place"):
        facts["place"] = values["place"]
    if "online" in values:
        facts["online"] = values["online"]["url"]
    return facts


def digest(values: object) -> str:
    """A short hash of plain values, the same on every machine."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
