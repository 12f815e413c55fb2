"""Deliveries in the tables: whose they are, in which order, and what only their owner may do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from publisher.model.mailing import DeliveryState, IssueState, Sort
from publisher.store import issues, outbox, subscribers, tables
from publisher.store.outbox import Lease, Settlement
from publisher.store.standing import open_by_state, standing

from .readers import NOW, SECOND, WEEK, begun, body, message, place, reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from publisher.store.database import Database

QUEUED, SENDING, SENT = DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.SENT
DEFERRED, IN_DOUBT = DeliveryState.DEFERRED, DeliveryState.IN_DOUBT
MINUTE = timedelta(minutes=1)
#: The real time, which has nothing to do with the instant that is acted for.
CLOCK = NOW + 1000 * WEEK
MINE, THEIRS = Lease("mine", CLOCK, CLOCK + MINUTE), Lease("theirs", CLOCK, CLOCK + MINUTE)


def later(lease: Lease, by: timedelta) -> Lease:
    """The same owner, at a later time."""
    return Lease(lease.owner, lease.clock + by, lease.until + by)


@pytest.fixture
def sending(database: Database) -> Database:
    """An issue that is being sent to four readers."""
    with database.writing() as connection:
        subscribers.add_many(connection, [(reader(n), (place(n),)) for n in range(1, 5)])
        issue = begun(connection)
        issues.add_digests(connection, issue.id, [body("all")])
        issues.add_deliveries(connection, [message(issue.id, n) for n in range(1, 5)])
        issues.move(connection, issue.id, [IssueState.BUILDING], IssueState.SENDING, dated=NOW)
    return database


def claimed(connection: Connection, lease: Lease = MINE, count: int = 9) -> list[int]:
    """Claim; the readers, in order."""
    return [each.subscriber for each in outbox.claim(connection, lease, NOW, count)]


def rows(connection: Connection) -> dict[int, tuple[DeliveryState, str | None, int]]:
    """State, owner and attempts, by reader."""
    found = connection.execute(select(tables.delivery).where(tables.delivery.c.issue.is_not(None)))
    return {row.subscriber: (row.state, row.owner, row.attempts) for row in found}


def test_nobody_claims_what_is_somebodys(sending: Database) -> None:
    with sending.working() as connection:
        assert claimed(connection, MINE, 3) == [1, 2, 3]
        assert claimed(connection, THEIRS) == [4]
        assert claimed(connection, MINE) == []
        assert outbox.waiting(connection, NOW, CLOCK) == (0, 4)


def test_what_is_claimed_is_told_as_the_table_has_it(sending: Database) -> None:
    with sending.working() as connection:
        (first,) = outbox.claim(connection, MINE, NOW, 1)
        found = standing(connection, first.id, NOW)

    assert found
    assert first == found.delivery
    assert (first.owner, first.lease_until, first.state) == ("mine", MINE.until, QUEUED)


def test_a_lease_that_is_over_is_nobodys(sending: Database) -> None:
    with sending.working() as connection:
        claimed(connection, MINE)
        assert claimed(connection, later(THEIRS, MINUTE - SECOND)) == []
        assert claimed(connection, later(THEIRS, MINUTE)) == [1, 2, 3, 4]


def test_letters_come_first_then_what_waits_longest_then_what_was_tried_before(sending: Database) -> None:
    with sending.working() as connection:
        tried = outbox.claim(connection, MINE, NOW, 2)[1]
        outbox.begin(connection, tried.id, MINE)
        outbox.settle(connection, tried.id, "mine", Settlement(DEFERRED, "450", NOW), NOW)
        outbox.free(connection, "mine")
        outbox.letter(connection, Sort.CONFIRM, 4, NOW, "<letter@example.org>", NOW + WEEK)

        order = [(each.sort, each.subscriber) for each in outbox.claim(connection, MINE, NOW, 9)]

    digest = Sort.DIGEST
    assert order == [(Sort.CONFIRM, 4), (digest, 1), (digest, 3), (digest, 4), (digest, 2)]


@pytest.mark.parametrize("state", [IssueState.FROZEN, IssueState.PAUSED, IssueState.HELD, IssueState.ABORTED])
def test_only_an_issue_that_is_being_sent_is_claimed(sending: Database, state: IssueState) -> None:
    with sending.working() as connection:
        (issue,) = issues.every(connection)
        issues.move(connection, issue.id, [IssueState.SENDING], state)

        assert claimed(connection) == []
        assert outbox.waiting(connection, NOW, CLOCK) == (0, 0)


def test_what_is_not_due_is_not_claimed(sending: Database) -> None:
    with sending.working() as connection:
        assert outbox.claim(connection, MINE, NOW - SECOND, 9) == []
        assert outbox.waiting(connection, NOW - SECOND, CLOCK) == (0, 0)
        assert outbox.waiting(connection, NOW, CLOCK) == (4, 0)


def test_only_the_owner_begins_while_the_lease_lasts_and_once(sending: Database) -> None:
    with sending.working() as connection:
        (first,) = outbox.claim(connection, MINE, NOW, 1)

        assert not outbox.begin(connection, first.id, THEIRS)
        assert not outbox.begin(connection, first.id, later(MINE, MINUTE))
        assert rows(connection)[1] == (QUEUED, "mine", 0)
        assert outbox.begin(connection, first.id, later(MINE, MINUTE - SECOND))
        assert rows(connection)[1] == (SENDING, "mine", 1)
        assert not outbox.begin(connection, first.id, MINE)


def test_only_the_owner_settles_and_once(sending: Database) -> None:
    sent = Settlement(SENT, "250")
    with sending.working() as connection:
        (first,) = outbox.claim(connection, MINE, NOW, 1)
        outbox.begin(connection, first.id, MINE)

        assert not outbox.settle(connection, first.id, "theirs", sent, NOW)
        assert rows(connection)[1] == (SENDING, "mine", 1)
        assert outbox.settle(connection, first.id, "mine", sent, NOW)
        assert rows(connection)[1] == (SENT, None, 1)
        assert not outbox.settle(connection, first.id, "mine", Settlement(DEFERRED, "450"), NOW)
        assert rows(connection)[1] == (SENT, None, 1)


def test_what_was_sending_when_its_owner_was_lost_is_in_doubt_for_the_next_one(sending: Database) -> None:
    with sending.working() as connection:
        (first,) = outbox.claim(connection, MINE, NOW, 1)
        outbox.begin(connection, first.id, MINE)
        *others, again = outbox.claim(connection, later(THEIRS, MINUTE), NOW, 9)

        assert [each.subscriber for each in others] == [2, 3, 4]
        assert (again.subscriber, again.state, again.attempts) == (1, IN_DOUBT, 1)
        assert rows(connection)[1] == (IN_DOUBT, "theirs", 1)
        assert not outbox.settle(connection, first.id, "mine", Settlement(SENT, "250"), NOW)


def test_an_owner_who_is_gone_is_let_go_of_at_once(sending: Database) -> None:
    with sending.working() as connection:
        first, *_ = outbox.claim(connection, MINE, NOW, 2)
        outbox.begin(connection, first.id, MINE)
        claimed(connection, THEIRS, 1)

        assert sorted(outbox.owners(connection)) == ["mine", "theirs"]
        assert outbox.free(connection, "mine") == 2
        assert rows(connection) == {
            1: (IN_DOUBT, None, 1), 2: (QUEUED, None, 0), 3: (QUEUED, "theirs", 0), 4: (QUEUED, None, 0)
        }  # fmt: skip
        assert outbox.owners(connection) == ["theirs"]


def test_what_was_begun_and_not_handed_over_is_as_it_was(sending: Database) -> None:
    with sending.working() as connection:
        (first,) = outbox.claim(connection, MINE, NOW, 1)
        outbox.begin(connection, first.id, MINE)

        assert outbox.take_back(connection, first)
        assert rows(connection)[1] == (QUEUED, None, 0)


def test_what_is_given_back_is_only_what_is_ones_own(sending: Database) -> None:
    with sending.working() as connection:
        mine = [each.id for each in outbox.claim(connection, MINE, NOW, 2)]
        theirs = [each.id for each in outbox.claim(connection, THEIRS, NOW, 1)]

        assert outbox.give_back(connection, "mine", [*mine, *theirs]) == 2
        assert outbox.owners(connection) == ["theirs"]


def test_whoever_hands_over_is_known_to_who_leaves(sending: Database) -> None:
    with sending.working() as connection:
        first, _ = outbox.claim(connection, MINE, NOW, 2)
        outbox.begin(connection, first.id, MINE)

        assert outbox.senders(connection, 1, CLOCK) == ["mine"]
        assert outbox.senders(connection, 2, CLOCK) == []
        assert outbox.senders(connection, 1, CLOCK + MINUTE) == []


def test_a_reader_is_never_told_less_than_before(sending: Database) -> None:
    with sending.working() as connection:
        for until in (NOW, NOW - SECOND):
            outbox.told(connection, 1, "weekly", until)
        outbox.told(connection, 2, "monthly", NOW)

        told = [subscribers.subscription(connection, n, "weekly") for n in (1, 2)]

    assert [each and each.told_until for each in told] == [NOW, NOW - WEEK]


def test_what_is_open_is_counted_by_state(sending: Database) -> None:
    with sending.working() as connection:
        first, second = outbox.claim(connection, MINE, NOW, 2)
        for each in (first, second):
            outbox.begin(connection, each.id, MINE)
        outbox.settle(connection, first.id, "mine", Settlement(SENT, "250"), NOW)

        assert open_by_state(connection) == {QUEUED: 2, SENDING: 1}
