"""Dates of an event that differ from the others (RECURRENCE-ID, RFC 5545 section 3.8.4.4).

Each becomes an entry of the record's `changed`. What cannot be one, such as a whole day in an event of
hours, becomes a record of its own, and is no date of the event any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.calendar_import.entries import read_status
from publisher.calendar_import.invitations import cleaned
from publisher.calendar_import.losses import is_bookkeeping
from publisher.calendar_import.places import read_place
from publisher.calendar_import.series import Apart, Changed, sequence, suffix
from publisher.calendar_import.texts import is_seen, line
from publisher.calendar_import.times import Point, Unreadable, is_clear, read_span, written, written_end
from publisher.model.fields import MAX_LINE, MAX_LIST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from publisher.calendar_import.dates import Dates
    from publisher.calendar_import.losses import Losses
    from publisher.calendar_import.series import Series
    from publisher.calendar_import.times import Span
    from publisher.ics.components import Component

#: What a changed date says, or says for itself; and who is invited to it, which no record says.
_COMPARED = frozenset({
    "SUMMARY", "LOCATION", "GEO", "X-APPLE-STRUCTURED-LOCATION", "STATUS", "DTSTART", "DTEND", "DURATION",
    "RECURRENCE-ID", "RRULE", "RDATE", "EXDATE", "ATTENDEE", "ORGANIZER", "CLASS",
})  # fmt: skip


def override(series: Series, dates: Dates, there: set[datetime], named: Mapping[datetime, Component]) -> None:
    """Put the overrides, by the dates that they are about, into a series that has these dates.

    Raises:
        Unreadable: an override has no time, or is about all dates that follow it, for ever.
    """
    gone: set[datetime] = set()
    for local, component in sorted(named.items(), key=lambda item: item[0]):
        if dates.is_without(local):
            _tell(dates, component, "EXDATE takes out the date that it changes: it is left out")
            continue
        span = read_span(component, dates.clock)
        if local not in there and _is_outdated(component, dates.component):
            _tell(dates, component, "it is of an earlier version of its event: it is left out")
            continue
        if local not in there:
            _set_apart(series, dates, local, span, component)
            _tell(dates, component, "it changes no date of its event: it becomes a record of its own")
            continue
        for each, moved in _range(dates, component, local, span, named).items():
            if not _change(series, dates, each, moved, component):
                gone.add(each)
    _take_out(series, dates, there, gone)
    if len(series.changed) > MAX_LIST:
        message = f"expected at most {MAX_LIST} changed dates, got {len(series.changed)}"
        raise Unreadable(dates.component.number, message, "write the event as several records")


def _is_outdated(component: Component, master: Component) -> bool:
    """Whether it is what is left of an earlier rule of its event."""
    return component.first("RRULE") is not None and sequence(component) < sequence(master)


def _range(
    dates: Dates, component: Component, local: datetime, span: Span, named: Mapping[datetime, Component]
) -> dict[datetime, Span]:
    """The dates that an override is about: one, or with THISANDFUTURE all that follow (section 3.2.13)."""
    line = component.first("RECURRENCE-ID")
    if line is None or "THISANDFUTURE" not in line.parameters.get("RANGE", ()):
        return {local: span}
    if not all(rule.is_finite for rule in dates.rules):
        message = "expected a change of one date, got one of all that follow, without end"
        raise Unreadable(component.number, message, "write two records: up to this date, and from it on")
    _tell(dates, component, "it changes all dates that follow: each of them is changed by itself")
    shift = dates.local(span.start) - local
    every = {*dates.extra, *(each for rule in dates.rules for each in dates.by(rule))}
    following = sorted(
        each for each in every if each > local and not dates.is_without(each) and each not in named
    )
    if len(following) > MAX_LIST:
        raise Unreadable(
            component.number, f"more than {MAX_LIST} dates follow the changed one", "write two records"
        )
    return {local: span} | {each: span.moved(dates.stamp(each + shift)) for each in following}


def _change(series: Series, dates: Dates, local: datetime, span: Span, component: Component) -> bool:
    """Make an entry of `changed`; where there can be none, a record of its own."""
    if series.recurrence is None:  # of its one date there is nothing but the override
        series.apart.append(Apart(component, span, ""))
        return False
    occurrence = dates.text(local)
    series.changed = [each for each in series.changed if each.entry["occurrence"] != occurrence]
    entry = _entry(series, dates, local, span)
    if entry is None:
        _set_apart(series, dates, local, span, component)
        _tell(dates, component, "no date of a record can be so: it becomes a record of its own")
        return False
    series.changed.append(Changed(component, entry))
    return True


def _entry(series: Series, dates: Dates, local: datetime, span: Span) -> dict[str, Any] | None:
    """What a record's `changed` says of the time of a date; None if it cannot be said."""
    start, usual = span.start, dates.span.length
    if isinstance(start, Point) != bool(series.zone) or (span.length is None) != (usual is None):
        return None
    points = (each for each in (start, span.end) if isinstance(each, Point))
    if not all(is_clear(point.instant, series.zone) for point in points):
        return None
    entry = {"occurrence": dates.text(local)}
    if written(start, series.zone) != entry["occurrence"] or not dates.is_sound(local):
        entry["start"] = written(start, series.zone)
    if span.length != usual:
        entry["end"] = written_end(span, series.zone) or written(start, series.zone)
    return entry


