"""What there is to choose: lists from the configuration, topics, organisations and events from the edition.

Whatever else a form names is left out, as if it had not been sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publisher.model.mailing import Interests
from publisher.model.records import Kind
from publisher.render.collation import collation_key
from publisher.render.servicepages import Choice, Chosen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from publisher.config import Config
    from publisher.model.edition import Edition, Published

#: How many coming events are offered to be followed one by one.
_EVENTS = 50


@dataclass(frozen=True)
class Choices:
    """What a site offers; without an edition (nothing is released yet) there are only lists."""

    config: Config
    edition: Edition | None

    def lists(self, language: str) -> tuple[str, ...]:
        """The lists that are written in a language."""
        return tuple(
            id_ for id_, each in self.config.lists.items() if not each.languages or language in each.languages
        )

    def interests(
        self, topics: Iterable[str], organisations: Iterable[str], events: Iterable[str]
    ) -> Interests:
        """Those of these ids that there are, each in one order, whatever order they were sent in."""
        if self.edition is None:
            return Interests()
        facets, edition = self.edition.facets, self.edition
        return Interests(
            topics=tuple(sorted(set(topics) & facets[Kind.TOPIC].keys())),
            organisations=tuple(sorted(set(organisations) & facets[Kind.ORGANISATION].keys())),
            events=tuple(sorted(id_ for id_ in set(events) if edition.event(id_))),
        )

    def changed(
        self, before: Interests, topics: Iterable[str], organisations: Iterable[str], events: Iterable[str]
    ) -> Interests:
        """The same for somebody who had chosen before: what is not offered any more stays chosen.

        They could not have unticked it, and who wanted nothing else must not get everything.
        """
        chosen = self.interests(topics, organisations, events)
        offered = self.interests(before.topics, before.organisations, before.events)
        return Interests(
            topics=_and_lost(chosen.topics, before.topics, offered.topics),
            organisations=_and_lost(chosen.organisations, before.organisations, offered.organisations),
            events=_and_lost(chosen.events, before.events, offered.events),
        )

    def offered(self, interests: Interests, language: str) -> Chosen:
        """Everything to tick, with what somebody has chosen ticked."""
        if self.edition is None:
            return Chosen()
        facets = self.edition.facets
        return Chosen(
            topics=_by_name(facets[Kind.TOPIC].values(), language, interests.topics),
            organisations=_by_name(facets[Kind.ORGANISATION].values(), language, interests.organisations),
            events=self._events(interests.events, language),
        )

    def chosen(self, interests: Interests, language: str) -> Chosen:
        """What somebody has chosen, and nothing else."""
        offered = self.offered(interests, language)
        return Chosen(
            topics=_ticked(offered.topics),
            organisations=_ticked(offered.organisations),
            events=_ticked(offered.events),
        )

    def _events(self, chosen: Collection[str], language: str) -> tuple[Choice, ...]:
        """Events that somebody follows, then those to come, soonest first, each once."""
        assert self.edition is not None  # noqa: S101 -- asked before
        followed = filter(None, map(self.edition.event, chosen))
        coming = (showing.event for showing in self.edition.coming())
        events: dict[str, Published[Any]] = {}
        for event in (*followed, *coming):
            if len(events) < max(_EVENTS, len(chosen)):
                events.setdefault(event.id, event)
        return tuple(_choice(event, language, chosen) for event in events.values())


def _by_name(facets: Iterable[Published[Any]], language: str, chosen: Collection[str]) -> tuple[Choice, ...]:
    ordered = sorted(facets, key=lambda each: (collation_key(each.text(language).name_text), each.id))
    return tuple(_choice(each, language, chosen) for each in ordered)


def _choice(record: Published[Any], language: str, chosen: Collection[str]) -> Choice:
    own = record.language_of(language)
    lang = "" if own == language else own
    return Choice(record.id, record.text(language).name_text, lang, chosen=record.id in chosen)


def _and_lost(chosen: Iterable[str], before: Iterable[str], offered: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*chosen, *(set(before) - set(offered))}))


def _ticked(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    return tuple(choice for choice in choices if choice.chosen)
