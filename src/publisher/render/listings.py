"""The pages that list everything: the first page, events, a past year, news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.model.artifact import Stage
from publisher.model.records import Kind
from publisher.render import alternates
from publisher.render.deadlinepage import ahead_of, due_with_event
from publisher.render.feed_offers import offer
from publisher.render.jsonld import website_node
from publisher.render.layout import Draft
from publisher.render.lookup import once, year_of
from publisher.render.rows import event_rows, items_of, news_rows
from publisher.render.subscriptions import own_calendar, subscription
from publisher.render.view import Label, Seen, key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publisher.model.edition import Edition, Published, Showing
    from publisher.render.view import View
    from publisher.render.words import Words

#: How much the first page shows of each.
COMING_FIRST, DEADLINES_FIRST, NEWS_FIRST = 12, 5, 6
#: How many events that are over stand below the coming ones.
PAST_FIRST = 12


def home_draft(view: View) -> Draft:
    """The first page of a language."""
    seen: Seen = set()
    coming = view.lookup.coming
    ahead = list(ahead_of(view))[:DEADLINES_FIRST]
    pinned = event_rows(view, [showing for showing in coming if _is_pinned(showing.event)])
    rows = event_rows(view, [showing for showing in coming if not _is_pinned(showing.event)][:COMING_FIRST])
    recent = event_rows(view, view.lookup.past[:PAST_FIRST]) if not (pinned or rows) else ()
    pinned_news = news_rows(view, [news for news in view.edition.announcements if _is_pinned(news)])
    news = news_rows(view, [news for news in view.edition.announcements if not _is_pinned(news)][:NEWS_FIRST])
    title = view.config.title(view.language)
    context = {
        "pinned": pinned,
        "rows": rows,
        "recent": recent,
        "deadlines": [due_with_event(view, event, part, seen) for event, part in ahead],
        "pinned_news": pinned_news,
        "news": news,
        "topics": [
            view.record(topic, seen) for topic in view.by_name(view.edition.facets[Kind.TOPIC].values())
        ],
        "subscription": subscription(view, "", title),
        "changes": offer(view, "changes"),
    }
    return Draft(
        path="",
        template="home.html",
        title=title,
        description=view.config.description(view.language),
        nodes=(website_node(view),),
        items=items_of(seen, pinned, rows, recent, pinned_news, news),
        stage=Stage.INDEX,
        context=context,
    )


def events_draft(view: View) -> Draft:
    """All coming events, the latest that are over, and the years before."""
    coming, past = event_rows(view, view.lookup.coming), event_rows(view, view.lookup.past[:PAST_FIRST])
    context = {
        "coming": coming,
        "past": past,
        "years": [
            Label(str(year), view.path(past_path(year)))
            for year in sorted(past_years(view.edition), reverse=True)
        ],
        "subscription": subscription(view, "", view.config.title(view.language), feed="events", in_full=True),
        "changes": offer(view, "changes"),
    }
    # Which years there are depends on every event that is over.
    return Draft(
        path="events/",
        template="events.html",
        title=view.words("nav.events"),
        description=view.config.description(view.language),
        alternates=alternates.feed(view, "events"),
        items=items_of({key(event) for event in view.edition.events}, coming, past),
        context=context,
    )


def past_years(edition: Edition) -> dict[int, tuple[Showing, ...]]:
    """What is over by year, latest first; an event that repeats once in each year."""
    years: dict[int, list[Showing]] = {}
    for showing in edition.past():
        year = year_of(showing.time)
        if year is not None:
            years.setdefault(year, []).append(showing)
    return {year: once(showings) for year, showings in years.items()}


def past_path(year: int) -> str:
    """Where a past year's page is, below its language."""
    return f"past/{year}/"


def past_heading(year: int, words: Words) -> str:
    """What it is called."""
    return words("past.title", year=year)


def past_drafts(view: View) -> Iterator[Draft]:
    """A page for each year."""
    years = past_years(view.edition)
    order = sorted(years)
    for index, year in enumerate(order):
        before, after = order[index - 1 : index] if index else [], order[index + 1 : index + 2]
        rows = event_rows(view, years[year])
        # The links to the neighbours are there because of their events.
        heading, events = past_heading(year, view.words), [showing.event for showing in years[year]]
        own = own_calendar(view, past_path(year), heading, events)
        neighbours = {key(showing.event) for other in (*before, *after) for showing in years[other]}
        yield Draft(
            path=past_path(year),
            template="past.html",
            title=heading,
            above=(Label(view.words("nav.events"), view.path("events/")),),
            alternates=(own.alternate, *alternates.feed(view, "events")),
            items=items_of(neighbours, rows),
            context={
                "rows": rows,
                "subscription": subscription(view, "", view.config.title(view.language), feed="events"),
                "own": own,
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
        alternates=alternates.feed(view, "announcements"),
        items=items_of(set(), rows),
        context={
            "rows": rows,
            "subscription": subscription(view, "", view.config.title(view.language), feed="announcements"),
        },
    )


def _year_link(view: View, years: Sequence[int]) -> Label | None:
    return Label(str(years[0]), view.path(past_path(years[0]))) if years else None


def _is_pinned(record: Published[Any]) -> bool:
    return bool(record.text(record.own_language).pinned)
