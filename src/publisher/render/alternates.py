"""What a page tells programs to look at: the calendars and feeds of what it shows (`link rel="alternate"`).

Feed readers and calendar programs take the first that they understand, or let a person
choose by title: so a page's own come first, and no two have the same title. All
addresses are absolute. A feed that there is not is not advertised.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from publisher.model.records import Event, Kind
from publisher.render import urls
from publisher.render.feed import ATOM, JSON, RSS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from publisher.model.edition import Published
    from publisher.model.records import Announcement
    from publisher.render.view import View

CALENDAR = "text/calendar"
#: The formats of each feed: ending of its path, media type, and the name by which readers know it.
FORMATS = (("atom", ATOM, "Atom"), ("rss", RSS, "RSS"), ("json", JSON, "JSON Feed"))
#: Of so many of the listings that a record belongs to, its page advertises the feed.
MOST_LISTINGS = 5


@dataclass(frozen=True)
class Alternate:
    """Something machines can find from a page: a calendar or a feed."""

    type: str
    href: str
    title: str
    #: What else can be said of it, should another one have the same title.
    aside: str = ""


def calendar(view: View, path: str, title: str, aside: str = "") -> Alternate:
    """A calendar, by its path below the language."""
    return Alternate(CALENDAR, view.absolute(path), view.words("alternate.calendar", title=title), aside)


def feed(view: View, name: str, *, aside: str = "") -> tuple[Alternate, ...]:
    """The feed of a name, in each format; nothing if there is no such feed."""
    channel = view.channels.get(name)
    if channel is None:
        return ()
    return tuple(
        Alternate(
            type_,
            urls.absolute(view.config, f"{channel.path}.{ending}"),
            view.words("alternate.feed", title=channel.title, format=format_),
            aside,
        )
        for ending, type_, format_ in FORMATS
    )


def site(view: View) -> tuple[Alternate, ...]:
    """The calendar and feeds of everything in the page's language."""
    return (calendar(view, "calendar.ics", view.config.title(view.language)), *feed(view, "main"))


def listing(view: View, facet: Published[Any]) -> tuple[Alternate, ...]:
    """The calendar and feeds of an organisation, a place, a topic or a series."""
    title = f"{facet.text(view.language).name_text} · {view.config.title(view.language)}"
    aside = view.words(f"facet.{facet.kind.plural}")
    return (calendar(view, f"{facet.path}/calendar.ics", title, aside), *feed(view, facet.path, aside=aside))


def memberships(view: View, record: Event | Announcement) -> tuple[Alternate, ...]:
    """The feeds of what a record belongs to, the narrowest first: its series, topics, organisations."""
    listed = (
        (kind, f"{kind.plural}/{id_}") for kind, id_ in _belongs_to(record) if view.edition.facet(kind, id_)
    )
    # One format of each: a page would else advertise more than anybody could choose from.
    feeds = (feed(view, name, aside=view.words(f"facet.{kind.plural}"))[:1] for kind, name in listed)
    return tuple(islice(chain.from_iterable(feeds), MOST_LISTINGS))


def _belongs_to(record: Event | Announcement) -> Iterator[tuple[Kind, str]]:
    if isinstance(record, Event) and record.series:
        yield Kind.SERIES, record.series
    yield from ((Kind.TOPIC, id_) for id_ in record.topics)
    parties = record.organisers if isinstance(record, Event) else record.organisations
    yield from ((Kind.ORGANISATION, party) for party in parties if isinstance(party, str))


def distinct(alternates: Iterable[Alternate]) -> tuple[Alternate, ...]:
    """Each address once, in its first place, and no title twice."""
    found: dict[str, Alternate] = {}
    for each in alternates:
        found.setdefault(each.href, each)
    by_kind = _told_apart(tuple(found.values()), lambda each: each.aside)
    return _told_apart(by_kind, lambda each: "/".join(each.href.split("/")[-2:]))


def _told_apart(alternates: tuple[Alternate, ...], more: Callable[[Alternate], str]) -> tuple[Alternate, ...]:
    """Those that share a title with something more in theirs."""
    known = Counter(each.title for each in alternates)
    return tuple(
        replace(each, title=f"{each.title} ({said})")
        if known[each.title] > 1 and (said := more(each))
        else each
        for each in alternates
    )
