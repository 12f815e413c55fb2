"""From a change to an entry of a feed: an item of its own, with an id of its own for ever.

Readers do not show an entry again that has changed. So whoever follows changes
gets a new one for each.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from publisher.model.entry_bounds import first_words
from publisher.model.ledger import OCCURRENCE
from publisher.render import change_notes, urls
from publisher.render.entries import entry_of
from publisher.render.feed import points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.edition import Edition
    from publisher.render.changes import Change
    from publisher.render.feed import Entry, EventFacts, Link
    from publisher.render.theme import Theme
    from publisher.render.words import Words

_CALENDAR = "text/calendar"


def change_entry(edition: Edition, theme: Theme, language: str, change: Change) -> Entry:
    """The entry of a change for the readers of a language: the event's own, but for what it tells."""
    words, at = theme.words[language], change.at.replace(microsecond=0)
    event = entry_of(edition, theme, language, change.event)
    return replace(
        event,
        id=entry_id(edition, language, change),
        title=change_notes.title(change, words),
        links=tuple(link for link in event.links if _belongs(link)),
        published=at,
        updated=at,
        summary=_summary(words, change),
        content=_content(edition, words, change),
        picture=None,
        event=_facts(change, words, event.event),
    )


def entry_id(edition: Edition, language: str, change: Change) -> str:
    """Made from stored ids and the revision that the change made: nothing that can change."""
    event = change.event
    return f"{urls.tag_uri(edition.config, event.kind, event.id, language)}/change/{change.name}"


def change_state(change: Change) -> tuple[object, ...]:
    """What its entry depends on beside the event's own state: equal for equal entries, and printable."""
    return (
        change.name,
        change.at.isoformat(),
        *(repr(state) for state in (change.before, change.after, change.now)),
        change.is_newest,
        sorted((id_, sorted(found.items())) for id_, found in change.place_names.items()),
    )


def _belongs(link: Link) -> bool:
    """Whether a link of the event goes with a change: its calendar and translations, not what it is about."""
    return link.rel == "related" or (link.rel == "enclosure" and link.type == _CALENDAR)


def _facts(change: Change, words: Words, event: EventFacts | None) -> EventFacts | None:
    """When, where and whether, for machines: of the part, where the change is of one."""
    part = change.part
    if part is None or event is None:
        return event
    start, end, timezone = points(change.now.time)
    return replace(
        event,
        start=start,
        end=end,
        timezone=timezone,
        location=change_notes.where(change, change.now, words),
        status=(change.event.entry_status if change.event.is_off else change.now.status).value,
        uid=part.uid,
        # A date of a series is an event like any other.
        type="event" if part.kind == OCCURRENCE else part.kind,
    )


def _summary(words: Words, change: Change) -> str:
    said = [*change_notes.told(change, words), change_notes.since(change, words)]
    told = " ".join(" ".join(filter(None, said)).split())
    return first_words(told or change_notes.subject(change, words))


def _content(edition: Edition, words: Words, change: Change) -> str:
    """What it was and what it became, why, what has become of it since, and how it stands.

    What is not in the feed's language is marked; in an entry that is in another language, everything.
    """
    is_foreign = change.event.language_of(words.language) != words.language
    told = []
    for lang, blocks in groupby(_blocks(edition, words, change), key=itemgetter(1)):
        html = "\n".join(html for html, _ in blocks)
        told.append(f'<div lang="{lang}">{html}</div>' if is_foreign or lang != words.language else html)
    return "\n".join(told)


def _blocks(edition: Edition, words: Words, change: Change) -> Iterator[tuple[str, str]]:
    """Pieces of content, each with its language."""
    here = words.language
    for sentence in change_notes.told(change, words):
        yield f"<p><strong>{escape(sentence)}</strong></p>", here
    if note := change_notes.note(change, words):
        yield f"<p>{escape(note.text)}</p>", note.lang or here
    if since := change_notes.since(change, words):
        yield f"<p><em>{escape(since)}</em></p>", here
    now = words("changes.told.now", now=change_notes.standing(edition, change, words))
    yield f"<p>{escape(now)}</p>", here
    address = urls.absolute(edition.config, urls.page(here, change.event))
    text = change.event.text(here).title
    yield f'<p><a href="{escape(address)}">{escape(text)}</a></p>', change.event.language_of(here)
