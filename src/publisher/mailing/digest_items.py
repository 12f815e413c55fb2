"""What a digest says of one record: the same facts, in the same order, for HTML, text and page.

Each item is a title that links to the record's page, and lines below it. Whoever
lays it out decides how a line looks, never what it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from publisher.mailing.tokens import PREFERENCES, UNSUBSCRIBE
from publisher.model.records import Event, Status
from publisher.render import dates, urls
from publisher.render.lookup import days_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publisher.model.edition import Published
    from publisher.model.records import Places
    from publisher.model.when import Time
    from publisher.render.stamps import Leaf
    from publisher.render.view import View

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


def item(  # noqa: PLR0913 -- what is said of a record
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
    """A record as it is told; `anchor` leads to a part of its page."""
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


def around(view: View, key: str, moment: Time | None = None) -> tuple[str, str]:
    """What a subject says before the title, and after it: the day alone, since an hour needs its zone."""
    days = days_of(moment) if moment else None
    when = dates.days(*days, view.words) if days else dates.when(moment, view.words) if moment else ""
    before, _, after = view.words(key, title="\0", when=when).partition("\0")
    return before, after


def where(view: View, places: Places, lang: str, *, online: bool = False) -> Iterator[Line]:
    """Where it is; nothing where no place is known."""
    pieces: list[Piece] = []
    for label, place in view.places(places, set(), lang):
        name = ", ".join([label.text, *([place.city] if place.city not in label.text else [])])
        pieces += [*([Piece("; ")] if pieces else []), Piece(flat(name), label.lang)]
    if online:
        pieces += [*([Piece(" · ")] if pieces else []), Piece(view.words("event.online"))]
    if pieces:
        yield Line("where", tuple(pieces))


def line(kind: LineKind, text: str) -> Line:
    """A line in the digest's own language."""
    return Line(kind, (Piece(flat(text)),))


def told(kind: LineKind, text: str | None, lang: str = "") -> Iterator[Line]:
    """A line in a language, if there is anything to say."""
    if text:
        yield Line(kind, (Piece(flat(text), lang),))


def shown(status: Status) -> str:
    """The status of an item: nothing where all is well."""
    return "" if status is Status.CONFIRMED else status.value
