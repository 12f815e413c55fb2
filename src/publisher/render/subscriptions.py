"""How one subscribes: links for each kind of calendar program and feed reader, and the plain address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from publisher.model.records import FACETS, Kind
from publisher.render.layout import FEEDS, Draft
from publisher.render.view import Label, Seen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publisher.model.edition import Published
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
    outlook: str
    office: str


@dataclass(frozen=True)
class Subscription:
    """A calendar and the feeds beside it: format, address and path of each."""

    calendar: CalendarLinks
    feeds: tuple[tuple[str, str, str], ...]


def calendar_links(view: View, path: str, title: str) -> CalendarLinks:
    """The links of a calendar below this language."""
    https = view.absolute(path)
    # Google takes an address to subscribe to when it has the webcal scheme; the site's host, whatever the page is read on.
    webcal = "webcal:" + https.split(":", 1)[1]
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


def subscription(view: View, folder: str, title: str, *, calendar: str = "calendar.ics") -> Subscription:
    """What a listing offers to subscribe to."""
    feeds = tuple((name, view.absolute(folder + file), view.path(folder + file)) for file, _, name in FEEDS)
    return Subscription(calendar_links(view, folder + calendar, title), feeds)


def subscribe_draft(view: View) -> Draft:
    """Everything one can subscribe to, and how each program does it."""
    seen: Seen = set()
    title = view.config.title(view.language)
    facets = {kind: _choices(view, view.edition.facets[kind].values(), seen) for kind in FACETS}
    context = {
        "main": subscription(view, "", title),
        "others": [
            calendar_links(view, "programme.ics", view.words("calendar.programme", title=title)),
            calendar_links(view, "deadlines.ics", view.words("calendar.deadlines", title=title)),
            *(calendar_links(view, f"calendars/{id_}.ics", choice) for id_, choice in _named(view, "calendars")),
        ],
        "feeds": [
            (choice, [(name, view.absolute(f"feeds/{id_}.{file[5:]}"), view.path(f"feeds/{id_}.{file[5:]}")) for file, _, name in FEEDS])
            for id_, choice in _named(view, "feeds")
        ],
        "facets": [
            (view.words(f"facet.{kind.plural}"), kind.plural, [(label, calendar_links(view, f"{kind.plural}/{id_}/calendar.ics", label.text)) for id_, label in choices])
            for kind, choices in facets.items()
            if choices
        ],
        "picker": [("topic", view.words("facet.topics"), facets[Kind.TOPIC]), ("organisation", view.words("facet.organisations"), facets[Kind.ORGANISATION])],
        "opml": "/feeds.opml",
    }  # fmt: skip
    return Draft(
        path="subscribe/",
        template="subscribe.html",
        title=view.words("nav.subscribe"),
        description=view.words("subscribe.lead"),
        items=frozenset(seen),
        context=context,
    )


def _choices(view: View, facets: Iterable[Published[object]], seen: Seen) -> list[tuple[str, Label]]:  # type: ignore[type-var]
    ordered = sorted(facets, key=lambda facet: (view.collation(facet.text(view.language).name_text), facet.id))  # type: ignore[attr-defined]
    return [(facet.id, view.record(facet, seen)) for facet in ordered]


def _named(view: View, section: str) -> list[tuple[str, str]]:
    combinations = getattr(view.config, section)
    default = view.config.site.default_language
    return [(id_, choice.title_in(view.language, default)) for id_, choice in combinations.items()]
