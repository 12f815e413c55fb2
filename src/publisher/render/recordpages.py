"""The pages of announcements, and of free pages such as about and privacy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.model.records import Kind
from publisher.render import alternates
from publisher.render.eventpage import showing_of
from publisher.render.jsonld_records import news_node
from publisher.render.layout import Draft
from publisher.render.recordparts import og_image, shared_context
from publisher.render.rows import event_rows, items_of
from publisher.render.stamps import vague_stamp
from publisher.render.view import Label, Seen, key

if TYPE_CHECKING:
    from publisher.model.edition import Published
    from publisher.model.records import Announcement, Page
    from publisher.render.view import View


def announcement_draft(view: View, news: Published[Announcement], *, expired: bool = False) -> Draft:
    """The page of an announcement; it stays when the announcement has expired."""
    words, record = view.words, news.text(view.language)
    seen: Seen = {key(news)}
    events = [view.lookup.events[id_] for id_ in record.events if id_ in view.lookup.events]
    cards = event_rows(view, map(showing_of, events))
    published, stated = view.published(news)
    context = {
        "news": news,
        "record": record,
        "lang": view.foreign(news),
        "published": published,
        "stated": stated,
        "expired": vague_stamp(record.expires, words, view.config.site.timezone)
        if expired and record.expires
        else None,
        "organisations": view.facets(Kind.ORGANISATION, record.organisations, seen),
        "topics": view.facets(Kind.TOPIC, record.topics, seen),
        "cards": cards,
        **shared_context(view, news, seen),
    }
    return Draft(
        path=f"{news.path}/",
        template="announcement.html",
        title=record.title,
        description=record.summary or "",
        above=(Label(words("nav.news"), view.path("announcements/")),),
        alternates=alternates.memberships(view, record),
        nodes=(news_node(view, news),),
        og_type="article",
        image=og_image(view, news),
        items=items_of(seen, cards),
        context=context,
    )


def free_page_draft(view: View, page: Published[Page]) -> Draft:
    """A page such as about, privacy, imprint."""
    record = page.text(view.language)
    seen: Seen = {key(page)}
    context = {"page": page, "record": record, "lang": view.foreign(page), **shared_context(view, page, seen)}
    return Draft(
        path=f"{page.id}/",
        template="page.html",
        title=record.title,
        description=record.summary or "",
        image=og_image(view, page),
        items=frozenset(seen),
        context=context,
    )
