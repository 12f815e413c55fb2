"""Subscribers and their subscriptions: one function a statement, no query is built anywhere else.

Whoever changes how somebody's mail stands locks that subscriber first, and so
does whoever is about to send to them: of the two, one is wholly before the other.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, true, update
from sqlalchemy import insert as plain_insert

from publisher.model.mailing import (
    OPEN,
    DeliveryState,
    Recipient,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from publisher.store import suppressions
from publisher.store import tables as t
from publisher.store.rows import recipient_of, row_of, subscriber_of, subscription_of, subscription_row
from publisher.store.settling import settle
from publisher.store.upserts import insert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

#: How many ids or keys one statement names: SQLite takes a bounded number of parameters.
_NAMED = 500


def find(connection: Connection, email_key: str) -> Subscriber | None:
    """Whose address this is."""
    row = connection.execute(select(t.subscriber).where(t.subscriber.c.email_key == email_key)).first()
    return subscriber_of(row) if row else None


def get(connection: Connection, subscriber_id: int) -> Subscriber | None:
    """A subscriber by id, an erased one too."""
    row = connection.execute(select(t.subscriber).where(t.subscriber.c.id == subscriber_id)).first()
    return subscriber_of(row) if row else None


def lock(connection: Connection, subscriber_id: int) -> bool:
    """Keep a subscriber as they are until this transaction ends; False when there is none (any more).

    It does not keep others from adding rows that refer to the subscriber, such as
    the deliveries of an issue. SQLite has one writer, which needs no such lock.
    """
    asked = select(t.subscriber.c.id).where(t.subscriber.c.id == subscriber_id)
    return connection.execute(asked.with_for_update(key_share=True)).first() is not None


def add(connection: Connection, new: Subscriber) -> None:
    """Insert a subscriber."""
    connection.execute(plain_insert(t.subscriber).values(row_of(t.subscriber, new)))


def save(connection: Connection, changed: Subscriber) -> None:
    """Write a subscriber who is there already."""
    row = row_of(t.subscriber, changed)
    connection.execute(update(t.subscriber).where(t.subscriber.c.id == row.pop("id")).values(row))


def subscriptions(connection: Connection, subscriber_id: int) -> tuple[Subscription, ...]:
    """All of somebody's subscriptions, by list."""
    its = t.subscription.c.subscriber == subscriber_id
    asked = select(t.subscription).where(its).order_by(t.subscription.c.list)
    return tuple(subscription_of(row) for row in connection.execute(asked))


def subscription(connection: Connection, subscriber_id: int, list_id: str) -> Subscription | None:
    """Somebody's subscription to a list."""
    its = (t.subscription.c.subscriber == subscriber_id) & (t.subscription.c.list == list_id)
    row = connection.execute(select(t.subscription).where(its)).first()
    return subscription_of(row) if row else None


def put(connection: Connection, given: Subscription) -> None:
    """Insert a subscription, or replace the one that its subscriber has to its list."""
    row = subscription_row(given)
    key = [t.subscription.c.subscriber, t.subscription.c.list]
    changed = {name: value for name, value in row.items() if name not in {"subscriber", "list"}}
    connection.execute(
        insert(connection, t.subscription).values(row).on_conflict_do_update(index_elements=key, set_=changed)
    )


def add_many(connection: Connection, new: Sequence[tuple[Subscriber, Sequence[Subscription]]]) -> None:
    """Insert subscribers with their subscriptions, all at once."""
    if rows := [row_of(t.subscriber, person) for person, _ in new]:
        connection.execute(plain_insert(t.subscriber), rows)
    if rows := [subscription_row(each) for _, theirs in new for each in theirs]:
        connection.execute(plain_insert(t.subscription), rows)


def known_keys(connection: Connection, email_keys: Iterable[str]) -> dict[str, Subscriber]:
    """Those of these addresses that somebody has, each with whose it is."""
    known = {}
    for keys in _chunks(email_keys):
        for row in connection.execute(select(t.subscriber).where(t.subscriber.c.email_key.in_(keys))):
            known[row.email_key] = subscriber_of(row)
    return known


def every(
    connection: Connection,
    *,
    after: int = -1,
    count: int = 500,
    list: str | None = None,  # noqa: A002 -- the word of this field
    state: SubscriptionState | None = None,
) -> list[tuple[Subscriber, tuple[Subscription, ...]]]:
    """The next subscribers by id, each with those of their subscriptions that are asked for; not the erased.

    Asked for a list or a state, whoever has no such subscription is left out.
    """
    wanted = _asked_for(list, state)
    theirs = exists().where(t.subscription.c.subscriber == t.subscriber.c.id, wanted)
    asked = select(t.subscriber).where(t.subscriber.c.id > after, t.subscriber.c.erased.is_(None))
    if list is not None or state is not None:
        asked = asked.where(theirs)
    people = [
        subscriber_of(row) for row in connection.execute(asked.order_by(t.subscriber.c.id).limit(count))
    ]
    found = _subscriptions_of(connection, [person.id for person in people], wanted)
    return [(person, tuple(found[person.id])) for person in people]


def _asked_for(list_id: str | None, state: SubscriptionState | None) -> ColumnElement[bool]:
    is_list = t.subscription.c.list == list_id if list_id is not None else true()
    is_state = t.subscription.c.state == state if state is not None else true()
    return and_(is_list, is_state)


