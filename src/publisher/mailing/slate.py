"""What an issue may tell, found once for all its readers: each thing with the instant since when it is known.

Whatever is told has one instant at which it became so: an announcement or an
event became public, an event changed. An issue tells a reader those that lie
after what they have been told, up to its own cut, so that consecutive issues
tell each of them once. What comes is shown as a calendar shows it, each time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from itertools import chain
from typing import TYPE_CHECKING, Any

from publisher.mailing.choice import Changed
from publisher.model.ledger import OCCURRENCE
from publisher.model.records import Kind, Status
from publisher.model.timing import end_of
from publisher.model.when import Days, Hours, Unknown, sort_key
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import timedelta

    from publisher.model.edition import Before, Edition, Part, Published, PublishedEvent, Showing
    from publisher.model.records import Announcement
    from publisher.model.when import Time

_OFF = frozenset({Status.CANCELLED, Status.POSTPONED, Status.WITHDRAWN})


@dataclass(frozen=True, kw_only=True)
class Change:
    """A significant change."""

    event: PublishedEvent
    item: Changed
    #: Since when its readers can know of what changed, and when it last did.
    since: datetime
    at: datetime
    #: What it was before each of its last changes, oldest first.
    history: tuple[Before, ...]

    def told(self, told_until: datetime) -> Changed | None:
        """What there is to tell whoever knows it as it was at an instant; None if it is so again."""
        known = next((before for before in self.history if before.until > told_until), None)
        if known is None or known is self.history[-1]:
            return None if known and known.is_as_now else self.item
        return None if known.is_as_now else replace(self.item, before=known.until.isoformat())


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """An event at one of its dates, or a deadline (`part`)."""

    event: PublishedEvent
    since: datetime
    #: As `Coming.start` has it.
    start: str
    part: str = ""
    #: Whether it lies within what the list looks ahead; what does not is told while it is new.
    is_within: bool
    #: Whether it begins, or is due, before the next issue.
    is_near: bool


@dataclass(frozen=True, kw_only=True)
class Slate:
    """All that an issue may tell, in the order in which it is told."""

    changes: tuple[Change, ...]
    #: Announcements, pinned ones first, newest first.
    news: tuple[Published[Announcement], ...]
    coming: tuple[Ahead, ...]
    deadlines: tuple[Ahead, ...]


@dataclass(frozen=True)
class _Window:
    """The time that the slate is about, as a site's calendar has it."""

    timezone: str
    cut_at: datetime
    next_at: datetime
    until: datetime

    def is_over(self, moment: Time) -> bool:
        return end_of(moment, self.timezone) <= self.cut_at

    def is_within(self, moment: Time) -> bool:
        return _begin(moment, self.timezone) <= self.until

    def is_near(self, moment: Time) -> bool:
        return self.cut_at <= _begin(moment, self.timezone) < self.next_at


def slate(edition: Edition, cut_at: datetime, next_at: datetime, ahead: timedelta) -> Slate:
    """What an issue that is cut at an instant may tell, looking so far ahead."""
    window = _Window(edition.config.site.timezone, cut_at, next_at, cut_at + ahead)
    known = [event for event in edition.events if event.public_since <= cut_at]
    changes = chain.from_iterable(_changes(event, window.timezone) for event in known)
    news = (each for each in edition.announcements if each.public_since <= cut_at)
    return Slate(
        changes=tuple(change for change in changes if change.at <= cut_at),
        news=tuple(sorted(news, key=lambda each: not each.text(each.own_language).pinned)),
        coming=(*_coming(edition.showings, window), *_undated(known, window)),
        deadlines=tuple(_deadlines(known, window)),
    )


def start_of(moment: Time) -> str:
    """How a choice names the date of an event."""
    match moment:
        case Days(first, _):
            return first.isoformat()
        case Hours(start, _, _):
            return start.astimezone(UTC).isoformat()
        case _:
            return ""


# What has changed


