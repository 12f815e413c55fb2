"""Records: what a curator states, decoded and immutable.

One definition gives validation, the JSON Schemas, the reference and, through
the fields marked translatable, the shape of a translation. Field names are
the contract of `docs/reference/content.md`, which is made from the
descriptions here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

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
    Geo,
    Id,
    Line,
    Model,
    Moment,
    OneOrMany,
    SeenLine,
    SeenText,
    Url,
    Zone,
)


class Kind(StrEnum):
    """The kinds of records; each lives in the folder of content/ that is named by its plural."""

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


#: Tags of the two ways to name something; no key of a mapping looks like them, so they are told from fields.
ID_TAG, INLINE_TAG = "<id>", "<inline>"


def _id_or_inline(value: Any) -> str:
    return INLINE_TAG if isinstance(value, dict | Model) else ID_TAG


def _id_or(inline: Any) -> Any:
    either = Annotated[Id, Tag(ID_TAG)] | Annotated[inline, Tag(INLINE_TAG)]
    return Annotated[either, Discriminator(_id_or_inline)]


class InlinePlace(Model):
    """A place that no other record shares."""

    name: SeenLine = Field(description="What people call it.")
    address: SeenLine | None = Field(None, description="Street and house, as on a letter.")
    city: SeenLine | None = Field(None, description="The town.")
    country: Country | None = Field(None, description="ISO 3166 code, such as KZ.")
    geo: Geo | None = Field(
        None, description="Latitude and longitude in degrees (WGS 84), such as [43.24, 76.95]."
    )
    url: Url | None = Field(None, description="Its own web page.")


class InlineParty(Model):
    """A person or body that no other record shares."""

    name: SeenLine = Field(description="What people call them.")
    url: Url | None = Field(None, description="Their own web page.")


PlaceRef: TypeAlias = _id_or(InlinePlace)  # type: ignore[valid-type]  # a discriminated union, made in one place
PartyRef: TypeAlias = _id_or(InlineParty)  # type: ignore[valid-type]  # likewise
Places = Annotated[tuple[PlaceRef, ...], Field(max_length=20), OneOrMany()]
Parties = Annotated[tuple[PartyRef, ...], Field(max_length=MAX_LIST)]
Ids = Annotated[tuple[Id, ...], Field(max_length=MAX_LIST)]


class Online(Model):
    """Where one takes part from afar."""

    url: Url = Field(description="The address at which one takes part.")
    platform: Line | None = Field(None, description="What it runs on, such as Zoom.")
    public: Flag = Field(
        default=True,
        description="Whether the address may be published; if not, only that one can take part is told.",
    )


class Speaker(Model):
    """Somebody who speaks, as the source names them."""

    name: SeenLine = Field(description="The person's name.")
    role: SeenLine | None = Field(None, description="What they are, or speak as: rector, moderator.")
    organisation: SeenLine | None = Field(None, description="Whom they speak for, in words.")


class Contact(Model):
    """Who answers questions about the event."""

    name: SeenLine | None = Field(None, description="A person or an office.")
    email: Email | None = Field(None, description="Published as it is.")
    phone: Line | None = Field(None, description="With the country's code.")
    url: Url | None = Field(None, description="A page with a form, for instance.")


class Registration(Model):
    """How, when and for how much one registers."""

    url: Url | None = Field(None, description="Where one registers.")
    opens: Moment | None = Field(None, description="From when on.")
    closes: Moment | None = Field(None, description="Until when; a day counts whole.")
    price: SeenLine | None = Field(None, description="What it costs, in words.")


class Deadline(Model):
    """A day or minute by which something is due; an entry of its own in the deadlines calendar."""

    id: Id = Field(description="Permanent, unique among the event's deadlines.")
    title: SeenLine = Field(description="What is due.")
    at: Moment = Field(description="A day alone is a whole-day entry.")
    timezone: Zone | None = Field(None, description="The event's by default; AoE is anywhere on earth.")
    url: Url | None = Field(None, description="Where one hands it in, or reads more.")


class Session(Model):
    """A part of the programme; an entry of its own in the programme calendar."""

    id: Id = Field(description="Permanent, unique among the event's sessions.")
    title: SeenLine = Field(description="What it is called.")
    start: Moment = Field(description="A day or a local time.")
    end: End | None = Field(None, description="As for the event.")
    timezone: Zone | None = Field(None, description="The event's by default.")
    place: Places = Field((), description="If it is not simply where the event is; as for the event.")
    speakers: Annotated[tuple[Speaker, ...], Field(max_length=MAX_LIST)] = Field(
        (), description="Who speaks."
    )
    summary: SeenText | None = Field(None, description="One or two plain sentences.")
    status: Status = Field(
        Status.CONFIRMED, description="As for the event; a cancelled session stays, marked."
    )
    url: Url | None = Field(None, description="Its own web page.")


class ChangedOccurrence(Model):
    """One date of a recurring event that differs from the rule."""

    occurrence: Moment = Field(description="The date (and time) it would have had by the rule.")
    start: Moment | None = Field(None, description="When it takes place instead.")
    end: End | None = Field(None, description="When it ends; without it, it is as long as the others.")
    status: Status | None = Field(None, description="cancelled, for instance; the event's by default.")
    title: SeenLine | None = Field(None, description="What it is called instead.")
    place: Places = Field((), description="Where it takes place instead; as for the event.")


class Recurrence(Model):
    """How an event repeats (RFC 5545 section 3.8.5); the event's start is its first date."""

    every: Literal["day", "week", "month", "year"] | None = Field(
        None, description="The simple way: on the same day of each week, and so on."
    )
    rule: Line | None = Field(
        None,
        description="The other way: an RFC 5545 rule, such as FREQ=MONTHLY;BYDAY=1TU (each first Tuesday).",
    )
    until: Moment | None = Field(
        None, description="The last date, inclusive; without it and 'count' it has no end."
    )
    count: Count | None = Field(None, description="How many dates there are, the first included.")
    except_: Annotated[tuple[Moment, ...], Field(max_length=MAX_LIST)] = Field(
        (), alias="except", description="Dates of the rule on which it does not take place."
    )
    also: Annotated[tuple[Moment, ...], Field(max_length=MAX_LIST)] = Field(
        (), description="Dates beside the rule on which it does; without a rule, all but the first."
    )
    changed: Annotated[tuple[ChangedOccurrence, ...], Field(max_length=MAX_LIST)] = Field(
        (), description="Dates that differ from the rule in time, place, title or status."
    )


