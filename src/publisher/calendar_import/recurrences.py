"""How an event of a calendar repeats, in the words of records: by a rule, or by a list of its dates."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from publisher.calendar_import import rules
from publisher.calendar_import.dates import MOST_COMPARED, Dates
from publisher.calendar_import.expansion import Unexpandable
from publisher.calendar_import.overrides import override
from publisher.calendar_import.series import Apart, Changed, Series, sequence, suffix
from publisher.calendar_import.times import (
    Point,
    Unreadable,
    clear_zone,
    is_clear,
    local_in,
    read_span,
    written_end,
)
from publisher.calendar_import.zones import ReadZone, agree
from publisher.model.clock_changes import unclear_times
from publisher.model.fields import MAX_COUNT, MAX_LIST
from publisher.model.when import LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from publisher.calendar_import.expansion import Expander
    from publisher.calendar_import.observances import Observances
    from publisher.calendar_import.times import Clock, Span
    from publisher.ics.components import Component

_REPEATING = ("RRULE", "RDATE", "EXDATE", "EXRULE")
#: So many dates at a time that clocks show twice become records of their own.
_MOST_UNCLEAR = 12
#: For so many years a zone must be as the calendar has it, where a rule never ends.
_YEARS_AHEAD = 10


def read_series(
    master: Component, overrides: Sequence[Component], clock: Clock, expander: Expander, display: str
) -> Series:
    """An event with its overrides; `display` is the zone in which people read times that are given in UTC.

    Raises:
        Unreadable: it has no time, or repeats in a way that records cannot have, and too often for a list.
    """
    span = read_span(master, clock)
    if not overrides and not any(master.first(name) for name in _REPEATING):
        return once(master, span, clock, display)
    try:
        dates = Dates(master, span, clock, expander)
        named = _latest(dates, overrides)
        series, there = _ruled(dates, named) or _listed(dates, display)
        override(series, dates, there, named)
        dates.tell_outdated()
    except Unexpandable as error:
        line = master.first("RRULE") or master.first("EXRULE")
        hint = "correct the rule, or write the event as a record yourself"
        raise Unreadable(line.number if line else master.number, str(error), hint) from None
    return series


def once(component: Component, span: Span, clock: Clock, display: str) -> Series:
    """An event that takes place once: its instants stay, whatever zone can say them."""
    points = [each for each in (span.start, span.end) if isinstance(each, Point)]
    if not points:
        return Series(component, span, "")
    wanted = display if points[0].in_utc else points[0].zone
    zone = clear_zone(points, wanted)
    if zone != wanted:
        _tell_utc(component, wanted, clock)
    return Series(component, span, zone)


def _tell_utc(component: Component, wanted: str, clock: Clock) -> None:
    line = component.first("DTSTART")
    number = line.number if line else component.number
    message = f"the clocks in {wanted} show a time of it twice, or skip it: it is told in UTC"
    clock.losses.tell(number, "import-time-zone", message, about="utc", of=component.number)


def _latest(dates: Dates, overrides: Sequence[Component]) -> dict[datetime, Component]:
    """The overrides by the date that they are about; the last version of each."""
    found: dict[datetime, Component] = {}
    for each in overrides:
        local = dates.original(each)
        if local not in found or sequence(found[local]) < sequence(each):
            found[local] = each
    return found


# By a rule


def _ruled(dates: Dates, named: Iterable[datetime]) -> tuple[Series, set[datetime]] | None:
    """The event by its rule, with all of its dates on the days that are named; None if it must be listed."""
    if len(dates.rules) != 1 or dates.component.first("EXRULE") or not _start_is_sound(dates):
        return None
    rule = dates.rules[0]
    first = next(dates.by(rule), None)
    recurrence = None if first is None else rules.as_recurrence(rule, first, dates.expander)
    if first is None or recurrence is None or (first != dates.start and rule.is_finite):
        return None
    also = {local for local in dates.extra if local > first and dates.is_sound(local)}
    unclear = set(unclear_times(dates.zone, first.time(), first.date())) if dates.zone else set()
    there = dates.on_days_of([first, *named, *dates.without, *also, *unclear], rule) | also
    twice = _shown_twice(dates, unclear & there - set(named))
    gone = twice | {local for local in there if dates.is_without(local)}
    if max(len(gone), len(also)) > MAX_LIST:
        return None
    span = dates.span if first == dates.start else dates.span.moved(dates.stamp(first))
    series = Series(dates.component, span, dates.zone, recurrence)
    for name, listed in (("except", gone), ("also", also)):
        recurrence |= {name: dates.texts(listed, first)} if listed else {}
    _keep_lengths(series, dates, also - gone)
    _move_on(series, dates, unclear & there - gone - set(named))
    _set_apart(series, dates, ({dates.start, *dates.extra} - there) | twice)
    return series, there - gone


def _shown_twice(dates: Dates, unclear: set[datetime]) -> set[datetime]:
    """Of dates at unclear times those that clocks show twice: no record can say which of the two it is."""
    twice = {
        local for local in unclear if not dates.is_without(local) and _after_the_clocks(dates, local) == local
    }
    if len(twice) > _MOST_UNCLEAR:
        message = f"the clocks in {dates.zone} show its time of day twice in {len(twice)} nights"
        raise Unreadable(dates.component.number, message, "let it begin an hour earlier or later")
    return twice


def _after_the_clocks(dates: Dates, local: datetime) -> datetime:
    """What clocks show at a date's instant: a later time than the date's own, where that is skipped."""
    return local_in(dates.instant(local), dates.zone)


def _move_on(series: Series, dates: Dates, skipped: Iterable[datetime]) -> None:
    """Dates at times that the clocks skip take place when these times would be (RFC 5545 section 3.3.5)."""
    for local in sorted(skipped):
        start = f"{_after_the_clocks(dates, local):%Y-%m-%d %H:%M}"
        series.changed.append(Changed(dates.component, {"occurrence": dates.text(local), "start": start}))
        dates.tell(
            f"the clocks in {dates.zone} skip {local:%Y-%m-%d %H:%M}: there it is {start[11:]}", f"{local}"
        )


def _start_is_sound(dates: Dates) -> bool:
    """Whether the first date can be written, and the zone is as the calendar has it while the rule runs."""
    start, end = dates.span.start, dates.span.end
    if not isinstance(start, Point):
        return True
    if not all(is_clear(point.instant, dates.zone) for point in (start, end) if isinstance(point, Point)):
        return False
    return start.clocks.own is None or _zone_is_sound(dates, start.clocks.own)


def _zone_is_sound(dates: Dates, own: Observances) -> bool:
    """Whether each date is the same instant by the calendar's own rules and by those of the record's zone."""
    rule, known = dates.rules[0], ReadZone(dates.zone)
    most = MAX_COUNT if rule.is_finite else MOST_COMPARED
    compared = list(islice(dates.by(rule), most))
    if any(own.instant(local) != known.instant(local) for local in [*dates.extra, *compared]):
        return False
    last = min(rule.until.year if rule.until else LAST_YEAR, dates.start.year + _YEARS_AHEAD)
    return len(compared) < most or agree(dates.zone, own, (dates.start.year, last))


def _keep_lengths(series: Series, dates: Dates, there: Iterable[datetime]) -> None:
    """Dates with a length of their own (VALUE=PERIOD) are changed ones."""
    for local in sorted(there):
        span = (dates.extra.get(local) or dates.span).moved(dates.stamp(local))
        if span.length != series.span.length:
            entry = {"occurrence": dates.text(local), "end": written_end(span, series.zone)}
            series.changed.append(Changed(dates.component, entry))


def _set_apart(series: Series, dates: Dates, others: Iterable[datetime]) -> None:
    """Dates that the record cannot have: before its first one, or where the clocks change."""
    for local in sorted(others):
        if not dates.is_without(local):
            span = dates.extra.get(local) or dates.span.moved(dates.stamp(local))
            series.apart.append(Apart(dates.component, span, suffix(local, dates.zone)))
            dates.tell(
                f"{local:%Y-%m-%d} is no date of the event's rule: it becomes a record of its own", f"{local}"
            )


# By a list


def _listed(dates: Dates, display: str) -> tuple[Series, set[datetime]]:
    """The event as a list of its dates, told in a zone in which each of them is clear."""
    there = dates.all()
    if not there:
        return Series(dates.component, dates.span, dates.zone, is_empty=True), set()
    if dates.rules:
        dates.tell(f"records have no such rule: its {len(there)} dates are listed one by one", "rule")
    series = Series(dates.component, dates.first_of(there), _zone_of_list(dates, there, display))
    if len(there) > 1:
        series.recurrence = {"also": [dates.text(local) for local in there[1:]]}
        _keep_lengths(series, dates, there)
    return series, set(there)


def _zone_of_list(dates: Dates, there: Sequence[datetime], display: str) -> str:
    start = dates.span.start
    if not isinstance(start, Point):
        return ""
    points = [Point(dates.instant(local), dates.zone) for local in there]
    ends = [each.end for each in (dates.span.moved(point) for point in points)]
    wanted = display if start.in_utc else dates.zone
    dates.out = clear_zone([*points, *(end for end in ends if isinstance(end, Point))], wanted)
    if dates.out != wanted:
        _tell_utc(dates.component, wanted, dates.clock)
    return dates.out
