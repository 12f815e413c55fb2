"""The outbox: messages to readers, from queued to settled; one function a statement.

A delivery's way, each step in a transaction of its own:

1. `claim`: a worker becomes its owner until its lease ends. Nothing has happened to it yet.
2. `begin`: it is sending, committed before the message is handed over.
3. The message is handed over: no transaction is open.
4. `settle`: what became of it.

Whoever is not the owner any more changes nothing: `begin` and `settle` say so
instead of writing. A delivery whose owner died at 3 is in doubt, and is sent
again, the same byte for byte.

Two clocks: `now` decides what is due, and may be any instant; `clock` is the
real time that leases are measured by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, case, func, insert, or_, select, update

from publisher.model.mailing import OPEN, Delivery, DeliveryState, IssueState, Sort
from publisher.store.tables import bounce, delivery, issue, subscription

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

_SENDING = DeliveryState.SENDING
#: What was tried before, by somebody who is gone or with a server that said "later".
_TRIED = (DeliveryState.DEFERRED, DeliveryState.IN_DOUBT, _SENDING)
_IS_LETTER = and_(delivery.c.issue.is_(None), delivery.c.state.in_(OPEN))
_NOBODYS = {"owner": None, "lease_until": None}


@dataclass(frozen=True)
class Lease:
    """Who claims, at which real time, and until when what they claim is theirs."""

    owner: str
    clock: datetime
    until: datetime


@dataclass(frozen=True)
class Settlement:
    """What has become of a delivery, and why; `until` is when one that stays open is due again."""

    state: DeliveryState
    reply: str
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """Why a message could not be delivered."""

    #: Hard: the address is not there; soft: anything else.
    hard: bool
    #: RFC 3463, such as 5.1.1; empty if the server gave none.
    status: str
    diagnostic: str


def letter(  # noqa: PLR0913, PLR0917 -- a letter and what it is made of
    connection: Connection,
    sort: Sort,
    subscriber_id: int,
    now: datetime,
    message_id: str,
    not_after: datetime,
) -> int:
    """Queue a message that belongs to no issue; returns its id."""
    values = {
        "subscriber": subscriber_id, "sort": sort, "cohort": "", "state": DeliveryState.QUEUED,
        "attempts": 0, "not_before": now, "not_after": not_after, "message_id": message_id,
        "signature": "", "last_reply": "", "created": now,
    }  # fmt: skip
    number: int = connection.execute(insert(delivery).values(values).returning(delivery.c.id)).scalar_one()
    return number


def claim(connection: Connection, lease: Lease, now: datetime, count: int) -> Sequence[Delivery]:
    """Become the owner of up to so many deliveries that are due.

    Letters come first, somebody waits for them; then what was never tried, what
    waits longest first; then what was tried before. So a program that is killed
    again and again soon after its start gets on, and does not mail the same
    readers each time. One whose last owner died while it was sending is in
    doubt from here on.
    """
    taken: list[Delivery] = []
    for batch in (_IS_LETTER, _digests(DeliveryState.QUEUED), _digests(*_TRIED)):
        if len(taken) < count:
            which = and_(batch, _is_due(now), _is_free(lease.clock))
            taken += _take(connection, which, count - len(taken))
    if taken:
        its = delivery.c.id.in_([each.id for each in taken])
        values = {"owner": lease.owner, "lease_until": lease.until, "state": _left_behind()}
        connection.execute(update(delivery).where(its).values(values))
    return [_claimed(each, lease) for each in taken]


def _take(connection: Connection, which: ColumnElement[bool], count: int) -> Sequence[Delivery]:
    """Deliveries that nobody else is taking at this moment.

    The only statement that the two databases are told differently: PostgreSQL
    locks the rows, and passes over those that another worker has locked; SQLite
    has one writer at a time, and the clause is left out.
    """
    query = select(delivery).where(which).order_by(delivery.c.not_before, delivery.c.id).limit(count)
    rows = connection.execute(query.with_for_update(skip_locked=True)).mappings()
    return [Delivery(**row) for row in rows]


#: What is asked for each message is made once. Whoever settles a delivery lets go of it: an owner's are open.
_MINE = and_(delivery.c.id == bindparam("its_id"), delivery.c.owner == bindparam("its_owner"))
_BEGIN = (
    update(delivery)
    .where(_MINE, delivery.c.lease_until > bindparam("clock"), delivery.c.state != _SENDING)
    .values(state=_SENDING, attempts=delivery.c.attempts + 1, lease_until=bindparam("until"))
)
_SETTLE = (
    update(delivery).where(_MINE).values(**_NOBODYS, state=bindparam("to"), last_reply=bindparam("said"))
)
_SETTLE_FOR_GOOD = _SETTLE.values(settled=bindparam("now"))
_SETTLE_UNTIL = _SETTLE.values(not_before=bindparam("until"))
_TOLD = (
    update(subscription)
    .where(
        subscription.c.subscriber == bindparam("its_subscriber"),
        subscription.c.list == bindparam("its_list"),
        or_(subscription.c.told_until.is_(None), subscription.c.told_until < bindparam("until")),
    )
    .values(told_until=bindparam("until"))
)


def begin(connection: Connection, delivery_id: int, lease: Lease) -> bool:
    """Say that a message is about to be handed over; False when it is not this owner's any more.

    From here on the lease lasts as long as handing over may take.
    """
    values = {
        "its_id": delivery_id, "its_owner": lease.owner, "clock": lease.clock, "until": lease.until
    }  # fmt: skip
    return connection.execute(_BEGIN, values).rowcount == 1


def settle(
    connection: Connection, delivery_id: int, owner: str, settlement: Settlement, now: datetime
) -> bool:
    """Write down what has become of a delivery, and let it go; False when it is not this owner's any more."""
    values = {"its_id": delivery_id, "its_owner": owner, "to": settlement.state, "said": settlement.reply}
    if settlement.state in OPEN:
        return connection.execute(_SETTLE_UNTIL, {**values, "until": settlement.until or now}).rowcount == 1
    return connection.execute(_SETTLE_FOR_GOOD, {**values, "now": now}).rowcount == 1


