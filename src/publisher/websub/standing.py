"""How hubs stand: what waits for them, when they were last told of anything, what they did not take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.store import pings
from publisher.websub.topics import host_of

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.store.home import Home


@dataclass(frozen=True, kw_only=True)
class HubStanding:
    """One hub, for `publisher status`."""

    #: Its host: the rest of its address may be a secret.
    host: str
    #: How many feeds it is still to be told of, since when the oldest change waits, when it is asked next.
    waiting: int = 0
    oldest: datetime | None = None
    next_at: datetime | None = None
    #: How many feeds' changes it was not told of, though it was asked for a day.
    given_up: int = 0
    #: When it last took a ping, when it last did not, and what it said then.
    told_at: datetime | None = None
    failed_at: datetime | None = None
    reply: str = ""


def hub_standing(home: Home) -> tuple[HubStanding, ...]:
    """How each configured hub stands."""
    hubs = home.config.websub.hubs
    if not hubs or not home.has_database:
        return tuple(HubStanding(host=host_of(hub)) for hub in hubs)
    found = []
    with home.database.reading() as connection:
        for hub in hubs:
            state, backlog = pings.hub_state(connection, hub), pings.backlog(connection, hub)
            found.append(
                HubStanding(
                    host=host_of(hub), waiting=backlog.waiting, oldest=backlog.oldest,
                    next_at=max(filter(None, (backlog.next_at, state.held_until)), default=None)
                    if backlog.next_at else None,
                    given_up=backlog.given_up, told_at=state.told_at, failed_at=state.failed_at,
                    reply=state.reply,
                )
            )  # fmt: skip
    return tuple(found)
