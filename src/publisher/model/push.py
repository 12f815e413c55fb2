"""What is told to hubs (W3C WebSub): which feed, to whom, and what became of it.

Every instant is aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.model.mailing import Row

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Ping(Row):
    """A hub is to be told that a feed has changed; once it has been told, there is none."""

    #: The hub's address, which may hold a secret: people are shown its host only.
    hub: str
    #: The feed's path below build/.
    feed: str
    #: The edition that changed it last.
    edition: int
    attempts: int = 0
    #: When that change was released.
    first_at: datetime
    #: Not to be told before; None once it is given up.
    due_at: datetime | None
    #: When the hub was last asked about this very feed, and what it said then.
    tried_at: datetime | None = None
    reply: str = ""


@dataclass(frozen=True, kw_only=True)
class HubState(Row):
    """What is known of a hub."""

    address: str
    #: When it last took a ping, when it last did not.
    told_at: datetime | None = None
    failed_at: datetime | None = None
    #: It asked to be left alone until then (Retry-After).
    held_until: datetime | None = None
    #: What it said last.
    reply: str = ""
