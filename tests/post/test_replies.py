"""What a server says, and what that means for the reader, the issue and the run."""

from __future__ import annotations

import socket
from datetime import timedelta
from typing import TYPE_CHECKING

from publisher.model.mailing import DeliveryState, IssueState
from publisher.store import tables
from smtpserver import Drop, SmtpServer

from .mailroom import DAY, NOW, WEEK, address, subscriber

if TYPE_CHECKING:
    from .mailroom import Mailroom

SENT, QUEUED, DEFERRED = DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.DEFERRED
HOUR = timedelta(hours=1)
FAILED, IN_DOUBT = DeliveryState.FAILED, DeliveryState.IN_DOUBT


def test_asked_to_come_back_later_it_does_with_the_same_message(room: Mailroom) -> None:
    with SmtpServer(script={"message": ["451 4.7.1 greylisted"]}) as server:
        room.send_to(server.port)
        room.fill(1)

        first = room.deliver()
        (waiting,) = room.rows()
        too_early = room.deliver(until_empty=True)
        second = room.deliver(waiting.not_before)

    assert (first.counts, first.done) == ({DEFERRED: 1}, ())
    assert waiting.not_before > NOW
    assert (waiting.attempts, waiting.last_reply) == (1, "451 4.7.1 to after-data: greylisted")
    assert too_early.counts == {}
    assert second.counts == {SENT: 1}
    assert len(second.done) == 1
    assert [taken.data for taken in server.taken] == [server.taken[0].data] * 2
    assert [row.attempts for row in room.rows()] == [2]


def test_a_reply_that_was_lost_leaves_a_doubt_and_the_same_message_is_sent_again(room: Mailroom) -> None:
    with SmtpServer(script={"message": [Drop()]}) as server:
        room.send_to(server.port)
        room.fill(1)

        first = room.deliver()
        (doubted,) = room.rows()
        second = room.deliver(doubted.not_before)

    assert first.counts == {IN_DOUBT: 1}
    assert doubted.not_before > NOW
    assert {row.told_until for row in room.all(tables.subscription)} == {NOW}
    assert second.counts == {SENT: 1}
    assert len(server.taken) == 2
    assert server.taken[0].data == server.taken[1].data


def test_an_address_that_does_not_exist_is_not_written_to_for_a_month(room: Mailroom) -> None:
    with SmtpServer(refusals={address(1): "550 5.1.1 no such user"}) as server:
        room.send_to(server.port)
        made = room.fill(3)

        done = room.deliver()

    assert done.counts == {SENT: 2, FAILED: 1}
    assert done.done == (made.id,)
    (bounce,) = room.all(tables.bounce)
    assert (bounce.subscriber, bounce.kind, bounce.status) == (1, "hard", "5.1.1")
    (suppressed,) = room.all(tables.suppression)
    assert suppressed.address_hash == subscriber(1).address_hash
    assert NOW + 29 * DAY < suppressed.until < NOW + 31 * DAY
    told = {row.subscriber: row.told_until for row in room.all(tables.subscription)}
    assert told == {1: NOW - WEEK, 2: NOW, 3: NOW}


def test_a_refusal_that_may_pass_is_kept_and_not_held_against_the_address(room: Mailroom) -> None:
    with SmtpServer(refusals={address(1): "552 5.2.2 mailbox full"}) as server:
        room.send_to(server.port)
        room.fill(1)

        done = room.deliver()

    assert done.counts == {FAILED: 1}
    (bounce,) = room.all(tables.bounce)
    assert (bounce.kind, bounce.status) == ("soft", "5.2.2")
    assert room.all(tables.suppression) == []


def test_no_reply_that_is_kept_holds_an_address(room: Mailroom) -> None:
    refusal = f"551 5.1.6 <{address(1)}> is <elsewhere@example.com> now"
    with SmtpServer(refusals={address(1): refusal}) as server:
        room.send_to(server.port)
        room.fill(1)

        room.deliver()

    kept = [*(row.last_reply for row in room.rows()), *(row.diagnostic for row in room.all(tables.bounce))]
    assert len(kept) == 2
    assert all(text.endswith(": <r***@e***> is <e***@e***> now") for text in kept)


def test_a_refused_sender_ends_the_run_and_everything_is_as_it_was(room: Mailroom) -> None:
    with SmtpServer(script={"mail": ["550 5.7.1 who are you"] * 9}) as server:
        room.send_to(server.port)
        room.fill(9)

        done = room.deliver(until_empty=True)

    assert server.taken == []
    assert done.problem == "550 5.7.1 to mail: who are you"
    assert done.counts == {}
    assert {(row.state, row.owner, row.attempts) for row in room.rows()} == {(QUEUED, None, 0)}
    assert [row.state for row in room.all(tables.issue)] == [IssueState.SENDING]


def test_what_one_readers_server_says_of_the_sender_keeps_nobody_else_from_their_mail(
    room: Mailroom,
) -> None:
    with SmtpServer(refusals={address(7): "550 5.1.8 bad sender"}) as server:
        room.send_to(server.port)
        room.fill(30)

        done = room.deliver(until_empty=True)

    assert not done.problem
    assert done.counts == {SENT: 29, DEFERRED: 1}
    (waiting,) = room.rows(tables.delivery.c.state == DEFERRED)
    assert (waiting.subscriber, waiting.last_reply) == (7, "550 5.1.8 to rcpt: bad sender")
    assert NOW + HOUR <= waiting.not_before < NOW + 2 * HOUR
    assert room.all(tables.bounce) == room.all(tables.suppression) == []


def test_a_refused_login_ends_the_run_and_everything_is_as_it_was(room: Mailroom) -> None:
    password = room.root / "password"
    password.write_text("wrong\n")
    password.chmod(0o600)
    with SmtpServer(users={"me": "right"}) as server:
        room.send_to(server.port, 'username = "me"\npassword_file = "password"')
        room.fill(3)

        done = room.deliver(until_empty=True)

    assert "the server refuses the login of 'me' (535 5.7.8)\nhint: " in done.problem
    assert {(row.state, row.owner, row.attempts) for row in room.rows()} == {(QUEUED, None, 0)}


def test_a_server_that_is_away_is_asked_once_for_each_connection(room: Mailroom) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = taken.getsockname()[1]
    room.send_to(nobody, "connections = 2")
    room.fill(10)

    done = room.deliver(until_empty=True)

    assert done.problem == "no reply to connect: connection refused"
    assert done.counts == {DEFERRED: 2}
    assert (
        sorted((row.state, row.owner) for row in room.rows()) == [(DEFERRED, None)] * 2 + [(QUEUED, None)] * 8
    )


def test_a_connection_too_many_leaves_the_work_to_the_others(room: Mailroom) -> None:
    with SmtpServer(script={"connect": ["421 4.7.0 too many connections"]}) as server:
        room.send_to(server.port, "connections = 2")
        room.fill(10)

        done = room.deliver(until_empty=True)

    assert done.counts == {SENT: 9, DEFERRED: 1}
    assert not done.problem
