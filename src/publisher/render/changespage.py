"""The page of changes: what has become of events, newest first, a day after the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from publisher.model.ledger import DEADLINE, SESSION
from publisher.render import alternates, change_notes
from publisher.render.changes import changes_of
from publisher.render.feed_offers import offer
from publisher.render.layout import Draft
from publisher.render.stamps import Stamp, day_stamp
from publisher.render.view import key
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from publisher.render.change_notes import Note
    from publisher.render.changes import Change
    from publisher.render.view import View

#: So many changes stand on the page; all are in the feed and its archives.
MOST = 50


@dataclass(frozen=True)
class ChangeRow:
    """A change as a line of the list."""

    #: What its title says before and after the name of what has changed.
    around: tuple[str, str]
    name: str
    href: str
    #: The language of the name where that is not the page's.
    lang: str
    told: tuple[str, ...]
    note: Note | None
    since: str


@dataclass(frozen=True)
class ChangeDay:
    """The changes that became public on a day."""

    stamp: Stamp
    rows: tuple[ChangeRow, ...]


def changes_draft(view: View) -> Draft:
    """The latest changes, newest first, by the site's days."""
    latest = changes_of(view.edition)[: -MOST - 1 : -1]
    return Draft(
        path="changes/",
        template="changes.html",
        title=view.words("changes.title"),
        description=view.words("changes.about"),
        alternates=alternates.feed(view, "changes"),
        # The changes that stand here depend on which have come since: any event may bring one.
        items=frozenset(key(event) for event in view.edition.events),
        context={"days": tuple(_days(view, latest)), "feed": offer(view, "changes")},
    )


def _days(view: View, changes: Sequence[Change]) -> Iterator[ChangeDay]:
    timezone = zone(view.config.site.timezone)

    def local_day(change: Change) -> date:
        return change.at.astimezone(timezone).date()

    for day, found in groupby(changes, key=local_day):
        yield ChangeDay(day_stamp(day, view.words), tuple(_row(view, change) for change in found))


def _row(view: View, change: Change) -> ChangeRow:
    words, event, part = view.words, change.event, change.part
    anchor = f"#{part.kind}-{part.id}" if part and part.kind in {SESSION, DEADLINE} else ""
    return ChangeRow(
        around=change_notes.around(change, words),
        name=change_notes.subject(change, words),
        href=view.path(f"{event.path}/{anchor}"),
        lang=view.foreign(event),
        told=tuple(change_notes.told(change, words)),
        note=change_notes.note(change, words),
        since=change_notes.since(change, words),
    )
