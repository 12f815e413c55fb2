"""One delivering: what its workers share, and what it comes to."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Lock
from typing import TYPE_CHECKING

from publisher.model.mailing import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.store.outbox import Settlement


@dataclass(frozen=True)
class Terms:
    """How long a worker keeps what it claims; everything else follows from the settings."""

    #: How many deliveries are claimed at once, for how long, and for how much of that they are begun.
    batch: int = 20
    lease: timedelta = timedelta(seconds=60)
    share: float = 0.8
    #: From its beginning on, a delivery is its worker's for longer than any transport waits for a server:
    #: it may be on its way, and a second one of it would be a second mail.
    hand_over: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What a delivering came to."""

    #: How many deliveries became what; one that was tried twice counts twice.
    counts: Counter[DeliveryState] = field(default_factory=Counter)
    #: The issues that are done with it.
    done: tuple[int, ...] = ()
    #: Why nothing more could be sent: the server is not set up for it, or cannot be reached.
    problem: str = ""
    #: Messages that could not be written, each with the reason: they wait.
    unwritten: tuple[str, ...] = ()
    #: When the limit a minute or a day lets the next message go.
    resumes: datetime | None = None
    #: Whether it was told to stop.
    stopped: bool = False


class Run:
    """What the workers of one delivering share."""

    def __init__(self, now: datetime, terms: Terms, stop: Event) -> None:
        self.terms = terms
        #: Why nothing more is sent; what the server said to whoever could not connect.
        self.problem = self.unreachable = ""
        #: When a limit lets the next message go.
        self.resumes: datetime | None = None
        self.counts: Counter[DeliveryState] = Counter()
        self._sent = 0
        self.unwritten: list[str] = []
        self._stop, self._ended = stop, Event()
        self._now, self._began = now, time.monotonic()
        self._lock = Lock()

    def now(self) -> datetime:
        """The instant to act at: the one that was given, and as much later as it is since."""
        return self._now + timedelta(seconds=time.monotonic() - self._began)

    @staticmethod
    def clock() -> datetime:
        """The real time, which leases are measured by."""
        return datetime.now(UTC)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be begun."""
        return self._stop.is_set() or self._ended.is_set()

    def wait(self, seconds: float) -> None:
        """Sleep, unless it is to stop."""
        self._stop.wait(seconds)

    def end(self, problem: str = "") -> None:
        """Let every worker finish what it is at."""
        with self._lock:
            self.problem = self.problem or problem
        self._ended.set()

    def is_in_vain(self) -> bool:
        """Whether the server could not be reached, and nothing has been sent since that was last asked."""
        sent = self.counts[DeliveryState.SENT]
        in_vain = bool(self.unreachable) and sent == self._sent
        self._sent = sent
        if not in_vain:
            self.unreachable = ""
        return in_vain

    def count(self, settlement: Settlement) -> None:
        """One more delivery has become something."""
        with self._lock:
            self.counts[settlement.state] += 1

    def result(self, done: Sequence[int] = ()) -> Delivered:
        """What it came to."""
        return Delivered(
            counts=self.counts,
            done=tuple(done),
            problem=self.problem,
            unwritten=tuple(self.unwritten),
            resumes=self.resumes,
            stopped=self._stop.is_set(),
        )
