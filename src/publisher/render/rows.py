"""Lines of lists: each is made once, and used on every page that lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from publisher.model.records import Kind, Status
from publisher.render.programme import changed_place, recurrence_text
from publisher.render.stamps import Stamp, leaf, stamp
from publisher.render.view import Row, Seen, key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publisher.model.edition import Published, Showing
    from publisher.model.records import Announcement
    from publisher.render.view import View


def event_rows(view: View, showings: Iterable[Showing]) -> tuple[Row, ...]:
    """Lines of a list of events."""
    return tuple(event_row(view, showing) for showing in showings)


def news_rows(view: View, announcements: Iterable[Published[Announcement]]) -> tuple[Row, ...]:
    """Lines of a list of announcements."""
    return tuple(news_row(view, news) for news in announcements)


def event_row(view: View, showing: Showing) -> Row:
    """An event as a line of a list."""
    mark = ("event", showing.event.id, showing.time, showing.status)
    if mark not in view.rows:
        view.rows[mark] = _event_row(view, showing)
    return view.rows[mark]


def _event_row(view: View, showing: Showing) -> Row:
    event, seen = showing.event, {key(showing.event)}
    record = event.text(view.language)
    place = changed_place(showing, view.language) or record.place
    html = view.theme.render(
        "parts/event-row.html",
        view=view,
        words=view.words,
        event=event,
        record=record,
        title=view.record(event, seen),
        part_title=showing.part.title(view.language) if showing.part else "",
        leaf=leaf(showing.time, view.words),
        stamp=stamp(showing.time, view.words),
        status=status_of(showing),
        repeat=recurrence_text(event, view.words),
        was=moved_from(view, showing),
        places=[label for label, _ in view.places(place, seen, view.foreign(event))],
        topics=view.facets(Kind.TOPIC, record.topics, seen),
    )
    return Row(Markup(html), frozenset(seen))  # noqa: S704 -- a template escapes


def moved_from(view: View, showing: Showing) -> Stamp | None:
    """When it was to be before it moved; nothing where it did not move, or is off."""
    before = showing.part.previous_time if showing.part else showing.event.previous_time
    if before is None or showing.status in {Status.CANCELLED, Status.POSTPONED}:
        return None
    if showing.event.recurrence and not showing.part:
        return None
    return stamp(before, view.words, with_zone=False)


def news_row(view: View, news: Published[Announcement]) -> Row:
    """An announcement as a line of a list."""
    mark = ("announcement", news.id)
    if mark not in view.rows:
        seen: Seen = set()
        title = view.record(news, seen)
        day, stated = view.published(news)
        html = view.theme.render(
            "parts/news-row.html",
            view=view,
            words=view.words,
            news=news,
            record=news.text(view.language),
            title=title,
            stamp=day,
            stated=stated,
        )
        view.rows[mark] = Row(Markup(html), frozenset(seen))  # noqa: S704 -- a template escapes
    return view.rows[mark]


def items_of(seen: Iterable[str], *lists: Iterable[Row]) -> frozenset[str]:
    """All that a page names: what it says itself, and what is in its lists."""
    return frozenset(seen).union(*(row.items for rows in lists for row in rows))


def status_of(showing: Showing) -> str:
    """What is said of an event's state in a list; nothing where all is well."""
    status = showing.status if showing.event.has_day else showing.event.entry_status
    return "" if status is Status.CONFIRMED else status.value
