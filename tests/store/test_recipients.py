"""Whom an issue may be for: consent, pauses, suppressions, and what readers have been told already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from publisher.model.mailing import DeliveryState, Interests, Recipient, SubscriptionState
from publisher.store import issues, subscribers, suppressions

from .readers import NOW, SECOND, WEEK, begun, message, place, reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from publisher.store.database import Database

PAUSED = SubscriptionState.PAUSED


def recipients(connection: Connection, **values: Any) -> Sequence[Recipient]:
    return subscribers.recipients(connection, "weekly", **{"after": -1, "count": 100, "now": NOW} | values)


def ids(found: Sequence[Recipient]) -> list[int]:
    return [each.subscriber for each in found]


def test_a_recipient_is_all_that_an_issue_is_cut_by(database: Database) -> None:
    chosen = Interests(topics=("academic-mobility",), events=("aiu-2025",))
    with database.writing() as connection:
        person = reader(1, language="ru", timezone="Europe/Berlin")
        subscribers.add_many(connection, [(person, (place(1, interests=chosen),))])

        assert recipients(connection) == [
            Recipient(
                subscriber=1, language="ru", timezone="Europe/Berlin", interests=chosen,
                told_until=NOW - WEEK, since=place(1).changed,
            )
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "paused_until", "found"),
    [
        (SubscriptionState.CONFIRMED, None, [1]),
        (SubscriptionState.UNCONFIRMED, None, []),
        (SubscriptionState.UNSUBSCRIBED, None, []),
        (PAUSED, None, []),
        (PAUSED, NOW + SECOND, []),
        (PAUSED, NOW, [1]),
        (PAUSED, NOW - WEEK, [1]),
    ],
)
def test_mail_needs_a_confirmed_subscription_or_one_whose_pause_is_over(
    database: Database, state: SubscriptionState, paused_until: Any, found: list[int]
) -> None:
    with database.writing() as connection:
        given = place(1, state=state, paused_until=paused_until)
        subscribers.add_many(connection, [(reader(1), (given,)), (reader(2), (place(2, "monthly"),))])

        assert ids(recipients(connection)) == found


def test_nobody_is_a_recipient_whose_address_refuses_mail(database: Database) -> None:
    people = [reader(number) for number in range(1, 5)]
    with database.writing() as connection:
        subscribers.add_many(connection, [(person, (place(person.id),)) for person in people])
        suppressions.suppress(connection, people[0].address_hash, "refused", NOW - WEEK)
        suppressions.suppress(connection, people[1].address_hash, "bounce", NOW - WEEK, NOW + SECOND)
        suppressions.suppress(connection, people[2].address_hash, "bounce", NOW - WEEK, NOW)

        assert ids(recipients(connection)) == [3, 4]


def test_the_erased_are_no_recipients(database: Database) -> None:
    with database.writing() as connection:
        subscribers.add_many(connection, [(reader(1), (place(1),)), (reader(2), (place(2),))])
        subscribers.erase(connection, 1, NOW)

        assert ids(recipients(connection)) == [2]


def test_recipients_are_gone_through_by_id_each_once(database: Database) -> None:
    numbers = [5, 2**40, 17, 2**62, 1, 90]
    with database.writing() as connection:
        subscribers.add_many(connection, [(reader(n), (place(n), place(n, "monthly"))) for n in numbers])

        first = ids(recipients(connection, count=4))
        rest = ids(recipients(connection, after=first[-1], count=4))

    assert first + rest == sorted(numbers)


@pytest.mark.parametrize("state", DeliveryState)
def test_what_an_issue_under_way_will_tell_counts_as_told(database: Database, state: DeliveryState) -> None:
    is_open = state in {"queued", "sending", "deferred", "in doubt"}
    with database.writing() as connection:
        subscribers.add_many(connection, [(reader(1), (place(1),)), (reader(2), (place(2),))])
        for period, cut_at in (("2026-W22", NOW - 3 * SECOND), ("2026-W23", NOW - SECOND)):
            earlier = begun(connection, period, cut_at=cut_at)
            issues.add_deliveries(connection, [message(earlier.id, 1, state=state)])

        told = {each.subscriber: each.told_until for each in recipients(connection)}

    assert told == {1: NOW - SECOND if is_open else NOW - WEEK, 2: NOW - WEEK}


def test_an_issue_of_another_list_or_one_cut_earlier_tells_nothing_of_this_one(database: Database) -> None:
    with database.writing() as connection:
        subscribers.add_many(connection, [(reader(1), (place(1), place(1, "monthly")))])
        other, older = begun(connection, "2026-06", "monthly"), begun(connection, cut_at=NOW - 2 * WEEK)
        issues.add_deliveries(connection, [message(other.id, 1), message(older.id, 1)])

        assert [each.told_until for each in recipients(connection)] == [NOW - WEEK]