def _changes(event: PublishedEvent, timezone: str) -> Iterator[Change]:
    """The last change of an event and of each of its parts, as far as it matters to anybody."""
    if event.updated > event.public_since and _was_to_come(event, timezone):
        item = Changed(Kind.EVENT.value, event.id)
        yield Change(
            event=event, item=item, since=event.public_since, at=event.updated, history=event.history
        )
    if event.is_off:
        return  # and with it all its parts
    for part in (*event.sessions, *event.deadlines, *event.occurrences):
        since = _known_since(part, event)
        if part.updated > since and not _is_implied(part, event) and _part_was_to_come(part, timezone):
            item = Changed(Kind.EVENT.value, event.id, part.kind, part.id)
            yield Change(event=event, item=item, since=since, at=part.updated, history=part.history)


def _known_since(part: Part, event: PublishedEvent) -> datetime:
    """Since when a part can be known: with its event at the earliest.

    A date of a recurring event was known before it was told apart: by the rule.
    """
    return event.public_since if part.kind == OCCURRENCE else max(part.first_published, event.public_since)


def _was_to_come(event: PublishedEvent, timezone: str) -> bool:
    """Whether the event was not over, as it is or as it was to be, when it last changed."""
    stated = [time for time in (event.previous_time, event.last_day) if time]
    return max(event.ends, *(end_of(time, timezone) for time in (event.time, *stated))) > event.updated


def _part_was_to_come(part: Part, timezone: str) -> bool:
    stated = [time for time in (part.time, part.previous_time) if time]
    return max(end_of(time, timezone) for time in stated) > part.updated


def _is_implied(part: Part, event: PublishedEvent) -> bool:
    """Whether a part only went the way of its event: to another place, or back from being cancelled."""
    if part.updated != event.updated or part.previous_time is not None or part.status in _OFF:
        return False
    has_own_place = any(view.get("place") for view in part.texts.values())
    return not has_own_place or (event.previous or {}).get("status") != event.status


# What comes


def _coming(showings: Iterable[Showing], window: _Window) -> Iterator[Ahead]:
    """What is not over, soonest first; of what repeats the next date, and all before the next issue."""
    seen: set[str] = set()
    for showing in showings:
        event, moment = showing.event, showing.time
        if event.public_since > window.cut_at or showing.status in _OFF or isinstance(moment, Unknown):
            continue
        is_near = window.is_near(moment)
        if (event.id in seen and not is_near) or window.is_over(moment):
            continue
        seen.add(event.id)
        yield _ahead(event, moment, window, since=event.public_since)


def _undated(events: Iterable[PublishedEvent], window: _Window) -> Iterator[Ahead]:
    """Events whose day is not known: told while they are new."""
    for event in events:
        if not event.is_off and not event.has_day and not window.is_over(event.time):
            yield Ahead(event=event, since=event.public_since, start="", is_within=False, is_near=False)


def _deadlines(events: Iterable[PublishedEvent], window: _Window) -> Iterator[Ahead]:
    """What can still be met, soonest first."""
    due = [(event, part) for event in events for part in event.deadlines]
    for event, part in sorted(due, key=lambda pair: (sort_key(pair[1].time), pair[0].id, pair[1].id)):
        since, is_off = _known_since(part, event), part.status in _OFF
        if not is_off and since <= window.cut_at and not window.is_over(part.time):
            yield _ahead(event, part.time, window, since=since, part=part.id)


def _ahead(event: PublishedEvent, moment: Time, window: _Window, *, since: datetime, part: str = "") -> Ahead:
    return Ahead(
        event=event,
        since=since,
        start=start_of(moment),
        part=part,
        is_within=window.is_within(moment),
        is_near=window.is_near(moment),
    )


def _begin(moment: Days | Hours | Any, timezone: str) -> datetime:
    """When it begins, in UTC; a whole day with its midnight, where the site is."""
    if isinstance(moment, Hours):
        return moment.start
    return datetime.combine(moment.first, time(), zone(timezone)).astimezone(UTC)