class Image(Model):
    """A picture beside the record's file."""

    file: FileName = Field(description="Its name: a jpg, png, webp or gif file.")
    alt: SeenLine = Field(description="What is on it, for those who do not see it.")
    credit: SeenLine | None = Field(None, description="Whose it is.")


class Attachment(Model):
    """A file beside the record's file, offered for download."""

    file: FileName = Field(description="Its name: a pdf file, or a picture.")
    title: SeenLine = Field(description="What it is.")


class Reference(Model):
    """A source of the record: where what it states was said."""

    title: SeenLine = Field(description="What the source is called, or is.")
    publisher: Id | None = Field(None, description="The id of the organisation that published it.")
    url: Url | None = Field(None, description="Where it can be read.")
    published: Moment | None = Field(None, description="When; a month or a year will do.")
    note: SeenText | None = Field(None, description="What there is to say of it: that it says 33, others 40.")


class AlsoKnownAs(Model):
    """Another name of the same thing, and which source uses it."""

    name: SeenLine = Field(description="The other name.")
    source: Count | None = Field(None, description="Which of the record's sources uses it, counted from 1.")


class Imported(Model):
    """Where an event was imported from, so that importing again finds it; it stays in the record's file."""

    uid: Line = Field(description="The UID that the calendar gives it.")
    part: Line | None = Field(None, description="Which of several records that one UID became, if it did.")
    calendar: Line = Field(
        description="The calendar's file or host, and for an address a short hash of it: it may be secret."
    )
    values: Annotated[tuple[Line, ...], Field(max_length=100)] = Field(
        (),
        description="For each field a short hash of what the calendar said last, such as 'title 1f3a9c02': by"
        " it the next import sees what the curator has changed since.",
    )


