"""The entries of feeds as bytes: each is made once in a format, however many feeds show it.

What has not changed is kept for the next edition, as entries of calendars are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from publisher.model.edition import PublishedEvent
from publisher.model.when import encode_time
from publisher.render.change_entries import change_entry, change_state
from publisher.render.changes import changes_of
from publisher.render.entries import entry_of, updated
from publisher.render.feed_documents import written
from publisher.render.fragment_keys import fragment_key, state, surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from publisher.model.archives import Place
    from publisher.model.edition import Edition, Member, Published, Selection
    from publisher.model.fragments import Fragments
    from publisher.render.changes import Change
    from publisher.render.feed import Entry
    from publisher.render.feed_documents import Format
    from publisher.render.theme import Theme

    Told: TypeAlias = tuple[Published[Any], "FeedEntry"]


@dataclass(frozen=True, eq=False, slots=True)
class FeedEntry:
    """An entry for feeds of a language: where it stands in their history, its bytes when asked for."""

    place: Place
    #: The record it tells of, as `kind/id`.
    item: str
    published: datetime
    updated: datetime
    #: When it last read otherwise, in this language.
    modified: datetime
    bytes: Callable[[Format], bytes]


class FeedEntries:
    """The entries of an edition in one language."""

    def __init__(self, edition: Edition, theme: Theme, language: str) -> None:
        self._edition, self._language = edition, language
        self._surroundings = surroundings(edition, theme, language)
        self._names: dict[Member, str] = {}
        self._theme = theme

    def chosen(self, selection: Selection) -> tuple[FeedEntry, ...]:
        """The entries of a choice, in the order in which readers were told."""
        if selection.is_of_changes:
            records = replace(selection, kinds=frozenset())
            return tuple(entry for event, entry in self._changes if records.takes(event))
        return tuple(entry for record, entry in self._candidates(selection) if selection.takes(record))

    def _candidates(self, selection: Selection) -> Iterable[Told]:
        """All that a choice may take."""
        for any_of in selection.members:
            if len(any_of) == 1:
                return self._by_member.get(next(iter(any_of)), ())
        return self._records

    @cached_property
    def _records(self) -> Sequence[Told]:
        """All that may be told; feeds are history, so what has expired is among it."""
        edition = self._edition
        records = (*edition.events, *edition.announcements, *edition.expired)
        return sorted(((record, self._of_record(record)) for record in records), key=_place)

    @cached_property
    def _by_member(self) -> Mapping[Member, Sequence[Told]]:
        found: defaultdict[Member, list[Told]] = defaultdict(list)
        for told in self._records:
            for member in told[0].memberships:
                found[member].append(told)
        return dict(found)

    @cached_property
    def _changes(self) -> Sequence[tuple[PublishedEvent, FeedEntry]]:
        told = ((change.event, self._of_change(change)) for change in changes_of(self._edition))
        return sorted(told, key=_place)

    def _of_record(self, record: Published[Any]) -> FeedEntry:
        return FeedEntry(
            place=record.ordinal,
            item=f"{record.kind}/{record.id}",
            published=record.first_published,
            updated=updated(record),
            modified=_modified(record, self._language),
            bytes=_Kept(
                self._edition.fragments,
                lambda: self._key(self._state(record)),
                partial(entry_of, self._edition, self._theme, self._language, record),
            ),
        )

    def _of_change(self, change: Change) -> FeedEntry:
        return FeedEntry(
            place=change.place,
            item=f"{change.event.kind}/{change.event.id}",
            published=change.at,
            updated=change.at,
            modified=max(change.at, _modified(change.event, self._language)),
            bytes=_Kept(
                self._edition.fragments,
                lambda: self._key(("change", change_state(change), self._state(change.event))),
                partial(change_entry, self._edition, self._theme, self._language, change),
            ),
        )

    def _key(self, told: object) -> bytes:
        return fragment_key(self._surroundings, told)

    def _state(self, record: Published[Any]) -> tuple[object, ...]:
        """All that an entry depends on beside its surroundings."""
        named = [(member, self._name(member)) for member in sorted(record.memberships)]
        seen = sorted(record.seen.items())
        own = self._of_event(record) if isinstance(record, PublishedEvent) else self._of_news(record)
        told = state(record, self._language)
        return (record.kind.value, record.id, told, seen, record.updated, named, own)

    def _of_event(self, event: PublishedEvent) -> tuple[object, ...]:
        times = [encode_time(time) for time in (event.time, event.previous_time, event.last_day) if time]
        parts = [
            (
                state(part, self._language),
                encode_time(part.time),
                part.status.value,
                encode_time(part.previous_time) if part.previous_time else None,
                part.updated,
            )
            for part in (*event.sessions, *event.deadlines, *event.occurrences)
        ]
        return (times, event.status.value, event.removed, event.is_relocated, event.previous, parts)

    def _of_news(self, announcement: Published[Any]) -> tuple[object, ...]:
        """The events that it is about, as it names them."""
        named = (self._edition.event(id_) for id_ in announcement.text(self._language).events)
        return tuple((state(event, self._language), encode_time(event.time)) for event in named if event)

    def _name(self, member: Member) -> str:
        if member not in self._names:
            kind, id_ = member
            facet = self._edition.facet(kind, id_)
            others = self._edition.others.get(member, {})
            self._names[member] = (
                facet.text(self._language).name_text if facet else others.get(self._language, "")
            )
        return self._names[member]


def _modified(record: Published[Any], language: str) -> datetime:
    parts = (*record.deadlines, *record.occurrences) if isinstance(record, PublishedEvent) else ()
    return max([record.last_modified[language], *(part.last_modified[language] for part in parts)])


class _Kept:
    """The bytes of an entry in each format: of earlier editions, or made now."""

    __slots__ = ("_entry", "_fragments", "_key", "_made", "_make")

    def __init__(self, fragments: Fragments, key: Callable[[], bytes], make: Callable[[], Entry]) -> None:
        self._fragments, self._make = fragments, make
        self._key: Callable[[], bytes] | bytes = key
        self._entry: Entry | None = None
        self._made: dict[Format, bytes] = {}

    def __call__(self, form: Format) -> bytes:
        """Its bytes in a format."""
        if form not in self._made:
            self._key = key = self._key if isinstance(self._key, bytes) else self._key()
            self._made[form] = self._fragments.get(fragment_key(key, form), lambda: self._written(form))
        return self._made[form]

    def _written(self, form: Format) -> bytes:
        if self._entry is None:
            self._entry = self._make()
        return written(self._entry, form)


@lru_cache(maxsize=12)
def feed_entries(edition: Edition, theme: Theme, language: str) -> FeedEntries:
    """The entries of an edition: all who ask for its feeds share what is made."""
    return FeedEntries(edition, theme, language)


def _place(told: tuple[object, FeedEntry]) -> Place:
    return told[1].place
