"""A feed as a value: what Atom, RSS and JSON Feed all say, in the words of RFC 4287.

Instants are UTC and end at the second: RSS can tell no part of one, and the
three formats must agree. Text that XML 1.0 cannot carry (section 2.2) is left
out here, once for all formats.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.errors import PublisherError
from publisher.model.when import Days, Hours
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from publisher.model.when import Time

ATOM, RSS, JSON = "application/atom+xml", "application/rss+xml", "application/feed+json"
#: What the feeds say made them. No version: an upgrade must not change a feed's bytes.
GENERATOR = "publisher"
#: Names the facts of an event, in XML as in JSON (RSS 1.0 module Event; its address says what each means).
EVENT_MODULE = "http://purl.org/rss/1.0/modules/event/"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class UnwritableEntry(PublisherError):
    """An entry cannot be written in a format: this program is at fault, report it."""

    exit_status = 1

    def __init__(self, item: str, reason: object) -> None:
        super().__init__(
            f"the feed entry of '{item}' cannot be written, nothing was released: {reason}\n"
            "hint: report it with this record; until it is mended, take out what was changed last"
        )


@contextmanager
def naming(entry: Entry) -> Iterator[None]:
    """Tells whose entry it is that a library cannot write: by itself none says so.

    Raises:
        UnwritableEntry: in place of what the library raises.
    """
    try:
        yield
    except (TypeError, ValueError) as error:
        raise UnwritableEntry(entry.item, error) from error


def told(text: str) -> str:
    """The text without what no XML document can hold."""
    return _NOT_XML.sub("", text)


class Told:
    """The base of values that are written as XML: their texts hold XML characters only."""

    def __post_init__(self) -> None:
        """Leave out of every text what no XML document can hold."""
        for name, value in vars(self).items():
            if isinstance(value, str) and _NOT_XML.search(value):
                object.__setattr__(self, name, told(value))


@dataclass(frozen=True, kw_only=True)
class Link(Told):
    """A link of an entry (RFC 4287 section 4.2.7); its address is absolute."""

    href: str
    rel: str
    type: str = ""
    hreflang: str = ""
    title: str = ""
    #: In bytes, where it is known.
    length: int | None = None


@dataclass(frozen=True, kw_only=True)
class Category(Told):
    """What an entry is about: `term` is an id for ever, `label` its name, `scheme` a URI of its kind."""

    term: str
    label: str
    scheme: str


@dataclass(frozen=True, kw_only=True)
class Author(Told):
    """Who is answerable for the words."""

    name: str
    uri: str


@dataclass(frozen=True, kw_only=True)
class Picture(Told):
    """What an entry shows of itself; it is an enclosure as well, for programs that know no other pictures."""

    href: str
    alt: str
    type: str
    #: In bytes.
    length: int
    #: In pixels, where the file says so.
    width: int | None
    height: int | None


@dataclass(frozen=True, kw_only=True)
class EventFacts(Told):
    """When, where and whether, for machines. A feed's dates never are the event's."""

    #: A day, or an instant with the offset of the event's zone; empty while the day is not known.
    start: str
    #: Likewise; a last day is inclusive. Empty where no end is stated.
    end: str
    #: IANA name; empty for whole days, which have none.
    timezone: str
    location: str
    organizer: str
    status: str
    uid: str
    #: The address of the event's own calendar; empty while its day is not known.
    ical: str
    #: One word, the same in every language: `event`, `series` where it recurs, `session`, `deadline`.
    type: str = "event"


@dataclass(frozen=True, kw_only=True)
class Entry(Told):
    """One record, for readers of the feed's language."""

    #: A tag: URI, for ever; another one in each language.
    id: str
    #: The record it tells of: `kind/id`.
    item: str
    title: str
    #: The one `alternate`: the record's page in the feed's language.
    url: str
    #: All others: translations, sources, files.
    links: tuple[Link, ...]
    published: datetime
    updated: datetime
    authors: tuple[Author, ...]
    categories: tuple[Category, ...]
    #: Plain text, one paragraph, never empty.
    summary: str
    #: Safe HTML with absolute addresses, never empty.
    content: str
    #: The language of the record's text, where it is not the feed's.
    language: str | None
    event: EventFacts | None
    picture: Picture | None = None

    @property
    def enclosures(self) -> tuple[Link, ...]:
        """The files that go with it: an event's calendar, the picture, attachments; in this order."""
        return tuple(link for link in self.links if link.rel == "enclosure")


@dataclass(frozen=True, kw_only=True)
class Feed(Told):
    """A feed document: its entries newest first, or for an archive in the order of becoming public."""

    id: str
    title: str
    subtitle: str
    language: str
    home_url: str
    self_url: str
    updated: datetime
    author: Author
    #: The style sheet that makes the document readable in a browser.
    stylesheet: str
    entries: tuple[Entry, ...] = ()
    logo: str = ""
    #: RFC 5005 section 4: the address of the next older archive.
    prev_archive: str = ""
    #: For an archive the address of the living feed; empty for the living feed itself.
    current: str = ""
    #: Where programs may ask to be told of changes (WebSub section 4).
    hubs: tuple[str, ...] = ()


def points(moment: Time) -> tuple[str, str, str]:
    """Start, end and zone as machines read them (ISO 8601, with the zone's offset); empty where not known."""
    match moment:
        case Days(first, last):
            return first.isoformat(), last.isoformat(), ""
        case Hours(start, end, timezone):
            there = zone(timezone)
            finish = end.astimezone(there).isoformat() if end else ""
            return start.astimezone(there).isoformat(), finish, timezone
    return "", "", ""
