"""What one can subscribe to from a page: links for each sort of calendar program, feeds, an address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from publisher.render import alternates
from publisher.render.feed_offers import offer
from publisher.render.held import beside, held

if TYPE_CHECKING:
    from collections.abc import Collection

    from publisher.config import Config
    from publisher.model.edition import PublishedEvent
    from publisher.render.alternates import Alternate
    from publisher.render.feed_offers import FeedOffer
    from publisher.render.held import Beside, Held
    from publisher.render.view import View


@dataclass(frozen=True)
class CalendarLinks:
    """One calendar, as each program wants to be told of it."""

    title: str
    #: The address to copy, and the same path on this host.
    https: str
    path: str
    webcal: str
    google: str
    #: Outlook.com is for personal accounts, the other for those of a work or school.
    outlook: str
    office: str


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A calendar, what stands beside it, and the feed that goes with it, if there is one."""

    calendar: CalendarLinks
    feed: FeedOffer | None = None
    #: What it holds now; None where the page does not say.
    held: Held | None = None
    #: Calendars of earlier years, newest first, and of distant ones, soonest first.
    earlier: tuple[Beside, ...] = ()
    later: tuple[Beside, ...] = ()


@dataclass(frozen=True)
class OwnCalendar:
    """The calendar of what a page of a month or a past year shows."""

    calendar: CalendarLinks
    #: Whether an event of it repeats: it is in it with all its dates, also those of other pages.
    repeats: bool
    #: Whether the page shows an event whose day was never known: no calendar has it.
    is_short: bool

    @property
    def alternate(self) -> Alternate:
        """The same for machines."""
        return alternates.Alternate(alternates.CALENDAR, self.calendar.https, self.calendar.title)


def calendar_links(view: View, path: str, title: str) -> CalendarLinks:
    """The links of a calendar below this language."""
    https = view.absolute(path)
    # The site's own host, whatever the page is read on: calendar programs fetch it from elsewhere.
    webcal = "webcal:" + https.split(":", 1)[1]
    # Here with https: the new Outlook takes the scheme away from an address that begins with webcal.
    compose = urlencode({"url": https, "name": title}, quote_via=quote)
    return CalendarLinks(
        title=title,
        https=https,
        path=view.path(path),
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/u/0/r?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.live.com/calendar/0/addfromweb/?{compose}",
        office=f"https://outlook.office.com/calendar/0/addfromweb/?{compose}",
    )


def subscription(
    view: View, folder: str, title: str, *, feed: str = "main", in_full: bool = False
) -> Subscription:
    """What a listing offers: the calendar of a folder, and a feed by its name."""
    calendar = calendar_subscription(view, f"{folder}calendar", title, in_full=in_full)
    return replace(calendar, feed=offer(view, feed, title if folder else ""))


def calendar_subscription(view: View, base: str, title: str, *, in_full: bool = False) -> Subscription:
    """A calendar by its address below the language, without the ending.

    `in_full` says what it holds and what stands beside it: for pages that name all its events anyway,
    since others would change with events that they do not name.
    """
    calendar = calendar_links(view, f"{base}.ics", title)
    if not in_full:
        return Subscription(calendar=calendar)
    shelf = view.shelves[base]
    return Subscription(
        calendar=calendar,
        held=held(view, shelf),
        earlier=beside(view, shelf, shelf.earlier),
        later=beside(view, shelf, shelf.parts.later),
    )


def own_calendar(view: View, folder: str, heading: str, events: Collection[PublishedEvent]) -> OwnCalendar:
    """The calendar beside a page that shows these events, by its folder below the language."""
    title = own_title(view.config, view.language, heading)
    return OwnCalendar(
        calendar=calendar_links(view, f"{folder}calendar.ics", title),
        repeats=any(event.recurrence for event in events),
        is_short=any(event.entry_time is None for event in events),
    )


def own_title(config: Config, language: str, heading: str) -> str:
    """What the calendar of a page is called."""
    return f"{heading} · {config.title(language)}"
