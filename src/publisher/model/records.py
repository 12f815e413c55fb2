"""Records: what a curator states, decoded and immutable.

One definition gives validation, the JSON Schemas, the reference and, through
the fields marked translatable, the shape of a translation. Field names are
the contract of `docs/reference/content.md`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag

from publisher.model.fields import (
    MAX_LIST,
    TRANSLATABLE,
    Colour,
    Count,
    Country,
    Email,
    End,
    FileName,
    Flag,
    Id,
    Latitude,
    Line,
    Longitude,
    Model,
    Moment,
    SeenLine,
    SeenText,
    Url,
    Zone,
    as_list,
)


class Kind(StrEnum):
    """The kinds of records; each lives in the content folder named by its plural."""

    EVENT = "event"
    ANNOUNCEMENT = "announcement"
    ORGANISATION = "organisation"
    PLACE = "place"
    TOPIC = "topic"
    SERIES = "series"
    PAGE = "page"

    @property
    def plural(self) -> str:
        """The folder in content/ and in build/."""
        return "series" if self is Kind.SERIES else f"{self.value}s"


class Status(StrEnum):
    """What has become of an event."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


def _id_or_inline(value: Any) -> str:
    return "inline" if isinstance(value, dict | Model) else "id"


def _id_or(inline: Any) -> Any:
    return Annotated[Annotated[Id, Tag("id")] | Annotated[inline, Tag("inline")], Discriminator(_id_or_inline)]


class InlinePlace(Model):
    """A place that no other record shares."""

    name: SeenLine = Field(description="What people call it.")
    address: SeenLine | None = None
    city: SeenLine | None = None
    country: Country | None = None
    geo: tuple[Latitude, Longitude] | None = Field(None, description="Latitude and longitude, WGS 84.")
    url: Url | None = None


class InlineParty(Model):
    """A person or body that no other record shares."""

    name: SeenLine
    url: Url | None = None


PlaceRef: TypeAlias = _id_or(InlinePlace)  # type: ignore[valid-type]  # a discriminated union, made in one place
PartyRef: TypeAlias = _id_or(InlineParty)  # type: ignore[valid-type]
Places = Annotated[tuple[PlaceRef, ...], BeforeValidator(as_list), Field(max_length=20)]
Parties = Annotated[tuple[PartyRef, ...], Field(max_length=MAX_LIST)]
Ids = Annotated[tuple[Id, ...], Field(max_length=MAX_LIST)]


class Online(Model):
    """Where one takes part from afar."""

    url: Url
    platform: Line | None = None
    public: Flag = Field(default=True, description="Whether the address may be published; else only that one can take part online is said.")


class Speaker(Model):
    """Somebody who speaks, as the source names them."""

    name: SeenLine
    role: SeenLine | None = None
    organisation: SeenLine | None = None


class Contact(Model):
    """Who answers questions about the event."""

    name: SeenLine | None = None
    email: Email | None = None
    phone: Line | None = None
    url: Url | None = None


class Registration(Model):
    """How, when and for how much one registers."""

    url: Url | None = None
    opens: Moment | None = None
    closes: Moment | None = None
    price: SeenLine | None = None


class Deadline(Model):
    """A day or minute by which something is due; an entry of its own in the deadlines calendar."""

    id: Id
    title: SeenLine
    at: Moment
    timezone: Zone | None = Field(None, description="The event's by default; AoE is anywhere on earth.")
    url: Url | None = None


class Session(Model):
    """A part of the programme; an entry of its own in the programme calendar."""

    id: Id
    title: SeenLine
    start: Moment
    end: End | None = None
    timezone: Zone | None = None
    place: Places = ()
    speakers: Annotated[tuple[Speaker, ...], Field(max_length=MAX_LIST)] = ()
    summary: SeenText | None = None
    status: Status = Status.CONFIRMED
    url: Url | None = None


class ChangedOccurrence(Model):
    """One date of a recurring event that differs from the rule."""

    occurrence: Moment = Field(description="The date or time it would have had by the rule.")
    start: Moment | None = None
    end: End | None = None
    status: Status | None = None
    title: SeenLine | None = None
    place: Places = ()


class Recurrence(Model):
    """How an event repeats (RFC 5545 section 3.8.5)."""

    every: Literal["day", "week", "month", "year"] | None = None
    rule: Line | None = Field(None, description='An RFC 5545 rule, e.g. "FREQ=WEEKLY;BYDAY=TU".')
    until: Moment | None = None
    count: Count | None = None
    except_: Annotated[tuple[Moment, ...], Field(alias="except", max_length=MAX_LIST)] = ()
    also: Annotated[tuple[Moment, ...], Field(max_length=MAX_LIST)] = ()
    changed: Annotated[tuple[ChangedOccurrence, ...], Field(max_length=MAX_LIST)] = ()


