"""What a digest holds, in one language: sections of items, how many there are, and what stands first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from publisher.mailing import digest_changes, digest_records
from publisher.mailing.issue import showing_of
from publisher.model.ledger import DEADLINE
from publisher.render.lookup import look_up
from publisher.render.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from publisher.config_mail import SectionName
    from publisher.mailing.digest_items import Item
    from publisher.mailing.issue import Choice
    from publisher.model.edition import Edition, Part, PublishedEvent
    from publisher.render.theme import Theme

#: Where what a section leaves out is found: a page below the language.
_PAGES: dict[SectionName, str] = {
    "changes": "events/",
    "news": "announcements/",
    "coming": "events/",
    "deadlines": "deadlines/",
}


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a digest, with items of one sort."""

    id: SectionName
    title: str
    items: tuple[Item, ...]
    #: How many items are left out for want of room, how that is said, and where they are.
    left_out: int = 0
    more: str = ""
    href: str = ""


@dataclass(frozen=True)
class Contents:
    """Everything that a digest tells."""

    view: View
    sections: tuple[Section, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in their order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def longest(self) -> int:
        """The number of items of the longest section."""
        return max((len(section.items) for section in self.sections), default=0)

    @property
    def lead(self) -> str:
        """How much there is of each: `1 change, 3 announcements`; or that there is nothing."""
        words = self.view.words
        counts = [
            words.count(f"digest.count_{section.id}", len(section.items) + section.left_out)
            for section in self.sections
        ]
        return ", ".join(counts) or words("digest.nothing")

    def cut(self, most: int) -> Contents:
        """The same with at most so many items in a section; each says how many more the site has."""
        return replace(self, sections=tuple(_cut(self.view, section, most) for section in self.sections))


def contents_of(view: View, choice: Choice, sections: Sequence[SectionName]) -> Contents:
    """A choice as a digest tells it, in the order of the list's sections; empty ones are left out."""
    found = {name: tuple(item for item in _TOLD[name](view, choice) if item) for name in sections}
    return Contents(
        view,
        tuple(
            Section(
                id=name, title=view.words(f"digest.{name}"), items=items, href=view.absolute(_PAGES[name])
            )
            for name, items in found.items()
            if items
        ),
    )


@lru_cache(maxsize=8)  # an edition in each language, for all cohorts of an issue
def view_of(edition: Edition, theme: Theme, language: str) -> View:
    """An edition in one language."""
    return View(look_up(edition), theme, language)


def _cut(view: View, section: Section, most: int) -> Section:
    left_out = max(0, len(section.items) - most)
    if not left_out:
        return section
    more = view.words.count("digest.more", left_out)
    return replace(section, items=section.items[:most], left_out=left_out, more=more)


def _changes(view: View, choice: Choice) -> Iterator[Item | None]:
    for each in choice.changes:
        event = view.lookup.events[each.id]
        if each.part_kind:
            part = digest_changes.as_known(_part(event, each.part_kind, each.part_id), each.before)
            yield digest_changes.part_changed(view, event, part)
        else:
            yield digest_changes.event_changed(view, digest_changes.as_known(event, each.before))


def _news(view: View, choice: Choice) -> Iterator[Item]:
    known = {announcement.id: announcement for announcement in view.edition.announcements}
    return (digest_records.news(view, known[id_]) for id_ in choice.news)


def _coming(view: View, choice: Choice) -> Iterator[Item]:
    for each in choice.coming:
        yield digest_records.coming(view, showing_of(view.edition, each), is_new=each.new)


def _deadlines(view: View, choice: Choice) -> Iterator[Item | None]:
    for each in choice.deadlines:
        event = view.lookup.events[each.event]
        yield digest_records.deadline(view, event, _part(event, DEADLINE, each.id), is_new=each.new)


def _part(event: PublishedEvent, kind: str, id_: str) -> Part:
    parts = (*event.sessions, *event.deadlines, *event.occurrences)
    return next(part for part in parts if (part.kind, part.id) == (kind, id_))


#: What each section says; a part without any text is left out.
_TOLD: dict[SectionName, Callable[[View, Choice], Iterator[Item | None]]] = {
    "changes": _changes,
    "news": _news,
    "coming": _coming,
    "deadlines": _deadlines,
}
