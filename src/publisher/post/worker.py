"""A worker: one connection to the server, one thread, one message after the other.

    claim a batch
    for each of it:  begin -> write -> send
    what became of it is written in the transaction that begins the next

The transaction that begins a delivery locks its reader, and looks whether they
may be written to. Whoever leaves locks the reader too: a leave is wholly before,
or finds the message under way and waits until it is settled. It does not wait
for ever, and a server may be slow: so the same is looked at again right before
the text of the message goes over.

A settlement shares its transaction with the next beginning only if the message
was sent; the lock of a reader is always the first that a transaction takes, so
that no two wait for each other.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from publisher.errors import PublisherError
from publisher.mailing.policy import WITHHELD, Halt, Stage, next_state
from publisher.model.mailing import DeliveryState
from publisher.post.disk import shortage
from publisher.post.owners import new_owner
from publisher.post.verdict import Course, bounce, settlement, verdict, verdict_again
from publisher.store import outbox, subscribers, suppressions
from publisher.store.database import DatabaseFault
from publisher.store.outbox import Lease, Settlement
from publisher.store.standing import standing
from publisher.transports import TransportFault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from publisher.mailing.policy import Reply
    from publisher.model.mailing import Delivery, Issue
    from publisher.post.outbox import Line
    from publisher.post.postbox import Postbox
    from publisher.post.run import Run
    from publisher.post.writing import Writer
    from publisher.store.outbox import Bounce
    from publisher.store.standing import Standing

log = logging.getLogger("publisher.outbox")

#: An address that does not exist is not written to for so long: a server that was set up wrongly for
#: a weekend must not cost its readers their mail for ever.
GONE_FOR = timedelta(days=30)
#: A message that could not be written is tried again so much later.
UNWRITTEN_FOR = timedelta(minutes=15)
#: A message that was sent and is not written down is sent again. So where the database fails at that,
#: it is asked again for so long, as long as a restart of it takes; and how often. In seconds.
PERSISTENCE, RETRY = 5.0, 0.1


@dataclass(frozen=True)
class Begun:
    """A delivery that is sending: as it was claimed, how it stands now, until when it is ours."""

    claimed: Delivery
    standing: Standing
    until: datetime


@dataclass(frozen=True)
class Handled:
    """A delivery with what has become of it, to be written down."""

    standing: Standing
    settlement: Settlement
    issue: Issue | None = None
    bounce: Bounce | None = None


class Worker:
    """One of the threads of a delivering."""

    def __init__(self, postbox: Postbox, writer: Writer, run: Run, share: int) -> None:
        self._postbox, self._writer, self._run = postbox, writer, run
        #: How many it claims at once: where there are few, every worker shall have some.
        self._share = min(share, run.terms.batch)
        self._owner = new_owner()
        #: What is claimed and not settled; what is to be written down with the next beginning.
        self._mine: set[int] = set()
        self._handled: Handled | None = None
        self._is_cut_off = False

    def work(self) -> None:
        """Hand over whatever is due, until nothing is, or nothing may be.

        Raises:
            DatabaseFault: what was claimed is free again when this process has ended.
        """
        with self._postbox.database.held() as self._held:
            try:
                with self._postbox.transport.open() as line:
                    while not self._is_over and (batch := self._claim()):
                        self._carry(batch, line)
            except TransportFault as fault:
                self._run.end(str(fault))
            finally:
                self._let_go()

    @property
    def _is_over(self) -> bool:
        return self._is_cut_off or self._run.is_over

    def _claim(self) -> Sequence[Delivery]:
        if problem := shortage(self._postbox):  # what is sent could not be written down
            self._run.end(problem)
            return ()
        terms, clock = self._run.terms, self._run.clock()
        self._begins_until = time.monotonic() + terms.lease.total_seconds() * terms.share
        lease = Lease(self._owner, clock, clock + terms.lease)
        with self._held.working() as connection:
            batch = outbox.claim(connection, lease, self._run.now(), self._share)
        self._mine |= {each.id for each in batch}
        return batch

    def _carry(self, batch: Sequence[Delivery], line: Line) -> None:
        for claimed in batch:
            if self._is_over or time.monotonic() > self._begins_until:
                break
            if begun := self._begin(claimed):
                self._handled = self._hand_over(begun, line)
        self._let_go()

    def _let_go(self) -> None:
        """Write down what has become of the last one, and let others have the rest."""
        if self._handled:
            self._settle_at_last()
        if self._mine:
            with self._held.working() as connection:
                outbox.give_back(connection, self._owner, self._mine)
            self._mine.clear()

    def _begin(self, claimed: Delivery) -> Begun | None:
        """Begin a delivery, and settle the one before it; None when it is not to be sent."""
        if self._handled and self._handled.settlement.state is not DeliveryState.SENT:
            self._settle()
        with self._held.working() as connection:
            begun = self._begin_within(connection, claimed)
            self._settle_within(connection)
        self._note_settled()
        if isinstance(begun, Settlement):
            self._mine.discard(claimed.id)
            self._run.count(begun)
            return None
        return begun

    def _begin_within(self, connection: Connection, claimed: Delivery) -> Begun | Settlement | None:
        run = self._run
        now, clock = run.now(), run.clock()
        subscribers.lock(connection, claimed.subscriber)
        found = standing(connection, claimed.id, now)
        course = verdict(found, now) if found else Course.LEAVE
        if isinstance(course, Settlement):
            return course if outbox.settle(connection, claimed.id, self._owner, course, now) else None
        if found is None or course is Course.LEAVE or self._is_too_fast(connection, now):
            return None
        lease = Lease(self._owner, clock, clock + run.terms.hand_over)
        return Begun(claimed, found, lease.until) if outbox.begin(connection, claimed.id, lease) else None

    def _is_too_fast(self, connection: Connection, now: datetime) -> bool:
        resumes = self._postbox.pace.next_chance(connection, now)
        if resumes:
            self._run.resumes = resumes
            self._is_cut_off = True
        return resumes is not None

    def _settle(self) -> None:
        with self._held.working() as connection:
            self._settle_within(connection)
        self._note_settled()

    def _settle_at_last(self) -> None:
        """Settle; where a message was sent, in spite of a database that fails for a moment."""
        until = time.monotonic() + PERSISTENCE
        while True:
            try:
                return self._settle()
            except DatabaseFault:
                is_sent = self._handled and self._handled.settlement.state is DeliveryState.SENT
                if not is_sent or time.monotonic() >= until:
                    raise
            time.sleep(RETRY)

    def _settle_within(self, connection: Connection) -> None:
        if self._handled is None:
            return
        now, done = self._run.now(), self._handled
        delivery, reader = done.standing.delivery, done.standing.subscriber
        if not outbox.settle(connection, delivery.id, self._owner, done.settlement, now):
            log.warning("delivery %d: settled by somebody else, or taken over", delivery.id)
            self._mine.discard(delivery.id)
            self._handled = None
            return
        if done.issue and done.settlement.state is DeliveryState.SENT:
            outbox.told(connection, reader.id, done.issue.list, done.issue.cut_at)
        if done.bounce:
            outbox.bounced(connection, delivery, done.bounce, now)
            if done.bounce.hard:
                suppressions.suppress(connection, reader.address_hash, "bounce", now, now + GONE_FOR)

    def _note_settled(self) -> None:
        """Once it is committed."""
        if self._handled:
            self._mine.discard(self._handled.standing.delivery.id)
            self._run.count(self._handled.settlement)
            self._handled = None

    def _hand_over(self, begun: Begun, line: Line) -> Handled | None:
        """Write the message and send it; None when it is to be let go of as it is."""
        found, run = begun.standing, self._run
        try:
            message = self._writer.write(found, self._held)
        except DatabaseFault:
            raise
        except Exception as error:  # noqa: BLE001 -- a message that cannot be written must not keep others from leaving
            return self._unwritten(found, error)
        if message is None:
            return Handled(found, Settlement(DeliveryState.SUPPRESSED, "nothing is left to say"))
        if run.clock() >= begun.until:  # this process slept, and another one may have it
            return None
        try:
            reply = line.send(message, lambda: self._course(begun) is Course.SEND)
        except TransportFault:
            self._take_back(begun)
            raise
        return self._withheld(begun) if reply.code == WITHHELD else self._judged(begun, reply)

    def _course(self, begun: Begun) -> Course | Settlement:
        """What to do with a message that was begun, as everything stands by now."""
        now = self._run.now()
        with self._held.reading() as connection:
            found = standing(connection, begun.claimed.id, now)
        return verdict_again(found, self._owner, self._run.clock(), now)

    def _withheld(self, begun: Begun) -> Handled | None:
        """Not handed over after all: settled as it stands, or else as it was before, if it still is ours."""
        course = self._course(begun)
        if isinstance(course, Settlement):
            return Handled(begun.standing, course)
        self._take_back(begun)
        return None

    def _judged(self, begun: Begun, reply: Reply) -> Handled | None:
        delivery, run = begun.standing.delivery, self._run
        outcome = next_state(reply, delivery.attempts + 1, run.now(), delivery.not_after)
        if isinstance(outcome, Halt):
            self._take_back(begun)
            run.end(outcome.reason)
            return None
        if reply.stage is Stage.CONNECT:  # it would meet the next one too
            self._is_cut_off, run.unreachable = True, str(reply)
        issue = self._writer.issue(delivery.issue, self._held) if delivery.issue is not None else None
        return Handled(begun.standing, settlement(outcome, reply), issue, bounce(outcome, reply))

    def _take_back(self, begun: Begun) -> None:
        with self._held.working() as connection:
            outbox.take_back(connection, begun.claimed)
        self._mine.discard(begun.claimed.id)

    def _unwritten(self, found: Standing, error: Exception) -> Handled:
        reason = str(error) if isinstance(error, PublisherError) else repr(error)
        log.error("delivery %d cannot be written", found.delivery.id, exc_info=error)
        self._run.unwritten.append(reason)
        until = self._run.now() + UNWRITTEN_FOR
        return Handled(found, Settlement(DeliveryState.DEFERRED, f"not written: {reason}", until))
