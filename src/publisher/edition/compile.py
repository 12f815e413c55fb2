"""Compiles the ledger into an edition: what is public, selected, sorted, expanded, in every language."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from publisher.edition.memberships import memberships
from publisher.model.edition import Edition, Part, Published, PublishedEvent, Showing
from publisher.model.ledger import DEADLINE, OCCURRENCE, SESSION, Item, Ledger
from publisher.model.records import FACETS, Event, Kind, Record, Status
from publisher.model.recurrence import recurrence_set
from publisher.model.timing import end_of
from publisher.model.translation import localise
from publisher.model.when import Days, Hours, Unknown, decode_time, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.config import Config
    from publisher.model.recurrence import RecurrenceSet
    from publisher.model.when import Time

#: How far pages look along a rule without an end.
HORIZON = timedelta(days=400)


def compile_edition(ledger: Ledger, config: Config, today: date) -> Edition:
    """Everything that is public, as of the site's local date."""
    items = [item for item in ledger if item.is_record and item.is_public]
    records = {(Kind(item.kind), item.id): item.record() for item in items}
    parents = {key: record.parent for key, record in records.items() if getattr(record, "parent", None)}
    by_id = {id_: record for (kind, id_), record in records.items() if isinstance(record, Event)}
    made = [_publish(item, records[Kind(item.kind), item.id], ledger, config, by_id, parents) for item in items]  # type: ignore[arg-type]
    events = sorted((p for p in made if isinstance(p, PublishedEvent)), key=lambda e: (sort_key(e.time), e.id))
    announcements = sorted((p for p in made if p.kind is Kind.ANNOUNCEMENT), key=_newest_first)
    current = tuple(e for e in events if e.status is not Status.WITHDRAWN)
    return Edition(
        config=config,
        today=today,
        events=current,
        withdrawn=tuple(e for e in events if e.status is Status.WITHDRAWN),
        announcements=tuple(a for a in announcements if not _expired(a, today)),
        expired=tuple(a for a in announcements if _expired(a, today)),
        facets={kind: {p.id: p for p in made if p.kind is kind} for kind in FACETS},
        pages={p.id: p for p in made if p.kind is Kind.PAGE},
        others=_unlisted(ledger, config),
        showings=tuple(sorted((s for e in current for s in _showings(e, today)), key=lambda s: (sort_key(s.time), s.event.id))),
    )


def _newest_first(record: Published[Any]) -> tuple[float, int]:
    return (-record.first_published.timestamp(), -record.ordinal)


def _expired(announcement: Published[Any], today: date) -> bool:
    expires = announcement.text(announcement.own_language).expires
    return expires is not None and expires.first() <= today


def _unlisted(ledger: Ledger, config: Config) -> dict[tuple[Kind, str], Mapping[str, str]]:
    """Names of organisations and the like that have no listing of their own (yet)."""
    return {
        (Kind(item.kind), item.id): {
            language: localise(item.record(), item.values.get("translations", {}).get(language)).name_text
            for language in config.site.languages
        }
        for item in ledger
        if item.kind in FACETS and item.is_record and not item.is_public and not item.gone
    }


def _publish(  # noqa: PLR0913 -- everything that a record is seen together with
    item: Item, record: Record, ledger: Ledger, config: Config,
    events: Mapping[str, Event], parents: Mapping[tuple[Kind, str], str],
) -> Published[Any]:  # fmt: skip
    assert item.first_published and item.updated and item.ordinal is not None  # noqa: S101, PT018 -- it is public
    translations = item.values.get("translations", {})
    own = record.language or config.site.default_language
    common: dict[str, Any] = {
        "kind": Kind(item.kind),
        "id": item.id,
        "uid": item.uid,
        "revision": item.revision,
        "ordinal": item.ordinal,
        "first_published": item.first_published,
        "updated": item.updated,
        "last_modified": {language: entry.last_modified for language, entry in item.languages.items()},
        "own_language": own,
        "languages": frozenset({own, *translations}),
        "texts": {language: localise(record, translations.get(language)) for language in config.site.languages},
        "memberships": memberships(record, events, parents),
        "assets": item.values.get("assets", {}),
        "removed": item.removed,
    }
    if not isinstance(record, Event):
        return Published(**common)
    return _event(item, record, ledger, config, common)


def _event(item: Item, event: Event, ledger: Ledger, config: Config, common: dict[str, Any]) -> PublishedEvent:
    time = item.time
    assert time is not None  # noqa: S101 -- events have one
    parts = [_part(p) for p in ledger.parts(event.id) if p.is_public]
    parts.sort(key=lambda p: (sort_key(p.time), p.id))
    recurrence = None
    if event.recurrence and not isinstance(time, Unknown):
        recurrence = recurrence_set(event, time, config.site.timezone)
    return PublishedEvent(
        **common,
        time=time,
        status=Status(item.facts["status"]),
        previous=item.previous,
        previous_time=_previous_time(item, time),
        sessions=tuple(p for p in parts if p.kind == SESSION),
        deadlines=tuple(p for p in parts if p.kind == DEADLINE),
        occurrences=tuple(p for p in parts if p.kind == OCCURRENCE),
        recurrence=recurrence,
        ends=datetime.max.replace(tzinfo=UTC) if recurrence else end_of(time, config.site.timezone),
    )



def _previous_time(item: Item, time: Time) -> Time | None:
    if not item.previous or "time" not in item.previous:
        return None
    before = decode_time(item.previous["time"])
    return before if before != time else None


def _part(item: Item) -> Part:
    assert item.first_published and item.updated and item.time  # noqa: S101, PT018 -- it is public
    return Part(
        kind=item.kind,
        id=item.id,
        uid=item.uid,
        revision=item.revision,
        first_published=item.first_published,
        updated=item.updated,
        last_modified={language: entry.last_modified for language, entry in item.languages.items()},
        time=item.time,
        status=Status(item.facts["status"]),
        previous_time=_previous_time(item, item.time),
        texts=item.values.get("part", {}),
    )


def _showings(event: PublishedEvent, today: date) -> Iterator[Showing]:
    """An event at each of its dates, from its start to the horizon."""
    if event.recurrence is None:
        yield Showing(event, event.time, event.status)
        return
    parts = {part.id: part for part in event.occurrences}
    record = event.text(event.own_language)
    changed = record.recurrence.changed if record.recurrence else ()
    for local in event.recurrence.starts(_first(event.time), today + HORIZON):
        index = event.recurrence.changed.get(local)
        part = parts.get(str(changed[index].occurrence)) if index is not None else None
        if part:
            yield Showing(event, part.time, event.status if event.is_off else part.status, part)
        else:
            yield Showing(event, event.recurrence.time_at(local), event.status)


def _first(time: Time) -> date:
    match time:
        case Days(first, _):
            return first
        case Hours(start, _, _):
            return start.date() - timedelta(days=1)
    raise AssertionError("a recurring event has a day")  # pragma: no cover -- checked when it was read
