"""What calendars owe their readers: each coming entry that was published is there, or says that it is off.

Worked out from two ledgers alone, so that it can be held against the bytes of
calendars, whoever made them and however.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from publisher.edition.ends import event_end
from publisher.model.ledger import DEADLINE, OCCURRENCE, SESSION, Item, Ledger, record_key
from publisher.model.records import Event, Kind, Status
from publisher.model.recurrence import recurrence_set
from publisher.model.timing import end_of
from publisher.model.when import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

Which = Literal["calendar", "programme", "deadlines"]
#: In which calendar an item is an entry.
_WHICH: dict[str, Which] = {
    Kind.EVENT.value: "calendar",
    OCCURRENCE: "calendar",
    SESSION: "programme",
    DEADLINE: "deadlines",
}
_OFF = frozenset({Status.CANCELLED.value, Status.POSTPONED.value})


@dataclass(frozen=True)
class Owed:
    """An entry that readers may have, and wait for."""

    uid: str
    #: Of a changed date its start by the rule, as RECURRENCE-ID has it, without its zone; else empty.
    original: str
    which: Which
    #: `event/id`, of a part `event/id/kind/id`.
    subject: str
    #: Whether it must be marked as off.
    is_off: bool
    #: Whether it is public by the ledger after, with its event.
    is_kept: bool


def owed(before: Ledger, after: Ledger, now: datetime, timezone: str) -> Iterator[Owed]:
    """The entries of `before` that are not over at `now` (UTC) and must be in calendars made of `after`.

    Not owed is what a person withdrew, a changed date that is as its rule says again,
    and what is off and, by what is said of it now, over: nobody waits for it.
    """
    for item in before:
        if not item.is_public or item.withdrawn or item.kind not in _WHICH:
            continue
        if not _is_coming(item, before, now, timezone):
            continue
        new = after.get(item.key)
        event = after.get(record_key(Kind.EVENT, item.parent or item.id))
        if (event and event.withdrawn) or (new and _is_told_by_its_rule(new, event)):
            continue
        is_off = new is not None and _is_off(new)
        if new is None or not is_off or _is_coming(new, after, now, timezone):
            is_kept = all(each is not None and each.is_public for each in (new, event))
            yield _owed(item, is_off=is_off, is_kept=is_kept)


def _owed(item: Item, *, is_off: bool, is_kept: bool) -> Owed:
    subject = f"{item.kind}/{item.id}" if item.is_record else f"event/{item.parent}/{item.kind}/{item.id}"
    original = _basic(item.id) if item.kind == OCCURRENCE else ""
    return Owed(item.uid, original, _WHICH[item.kind], subject, is_off, is_kept)


def _basic(local: str) -> str:
    """A local date or time in the form of RFC 5545 sections 3.3.4 and 3.3.5."""
    text = local.translate({ord("-"): None, ord(":"): None, ord(" "): "T"})
    return f"{text}00" if "T" in text else text


def _is_told_by_its_rule(new: Item, event: Item | None) -> bool:
    """Whether a changed date is none any more: the series' own entry tells what became of it."""
    return new.kind == OCCURRENCE and new.gone is not None and event is not None and event.is_public


def _is_off(item: Item) -> bool:
    """Whether an entry is marked as off: cancelled, postponed, or without a day where one was told."""
    return item.facts.get("status") in _OFF or isinstance(item.time, Unknown)


def _is_coming(item: Item, ledger: Ledger, now: datetime, timezone: str) -> bool:
    """Whether it has an entry in calendars, and that is not over."""
    time = item.last_day if isinstance(item.time, Unknown) else item.time
    if time is None:
        return False
    if "recurrence" not in item.facts or isinstance(item.time, Unknown):
        return end_of(time, timezone) > now
    record = item.record()
    assert isinstance(record, Event)  # noqa: S101 -- nothing else recurs
    dates = (part for part in ledger.parts(item.id) if part.kind == OCCURRENCE and part.is_public)
    changed = [part.time for part in dates if part.time]
    return event_end(time, recurrence_set(record, time, timezone), changed, timezone) > now
