"""Cuts an issue: what is new for a reader in an edition, of what they chose.

The same edition, list, span and interests give the same choice on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from publisher.mailing.choice import Changed, Choice, Coming, Due, Span
from publisher.mailing.slate import slate, start_of
from publisher.model.records import Announcement, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from publisher.config_mail import List
    from publisher.mailing.slate import Ahead
    from publisher.model.edition import Edition, Member, Published, Showing
    from publisher.model.mailing import Interests

__all__ = ["Changed", "Choice", "Coming", "Due", "Span", "cut", "showing_of"]

#: An edition and a span are the same for all readers of an issue; what they may be told is found once.
_slate = lru_cache(maxsize=4)(slate)


def cut(edition: Edition, settings: List, span: Span, interests: Interests) -> Choice:
    """What an issue of a list holds for a reader.

    Args:
        edition: What is public, compiled for the site's local date of `span.cut_at`.
        settings: The list's: its sections, and how far it looks ahead.
        span: What the reader has been told, and when the issue was cut. What became public or changed
            after the cut is the next issue's.
        interests: What the reader chose; nothing is everything.
    """
    found = _slate(edition, span.cut_at, span.next_at, settings.ahead)
    reader = _Reader(span, interests)
    coming = list(reader.ahead(found.coming)) if "coming" in settings.sections else []
    deadlines = list(reader.ahead(found.deadlines)) if "deadlines" in settings.sections else []
    changes = (
        item
        for change in found.changes
        if reader.knows_less(change.since, change.at) and reader.takes(change.event)
        if (item := change.told(span.told_until))
    )
    news = (each.id for each in found.news if reader.is_new(each.public_since) and reader.takes(each))
    return Choice(
        changes=tuple(changes) if "changes" in settings.sections else (),
        news=tuple(news) if "news" in settings.sections else (),
        coming=tuple(Coming(each.event.id, each.start, reader.is_new(each.since)) for each in coming),
        deadlines=tuple(Due(each.event.id, each.part, reader.is_new(each.since)) for each in deadlines),
        # A list without a rhythm reminds of nothing: each correction of a word would be a reason for mail.
        reminds=settings.cadence != "each" and any(each.is_near for each in (*coming, *deadlines)),
    )


def showing_of(edition: Edition, coming: Coming) -> Showing:
    """The event and date that a choice from this edition names."""
    return _showings(edition)[coming.id, coming.start]


@lru_cache(maxsize=4)
def _showings(edition: Edition) -> Mapping[tuple[str, str], Showing]:
    return {(each.event.id, start_of(each.time)): each for each in reversed(edition.showings)}


@dataclass(frozen=True)
class _Reader:
    """What a reader has been told, and what they want to be told."""

    span: Span
    interests: Interests

    def is_new(self, since: datetime) -> bool:
        """Whether it became public after all that they have been told."""
        return self.span.told_until < since

    def knows_less(self, since: datetime, at: datetime) -> bool:
        """Whether they know of it, but not of its change."""
        return since <= self.span.told_until < at

    def ahead(self, all_: Iterable[Ahead]) -> Iterator[Ahead]:
        """What of all this they are told: what is near enough, and what is new, however far."""
        return (
            each for each in all_ if (each.is_within or self.is_new(each.since)) and self.takes(each.event)
        )

    def takes(self, record: Published[Any]) -> bool:
        """Whether they chose it: what it belongs to, an event itself, or one that it is about."""
        if not self.interests:
            return True
        if not self._members.isdisjoint(record.memberships):
            return True
        text = record.text(record.own_language)
        about = text.events if isinstance(text, Announcement) else (record.id,)
        return not set(about).isdisjoint(self.interests.events)

    @cached_property
    def _members(self) -> frozenset[Member]:
        topics = ((Kind.TOPIC, id_) for id_ in self.interests.topics)
        organisations = ((Kind.ORGANISATION, id_) for id_ in self.interests.organisations)
        return frozenset((*topics, *organisations))
