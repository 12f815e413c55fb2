"""What records of every kind may have on their pages: text, picture, files, sources, a curator's note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publisher.model.records import Kind
from publisher.render import urls
from publisher.render.jsonld import image_url
from publisher.render.stamps import Stamp, vague_stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.edition import Published
    from publisher.render.view import Label, Seen, View


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
    #: In pixels, where the file says so: the page does not jump when it comes.
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Download:
    """A file that stands beside the record."""

    href: str
    title: str
    ending: str


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


def og_image(view: View, record: Published[Any]) -> tuple[str, str] | None:
    """The public address of a record's picture, and what it shows."""
    url, image = image_url(view, record), record.text(view.language).image
    return (url, image.alt) if url and image else None


def _picture(view: View, record: Published[Any]) -> Picture | None:
    image = record.text(view.language).image
    stored = record.assets.get(image.file) if image else None
    if image is None or stored is None:
        return None
    facts = view.edition.asset_facts(stored)
    return Picture(f"/{urls.asset(stored)}", image.alt, image.credit or "", facts.width, facts.height)


def _downloads(record: Published[Any], attachments: Any) -> Iterator[Download]:
    for attachment in attachments:
        stored = record.assets.get(attachment.file)
        if stored:
            yield Download(
                f"/{urls.asset(stored)}", attachment.title, attachment.file.rpartition(".")[2].upper()
            )


def _sources(view: View, text: Any, seen: Seen) -> Iterator[SourceLine]:
    for source in text.sources:
        yield SourceLine(
            source.title,
            source.url or "",
            view.facet(Kind.ORGANISATION, source.publisher, seen) if source.publisher else None,
            vague_stamp(source.published, view.words, view.config.site.timezone)
            if source.published
            else None,
            source.note or "",
        )


def _also(view: View, text: Any) -> Iterator[tuple[str, str]]:
    """Other names, and which of the sources uses each."""
    for other in text.also_known_as:
        number = other.source if other.source and other.source <= len(text.sources) else None
        yield other.name, view.words("event.also_in_source", number=number) if number else ""
