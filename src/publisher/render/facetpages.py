"""Listings of a topic, organisation, place or series, and the index of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.model.records import FACETS
from publisher.render import alternates
from publisher.render.jsonld_records import facet_node
from publisher.render.layout import Draft
from publisher.render.recordparts import shared_context
from publisher.render.rows import event_rows, items_of, news_rows
from publisher.render.subscriptions import subscription
from publisher.render.view import Label, Seen, key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.edition import Published
    from publisher.model.records import Kind
    from publisher.render.view import View


def facet_draft(view: View, facet: Published[Any]) -> Draft:
    """An organisation, place, topic or series: what is coming, what is over, what is said of it."""
    member = (facet.kind, facet.id)
    record, seen = facet.text(view.language), {key(facet)}
    ahead, over = view.lookup.coming_of.get(member, ()), view.lookup.past_of.get(member, ())
    coming, past = event_rows(view, ahead), event_rows(view, over)
    shelf = view.shelves[f"{facet.path}/calendar"]
    news = news_rows(view, view.lookup.news_of.get(member, ()))
    node = facet_node(view, facet)
    context = {
        "facet": facet,
        "record": record,
        "lang": view.foreign(facet),
        "label": view.record(facet, seen),
        "parent": view.facet(facet.kind, record.parent, seen) if record.parent else None,
        "children": [
            view.record(child, seen) for child in view.by_name(view.lookup.children.get(member, ()))
        ],
        "coming": coming,
        "past": past,
        "news": news,
        "logo": facet.assets.get(record.logo) if record.logo else None,
        "subscription": subscription(view, f"{facet.path}/", record.name, feed=facet.path, in_full=True),
        # Of what is listed, some is in no calendar: its day is not known, or it was cancelled long ago.
        "is_short": shelf.lacks(key(showing.event) for showing in (*ahead, *over)),
        **shared_context(view, facet, seen),
    }
    return Draft(
        path=f"{facet.path}/",
        template="listing.html",
        title=record.name,
        description=record.summary or "",
        above=(Label(view.words(f"facet.{facet.kind.plural}"), view.path(f"{facet.kind.plural}/")),),
        alternates=alternates.listing(view, facet),
        nodes=(node,) if node else (),
        items=items_of(seen, coming, past, news),
        context=context,
    )


def facet_index_drafts(view: View) -> Iterator[Draft]:
    """All topics, all organisations, ...: by name."""
    for kind in FACETS:
        seen: Seen = set()
        facets = view.by_name(view.edition.facets[kind].values())
        entries = [
            (view.record(facet, seen), facet.text(view.language), view.foreign(facet, "summary"))
            for facet in facets
        ]
        yield Draft(
            path=f"{kind.plural}/",
            template="facets.html",
            title=view.words(f"facet.{kind.plural}"),
            description=view.words(f"facet.{kind.plural}_about"),
            items=frozenset(seen),
            context={"entries": entries, "kinds": _kind_links(view, kind)},
        )


def _kind_links(view: View, current: Kind) -> list[tuple[Label, bool]]:
    return [
        (Label(view.words(f"facet.{kind.plural}"), view.path(f"{kind.plural}/")), kind is current)
        for kind in FACETS
    ]
