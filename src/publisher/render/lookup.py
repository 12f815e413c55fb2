"""What is asked of an edition again and again while pages are made, found once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from publisher.model.when import Days, Hours, Unknown
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from publisher.model.edition import Edition, Member, Published, PublishedEvent, Showing
    from publisher.model.records import Announcement
    from publisher.model.when import Time

    News = tuple[Published[Announcement], ...]


@dataclass(frozen=True)
class Lookup:
    """An edition's records by what they belong to; the same for every language."""

    edition: Edition
    events: Mapping[str, PublishedEvent]
    #: Each event once at its next date, soonest first; then those that are over, latest first.
    coming: tuple[Showing, ...]
    past: tuple[Showing, ...]
    #: Announcements by the id of an event they are about, newest first.
    about: Mapping[str, News]
    coming_of: Mapping[Member, tuple[Showing, ...]]
    past_of: Mapping[Member, tuple[Showing, ...]]
    news_of: Mapping[Member, News]
    #: The ids of events that name an event as related, by its id.
    related_to: Mapping[str, tuple[str, ...]]
    #: Every date of an event that repeats, by its id.
    dates_of: Mapping[str, tuple[Showing, ...]]
    #: Organisations, places, ... below another one.
    children: Mapping[Member, tuple[Published[Any], ...]]


def look_up(edition: Edition) -> Lookup:
    """Sort an edition's records into what pages ask for."""
    coming = once(edition.coming())
    ahead = {showing.event.id for showing in coming}
    past = tuple(showing for showing in once(edition.past()) if showing.event.id not in ahead)
    return Lookup(
        edition=edition,
        events={event.id: event for event in edition.events},
        coming=coming,
        past=past,
        about=_grouped(
            (id_, news) for news in edition.announcements for id_ in news.text(news.own_language).events
        ),
        coming_of=_grouped((member, showing) for showing in coming for member in showing.event.memberships),
        past_of=_grouped((member, showing) for showing in past for member in showing.event.memberships),
        news_of=_grouped((member, news) for news in edition.announcements for member in news.memberships),
        related_to=_grouped(
            (id_, event.id) for event in edition.events for id_ in event.text(event.own_language).related
        ),
        dates_of=_grouped(
            (showing.event.id, showing) for showing in edition.showings if showing.event.recurrence
        ),
        children=_grouped(_families(edition)),
    )


def once(showings: Iterable[Showing]) -> tuple[Showing, ...]:
    """Each event at the first of its dates that is given."""
    first: dict[str, Showing] = {}
    for showing in showings:
        first.setdefault(showing.event.id, showing)
    return tuple(first.values())


def year_of(moment: Time) -> int | None:
    """The year under which an event is filed once it is over."""
    days = days_of(moment)
    if days:
        return days[1].year
    assert isinstance(moment, Unknown)  # noqa: S101 -- the other two have days
    point = moment.reported or moment.end or moment.start
    return point.year if point else None


def days_of(moment: Time) -> tuple[date, date] | None:
    """The first and last local day of a time that is known to the day."""
    match moment:
        case Days(first, last):
            return first, last
        case Hours(start, end, timezone):
            begins = start.astimezone(zone(timezone)).date()
            # What ends at midnight does not reach into the next day.
            return begins, max(begins, _last_day(end, timezone)) if end else begins
    return None


def _last_day(end: datetime, timezone: str) -> date:
    return (end.astimezone(zone(timezone)) - timedelta(microseconds=1)).date()


def _families(edition: Edition) -> Iterable[tuple[Member, Published[Any]]]:
    for kind, facets in edition.facets.items():
        for facet in facets.values():
            parent = facet.text(facet.own_language).parent
            if parent:
                yield (kind, parent), facet


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, tuple[Any, ...]]:
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
