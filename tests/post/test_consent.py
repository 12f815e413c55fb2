"""Nobody is mailed who does not want to be, whenever they said so."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from publisher.model.mailing import DeliveryState, IssueState, Sort, SubscriptionState
from publisher.post.owners import new_owner
from publisher.store import issues, outbox, subscribers, suppressions, tables
from publisher.store.outbox import Lease
from publisher.subscribing import consent
from smtpserver import GOOD, SmtpServer

from .mailroom import DAY, NOW, SECOND, WEEK, address, subscriber, subscription

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smtpserver import Taken

    from .mailroom import Mailroom

SENT, SUPPRESSED = DeliveryState.SENT, DeliveryState.SUPPRESSED


@pytest.fixture
def sending(room: Mailroom, server: SmtpServer) -> Mailroom:
    """Two readers whose digests are due."""
    room.send_to(server.port)
    room.fill(2)
    return room


def only_the_second_is_written_to(room: Mailroom, server: SmtpServer, because: str) -> None:
    done = room.deliver()

    assert [taken.recipient for taken in server.taken] == [address(2)]
    assert done.counts == {SENT: 1, SUPPRESSED: 1}
    assert len(done.done) == 1
    (kept,) = room.rows(tables.delivery.c.subscriber == 1)
    assert (kept.state, kept.last_reply, kept.attempts) == (SUPPRESSED, because, 0)


@pytest.mark.parametrize(
    "state", [SubscriptionState.UNSUBSCRIBED, SubscriptionState.UNCONFIRMED, SubscriptionState.PAUSED]
)
def test_only_a_confirmed_subscription_is_written_to(
    sending: Mailroom, server: SmtpServer, state: SubscriptionState
) -> None:
    with sending.postbox.database.writing() as connection:
        subscribers.put(connection, subscription(1, state=state, paused_until=NOW + DAY))

    only_the_second_is_written_to(sending, server, f"the subscription is {state}")


def test_a_pause_that_is_over_is_over(sending: Mailroom) -> None:
    with sending.postbox.database.writing() as connection:
        paused = subscription(1, state=SubscriptionState.PAUSED, paused_until=NOW)
        subscribers.put(connection, paused)

    assert sending.deliver().counts == {SENT: 2}


def test_a_pause_without_an_end_is_not_over(sending: Mailroom, server: SmtpServer) -> None:
    with sending.postbox.database.writing() as connection:
        subscribers.put(connection, subscription(1, state=SubscriptionState.PAUSED))

    only_the_second_is_written_to(sending, server, "the subscription is paused")


def test_an_address_that_is_suppressed_is_not_written_to(sending: Mailroom, server: SmtpServer) -> None:
    with sending.postbox.database.writing() as connection:
        suppressions.suppress(connection, subscriber(1).address_hash, "complaint", NOW - DAY)

    only_the_second_is_written_to(sending, server, "the address is not written to: complaint")


def test_a_suppression_that_is_over_is_over(sending: Mailroom) -> None:
    with sending.postbox.database.writing() as connection:
        suppressions.suppress(connection, subscriber(1).address_hash, "bounce", NOW - DAY, NOW)

    assert sending.deliver().counts == {SENT: 2}


def test_nobody_writes_to_who_was_erased(sending: Mailroom, server: SmtpServer) -> None:
    with sending.postbox.database.writing() as connection:
        subscribers.erase(connection, 1, NOW)

    assert sending.deliver().counts == {SENT: 1}
    assert [taken.recipient for taken in server.taken] == [address(2)]


def test_a_letter_needs_no_subscription_that_is_confirmed(sending: Mailroom, server: SmtpServer) -> None:
    with sending.postbox.database.writing() as connection:
        subscribers.put(connection, subscription(1, state=SubscriptionState.UNCONFIRMED))
    sending.letter(1)

    sending.deliver()

    (letter,) = [taken for taken in server.taken if taken.recipient == address(1)]
    assert b"List-Id" not in letter.data


def test_letters_leave_before_digests(sending: Mailroom, server: SmtpServer) -> None:
    sending.send_to(server.port, "connections = 1")
    sending.letter(2, Sort.KNOWN)

    sending.deliver()

    assert [b"List-Id" in taken.data for taken in server.taken] == [False, True, True]
    assert server.taken[0].recipient == address(2)


def test_a_letter_to_an_address_that_refuses_mail_is_not_sent(sending: Mailroom, server: SmtpServer) -> None:
    sending.letter(1, Sort.KNOWN)
    with sending.postbox.database.writing() as connection:
        suppressions.suppress(connection, subscriber(1).address_hash, "refused", NOW)

    sending.deliver()

    assert [taken.recipient for taken in server.taken] == [address(2)]


def test_a_letter_with_nothing_left_to_say_is_not_sent(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    with room.postbox.database.writing() as connection:
        subscribers.add_many(connection, [(subscriber(1), ())])
    room.letter(1)

    done = room.deliver()

    assert server.taken == []
    assert done.counts == {SUPPRESSED: 1}
    assert done.unwritten == ()


def test_a_leave_that_is_committed_is_the_end_of_mail_in_the_middle_of_a_run_too(
    room: Mailroom, server: SmtpServer
) -> None:
    """Readers leave while another process is sending: some had their mail, and nobody gets it after that."""
    readers = 60
    room.send_to(server.port, "connections = 3")
    room.fill(readers)
    begun, left = threading.Event(), {}

    def on_message(_: Taken) -> None:
        begun.set()

    def leave(numbers: range) -> None:
        begun.wait()
        for number in numbers:
            consent.leave(room.postbox.database, number, None, NOW)
            left[address(number)] = datetime.now(UTC)

    server.on_message, server.pause = on_message, 0.02
    # Some are next in line, some at its end, and some leave at the very moment.
    leaving = [
        threading.Thread(target=leave, args=(numbers,))
        for numbers in (range(1, readers, 3), range(readers, 1, -3))
    ]
    for thread in leaving:
        thread.start()
    command = [sys.executable, "-m", "publisher", "deliver", "--site", str(room.root)]
    arguments = ["--now", NOW.isoformat(), "--until-empty"]
    done = subprocess.run([*command, *arguments], env=os.environ, capture_output=True, check=False)
    begun.set()
    for thread in leaving:
        thread.join()

    mailed = {taken.recipient: taken.at for taken in server.taken}
    assert done.returncode == 0, done.stderr.decode()
    assert len(server.taken) == len(mailed)
    assert [who for who, at in left.items() if who in mailed and mailed[who] > at] == []
    assert {address(number) for number in range(1, readers + 1)} - left.keys() <= mailed.keys()
    assert len(left.keys() & mailed.keys()) > 0
    assert len(left.keys() - mailed.keys()) > 0
    states = {address(number): state for number, state in room.states().items()}
    assert states == {who: SENT if who in mailed else SUPPRESSED for who in states}


def test_a_leave_waits_while_a_message_is_on_its_way(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port, "connections = 1")
    room.fill(1)
    taken, asked = threading.Event(), []
    server.on_message = lambda _: taken.set()
    server.pause = 0.3
    sending = threading.Thread(target=lambda: asked.append(room.deliver()))

    sending.start()
    taken.wait()
    consent.leave(room.postbox.database, 1, None, NOW + SECOND)

    # Whoever was on the way when the leave was asked for is settled when it is committed.
    assert room.states() == {1: SENT}
    sending.join()
    assert [done.counts for done in asked] == [{SENT: 1}]


@contextmanager
def slow_server(room: Mailroom, meanwhile: Callable[[], object]) -> Iterator[SmtpServer]:
    """A server that takes its time with RCPT; something happens before it answers."""

    def answers() -> Iterator[str]:
        meanwhile()
        yield GOOD["rcpt"]

    with SmtpServer(script={"rcpt": answers()}) as server:
        room.send_to(server.port, "connections = 1")
        room.fill(1)
        yield server


def said(server: SmtpServer) -> list[str]:
    """The commands that it has heard."""
    return [line.split(" ")[0].upper() for heard in server.heard for line in heard]


WITHHELD = ["EHLO", "MAIL", "RCPT", "RSET", "QUIT"]


def test_whoever_left_while_the_server_was_slow_is_not_mailed(
    room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A leave waits for a while only; but the text of the message goes over after a last look."""
    monkeypatch.setattr(consent, "PATIENCE", 0.0)
    with slow_server(room, lambda: consent.leave(room.postbox.database, 1, None, NOW)) as server:
        done = room.deliver(until_empty=True)

    assert said(server) == WITHHELD
    assert done.counts == {SUPPRESSED: 1}
    (row,) = room.rows()
    assert (row.state, row.owner, row.last_reply) == (SUPPRESSED, None, "the subscription is unsubscribed")
    assert {each.told_until for each in room.all(tables.subscription)} == {NOW - WEEK}


