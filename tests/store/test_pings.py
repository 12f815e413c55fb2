"""Pings in the database: noted with an edition, claimed once it is in files, settled unless noted anew."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from publisher.model.push import HubState
from publisher.store import ledger, pings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from publisher.store.database import Database

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOON, LATER = NOON + timedelta(minutes=1), NOON + timedelta(hours=1)
HUB, OTHER = "https://hub.example.org/", "https://other.example.org/"


def release(connection: Connection, *feeds: str, hubs: tuple[str, ...] = (HUB,), now: datetime = NOON) -> int:
    """Commit an edition that has changed feeds."""
    number = ledger.add_edition(connection, now, date(2026, 6, 1), {})
    pings.note(connection, hubs, feeds, number, now)
    return number


@pytest.fixture
def released(database: Database) -> Database:
    """A database with two feeds that a hub is to be told of."""
    with database.writing() as connection:
        ledger.finish_edition(connection, release(connection, "en/feed.atom", "en/topics/a/feed.atom"))
    return database


def test_each_hub_is_to_be_told_of_each_feed(database: Database) -> None:
    with database.writing() as connection:
        ledger.finish_edition(connection, release(connection, "a", "b", hubs=(HUB, OTHER)))

        assert [each.feed for each in pings.claim(connection, HUB, NOON, SOON, 9)] == ["a", "b"]
        assert [each.feed for each in pings.claim(connection, OTHER, NOON, SOON, 1)] == ["a"]


def test_nothing_is_due_before_its_edition_is_in_files(database: Database) -> None:
    with database.writing() as connection:
        number = release(connection, "a")
        assert not pings.due(connection, [HUB], NOON)
        assert pings.claim(connection, HUB, NOON, SOON, 9) == []

        ledger.finish_edition(connection, number)

        assert pings.due(connection, [HUB], NOON)
        assert not pings.due(connection, [OTHER], NOON)
        assert not pings.due(connection, [], NOON)


def test_what_an_unfinished_edition_changed_again_waits_for_it(released: Database) -> None:
    with released.writing() as connection:
        release(connection, "en/feed.atom")

        assert [each.feed for each in pings.claim(connection, HUB, NOON, SOON, 9)] == [
            "en/topics/a/feed.atom"
        ]


def test_what_somebody_claimed_is_theirs_until_their_time_is_over(released: Database) -> None:
    with released.writing() as connection:
        first = pings.claim(connection, HUB, NOON, SOON, 9)

        assert len(first) == 2
        assert pings.claim(connection, HUB, NOON, SOON, 9) == []
        assert pings.claim(connection, HUB, SOON, LATER, 9) == [each.evolve(due_at=SOON) for each in first]


def test_what_a_hub_was_told_of_is_gone_and_the_rest_stays_as_it_is_said(released: Database) -> None:
    with released.writing() as connection:
        told, kept = pings.claim(connection, HUB, NOON, SOON, 9)
        kept = kept.evolve(attempts=3, due_at=LATER, tried_at=NOON, reply="answers 500")

        pings.settle(connection, [told], [kept])

        assert pings.claim(connection, HUB, SOON, LATER, 9) == []
        assert pings.claim(connection, HUB, LATER, LATER + timedelta(minutes=1), 9) == [kept]


def test_what_was_noted_anew_meanwhile_is_not_settled(released: Database) -> None:
    with released.writing() as connection:
        told, kept = pings.claim(connection, HUB, NOON, SOON, 9)
        number = release(connection, told.feed, kept.feed, now=SOON)
        ledger.finish_edition(connection, number)

        pings.settle(connection, [told], [kept.evolve(due_at=LATER, attempts=3)])

        again = pings.claim(connection, HUB, SOON, LATER, 9)
        assert [(each.feed, each.edition, each.attempts, each.first_at) for each in again] == [
            (told.feed, number, 0, SOON), (kept.feed, number, 0, SOON)
        ]  # fmt: skip


def test_what_was_given_up_is_not_due_until_it_is_noted_anew(released: Database) -> None:
    with released.writing() as connection:
        first, second = pings.claim(connection, HUB, NOON, SOON, 9)
        pings.settle(connection, [], [first.evolve(due_at=None), second.evolve(due_at=LATER)])

        assert pings.claim(connection, HUB, LATER, LATER, 1) == [second.evolve(due_at=LATER)]
        found = pings.backlog(connection, HUB)
        assert (found.waiting, found.oldest, found.next_at, found.given_up) == (1, NOON, LATER, 1)

        ledger.finish_edition(connection, release(connection, first.feed, now=LATER))
        assert [each.feed for each in pings.claim(connection, HUB, LATER, SOON, 9)][-1] == first.feed
        assert pings.backlog(connection, HUB).given_up == 0


def test_what_was_never_tried_comes_first_then_what_waits_longest_then_the_shortest(
    database: Database,
) -> None:
    with database.writing() as connection:
        ledger.finish_edition(connection, release(connection, "tried", now=NOON))
        (tried,) = pings.claim(connection, HUB, NOON, SOON, 9)
        pings.settle(connection, [], [tried.evolve(tried_at=NOON, due_at=NOON)])
        ledger.finish_edition(connection, release(connection, "long", "b", "a", now=SOON))
        ledger.finish_edition(connection, release(connection, "c", now=LATER))

        found = pings.claim(connection, HUB, LATER, LATER, 9)

    assert [each.feed for each in found] == ["a", "b", "long", "c", "tried"]


def test_a_change_that_is_yet_to_come_is_due_now(database: Database) -> None:
    with database.writing() as connection:
        ledger.finish_edition(connection, release(connection, "a", now=NOON + timedelta(days=999)))

        assert [each.feed for each in pings.claim(connection, HUB, NOON, SOON, 9)] == ["a"]


def test_a_great_many_feeds_and_long_addresses_are_no_trouble(database: Database) -> None:
    """PostgreSQL refuses a key of more than 2,704 bytes, and compresses what can be compressed."""
    noise = b"".join(sha256(bytes([number])).digest() for number in range(50))
    hub = f"https://hub.example.org/{urlsafe_b64encode(noise).decode()}"[:2_000]
    feeds = [f"en/organisations/{'x' * 75}{number:05}/feed.atom" for number in range(2_345)]
    with database.writing() as connection:
        ledger.finish_edition(connection, release(connection, *feeds, hubs=(hub, HUB)))
        ledger.finish_edition(connection, release(connection, *feeds, hubs=(hub, HUB)))

        taken = pings.claim(connection, hub, NOON, SOON, 9_999)
        pings.settle(connection, taken[:1_000], taken[1_000:])

        assert len(taken) == len(feeds)
        assert pings.backlog(connection, hub).waiting == 1_345
        assert pings.backlog(connection, HUB).waiting == len(feeds)


def test_how_a_hub_answered_is_remembered_and_replaced(database: Database) -> None:
    state = HubState(address=HUB, told_at=NOON, failed_at=SOON, held_until=LATER, reply="answers 429")
    with database.writing() as connection:
        assert pings.hub_state(connection, HUB) == HubState(address=HUB)
        pings.save_hub(connection, state.evolve(told_at=None))

        pings.save_hub(connection, state)

        assert pings.hub_state(connection, HUB) == state
        assert pings.hub_state(connection, OTHER) == HubState(address=OTHER)


@pytest.mark.parametrize("kept", [(HUB,), ()])
def test_hubs_that_are_configured_no_more_are_forgotten(database: Database, kept: tuple[str, ...]) -> None:
    with database.writing() as connection:
        ledger.finish_edition(connection, release(connection, "a", hubs=(HUB, OTHER)))
        for hub in (HUB, OTHER):
            pings.save_hub(connection, HubState(address=hub, told_at=NOON))

        pings.forget_others(connection, kept)

        for hub in (HUB, OTHER):
            assert pings.backlog(connection, hub).waiting == (hub in kept)
            assert (pings.hub_state(connection, hub).told_at is not None) == (hub in kept)