class Image(Model):
    """A picture beside the record's file."""

    file: FileName
    alt: SeenLine
    credit: SeenLine | None = None


class Attachment(Model):
    """A file beside the record's file, offered for download."""

    file: FileName
    title: SeenLine


class Reference(Model):
    """A source of the record: where what it states was said."""

    title: SeenLine
    publisher: Id | None = None
    url: Url | None = None
    published: Moment | None = None
    note: SeenText | None = None


class AlsoKnownAs(Model):
    """Another name of the same thing, and which source uses it (counted from 1)."""

    name: SeenLine
    source: Count | None = None


class Record(Model):
    """What every record has."""

    kind: ClassVar[Kind]
    #: The field that names the record to a reader.
    naming: ClassVar[str] = "title"

    id: Id
    language: Line | None = Field(None, description="The language of this file; the site's default if absent.")
    summary: SeenText | None = Field(None, description="One or two plain sentences.")
    body: Annotated[str, Field(max_length=1_000_000, json_schema_extra={TRANSLATABLE: True})] = Field(
        "", description="Markdown, below the front matter."
    )
    sources: Annotated[tuple[Reference, ...], Field(max_length=MAX_LIST)] = ()
    curator_note: SeenText | None = Field(None, description="What the curator concluded and why; shown as such.")
    also_known_as: Annotated[tuple[AlsoKnownAs, ...], Field(max_length=MAX_LIST)] = ()
    image: Image | None = None
    draft: Flag = False
    publish_at: Moment | None = Field(None, description="Not public before; in the site's zone.")

    @property
    def name_text(self) -> str:
        """The title or name, whichever this kind has."""
        return str(getattr(self, self.naming))


class Event(Record):
    """Something that takes place."""

    kind = Kind.EVENT

    title: SeenLine
    start: Moment | None = None
    end: End | None = None
    reported: Moment | None = Field(None, description="The day of a report, when the event's own day is not known.")
    timezone: Zone | None = Field(None, description="IANA name; the site's by default.")
    status: Status = Status.CONFIRMED
    status_note: SeenText | None = None
    place: Places = ()
    online: Online | None = None
    organisers: Parties = ()
    hosts: Parties = ()
    partners: Parties = ()
    speakers: Annotated[tuple[Speaker, ...], Field(max_length=MAX_LIST)] = ()
    contact: Contact | None = None
    languages: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    topics: Ids = ()
    series: Id | None = None
    related: Ids = ()
    registration: Registration | None = None
    deadlines: Annotated[tuple[Deadline, ...], Field(max_length=MAX_LIST)] = ()
    sessions: Annotated[tuple[Session, ...], Field(max_length=MAX_LIST)] = ()
    recurrence: Recurrence | None = None
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=MAX_LIST)] = ()
    pinned: Flag = False


class Announcement(Record):
    """News: something that was said on a day."""

    kind = Kind.ANNOUNCEMENT

    title: SeenLine
    date: Moment | None = Field(None, description="The day of the announcement.")
    organisations: Ids = ()
    topics: Ids = ()
    events: Ids = Field((), description="The events it is about.")
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=MAX_LIST)] = ()
    pinned: Flag = False
    expires: Moment | None = Field(None, description="From then on it is in no list; its page stays.")


class _Named(Record):
    """A small record that others name by its id."""

    naming = "name"

    name: SeenLine
    url: Url | None = None
    parent: Id | None = None
    colour: Colour | None = None
    logo: FileName | None = None


class Organisation(_Named):
    """A body that organises, hosts, takes part or announces."""

    kind = Kind.ORGANISATION

    address: SeenLine | None = None
    city: SeenLine | None = None
    country: Country | None = None
    geo: tuple[Latitude, Longitude] | None = None
    email: Email | None = None


class Place(_Named):
    """A venue or a town."""

    kind = Kind.PLACE

    address: SeenLine | None = None
    city: SeenLine | None = None
    country: Country | None = None
    geo: tuple[Latitude, Longitude] | None = None


class Topic(_Named):
    """What records are about."""

    kind = Kind.TOPIC


class Series(_Named):
    """Events that belong together over the years."""

    kind = Kind.SERIES


class Page(Record):
    """A free page: about, privacy, imprint."""

    kind = Kind.PAGE

    title: SeenLine


RECORD_TYPES: dict[Kind, type[Record]] = {
    cls.kind: cls for cls in (Event, Announcement, Organisation, Place, Topic, Series, Page)
}

#: The kinds that have a listing page, a calendar and feeds of their own.
FACETS = (Kind.TOPIC, Kind.ORGANISATION, Kind.PLACE, Kind.SERIES)
