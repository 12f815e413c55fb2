"""What has become of events since they are public: each change by itself, for those who follow nothing else.

A change is a difference of facts that the ledger remembers: of an event, or of a
session, a deadline or a date of it. What only became public has not changed,
what is over does not change any more for anybody, and a part that goes the way
of its event is told with it. Nothing here depends on the day: what is told of a
change stays, until another one overtakes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from publisher.model.ledger import SESSION
from publisher.model.records import Kind, Status
from publisher.model.when import Days, Hours
from publisher.render.change_states import OFF, State, Verb, dates_from, last_end, verbs
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from publisher.model.edition import Before, Edition, Part, PublishedEvent
    from publisher.model.when import Time


#: How far one looks for dates that were added or dropped.
REACH = timedelta(days=400)


@dataclass(frozen=True, kw_only=True)
class DatesChange:
    """What became of the dates of an event that repeats."""

    dropped: tuple[Time, ...] = ()
    added: tuple[Time, ...] = ()
    #: Where none is as it was: the next one as it was, and as it became.
    moved: tuple[Time, Time] | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of an event or of a part of it. Identified by their ids and its number, for ever."""

    event: PublishedEvent
    #: The session, deadline or date that it is about; None for the event itself.
    part: Part | None
    #: Which change of it: the revision that it made.
    number: int
    #: Its place in the order in which readers were told of things.
    place: int
    #: When it became public, UTC.
    at: datetime
    before: State
    after: State
    #: What has become of it since.
    now: State
    #: Whether it is the last one of the event itself, or of this part.
    is_newest: bool = True
    #: The names of the places that it tells of: by id, then by language.
    place_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: The site's zone: where days are counted that have none of their own.
    timezone: str

    @property
    def name(self) -> str:
        """What tells it from all other changes of its event, as a piece of an address."""
        if self.part is None:
            return str(self.number)
        # A date of a series is named by its local time; a URI has no blanks (RFC 3986 section 2).
        return f"{self.part.kind}/{self.part.id.replace(' ', 'T')}/{self.number}"

    @cached_property
    def verbs(self) -> tuple[Verb, ...]:
        """What has become of it, the most important first; never empty."""
        return verbs(self.before, self.after)

    @property
    def is_of_series(self) -> bool:
        """Whether it is about an event that repeats, as a whole."""
        return self.part is None and bool(self.before.recurrence or self.after.recurrence)

    @property
    def next_times(self) -> tuple[Time, Time]:
        """When it was to be, and when it became to be; of what repeats the next date."""
        if not self.is_of_series:
            return self.before.time, self.after.time
        before, after = (next(iter(found), None) for found in self._upcoming)
        return before or self.before.time, after or self.after.time

    @cached_property
    def _upcoming(self) -> tuple[tuple[Time, ...], tuple[Time, ...]]:
        """The dates within reach of when it changed, as they were and as they became."""
        event, at = self.event, self.at
        return (
            dates_from(event, self.before, at, REACH, self.timezone),
            dates_from(event, self.after, at, REACH, self.timezone),
        )

    @cached_property
    def dates(self) -> DatesChange:
        """What has become of its dates, within a reach from when it changed: for what repeats."""
        old, new = self._upcoming
        was, is_now = set(old), set(new)
        if old and new and not was & is_now:
            return DatesChange(moved=(old[0], new[0]))
        return DatesChange(
            dropped=tuple(moment for moment in old if moment not in is_now),
            added=tuple(moment for moment in new if moment not in was),
        )

    @property
    def is_overtaken(self) -> bool:
        """Whether it is not any more what this change made of it."""
        return self.now != self.after or (self.part is not None and self.event.is_off)


@lru_cache(maxsize=2)  # pages, feeds and the sitemap of an edition ask for them
def changes_of(edition: Edition) -> tuple[Change, ...]:
    """All changes that are remembered, in the order in which they were told."""
    found = chain.from_iterable(_changes(edition, event) for event in edition.events)
    return tuple(sorted(found, key=lambda change: change.place))


def _changes(edition: Edition, event: PublishedEvent) -> Iterator[Change]:
    yield from _told(edition, event, None, event.history)
    for part in (*event.sessions, *event.deadlines, *event.occurrences, *event.restored):
        yield from _told(edition, event, part, part.history)


