"""The verbs of somebody who is signed up: confirm, change, leave, refuse, be forgotten.

Each is one transaction that holds the subscriber, and so does whoever is about
to send to them: of the two, one is wholly before the other. What ends mail
waits besides until no message is being handed over to this reader at this very
moment; once it is committed, nobody writes to them any more.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from publisher.mailing.letters import pending, pending_tag
from publisher.model.mailing import Interests, Subscriber, Subscription, SubscriptionState
from publisher.post.owners import is_gone
from publisher.store import leaving, outbox, subscribers, suppressions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import Connection

    from publisher.store.database import Database

#: How long a leave waits for a message that is being handed over, and between looks, in seconds.
PATIENCE, LOOK = 5.0, 0.02
#: Who may be mailed now or later.
ACTIVE = frozenset({SubscriptionState.CONFIRMED, SubscriptionState.PAUSED})
#: Why an address that its owner has refused mail to is suppressed.
REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How somebody wants one list."""

    #: Confirmed, paused or unsubscribed.
    state: SubscriptionState
    #: For a pause: when it ends; None is until the reader says so.
    paused_until: datetime | None = None
    interests: Interests


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What somebody wants from now on; lists that are not named stay as they are."""

    language: str
    timezone: str
    lists: Mapping[str, Wish]
    #: The words to which a list that is new to them is agreed.
    consent_text: str


def confirm(database: Database, subscriber_id: int, tag: bytes, now: datetime) -> Subscriber | None:
    """Confirm the sign-up with this tag; None where there is none such (any more).

    A second time is as the first. A link is of no use once somebody has left again, or has signed up anew.
    """
    with database.working() as connection:
        person = held(connection, subscriber_id)
        if person is None:
            return None
        theirs = subscribers.subscriptions(connection, subscriber_id)
        if pending(theirs) and pending_tag(theirs) == tag:
            for each in pending(theirs):
                subscribers.put(connection, _confirmed(each, now))
        elif pending(theirs) or not any(each.state in ACTIVE for each in theirs):
            return None
        return person


def leave(database: Database, subscriber_id: int, lists: Collection[str] | None, now: datetime) -> None:
    """Leave lists, all of them for None, also ones that somebody has not got; nothing queued is sent."""
    with undisturbed(database, subscriber_id) as connection:
        for each in subscribers.subscriptions(connection, subscriber_id):
            if lists is None or each.list in lists:
                _leave(connection, each, now)


def change(
    database: Database, subscriber_id: int, version: int, wishes: Wishes, now: datetime
) -> Subscriber | None:
    """Make what somebody gets what they wish; None where their link is not valid any more."""
    with undisturbed(database, subscriber_id) as connection:
        person = held(connection, subscriber_id)
        if person is None or person.token_version != version:
            return None
        changed = person.evolve(language=wishes.language, timezone=wishes.timezone)
        subscribers.save(connection, changed)
        known = {each.list: each for each in subscribers.subscriptions(connection, subscriber_id)}
        for list_id, wish in wishes.lists.items():
            _grant(connection, known.get(list_id) or _new(changed, list_id, wishes, now), wish, wishes, now)
        return changed


def renew_links(database: Database, subscriber_id: int, version: int) -> Subscriber | None:
    """Make all links in mails sent so far invalid, but those to leave by."""
    with database.working() as connection:
        person = held(connection, subscriber_id)
        if person is None or person.token_version != version:
            return None
        renewed = person.evolve(token_version=person.token_version + 1)
        subscribers.save(connection, renewed)
        return renewed


def refuse(database: Database, subscriber_id: int, now: datetime) -> None:
    """Never write to this address again, and forget whose it was: what stays is its keyed hash."""
    with undisturbed(database, subscriber_id) as connection:
        person = held(connection, subscriber_id)
        if person is not None:
            suppressions.suppress(connection, person.address_hash, REFUSED, now)
            subscribers.erase(connection, subscriber_id, now)


def forget(database: Database, subscriber_id: int, now: datetime) -> bool:
    """End all lists and delete the address; False where there is nobody (any more)."""
    with undisturbed(database, subscriber_id) as connection:
        person = held(connection, subscriber_id)
        if person is not None:
            subscribers.erase(connection, subscriber_id, now)
        return person is not None


def held(connection: Connection, subscriber_id: int) -> Subscriber | None:
    """A subscriber, kept as they are until the transaction ends; None for nobody, and for the erased."""
    subscribers.lock(connection, subscriber_id)
    person = subscribers.get(connection, subscriber_id)
    return person if person and person.erased is None else None


@contextmanager
def undisturbed(database: Database, subscriber_id: int) -> Iterator[Connection]:
    """A transaction that holds a subscriber while no message is being handed over to them.

    After `PATIENCE` it begins all the same: whoever hands over finds, before another try, that they must not.
    """
    until = time.monotonic() + PATIENCE
    while True:
        with database.working() as connection:
            subscribers.lock(connection, subscriber_id)
            # Leases are measured by the real clock, whatever instant is being acted for.
            senders = outbox.senders(connection, subscriber_id, datetime.now(UTC))
            if all(map(is_gone, senders)) or time.monotonic() >= until:
                yield connection
                return
        time.sleep(LOOK)


def _grant(connection: Connection, before: Subscription, wish: Wish, wishes: Wishes, now: datetime) -> None:
    """Make one subscription what is wished."""
    match wish.state, before.state:
        case SubscriptionState.UNSUBSCRIBED, SubscriptionState.CONFIRMED | SubscriptionState.PAUSED:
            _leave(connection, before, now)
            return
        case SubscriptionState.UNSUBSCRIBED, _:  # what waits to be confirmed goes on waiting
            return
        case _, SubscriptionState.CONFIRMED | SubscriptionState.PAUSED:
            agreed = before
        case _:
            agreed = _confirmed(before.evolve(consent_text=wishes.consent_text, consent_source="web"), now)
    if wish.state is SubscriptionState.PAUSED:
        leaving.suppress_open(connection, before.subscriber, before.list, now, "paused")
    changed = agreed.changed if wish.state is agreed.state else now
    subscribers.put(
        connection,
        agreed.evolve(
            state=wish.state, paused_until=wish.paused_until, interests=wish.interests, changed=changed
        ),
    )


def _leave(connection: Connection, left: Subscription, now: datetime) -> None:
    if left.state is not SubscriptionState.UNSUBSCRIBED:
        gone = left.evolve(state=SubscriptionState.UNSUBSCRIBED, paused_until=None, changed=now)
        subscribers.put(connection, gone)
    leaving.suppress_open(connection, left.subscriber, left.list, now, "unsubscribed")


def _confirmed(signed_up: Subscription, now: datetime) -> Subscription:
    """From here on a reader; their first issue is what everybody gets."""
    return signed_up.evolve(
        state=SubscriptionState.CONFIRMED, paused_until=None, consent_at=now, told_until=None, changed=now
    )


def _new(person: Subscriber, list_id: str, wishes: Wishes, now: datetime) -> Subscription:
    return Subscription(
        subscriber=person.id, list=list_id, state=SubscriptionState.UNSUBSCRIBED,
        consent_source="web", consent_text=wishes.consent_text, changed=now,
    )  # fmt: skip
