"""From a record to an entry: title, addresses, dates, categories and facts, in a feed's language."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from publisher.model.artifact import media_type
from publisher.model.edition import PublishedEvent
from publisher.model.records import FACETS, Status
from publisher.render import markup, names, urls
from publisher.render.calendars import event_calendar
from publisher.render.entry_html import content, first_line
from publisher.render.feed import Author, Category, Entry, EventFacts, Link, points
from publisher.render.vevent import with_status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from publisher.model.edition import Edition, Published
    from publisher.model.records import Kind
    from publisher.render.theme import Theme
    from publisher.render.words import Words

#: How much of a body stands for a missing summary, in characters.
EXCERPT = 300
_OFF = frozenset({Status.CANCELLED, Status.POSTPONED})


def entry_of(edition: Edition, theme: Theme, language: str, record: Published[Any]) -> Entry:
    """The entry of an event or announcement for the readers of a language."""
    words, text_language = theme.words[language], record.language_of(language)
    return Entry(
        id=urls.tag_uri(edition.config, record.kind, record.id, language),
        item=f"{record.kind}/{record.id}",
        title=_title(edition, words, record),
        url=_page(edition, language, record),
        links=(
            *_translations(edition, language, record),
            *_sources(record, language),
            *_files(edition, theme, language, record),
        ),
        published=_second(record.first_published),
        updated=_second(updated(record)),
        authors=(author(edition, language),),
        categories=tuple(_categories(edition, language, record)),
        summary=_summary(edition, words, record),
        content=content(edition, words, record),
        language=text_language if text_language != language else None,
        event=_facts(edition, words, record) if isinstance(record, PublishedEvent) else None,
    )


def updated(record: Published[Any]) -> datetime:
    """The last significant change (RFC 4287 section 4.2.15): an event's own, a deadline's or a date's."""
    parts = (*record.deadlines, *record.occurrences) if isinstance(record, PublishedEvent) else ()
    return max([record.updated, *(part.updated for part in parts)])


def is_coming(edition: Edition, event: PublishedEvent) -> bool:
    """Whether it is not over on the edition's day."""
    return event.ends > edition.midnight


def author(edition: Edition, language: str) -> Author:
    """The site: it is answerable for what its records say."""
    return Author(name=edition.config.title(language), uri=urls.absolute(edition.config, f"{language}/"))


def _title(edition: Edition, words: Words, record: Published[Any]) -> str:
    """Many readers show nothing else: it says when an event is off, or has moved and is still to come."""
    if not isinstance(record, PublishedEvent):
        return str(record.text(words.language).title)
    title = with_status(record.text(words.language).title, record.entry_status, words)
    moved = record.previous_time is not None and record.entry_status not in _OFF
    return words("title.moved", title=title) if moved and is_coming(edition, record) else title


def _summary(edition: Edition, words: Words, record: Published[Any]) -> str:
    text = record.text(words.language)
    told = text.summary or _excerpt(markup.plain(text.body, _page(edition, words.language, record)))
    if isinstance(record, PublishedEvent):
        told = " — ".join(filter(None, (first_line(edition, words, record), told)))
    return " ".join((told or text.name_text).split())


def _excerpt(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= EXCERPT else flat[:EXCERPT].rsplit(" ", 1)[0] + " …"


def _translations(edition: Edition, language: str, record: Published[Any]) -> Iterator[Link]:
    """The same record in its other languages.

    They are `related`, not `alternate`: of several alternates some readers open
    the first and others the last, and either would be the wrong page for somebody.
    """
    for other in edition.languages:
        if other != language and other in record.languages:
            title = record.text(other).name_text
            yield Link(
                href=_page(edition, other, record),
                rel="related",
                type="text/html",
                hreflang=other,
                title=title,
            )


def _sources(record: Published[Any], language: str) -> Iterator[Link]:
    """Where it was said first (RFC 4287 section 4.2.7.2: via); an address once."""
    named = {source.url: source.title for source in record.text(language).sources if source.url}
    return (Link(href=url, rel="via", title=title) for url, title in named.items())


def _files(edition: Edition, theme: Theme, language: str, record: Published[Any]) -> Iterator[Link]:
    """The event's own calendar first: RSS can name one file only, and its length is known."""
    if isinstance(record, PublishedEvent) and record.has_calendar:
        length = len(event_calendar(edition, theme, language, record))
        yield Link(
            href=_ical(edition, language, record), rel="enclosure", type="text/calendar", length=length
        )
    for file in getattr(record.text(language), "attachments", ()):
        if stored := record.assets.get(file.file):
            address = urls.absolute(edition.config, urls.asset(stored))
            type_ = media_type(stored).partition(";")[0]
            yield Link(href=address, rel="enclosure", type=type_, title=file.title)


def _categories(edition: Edition, language: str, record: Published[Any]) -> Iterator[Category]:
    """Its topics, organisations, places and series, parents included: what a reader can choose by."""
    for kind in FACETS:
        for id_ in sorted(id_ for member, id_ in record.memberships if member is kind):
            label = _name(edition, language, kind, id_)
            if label:
                yield Category(
                    term=id_, label=label, scheme=f"tag:{edition.config.site.identity}:{kind.plural}"
                )


def _name(edition: Edition, language: str, kind: Kind, id_: str) -> str:
    facet = edition.facet(kind, id_)
    return facet.text(language).name_text if facet else edition.others.get((kind, id_), {}).get(language, "")


def _facts(edition: Edition, words: Words, event: PublishedEvent) -> EventFacts:
    record, language = event.text(words.language), words.language
    start, end, timezone = points(event.entry_time or event.time)
    return EventFacts(
        start=start,
        end=end,
        timezone=timezone,
        location="; ".join(map(str, names.places(edition, record.place, language))),
        organizer=", ".join(party.name for party in names.parties(edition, record.organisers, language)),
        status=event.entry_status.value,
        uid=event.uid,
        ical=_ical(edition, language, event) if event.has_calendar else "",
    )


def _page(edition: Edition, language: str, record: Published[Any]) -> str:
    return urls.absolute(edition.config, urls.page(language, record))


def _ical(edition: Edition, language: str, event: PublishedEvent) -> str:
    return urls.absolute(edition.config, f"{language}/{event.path}/event.ics")


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
