"""What has become of an event, a session, a deadline or a date: in its title, and in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.model.records import Status
from publisher.render import dates
from publisher.render.vevent_prose import clipped
from publisher.render.vevent_view import OFF, EventView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.edition import Part, PublishedEvent
    from publisher.render.words import Words


def with_status(title: str, status: Status, words: Words) -> str:
    """A title that says when the thing is off or tentative."""
    if status is Status.WITHDRAWN:  # a session may be: its readers need not know more than that it is off
        status = Status.CANCELLED
    if status in {Status.CANCELLED, Status.POSTPONED, Status.TENTATIVE}:
        return words(f"title.{status}", title=title)
    return title


def change_notes(event: PublishedEvent, words: Words) -> Iterator[str]:
    """What has become of the event, in sentences: cancelled, postponed, moved from when to when."""
    if event.entry_status is Status.CANCELLED:
        yield words("change.removed" if event.removed else "change.cancelled")
    elif event.entry_status is Status.POSTPONED:
        yield words("change.postponed", before=dates.when(event.entry_time or event.time, words))
    elif event.previous_time is not None and event.has_day:
        before, after = (dates.when(moment, words) for moment in (event.previous_time, event.time))
        yield words("change.moved", before=before, after=after)


def event_notes(view: EventView) -> Iterator[str]:
    """What has become of the event, and why."""
    event = view.event
    yield from change_notes(event, view.words)
    if event.is_relocated and event.entry_status not in OFF:
        yield view.words("change.relocated")
    if event.entry_status is Status.TENTATIVE:
        yield view.words("change.tentative")
    yield clipped(view.record.status_note)


def part_notes(view: EventView, part: Part) -> Iterator[str]:
    """What has become of a session, deadline or date by itself; where its event is off, that says all."""
    event, words = view.event, view.words
    if event.is_off:
        removed = "removed" if event.removed else "cancelled"
        yield words("change.event_postponed" if event.status is Status.POSTPONED else f"change.{removed}")
        yield clipped(view.record.status_note)
    elif part.status is Status.POSTPONED:
        yield words("change.part_postponed")
    elif part.status in OFF:
        yield words(f"change.{part.kind}_cancelled")
    elif part.previous_time is not None:
        before, after = (dates.when(moment, words) for moment in (part.previous_time, part.time))
        yield words("change.part_moved", before=before, after=after)
    if part.status is Status.TENTATIVE:
        yield words("change.tentative")