def _set_apart(series: Series, dates: Dates, local: datetime, span: Span, component: Component) -> None:
    series.apart.append(Apart(component, span, suffix(local, dates.zone)))


def _take_out(series: Series, dates: Dates, there: set[datetime], gone: set[datetime]) -> None:
    """Dates that have become records of their own are none of the event any more."""
    if not gone:
        return
    if series.recurrence and ("rule" in series.recurrence or "every" in series.recurrence):
        taken = {*series.recurrence.get("except", ()), *map(dates.text, sorted(gone))}
        series.recurrence = series.recurrence | {"except": sorted(taken)}
        return
    left = sorted(there - gone)
    if not left:
        series.is_empty = True
        return
    series.span = dates.first_of(left)
    series.recurrence = {"also": [dates.text(local) for local in left[1:]]} if left[1:] else None


def differences(
    master: Component, override: Component, status: str, losses: Losses, *, is_cancelled: bool = False
) -> dict[str, Any]:
    """What an override says of its date beside the time, where its event (of this status) says otherwise."""
    if override is master:
        return {}
    own = "cancelled" if is_cancelled else read_status(override, losses)
    found: dict[str, Any] = {}
    if own != status:
        found["status"] = own or "confirmed"
    title = cleaned(line(override.text("SUMMARY")))
    if is_seen(title) and title != cleaned(line(master.text("SUMMARY"))):
        found["title"] = title[:MAX_LINE]
    place = read_place(override, losses)
    if place and place != read_place(master, losses):
        found["place"] = place
    _tell_others(master, override, losses)
    return found


def _tell_others(master: Component, override: Component, losses: Losses) -> None:
    """Tell of what else is different, which a record has once for all dates."""
    different = [
        name
        for name in dict.fromkeys(each.name for each in override.lines)
        if name not in _COMPARED and not is_bookkeeping(name)
        and [each.value for each in override.all(name)] != [each.value for each in master.all(name)]
    ]  # fmt: skip
    if different:
        message = (
            f"a changed date has its time, title, place and status: {', '.join(different)} of it left out"
        )
        hint = "write it into the event's text if readers need it"
        losses.tell(
            override.number, "import-property-lost", message, hint, about="override", of=override.number
        )


def _tell(dates: Dates, component: Component, message: str) -> None:
    line = component.first("RECURRENCE-ID")
    number = line.number if line else component.number
    dates.clock.losses.tell(number, "import-recurrence", message, about="override", of=component.number)
