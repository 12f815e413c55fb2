"""One VEVENT for each public item: an event, a session, a deadline, a changed occurrence.

And one for each date of a recurring event while which clocks are changed: it is its series' own in all but
its times, which programs would work out differently (`vevent_time`).

Only data decides the bytes: no UID is random, no stamp is now. DTSTAMP and
LAST-MODIFIED are the instant at which this language's text last changed,
SEQUENCE is the ledger's revision (RFC 5545 sections 3.8.7.2 to 3.8.7.4).
All that a VEVENT says must be covered by what the ledger takes for the text
(`edition/views.py`), else its bytes would change and its stamps would not.

What stands where: times in `vevent_time`, whereabouts in `vevent_places`, texts in
`vevent_texts`, the rest in `vevent_extras`; only this module knows icalendar.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from icalendar import Event as VEvent
from icalendar import vRecur, vText
from icalendar.prop import vInline

from publisher.model.ledger import DEADLINE
from publisher.model.records import Status
from publisher.model.when import Days, Hours
from publisher.render import names
from publisher.render.vevent_changes import change_notes, with_status
from publisher.render.vevent_extras import categories, contact, files, parent, picture, relatives
from publisher.render.vevent_places import conference, whereabouts
from publisher.render.vevent_texts import deadline_description, event_description, session_description
from publisher.render.vevent_time import (
    by_rule,
    repetition,
    series_times,
    times,
    told_apart,
    transparency,
)
from publisher.render.vevent_view import OFF, EventView, Property

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from publisher.model.edition import Edition, Part, PublishedEvent
    from publisher.model.when import Time
    from publisher.render.words import Words

__all__ = ["change_notes", "event_components", "part_component", "with_status"]

#: RFC 5545 section 3.8.1.11 knows three for events; a postponed one is off until its new day is known.
_STATUS = {
    Status.CONFIRMED: "CONFIRMED",
    Status.TENTATIVE: "TENTATIVE",
    Status.CANCELLED: "CANCELLED",
    Status.POSTPONED: "CANCELLED",
    Status.WITHDRAWN: "CANCELLED",
}


def event_components(edition: Edition, words: Words, event: PublishedEvent) -> Iterator[VEvent]:
    """The event, and its changed occurrences as overrides of it; nothing if its day was never known."""
    time = event.entry_time
    if time is None:
        return
    view = EventView(edition, words, event)
    yield _whole(view, time, _series_times(event) if event.recurrence else times(time))
    if event.recurrence:
        for part in event.occurrences:
            yield _occurrence(view, part)
        for local in told_apart(event.recurrence, {part.original for part in event.occurrences}):
            yield _whole(view, time, _date_times(event, local))


def _whole(view: EventView, time: Time, when: Iterable[Property]) -> VEvent:
    """The event at some time: all that it says besides is the same."""
    status = view.event.entry_status
    return _component(
        _identity(view, view.event),
        when,
        _title(view, view.record.title, status),
        _state(time, status),
        whereabouts(view, view.record.place),
        event_description(view),
        _common(view),
    )


def part_component(edition: Edition, words: Words, event: PublishedEvent, part: Part) -> VEvent | None:
    """A session or a deadline as an entry of its own, related to its event (RFC 5545 section 3.8.4.5)."""
    if not isinstance(part.time, Days | Hours):
        return None
    view = EventView(edition, words, event)
    is_due = part.kind == DEADLINE
    name = names.part(part, words) or part.title(event.own_language)
    title = words(f"title.{part.kind}", title=name, event=view.record.title)
    return _component(
        _identity(view, part),
        times(part.time),
        _title(view, title, part.status),
        _state(part.time, part.status, is_due=is_due),
        () if is_due else whereabouts(view, view.places_of(part)),
        deadline_description(view, part) if is_due else session_description(view, part),
        categories(view),
        contact(view),
        () if is_due or part.status in OFF else conference(view),
        parent(view),
    )


def _occurrence(view: EventView, part: Part) -> VEvent:
    """A changed occurrence: the series' UID, told apart by the start it would have had (section 3.8.4.4)."""
    recurrence, original = view.event.recurrence, part.original
    assert recurrence is not None  # noqa: S101 -- callers look first
    assert original is not None  # noqa: S101 -- a changed occurrence has one
    return _component(
        _identity(view, part),
        [by_rule("recurrence-id", recurrence, original)],
        times(part.time, recurrence.timezone),
        _title(view, part.title(view.language) or view.record.title, part.status),
        _state(part.time, part.status),
        whereabouts(view, view.places_of(part)),
        event_description(view, part),
        _common(view, part),
    )


def _component(*properties: Iterable[Property]) -> VEvent:
    """Properties as a VEVENT: its writer escapes texts and quotes parameters, whatever they hold."""
    component = VEvent()
    for name, value, parameters in chain.from_iterable(properties):
        component.add(name, _typed(name, value), parameters=parameters)
    return component


def _typed(name: str, value: Any) -> Any:
    """A value in the form that icalendar would not choose by itself."""
    if name == "rrule":
        return vRecur.from_ical(value)
    if name == "geo":
        return vInline(value)
    return vText(value) if name.startswith("x-") else value  # else a line's end would be written as it is


def _identity(view: EventView, item: PublishedEvent | Part) -> Iterator[Property]:
    stamp = item.last_modified[view.language]
    yield "uid", item.uid, {}
    yield "dtstamp", stamp, {}
    yield "last-modified", stamp, {}
    yield "created", item.first_published, {}
    yield "sequence", item.revision, {}


def _series_times(event: PublishedEvent) -> Iterator[Property]:
    """A recurring event runs in local time, so it needs its zone (section 3.3.10)."""
    recurrence = event.recurrence
    assert recurrence is not None  # noqa: S101 -- callers look first
    yield from series_times(recurrence)
    yield from repetition(recurrence)


def _date_times(event: PublishedEvent, local: datetime) -> Iterator[Property]:
    """A date of a recurring event as an override: when it would be by the rule (section 3.8.4.4)."""
    recurrence = event.recurrence
    assert recurrence is not None  # noqa: S101 -- callers look first
    yield by_rule("recurrence-id", recurrence, local)
    yield from times(recurrence.time_at(local), recurrence.timezone)


def _title(view: EventView, title: str, status: Status) -> Iterator[Property]:
    yield "summary", with_status(title, status, view.words), view.foreign


def _state(time: Time, status: Status, *, is_due: bool = False) -> Iterator[Property]:
    yield "status", _STATUS[status], {}
    yield "transp", transparency(time, status, is_due=is_due), {}
    yield "class", "PUBLIC", {}


def _common(view: EventView, part: Part | None = None) -> Iterator[Property]:
    """What an event and its changed occurrences have besides."""
    yield from categories(view)
    yield from contact(view)
    if (part.status if part else view.event.entry_status) not in OFF:
        yield from conference(view)
    yield from picture(view)
    yield from files(view)
    yield from relatives(view)