class Record(Model):
    """What every record has."""

    kind: ClassVar[Kind]
    #: The field that names the record to a reader.
    naming: ClassVar[str] = "title"

    id: Id = Field(
        description="Permanent, unique among records of its kind; it is also the address of the page."
    )
    language: Line | None = Field(
        None, description="The language this file is written in; the site's default if absent."
    )
    summary: SeenText | None = Field(None, description="One or two plain sentences, for lists and feeds.")
    body: Annotated[str, Field(max_length=8_000_000, json_schema_extra={TRANSLATABLE: True})] = Field(
        "", description="Markdown, below the front matter."
    )
    sources: Annotated[tuple[Reference, ...], Field(max_length=MAX_LIST)] = Field(
        (), description="Where what the record states was said."
    )
    curator_note: SeenText | None = Field(
        None, description="What the curator concluded and why; shown to readers as such."
    )
    also_known_as: Annotated[tuple[AlsoKnownAs, ...], Field(max_length=MAX_LIST)] = Field(
        (), description="Other names of the same thing."
    )
    image: Image | None = Field(None, description="A picture beside the file.")
    draft: Flag = Field(default=False, description="Not to be published yet; what is public stays as it is.")
    publish_at: Moment | None = Field(
        None, description="Not public before this day or minute, by the site's clock."
    )

    @property
    def name_text(self) -> str:
        """The title or name, whichever this kind has."""
        return str(getattr(self, self.naming))


class Event(Record):
    """Something that takes place."""

    kind = Kind.EVENT

    title: SeenLine = Field(description="What it is called.")
    start: Moment | None = Field(
        None, description="A day, a local time, or, where no more is known, a month or a year."
    )
    end: End | None = Field(
        None,
        description="For days the last one, inclusive; for a timed event a time alone (11:30, or 02:00 after"
        " midnight), or a day and a time. Without it no end is stated.",
    )
    reported: Moment | None = Field(
        None, description="Instead of start: the day of a report, when the event's own day is not known."
    )
    timezone: Zone | None = Field(None, description="The zone of all its local times; the site's by default.")
    status: Status = Field(
        Status.CONFIRMED,
        description="cancelled is told and stays, marked; postponed takes it out of calendars until there is"
        " a new start; withdrawn (published by mistake) makes it vanish everywhere.",
    )
    status_note: SeenText | None = Field(None, description="Why it is cancelled, postponed or withdrawn.")
    place: Places = Field(
        (), description="The id of a place, or one with its own fields, or a list of either."
    )
    online: Online | None = Field(None, description="How one takes part from afar.")
    organisers: Parties = Field((), description="Ids of organisations, or names with their own fields.")
    hosts: Parties = Field((), description="Who receives the guests; as for organisers.")
    partners: Parties = Field((), description="Who else has a part in it; as for organisers.")
    speakers: Annotated[tuple[Speaker, ...], Field(max_length=MAX_LIST)] = Field(
        (), description="Who speaks."
    )
    contact: Contact | None = Field(None, description="Who answers questions.")
    languages: Annotated[tuple[Line, ...], Field(max_length=50)] = Field(
        (), description="What is spoken there, as language codes."
    )
    topics: Ids = Field((), description="Ids of topics.")
    series: Id | None = Field(None, description="The id of the series it belongs to.")
    related: Ids = Field((), description="Ids of events that a reader of this one may want to see.")
    registration: Registration | None = Field(None, description="How one registers.")
    deadlines: Annotated[tuple[Deadline, ...], Field(max_length=MAX_LIST)] = Field(
        (), description="What is due before it, each with an id of its own."
    )
    sessions: Annotated[tuple[Session, ...], Field(max_length=MAX_LIST)] = Field(
        (), description="Its programme, each part with an id of its own."
    )
    recurrence: Recurrence | None = Field(None, description="How it repeats.")
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=MAX_LIST)] = Field(
        (), description="Files beside the record's file, for download."
    )
    pinned: Flag = Field(default=False, description="Shown first on the front page.")
    # A calendar's address may be secret, and its UIDs tell readers nothing: no ledger, page or file has them.
    imported: Imported | None = Field(
        None, exclude=True, description="Written by 'publisher import', never published."
    )


