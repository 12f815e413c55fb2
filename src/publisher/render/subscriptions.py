"""How one subscribes: links for each kind of calendar program and feed reader, and the plain address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from publisher.model.records import FACETS, Kind
from publisher.render.layout import FEEDS, Draft
from publisher.render.view import key

if TYPE_CHECKING:
    from publisher.render.view import Label, Seen, View


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
class ByMail:
    """The form to sign up by mail: lists as id, name and description; the page that says what is kept."""

    lists: tuple[tuple[str, str, str], ...]
    privacy: str


@dataclass(frozen=True)
class Subscription:
    """A calendar and the feeds beside it: format, address and path of each."""

    calendar: CalendarLinks
    feeds: tuple[tuple[str, str, str], ...]


def calendar_links(view: View, path: str, title: str) -> CalendarLinks:
    """The links of a calendar below this language."""
    https = view.absolute(path)
    # The site's own host, whatever the page is read on: calendar programs fetch it from elsewhere.
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


def subscription(view: View, folder: str, title: str) -> Subscription:
    """What a listing offers to subscribe to."""
    feeds = tuple((name, view.absolute(folder + file), view.path(folder + file)) for file, _, name in FEEDS)
    return Subscription(calendar_links(view, f"{folder}calendar.ics", title), feeds)


def subscribe_draft(view: View) -> Draft:
    """Everything one can subscribe to, and how each program does it."""
    seen: Seen = set()
    words, title = view.words, view.config.title(view.language)
    topics, organisations = (_labels(view, kind, seen) for kind in (Kind.TOPIC, Kind.ORGANISATION))
    context = {
        "main": subscription(view, "", title),
        "others": [
            calendar_links(view, "programme.ics", words("calendar.programme", title=title)),
            calendar_links(view, "deadlines.ics", words("calendar.deadlines", title=title)),
            *(calendar_links(view, f"calendars/{id_}.ics", name) for id_, name in _named(view, "calendars")),
        ],
        "feeds": [(name, _combined_feeds(view, id_)) for id_, name in _named(view, "feeds")],
        "facets": [
            (
                words(f"facet.{kind.plural}"),
                [(label, _calendar_of(view, kind, id_, label)) for id_, label in found],
            )
            for kind in FACETS
            if (found := _labels(view, kind, seen))
        ],
        "picker": [
            ("topic", words("facet.topics"), topics),
            ("organisation", words("facet.organisations"), organisations),
        ],
        "mail": _by_mail(view, seen),
        "opml": "/feeds.opml",
    }
    return Draft(
        path="subscribe/",
        template="subscribe.html",
        title=words("nav.subscribe"),
        description=words("subscribe.lead"),
        items=frozenset(seen),
        context=context,
    )


def _by_mail(view: View, seen: Seen) -> ByMail | None:
    """The form, where there is a list in the page's language."""
    language, default = view.language, view.config.site.default_language
    lists = tuple(
        (id_, settings.title_in(language, default), settings.description_in(language, default))
        for id_, settings in view.config.lists.items()
        if not settings.languages or language in settings.languages
    )
    page = view.edition.pages.get("privacy")
    if page:
        seen.add(key(page))
    return ByMail(lists, view.path("privacy/") if page else "") if lists else None


def _labels(view: View, kind: Kind, seen: Seen) -> list[tuple[str, Label]]:
    return [
        (facet.id, view.record(facet, seen)) for facet in view.by_name(view.edition.facets[kind].values())
    ]


def _calendar_of(view: View, kind: Kind, id_: str, label: Label) -> CalendarLinks:
    return calendar_links(view, f"{kind.plural}/{id_}/calendar.ics", label.text)


def _combined_feeds(view: View, id_: str) -> list[tuple[str, str]]:
    """The feeds of a named combination: format and path of each."""
    return [(name, view.path(f"feeds/{id_}.{file.removeprefix('feed.')}")) for file, _, name in FEEDS]


def _named(view: View, section: str) -> list[tuple[str, str]]:
    """The combinations of publisher.toml: id and name of each."""
    combinations = getattr(view.config, section)
    default = view.config.site.default_language
    return [(id_, choice.title_in(view.language, default)) for id_, choice in combinations.items()]