def _subscriptions_of(
    connection: Connection, ids: Sequence[int], wanted: ColumnElement[bool]
) -> defaultdict[int, list[Subscription]]:
    """The subscriptions of some subscribers, by list."""
    found: defaultdict[int, list[Subscription]] = defaultdict(list)
    for some in _chunks(ids):
        asked = select(t.subscription).where(t.subscription.c.subscriber.in_(some), wanted)
        for row in connection.execute(asked.order_by(t.subscription.c.subscriber, t.subscription.c.list)):
            found[row.subscriber].append(subscription_of(row))
    return found


def totals(connection: Connection) -> Mapping[tuple[str, SubscriptionState], int]:
    """How many subscriptions each list has, by state."""
    kinds = (t.subscription.c.list, t.subscription.c.state)
    asked = select(*kinds, func.count().label("number")).group_by(*kinds).order_by(*kinds)
    return {(row.list, row.state): row.number for row in connection.execute(asked)}


def erase(connection: Connection, subscriber_id: int, now: datetime) -> None:
    """Forget a person: what is left is a row with no address, for the deliveries that were theirs.

    What servers said to their messages goes too, for it quotes addresses. A message
    that is being handed over at this moment is settled by whoever does that.
    """
    its = t.delivery.c.subscriber == subscriber_id
    connection.execute(update(t.delivery).where(its).values(last_reply=""))
    settle(connection, its, DeliveryState.SUPPRESSED, now, "erased")
    connection.execute(update(t.bounce).where(t.bounce.c.subscriber == subscriber_id).values(diagnostic=""))
    connection.execute(delete(t.subscription).where(t.subscription.c.subscriber == subscriber_id))
    nobody = {"email": "", "email_key": None, "address_hash": "", "erased": now}
    connection.execute(update(t.subscriber).where(t.subscriber.c.id == subscriber_id).values(nobody))


def purge_unconfirmed(connection: Connection, before: datetime) -> int:
    """Drop sign-ups that nobody confirmed and whoever has nothing else; returns how many sign-ups."""
    stale = and_(t.subscription.c.state == SubscriptionState.UNCONFIRMED, t.subscription.c.changed < before)
    people = connection.execute(select(t.subscription.c.subscriber).where(stale).distinct()).scalars().all()
    purged = 0
    for some in _chunks(people):
        # Whoever signs up again just now either is done before, or finds nobody there.
        chosen = select(t.subscriber.c.id).where(t.subscriber.c.id.in_(some)).order_by(t.subscriber.c.id)
        connection.execute(chosen.with_for_update()).all()
        theirs = t.subscription.c.subscriber.in_(some)
        purged += connection.execute(delete(t.subscription).where(theirs, stale)).rowcount
        _drop_without_subscription(connection, some)
    return purged


def _drop_without_subscription(connection: Connection, ids: Sequence[int]) -> None:
    """Delete those of some subscribers who have no subscription at all, with the letters to them."""
    none = ~exists().where(t.subscription.c.subscriber == t.subscriber.c.id)
    connection.execute(
        delete(t.subscriber).where(t.subscriber.c.id.in_(ids), t.subscriber.c.erased.is_(None), none)
    )


def recipients(
    connection: Connection,
    list: str,  # noqa: A002 -- the word of this field
    *,
    after: int,
    count: int,
    now: datetime,
) -> list[Recipient]:
    """The next subscribers by id whom an issue of a list may be for.

    Their subscription is confirmed, or its pause is over, and nobody refuses mail at
    their address. What an earlier issue that is still under way will tell them counts as told.
    """
    asked = (
        select(
            t.subscription.c.subscriber,
            t.subscriber.c.language,
            t.subscriber.c.timezone,
            t.subscription.c.topics,
            t.subscription.c.organisations,
            t.subscription.c.events,
            t.subscription.c.told_until,
            t.subscription.c.changed,
            _under_way(list).label("under_way"),
        )
        .join(t.subscriber, t.subscriber.c.id == t.subscription.c.subscriber)
        .where(t.subscription.c.list == list, t.subscription.c.subscriber > after)
        .where(_is_active(now), t.subscriber.c.erased.is_(None), _not_suppressed(now))
        .order_by(t.subscription.c.subscriber)
        .limit(count)
    )
    return [recipient_of(row) for row in connection.execute(asked)]


def _is_active(now: datetime) -> ColumnElement[bool]:
    is_over = and_(t.subscription.c.state == SubscriptionState.PAUSED, t.subscription.c.paused_until <= now)
    return or_(t.subscription.c.state == SubscriptionState.CONFIRMED, is_over)


def _not_suppressed(now: datetime) -> ColumnElement[bool]:
    is_theirs = t.suppression.c.address_hash == t.subscriber.c.address_hash
    return ~exists().where(is_theirs, suppressions.holds(now))


def _under_way(list_id: str) -> Any:
    """The cut of the last issue of a list that is still to reach the subscriber."""
    return (
        select(func.max(t.issue.c.cut_at))
        .join_from(t.delivery, t.issue, t.issue.c.id == t.delivery.c.issue)
        .where(
            t.delivery.c.subscriber == t.subscription.c.subscriber,
            t.delivery.c.state.in_(OPEN),
        )
        .where(t.issue.c.list == list_id)
        .scalar_subquery()
    )


def _chunks(values: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """As many at a time as one statement names."""
    ahead = iter(values)
    while some := list(islice(ahead, _NAMED)):
        yield some
