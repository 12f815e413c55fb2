"""When an entry of a calendar takes place: its own time and zone, the instant, both as records have them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeAlias

from publisher import zones as tz
from publisher.calendar_import.zones import ReadZone
from publisher.diagnostics import quoted
from publisher.ics.values import BadValue, duration, moment, period
from publisher.model.when import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from publisher.calendar_import.losses import Losses
    from publisher.calendar_import.zones import Zones
    from publisher.ics.components import Component
    from publisher.ics.lines import ContentLine

_DAY = timedelta(days=1)
_NO_TIME = timedelta()
_HALF_A_MINUTE = timedelta(seconds=30)


class Unreadable(Exception):
    """Something for whose sake an entry cannot become a record."""

    def __init__(self, line: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.line, self.hint = line, hint


@dataclass(frozen=True, slots=True)
class Point:
    """A minute: as it stands in the calendar, and which instant that is."""

    instant: datetime
    zone: str
    #: Whether the calendar gives it in UTC: then people read it in another zone.
    in_utc: bool = False
    #: The zone as the calendar means it, by whose clocks an event goes on from there.
    read_by: ReadZone | None = None

    @property
    def clocks(self) -> ReadZone:
        """The zone by whose clocks an event goes on from there."""
        return self.read_by or ReadZone(self.zone)


Stamp: TypeAlias = date | Point


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when: whole days, both inclusive, or minutes, perhaps without an end."""

    start: Stamp
    end: Stamp | None

    @property
    def first(self) -> date:
        """The day on which it begins; in UTC for minutes."""
        return self.start.instant.date() if isinstance(self.start, Point) else self.start

    @property
    def length(self) -> timedelta | None:
        """How long it lasts; None without an end."""
        if isinstance(self.start, Point):
            return self.end.instant - self.start.instant if isinstance(self.end, Point) else None
        return self.end - self.start if isinstance(self.end, date) else _NO_TIME

    def moved(self, start: Stamp) -> Span:
        """The same length from another start on."""
        if isinstance(start, Point):
            end = Point(start.instant + self.length, start.zone) if self.length is not None else None
            return Span(start, end)
        return Span(start, start + (self.length or _NO_TIME))


@dataclass(frozen=True)
class Clock:
    """Reads the times of one calendar."""

    zones: Zones
    #: Where floating times are: the calendar's X-WR-TIMEZONE, else the site's zone.
    floating: str
    losses: Losses

    def stamps(self, line: ContentLine, of: int) -> list[Stamp | Span]:
        """All values of a line, in their order; periods as spans.

        Raises:
            Unreadable: one of them is no time, or in a year that records do not have.
        """
        try:
            return [self._value(each.strip(), line, of) for each in line.value.split(",") if each.strip()]
        except BadValue as error:
            raise Unreadable(line.number, str(error), error.hint) from None

    def stamp(self, line: ContentLine, of: int) -> Stamp:
        """The only value of a line."""
        found = self.stamps(line, of)
        if len(found) != 1 or isinstance(found[0], Span):
            raise Unreadable(line.number, f"expected one time in {line.name}, got {quoted(line.value)}")
        return found[0]

    def _value(self, text: str, line: ContentLine, of: int) -> Stamp | Span:
        if "/" not in text:
            return self._stamp(moment(text), line, of)
        found = period(text)
        start = self._stamp(found.start, line, of)
        assert isinstance(start, Point)  # noqa: S101 -- periods are of times
        end = self._stamp(found.end, line, of) if found.end else None
        if isinstance(end, Point):
            return Span(start, end)
        return Span(start, Point(start.instant + (found.length or _NO_TIME), start.zone))

    def _stamp(self, value: date | datetime, line: ContentLine, of: int) -> Stamp:
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            hint = "correct the year, or leave the event out"
            message = f"expected a year from {FIRST_YEAR} to {LAST_YEAR}, got {quoted(line.value)}"
            raise Unreadable(line.number, message, hint)
        if not isinstance(value, datetime):
            return value
        if line.parameters.get("VALUE", ("",))[0].upper() == "DATE":
            return value.date()
        return self._point(self._rounded(value, line, of), line, of)

    def _rounded(self, value: datetime, line: ContentLine, of: int) -> datetime:
        if not value.second:
            return value
        minute = (value + _HALF_A_MINUTE).replace(second=0)
        message = f"records have minutes: {value:%H:%M:%S} becomes {minute:%H:%M}"
        self.losses.tell(line.number, "import-time-changed", message, about=line.name, of=of)
        return minute

    def _point(self, value: datetime, line: ContentLine, of: int) -> Point:
        if value.tzinfo is not None:
            return Point(value, "UTC", in_utc=True)
        tzid = line.parameters.get("TZID", ("",))[0].strip()
        if not tzid:
            self.losses.count("import-floating-time", line.number)
            return Point(value.replace(tzinfo=tz.zone(self.floating)).astimezone(UTC), self.floating)
        found = self.zones.find(tzid)
        instant = found.instant(value)
        if not found.own and (shown := local_in(instant, found.name)) != value:
            message = f"the clocks in {found.name} skip {value:%Y-%m-%d %H:%M}: it is {shown:%H:%M} there"
            self.losses.tell(line.number, "import-time-zone", message, about="skipped", of=of)
        if found.is_guess:
            self._guessed(tzid, found, line, of)
        elif line.name != "EXDATE" and found.stale and (other := found.stale.instant(value)) != instant:
            self.tell_outdated(value, found.name, (other, instant), line.number, of)
        return Point(instant, found.name, read_by=found)

    def _guessed(self, tzid: str, found: ReadZone, line: ContentLine, of: int) -> None:
        message = f"unknown time zone {quoted(tzid)}: its times are read as those of {found.name}"
        hint = "correct 'timezone' if they are not; until then the record is a draft"
        self.losses.tell(line.number, "import-unknown-time-zone", message, hint, about="zone", of=of)

    def tell_outdated(
        self, local: datetime, zone: str, instants: tuple[datetime, datetime], number: int, of: int
    ) -> None:
        """Tell of the first time of an event that the calendar's own rules and IANA's put differently."""
        theirs, ours = instants
        message = (
            f"the calendar's own rules of {zone} put {local:%Y-%m-%d %H:%M} at {theirs:%H:%M} UTC; "
            f"by those that hold there it is {ours:%H:%M} UTC, which is kept"
        )
        hint = "compare the local time with its source"
        self.losses.tell(number, "import-time-zone", message, hint, about="stale", of=of)


