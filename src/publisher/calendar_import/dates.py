"""The dates of an event of a calendar: what DTSTART, RRULE, RDATE, EXDATE and EXRULE say (RFC 5545, 3.8.5).

All of them are in the local time in which the event repeats, midnight standing for a whole day: that of
the zone as its calendar means it. Records have the local time of an IANA zone, which may be another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING

from publisher.calendar_import import rules
from publisher.calendar_import.expansion import Expander
from publisher.calendar_import.times import Point, Span, Unreadable, is_clear, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publisher.calendar_import.rules import ReadRule
    from publisher.calendar_import.times import Clock, Stamp
    from publisher.ics.components import Component
    from publisher.ics.lines import ContentLine

#: More dates than this are not listed one by one.
MOST_LISTED = 366
#: So many dates of a rule are compared with the calendar's own rules of its zone.
MOST_COMPARED = 400


@dataclass
class Dates:
    """One event's dates, and how they are written in its record."""

    component: Component
    span: Span
    clock: Clock
    expander: Expander
    rules: list[ReadRule] = field(default_factory=list)
    #: RDATE: dates beside the rules, with their own spans where they have one.
    extra: dict[datetime, Span | None] = field(default_factory=dict)
    #: EXDATE; whole days of an event with a time of day take all that begins on them.
    without: set[datetime] = field(default_factory=set)
    without_days: set[date] = field(default_factory=set)

    def __post_init__(self) -> None:
        start = self.span.start
        #: Where the event repeats: in UTC for times in UTC (section 3.3.10), empty for whole days.
        self.zone = start.zone if isinstance(start, Point) else ""
        #: By whose clocks it repeats; none for whole days.
        self.clocks = start.clocks if isinstance(start, Point) else None
        #: The zone of the record's local times, where dates are not written in those of the event itself.
        self.out: str | None = None
        self.start = self.local(start)
        self._read()

    def _read(self) -> None:
        # Some say the same rule twice, some none at all.
        written = {
            line.value.strip(): line for line in reversed(self.component.all("RRULE")) if line.value.strip()
        }
        self.rules = [rules.read(line, self.clocks) for line in written.values()]
        for _, stamp in self._stamps("RDATE"):
            span = stamp if isinstance(stamp, Span) else None
            self.extra[self.local(stamp.start if isinstance(stamp, Span) else stamp)] = span
        for _, stamp in self._stamps("EXDATE"):
            if self.zone and isinstance(stamp, date):
                self.without_days.add(stamp)
            elif not isinstance(stamp, Span):
                self.without.add(self.local(stamp))

    def _stamps(self, name: str) -> Iterator[tuple[ContentLine, Stamp | Span]]:
        for line in self.component.all(name):
            for stamp in self.clock.stamps(line, self.component.number):
                yield line, stamp

    # From the calendar's times to local ones, and back

    def local(self, stamp: Stamp) -> datetime:
        """A time of the calendar in the local time of the event."""
        if not isinstance(stamp, Point):
            return datetime.combine(stamp, time())
        clocks = self.clocks or stamp.clocks
        local = clocks.local(stamp.instant)
        return local if self.clocks else datetime.combine(local.date(), time())

    def original(self, override: Component) -> datetime:
        """The start that the date of an override would have had; a day alone has the event's time of day."""
        line = override.first("RECURRENCE-ID")
        assert line is not None  # noqa: S101 -- it is an override
        stamp = self.clock.stamp(line, override.number)
        if self.zone and not isinstance(stamp, Point):
            return datetime.combine(stamp, self.start.time())
        return self.local(stamp)

    def instant(self, local: datetime) -> datetime:
        """The instant of a local time of the event, by the calendar's own rules where they count."""
        return self.clocks.instant(local) if self.clocks else local.replace(tzinfo=UTC)

    def stamp(self, local: datetime) -> Stamp:
        """A local time as one of the calendar's."""
        return Point(self.instant(local), self.zone) if self.zone else local.date()

    def text(self, local: datetime) -> str:
        """A date of the event as its record names it."""
        if self.out is not None:
            return written(self.stamp(local), self.out)
        return f"{local:%Y-%m-%d %H:%M}" if self.zone else f"{local:%Y-%m-%d}"

    def texts(self, dates: Iterable[datetime], start: datetime) -> list[str]:
        """Dates in order; of those with the time of day of the start the day alone."""
        return [
            f"{each:%Y-%m-%d}" if each.time() == start.time() else self.text(each) for each in sorted(dates)
        ]

    # What is a date

    @property
    def repeats(self) -> bool:
        """Whether anything but its start is said of the event's dates."""
        return bool(self.rules or self.extra or self.without or self.without_days)

    def is_without(self, local: datetime) -> bool:
        """Whether EXDATE takes a date out."""
        return local in self.without or local.date() in self.without_days

    def is_sound(self, local: datetime) -> bool:
        """Whether a record can have this local time."""
        return not self.zone or is_clear(self.instant(local), self.out or self.zone)

    def by(self, rule: ReadRule) -> Iterator[datetime]:
        """The dates that a rule gives."""
        return self.expander.dates(rule.parts, self.start, rule.until)

    def on_days_of(self, named: Iterable[datetime], rule: ReadRule) -> set[datetime]:
        """The dates of the rule on these days, and on those that EXDATE takes out."""
        days = {local.date() for local in named} | self.without_days
        last = max(days, default=date.min)
        found: set[datetime] = set()
        for local in self.by(rule):
            if local.date() > last:
                break
            if local.date() in days:
                found.add(local)
        return found

    def all(self) -> list[datetime]:
        """Every date, in order.

        Raises:
            Unreadable: they are too many for a list.
        """
        found = {self.start, *self.extra} if self._starts_itself() else set(self.extra)
        for rule in self.rules:
            self._gather(found, rule)
        for line in self.component.all("EXRULE"):
            last = max(found, default=self.start)
            for local in self.by(rules.read(line, self.clocks)):
                if local > last:
                    break
                found.discard(local)
        return sorted(local for local in found if not self.is_without(local))

    def first_of(self, there: Sequence[datetime]) -> Span:
        """When an event of these dates takes place first; its only date has a length of its own."""
        own = self.extra.get(there[0]) if len(there) == 1 else None
        return own or self.span.moved(self.stamp(there[0]))

    def _gather(self, found: set[datetime], rule: ReadRule) -> None:
        if not rule.is_finite:
            message = "the event repeats without end in a way that records do not have"
            hint = "write the event as a record yourself, with a rule that records have"
            raise Unreadable(rule.line.number, message, hint)
        for local in self.by(rule):
            if not self.is_without(local):
                found.add(local)
            if len(found) > MOST_LISTED:
                message = (
                    f"the event repeats in a way that records do not have, on more than {MOST_LISTED} dates"
                )
                raise Unreadable(rule.line.number, message, "write the event as records yourself")

    def _starts_itself(self) -> bool:
        """Whether DTSTART is a date: not if every rule ended before it."""
        return not self.rules or any(rule.until is None or rule.until >= self.start for rule in self.rules)

    def tell_outdated(self) -> None:
        """Tell of the first date that the calendar's own rules of a zone put at another time, if one is."""
        clocks = self.clocks
        if clocks is None or clocks.stale is None or not clocks.outdated:
            return
        expander = Expander(MOST_COMPARED + 1)
        for rule in self.rules:
            for local in islice(expander.dates(rule.parts, self.start, rule.until), MOST_COMPARED):
                theirs, ours = clocks.stale.instant(local), clocks.instant(local)
                if theirs != ours and not self.is_without(local):
                    number, of = rule.line.number, self.component.number
                    self.clock.tell_outdated(local, clocks.name, (theirs, ours), number, of)
                    return

    def tell(self, message: str, about: str) -> None:
        """Tell of a date or rule that is kept otherwise than it stands in the calendar."""
        lines = (self.component.first(name) for name in ("RRULE", "RDATE", "DTSTART"))
        number = next((line.number for line in lines if line), self.component.number)
        self.clock.losses.tell(number, "import-recurrence", message, about=about, of=self.component.number)
