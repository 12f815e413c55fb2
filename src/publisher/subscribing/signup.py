"""The verb of somebody who is not signed up, or says so: one transaction, whoever they are.

What comes of a sign-up is told by mail alone, to the address itself. Here the
same is read and counted, and the same is answered, whether an address is new,
waits to be confirmed, is confirmed, refuses mail, or is none.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from publisher.mailing.addresses import address_hash
from publisher.mailing.letters import pending
from publisher.model.mailing import Interests, Sort, Subscriber, Subscription, SubscriptionState
from publisher.store import leaving, limits, outbox, subscribers, suppressions
from publisher.subscribing.consent import ACTIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from publisher.store.database import Database

log = logging.getLogger("publisher.subscribing")

#: Letters to one address, whoever asks for them: one in a day, three in a month.
LETTERS = ((timedelta(hours=24), 1), (timedelta(days=30), 3))
#: After which a letter that could not be delivered is given up: nobody waits for it any more.
LETTER_LIFE = timedelta(days=2)
HOUR = timedelta(hours=1)
SOURCE = "web"
#: Where the letters that come of all sign-ups of a day are counted.
EVERYWHERE = "letters"
#: No subscriber has this id.
_NOBODY = -1


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a sign-up asks for. Lists and interests are ones that there are."""

    #: As it is written to; None for what is no address that is written to.
    email: str | None
    #: What makes addresses the same.
    key: str
    lists: tuple[str, ...]
    interests: Interests
    language: str
    timezone: str
    #: The words that were agreed to.
    consent_text: str


class _Answer(Enum):
    """What a sign-up comes to."""

    #: Nothing: no mail may be sent there, or not yet.
    NOTHING = auto()
    #: A letter that asks to confirm.
    ASK = auto()
    #: A letter that says: you are signed up for this already.
    KNOWN = auto()


@dataclass(frozen=True)
class Limits:
    """How often one may sign up, and who names the letters that come of it."""

    #: From one network; and letters that come of sign-ups from everywhere.
    per_hour: int
    per_day: int
    #: From the sort of a letter, whose it is and when it was asked for.
    message_id: Callable[[Sort, int, datetime], str]


def sign_up(
    database: Database, limit: Limits, asked: Request, network: str, now: datetime
) -> timedelta | None:
    """Take a sign-up; how long its network must wait where too many came from there.

    Nothing that is confirmed changes by it. The key of address hashes (`salt`) must have been made.
    """
    # A look before writing: a flood that is refused must not keep the database busy.
    with database.reading() as connection:
        if limits.total(connection, _bucket(connection, network), _hour(now)) >= limit.per_hour:
            return _rest_of_hour(now)
    with database.writing() as connection:
        if limits.count(connection, _bucket(connection, network), _hour(now)) > limit.per_hour:
            return _rest_of_hour(now)
        _take(connection, limit, asked, now)
    return None


def _bucket(connection: Connection, network: str) -> str:
    """Where a network's sign-ups are counted: its hash, so that nobody can read who came."""
    return f"sign-up:{address_hash(suppressions.salt(connection), network)}"


def salt(database: Database, now: datetime) -> bytes:
    """The key of address hashes, made if there is none."""
    try:
        with database.reading() as connection:
            return suppressions.salt(connection)
    except LookupError:
        with database.writing() as connection:
            return suppressions.ensure_salt(connection, now)


