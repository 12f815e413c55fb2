"""The page of everything that one can subscribe to, program by program, and what each calendar holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from publisher.model.records import FACETS, Kind
from publisher.render import alternates, feed_offers
from publisher.render.alternates import CALENDAR, Alternate
from publisher.render.layout import Draft
from publisher.render.subscriptions import CalendarLinks, calendar_links, calendar_subscription, subscription
from publisher.render.view import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publisher.render.feed_offers import FeedOffer
    from publisher.render.subscriptions import Subscription
    from publisher.render.view import Label, Seen, View

#: The calendar programs in the order in which they are told of, and which link each takes.
CLIENTS: Final = (
    ("apple", "webcal"),
    ("google", "google"),
    ("outlook", "office"),
    ("outlook_com", "outlook"),
    ("classic", "webcal"),
    ("thunderbird", ""),
    ("android", "webcal"),
    ("other", "webcal"),
)
_BUTTONS: Final = {
    "webcal": "subscribe.open",
    "google": "subscribe.google",
    "outlook": "subscribe.outlook",
    "office": "subscribe.office",
}
#: What a digest can be narrowed to.
_INTERESTS: Final = (Kind.TOPIC, Kind.ORGANISATION)


@dataclass(frozen=True)
class Client:
    """How one calendar program subscribes, and how soon it hears of a change."""

    id: str
    name: str
    soon: str
    refresh: str
    steps: tuple[str, ...]
    #: The link that it understands and what is written on it; empty where none helps.
    link: str
    button: str


@dataclass(frozen=True)
class ByMail:
    """The form to sign up by mail: lists as id, name and description; the page that says what is kept."""

    lists: tuple[tuple[str, str, str], ...]
    privacy: str


def subscribe_draft(view: View) -> Draft:
    """Everything one can subscribe to, and how each program does it."""
    # It says what the calendars hold, so it changes with every event.
    seen: Seen = {key(event) for event in view.edition.events}
    words, title = view.words, view.config.title(view.language)
    main, mail = subscription(view, "", title, in_full=True), _by_mail(view, seen)
    others = tuple(_others(view, title))
    context = {
        "main": main,
        "clients": tuple(_clients(view, main.calendar)),
        "cancelled": _cancelled(view, has_mail=mail is not None),
        "others": others,
        "feeds": feed_offers.general(view),
        "named_feeds": feed_offers.named(view),
        "facets": tuple(_listings(view, seen)),
        "picker": _choices(view, FACETS, seen),
        "interests": _choices(view, _INTERESTS, seen),
        "mail": mail,
        "opml": "/feeds.opml",
    }
    return Draft(
        path="subscribe/",
        template="subscribe.html",
        title=words("nav.subscribe"),
        description=words("subscribe.lead"),
        alternates=tuple(_alternates(view, others)),
        items=frozenset(seen),
        context=context,
    )


def _alternates(view: View, others: Iterable[Subscription]) -> Iterator[Alternate]:
    """All calendars and feeds: of what there may be hundreds of, one format of each."""
    yield from alternates.site(view)
    yield from (Alternate(CALENDAR, each.calendar.https, each.calendar.title) for each in others)
    for name in feed_offers.GENERAL:
        yield from alternates.feed(view, name)
    for id_ in view.config.feeds:
        yield from alternates.feed(view, f"{feed_offers.NAMED}{id_}")
    for kind in FACETS:
        for facet in view.by_name(view.edition.facets[kind].values()):
            calendar, *feeds = alternates.listing(view, facet)
            yield from (calendar, *feeds[:1])


def _clients(view: View, calendar: CalendarLinks) -> Iterator[Client]:
    words = view.words
    for id_, link in CLIENTS:
        yield Client(
            id=id_,
            name=words(f"client.{id_}"),
            soon=words("subscribe.soon", soon=words(f"client.{id_}_soon")),
            refresh=words(f"client.{id_}_refresh"),
            steps=tuple(words(f"client.{id_}_steps").strip().split("\n")),
            link=getattr(calendar, link) if link else "",
            button=words(_BUTTONS[link]) if link else "",
        )


def _others(view: View, title: str) -> Iterator[Subscription]:
    """The calendars that are not of one topic or the like: sessions, deadlines, named combinations."""
    for which in ("programme", "deadlines"):
        name = view.words(f"calendar.{which}", title=title)
        yield calendar_subscription(view, which, name, in_full=True)
    default = view.config.site.default_language
    for id_, choice in view.config.calendars.items():
        name = choice.title_in(view.language, default)
        yield calendar_subscription(view, f"calendars/{id_}", name, in_full=True)


def _cancelled(view: View, *, has_mail: bool) -> tuple[str, ...]:
    """What becomes of cancelled events, and how one is told for certain."""
    words, days = view.words, view.config.publish.cancelled_days
    stays = words.count("subscribe.cancelled_stay", days) if days else words("subscribe.cancelled_go")
    return (stays, words("subscribe.cancelled_mail" if has_mail else "subscribe.cancelled_feed"))


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


def _choices(view: View, kinds: Iterable[Kind], seen: Seen) -> list[tuple[str, str, list[tuple[str, Label]]]]:
    """What can be ticked: the parameter, the heading, the ids with their names; only what there is."""
    return [
        (kind.value, view.words(f"facet.{kind.plural}"), found)
        for kind in kinds
        if (found := _labels(view, kind, seen))
    ]


def _labels(view: View, kind: Kind, seen: Seen) -> list[tuple[str, Label]]:
    return [
        (facet.id, view.record(facet, seen)) for facet in view.by_name(view.edition.facets[kind].values())
    ]


def _listings(
    view: View, seen: Seen
) -> Iterator[tuple[str, list[tuple[Label, CalendarLinks, FeedOffer | None]]]]:
    """The calendar and the feed of each topic, organisation, place and series."""
    for kind in FACETS:
        found = [
            (
                label,
                calendar_links(view, f"{kind.plural}/{id_}/calendar.ics", label.text),
                feed_offers.offer(view, f"{kind.plural}/{id_}", label.text),
            )
            for id_, label in _labels(view, kind, seen)
        ]
        if found:
            yield view.words(f"facet.{kind.plural}"), found
