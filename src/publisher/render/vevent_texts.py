"""The description of an entry: what a person needs who sees only a calendar.

First what has changed, then the summary, who and how, registration, deadlines
and programme in short, whom to ask, and the address of the page as the last
line. The body is on the page: it would be too much for a calendar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.model.records import Speaker
from publisher.render import dates
from publisher.render.vevent_changes import event_notes, part_notes
from publisher.render.vevent_lines import (
    answering,
    due,
    more,
    people,
    programme,
    registering,
    speaking,
    taking_part,
)
from publisher.render.vevent_prose import Block, Link, clipped, html, plain
from publisher.render.vevent_view import OFF, EventView, Property

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publisher.model.edition import Part

#: How long a summary may be in an entry, in characters.
SUMMARY = 500


def event_description(view: EventView, part: Part | None = None) -> Iterator[Property]:
    """DESCRIPTION, X-ALT-DESC and URL of an event, or of a date of it that is changed."""
    blocks = [
        _notes(part_notes(view, part) if part else event_notes(view)),
        _told(view.record.summary, SUMMARY),
        tuple(people(view, part)),
    ]
    if not (view.event.entry_status in OFF or (part and part.status in OFF)):
        blocks += [tuple(registering(view)), tuple(due(view)), tuple(programme(view))]
    blocks.append((*answering(view), more(view, view.page)))
    yield from _described(view, blocks, view.page)


def session_description(view: EventView, part: Part) -> Iterator[Property]:
    """The same of a session; its own address comes before its event's."""
    text = part.texts.get(view.language, {})
    speakers = [Speaker.model_validate(each) for each in text.get("speakers", ())]
    own = text.get("url")
    event = (Link.spelt(clipped(view.record.title), view.page),) if own else ()
    blocks = [
        _notes(part_notes(view, part)),
        _told(text.get("summary"), SUMMARY),
        (speaking(view, speakers), *taking_part(view, part)),
        (event, more(view, own or view.page)),
    ]
    yield from _described(view, blocks, own or view.page)


def deadline_description(view: EventView, part: Part) -> Iterator[Property]:
    """The same of a deadline: what it is for and when that is, and where one hands in what is due."""
    own = part.texts.get(view.language, {}).get("url")
    told = clipped(view.record.title)
    if not (view.event.is_off or view.event.recurrence):
        told = f"{told}, {dates.when(view.event.time, view.words)}"
    event = (Link.spelt(told, view.page) if own else told,)
    blocks = [_notes(part_notes(view, part)), (event, more(view, own or view.page))]
    yield from _described(view, blocks, own or view.page)


def _described(view: EventView, blocks: Sequence[Block], address: str) -> Iterator[Property]:
    """Plain text always; HTML beside it for Outlook, which shows no link in the other."""
    yield "description", plain(blocks), view.foreign
    if told := html(blocks):
        yield "x-alt-desc", told, {"FMTTYPE": "text/html"}
    yield "url", address, {}


def _notes(notes: Iterable[str]) -> Block:
    return tuple((note,) for note in dict.fromkeys(notes) if note)


def _told(text: str | None, limit: int) -> Block:
    return ((clipped(text, limit),),) if text else ()
