"""Delivers what is due: mail leaves here and nowhere else.

    recover -> workers: claim -> begin -> send -> settle -> finish

1. What processes of this machine had claimed that are gone is let go of.
2. One worker for each connection takes letters first, then digests, those that were tried before last.
3. An issue with nothing left to send is done.

Killed at any moment, the next call goes on: no message is lost, and at most one
for each connection is sent again, the same byte for byte.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING, Protocol

from publisher.post.owners import is_gone
from publisher.post.run import Delivered, Run, Terms
from publisher.post.worker import Worker
from publisher.post.writing import Writer
from publisher.store import issues, outbox
from publisher.transports import whatever_happens

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from publisher.mailing.message import Outgoing
    from publisher.mailing.policy import Reply
    from publisher.post.postbox import Postbox

    Progress = Callable[[int, int], None]

#: How often a run that waits looks again, and tells how far it is, in seconds.
_GLANCE = 0.2
#: A limit that is over later than this is not waited for.
_PATIENCE = timedelta(minutes=1)


class Line(Protocol):
    """An open way to the server, for one thread; it connects when it is first needed."""

    def send(self, message: Outgoing, may_go: Callable[[], bool] = whatever_happens, /) -> Reply:
        """Hand over one message; whatever the server says, or that it says nothing, is the reply.

        `may_go` is asked as the last thing before the message's text goes over. Where it says no, nothing
        does, and the reply's code is `WITHHELD`; what it raises is passed on.

        Raises:
            TransportFault: nothing can be sent as things are set up.
        """


class Transport(Protocol):
    """How messages leave."""

    def open(self) -> AbstractContextManager[Line]:
        """A line of one's own, closed when the block is left.

        Raises:
            TransportFault: nothing can be sent as things are set up.
        """


def deliver(  # noqa: PLR0913 -- whose, when, how long, until when, and who watches
    postbox: Postbox,
    now: datetime,
    *,
    until_empty: bool = False,
    stop: Event | None = None,
    progress: Progress | None = None,
    terms: Terms | None = None,
) -> Delivered:
    """Hand over every message that is due.

    Args:
        postbox: The site's.
        now: UTC; what is due then, and while it goes on: the time that passes is added.
        until_empty: Wait for what others hold, and for the limit a minute; by default what they hold
            is theirs, and what is over the limit waits for the next call.
        stop: Once set, messages that are on their way are settled, and the rest is let go of.
        progress: Told how many of how many are done.
        terms: How long workers keep what they claim.

    Raises:
        NotArmed: this machine may not send this site's mail.
        DatabaseFault: nothing more can be written down.
    """
    postbox.require_armed()
    run = Run(now, terms or Terms(), stop or Event())
    if not postbox.has_database:
        return run.result()
    writer = Writer(postbox)
    while not run.is_over:
        free, held = _look(postbox, run)
        if not free and not (held and until_empty):
            break
        if free and not _is_let(run, until_empty=until_empty):
            break
        if free:
            _work(postbox, writer, run, free, progress)
        else:
            run.wait(_GLANCE)
    with postbox.database.working() as connection:
        done = issues.finish(connection, run.now())
    return run.result(done)


def _look(postbox: Postbox, run: Run) -> tuple[int, int]:
    """Let go of what the dead had; how much is due, and how much of what is due is somebody's."""
    with postbox.database.reading() as connection:
        gone = [owner for owner in outbox.owners(connection) if is_gone(owner)]
    with postbox.database.working() as connection:
        for owner in gone:
            outbox.free(connection, owner)
        return outbox.waiting(connection, run.now(), run.clock())


def _is_let(run: Run, *, until_empty: bool) -> bool:
    """Whether it makes sense to go on with what is left; a limit that ends within a minute is waited for."""
    if run.is_in_vain():
        run.end(run.unreachable)
    if run.resumes is None:
        return not run.is_over
    ahead = run.resumes - run.now()
    if not until_empty or ahead > _PATIENCE:
        return False
    run.wait(ahead.total_seconds())
    run.resumes = None
    return not run.is_over


def _work(postbox: Postbox, writer: Writer, run: Run, due: int, progress: Progress | None) -> None:
    """Have as many workers at it as there are connections, or as can be of use."""
    count = min(postbox.config.mail.connections, due)
    postbox.make_ready()  # once, before there are threads
    total = run.counts.total() + due
    with ThreadPoolExecutor(count, thread_name_prefix="outbox") as pool:
        working = {pool.submit(Worker(postbox, writer, run, -(-due // count)).work) for _ in range(count)}
        try:
            while working:
                ended, working = wait(working, _GLANCE)
                for each in ended:
                    each.result()
                if progress:
                    progress(min(run.counts.total(), total), total)
        except BaseException:
            run.end()  # the others finish what they are at
            raise
