"""Subscribers and subscriptions in the database: found, changed, counted, erased, purged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from publisher.model.mailing import DeliveryState, Interests, Sort, SubscriptionState
from publisher.store import issues, subscribers, tables

from .readers import NOW, SECOND, WEEK, begun, message, place, reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from publisher.store.database import Database

CHOSEN = Interests(topics=("academic-mobility", "қашықтан"), organisations=("almau",), events=("aiu-2025",))
UNCONFIRMED = SubscriptionState.UNCONFIRMED


def test_a_subscriber_is_found_by_address_and_by_id_as_they_were_added(database: Database) -> None:
    added = reader(2**62 + 7, email="Ann@xn--80akbqjj.kz", email_key="ann@xn--80akbqjj.kz", token_version=3)
    with database.writing() as connection:
        subscribers.add(connection, added)

        assert subscribers.find(connection, "ann@xn--80akbqjj.kz") == added
        assert subscribers.get(connection, 2**62 + 7) == added
        assert subscribers.find(connection, "Ann@xn--80akbqjj.kz") is None
        assert subscribers.get(connection, 7) is None


def test_two_subscribers_never_have_the_same_address(database: Database) -> None:
    same = [reader(1), reader(2, email_key="reader1@example.org")]
    with pytest.raises(IntegrityError), database.writing() as connection:
        subscribers.add_many(connection, [(person, ()) for person in same])


def test_a_changed_subscriber_is_saved_and_nobody_else(database: Database) -> None:
    changed = reader(1, language="ru", timezone="Europe/Berlin", token_version=2)
    with database.writing() as connection:
        subscribers.add_many(connection, [(reader(1), ()), (reader(2), ())])
        subscribers.save(connection, changed)

        assert subscribers.get(connection, 1) == changed
        assert subscribers.get(connection, 2) == reader(2)


def test_a_subscription_comes_back_with_its_interests_and_its_consent(database: Database) -> None:
    given = place(
        1, state=SubscriptionState.PAUSED, interests=CHOSEN, paused_until=NOW + WEEK, consent_at=NOW,
        consent_text="signup 2026-06",
    )  # fmt: skip
    with database.writing() as connection:
        subscribers.add_many(connection, [(reader(1), [given])])

        assert subscribers.subscription(connection, 1, "weekly") == given
        assert subscribers.subscription(connection, 1, "monthly") is None
        assert subscribers.subscription(connection, 2, "weekly") is None


def test_to_put_a_subscription_inserts_it_or_replaces_the_one_to_the_same_list(database: Database) -> None:
    first, other = place(1, state=UNCONFIRMED), place(1, "monthly")
    second = replace(first, state=SubscriptionState.CONFIRMED, interests=CHOSEN, consent_at=NOW, changed=NOW)
    with database.writing() as connection:
        subscribers.add(connection, reader(1))
        for given in (first, other, second):
            subscribers.put(connection, given)

        assert subscribers.subscriptions(connection, 1) == (other, second)


def test_those_addresses_that_are_known_are_told_however_many_are_asked(database: Database) -> None:
    with database.writing() as connection:
        subscribers.add_many(connection, [(reader(number), ()) for number in range(1, 1201)])

        found = subscribers.known_keys(connection, (f"reader{n}@example.org" for n in range(1000, 1400)))

    assert found == {f"reader{number}@example.org": reader(number) for number in range(1000, 1201)}


def test_everybody_is_gone_through_in_turn_with_their_subscriptions(database: Database) -> None:
    added = [(reader(number), (place(number, "monthly"), place(number))) for number in range(1, 6)]
    alone = (reader(6), ())
    with database.writing() as connection:
        subscribers.add_many(connection, [*reversed(added), alone])

        first = subscribers.every(connection, count=4)
        rest = subscribers.every(connection, after=4, count=4)

    assert first == added[:4]
    assert rest == [added[4], alone]


def test_whoever_is_asked_for_by_list_or_state_comes_with_those_subscriptions_alone(
    database: Database,
) -> None:
    monthly, waiting = place(1, "monthly"), place(2, state=UNCONFIRMED)
    with database.writing() as connection:
        subscribers.add_many(connection, [(reader(1), (monthly, place(1))), (reader(2), (waiting,))])

        assert subscribers.every(connection, list="monthly") == [(reader(1), (monthly,))]
        assert subscribers.every(connection, state=UNCONFIRMED) == [(reader(2), (waiting,))]
        assert subscribers.every(connection, list="monthly", state=UNCONFIRMED) == []


def test_subscriptions_are_counted_by_list_and_state(database: Database) -> None:
    with database.writing() as connection:
        people = [(reader(1), (place(1), place(1, "monthly"))), (reader(2), (place(2),))]
        subscribers.add_many(connection, [*people, (reader(3), (place(3, state=UNCONFIRMED),))])

        assert subscribers.totals(connection) == {
            ("monthly", SubscriptionState.CONFIRMED): 1,
            ("weekly", SubscriptionState.CONFIRMED): 2,
            ("weekly", UNCONFIRMED): 1,
        }


def deliveries(connection: Connection, number: int) -> list[tuple[DeliveryState, str]]:
    """The states of somebody's deliveries, and what was said to each."""
    asked = select(tables.delivery.c.state, tables.delivery.c.last_reply)
    its = tables.delivery.c.subscriber == number
    return [tuple(row) for row in connection.execute(asked.where(its).order_by(tables.delivery.c.id))]


