"""What a record names outside itself: other records by their ids, and files beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from publisher.content.markdown import has_address, named_files
from publisher.model.records import Announcement, Event, Kind, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from publisher.content.syntax import Location

Named: TypeAlias = "tuple[Location, Kind, str]"


def references(record: Record) -> Iterator[Named]:
    """Every id that a record names: where, of what kind, and which."""
    for index, source in enumerate(record.sources):
        if source.publisher:
            yield ("sources", index, "publisher"), Kind.ORGANISATION, source.publisher
    if isinstance(record, Event):
        yield from _event_references(record)
    elif isinstance(record, Announcement):
        yield from _listed(("organisations",), Kind.ORGANISATION, record.organisations)
        yield from _listed(("topics",), Kind.TOPIC, record.topics)
        yield from _listed(("events",), Kind.EVENT, record.events)
    elif parent := getattr(record, "parent", None):
        yield ("parent",), record.kind, parent


def _event_references(event: Event) -> Iterator[Named]:
    for name in ("organisers", "hosts", "partners"):
        yield from _listed((name,), Kind.ORGANISATION, getattr(event, name))
    yield from _listed(("topics",), Kind.TOPIC, event.topics)
    yield from _listed(("related",), Kind.EVENT, event.related)
    yield from _listed(("place",), Kind.PLACE, event.place)
    for index, session in enumerate(event.sessions):
        yield from _listed(("sessions", index, "place"), Kind.PLACE, session.place)
    for index, changed in enumerate(event.recurrence.changed if event.recurrence else ()):
        yield from _listed(("recurrence", "changed", index, "place"), Kind.PLACE, changed.place)
    if event.series:
        yield ("series",), Kind.SERIES, event.series


def _listed(where: Location, kind: Kind, values: Iterable[Any]) -> Iterator[Named]:
    """The ids among values that are ids or inline."""
    for index, value in enumerate(values):
        if isinstance(value, str):
            yield (*where, index), kind, value


def files(record: Record, path: str) -> Iterator[tuple[Location, str]]:
    """The files that a record names, as paths relative to the site."""
    folder = path.rpartition("/")[0]
    if record.image:
        yield ("image", "file"), f"{folder}/{record.image.file}"
    if logo := getattr(record, "logo", None):
        yield ("logo",), f"{folder}/{logo}"
    for index, attachment in enumerate(getattr(record, "attachments", ())):
        yield ("attachments", index, "file"), f"{folder}/{attachment.file}"


def files_in_bodies(record: Record, translations: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The files that a record's text, or a translation of it, shows or links to, by their paths beside it."""
    bodies = (record.body, *(translation.get("body", "") for translation in translations))
    return frozenset(file.name for body in bodies for file in named_files(body) if has_address(file.name))
