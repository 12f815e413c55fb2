"""The end of registration: a deadline like those that a record lists, without being listed there.

It has an identity of its own, so that it is in calendars, is told when it moves,
and stays as cancelled when it is taken out. What it is called is the theme's to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.model.ledger import REGISTRATION
from publisher.model.records import Event
from publisher.model.timing import registration_end

if TYPE_CHECKING:
    from publisher.model.records import Record
    from publisher.model.when import Days, Hours, When

#: A deadline that a record lists under one of these ids is the end of registration already.
_LISTED = frozenset({REGISTRATION, "registration"})


def closing(event: Event, timezone: str) -> Days | Hours | None:
    """When the deadline is; None where there is none, or the record lists it itself."""
    if any(deadline.id in _LISTED for deadline in event.deadlines):
        return None
    return registration_end(event, timezone)


def closing_view(event: Event) -> dict[str, Any]:
    """What a reader sees of it, as a deadline's plain values but for the title."""
    registration = event.registration
    assert registration is not None  # noqa: S101 -- callers look first
    view = {"id": REGISTRATION, "at": str(registration.closes)}
    return view | ({"url": registration.url} if registration.url else {})


def was_told(now: Record, before: Record) -> bool:
    """Whether readers of the event as it was could read until when one can register."""
    told = _closes(before)
    return told is not None and told == _closes(now)


def _closes(record: Record) -> When | None:
    registration = record.registration if isinstance(record, Event) else None
    return registration.closes if registration else None