def test_an_erased_person_leaves_a_row_that_says_nothing_about_them(database: Database) -> None:
    refused = "550 5.1.1 <reader1@example.org> unknown"
    with database.writing() as connection:
        subscribers.add_many(connection, [(reader(1), (place(1), place(1, "monthly"))), (reader(2), ())])
        earlier, later = begun(connection), begun(connection, "2026-W25")
        failed = message(earlier.id, 1, state=DeliveryState.FAILED, last_reply=refused, settled=NOW)
        issues.add_deliveries(connection, [failed])
        issues.add_deliveries(connection, [message(later.id, 1), message(later.id, 2)])
        bounce = {"delivery": 1, "subscriber": 1, "kind": "hard", "status": "5.1.1", "at": NOW}
        connection.execute(tables.bounce.insert().values(bounce | {"diagnostic": refused}))

        subscribers.erase(connection, 1, NOW)

        erased = reader(1, email="", email_key=None, address_hash="", erased=NOW)
        assert subscribers.get(connection, 1) == erased
        assert subscribers.find(connection, "reader1@example.org") is None
        assert subscribers.subscriptions(connection, 1) == ()
        assert [person for person, _ in subscribers.every(connection)] == [reader(2)]
        assert deliveries(connection, 1) == [
            (DeliveryState.FAILED, ""),
            (DeliveryState.SUPPRESSED, "erased"),
        ]
        assert deliveries(connection, 2) == [(DeliveryState.QUEUED, "")]
        assert connection.execute(select(tables.bounce.c.diagnostic)).scalar() == ""


def test_an_address_is_free_again_once_its_subscriber_is_erased(database: Database) -> None:
    again = reader(2, email_key="reader1@example.org")
    with database.writing() as connection:
        subscribers.add(connection, reader(1))
        subscribers.erase(connection, 1, NOW)
        subscribers.add(connection, again)

        assert subscribers.find(connection, "reader1@example.org") == again


def test_a_message_that_is_being_handed_over_is_left_to_whoever_does_that(database: Database) -> None:
    going = {"state": DeliveryState.SENDING, "owner": "worker", "lease_until": NOW + SECOND}
    with database.writing() as connection:
        subscribers.add_many(connection, [(reader(1), (place(1),))])
        issues.add_deliveries(connection, [message(begun(connection).id, 1, **going)])

        subscribers.erase(connection, 1, NOW)

        assert deliveries(connection, 1) == [(DeliveryState.SENDING, "")]


def test_sign_ups_that_nobody_confirmed_go_and_whoever_has_nothing_else(database: Database) -> None:
    old, fresh = NOW - timedelta(days=8), NOW - timedelta(days=6)
    confirmed = place(2, "monthly", changed=old)
    recent = place(3, state=UNCONFIRMED, changed=fresh)
    with database.writing() as connection:
        subscribers.add_many(
            connection,
            [
                (reader(1), (place(1, state=UNCONFIRMED, changed=old),)),
                (reader(2), (place(2, state=UNCONFIRMED, changed=old), confirmed)),
                (reader(3), (recent,)),
            ],
        )
        issues.add_deliveries(connection, [message(None, 1, sort=Sort.CONFIRM)])

        assert subscribers.purge_unconfirmed(connection, NOW - WEEK) == 2

        assert subscribers.every(connection) == [(reader(2), (confirmed,)), (reader(3), (recent,))]
        assert deliveries(connection, 1) == []
        assert subscribers.purge_unconfirmed(connection, NOW - WEEK) == 0


def test_whoever_left_stays_known_and_the_erased_stay_erased_when_sign_ups_are_purged(
    database: Database,
) -> None:
    left = place(1, state=SubscriptionState.UNSUBSCRIBED, changed=NOW - 52 * WEEK)
    with database.writing() as connection:
        subscribers.add_many(connection, [(reader(1), (left,)), (reader(2), (place(2),))])
        subscribers.erase(connection, 2, NOW - 52 * WEEK)

        assert subscribers.purge_unconfirmed(connection, NOW) == 0

        assert subscribers.subscriptions(connection, 1) == (left,)
        assert subscribers.get(connection, 2) is not None


def test_a_thousand_sign_ups_are_purged_at_once(database: Database) -> None:
    stale = [
        (reader(number), (place(number, state=UNCONFIRMED, changed=NOW - WEEK),)) for number in range(1, 1201)
    ]
    with database.writing() as connection:
        subscribers.add_many(connection, stale)

        assert subscribers.purge_unconfirmed(connection, NOW) == 1200
        assert subscribers.every(connection) == []
