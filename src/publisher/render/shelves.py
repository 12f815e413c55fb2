"""The calendars that pages link to, each cut into the parts that are files of their own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from publisher.render.calendars import declared

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from publisher.model.edition import Edition
    from publisher.render.calendar_years import Years
    from publisher.render.calendars import Calendar
    from publisher.render.theme import Theme


@dataclass(frozen=True)
class Shelf:
    """A calendar, and those of past and distant years beside it."""

    calendar: Calendar
    parts: Years

    @property
    def earlier(self) -> tuple[str, ...]:
        """The names of the calendars of earlier years, newest first."""
        return tuple(self.parts.earlier)

    def has(self, items: Iterable[str]) -> bool:
        """Whether the calendar itself holds some of these records (`event/<id>`)."""
        return "" in self._holding(items)

    def beside(self, items: Iterable[str]) -> tuple[str, ...]:
        """The names of those beside it that hold some of these records, the soonest first."""
        return tuple(sorted(self._holding(items) - {""}))

    def _holding(self, items: Iterable[str]) -> set[str]:
        return {name for item in items for name in self._names.get(item, ())}

    @cached_property
    def _names(self) -> Mapping[str, set[str]]:
        """Record -> the names of the calendars that hold it, of the living one empty."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for name, entries in {"": self.parts.living, **self.parts.earlier, **self.parts.later}.items():
            for entry in entries:
                found[entry.item].add(name)
        return found


def shelves(edition: Edition, theme: Theme, language: str) -> Mapping[str, Shelf]:
    """The calendars of a language that have an address of their own, by that address without its ending."""
    return {
        calendar.base.removeprefix(f"{language}/"): Shelf(calendar, calendar.parts())
        for calendar in declared(edition, theme, language)
    }
