"""Rules about the event module of RSS (`ev:`): when and where what an item tells of takes place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.places import Near
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.syndication.values import BadValue, to_utc, w3c

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from publisher.syndication.places import Element
    from publisher.syndication.subject import Feed

_SOURCE: Final = "RDF Site Summary 1.0 Modules: Event"
_ELEMENTS: Final = ("startdate", "enddate", "location", "organizer", "type")
#: A day, without a time: `2026-06-11`.
_DAY: Final = 10
#: What such elements are called elsewhere -> here.
_MEANT: Final = {
    "start": "startdate",
    "end": "enddate",
    "date": "startdate",
    "place": "location",
    "venue": "location",
}


@rule(
    "event-date-malformed", ERROR, Sight.ELEMENT, "ev:startdate", "ev:enddate",
    source=f"{_SOURCE}; W3C-DTF; "
    "W3C feed validator, 'InvalidISO8601DateTime'",
    misread="Programs that make calendars of feeds lose the event, or take 11.06. for the 6th of November "
    "as dateutil does.",
    mend="write a day such as 2026-06-11, or a time with its offset such as 2026-06-11T10:00+05:00",
)  # fmt: skip
def event_date_malformed(element: Element, feed: Feed) -> Found | None:
    """An event's day is written as 2026-06-11, its time with an offset, whatever the language."""
    del feed
    text = element.text.strip()
    try:
        w3c(text)
    except BadValue as bad:
        return Found(element, str(bad), text)
    return None


def _moment(element: Element | None) -> datetime | None:
    try:
        return w3c(element.text.strip()) if element else None
    except BadValue:
        return None


@rule(
    "event-end-before-start", ERROR, Sight.ELEMENT, "item",
    source=_SOURCE,
    misread="Calendars refuse the event, or show it for a day that it is not on.",
    mend="write the end after the start; the last day is the end of an event of several days",
)  # fmt: skip
def event_end_before_start(element: Element, feed: Feed) -> Found | None:
    """An event ends after it starts."""
    del feed
    first, last = element.first("ev:startdate"), element.first("ev:enddate")
    start, end = _moment(first), _moment(last)
    if first is None or last is None or start is None or end is None:
        return None
    texts = first.text.strip(), last.text.strip()
    # A day has no zone: with a time at the other side, days are compared.
    early = to_utc(end) < to_utc(start) if len(texts[0]) > _DAY < len(texts[1]) else end.date() < start.date()
    return (
        Found(last, f"expected an end after the start, {quoted(texts[0])}, got {quoted(texts[1])}")
        if early
        else None
    )


@rule(
    "event-end-without-start", WARNING, Sight.ELEMENT, "item",
    source=_SOURCE,
    misread="Programs that make calendars of feeds pass the event over.",
    mend="write ev:startdate, too",
)  # fmt: skip
def event_end_without_start(element: Element, feed: Feed) -> Found | None:
    """An event that ends starts."""
    del feed
    last = element.first("ev:enddate")
    if last is None or element.first("ev:startdate"):
        return None
    return Found(last, "expected an ev:startdate before the ev:enddate, got none")


@rule(
    "event-element-unknown", WARNING, Sight.ELEMENT, "item",
    source=_SOURCE,
    misread="All pass it over.",
    mend="write ev:startdate, ev:enddate, ev:location, ev:organizer or ev:type",
)  # fmt: skip
def event_element_unknown(element: Element, feed: Feed) -> Iterator[Found]:
    """The module has five elements, all in lower case."""
    del feed
    for child in element.children:
        if child.name.startswith("ev:") and child.local not in _ELEMENTS:
            meant = _MEANT.get(child.local.lower())
            hint = f"did you mean '{meant}'?" if meant else Near(child.local, _ELEMENTS)
            yield Found(child, f"unknown element {quoted(child.name)}", hint=hint)


@rule(
    "event-element-repeated", ERROR, Sight.ELEMENT, "item",
    source=_SOURCE,
    misread="feedparser takes the last, others take the first: an event on two days is on one.",
    mend="write an item for each date, or the first day and the last",
)  # fmt: skip
def event_element_repeated(element: Element, feed: Feed) -> Iterator[Found]:
    """An item tells of one event: each of its facts stands there once."""
    del feed
    seen = set()
    for child in element.children:
        if child.name.startswith("ev:"):
            if child.name in seen:
                yield Found(child, f"expected one {child.name} in the item, got another")
            seen.add(child.name)


@rule(
    "event-element-misplaced", WARNING, Sight.ELEMENT, *(f"ev:{name}" for name in _ELEMENTS),
    source=_SOURCE,
    misread="All pass it over.",
    mend="move it into the item that tells of the event",
)  # fmt: skip
def event_element_misplaced(element: Element, feed: Feed) -> Found | None:
    """When and where is said in the item of the event."""
    del feed
    parent = element.parent
    if parent is None or parent.local in {"item", "entry"}:
        return None
    return Found(element, f"expected {element.name} in an item, got it in <{parent.local}>")


RULES = (
    event_date_malformed,
    event_end_before_start,
    event_end_without_start,
    event_element_unknown,
    event_element_repeated,
    event_element_misplaced,
)
