"""What an entry has beside its time, place and text: topics, who answers, files, a picture, its relatives."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from publisher.edition.facts import uid
from publisher.model.artifact import media_type
from publisher.model.ledger import record_key
from publisher.model.records import Kind
from publisher.render.vevent_prose import LINE, clipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.render.vevent_view import EventView, Property

#: Of a long list so many are in the entry; the rest is on the page.
MANY = 10


def categories(view: EventView) -> Iterator[Property]:
    """The topics, as names (RFC 5545 section 3.8.1.2)."""
    if view.topics:
        yield "categories", list(view.topics[:MANY]), {}


def contact(view: EventView) -> Iterator[Property]:
    """Who answers questions (section 3.8.4.2), or else who organises it.

    Never ORGANIZER: section 3.8.4.3 keeps it for entries that people are invited to, and programs
    show it as somebody who waits for an answer.
    """
    who = view.record.contact
    parts = [who.name, who.email, who.phone] if who else []
    told = ", ".join(filter(None, parts)) or (who.url if who else None)
    if told:
        link = {"ALTREP": who.url} if who and who.url and who.url != told else {}
        yield "contact", told, link | view.foreign
    elif organisers := ", ".join(party.name for party in view.parties(view.record.organisers)):
        yield "contact", clipped(organisers, LINE), {}


def picture(view: EventView) -> Iterator[Property]:
    """The picture beside the title (RFC 7986 section 5.10)."""
    image = view.record.image
    if image and (address := view.file(image.file)):
        yield "image", address, {"VALUE": "URI", "DISPLAY": "BADGE", "FMTTYPE": _type(image.file)}


def files(view: EventView) -> Iterator[Property]:
    """The files beside the record, by their addresses (RFC 5545 section 3.8.1.1)."""
    for attachment in view.record.attachments[:MANY]:
        if address := view.file(attachment.file):
            yield "attach", address, {"FMTTYPE": _type(attachment.file)}


def relatives(view: EventView) -> Iterator[Property]:
    """The events that the record names as related (section 3.8.4.5).

    Their UIDs are made from ids, so it does not matter whether they are public at the moment.
    """
    host = view.edition.config.authority_host
    others = (id_ for id_ in view.record.related if id_ != view.event.id)
    for id_ in islice(others, MANY):
        yield "related-to", uid(record_key(Kind.EVENT, id_), host), {"RELTYPE": "SIBLING"}


def parent(view: EventView) -> Iterator[Property]:
    """The event of a session or deadline."""
    yield "related-to", view.event.uid, {"RELTYPE": "PARENT"}


def _type(name: str) -> str:
    return media_type(name).partition(";")[0]
