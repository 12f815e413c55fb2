"""What a digest says of one record: the same facts, in the same order, for HTML, text and page.

Each item is a title that links to the record's page, and lines below it. Whoever
lays it out decides how a line looks, never what it says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from textwrap import shorten
from typing import TYPE_CHECKING, Any, Literal

from publisher.mailing.tokens import PREFERENCES, UNSUBSCRIBE
from publisher.model.edition import Showing
from publisher.model.ledger import DEADLINE, SESSION
from publisher.model.records import Event, Session, Status
from publisher.render import dates, markup, urls
from publisher.render.entries import EXCERPT
from publisher.render.lookup import days_of
from publisher.render.programme import changed_place, due, recurrence_text
from publisher.render.rows import status_of
from publisher.render.stamps import Leaf, leaf, stamp
from publisher.render.vevent import change_notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publisher.model.edition import Part, Published, PublishedEvent
    from publisher.model.records import Announcement, Places
    from publisher.model.when import Time
    from publisher.render.view import View

_PART_TITLES = {SESSION: "title.session", DEADLINE: "title.deadline"}
#: What has become of it, when it is, where it is, or what it is about.
LineKind = Literal["note", "when", "where", "summary"]


@dataclass(frozen=True)
class Piece:
    """A text in one language; `lang` names it where it is not the digest's."""

    text: str
    lang: str = ""


