"""What goes with an entry: its page in other languages, its sources, and its files with their true length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.model.artifact import media_type
from publisher.model.edition import PublishedEvent
from publisher.model.entry_bounds import MOST_FILES, MOST_SOURCES, MOST_TRANSLATIONS, first_ones
from publisher.render import urls
from publisher.render.calendars import event_calendar
from publisher.render.feed import Link, Picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.edition import Edition, Published
    from publisher.render.theme import Theme


def links(edition: Edition, theme: Theme, language: str, record: Published[Any]) -> tuple[Link, ...]:
    """The links of an entry but the one to its own page; a file that is named twice is there once.

    Of each sort the first ones (`model.entry_bounds`).
    """
    files: dict[str, Link] = {}
    for file in _files(edition, theme, language, record):
        files.setdefault(file.href, file)
    return (
        *first_ones(_translations(edition, language, record), MOST_TRANSLATIONS),
        *first_ones(_sources(record, language), MOST_SOURCES),
        *first_ones(files.values(), MOST_FILES),
    )


def page_url(edition: Edition, language: str, record: Published[Any]) -> str:
    """The public address of a record's page."""
    return urls.absolute(edition.config, urls.page(language, record))


def ical_url(edition: Edition, language: str, event: PublishedEvent) -> str:
    """The public address of an event's own calendar; nothing while it has none."""
    if not event.has_calendar:
        return ""
    return urls.absolute(edition.config, f"{language}/{event.path}/event.ics")


def calendar_file(edition: Edition, theme: Theme, language: str, event: PublishedEvent) -> Link | None:
    """An event's own calendar as an enclosure."""
    href = ical_url(edition, language, event)
    if not href:
        return None
    length = len(event_calendar(edition, theme, language, event))
    return Link(href=href, rel="enclosure", type="text/calendar", length=length)


def picture(edition: Edition, language: str, record: Published[Any]) -> Picture | None:
    """The record's image, once it is stored."""
    image = record.text(language).image
    stored = record.assets.get(image.file) if image else None
    if not (image and stored):
        return None
    facts = edition.asset_facts(stored)
    return Picture(
        href=urls.absolute(edition.config, urls.asset(stored)),
        alt=image.alt,
        type=_type(stored),
        length=facts.length,
        width=facts.width,
        height=facts.height,
    )


def _translations(edition: Edition, language: str, record: Published[Any]) -> Iterator[Link]:
    """The same record in its other languages.

    They are `related`, not `alternate`: of several alternates some readers open
    the first and others the last, and either would be the wrong page for somebody.
    """
    for other in edition.languages:
        if other != language and other in record.languages:
            yield Link(
                href=page_url(edition, other, record),
                rel="related",
                type="text/html",
                hreflang=other,
                title=record.text(other).name_text,
            )


def _sources(record: Published[Any], language: str) -> Iterator[Link]:
    """Where it was said first (RFC 4287 section 4.2.7.2: via); an address once."""
    named = {source.url: source.title for source in record.text(language).sources if source.url}
    return (Link(href=url, rel="via", title=title) for url, title in named.items())


def _files(edition: Edition, theme: Theme, language: str, record: Published[Any]) -> Iterator[Link]:
    """The event's own calendar, its picture, its attachments."""
    if isinstance(record, PublishedEvent) and (file := calendar_file(edition, theme, language, record)):
        yield file
    if shown := picture(edition, language, record):
        yield Link(href=shown.href, rel="enclosure", type=shown.type, title=shown.alt, length=shown.length)
    for attachment in getattr(record.text(language), "attachments", ()):
        if stored := record.assets.get(attachment.file):
            yield Link(
                href=urls.absolute(edition.config, urls.asset(stored)),
                rel="enclosure",
                type=_type(stored),
                title=attachment.title,
                length=edition.asset_facts(stored).length,
            )


def _type(stored: str) -> str:
    return media_type(stored).partition(";")[0]
