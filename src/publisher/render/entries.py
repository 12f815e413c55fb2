"""From a record to an entry: title, addresses, dates, categories and facts, in a feed's language."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from publisher.model.edition import PublishedEvent
from publisher.model.entry_bounds import MOST_CATEGORIES, first_ones, first_words
from publisher.model.records import FACETS, Status
from publisher.render import markup, names, urls
from publisher.render.entry_files import ical_url, links, page_url, picture
from publisher.render.entry_html import content, first_line
from publisher.render.feed import Author, Category, Entry, EventFacts, points, told
from publisher.render.vevent import with_status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from publisher.model.edition import Edition, Published
    from publisher.model.records import Kind
    from publisher.render.theme import Theme
    from publisher.render.words import Words

_OFF = frozenset({Status.CANCELLED, Status.POSTPONED})


def entry_of(edition: Edition, theme: Theme, language: str, record: Published[Any]) -> Entry:
    """The entry of an event or announcement for the readers of a language."""
    words, text_language = theme.words[language], record.language_of(language)
    return Entry(
        id=urls.tag_uri(edition.config, record.kind, record.id, language),
        item=f"{record.kind}/{record.id}",
        title=_title(words, record),
        url=page_url(edition, language, record),
        links=links(edition, theme, language, record),
        published=_second(record.first_published),
        updated=_second(updated(record)),
        authors=(author(edition, language),),
        categories=tuple(first_ones(_categories(edition, language, record), MOST_CATEGORIES)),
        summary=_summary(edition, words, record),
        content=content(edition, words, record),
        language=text_language if text_language != language else None,
        event=_facts(edition, words, record) if isinstance(record, PublishedEvent) else None,
        picture=picture(edition, language, record),
    )


def updated(record: Published[Any]) -> datetime:
    """The last significant change (RFC 4287 section 4.2.15): an event's own, a deadline's or a date's."""
    parts = (*record.deadlines, *record.occurrences) if isinstance(record, PublishedEvent) else ()
    return max([record.updated, *(part.updated for part in parts)])


def author(edition: Edition, language: str) -> Author:
    """The site: it is answerable for what its records say."""
    return Author(name=edition.config.title(language), uri=urls.absolute(edition.config, f"{language}/"))


def _title(words: Words, record: Published[Any]) -> str:
    """Many readers show nothing else: it says when an event is off, or has moved.

    It goes on saying so when the event is over: what an entry says changes with its record only,
    never with the day, else all who follow the feed would fetch it for nothing.
    """
    text = record.text(words.language)
    if not isinstance(record, PublishedEvent):
        return _some(text.title, record)
    title = with_status(_some(text.title, record), record.entry_status, words)
    moved = record.previous_time is not None and record.entry_status not in _OFF
    return words("title.moved", title=title) if moved else title


def _some(title: str, record: Published[Any]) -> str:
    """A title that says something: Atom and RSS readers drop entries without one."""
    return title if told(title).strip() else record.id


def _summary(edition: Edition, words: Words, record: Published[Any]) -> str:
    text = record.text(words.language)
    summary = text.summary or markup.excerpt(text.body, page_url(edition, words.language, record))
    if isinstance(record, PublishedEvent):
        summary = " — ".join(filter(None, (first_line(edition, words, record), summary)))
    return first_words(" ".join((summary or _some(text.name_text, record)).split()))


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
        location=first_words("; ".join(map(str, names.places(edition, record.place, language)))),
        organizer=first_words(
            ", ".join(party.name for party in names.parties(edition, record.organisers, language))
        ),
        status=event.entry_status.value,
        uid=event.uid,
        ical=ical_url(edition, language, event),
        type="series" if event.recurrence else "event",
    )


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