def told(connection: Connection, subscriber_id: int, list_id: str, until: datetime) -> None:
    """A reader has been told everything of a list up to an instant."""
    connection.execute(_TOLD, {"its_subscriber": subscriber_id, "its_list": list_id, "until": until})


def bounced(connection: Connection, failed: Delivery, why: Bounce, now: datetime) -> None:
    """Keep why a message could not be delivered."""
    values = {
        "delivery": failed.id, "subscriber": failed.subscriber, "kind": "hard" if why.hard else "soft",
        "status": why.status, "diagnostic": why.diagnostic, "at": now,
    }  # fmt: skip
    connection.execute(insert(bounce).values(values))


def give_back(connection: Connection, owner: str, ids: Collection[int]) -> int:
    """Let go of deliveries that are not settled; one that was begun is in doubt."""
    its = and_(delivery.c.id.in_(ids), delivery.c.owner == owner, delivery.c.state.in_(OPEN))
    values = {**_NOBODYS, "state": _left_behind()}
    return connection.execute(update(delivery).where(its).values(values)).rowcount


def take_back(connection: Connection, claimed: Delivery) -> bool:
    """Let go of what was begun and not handed over: it is again what it was when it was claimed."""
    its = and_(delivery.c.id == claimed.id, delivery.c.owner == claimed.owner, delivery.c.state == _SENDING)
    values = {**_NOBODYS, "state": claimed.state, "attempts": claimed.attempts}
    return connection.execute(update(delivery).where(its).values(values)).rowcount == 1


def owners(connection: Connection) -> Sequence[str]:
    """Everybody who owns a delivery that is still to be made."""
    query = select(delivery.c.owner).where(delivery.c.state.in_(OPEN), delivery.c.owner.is_not(None))
    return [str(owner) for owner in connection.execute(query.distinct()).scalars()]


def free(connection: Connection, owner: str) -> int:
    """Let go of all that an owner who is gone had claimed; what it was sending is in doubt."""
    its = and_(delivery.c.owner == owner, delivery.c.state.in_(OPEN))
    values = {**_NOBODYS, "state": _left_behind()}
    return connection.execute(update(delivery).where(its).values(values)).rowcount


def senders(connection: Connection, subscriber_id: int, clock: datetime) -> Sequence[str]:
    """Who is handing over a message to a subscriber at this moment: whoever leaves waits for them."""
    its = and_(
        delivery.c.subscriber == subscriber_id, delivery.c.state == _SENDING, delivery.c.lease_until > clock
    )
    return [str(owner) for owner in connection.execute(select(delivery.c.owner).where(its)).scalars()]


def waiting(connection: Connection, now: datetime, clock: datetime) -> tuple[int, int]:
    """How many deliveries are due and can be claimed, and how many are due and somebody's."""
    is_free = func.coalesce(func.sum(case((_is_free(clock), 1), else_=0)), 0)
    query = select(is_free, func.count()).where(or_(_IS_LETTER, _digests(*OPEN)), _is_due(now))
    due, everything = connection.execute(query).one()
    return int(due), int(everything) - int(due)


def _digests(*states: DeliveryState) -> ColumnElement[bool]:
    """Digests in one of these states, of issues that are being sent."""
    sent = select(issue.c.id).where(issue.c.state == IssueState.SENDING)
    return and_(delivery.c.issue.in_(sent), delivery.c.state.in_(states))


def _is_due(now: datetime) -> ColumnElement[bool]:
    return delivery.c.not_before <= now


def _is_free(clock: datetime) -> ColumnElement[bool]:
    """Whether it is nobody's, or its owner's time is over."""
    return or_(delivery.c.owner.is_(None), delivery.c.lease_until <= clock)


def _left_behind() -> ColumnElement[DeliveryState]:
    """The state of what was somebody's: nobody knows what became of a message that they were sending."""
    return case((delivery.c.state == _SENDING, DeliveryState.IN_DOUBT), else_=delivery.c.state)


def _claimed(found: Delivery, lease: Lease) -> Delivery:
    """A delivery as `claim` has written it."""
    state = DeliveryState.IN_DOUBT if found.state is _SENDING else found.state
    return found.evolve(owner=lease.owner, lease_until=lease.until, state=state)