def is_guessed(span: Span) -> bool:
    """Whether the zone of a span is a guess."""
    return any(
        isinstance(each, Point) and each.read_by and each.read_by.is_guess for each in (span.start, span.end)
    )


def read_span(component: Component, clock: Clock) -> Span:
    """When an entry takes place: DTSTART, and DTEND or DURATION (RFC 5545 section 3.6.1).

    Raises:
        Unreadable: it does not begin, or not at a time.
    """
    line = component.first("DTSTART")
    if line is None:
        hint = "add DTSTART, or leave it out"
        raise Unreadable(component.number, "expected DTSTART in the event, got none", hint)
    start = clock.stamp(line, component.number)
    ending = component.first("DTEND") or component.first("DURATION")
    if ending is None or not ending.value.strip():
        return Span(start, None if isinstance(start, Point) else start)
    end = _length_after(start, ending) if ending.name == "DURATION" else clock.stamp(ending, component.number)
    if isinstance(start, Point):
        return Span(start, _end(start, end, ending, component.number, clock))
    return Span(start, _last(start, end, ending, component.number, clock))


def _length_after(start: Stamp, line: ContentLine) -> Stamp:
    """The end that a DURATION leads to: its days by the calendar, the rest by the clock (section 3.3.6)."""
    try:
        length = duration(line.value.strip())
        if not isinstance(start, Point):
            return start + timedelta(days=-(-length // _DAY))
        local = start.clocks.local(start.instant) + timedelta(days=length.days)
        begin = start.clocks.instant(local)
        return Point(begin + timedelta(seconds=length.seconds), start.zone)
    except BadValue as error:
        raise Unreadable(line.number, str(error), error.hint) from None
    except OverflowError:
        raise Unreadable(line.number, "expected a length that a calendar has room for") from None


def _end(start: Point, end: Stamp, line: ContentLine, of: int, clock: Clock) -> Point | None:
    """The end of a timed entry: none if it is where it begins."""
    if not isinstance(end, Point):
        midnight = start.clocks.instant(datetime.combine(end, time()))
        message = f"the event begins at a time and ends on a day: it ends as {end} begins"
        clock.losses.tell(line.number, "import-time-changed", message, about=line.name, of=of)
        end = Point(midnight, start.zone)
    if end.instant < start.instant:
        _backwards(line, of, clock)
    if end.instant.year > LAST_YEAR:
        raise Unreadable(line.number, f"expected an end before {LAST_YEAR + 1}, got {quoted(line.value)}")
    return end if end.instant > start.instant else None


def _last(start: date, end: Stamp, line: ContentLine, of: int, clock: Clock) -> date:
    """The last day: DTEND is the day after it; many write the same day (RFC 5545 section 3.6.1)."""
    if isinstance(end, Point):
        local = local_in(end.instant, end.zone)
        message = f"the event begins on a day and ends at a time: {local:%H:%M} is left out"
        clock.losses.tell(line.number, "import-time-changed", message, about=line.name, of=of)
        end = local.date() + (_DAY if local.time() != time() else _NO_TIME)
    if end < start:
        _backwards(line, of, clock)
    if end.year > LAST_YEAR:
        raise Unreadable(line.number, f"expected an end before {LAST_YEAR + 1}, got {quoted(line.value)}")
    return max(start, end - _DAY)


def _backwards(line: ContentLine, of: int, clock: Clock) -> None:
    message = f"the event ends before it begins: {line.name} is left out"
    clock.losses.tell(
        line.number, "import-time-changed", message, "look up when it ends", about=line.name, of=of
    )


def local_in(instant: datetime, zone: str) -> datetime:
    """The local time of an instant, without its offset."""
    return instant.astimezone(tz.zone(zone)).replace(tzinfo=None)


def is_clear(instant: datetime, zone: str) -> bool:
    """Whether the local time of an instant says which instant it is: records have no other way to say it."""
    try:
        return tz.instant(local_in(instant, zone), tz.zone(zone)) == instant
    except tz.UnclearTime:
        return False


def clear_zone(points: list[Point], *preferred: str) -> str:
    """The first of these zones in which every one of the points is clear; UTC always is."""
    return next((name for name in preferred if all(is_clear(point.instant, name) for point in points)), "UTC")


def written(stamp: Stamp, zone: str) -> str:
    """A day or a local time as records have it."""
    return f"{local_in(stamp.instant, zone):%Y-%m-%d %H:%M}" if isinstance(stamp, Point) else f"{stamp}"


def written_end(span: Span, zone: str) -> str | None:
    """An end as records have it: a time alone on the same day; None where nothing needs to be said."""
    if span.end is None or not isinstance(span.start, Point):
        return None if span.end in {None, span.start} else str(span.end)
    day, end = written(span.start, zone)[:10], written(span.end, zone)
    return end[11:] if end.startswith(day) and end[11:] > written(span.start, zone)[11:] else end
