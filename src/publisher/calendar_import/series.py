"""An event of a calendar with all of its dates, on its way to a record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.calendar_import.times import Span
    from publisher.ics.components import Component


@dataclass(frozen=True)
class Changed:
    """A date that differs: what a record's `changed` says of its time; the override says the rest."""

    component: Component
    entry: dict[str, Any]


@dataclass(frozen=True)
class Apart:
    """A date that becomes a record of its own."""

    component: Component
    span: Span
    suffix: str


@dataclass
class Series:
    """An event, and all of its dates."""

    component: Component
    span: Span
    #: The zone of a record's local times; empty for whole days.
    zone: str
    #: A rule with its exceptions, or a list of dates; None for an event that does not repeat.
    recurrence: dict[str, Any] | None = None
    changed: list[Changed] = field(default_factory=list)
    apart: list[Apart] = field(default_factory=list)
    #: Whether no date is left of the event itself.
    is_empty: bool = False


def sequence(component: Component) -> int:
    """Which version of an entry it is (RFC 5545 section 3.8.7.4); -1 where nothing is said."""
    value = component.text("SEQUENCE").strip()
    return int(value) if value.isdigit() and len(value) < 10 else -1  # noqa: PLR2004 -- digits


def suffix(local: datetime, zone: str) -> str:
    """What tells the record of one date from the others of its event."""
    return f"{local:%Y-%m-%d-%H%M}" if zone else f"{local:%Y-%m-%d}"
