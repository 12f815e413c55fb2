"""Tells all hubs of all that is due, for a limited time, and keeps what they said.

Each hub is asked beside the others. The first question goes alone: a hub that
is down, or asks to be left alone, is not asked the rest. Then a few go at a
time. What the time does not suffice for stays due.
"""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from publisher.render.urls import absolute
from publisher.store import pings
from publisher.websub.asking import Network, tell
from publisher.websub.policy import LIFE, after
from publisher.websub.topics import host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from threading import Event

    from publisher.config import Config
    from publisher.model.push import HubState, Ping
    from publisher.store.home import Home
    from publisher.websub.policy import Reply

#: How long a round begins new questions, in seconds: the last ones may take `Network.seconds` more.
SECONDS = 10.0
#: How many questions one hub is asked at the same time, and how many in a round at most.
AT_ONCE, AT_MOST = 3, 500
#: What was claimed by a program that was killed is due again after that: no round is so long.
LEASE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class HubRound:
    """What came of a round at one hub, in feeds."""

    #: The hub's host: the rest of its address may be a secret.
    host: str
    told: int = 0
    #: Not taken, and to be told again, at the earliest then.
    refused: int = 0
    next_at: datetime | None = None
    given_up: int = 0
    #: There was no time for these.
    left: int = 0
    #: What it said to what it did not take.
    reply: str = ""


@dataclass(frozen=True)
class Haste:
    """How long a round may take, and who ends it before."""

    seconds: float = SECONDS
    stop: Event | None = None
    network: Network = field(default_factory=Network)


def tell_hubs(home: Home, now: datetime, haste: Haste | None = None) -> tuple[HubRound, ...]:
    """Tell each hub of every feed that is due; nothing where nothing is."""
    hubs = home.config.websub.hubs
    if not hubs or not home.has_database:
        return ()
    with home.database.reading() as connection:
        if not pings.due(connection, hubs, now):
            return ()
    used = haste or Haste()
    until = time.monotonic() + used.seconds

    def goes_on() -> bool:
        return time.monotonic() < until and not (used.stop and used.stop.is_set())

    def at(hub: str) -> HubRound | None:
        return _round(home, hub, now, _Questions(home.config, hub, now, used.network, goes_on))

    with ThreadPoolExecutor(len(hubs), thread_name_prefix="hub") as pool:
        return tuple(done for done in pool.map(at, hubs) if done)


def _round(home: Home, hub: str, now: datetime, questions: _Questions) -> HubRound | None:
    """One hub: claim, ask, settle; None when there is nothing to tell it now."""
    with home.database.writing() as connection:
        state = pings.hub_state(connection, hub)
        if state.held_until and now < state.held_until <= now + LIFE:
            return None
        claimed = pings.claim(connection, hub, now, now + LEASE, AT_MOST)
    if not claimed:
        return None
    questions.ask(claimed)
    done = _done(claimed, questions, now)
    with home.database.writing() as connection:
        pings.settle(connection, done.told, (*done.refused, *done.left))
        pings.save_hub(connection, _state(state, done, questions, now))
    due = [ping.due_at for ping in done.refused if ping.due_at]
    return HubRound(
        host=host_of(hub), told=len(done.told), refused=len(due), next_at=min(due, default=None),
        given_up=len(done.refused) - len(due), left=len(done.left), reply=questions.complaint,
    )  # fmt: skip


class _Questions:
    """What one hub is asked in a round, and what it says, by feed."""

    def __init__(
        self, config: Config, hub: str, now: datetime, network: Network, goes_on: Callable[[], bool]
    ) -> None:
        self._config, self._hub, self._now, self._network = config, hub, now, network
        self._goes_on = goes_on
        self._open: deque[Ping] = deque()
        self.replies: dict[str, Reply] = {}
        #: Why the hub is asked no more.
        self.down: Reply | None = None

    def ask(self, claimed: Sequence[Ping]) -> None:
        """Ask about as many as there is time for, the first one alone."""
        self._open.extend(claimed)
        self._next()
        if self._open and self._may():
            with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hub") as pool:
                for lane in [pool.submit(self._go_on) for _ in range(min(AT_ONCE, len(self._open)))]:
                    lane.result()

    def _may(self) -> bool:
        return self.down is None and self._goes_on()

    def _go_on(self) -> None:
        while self._may() and self._next():
            pass

    def _next(self) -> bool:
        """Ask about the next feed, if there is one."""
        try:
            ping = self._open.popleft()
        except IndexError:
            return False
        reply = tell(self._hub, absolute(self._config, ping.feed), self._network, self._now)
        self.replies[ping.feed] = reply
        if not reply.is_taken and reply.is_about_the_hub:
            self.down = reply
        return True

    @property
    def complaint(self) -> str:
        """What the hub said to what it did not take; nothing if it took all."""
        refusals = [reply.text for reply in self.replies.values() if not reply.is_taken]
        return self.down.text if self.down else refusals[-1] if refusals else ""

    @property
    def hold(self) -> timedelta:
        """How long the hub asks to be left alone."""
        waits = (reply.retry_after for reply in self.replies.values() if not reply.is_taken)
        return max(filter(None, waits), default=timedelta())


@dataclass(frozen=True)
class _Done:
    """What has become of what was claimed."""

    told: tuple[Ping, ...]
    refused: tuple[Ping, ...]
    left: tuple[Ping, ...]


def _done(claimed: Sequence[Ping], questions: _Questions, now: datetime) -> _Done:
    """Sort by the replies; with a hub that is down, what it was not asked about waits as well."""
    told, refused, left = [], [], []
    for ping in claimed:
        reply = questions.replies.get(ping.feed)
        if reply and reply.is_taken:
            told.append(ping)
        elif reply:
            refused.append(after(ping, reply, now).evolve(tried_at=now))
        elif questions.down:
            refused.append(after(ping, questions.down, now))
        else:
            left.append(ping)
    return _Done(tuple(told), tuple(refused), tuple(left))


def _state(state: HubState, done: _Done, questions: _Questions, now: datetime) -> HubState:
    return state.evolve(
        told_at=now if done.told else state.told_at,
        failed_at=now if done.refused else state.failed_at,
        held_until=now + questions.hold if questions.hold else None,
        reply=questions.complaint,
    )
