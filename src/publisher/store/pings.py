"""What hubs are to be told (W3C WebSub), from the release that changed a feed to the answer of the hub.

A ping's way, each step in a transaction of its own:

1. `note`: a release has changed a feed. It is due at once; whatever waited for this feed begins anew.
2. `claim`: it is somebody's for a while, and due again when that is over.
3. The hub is told: no transaction is open.
4. `settle`: it is gone, or due again later, or given up.

Only what is in files is claimed: not what belongs to an edition that is not
done. Whoever dies at 3 leaves a ping that is repeated, which does no harm; and
what a newer edition has noted meanwhile is not settled by what was told before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, func, or_, select, update

from publisher.model.push import HubState, Ping
from publisher.store.ledger import DONE
from publisher.store.tables import edition, hub, ping
from publisher.store.upserts import insert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

#: Rows of one statement: SQLite takes 32,766 values in one.
_CHUNK = 500


def note(
    connection: Connection, hubs: Collection[str], feeds: Collection[str], number: int, now: datetime
) -> None:
    """An edition has changed feeds: each hub is to be told of each of them, from the beginning."""
    fresh = {"edition": number, "attempts": 0, "first_at": now, "due_at": now}
    rows = [{"hub": h, "feed": f, **fresh, "reply": ""} for h in hubs for f in feeds]
    for start in range(0, len(rows), _CHUNK):
        row = insert(connection, ping).values(rows[start : start + _CHUNK])
        anew = row.on_conflict_do_update(index_elements=[ping.c.hub, ping.c.feed], set_=fresh)
        connection.execute(anew)


def forget_others(connection: Connection, hubs: Collection[str]) -> None:
    """Drop what is known of hubs that are configured no more."""
    connection.execute(delete(ping).where(ping.c.hub.not_in(list(hubs))))
    connection.execute(delete(hub).where(hub.c.address.not_in(list(hubs))))


def claim(connection: Connection, address: str, now: datetime, until: datetime, count: int) -> Sequence[Ping]:
    """Take up to so many pings of a hub that are due; they are due for others when that time is over.

    What the hub has not been asked about before comes first: a feed that makes
    it fail does not keep it from hearing of the others.
    """
    first = (ping.c.tried_at.is_not(None), ping.c.tried_at, ping.c.first_at, func.length(ping.c.feed))
    query = select(ping).where(ping.c.hub == address, _is_due(now)).order_by(*first, ping.c.feed)
    taken = [Ping(**row) for row in connection.execute(query.limit(count)).mappings()]
    for start in range(0, len(taken), _CHUNK):
        its = ping.c.feed.in_([each.feed for each in taken[start : start + _CHUNK]])
        connection.execute(update(ping).where(ping.c.hub == address, its).values(due_at=until))
    return taken


def settle(connection: Connection, told: Iterable[Ping], kept: Iterable[Ping]) -> None:
    """Drop what a hub was told of; write down how the others stand. What was noted anew stays as it is."""
    if gone := [_named(each) for each in told]:
        connection.execute(_DROP, gone)
    if rest := [_named(each) | {f"new_{name}": getattr(each, name) for name in _SETTLED} for each in kept]:
        connection.execute(_KEEP, rest)


#: What becomes of a ping that is kept.
_SETTLED = ("attempts", "first_at", "due_at", "tried_at", "reply")
#: What identifies a ping, and the change that was claimed.
_CLAIMED = ("hub", "feed", "edition")
_IS_STILL = and_(*(ping.c[name] == bindparam(f"its_{name}") for name in _CLAIMED))
_DROP = delete(ping).where(_IS_STILL)
_KEEP = update(ping).where(_IS_STILL).values({name: bindparam(f"new_{name}") for name in _SETTLED})


def _named(each: Ping) -> dict[str, Any]:
    return {f"its_{name}": getattr(each, name) for name in _CLAIMED}


def save_hub(connection: Connection, state: HubState) -> None:
    """Remember how a hub has answered."""
    values = {column.name: getattr(state, column.name) for column in hub.columns}
    row = insert(connection, hub).values(values)
    connection.execute(row.on_conflict_do_update(index_elements=[hub.c.address], set_=values))


def hub_state(connection: Connection, address: str) -> HubState:
    """How a hub has answered; nothing of one that was never asked."""
    row = connection.execute(select(hub).where(hub.c.address == address)).mappings().one_or_none()
    return HubState(**row) if row else HubState(address=address)


def due(connection: Connection, hubs: Collection[str], now: datetime) -> bool:
    """Whether any of these hubs is to be told of anything now."""
    query = select(ping.c.feed).where(ping.c.hub.in_(list(hubs)), _is_due(now)).limit(1)
    return connection.execute(query).first() is not None


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """What a hub has not been told of."""

    waiting: int
    #: When the oldest change was that waits, and when the next one may be told.
    oldest: datetime | None
    next_at: datetime | None
    given_up: int


def backlog(connection: Connection, address: str) -> Backlog:
    """How much a hub has not been told of, and since when."""
    its = ping.c.hub == address
    columns = (func.count(), func.min(ping.c.first_at), func.min(ping.c.due_at))
    waiting, oldest, next_at = connection.execute(
        select(*columns).where(its, ping.c.due_at.is_not(None))
    ).one()
    given_up = select(func.count()).where(its, ping.c.due_at.is_(None))
    return Backlog(
        waiting=int(waiting),
        oldest=oldest,
        next_at=next_at,
        given_up=int(connection.execute(given_up).scalar_one()),
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Whether it may be told, and is in files; a change still to come was noted by a clock gone wrong."""
    done = select(func.max(edition.c.number)).where(edition.c.state == DONE).scalar_subquery()
    in_time = or_(ping.c.due_at <= now, and_(ping.c.due_at.is_not(None), ping.c.first_at > now))
    return and_(in_time, ping.c.edition <= done)
