"""The content of an entry as HTML: everything that its reader needs without opening the page.

For an event the first line says when, where and whether; then what has changed,
the summary, the text, its deadlines, its sources and the curator's note, marked
as such. The body is made safe by `markup.html`; every other text is escaped here.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from publisher.model.edition import PublishedEvent
from publisher.model.entry_bounds import MOST_CONTENT, first_words, weight
from publisher.render import dates, markup, names, urls
from publisher.render.body import body
from publisher.render.entry_cut import Block, bounded
from publisher.render.entry_files import page_url, picture
from publisher.render.vevent import change_notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publisher.model.edition import Edition, Part, Published
    from publisher.model.records import Announcement, Event, Reference
    from publisher.render.words import Words


def content(edition: Edition, words: Words, record: Published[Any]) -> str:
    """The content, bounded: what does not fit is on the page, and the last line leads there.

    What is not in the feed's language is marked here: RSS has no other place for it. Where the
    record itself is in another language, so is its entry: then every part is marked, since Atom
    and RSS readers start from different languages.
    """
    all_marked = record.language_of(words.language) != words.language

    def marked(block: Block) -> str:
        if all_marked or block.language != words.language:
            return f'<div lang="{block.language}">{block.html}</div>'
        return block.html

    blocks = [block for block in _blocks(edition, words, record) if block.html]
    told = "\n".join(map(marked, blocks))
    if weight(told) > MOST_CONTENT:
        address = page_url(edition, words.language, record)
        more = Block(f"<p>{_anchor(address, words('feed.more'))}</p>", words.language)
        told = bounded(blocks, marked(more), marked)
    return told or _paragraph(record.text(words.language).name_text)


def first_line(edition: Edition, words: Words, event: PublishedEvent) -> str:
    """When, where and whether, as plain text."""
    places = names.places(edition, event.text(words.language).place, words.language)
    where = first_words("; ".join(place.name for place in places))
    when = dates.when(event.time, words)
    line = words("feed.first_line", when=when, where=where) if where else when
    return words("feed.first_line", when=line, where=words(f"status.{event.entry_status}"))


def _blocks(edition: Edition, words: Words, record: Published[Any]) -> Iterator[Block]:
    if isinstance(record, PublishedEvent):
        return _event(edition, words, record)
    return _announcement(edition, words, record)


def _event(edition: Edition, words: Words, event: PublishedEvent) -> Iterator[Block]:
    record, here = event.text(words.language), words.language
    yield Block(f"<p><strong>{escape(first_line(edition, words, event))}</strong></p>", here)
    for note in (*change_notes(event, words), *_relocation(words, event)):
        yield Block(f"<p><em>{escape(note)}</em></p>", here)
    yield Block(_paragraph(record.status_note), _language(event, here, "status_note"))
    yield from _telling(edition, here, event)
    yield Block(_taking_part(words, record), here)
    yield Block(_parts(words, event, event.deadlines, "feed.deadlines"), here)
    yield Block(_parts(words, event, event.occurrences, "feed.changed_dates"), here)
    yield from _background(edition, words, event)


def _announcement(edition: Edition, words: Words, announcement: Published[Announcement]) -> Iterator[Block]:
    yield from _telling(edition, words.language, announcement)
    for id_ in announcement.text(words.language).events:
        if event := edition.event(id_):
            anchor = _anchor(page_url(edition, words.language, event), event.text(words.language).title)
            yield Block(f"<p>{anchor} · {escape(dates.when(event.time, words))}</p>", words.language)
    yield from _background(edition, words, announcement)


def _telling(edition: Edition, here: str, record: Published[Any]) -> Iterator[Block]:
    """Picture, summary and body: the record's own words."""
    text = record.text(here)
    if shown := picture(edition, here, record):
        html = f"<p>{markup.image(shown.href, shown.alt, shown.width, shown.height)}</p>"
        yield Block(html + _paragraph(text.image.credit), _language(record, here, "image"))
    yield Block(_paragraph(text.summary), _language(record, here, "summary"))
    yield Block(body(edition, here, record), _language(record, here, "body"), is_body=True)


def _taking_part(words: Words, record: Event) -> str:
    """Where one takes part from afar, and where one registers."""
    found = []
    if record.online and record.online.public:
        found.append((words("calendar.where_online"), record.online.url))
    if record.registration and record.registration.url:
        found.append((words("feed.registration"), record.registration.url))
    return "".join(f"<p>{escape(label)}: {_anchor(url, url)}</p>" for label, url in found)


def _parts(words: Words, event: PublishedEvent, parts: Iterable[Part], heading: str) -> str:
    """Deadlines or changed dates, each with what it was before."""
    lines = []
    for part in parts:
        told = dates.when(part.time, words)
        if part.previous_time is not None:
            told += f" ({words('change.was', before=dates.when(part.previous_time, words))})"
        if part.status is not event.status and part.status.value in {"cancelled", "postponed", "tentative"}:
            told += f" · {words(f'status.{part.status}')}"
        title = names.part(part, words)
        lines.append(f"<li>{escape(f'{title}: {told}' if title else told)}</li>")
    return f"<p>{escape(words(heading))}</p><ul>{''.join(lines)}</ul>" if lines else ""


def _relocation(words: Words, event: PublishedEvent) -> Iterator[str]:
    """A sentence where the last significant change was one of place."""
    if event.is_relocated and not event.is_off:
        yield words("change.relocated")


def _background(edition: Edition, words: Words, record: Published[Any]) -> Iterator[Block]:
    """Files, sources, and the curator's note, marked as the curator's."""
    text, here = record.text(words.language), words.language
    for each in getattr(text, "attachments", ()):
        if stored := record.assets.get(each.file):
            address = urls.absolute(edition.config, urls.asset(stored))
            yield Block(f"<p>{_anchor(address, each.title)}</p>", _language(record, here, "attachments"))
    if text.sources:
        sources = "".join(f"<li>{_source(edition, words, source)}</li>" for source in text.sources)
        yield Block(_paragraph(words("feed.sources")), here)
        yield Block(f"<ul>{sources}</ul>", _language(record, here, "sources"))
    if text.curator_note:
        yield Block(_paragraph(words("feed.curator_note")), here)
        yield Block(_paragraph(text.curator_note), _language(record, here, "curator_note"))


def _language(record: Published[Any], here: str, field: str) -> str:
    """The language of one field: the record's own where it is not translated."""
    if record.language_of(here) == here and here != record.own_language:
        said, original = (getattr(record.text(language), field) for language in (here, record.own_language))
        return record.own_language if said == original else here
    return record.language_of(here)


def _source(edition: Edition, words: Words, source: Reference) -> str:
    publisher = names.party(edition, source.publisher, words.language) if source.publisher else None
    told = [_anchor(source.url, source.title) if source.url else escape(source.title)]
    told += [escape(publisher.name)] if publisher else []
    told += [escape(dates.vague(source.published, words))] if source.published else []
    return ", ".join(told) + (f" — {escape(source.note)}" if source.note else "")


def _paragraph(text: str | None) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _anchor(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{escape(text)}</a>'
