"""What a digest says of what is new and of what comes: news, events ahead, deadlines."""

from __future__ import annotations

from dataclasses import replace
from textwrap import shorten
from typing import TYPE_CHECKING

from publisher.mailing.digest_items import around, item, line, told, where
from publisher.render import markup, urls
from publisher.render.markup import EXCERPT
from publisher.render.programme import changed_place, due, recurrence_text
from publisher.render.rows import status_of
from publisher.render.stamps import leaf, stamp

if TYPE_CHECKING:
    from publisher.mailing.digest_items import Item
    from publisher.model.edition import Part, Published, PublishedEvent, Showing
    from publisher.model.records import Announcement
    from publisher.render.view import View


def coming(view: View, showing: Showing, *, is_new: bool) -> Item:
    """An event at one of its dates; one that its reader does not know with what it is about."""
    event = showing.event
    record, lang = event.text(view.language), view.foreign(event)
    repeat = recurrence_text(event, view.words)
    when = " · ".join(filter(None, (stamp(showing.time, view.words).text, repeat)))
    place = changed_place(showing, view.language) or record.place
    whereabouts = tuple(where(view, place, lang, online=record.online is not None))
    lines = [
        line("when", when),
        *(whereabouts or (line("where", view.words("event.no_place")),)),
        *(told("summary", record.summary, view.foreign(event, "summary")) if is_new else ()),
    ]
    title = (showing.part.title(view.language) if showing.part else "") or record.title
    status = status_of(showing)
    found = item(view, event, title, lang, lines, status=status, is_new=is_new)
    said = around(view, "digest.subject_when", showing.time)
    return replace(found, leaf=leaf(showing.time, view.words), around=said)


def news(view: View, announcement: Published[Announcement]) -> Item:
    """An announcement: its day, and its summary or first lines."""
    record = announcement.text(view.language)
    day, is_stated = view.published(announcement)
    text, field = (
        (record.summary, "summary") if record.summary else (_first_lines(view, announcement), "body")
    )
    dated = day.text if is_stated else view.words("digest.undated") if record.sources else ""
    lines = [
        *told("where", dated),
        *told("summary", text, view.foreign(announcement, field)),
    ]
    return item(view, announcement, record.title, view.foreign(announcement), lines)


def deadline(view: View, event: PublishedEvent, part: Part, *, is_new: bool) -> Item | None:
    """What is due, until when, and for which event."""
    if not part.texts.get(view.language):
        return None
    it = due(view, event, part)
    lines = [
        line("when", view.words("digest.due", when=it.stamp.text)),
        *told("where", event.text(view.language).title, view.foreign(event)),
    ]
    anchor = f"#deadline-{part.id}"
    found = item(view, event, it.title, it.lang, lines, status=it.status, is_new=is_new, anchor=anchor)
    said = around(view, "digest.subject_due", part.time)
    return replace(found, leaf=leaf(part.time, view.words), around=said)


def _first_lines(view: View, announcement: Published[Announcement]) -> str:
    base = urls.absolute(view.config, urls.page(view.language, announcement))
    plain = markup.plain(announcement.text(view.language).body, base)
    return shorten(plain, EXCERPT, placeholder=" …")
