"""What the checks of the lint are given: a component with its properties at hand, and what surrounds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from publisher.ics.values import BadValue, moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.ics.components import Component
    from publisher.ics.lines import ContentLine
    from publisher.ics.observances import ZoneDefinition

#: What a calendar is made of, beside time zones.
ENTRIES: Final = ("VEVENT", "VTODO", "VJOURNAL")


@dataclass(frozen=True)
class Surroundings:
    """What a calendar says of all that is in it."""

    #: The VTIMEZONEs, by their TZID; the last one of each.
    zones: Mapping[str, ZoneDefinition] = field(default_factory=dict)
    #: In upper case; nothing without one.
    method: str = ""
    #: Whether it says how often it wants to be asked for again, as only subscriptions do.
    is_feed: bool = False


class Subject:
    """A component that is looked at: properties by their names, moments as values."""

    __slots__ = ("_moments", "by", "component", "name", "surroundings")

    def __init__(self, component: Component, surroundings: Surroundings) -> None:
        self.component, self.surroundings = component, surroundings
        self.name = component.name
        by: dict[str, list[ContentLine]] = {}
        for line in component.lines:
            name = line.name
            if name in by:
                by[name].append(line)
            else:
                by[name] = [line]
        self.by = by
        self._moments: dict[str, date | datetime | None] = {}

    def first(self, name: str) -> ContentLine | None:
        """The first property of this name."""
        lines = self.by.get(name)
        return lines[0] if lines else None

    def value(self, name: str) -> str:
        """The first property's value as it is written; nothing without one."""
        lines = self.by.get(name)
        return lines[0].value if lines else ""

    def moment(self, name: str) -> date | datetime | None:
        """The day or time that the first property of this name tells; nothing if it tells none."""
        if name not in self._moments:
            line = self.first(name)
            self._moments[name] = moment_of(line) if line else None
        return self._moments[name]


def moment_of(line: ContentLine) -> date | datetime | None:
    """The day or time that a property tells; nothing if it tells none."""
    try:
        return moment(line.value)
    except BadValue:
        return None


def tzid(line: ContentLine) -> str:
    """The time zone that a property names; nothing without one."""
    values = line.parameters.get("TZID")
    return values[0] if values else ""


def clock(line: ContentLine, value: date | datetime) -> str:
    """By which clock a value is told: that of a zone, UTC, the reader's (floating), or none (DATE)."""
    if not isinstance(value, datetime):
        return "DATE"
    if value.tzinfo is UTC:
        return "UTC"
    return tzid(line) or "floating"
