"""An event as readers of one language see it: what all its entries in calendars are made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from publisher.model.records import InlinePlace, Kind, Status
from publisher.render import names, urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publisher.model.edition import Edition, Part, PublishedEvent
    from publisher.model.records import Event
    from publisher.render.names import NamedParty, NamedPlace
    from publisher.render.words import Words

#: A property of an entry: its name, its value, its parameters.
Property: TypeAlias = tuple[str, Any, dict[str, Any]]

#: What is so marked does not take place, or not then.
OFF = frozenset({Status.CANCELLED, Status.POSTPONED, Status.WITHDRAWN})


@dataclass(frozen=True)
class EventView:
    """An event, and the edition and the words in which it is told."""

    edition: Edition
    words: Words
    event: PublishedEvent

    @property
    def language(self) -> str:
        """The language of the readers."""
        return self.words.language

    @cached_property
    def record(self) -> Event:
        """The record in their language, or in its own."""
        return self.event.text(self.language)

    @cached_property
    def page(self) -> str:
        """The address of the event's page."""
        return urls.absolute(self.edition.config, urls.page(self.language, self.event))

    @cached_property
    def foreign(self) -> dict[str, Any]:
        """LANGUAGE for the record's own words where these are in another one (RFC 5545 section 3.2.10)."""
        actual = self.event.language_of(self.language)
        return {} if actual == self.language else {"LANGUAGE": actual}

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The names of its topics."""
        return names.facet_names(self.edition, Kind.TOPIC, self.record.topics, self.language)

    def places(self, refs: Iterable[Any]) -> tuple[NamedPlace, ...]:
        """Places with their whereabouts."""
        return names.places(self.edition, refs, self.language)

    def places_of(self, part: Part) -> Sequence[Any]:
        """Where a session or a date is: where it says, or else where its event is."""
        own = part.texts.get(self.language, {}).get("place")
        return [_place(ref) for ref in own] if own else self.record.place

    def parties(self, refs: Iterable[Any]) -> tuple[NamedParty, ...]:
        """Organisers and the like by name."""
        return names.parties(self.edition, refs, self.language)

    def file(self, name: str) -> str:
        """The address of a file beside the record; nothing while it is not stored."""
        stored = self.event.assets.get(name)
        return urls.absolute(self.edition.config, urls.asset(stored)) if stored else ""


def _place(ref: Any) -> Any:
    return InlinePlace.model_validate(ref) if isinstance(ref, dict) else ref