@dataclass(frozen=True)
class Line:
    """A line below a title."""

    kind: LineKind
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The line as plain text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Badge:
    """A word that stands out beside a title: cancelled, postponed, tentative or new."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """A record, or a part of one, as a digest tells it."""

    title: str
    #: The address of its page: below build/, and in full.
    path: str
    href: str
    #: The language of the title where it is not the digest's, and how that is said: `in English`.
    lang: str = ""
    mark: str = ""
    #: cancelled, postponed or tentative; empty where all is well.
    status: str = ""
    #: Whether its reader has not been told of it before.
    is_new: bool = False
    #: How both are said.
    badges: tuple[Badge, ...] = ()
    leaf: Leaf | None = None
    lines: tuple[Line, ...]
    #: What a subject says before and after the title.
    around: tuple[str, str] = ("", "")
    #: Who is behind it.
    parties: tuple[str, ...] = ()


def flat(text: str) -> str:
    """A record's text in one line, without anything that a reader's token would be put into."""
    for placeholder in (PREFERENCES, UNSUBSCRIBE):
        text = text.replace(placeholder, placeholder.rstrip("-"))
    return " ".join(text.split())


def event_changed(view: View, event: PublishedEvent) -> Item:
    """What has become of an event: moved, cancelled, postponed, elsewhere."""
    words, record, lang = view.words, event.text(view.language), view.foreign(event)
    timing = tuple(change_notes(event, words))
    elsewhere = (words("change.relocated"),) if event.is_relocated and not event.is_off else ()
    notes = (*timing, *elsewhere) or (_changed_otherwise(view, event),)
    # That it has moved or is postponed is said with both times; that it is cancelled, with none.
    says_when = bool(timing) and event.entry_status is not Status.CANCELLED
    lines = [
        *([] if says_when else [_line("when", stamp(event.time, words).text)]),
        *(_line("note", note) for note in notes),
        *([] if event.is_off else _where(view, record.place, lang, online=record.online is not None)),
        *_told("summary", record.status_note, view.foreign(event, "status_note")),
    ]
    found = _item(view, event, record.title, lang, lines, status=_shown(event.entry_status))
    if event.is_off or found.status == Status.POSTPONED:
        return replace(found, around=_around(view, f"title.{event.entry_status}"))
    return replace(found, around=_around(view, "digest.subject_moved", event.time)) if timing else found


def part_changed(view: View, event: PublishedEvent, part: Part) -> Item | None:
    """What has become of a session, a deadline or one date of an event that repeats."""
    if not part.texts.get(view.language):
        return None
    words, lang = view.words, view.foreign(event)
    before = part.previous_time if part.status is not Status.CANCELLED else None
    when = stamp(part.time, words).text
    lines = [
        _line("note", words("digest.moved_part", before=stamp(before, words).text, after=when))
        if before
        else _line("when", when),
        *([] if part.status is Status.CANCELLED else _where(view, _place_of(view, event, part), lang)),
    ]
    key = _PART_TITLES.get(part.kind)
    title, whole = part.title(view.language), event.text(view.language).title
    name = words(key, title=title, event=whole) if key else title or whole
    anchor = f"#{part.kind}-{part.id}" if key else ""
    found = _item(view, event, name, lang, lines, status=_shown(part.status), anchor=anchor)
    if part.status is Status.CANCELLED:
        return replace(found, around=_around(view, "title.cancelled"))
    return replace(found, around=_around(view, "digest.subject_moved", part.time)) if before else found


def coming(view: View, showing: Showing, *, is_new: bool) -> Item:
    """An event at one of its dates; one that its reader does not know with what it is about."""
    event = showing.event
    record, lang = event.text(view.language), view.foreign(event)
    repeat = recurrence_text(event, view.words)
    when = " · ".join(filter(None, (stamp(showing.time, view.words).text, repeat)))
    place = changed_place(showing, view.language) or record.place
    where = tuple(_where(view, place, lang, online=record.online is not None))
    lines = [
        _line("when", when),
        *(where or (_line("where", view.words("event.no_place")),)),
        *(_told("summary", record.summary, view.foreign(event, "summary")) if is_new else ()),
    ]
    title = (showing.part.title(view.language) if showing.part else "") or record.title
    status = status_of(showing)
    found = _item(view, event, title, lang, lines, status=status, is_new=is_new)
    around = _around(view, "digest.subject_when", showing.time)
    return replace(found, leaf=leaf(showing.time, view.words), around=around)


def news(view: View, announcement: Published[Announcement]) -> Item:
    """An announcement: its day, and its summary or first lines."""
    record = announcement.text(view.language)
    day, is_stated = view.published(announcement)
    told, field = record.summary, "summary"
    if not told:
        told, field = _first_lines(view, announcement), "body"
    dated = day.text if is_stated else view.words("digest.undated") if record.sources else ""
    lines = [
        *_told("where", dated, ""),
        *_told("summary", told, view.foreign(announcement, field)),
    ]
    return _item(view, announcement, record.title, view.foreign(announcement), lines)


def deadline(view: View, event: PublishedEvent, part: Part, *, is_new: bool) -> Item | None:
    """What is due, until when, and for which event."""
    if not part.texts.get(view.language):
        return None
    told = due(view, event, part)
    lines = [
        _line("when", view.words("digest.due", when=told.stamp.text)),
        *_told("where", event.text(view.language).title, view.foreign(event)),
    ]
    anchor = f"#deadline-{part.id}"
    found = _item(view, event, told.title, told.lang, lines, status=told.status, is_new=is_new, anchor=anchor)
    around = _around(view, "digest.subject_due", part.time)
    return replace(found, leaf=leaf(part.time, view.words), around=around)


def _item(  # noqa: PLR0913 -- what is said of a record
    view: View,
    record: Published[Any],
    title: str,
    lang: str,
    lines: Iterable[Line],
    *,
    status: str = "",
    is_new: bool = False,
    anchor: str = "",
) -> Item:
    path = f"{view.language}/{record.path}/{anchor}"
    return Item(
        title=flat(title),
        path=f"/{path}",
        href=urls.absolute(view.config, path),
        lang=lang,
        mark=view.in_language(lang) if lang else "",
        status=status,
        is_new=is_new,
        badges=tuple(_badges(view, status, is_new=is_new)),
        lines=tuple(lines),
        parties=tuple(flat(label.text) for label in view.parties(_behind(view, record), set())),
    )


def _badges(view: View, status: str, *, is_new: bool) -> Iterator[Badge]:
    if is_new:
        yield Badge("new", view.words("digest.new"))
    if status:
        yield Badge(status, view.words(f"status.{status}"))


def _behind(view: View, record: Published[Any]) -> tuple[Any, ...]:
    """Whose it is: of an event those who make it, of an announcement those whom it is about."""
    text = record.text(view.language)
    if isinstance(text, Event):
        return (*text.organisers, *text.hosts, *text.partners)
    return tuple(text.organisations)


def _around(view: View, key: str, moment: Time | None = None) -> tuple[str, str]:
    """What a subject says before the title, and after it: the day alone, since an hour needs its zone."""
    days = days_of(moment) if moment else None
    when = dates.days(*days, view.words) if days else dates.when(moment, view.words) if moment else ""
    before, _, after = view.words(key, title="\0", when=when).partition("\0")
    return before, after


def _changed_otherwise(view: View, event: PublishedEvent) -> str:
    """What else can have changed of an event that takes place as it was to: the first that is found."""
    before, online = event.previous or {}, event.text(view.language).online
    address = (online.url if online.public else "") if online else None
    if event.status is Status.TENTATIVE:
        return view.words("change.tentative")
    if before.get("status", event.status) != event.status:
        return view.words("digest.confirmed")
    return view.words("digest.details" if before.get("online") == address else "digest.online")


def _where(view: View, places: Places, lang: str, *, online: bool = False) -> Iterator[Line]:
    """Where it is; nothing where no place is known."""
    pieces: list[Piece] = []
    for label, place in view.places(places, set(), lang):
        name = ", ".join([label.text, *([place.city] if place.city not in label.text else [])])
        pieces += [*([Piece("; ")] if pieces else []), Piece(flat(name), label.lang)]
    if online:
        pieces += [*([Piece(" · ")] if pieces else []), Piece(view.words("event.online"))]
    if pieces:
        yield Line("where", tuple(pieces))


def _place_of(view: View, event: PublishedEvent, part: Part) -> Places:
    """Where a part takes place: where its event does, unless it says otherwise; a deadline nowhere."""
    if part.kind == DEADLINE:
        return ()
    own = (
        Session.model_validate(part.texts[view.language]).place
        if part.kind == SESSION
        else changed_place(Showing(event, part.time, part.status, part), view.language)
    )
    return own or event.text(view.language).place


def _first_lines(view: View, announcement: Published[Announcement]) -> str:
    base = urls.absolute(view.config, urls.page(view.language, announcement))
    plain = markup.plain(announcement.text(view.language).body, base)
    return shorten(plain, EXCERPT, placeholder=" …")


def _line(kind: LineKind, text: str) -> Line:
    return Line(kind, (Piece(flat(text)),))


def _told(kind: LineKind, text: str | None, lang: str) -> Iterator[Line]:
    """A line, if there is anything to say."""
    if text:
        yield Line(kind, (Piece(flat(text), lang),))


def _shown(status: Status) -> str:
    return "" if status is Status.CONFIRMED else status.value