def test_captured_mail_is_looked_at_again_too(room: Mailroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consent, "PATIENCE", 0.0)
    room.fill(1)
    wrote = os.fsync

    def slow(file: int) -> None:
        monkeypatch.setattr(os, "fsync", wrote)
        consent.leave(room.postbox.database, 1, None, NOW)
        wrote(file)

    monkeypatch.setattr(os, "fsync", slow)

    assert room.deliver(until_empty=True).counts == {SUPPRESSED: 1}
    assert [list((room.root / "var/mail" / name).iterdir()) for name in ("tmp", "new")] == [[], []]


def test_whoever_refused_all_mail_while_the_server_was_slow_is_not_mailed(
    room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consent, "PATIENCE", 0.0)
    with slow_server(room, lambda: consent.refuse(room.postbox.database, 1, NOW)) as server:
        room.deliver(until_empty=True)

    assert said(server) == WITHHELD


def becomes(room: Mailroom, state: IssueState) -> None:
    with room.postbox.database.working() as connection:
        (made,) = issues.every(connection)
        room.move(connection, made, IssueState.SENDING, state)


def test_an_issue_that_is_paused_while_the_server_is_slow_is_not_sent_and_waits_as_it_was(
    room: Mailroom,
) -> None:
    with slow_server(room, lambda: becomes(room, IssueState.PAUSED)) as server:
        done = room.deliver(until_empty=True)

    assert said(server) == WITHHELD
    assert done.counts == {}
    assert [(row.state, row.owner, row.attempts) for row in room.rows()] == [(DeliveryState.QUEUED, None, 0)]


def test_an_issue_that_is_aborted_while_the_server_is_slow_is_not_sent_any_more(room: Mailroom) -> None:
    with slow_server(room, lambda: becomes(room, IssueState.ABORTED)) as server:
        done = room.deliver(until_empty=True)

    assert said(server) == WITHHELD
    assert done.counts == {SUPPRESSED: 1}
    assert [(row.state, row.last_reply) for row in room.rows()] == [(SUPPRESSED, "the issue was aborted")]


def test_what_was_taken_over_while_the_server_was_slow_is_left_to_its_new_owner(room: Mailroom) -> None:
    theirs = new_owner()

    def take_over() -> None:
        clock = datetime.now(UTC) + DAY  # when every lease is over
        with room.postbox.database.working() as connection:
            assert outbox.claim(connection, Lease(theirs, clock, clock + DAY), NOW, 1)

    with slow_server(room, take_over) as server:
        done = room.deliver()

    assert said(server) == WITHHELD
    assert done.counts == {}
    assert [(row.state, row.owner) for row in room.rows()] == [(DeliveryState.IN_DOUBT, theirs)]