class Announcement(Record):
    """News: something that was said on a day."""

    kind = Kind.ANNOUNCEMENT

    title: SeenLine = Field(description="Its headline.")
    date: Moment | None = Field(
        None, description="The day of the announcement; the day it becomes public if absent."
    )
    organisations: Ids = Field((), description="Ids of the organisations it is about.")
    topics: Ids = Field((), description="Ids of topics.")
    events: Ids = Field((), description="Ids of the events it is about.")
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=MAX_LIST)] = Field(
        (), description="Files beside the record's file, for download."
    )
    pinned: Flag = Field(default=False, description="Shown first on the front page.")
    expires: Moment | None = Field(
        None,
        description="The day from which on it is in no list; its page stays, and its entry in feeds.",
    )


class _Named(Record):
    """A small record that others name by its id."""

    naming = "name"

    name: SeenLine = Field(description="What people call it.")
    url: Url | None = Field(None, description="Its own web page.")
    parent: Id | None = Field(None, description="The id of the record of the same kind that it is a part of.")
    colour: Colour | None = Field(None, description="For its mark on pages, such as '#005a9c' (in quotes).")
    logo: FileName | None = Field(None, description="The name of a picture beside the file.")


class Organisation(_Named):
    """A body that organises, hosts, takes part or announces."""

    kind = Kind.ORGANISATION

    address: SeenLine | None = Field(None, description="Street and house, as on a letter.")
    city: SeenLine | None = Field(None, description="The town.")
    country: Country | None = Field(None, description="ISO 3166 code, such as KZ.")
    geo: Geo | None = Field(
        None, description="Latitude and longitude in degrees (WGS 84), such as [43.24, 76.95]."
    )
    email: Email | None = Field(None, description="Published as it is.")


class Place(_Named):
    """A venue or a town."""

    kind = Kind.PLACE

    address: SeenLine | None = Field(None, description="Street and house, as on a letter.")
    city: SeenLine | None = Field(None, description="The town.")
    country: Country | None = Field(None, description="ISO 3166 code, such as KZ.")
    geo: Geo | None = Field(
        None, description="Latitude and longitude in degrees (WGS 84), such as [43.24, 76.95]."
    )


class Topic(_Named):
    """What records are about."""

    kind = Kind.TOPIC


class Series(_Named):
    """Events that belong together over the years."""

    kind = Kind.SERIES


#: The pages of the site itself, by their addresses below a language: no free page can have these.
SITE_PAGES = frozenset({
    "announcements", "calendar", "changes", "deadlines", "digests", "events", "organisations", "places",
    "series", "subscribe", "topics",
})  # fmt: skip


class Page(Record):
    """A free page: about, privacy, imprint."""

    kind = Kind.PAGE

    title: SeenLine = Field(description="Its headline.")


RECORD_TYPES: dict[Kind, type[Record]] = {
    cls.kind: cls for cls in (Event, Announcement, Organisation, Place, Topic, Series, Page)
}

#: The kinds that have a listing page, a calendar and feeds of their own.
FACETS = (Kind.TOPIC, Kind.ORGANISATION, Kind.PLACE, Kind.SERIES)
