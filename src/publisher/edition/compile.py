"""Compiles the ledger into an edition: what is public, selected, sorted, expanded, in every language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from publisher.edition.ends import event_end
from publisher.edition.facts import occurrence_id
from publisher.edition.memberships import memberships
from publisher.edition.stamps import bare_facts, change_number
from publisher.model.archives import Archives
from publisher.model.artifact import unknown_asset
from publisher.model.edition import Before, Edition, Part, Published, PublishedEvent, Showing
from publisher.model.fragments import Fragments
from publisher.model.ledger import DEADLINE, OCCURRENCE, SESSION, Item, Ledger
from publisher.model.records import FACETS, Event, Kind, Record, Status
from publisher.model.recurrence import recurrence_set
from publisher.model.translation import localise
from publisher.model.when import Days, Unknown, decode_time, sort_key
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from publisher.config import Combination, Config
    from publisher.edition.memberships import Member
    from publisher.model.artifact import AssetFacts
    from publisher.model.edition import ArchivedIssue

#: How far pages look along a rule without an end.
HORIZON = timedelta(days=400)
#: How many dates of one event pages show, the latest ones: those of every day in 27 years.
MOST_DATES = 10_000


@dataclass(frozen=True)
class _Public:
    """What is public, before it is made ready for readers."""

    ledger: Ledger
    config: Config
    records: Mapping[Member, Record]
    events: Mapping[str, Event]
    parents: Mapping[Member, str]

    @property
    def timezone(self) -> str:
        return self.config.site.timezone


def compile_edition(  # noqa: PLR0913 -- all that an edition is made of
    ledger: Ledger,
    config: Config,
    today: date,
    issues: Iterable[ArchivedIssue] = (),
    *,
    fragments: Fragments | None = None,
    calendars: Mapping[str, Combination] | None = None,
    feeds: Mapping[str, Combination] | None = None,
    archives: Archives | None = None,
    asset_facts: Callable[[str], AssetFacts] = unknown_asset,
) -> Edition:
    """Everything that is public, as of the site's local date; `issues` are those that readers have got.

    `calendars` and `feeds` are the named ones that were ever published, as they were declared last;
    `archives` tells where those of earlier editions end.
    """
    items = [item for item in ledger if item.is_record and item.is_public]
    public = _public(items, ledger, config)
    made = [_published(item, public) for item in items]
    events = sorted((p for p in made if isinstance(p, PublishedEvent)), key=_soonest_first)
    announcements = sorted((p for p in made if p.kind is Kind.ANNOUNCEMENT), key=_newest_first)
    current = tuple(event for event in events if event.status is not Status.WITHDRAWN)
    showings = [showing for event in current for showing in _showings(event, today)]
    return Edition(
        config=config,
        today=today,
        events=current,
        withdrawn=tuple(event for event in events if event.status is Status.WITHDRAWN),
        announcements=tuple(a for a in announcements if not _expired(a, today)),
        expired=tuple(a for a in announcements if _expired(a, today)),
        facets={kind: {p.id: p for p in made if p.kind is kind} for kind in FACETS},
        pages={p.id: p for p in made if p.kind is Kind.PAGE},
        others=_unlisted(ledger, config),
        showings=tuple(sorted(showings, key=lambda s: (sort_key(s.time), s.event.id))),
        issues=tuple(sorted(issues, key=lambda issue: (issue.due_at, issue.list), reverse=True)),
        retired_calendars=_without(calendars, config.calendars),
        retired_feeds=_without(feeds, config.feeds),
        archives=archives or Archives(),
        asset_facts=asset_facts,
        fragments=fragments or Fragments(),
    )


def _without(
    published: Mapping[str, Combination] | None, declared: Mapping[str, Combination]
) -> dict[str, Combination]:
    """The combinations that were published and are declared no more."""
    return {id_: each for id_, each in (published or {}).items() if id_ not in declared}


def _public(items: list[Item], ledger: Ledger, config: Config) -> _Public:
    records = {(Kind(item.kind), item.id): item.record() for item in items}
    shown = {item.id for item in items if item.kind == Kind.EVENT and not item.withdrawn}
    return _Public(
        ledger=ledger,
        config=config,
        records=records,
        events={r.id: r for r in records.values() if isinstance(r, Event) and r.id in shown},
        parents={key: parent for key, r in records.items() if (parent := getattr(r, "parent", None))},
    )


def _soonest_first(event: PublishedEvent) -> tuple[tuple[str, str], str]:
    return (sort_key(event.time), event.id)


def _newest_first(record: Published[Any]) -> tuple[float, int]:
    return (-record.first_published.timestamp(), -record.ordinal)


def _expired(announcement: Published[Any], today: date) -> bool:
    expires = announcement.text(announcement.own_language).expires
    return expires is not None and expires.first() <= today


def _unlisted(ledger: Ledger, config: Config) -> dict[Member, Mapping[str, str]]:
    """Names of organisations and the like that have no listing of their own (yet)."""
    return {
        (Kind(item.kind), item.id): {
            language: localise(item.record(), item.translations.get(language)).name_text
            for language in config.site.languages
        }
        for item in ledger
        if item.kind in FACETS and item.is_record and not item.is_public and not item.gone
    }


def _published(item: Item, public: _Public) -> Published[Any]:
    assert item.first_published and item.updated and item.ordinal is not None  # noqa: S101, PT018 -- it is public
    record = item.record()
    own = record.language or public.config.site.default_language
    common: dict[str, Any] = {
        "kind": Kind(item.kind),
        "id": item.id,
        "uid": item.uid,
        "revision": item.revision,
        "ordinal": item.ordinal,
        "first_published": item.first_published,
        "updated": item.updated,
        "last_modified": {language: view.last_modified for language, view in item.languages.items()},
        "seen": {language: view.hash for language, view in item.languages.items()},
        "own_language": own,
        "languages": frozenset({own, *item.translations}),
        "texts": {
            language: localise(record, item.translations.get(language))
            for language in public.config.site.languages
        },
        "memberships": memberships(record, public.events, public.parents),
        "assets": item.assets,
        "removed": item.removed,
        "late": item.public_since if item.public_since != item.first_published else None,
    }
    return _event(item, record, public, common) if isinstance(record, Event) else Published(**common)


def _event(item: Item, event: Event, public: _Public, common: dict[str, Any]) -> PublishedEvent:
    time = item.time or _when_published(item, public)
    parts = sorted(
        (_part(p) for p in public.ledger.parts(event.id) if p.is_public),
        key=lambda p: (sort_key(p.time), p.id),
    )
    recurrence = None
    if event.recurrence and not isinstance(time, Unknown):
        recurrence = recurrence_set(event, time, public.timezone)
    changed = tuple(p for p in parts if p.kind == OCCURRENCE)
    return PublishedEvent(
        **common,
        time=time,
        status=Status(item.facts["status"]),
        previous=item.previous,
        previous_time=item.previous_time,
        last_day=item.last_day,
        is_relocated=_is_relocated(item.previous or {}, item),
        history=_history(item),
        sessions=tuple(p for p in parts if p.kind == SESSION),
        deadlines=tuple(p for p in parts if p.kind == DEADLINE),
        occurrences=changed,
        restored=tuple(_part(p) for p in public.ledger.parts(event.id) if p.is_restored),
        recurrence=recurrence,
        ends=event_end(time, recurrence, [p.time for p in changed], public.timezone),
    )


def _history(item: Item) -> tuple[Before, ...]:
    return tuple(_before(told, after, item) for told, after in pairwise((*item.history, item.facts)))


def _before(told: Mapping[str, Any], after: Mapping[str, Any], item: Item) -> Before:
    until, facts = datetime.fromisoformat(told["until"]), bare_facts(told)
    return Before(
        until=until,
        facts=facts,
        after=bare_facts(after),
        number=change_number(told),
        ordinal=int(told.get("ordinal", 0)),
        time=decode_time(told["time"]) if told["time"] != item.facts.get("time") else None,
        is_relocated=_is_relocated(told, item),
        is_as_now=facts == item.facts,
    )


def _is_relocated(before: Mapping[str, Any], item: Item) -> bool:
    return bool(before.get("place")) and before["place"] != item.facts.get("place")


def _when_published(item: Item, public: _Public) -> Unknown:
    """Where a withdrawn event stands among others: nothing of its own is told."""
    assert item.first_published  # noqa: S101 -- it is public
    return Unknown(reported=item.first_published.astimezone(zone(public.timezone)).date())


def _part(item: Item) -> Part:
    assert item.first_published and item.updated and item.time  # noqa: S101, PT018 -- it is public
    return Part(
        kind=item.kind,
        id=item.id,
        uid=item.uid,
        revision=item.revision,
        first_published=item.first_published,
        updated=item.updated,
        last_modified={language: view.last_modified for language, view in item.languages.items()},
        seen={language: view.hash for language, view in item.languages.items()},
        time=item.time,
        status=Status(item.facts["status"]),
        previous_time=item.previous_time,
        history=_history(item),
        texts=item.values.get("part", {}),
        original=datetime.fromisoformat(item.id) if item.kind == OCCURRENCE else None,
    )


def _showings(event: PublishedEvent, today: date) -> Iterator[Showing]:
    """An event at each of its dates, from its start to the horizon."""
    if event.recurrence is None:
        yield Showing(event, event.time, event.status)
        return
    changed = {part.id: part for part in event.occurrences}
    whole_day = isinstance(event.time, Days)
    for local in _starts(event, today):
        part = changed.get(occurrence_id(local, whole_day=whole_day))
        if part:
            yield Showing(event, part.time, event.status if event.is_off else part.status, part)
        else:
            yield Showing(event, event.recurrence.time_at(local), event.status)


def _starts(event: PublishedEvent, today: date) -> list[datetime]:
    """Past dates from the first on, so that lists of past years never lose any; and those within reach.

    A changed date is shown wherever it went: from beyond the horizon, too.
    """
    assert event.recurrence is not None  # noqa: S101 -- callers look first
    told = {part.original for part in event.occurrences if part.original} & event.recurrence.changed.keys()
    return sorted(told.union(event.recurrence.starts(date.min, today + HORIZON)))[-MOST_DATES:]
