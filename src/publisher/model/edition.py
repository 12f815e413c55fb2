"""An edition: everything that is public at an instant, selected, sorted and in every language.

Rendering needs nothing but this and a theme. A pure value: the same ledger,
configuration and date make the same edition on every machine.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from publisher.model.archives import Archives
from publisher.model.artifact import unknown_asset
from publisher.model.fragments import Fragments
from publisher.model.records import (
    Announcement,
    Event,
    Kind,
    Page,
    Record,
    Status,
)
from publisher.model.timing import end_of
from publisher.model.when import Days, Hours, Time, Unknown
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from publisher.config import Combination, Config
    from publisher.model.artifact import AssetFacts
    from publisher.model.mailing import Digest
    from publisher.model.recurrence import RecurrenceSet

#: The kind of a selection that takes what has become of events, each change by itself.
CHANGE = "change"

R_co = TypeVar("R_co", bound=Record, covariant=True)
Member = tuple[Kind, str]


@dataclass(frozen=True, kw_only=True)
class Published(Generic[R_co]):
    """A public record in all languages, with what the ledger knows of it."""

    kind: Kind
    id: str
    uid: str
    revision: int
    ordinal: int
    first_published: datetime
    updated: datetime
    last_modified: Mapping[str, datetime]
    #: language -> a hash of all that its readers see of it.
    seen: Mapping[str, str] = field(default_factory=dict)
    #: The language it was written in, and those in which it really exists.
    own_language: str
    languages: frozenset[str]
    #: For every language of the site: the record in it, or in its own language where there is no translation.
    texts: Mapping[str, R_co]
    memberships: frozenset[Member] = frozenset()
    #: file name beside the record -> path below assets/.
    assets: Mapping[str, str] = field(default_factory=dict)
    removed: bool = False
    #: When it really became public, where it bears an earlier date of its own.
    late: datetime | None = None

    @property
    def public_since(self) -> datetime:
        """Since when readers can see it."""
        return self.late or self.first_published

    @property
    def path(self) -> str:
        """The address of its page below a language, without slashes around."""
        return f"{self.kind.plural}/{self.id}"

    def language_of(self, language: str) -> str:
        """The language in which its text really stands for readers of `language`."""
        return language if language in self.languages else self.own_language

    def text(self, language: str) -> R_co:
        """The record for readers of a language."""
        return self.texts[language]


@dataclass(frozen=True, kw_only=True)
class Before:
    """What something was until a significant change, beside what it is now."""

    until: datetime
    facts: Mapping[str, Any]
    #: What it became by that change.
    after: Mapping[str, Any]
    #: Which change of it that was, for ever: the revision that it made.
    number: int
    #: The place of that change in the order in which readers were told, among records and other changes.
    ordinal: int
    #: The time then, if it is another one now.
    time: Time | None
    is_relocated: bool
    #: Whether it is again what it was.
    is_as_now: bool


@dataclass(frozen=True, kw_only=True)
class Part:
    """A session, deadline or changed occurrence: an entry of its own in calendars."""

    kind: str
    id: str
    uid: str
    revision: int
    first_published: datetime
    updated: datetime
    last_modified: Mapping[str, datetime]
    #: language -> a hash of all that its readers see of it.
    seen: Mapping[str, str] = field(default_factory=dict)
    time: Time
    status: Status
    #: The time before it last moved, if it ever did.
    previous_time: Time | None
    #: language -> the part as its record gives it, as plain values.
    texts: Mapping[str, Mapping[str, Any]]
    #: What it was before each of its last changes, oldest first.
    history: tuple[Before, ...] = ()
    #: For a changed occurrence: the local start that it would have by the rule (RFC 5545 section 3.8.4.4).
    original: datetime | None = None

    def title(self, language: str) -> str:
        """Its name in a language; empty for an occurrence that keeps its event's."""
        return str(self.texts.get(language, {}).get("title", ""))


