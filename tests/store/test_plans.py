"""Statements that a large site makes often find their rows by an index, on SQLite as on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from publisher.model.mailing import DeliveryState, SubscriptionState
from publisher.store import issues, outbox, subscribers, suppressions
from publisher.store.database import Database

from .readers import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection

#: Small tables: a list has one issue a period.
SMALL = {"issue"}
LEASE = outbox.Lease("worker", NOW, NOW + timedelta(minutes=1))
CONFIRMED = SubscriptionState.CONFIRMED

STATEMENTS: dict[str, Callable[[Connection], object]] = {
    "find": lambda c: subscribers.find(c, "reader1@example.org"),
    "known": lambda c: subscribers.known_keys(c, ["reader1@example.org", "reader2@example.org"]),
    "every": lambda c: subscribers.every(c, after=7, list="weekly", state=CONFIRMED),
    "recipients": lambda c: subscribers.recipients(c, "weekly", after=7, count=1000, now=NOW),
    "erase": lambda c: subscribers.erase(c, 1, NOW),
    "purge": lambda c: subscribers.purge_unconfirmed(c, NOW),
    "suppressed": lambda c: suppressions.is_suppressed(c, "0f", NOW),
    "finish": lambda c: issues.finish(c, NOW),
    "progress": lambda c: issues.progress(c, 1),
    "restart": lambda c: issues.restart(c, 1, 2),
    "abort": lambda c: issues.settle_open(c, 1, state=DeliveryState.SUPPRESSED, now=NOW, reason="aborted"),
    "archived": issues.archived,
    "claim": lambda c: outbox.claim(c, LEASE, NOW, 50),
    "waiting": lambda c: outbox.waiting(c, NOW, NOW),
    "senders": lambda c: outbox.senders(c, 1, NOW),
}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new SQLite database: the planner knows the indexes and nothing of what is in them."""
    made = Database("", tmp_path / "var")
    made.ensure_schema()
    yield made
    made.close()


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_large_table_is_read_from_end_to_end(database: Database, name: str) -> None:
    steps = [step for plan in plans(database, STATEMENTS[name]) for step in plan]

    assert steps
    assert {step.split()[1] for step in steps if step.startswith("SCAN")} <= SMALL


def test_recipients_come_in_order_without_being_sorted(database: Database) -> None:
    (steps,) = plans(database, STATEMENTS["recipients"])

    assert steps[0] == "SEARCH subscription USING INDEX ix_subscription_list (list=? AND subscriber>?)"
    assert not [step for step in steps if "TEMP B-TREE" in step]


def test_letters_are_not_looked_for_among_the_digests_that_wait(database: Database) -> None:
    letters, queued, tried = plans(database, STATEMENTS["claim"])

    assert letters[0].startswith(
        "SEARCH delivery USING INDEX ix_delivery_letter (issue=? AND state=? AND not_"
    )
    for steps in (tried, queued):
        assert steps[0] == "SEARCH delivery USING INDEX ix_delivery_due (state=? AND not_before<?)"
    assert not [step for step in queued if "TEMP B-TREE" in step]


def plans(database: Database, ask: Callable[[Connection], object]) -> list[list[str]]:
    """How SQLite would go about each statement that a function makes, step by step."""
    made: list[tuple[str, Any]] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: made.append((given[2], given[3])))
    with database.writing() as connection:
        ask(connection)
        asked = [(text, values) for text, values in made if not text.startswith(("PRAGMA", "BEGIN"))]
        explained = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values) for text, values in asked
        ]
        return [[row.detail for row in rows] for rows in explained]
