"""What readers must know of an event first: that it is off, has moved, or may yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.model.records import Status
from publisher.render.stamps import stamp

if TYPE_CHECKING:
    from publisher.model.edition import PublishedEvent
    from publisher.render.view import View


@dataclass(frozen=True)
class Banner:
    """What readers must know first: the event is off, or elsewhere, or at another time."""

    kind: str
    text: str
    note: str = ""


def banner(view: View, event: PublishedEvent) -> Banner | None:
    """What has become of the event, if anything."""
    words, note = view.words, event.text(view.language).status_note or ""
    before = stamp(event.previous_time, words, with_zone=False).text if event.previous_time else ""
    now = stamp(event.time, words, with_zone=False).text
    match event.entry_status:
        case Status.CANCELLED:
            return Banner("cancelled", words("change.removed" if event.removed else "change.cancelled"), note)
        case Status.POSTPONED:
            told = stamp(event.entry_time or event.time, words, with_zone=False).text
            return Banner("postponed", words("change.postponed", before=told), note)
    if before:
        return Banner("moved", words("change.moved", before=before, after=now), note)
    if event.is_relocated:
        return Banner("moved", words("change.relocated"), note)
    if event.status is Status.TENTATIVE:
        return Banner("tentative", words("change.tentative"), note)
    return Banner("note", "", note) if note else None


def marked_title(view: View, event: PublishedEvent) -> str:
    """The title with what has become of the event, for the head of a page."""
    title = event.text(view.language).title
    marks = {Status.CANCELLED: "title.cancelled", Status.POSTPONED: "title.postponed"}
    return view.words(marks[event.entry_status], title=title) if event.entry_status in marks else title
