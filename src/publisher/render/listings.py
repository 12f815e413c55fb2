"""The pages that list: the first page, events, news, a past year, deadlines, facets and their indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.model.artifact import Stage
from publisher.model.records import FACETS, Kind, Status
from publisher.model.timing import end_of
from publisher.render.jsonld import facet_node, website_node
from publisher.render.layout import Draft, listing_alternates
from publisher.render.lookup import once, year_of
from publisher.render.programme import due
from publisher.render.recordpages import shared_context
from publisher.render.subscriptions import subscription
from publisher.render.view import Label, Seen, key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publisher.model.edition import Part, Published, PublishedEvent, Showing
    from publisher.render.programme import Due
    from publisher.render.view import Row, View

#: How much the first page shows of each.
COMING_FIRST, DEADLINES_FIRST, NEWS_FIRST = 12, 5, 6
#: How many events that are over stand below the coming ones.
PAST_FIRST = 12


def home_draft(view: View) -> Draft:
    """The first page of a language."""
    seen: Seen = set()
    coming = view.lookup.coming
    ahead = list(_ahead(view))[:DEADLINES_FIRST]
    rows = event_rows(view, _pinned_first(coming)[:COMING_FIRST])
    recent = event_rows(view, view.lookup.past[:PAST_FIRST]) if not rows else ()
    news = news_rows(view, sorted(view.edition.announcements, key=lambda n: not n.text(n.own_language).pinned)[:NEWS_FIRST])
    title = view.config.title(view.language)
    context = {
        "rows": rows,
        "recent": recent,
        "more": len(coming) > COMING_FIRST,
        "deadlines": [_due_with_event(view, event, part, seen) for event, part in ahead],
        "news": news,
        "topics": [view.record(topic, seen) for topic in _by_name(view, view.edition.facets[Kind.TOPIC].values())],
        "subscription": subscription(view, "", title),
    }
    return Draft(
        path="",
        template="home.html",
        title=title,
        description=view.config.description(view.language),
        nodes=(website_node(view),),
        items=_items(seen, rows, recent, news),
        stage=Stage.INDEX,
        context=context,
    )


def events_draft(view: View) -> Draft:
    """All coming events, the latest that are over, and the years before."""
    coming, past = event_rows(view, view.lookup.coming), event_rows(view, view.lookup.past[:PAST_FIRST])
    context = {
        "coming": coming,
        "past": past,
        "years": [Label(str(year), view.path(f"past/{year}/")) for year in sorted(past_years(view), reverse=True)],
        "subscription": subscription(view, "", view.config.title(view.language)),
    }
    # Which years there are depends on every event that is over.
    return Draft(
        path="events/",
        template="events.html",
        title=view.words("nav.events"),
        description=view.config.description(view.language),
        items=_items({key(event) for event in view.edition.events}, coming, past),
        context=context,
    )


def past_years(view: View) -> dict[int, tuple[Showing, ...]]:
    """What is over by year, latest first; an event that repeats once in each year."""
    years: dict[int, list[Showing]] = {}
    for showing in view.edition.past():
        year = year_of(showing.time)
        if year is not None:
            years.setdefault(year, []).append(showing)
    return {year: once(showings) for year, showings in years.items()}


def past_drafts(view: View) -> Iterator[Draft]:
    """A page for each year."""
    years = past_years(view)
    order = sorted(years)
    for index, year in enumerate(order):
        before, after = order[index - 1 : index] if index else [], order[index + 1 : index + 2]
        rows = event_rows(view, years[year])
        # The links to the neighbours are there because of their events.
        neighbours = {key(showing.event) for other in (*before, *after) for showing in years[other]}
        yield Draft(
            path=f"past/{year}/",
            template="past.html",
            title=view.words("past.title", year=year),
            above=(Label(view.words("nav.events"), view.path("events/")),),
            items=_items(neighbours, rows),
            context={
                "rows": rows,
                "before": _year_link(view, before),
                "after": _year_link(view, after),
            },
        )


def announcements_draft(view: View) -> Draft:
    """All news that is current."""
    rows = news_rows(view, view.edition.announcements)
    return Draft(
        path="announcements/",
        template="announcements.html",
        title=view.words("nav.news"),
        description=view.words("feed.about", title=view.config.title(view.language)),
        items=_items(set(), rows),
        context={"rows": rows, "subscription": subscription(view, "", view.config.title(view.language))},
    )


def deadlines_draft(view: View) -> Draft:
    """What is due, soonest first; then what was."""
    seen: Seen = set()
    ahead = [_due_with_event(view, event, part, seen) for event, part in _ahead(view)]
    over = [_due_with_event(view, event, part, seen) for event, part in _over(view)]
    title = view.words("nav.deadlines")
    return Draft(
        path="deadlines/",
        template="deadlines.html",
        title=title,
        description=view.words("deadlines.about"),
        items=frozenset(seen),
        context={
            "ahead": ahead,
            "over": over,
            "subscription": subscription(
                view, "", view.words("calendar.deadlines", title=view.config.title(view.language)), calendar="deadlines.ics"
            ),
        },
    )


def facet_draft(view: View, facet: Published[Any]) -> Draft:
    """An organisation, place, topic or series: what is coming, what is over, what is said of it."""
    member = (facet.kind, facet.id)
    record, seen = facet.text(view.language), {key(facet)}
    coming = event_rows(view, view.lookup.coming_of.get(member, ()))
    past = event_rows(view, view.lookup.past_of.get(member, ()))
    news = news_rows(view, view.lookup.news_of.get(member, ()))
    node = facet_node(view, facet)
    context = {
        "facet": facet,
        "record": record,
        "lang": view.foreign(facet),
        "label": view.record(facet, seen),
        "parent": view.facet(facet.kind, record.parent, seen) if record.parent else None,
        "children": [view.record(child, seen) for child in _by_name(view, view.lookup.children.get(member, ()))],
        "coming": coming,
        "past": past,
        "news": news,
        "logo": facet.assets.get(record.logo) if record.logo else None,
        "subscription": subscription(view, f"{facet.path}/", record.name),
        **shared_context(view, facet, seen),
    }
    return Draft(
        path=f"{facet.path}/",
        template="listing.html",
        title=record.name,
        description=record.summary or "",
        above=(Label(view.words(f"facet.{facet.kind.plural}"), view.path(f"{facet.kind.plural}/")),),
        alternates=listing_alternates(view, f"{facet.path}/", record.name),
        nodes=(node,) if node else (),
        items=_items(seen, coming, past, news),
        context=context,
    )


def facet_index_drafts(view: View) -> Iterator[Draft]:
    """All topics, all organisations, ...: by name."""
    for kind in FACETS:
        seen: Seen = set()
        facets = _by_name(view, view.edition.facets[kind].values())
        entries = [(view.record(facet, seen), facet.text(view.language), view.foreign(facet, "summary")) for facet in facets]
        yield Draft(
            path=f"{kind.plural}/",
            template="facets.html",
            title=view.words(f"facet.{kind.plural}"),
            description=view.words(f"facet.{kind.plural}_about"),
            items=frozenset(seen),
            context={"entries": entries, "kinds": _kind_links(view, kind)},
        )


def event_rows(view: View, showings: Iterable[Showing]) -> tuple[Row, ...]:
    """Lines of a list of events."""
    return tuple(view.event_row(showing) for showing in showings)


def news_rows(view: View, announcements: Iterable[Published[Any]]) -> tuple[Row, ...]:
    """Lines of a list of announcements."""
    return tuple(view.news_row(news) for news in announcements)


def _kind_links(view: View, current: Kind) -> list[tuple[Label, bool]]:
    return [(Label(view.words(f"facet.{kind.plural}"), view.path(f"{kind.plural}/")), kind is current) for kind in FACETS]


def _year_link(view: View, years: Sequence[int]) -> Label | None:
    return Label(str(years[0]), view.path(f"past/{years[0]}/")) if years else None


def _by_name(view: View, facets: Iterable[Published[Any]]) -> list[Published[Any]]:
    return sorted(facets, key=lambda facet: (view.collation(facet.text(view.language).name_text), facet.id))


def _pinned_first(showings: Sequence[Showing]) -> list[Showing]:
    return sorted(showings, key=lambda showing: not showing.event.text(showing.event.own_language).pinned)


def _items(seen: Seen, *lists: Sequence[Row]) -> frozenset[str]:
    return frozenset(seen).union(*(row.items for rows in lists for row in rows))


def _ahead(view: View) -> Iterator[tuple[PublishedEvent, Part]]:
    """Deadlines that can still be met: of events that take place, soonest first."""
    for event, part in sorted(_deadlines(view), key=_due_order):
        off = event.is_off or part.status is Status.CANCELLED
        if not off and end_of(part.time, view.config.site.timezone) > view.edition.midnight:
            yield event, part


def _over(view: View) -> Iterator[tuple[PublishedEvent, Part]]:
    for event, part in sorted(_deadlines(view), key=_due_order, reverse=True):
        if end_of(part.time, view.config.site.timezone) <= view.edition.midnight:
            yield event, part


def _deadlines(view: View) -> Iterator[tuple[PublishedEvent, Part]]:
    return ((event, part) for event in view.edition.events for part in event.deadlines if part.texts.get(view.language))


def _due_order(pair: tuple[PublishedEvent, Part]) -> Any:
    from publisher.model.when import sort_key

    event, part = pair
    return (sort_key(part.time), event.id, part.id)


def _due_with_event(view: View, event: PublishedEvent, part: Part, seen: Seen) -> tuple[Due, Label]:
    return due(view, event, part), view.record(event, seen)
