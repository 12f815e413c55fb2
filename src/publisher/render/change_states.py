"""What something was and what it became: the facts of a change, and what differs in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from publisher.model.records import InlinePlace, Recurrence, Status
from publisher.model.recurrence import RecurrenceSet, local_start, recurrence_set
from publisher.model.timing import end_of
from publisher.model.when import Hours, Time, Unknown, When, decode_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.model.edition import PublishedEvent

#: Nobody should go there.
OFF = frozenset({Status.CANCELLED, Status.POSTPONED})
_NEVER = datetime.max.replace(tzinfo=UTC)


class Verb(StrEnum):
    """What can become of something, as the theme's words name it; the most important first."""

    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    BACK = "back"
    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    MOVED = "moved"
    #: Its day was not known before.
    KNOWN = "known"
    #: It has other dates than before.
    DATES = "dates"
    PLACE = "place"
    ONLINE = "online"


@dataclass(frozen=True)
class State:
    """The significant facts of an event, a session, a deadline or a date, as they were or are."""

    time: Time
    status: Status
    #: Ids of places, and places that only this record has.
    places: tuple[str | InlinePlace, ...]
    #: The address at which one takes part; empty where it is not public, None where one cannot.
    online: str | None
    recurrence: Recurrence | None

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> State:
        """Read the facts as the ledger keeps them. What was withdrawn is off, and no more is said of it."""
        status, recurrence = Status(facts["status"]), facts.get("recurrence")
        return cls(
            time=decode_time(facts["time"]),
            status=Status.CANCELLED if status is Status.WITHDRAWN else status,
            places=tuple(_place(given) for given in facts.get("place", ())),
            online=facts.get("online"),
            recurrence=Recurrence.model_validate(recurrence) if recurrence else None,
        )


def verbs(before: State, after: State) -> tuple[Verb, ...]:
    """All that differs, the most important first; what is off is told without its details."""
    found = tuple(_verbs(before, after))
    return found[:1] if after.status in OFF else found


def _verbs(before: State, after: State) -> Iterator[Verb]:
    if before.status is not after.status:
        yield _status_verb(before.status, after.status)
    if before.time != after.time or before.recurrence != after.recurrence:
        yield _time_verb(before, after)
    if before.places != after.places:
        yield Verb.PLACE
    if before.online != after.online:
        yield Verb.ONLINE


def _status_verb(before: Status, after: Status) -> Verb:
    if after in OFF:
        return Verb(after.value)
    if before in OFF:
        return Verb.BACK
    return Verb.CONFIRMED if after is Status.CONFIRMED else Verb.TENTATIVE


def _time_verb(before: State, after: State) -> Verb:
    if before.recurrence or after.recurrence:
        return Verb.DATES
    if isinstance(before.time, Unknown) == isinstance(after.time, Unknown):
        return Verb.MOVED
    return Verb.KNOWN if isinstance(before.time, Unknown) else Verb.POSTPONED


def _place(given: str | Mapping[str, Any]) -> str | InlinePlace:
    return given if isinstance(given, str) else InlinePlace.model_validate(given)


# The dates of what repeats


def dates_from(
    event: PublishedEvent, state: State, first: datetime, reach: timedelta, timezone: str
) -> tuple[Time, ...]:
    """The dates that it has by its rule from the day of an instant on, within reach."""
    dates = _recurrence_set(event, state, timezone)
    if dates is None:
        return () if isinstance(state.time, Unknown) else (state.time,)
    return tuple(map(dates.time_at, dates.starts(first.date(), (first + reach).date())))


def last_end(event: PublishedEvent, state: State, timezone: str) -> datetime:
    """When it is over for good, in UTC."""
    dates = _recurrence_set(event, state, timezone)
    if dates is None:
        return end_of(state.time, timezone)
    last = dates.last()
    return end_of(dates.time_at(last), timezone) if last else _NEVER


def _recurrence_set(event: PublishedEvent, state: State, timezone: str) -> RecurrenceSet | None:
    """The dates by the rule of then; dates that were changed are told by themselves."""
    if state.recurrence is None or isinstance(state.time, Unknown):
        return None
    record, start = event.text(event.own_language), local_start(state.time)
    clock = start.time() if isinstance(state.time, Hours) else None
    then = {
        "start": When(start.year, start.month, start.day, clock),
        "timezone": state.time.timezone if isinstance(state.time, Hours) else timezone,
        "recurrence": state.recurrence,
    }
    return recurrence_set(record.model_copy(update=then), state.time, timezone)