@dataclass(frozen=True, kw_only=True)
class PublishedEvent(Published[Event]):
    """A public event: when it is, what has become of it, and its parts."""

    time: Time
    status: Status
    #: The facts before the last significant change: place, status and the like, and "until" when they held.
    previous: Mapping[str, Any] | None
    #: The time before it last moved, if it ever did.
    previous_time: Time | None
    #: What it was before each of its last changes, oldest first.
    history: tuple[Before, ...] = ()
    sessions: tuple[Part, ...] = ()
    deadlines: tuple[Part, ...] = ()
    occurrences: tuple[Part, ...] = ()
    #: Dates that were told as changed, and are as the rule says again: no entries, only what became of them.
    restored: tuple[Part, ...] = ()
    recurrence: RecurrenceSet | None = None
    #: When it is over, in UTC; a recurring event when its last occurrence is, or never.
    ends: datetime
    #: The day that was told while none is known any more: calendars keep it, as postponed.
    last_day: Days | Hours | None = None
    #: Whether its last significant change took it from one place to another.
    is_relocated: bool = False

    @property
    def is_off(self) -> bool:
        """Whether nobody should go there: cancelled, or postponed without a new day."""
        return self.status in {Status.CANCELLED, Status.POSTPONED}

    @property
    def has_day(self) -> bool:
        """Whether its day is known."""
        return not isinstance(self.time, Unknown)

    @property
    def entry_time(self) -> Days | Hours | None:
        """When calendars show it; None for an event whose day was never known, which enters none."""
        return self.last_day if isinstance(self.time, Unknown) else self.time

    @property
    def has_calendar(self) -> bool:
        """Whether it has a calendar of its own: it, or a session or deadline of it, has had a day."""
        parts = (*self.sessions, *self.deadlines)
        return self.entry_time is not None or any(not isinstance(part.time, Unknown) for part in parts)

    @property
    def entry_status(self) -> Status:
        """What calendars say of it: what had a day and has none any more is postponed for those who wait."""
        waits = isinstance(self.time, Unknown) and self.last_day is not None and not self.is_off
        return Status.POSTPONED if waits else self.status


@dataclass(frozen=True)
class Showing:
    """An event at one of its dates, for lists: a recurring event shows once for each occurrence."""

    event: PublishedEvent
    time: Time
    status: Status
    #: The changed occurrence that this is, if it is one.
    part: Part | None = None


@dataclass(frozen=True, kw_only=True)
class ArchivedIssue:
    """An issue that readers have got, as its pages show it: frozen, whatever becomes of its records."""

    list: str
    period: str
    due_at: datetime
    #: language -> the digest of a reader of everything.
    digests: Mapping[str, Digest]

    @property
    def path(self) -> str:
        """The address of its page below a language, without slashes around."""
        return f"digests/{self.list}/{self.period}"


