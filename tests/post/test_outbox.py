"""What becomes of messages: each is sent once, in order, while it is due."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, update

from publisher.model.mailing import DeliveryState, IssueState
from publisher.post import arming
from publisher.post.arming import NotArmed
from publisher.store import tables

from .mailroom import DAY, NOW, SECOND, WEEK, address

if TYPE_CHECKING:
    from smtpserver import SmtpServer

    from .mailroom import Mailroom

SENT, QUEUED, DEFERRED = DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.DEFERRED


def recipients(server: SmtpServer) -> list[str]:
    """To whom it was sent, in order."""
    return [taken.recipient for taken in server.taken]


def test_every_reader_gets_their_digest_once_and_the_issue_is_done(
    room: Mailroom, server: SmtpServer
) -> None:
    room.send_to(server.port)
    made = room.fill(30)

    done = room.deliver()

    assert sorted(recipients(server)) == sorted(map(address, range(1, 31)))
    assert done.counts == {SENT: 30}
    assert done.done == (made.id,)
    assert set(room.states().values()) == {SENT}
    assert [row.state for row in room.all(tables.issue)] == [IssueState.DONE]
    assert {row.told_until for row in room.all(tables.subscription)} == {made.cut_at}
    assert room.deliver().counts == {}


def test_nobody_owns_what_is_settled(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    room.fill(3)

    room.deliver()

    assert {(row.owner, row.lease_until, row.attempts, row.settled > NOW) for row in room.rows()} == {
        (None, None, 1, True)
    }
    assert {row.last_reply for row in room.rows()} == {"250 2.0.0 to after-data: taken"}


def test_a_message_is_that_of_its_cohort_with_the_readers_own_links(
    room: Mailroom, server: SmtpServer
) -> None:
    room.send_to(server.port)
    room.fill(4)

    room.deliver()

    kinds = {taken.recipient: b"Content-Language: kk" in taken.data for taken in server.taken}
    assert kinds == {address(1): True, address(2): False, address(3): True, address(4): False}
    assert len({taken.data for taken in server.taken}) == 4


def test_what_is_not_due_yet_waits(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    room.fill(3)

    assert room.deliver(NOW - SECOND).counts == {}
    assert room.deliver(NOW).counts == {SENT: 3}


def test_what_becomes_due_while_it_goes_on_is_sent_too(room: Mailroom, server: SmtpServer) -> None:
    """`now` moves on with the time that passes."""
    room.send_to(server.port, "connections = 1")
    room.fill(2)
    with room.postbox.database.writing() as connection:
        its = tables.delivery.c.subscriber == 2
        connection.execute(update(tables.delivery).where(its).values(not_before=NOW + SECOND / 2))
    server.pause = 0.6

    assert room.deliver().counts == {SENT: 2}


def test_an_issue_that_is_paused_waits_and_does_not_keep_letters_waiting(
    room: Mailroom, server: SmtpServer
) -> None:
    room.send_to(server.port)
    made = room.fill(2)
    with room.postbox.database.writing() as connection:
        room.move(connection, made, IssueState.SENDING, IssueState.PAUSED)

    assert room.deliver(until_empty=True).counts == {}
    with room.postbox.database.writing() as connection:
        room.move(connection, made, IssueState.PAUSED, IssueState.SENDING)
    assert room.deliver().counts == {SENT: 2}


def test_what_is_too_late_is_not_sent(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    made = room.fill(2)

    done = room.deliver(made.not_after + SECOND)

    assert server.taken == []
    assert done.counts == {DeliveryState.FAILED: 2}
    assert done.done == (made.id,)
    assert {row.last_reply for row in room.rows()} == {"too late to be sent"}
    assert {row.told_until for row in room.all(tables.subscription)} == {NOW - WEEK}


def test_a_message_that_cannot_be_written_waits_and_keeps_nobody_else_waiting(
    room: Mailroom, server: SmtpServer
) -> None:
    room.send_to(server.port)
    room.fill(4)
    with room.postbox.database.writing() as connection:
        connection.execute(delete(tables.digest).where(tables.digest.c.cohort == "kk"))

    done = room.deliver()

    assert set(recipients(server)) == {address(2), address(4)}
    assert done.counts == {SENT: 2, DEFERRED: 2}
    assert len(done.unwritten) == 2
    waiting = room.rows(tables.delivery.c.state == DEFERRED)
    assert all(row.not_before > NOW and row.last_reply.startswith("not written: ") for row in waiting)


def test_told_to_stop_it_ends_what_is_on_its_way_and_lets_go_of_the_rest(
    room: Mailroom, server: SmtpServer
) -> None:
    room.send_to(server.port)
    room.fill(20)
    stop = Event()
    server.on_message = lambda _: stop.set()

    done = room.deliver(stop=stop, until_empty=True)

    sent = len(server.taken)
    assert 1 <= sent <= 2  # one for each connection
    assert done.stopped
    assert done.counts == {SENT: sent}
    assert [row.state for row in room.rows()].count(QUEUED) == 20 - sent
    assert {row.owner for row in room.rows()} == {None}
    assert {row.attempts for row in room.rows(tables.delivery.c.state == QUEUED)} == {0}


def test_stopped_before_it_began_it_claims_nothing(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    room.fill(2)
    stop = Event()
    stop.set()

    assert room.deliver(stop=stop).counts == {}
    assert server.heard == []


def test_a_machine_that_is_not_armed_claims_nothing(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    room.fill(2)
    arming.disarm(room.root)

    with pytest.raises(NotArmed, match=r"this machine is not armed: nothing is sent\nhint: .*doctor --arm"):
        room.deliver()

    assert {(row.state, row.owner) for row in room.rows()} == {(QUEUED, None)}


def test_captured_mail_needs_no_arming(room: Mailroom) -> None:
    room.fill(2)
    arming.disarm(room.root)

    assert room.deliver().counts == {SENT: 2}
    assert len(list((room.root / "var/mail/new").iterdir())) == 2


@pytest.mark.parametrize("url", [""])
def test_a_new_site_has_nothing_to_deliver_and_gets_no_database(room: Mailroom) -> None:
    assert room.deliver().counts == {}
    assert not (room.root / "var/publisher.db").exists()


def test_no_more_leave_a_minute_than_may(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port, "connections = 3\nper_minute = 4")
    room.fill(10)
    minute = NOW.replace(second=0)

    first = room.deliver(minute + 10 * SECOND)
    again = room.deliver(minute + 40 * SECOND)
    later = room.deliver(minute + 70 * SECOND)

    assert (first.counts, first.resumes) == ({SENT: 4}, minute + 60 * SECOND)
    assert (again.counts, again.resumes) == ({}, minute + 60 * SECOND)
    assert (later.counts, later.resumes) == ({SENT: 4}, minute + 120 * SECOND)
    assert {row.attempts for row in room.rows(tables.delivery.c.state == QUEUED)} == {0}


def test_until_empty_waits_for_the_next_minute(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port, "connections = 2\nper_minute = 3")
    room.fill(5)

    done = room.deliver(NOW.replace(second=0) + 59.5 * SECOND, until_empty=True)

    assert done.counts == {SENT: 5}
    assert done.resumes is None


def test_no_more_leave_a_day_than_may(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port, "connections = 2\nper_minute = 100\nper_day = 4")
    room.fill(6)
    midnight = NOW.replace(hour=0) + DAY

    today = room.deliver(until_empty=True)
    tomorrow = room.deliver(midnight)

    assert (today.counts, today.resumes) == ({SENT: 4}, midnight)
    assert tomorrow.counts == {SENT: 2}


def test_it_tells_how_far_it_is(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    room.fill(5)
    told: list[tuple[int, int]] = []

    room.deliver(progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (5, 5)
