"""Whoever changes how somebody's mail stands, and whoever is about to send to them, take turns."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from publisher.model.mailing import DeliveryState, SubscriptionState
from publisher.store import issues, subscribers

from .readers import NOW, begun, message, place, reader

if TYPE_CHECKING:
    from publisher.store.database import Database

LEFT = SubscriptionState.UNSUBSCRIBED


@pytest.fixture
def peopled(database: Database) -> Database:
    """A database with two confirmed readers."""
    with database.writing() as connection:
        subscribers.add_many(connection, [(reader(n), (place(n),)) for n in (1, 2)])
    return database


def test_there_is_no_lock_on_somebody_who_is_not_there(peopled: Database) -> None:
    with peopled.working() as connection:
        assert subscribers.lock(connection, 1) is True
        assert subscribers.lock(connection, 3) is False


def test_who_asks_after_a_leave_has_begun_sees_that_they_left(peopled: Database) -> None:
    seen = []

    def ask() -> None:
        with peopled.working() as connection:
            subscribers.lock(connection, 1)
            found = subscribers.subscription(connection, 1, "weekly")
            seen.append(found and found.state)

    thread = threading.Thread(target=ask)
    with peopled.working() as connection:
        subscribers.lock(connection, 1)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        subscribers.put(connection, place(1, state=LEFT, changed=NOW))
    thread.join()

    assert seen == [LEFT]


@pytest.mark.postgres
def test_a_lock_on_one_subscriber_keeps_neither_others_nor_an_issue_waiting(
    peopled: Database, url: str
) -> None:
    if not url:
        return  # SQLite has one writer at a time
    with peopled.working() as leaving, peopled.working() as connection:
        assert subscribers.lock(leaving, 1)
        assert subscribers.lock(connection, 2)
        issue = begun(connection)
        issues.add_deliveries(connection, [message(issue.id, number) for number in (1, 2)])
        assert issues.progress(connection, issue.id) == {DeliveryState.QUEUED: 2}


def test_a_purged_sign_up_is_not_there_for_whoever_signs_up_again_just_then(peopled: Database) -> None:
    found = []

    def again() -> None:
        with peopled.working() as connection:
            found.append(subscribers.lock(connection, 3))

    with peopled.writing() as connection:
        stale = place(3, state=SubscriptionState.UNCONFIRMED)
        subscribers.add_many(connection, [(reader(3), (stale,))])
    thread = threading.Thread(target=again)
    with peopled.writing() as connection:
        assert subscribers.purge_unconfirmed(connection, NOW) == 1
        thread.start()
        thread.join(0.3)
    thread.join()

    assert found == [False]