@dataclass(frozen=True, kw_only=True, eq=False)  # compared by identity: caches are kept by edition
class Edition:
    """All that is public on a day; `today` is the site's local date, the only clock that pages know."""

    config: Config
    today: date
    #: By time, earliest first; withdrawn ones apart.
    events: tuple[PublishedEvent, ...]
    withdrawn: tuple[PublishedEvent, ...]
    #: Newest first; expired ones are in no list.
    announcements: tuple[Published[Announcement], ...]
    expired: tuple[Published[Announcement], ...]
    facets: Mapping[Kind, Mapping[str, Published[Any]]]
    pages: Mapping[str, Published[Page]]
    #: Names of facets that are referred to but have no listing (a source's publisher).
    others: Mapping[Member, Mapping[str, str]] = field(default_factory=dict)
    #: Every occurrence within the window that pages show.
    showings: tuple[Showing, ...] = ()
    #: Of all lists, newest first.
    issues: tuple[ArchivedIssue, ...] = ()
    #: Named calendars that are declared no more, as they last were: whoever subscribed goes on getting them.
    retired_calendars: Mapping[str, Combination] = field(default_factory=dict)
    #: Likewise of named feeds.
    retired_feeds: Mapping[str, Combination] = field(default_factory=dict)
    #: Length and size of the files that stand beside records, by their stored names.
    asset_facts: Callable[[str], AssetFacts] = unknown_asset
    #: Where the closed archives of its feeds end.
    archives: Archives = field(default_factory=Archives, repr=False)
    #: What has been rendered of it, and of the edition before it.
    fragments: Fragments = field(default_factory=Fragments, repr=False)

    @property
    def named_calendars(self) -> Mapping[str, Combination]:
        """The named combinations that have a calendar: those of the configuration, and retired ones."""
        return {**self.retired_calendars, **self.config.calendars}

    @property
    def named_feeds(self) -> Mapping[str, Combination]:
        """Likewise those that have feeds."""
        return {**self.retired_feeds, **self.config.feeds}

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists that have pages: those of the configuration, then those that only have past issues."""
        return tuple(dict.fromkeys((*self.config.lists, *sorted({issue.list for issue in self.issues}))))

    @property
    def languages(self) -> tuple[str, ...]:
        """The site's languages in the order of its configuration."""
        return self.config.site.languages

    @property
    def midnight(self) -> datetime:
        """The instant at which today began, in UTC: what ended before it is past."""
        return datetime.combine(self.today, time(), zone(self.config.site.timezone)).astimezone(UTC)

    def event(self, id_: str) -> PublishedEvent | None:
        """The public event of an id."""
        return self._by_id.get(id_)

    @cached_property
    def _by_id(self) -> Mapping[str, PublishedEvent]:
        return {event.id: event for event in self.events}

    def chosen(self, selection: Selection) -> Iterable[PublishedEvent]:
        """The events of a choice, by time, earliest first."""
        if not selection.members:
            return self.events if selection.takes_events else ()
        narrowest = min(
            selection.members, key=lambda any_of: sum(len(self._of[m]) for m in any_of if m in self._of)
        )
        found = {number for member in narrowest for number in self._of.get(member, ())}
        return (self.events[number] for number in sorted(found) if selection.takes(self.events[number]))

    @cached_property
    def _of(self) -> Mapping[Member, Sequence[int]]:
        """Where the events of a topic, organisation, place or series stand."""
        found: defaultdict[Member, list[int]] = defaultdict(list)
        for number, event in enumerate(self.events):
            for member in event.memberships:
                found[member].append(number)
        return dict(found)

    def facet(self, kind: Kind, id_: str) -> Published[Any] | None:
        """The facet of an id, if it has a listing."""
        return self.facets[kind].get(id_)

    def coming(self, showings: Iterable[Showing] | None = None) -> tuple[Showing, ...]:
        """What is not over yet, soonest first; an event whose day is unknown comes while it may."""
        chosen = self.showings if showings is None else showings
        return tuple(s for s in chosen if end_of(s.time, self.config.site.timezone) > self.midnight)

    def past(self, showings: Iterable[Showing] | None = None) -> tuple[Showing, ...]:
        """What is over, latest first."""
        chosen = tuple(self.showings if showings is None else showings)
        return tuple(
            s for s in reversed(chosen) if end_of(s.time, self.config.site.timezone) <= self.midnight
        )


@dataclass(frozen=True)
class Selection:
    """A choice of records: any of the values within a field, all of the fields that are given."""

    topics: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    series: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    @classmethod
    def of(cls, kind: Kind, id_: str) -> Selection:
        """The records of one facet."""
        return cls(**{kind.plural: frozenset({id_})})

    def takes(self, record: Published[Any]) -> bool:
        """Whether a record belongs to the choice."""
        if self.kinds and record.kind.value not in self.kinds:
            return False
        return all(not any_of.isdisjoint(record.memberships) for any_of in self.members)

    @property
    def is_of_changes(self) -> bool:
        """Whether it takes changes of events, each by itself, and not records."""
        return CHANGE in self.kinds

    @property
    def takes_events(self) -> bool:
        """Whether events can belong to it at all."""
        return not self.kinds or Kind.EVENT.value in self.kinds

    @cached_property
    def members(self) -> tuple[frozenset[Member], ...]:
        """What is given, field by field: of each, a record must belong to one."""
        given = (
            (Kind.TOPIC, self.topics),
            (Kind.ORGANISATION, self.organisations),
            (Kind.PLACE, self.places),
            (Kind.SERIES, self.series),
        )
        return tuple(frozenset((kind, id_) for id_ in ids) for kind, ids in given if ids)
