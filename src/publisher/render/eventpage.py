"""The page of an event: when, where, who, the programme, the sources, and how to keep it in a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.model.edition import Showing
from publisher.model.records import Kind
from publisher.render import alternates
from publisher.render.banners import banner, marked_title
from publisher.render.eventcopies import copies
from publisher.render.jsonld_records import event_node
from publisher.render.layout import Draft
from publisher.render.programme import due, programme, recurrence_text, repeats, weekdays
from publisher.render.recordparts import og_image, shared_context
from publisher.render.rows import event_rows, items_of, news_rows
from publisher.render.stamps import stamp, vague_stamp
from publisher.render.view import Label, Seen, key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.edition import PublishedEvent
    from publisher.render.view import View


def event_draft(view: View, event: PublishedEvent) -> Draft:
    """The page of an event that is or was public."""
    words, record = view.words, event.text(view.language)
    seen: Seen = {key(event)}
    lang = view.foreign(event)
    about = news_rows(view, view.lookup.about.get(event.id, ()))
    related = event_rows(view, map(showing_of, _related(view, event)))
    moment = stamp(event.time, words)
    places = view.places(record.place, seen, lang)
    series = view.facet(Kind.SERIES, record.series, seen) if record.series else None
    organisers = view.parties(record.organisers, seen, lang)
    topics = view.facets(Kind.TOPIC, record.topics, seen)
    context = {
        "event": event,
        "record": record,
        "lang": lang,
        "banner": banner(view, event),
        "stamp": moment,
        "weekdays": weekdays(event.time, words),
        "series": series,
        "places": places,
        "organisers": organisers,
        "hosts": view.parties(record.hosts, seen, lang),
        "partners": view.parties(record.partners, seen, lang),
        "listings": [
            label for label in (series, *topics, *organisers) if label and label.href.startswith("/")
        ],
        "programme": programme(view, event, seen),
        "deadlines": tuple(due(view, event, part) for part in event.deadlines),
        "registration": _registration(view, event),
        "recurrence": recurrence_text(event, words),
        "dates": repeats(view, event, seen),
        "copies": copies(view, event),
        "related": related,
        "about": about,
        **shared_context(view, event, seen),
    }
    own = alternates.calendar(view, f"{event.path}/event.ics", record.title)
    return Draft(
        path=f"{event.path}/",
        template="event.html",
        title=marked_title(view, event),
        description=record.summary
        or f"{moment.text}. {', '.join(label.text for label, _ in places)}".rstrip(". "),
        above=(Label(words("nav.events"), view.path("events/")),),
        alternates=(*([own] if event.has_calendar else []), *alternates.memberships(view, record)),
        nodes=(event_node(view, event),),
        og_type="article",
        image=og_image(view, event),
        items=items_of(seen, about, related),
        context=context,
    )


def withdrawn_draft(view: View, event: PublishedEvent) -> Draft:
    """The page of an event that was published by mistake: it only says so."""
    return Draft(
        path=f"{event.path}/",
        template="withdrawn.html",
        title=view.words("status.withdrawn"),
        items=frozenset({key(event)}),
        above=(Label(view.words("nav.events"), view.path("events/")),),
    )


def showing_of(event: PublishedEvent) -> Showing:
    """The event as a whole, for a line of a list."""
    return Showing(event, event.time, event.status)


def _related(view: View, event: PublishedEvent) -> Iterator[PublishedEvent]:
    """What the record names, then what names it."""
    named = event.text(event.own_language).related
    known = view.lookup.events
    yield from (known[id_] for id_ in named if id_ in known and id_ != event.id)
    back = (known[id_] for id_ in view.lookup.related_to.get(event.id, ()) if id_ not in named)
    yield from (other for other in back if other.id != event.id)


def _registration(view: View, event: PublishedEvent) -> dict[str, Any] | None:
    registration = event.text(view.language).registration
    if registration is None:
        return None
    timezone = event.text(event.own_language).timezone or view.config.site.timezone
    return {
        "url": registration.url,
        "price": registration.price,
        "opens": vague_stamp(registration.opens, view.words, timezone) if registration.opens else None,
        "closes": vague_stamp(registration.closes, view.words, timezone) if registration.closes else None,
    }
