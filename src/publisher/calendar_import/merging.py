"""Decides what becomes of each field when a calendar is imported again.

Three sides are known of a field: what the calendar said last (by its hash, in
the record's `imported`), what the record says now, what the calendar says now.

    record as imported, calendar changed    -> the calendar's value is taken
    record changed, calendar as imported    -> the curator's value stays
    both changed, alike                     -> nothing to do
    both changed, differently               -> the curator's value stays, and it is told

When an event is counts as one field: a start of the calendar's with an end of
the curator's would be a time that nobody has stated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from publisher.calendar_import.traces import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from publisher.calendar_import.traces import Plain

#: Fields that hold only together.
TIME = ("start", "end", "reported", "timezone", "recurrence")


@dataclass(frozen=True)
class Merge:
    """What is to be done with the fields of a record."""

    #: Fields that take the calendar's value, or leave with it.
    take: tuple[str, ...] = ()
    #: Fields that stay as the curator has them, while the calendar says something else.
    kept: tuple[str, ...] = ()
    #: Those of them that the calendar has changed too since the last import.
    contested: tuple[str, ...] = ()
    #: For each field the hash of what the calendar says now.
    said: Mapping[str, str] = field(default_factory=dict)


def merge(said: Mapping[str, str], now: Mapping[str, Plain], calendar: Mapping[str, Plain]) -> Merge:
    """Compare the three sides, field by field.

    `said` are the hashes of the last import; `now` is what the record says,
    `calendar` what the calendar does, both without fields that say nothing.
    """
    news = {name: digest(value) for name, value in calendar.items()}
    mine = {name: digest(value) for name, value in now.items()}
    take: list[str] = []
    kept: list[str] = []
    contested: list[str] = []
    for group in _groups([*said, *news]):
        base, here, there = ([side.get(name) for name in group] for side in (said, mine, news))
        if here == there:
            continue
        differing = [name for name in group if mine.get(name) != news.get(name)]
        if here == base:
            take += differing
            continue
        kept += differing
        if there != base:
            contested += [name for name in differing if news.get(name) != said.get(name)] or differing
    return Merge(tuple(take), tuple(kept), tuple(contested), news)


def _groups(names: Iterable[str]) -> list[tuple[str, ...]]:
    """The fields in order, each once; those of the time together."""
    unique = dict.fromkeys(names)
    timed = [TIME] if any(name in TIME for name in unique) else []
    return [*timed, *((name,) for name in unique if name not in TIME)]
