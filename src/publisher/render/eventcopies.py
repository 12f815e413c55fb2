"""What the page of an event offers to calendars: a copy of it or of a part, a subscription to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.model.records import Status
from publisher.model.timing import end_of
from publisher.render import names
from publisher.render.addlinks import AddLinks, Copy, add_links
from publisher.render.subscriptions import CalendarLinks, calendar_links

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from publisher.model.edition import Part, PublishedEvent
    from publisher.render.view import View


@dataclass(frozen=True, kw_only=True)
class Copies:
    """The ways to have one event in a calendar; what would be wrong or of no use is not there."""

    #: The file with the event, its sessions and deadlines, for a copy; empty where there is nothing to copy.
    file: str = ""
    links: AddLinks | None = None
    is_over: bool = False
    #: The same file as a calendar to subscribe to: it stays right.
    follow: CalendarLinks | None = None
    #: Links for a session or deadline, by its place on the page: `session-opening`.
    parts: Mapping[str, AddLinks]


def copies(view: View, event: PublishedEvent) -> Copies:
    """What is offered: no copy of what is off or has no day; nothing to follow once all is over."""
    is_over = event.has_day and event.ends <= view.edition.midnight
    path, title = f"{event.path}/event.ics", event.text(view.language).title
    can_follow = event.has_calendar and not is_over and event.status is not Status.CANCELLED
    can_copy = event.has_day and not event.is_off
    return Copies(
        file=view.path(path) if can_copy else "",
        links=_links(view, event) if can_copy and not is_over else None,
        is_over=is_over,
        follow=calendar_links(view, path, title) if can_follow else None,
        parts={} if event.is_off else dict(_part_links(view, event)),
    )


def _links(view: View, event: PublishedEvent) -> AddLinks | None:
    record = event.text(view.language)
    title = record.title
    if event.status is Status.TENTATIVE:
        title = view.words("title.tentative", title=title)
    copy = Copy(title, _where(view, event, record.place), record.summary or "", _page(view, event))
    return add_links(event.time, copy, event.recurrence)


def _part_links(view: View, event: PublishedEvent) -> Iterator[tuple[str, AddLinks]]:
    """Those of sessions and deadlines that take place and are not over."""
    for part in (*event.sessions, *event.deadlines):
        is_off = part.status in {Status.CANCELLED, Status.POSTPONED} or not part.texts.get(view.language)
        if is_off or end_of(part.time, view.config.site.timezone) <= view.edition.midnight:
            continue
        place, title = f"{part.kind}-{part.id}", names.part(part, view.words)
        title = view.words(f"title.{part.kind}", title=title, event=event.text(view.language).title)
        copy = Copy(title, _where_part(view, event, part), "", f"{_page(view, event)}#{place}")
        if links := add_links(part.time, copy):
            yield place, links


def _where(view: View, event: PublishedEvent, refs: tuple[Any, ...]) -> str:
    """Postal addresses, else the address online if everybody may know it."""
    places = "; ".join(map(str, names.places(view.edition, refs, view.language)))
    online = event.text(view.language).online
    return places or (online.url if online and online.public else "")


def _where_part(view: View, event: PublishedEvent, part: Part) -> str:
    """A session without a place of its own is where its event is; a deadline is nowhere."""
    if part.kind != "session":
        return ""
    record = event.text(view.language)
    session = next((each for each in record.sessions if each.id == part.id), None)
    return _where(view, event, (session and session.place) or record.place)


def _page(view: View, event: PublishedEvent) -> str:
    return view.absolute(f"{event.path}/")
