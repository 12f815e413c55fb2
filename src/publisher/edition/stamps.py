"""When an item became public, and when it last changed for those who follow it. No stamp ever goes back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from publisher.model.records import FACETS, Record, Status
from publisher.model.timing import instant_of
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.model.ledger import Item
    from publisher.model.when import When

_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def first_published(record: Record, now: datetime, timezone: str) -> datetime | None:
    """When a record that is not public yet becomes so; None while it waits.

    `publish_at`, else `date`, else the earliest day that a source gives, else now; never in the
    future: so a fresh clone publishes with the same dates. A topic, organisation, place or series
    has no moment of its own: it is there from its first item on.
    """
    if getattr(record, "status", None) is Status.WITHDRAWN:
        return None
    if record.publish_at:
        at = moment(record.publish_at, timezone)
        return at if at <= now else None
    date = getattr(record, "date", None)
    stated = [date] if date else [source.published for source in record.sources]
    return min([*(moment(day, timezone) for day in stated if day and day.is_day), now])


def moment(when: When, timezone: str) -> datetime:
    """A local minute, or the midnight with which a day begins, in UTC."""
    if when.clock:
        return instant_of(when, timezone, "publish_at")
    return datetime.combine(when.first(), time(), zone(timezone)).astimezone(UTC)


def scheduled(item: Item, timezone: str) -> datetime | None:
    """The minute for which a record waits; None where it waits for none."""
    if item.first_published or item.gone or not item.is_record or item.kind in FACETS:
        return None
    at = item.record().publish_at
    return moment(at, timezone) if at else None


#: So many earlier states are remembered: each is told in the feed of changes, and nobody makes more by hand.
KEPT = 200


def revised(item: Item, values: dict[str, Any], first: datetime | None, now: datetime) -> Item:
    """The item with its new values: published, significantly changed, or neither."""
    if item.first_published is None:
        return item.evolve(values=values, first_published=first, updated=first, gone=None)
    facts = values.get("facts", {})
    # What comes back was taken off the air: calendars must learn of it again.
    if item.facts == facts and not (item.gone and facts):
        kept = _remembering(item.history, values)
        # News that returns with another text has changed: its readers had it, and saw it go.
        reworded = item.gone is not None and item.values.get("record") != values.get("record")
        updated = max(now, item.updated or now) if reworded else item.updated
        return item.evolve(values=kept, updated=updated, gone=None)
    return bumped(item, values, now)


def bumped(item: Item, values: dict[str, Any], now: datetime) -> Item:
    """The item after a significant change: the next revision (RFC 5545 section 3.8.7.4)."""
    at = max(now, item.updated or now)
    previous = _previous(item, values.get("facts", {}), at)
    kept = _remembering(_history(item, values.get("facts", {}), at), values)
    return item.evolve(values=kept, revision=item.revision + 1, updated=at, previous=previous, gone=None)


def _history(item: Item, facts: dict[str, Any], at: datetime) -> tuple[dict[str, Any], ...]:
    """All that it was, for readers who were told some time ago; of what was withdrawn nothing."""
    if facts.get("status") == Status.WITHDRAWN:
        return ()
    if "time" not in item.facts or item.facts == facts:
        return item.history
    return (*item.history, remembered(item.facts, at, item.revision + 1))[-KEPT:]


def remembered(facts: dict[str, Any], until: datetime, number: int) -> dict[str, Any]:
    """What something was until a change, with the revision that the change made."""
    return facts | {"until": until.isoformat(), "revision": number}


def bare_facts(told: Mapping[str, Any]) -> dict[str, Any]:
    """The facts alone of what is remembered."""
    return {name: value for name, value in told.items() if name not in {"until", "revision", "ordinal"}}


def change_number(told: Mapping[str, Any]) -> int:
    """Which change it was that ended what is remembered: the same for ever, and no other's of this item.

    Before revisions were remembered, the instant of the change stands for it, in microseconds.
    """
    if "revision" in told:
        return int(told["revision"])
    return (datetime.fromisoformat(told["until"]) - _EPOCH) // _MICROSECOND


def _remembering(history: tuple[dict[str, Any], ...], values: dict[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in values.items() if name != "history"}
    return rest | {"history": list(history)} if history else rest


def _previous(item: Item, facts: dict[str, Any], at: datetime) -> dict[str, Any] | None:
    """What it was: the facts before this change; the time before the last move, however many changes ago."""
    if facts.get("status") == Status.WITHDRAWN or "time" not in item.facts or item.facts == facts:
        return item.previous if item.facts == facts else None
    before = item.facts | {"until": at.isoformat()}
    moved = item.facts["time"] != facts.get("time")
    if not moved and item.previous and "time" in item.previous:
        before["time"] = item.previous["time"]
    return before
