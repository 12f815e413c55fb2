"""The pages of single records: events, announcements and free pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publisher.model.edition import Showing
from publisher.model.records import Kind, Status
from publisher.model.translation import dump
from publisher.model.when import Unknown
from publisher.render import urls
from publisher.render.addlinks import AddLinks, add_links
from publisher.render.jsonld import event_node, image_url, news_node
from publisher.render.layout import CALENDAR, Alternate, Draft
from publisher.render.programme import due, programme, recurrence_text, repeats
from publisher.render.stamps import Stamp, stamp, vague_stamp
from publisher.render.view import Label, Seen, key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.edition import Published, PublishedEvent
    from publisher.model.records import Announcement, Page
    from publisher.render.names import NamedPlace
    from publisher.render.view import View


@dataclass(frozen=True)
class Banner:
    """What readers must know first: the event is off, or elsewhere, or at another time."""

    kind: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class SourceLine:
    """Where something was said, when, and by whom."""

    title: str
    url: str
    publisher: Label | None
    published: Stamp | None
    note: str


@dataclass(frozen=True)
class Picture:
    """A record's image."""

    href: str
    alt: str
    credit: str


@dataclass(frozen=True)
class Download:
    """A file that stands beside the record."""

    href: str
    title: str
    ending: str


def event_draft(view: View, event: PublishedEvent) -> Draft:
    """The page of an event that is or was public."""
    words, record = view.words, event.text(view.language)
    seen: Seen = {key(event)}
    lang = view.foreign(event)
    about = tuple(view.news_row(news) for news in view.lookup.about.get(event.id, ()))
    related = tuple(view.event_row(_showing(other)) for other in _related(view, event))
    moment = stamp(event.time, words)
    places = view.places(record.place, seen, lang)
    title = _marked_title(view, event)
    context = {
        "event": event,
        "record": record,
        "lang": lang,
        "banner": banner(view, event),
        "stamp": moment,
        "series": view.facet(Kind.SERIES, record.series, seen) if record.series else None,
        "places": places,
        "organisers": view.parties(record.organisers, seen, lang),
        "hosts": view.parties(record.hosts, seen, lang),
        "partners": view.parties(record.partners, seen, lang),
        "topics": view.facets(Kind.TOPIC, record.topics, seen),
        "programme": programme(view, event, seen),
        "deadlines": tuple(due(view, event, part) for part in event.deadlines),
        "registration": _registration(view, event),
        "recurrence": recurrence_text(event, words),
        "dates": repeats(view, event),
        "add": _add(view, event, places),
        "related": related,
        "about": about,
        **shared_context(view, event, seen),
    }
    own = Alternate(CALENDAR, view.absolute(f"{event.path}/event.ics"), record.title)
    return Draft(
        path=f"{event.path}/",
        template="event.html",
        title=title,
        description=record.summary or f"{moment.text}. {', '.join(label.text for label, _ in places)}".rstrip(". "),
        above=(Label(words("nav.events"), view.path("events/")),),
        alternates=(own,) if event.has_day else (),
        nodes=(event_node(view, event),),
        og_type="article",
        image=_og_image(view, event),
        items=frozenset(seen).union(*(row.items for row in (*about, *related))),
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


def announcement_draft(view: View, news: Published[Announcement], *, expired: bool = False) -> Draft:
    """The page of an announcement; it stays when the announcement has expired."""
    words, record = view.words, news.text(view.language)
    seen: Seen = {key(news)}
    events = [view.lookup.events[id_] for id_ in record.events if id_ in view.lookup.events]
    cards = tuple(view.event_row(_showing(event)) for event in events)
    published, stated = view.published(news)
    context = {
        "news": news,
        "record": record,
        "lang": view.foreign(news),
        "published": published,
        "stated": stated,
        "expired": vague_stamp(record.expires, words) if expired and record.expires else None,
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
        nodes=(news_node(view, news),),
        og_type="article",
        image=_og_image(view, news),
        items=frozenset(seen).union(*(row.items for row in cards)),
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
        image=_og_image(view, page),
        items=frozenset(seen),
        context=context,
    )


def banner(view: View, event: PublishedEvent) -> Banner | None:
    """What has become of the event, if anything."""
    words, note = view.words, event.text(view.language).status_note or ""
    before = stamp(event.previous_time, words, with_zone=False).text if event.previous_time else ""
    now = stamp(event.time, words, with_zone=False).text
    match event.status:
        case Status.CANCELLED:
            return Banner("cancelled", words("change.removed" if event.removed else "change.cancelled"), note)
        case Status.POSTPONED:
            was = before if before and isinstance(event.time, Unknown) else now
            return Banner("postponed", words("change.postponed", before=was), note)
    if before:
        return Banner("moved", words("change.moved", before=before, after=now), note)
    if _relocated(event):
        return Banner("moved", words("change.relocated"), note)
    if event.status is Status.TENTATIVE:
        return Banner("tentative", words("change.tentative"), note)
    return Banner("note", "", note) if note else None


def _relocated(event: PublishedEvent) -> bool:
    """Whether the last significant change took it to another place; the first naming of a place is no move."""
    before = (event.previous or {}).get("place")
    return bool(before) and before != dump(event.text(event.own_language)).get("place")


def _marked_title(view: View, event: PublishedEvent) -> str:
    title = event.text(view.language).title
    marks = {Status.CANCELLED: "title.cancelled", Status.POSTPONED: "title.postponed"}
    return view.words(marks[event.status], title=title) if event.status in marks else title


def _showing(event: PublishedEvent) -> Showing:
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
    return {
        "url": registration.url,
        "price": registration.price,
        "opens": vague_stamp(registration.opens, view.words) if registration.opens else None,
        "closes": vague_stamp(registration.closes, view.words) if registration.closes else None,
    }


def _add(view: View, event: PublishedEvent, places: tuple[tuple[Label, NamedPlace], ...]) -> AddLinks | None:
    """The ways to put this one event into a calendar; none to put a cancelled one there."""
    if not event.has_day or event.is_off:
        return None
    return add_links(
        event, event.text(view.language).title, "; ".join(str(p) for _, p in places), view.absolute(f"{event.path}/")
    )


def shared_context(view: View, record: Published[Any], seen: Seen) -> dict[str, Any]:
    """What every kind of record may have: text, picture, files, sources, the curator's note."""
    text = record.text(view.language)
    return {
        "body": view.body(record),
        "body_lang": view.foreign(record, "body"),
        "summary_lang": view.foreign(record, "summary"),
        "note_lang": view.foreign(record, "curator_note"),
        "picture": _picture(view, record),
        "downloads": tuple(_downloads(record, getattr(text, "attachments", ()))),
        "sources": tuple(_sources(view, text, seen)),
        "also": tuple(_also(view, text)),
    }


def _picture(view: View, record: Published[Any]) -> Picture | None:
    image = record.text(view.language).image
    stored = record.assets.get(image.file) if image else None
    return Picture(f"/{urls.asset(stored)}", image.alt, image.credit or "") if image and stored else None


def _og_image(view: View, record: Published[Any]) -> tuple[str, str] | None:
    url, image = image_url(view, record), record.text(view.language).image
    return (url, image.alt) if url and image else None


def _downloads(record: Published[Any], attachments: Any) -> Iterator[Download]:
    for attachment in attachments:
        stored = record.assets.get(attachment.file)
        if stored:
            yield Download(f"/{urls.asset(stored)}", attachment.title, attachment.file.rpartition(".")[2].upper())


def _sources(view: View, text: Any, seen: Seen) -> Iterator[SourceLine]:
    for source in text.sources:
        yield SourceLine(
            source.title,
            source.url or "",
            view.facet(Kind.ORGANISATION, source.publisher, seen) if source.publisher else None,
            vague_stamp(source.published, view.words) if source.published else None,
            source.note or "",
        )


def _also(view: View, text: Any) -> Iterator[tuple[str, str]]:
    """Other names, and which of the sources uses each."""
    for other in text.also_known_as:
        number = other.source if other.source and other.source <= len(text.sources) else None
        yield other.name, view.words("event.also_in_source", number=number) if number else ""