def _take(connection: Connection, limit: Limits, asked: Request, now: datetime) -> None:
    hashed = address_hash(suppressions.salt(connection), asked.key)
    is_free = _may_write(connection, hashed, now)
    person = _found(connection, asked.key)
    theirs = subscribers.subscriptions(connection, person.id if person else _NOBODY)
    is_free &= limits.total(connection, EVERYWHERE, _day(now)) < limit.per_day
    answer = _decide(asked, theirs) if asked.email and is_free else _Answer.NOTHING
    if answer is _Answer.NOTHING:
        return
    if answer is _Answer.ASK:
        person = _noted(connection, asked, hashed, person, theirs, now)
    assert person is not None  # noqa: S101 -- whoever is known was found
    sort = Sort.CONFIRM if answer is _Answer.ASK else Sort.KNOWN
    limits.count(connection, letter_bucket(hashed), letter_window(now))
    if limits.count(connection, EVERYWHERE, _day(now)) == limit.per_day:
        log.warning("sign-ups: %d letters today, the limit; the next goes out tomorrow, UTC", limit.per_day)
    name = limit.message_id(sort, person.id, now)
    outbox.letter(connection, sort, person.id, now, name, now + LETTER_LIFE)


def _found(connection: Connection, key: str) -> Subscriber | None:
    """Whose address it is, kept until the end; whoever is being purged at this moment is nobody."""
    person = subscribers.find(connection, key)
    is_there = subscribers.lock(connection, person.id if person else _NOBODY)
    return person if is_there else None


def _may_write(connection: Connection, hashed: str, now: datetime) -> bool:
    """Whether an address may get a letter now; all is asked, whatever the first answer is."""
    refused = suppressions.is_suppressed(connection, hashed, now)
    bucket = letter_bucket(hashed)
    counts = [limits.total(connection, bucket, letter_window(now - span)) for span, _ in LETTERS]
    return not refused and all(count < most for count, (_, most) in zip(counts, LETTERS, strict=True))


def _decide(asked: Request, theirs: Sequence[Subscription]) -> _Answer:
    active = {each.list for each in theirs if each.state in ACTIVE}
    return _Answer.KNOWN if active.issuperset(asked.lists) else _Answer.ASK


def _noted(  # noqa: PLR0913, PLR0917 -- who asks for what, and how they stand
    connection: Connection,
    asked: Request,
    hashed: str,
    person: Subscriber | None,
    theirs: Sequence[Subscription],
    now: datetime,
) -> Subscriber:
    """Note what waits to be confirmed, in place of what has waited so far."""
    assert asked.email is not None  # noqa: S101 -- only addresses come here
    if person is None:
        person = Subscriber(
            id=secrets.randbits(62), email=asked.email, email_key=asked.key, address_hash=hashed,
            language=asked.language, timezone=asked.timezone, created=now,
        )  # fmt: skip
        subscribers.add(connection, person)
    elif not any(each.state in ACTIVE for each in theirs):
        person = person.evolve(language=asked.language, timezone=asked.timezone)
        subscribers.save(connection, person)
    known = {each.list: each for each in theirs}
    for each in pending(theirs):
        if each.list not in asked.lists:
            leaving.drop(connection, person.id, each.list)
    for list_id in asked.lists:
        if not _is_active(known, list_id):
            subscribers.put(connection, _pending(person, list_id, asked, now))
    return person


def _is_active(known: Mapping[str, Subscription], list_id: str) -> bool:
    return list_id in known and known[list_id].state in ACTIVE


def _pending(person: Subscriber, list_id: str, asked: Request, now: datetime) -> Subscription:
    return Subscription(
        subscriber=person.id, list=list_id, state=SubscriptionState.UNCONFIRMED, interests=asked.interests,
        consent_source=SOURCE, consent_text=asked.consent_text, changed=now,
    )  # fmt: skip


def _day(now: datetime) -> str:
    return f"{now:%Y-%m-%d}"


def _hour(now: datetime) -> str:
    return f"{now:%Y-%m-%dT%H}"


def _rest_of_hour(now: datetime) -> timedelta:
    return HOUR - timedelta(minutes=now.minute, seconds=now.second, microseconds=now.microsecond)


def letter_bucket(address_hash: str) -> str:
    """Where letters to an address are counted, whoever asks for them."""
    return f"letter:{address_hash}"


def letter_window(now: datetime) -> str:
    """The window that a letter is counted in: a second, so that spans can begin at any instant."""
    return f"{now:%Y-%m-%dT%H:%M:%S}"
