"""The calendars that pages link to, each cut into the parts that are files of their own."""

from __future__ import annotations

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

    def lacks(self, items: Iterable[str]) -> bool:
        """Whether some of these records (`event/<id>`) are neither in it nor in those beside it."""
        return not self._items.issuperset(items)

    @cached_property
    def _items(self) -> frozenset[str]:
        parts = self.parts
        held = (parts.living, *parts.earlier.values(), *parts.later.values())
        return frozenset(entry.item for entries in held for entry in entries)


def shelves(edition: Edition, theme: Theme, language: str) -> Mapping[str, Shelf]:
    """The calendars of a language that have an address of their own, by that address without its ending."""
    return {
        calendar.base.removeprefix(f"{language}/"): Shelf(calendar, calendar.parts)
        for calendar in declared(edition, theme, language)
    }