def _told(
    edition: Edition, event: PublishedEvent, part: Part | None, history: tuple[Before, ...]
) -> Iterator[Change]:
    """The changes of one thing that somebody had to know of, oldest first."""
    found = [change for past in history if (change := _change(edition, event, part, past))]
    for number, change in enumerate(found, 1):
        now = State.of(history[-1].after)
        names = _place_names(edition, change.before, change.after, now)
        yield replace(change, now=now, place_names=names, is_newest=number == len(found))


def _change(edition: Edition, event: PublishedEvent, part: Part | None, past: Before) -> Change | None:
    """The change by which something ceased to be what it was; None where nobody needs to know."""
    timezone, before, after = edition.config.site.timezone, State.of(past.facts), State.of(past.after)
    if part is not None:
        before = _without_implied(event, part, past.until, before, after)
    if not verbs(before, after) or not _was_to_come(event, before, after, past.until, timezone):
        return None
    return Change(
        event=event,
        part=part,
        number=past.number,
        place=past.ordinal,
        at=past.until.astimezone(UTC),
        before=before,
        after=after,
        now=after,
        timezone=timezone,
    )


def _was_to_come(event: PublishedEvent, before: State, after: State, at: datetime, timezone: str) -> bool:
    """Whether it was not over when it changed: what is corrected afterwards has not moved."""
    if before.status is Status.POSTPONED:
        return True
    return max(last_end(event, before, timezone), last_end(event, after, timezone)) > at


# What a part has in common with its event


def _without_implied(event: PublishedEvent, part: Part, at: datetime, before: State, after: State) -> State:
    """What a part was, but for what the event's own change tells: there it is as it became."""
    if _status_after(event, at) in OFF:
        return after
    changed = [each for each in event.history if each.until == at]
    if not changed:
        return before
    whole = State.of(changed[0].facts), State.of(changed[-1].after)
    if _is_status_implied(whole, before, after):
        before = replace(before, status=after.status)
    elif whole[0].status in OFF:
        before = replace(before, status=Status.CONFIRMED)
    if (before.places, after.places) == (whole[0].places, whole[1].places):
        before = replace(before, places=after.places)
    if part.kind == SESSION and _goes_along(whole, before, after):
        before = replace(before, time=after.time)
    return before


def _status_after(event: PublishedEvent, at: datetime) -> Status:
    """What the event's state was after the changes of an instant."""
    later = next((each for each in event.history if each.until > at), None)
    return State.of(later.facts).status if later else event.status


def _is_status_implied(whole: tuple[State, State], before: State, after: State) -> bool:
    """Whether the state is the event's: it was off with it, or is as certain as it."""
    if whole[0].status in OFF and after.status not in OFF:
        return True
    return (before.status, after.status) == (whole[0].status, whole[1].status)


def _goes_along(whole: tuple[State, State], before: State, after: State) -> bool:
    """Whether it moved exactly as its event did."""
    shift = _shift(before.time, after.time)
    return shift is not None and shift == _shift(whole[0].time, whole[1].time)


def _shift(before: Time, after: Time) -> timedelta | None:
    """By how much something moved on the clock as a whole; None where it did not only move."""
    match before, after:
        case Days(), Days():
            first, last = after.first - before.first, after.last - before.last
            return first if first == last else None
        case Hours(), Hours():
            old, new = _clock(before), _clock(after)
            if (old[1] is None) != (new[1] is None):
                return None
            first = new[0] - old[0]
            return first if new[1] is None or old[1] is None or new[1] - old[1] == first else None
    return None


def _clock(moment: Hours) -> tuple[datetime, datetime | None]:
    there = zone(moment.timezone)
    start = moment.start.astimezone(there).replace(tzinfo=None)
    return start, moment.end.astimezone(there).replace(tzinfo=None) if moment.end else None


def _place_names(edition: Edition, *states: State) -> Mapping[str, Mapping[str, str]]:
    ids = {ref for state in states for ref in state.places if isinstance(ref, str)}
    found: dict[str, Mapping[str, str]] = {}
    for id_ in sorted(ids):
        facet = edition.facet(Kind.PLACE, id_)
        names: Mapping[str, Any] = edition.others.get((Kind.PLACE, id_), {})
        found[id_] = {lang: facet.text(lang).name_text for lang in edition.languages} if facet else names
    return found
