"""Deadlines of all events: what is due, soonest first, then what was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publisher.model.records import Status
from publisher.model.timing import end_of
from publisher.model.when import sort_key
from publisher.render import alternates
from publisher.render.alternates import CALENDAR, Alternate
from publisher.render.feed_offers import offer
from publisher.render.layout import Draft
from publisher.render.programme import due
from publisher.render.subscriptions import calendar_subscription

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.edition import Part, PublishedEvent
    from publisher.render.programme import Due
    from publisher.render.view import Label, Seen, View


def deadlines_draft(view: View) -> Draft:
    """What is due, soonest first; then what was."""
    seen: Seen = set()
    ahead = [due_with_event(view, event, part, seen) for event, part in ahead_of(view)]
    over = [due_with_event(view, event, part, seen) for event, part in _over(view)]
    title = view.words("nav.deadlines")
    name = view.words("calendar.deadlines", title=view.config.title(view.language))
    return Draft(
        path="deadlines/",
        template="deadlines.html",
        title=title,
        description=view.words("deadlines.about"),
        alternates=(
            Alternate(CALENDAR, view.absolute("deadlines.ics"), name),
            *alternates.feed(view, "changes"),
        ),
        items=frozenset(seen),
        context={
            "ahead": ahead,
            "over": over,
            # Deadlines are a calendar; no feed holds just them, that of changes tells when one moves.
            "subscription": replace(
                calendar_subscription(view, "deadlines", name, in_full=True), feed=offer(view, "changes")
            ),
        },
    )


def ahead_of(view: View) -> Iterator[tuple[PublishedEvent, Part]]:
    """Deadlines that can still be met: of events that take place, soonest first."""
    for event, part in sorted(_deadlines(view), key=_due_order):
        off = event.is_off or part.status is Status.CANCELLED
        if not off and end_of(part.time, view.config.site.timezone) > view.edition.midnight:
            yield event, part


def _over(view: View) -> Iterator[tuple[PublishedEvent, Part]]:
    for event, part in sorted(_deadlines(view), key=_due_order, reverse=True):
        if end_of(part.time, view.config.site.timezone) <= view.edition.midnight:
            yield event, part


def _deadlines(view: View) -> Iterator[tuple[PublishedEvent, Part]]:
    return (
        (event, part)
        for event in view.edition.events
        for part in event.deadlines
        if part.texts.get(view.language)
    )


def _due_order(pair: tuple[PublishedEvent, Part]) -> tuple[tuple[str, str], str, str]:
    event, part = pair
    return (sort_key(part.time), event.id, part.id)


def due_with_event(view: View, event: PublishedEvent, part: Part, seen: Seen) -> tuple[Due, Label]:
    """A deadline and the event that it belongs to."""
    return due(view, event, part), view.record(event, seen)
