"""A calendar's own definition of a time zone: the offsets that a VTIMEZONE gives (RFC 5545 section 3.6.5)."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from publisher.calendar_import.expansion import Expander, Unexpandable
from publisher.ics.values import BadValue, Period, moment, moments, rule, utc_offset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.ics.components import Component

#: No zone has ever changed its clocks so often.
_MOST_ONSETS = 1_000


@dataclass(frozen=True, slots=True, order=True)
class Onset:
    """When clocks change: the local time that they show then, and the offsets before and after."""

    local: datetime
    before: timedelta
    after: timedelta

    @property
    def settled(self) -> datetime:
        """From which local time on the new offset counts: in a gap and in a fold the old one does (3.3.5)."""
        return max(self.local, self.local - self.before + self.after)


@dataclass(frozen=True)
class Observances:
    """All changes of a zone's clocks that its VTIMEZONE gives, in order; there is at least one."""

    onsets: tuple[Onset, ...]

    def instant(self, local: datetime) -> datetime:
        """The UTC instant of a local time."""
        return (local - self.offset(local)).replace(tzinfo=UTC)

    def local(self, instant: datetime) -> datetime:
        """The local time that clocks show at an instant, without its offset."""
        utc = instant.astimezone(UTC).replace(tzinfo=None)
        index = bisect_right(self.onsets, utc, key=lambda onset: onset.local - onset.before)
        return utc + (self.onsets[index - 1].after if index else self.onsets[0].before)

    def offset(self, local: datetime) -> timedelta:
        """The offset that a local time has; before the first change, the one that was left then."""
        index = bisect_right(self.onsets, local, key=lambda onset: onset.settled)
        return self.onsets[index - 1].after if index else self.onsets[0].before


def read_observances(vtimezone: Component, last_year: int) -> Observances | None:
    """What a VTIMEZONE says, up to a year; None if it says nothing that can be read."""
    expander = Expander()
    found: list[Onset] = []
    for observance in vtimezone.children:
        if observance.name in {"STANDARD", "DAYLIGHT"}:
            try:
                found += _onsets(observance, last_year, expander)
            except (BadValue, Unexpandable, OverflowError):
                return None
    return Observances(tuple(sorted(found))) if found else None


def _onsets(observance: Component, last_year: int, expander: Expander) -> Iterator[Onset]:
    before, after = (utc_offset(observance.text(name)) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
    for local in sorted(_locals(observance, before, last_year, expander)):
        yield Onset(local, before, after)


def _locals(observance: Component, before: timedelta, last_year: int, expander: Expander) -> set[datetime]:
    start = _naive(moment(observance.text("DTSTART")), before)
    found = {start}
    for line in observance.all("RDATE"):
        found |= {_naive(each, before) for each in moments(line) if not isinstance(each, Period)}
    for line in observance.all("RRULE"):
        parts = rule(line.value)
        if parts.get("FREQ") != "YEARLY":
            raise Unexpandable("expected a yearly rule")
        until = _naive(moment(parts["UNTIL"]), before) if "UNTIL" in parts else None
        dates = takewhile(lambda local: local.year <= last_year, expander.dates(parts, start, until))
        found |= set(islice(dates, _MOST_ONSETS))
    return found


def _naive(written: object, before: timedelta) -> datetime:
    """A point of an observance in the local time before the change; UNTIL is in UTC."""
    if not isinstance(written, datetime):
        raise BadValue("expected a local time")
    return written if written.tzinfo is None else (written + before).replace(tzinfo=None)
