"""What must not be in a database is found, on both engines, and what is sound is left in peace."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from publisher.model.mailing import DeliveryState, IssueState, SubscriptionState
from publisher.store import issues, subscribers
from publisher.store.checks import find_flaws
from publisher.store.database import Database

from .readers import NOW, begun, body, message, place, reader

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def used(database: Database) -> Database:
    """A database in which an issue is on its way to two of three readers; the third one is erased."""
    with database.writing() as connection:
        people = [(reader(n), (place(n, consent_at=NOW),)) for n in (1, 2, 3)]
        waiting = place(4, state=SubscriptionState.UNCONFIRMED)
        subscribers.add_many(connection, [*people, (reader(4), (waiting,))])
        issue = begun(connection)
        issues.take(connection, issue.id, "builder", NOW, NOW.replace(hour=4))
        issues.add_digests(connection, issue.id, [body("all")])
        issues.add_deliveries(connection, [message(issue.id, n) for n in (1, 3)])
        sent = message(issue.id, 2, state=DeliveryState.SENT, settled=NOW)
        issues.add_deliveries(connection, [sent])
        issues.freeze(
            connection, issue.id, "builder", state=IssueState.FROZEN, reason="", content_hash="0f",
            archive={"kk": "all"}, dated=NOW,
        )  # fmt: skip
        issues.move(connection, issue.id, [IssueState.FROZEN], IssueState.SENDING)
        subscribers.erase(connection, 3, NOW)
    return database


def flaws(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [(flaw.check, flaw.message) for flaw in find_flaws(connection)]


def test_a_new_database_and_one_in_use_are_sound(used: Database, tmp_path: Path) -> None:
    new = Database("", tmp_path / "new")
    new.ensure_schema()

    assert flaws(new) == []
    assert flaws(used) == []
    new.close()


@pytest.mark.parametrize(
    ("spoil", "check", "message"),
    [
        ("UPDATE subscription SET consent_at = NULL", "consents",
         "2 confirmed subscriptions without an instant of consent"),
        ("UPDATE subscriber SET email_key = 'x' WHERE id = 3", "erasures", "1 erased reader with an address"),
        ("UPDATE subscription SET subscriber = 3 WHERE subscriber = 4", "erasures",
         "1 subscription of erased readers"),
        ("UPDATE subscriber SET erased = created WHERE id = 1", "readers", "1 open delivery to nobody"),
        ("UPDATE delivery SET cohort = 'lost' WHERE subscriber = 1", "bodies",
         "1 open delivery without a digest"),
        ("UPDATE issue SET archive = '{\"kk\": \"all\", \"en\": \"lost\"}'", "archives",
         "weekly 2026-W24 has no page in en"),
        ("UPDATE delivery SET settled = NULL WHERE subscriber <> 1", "endings",
         "2 deliveries whose state and instant of settling differ"),
        ("UPDATE issue SET state = 'done'", "endings", "1 open delivery of issues that are over"),
        ("UPDATE issue SET dated = NULL", "dates", "1 issue that went out without a date"),
        ("UPDATE delivery SET state = 'sleeping' WHERE subscriber = 2", "words",
         "delivery.state is 'sleeping' somewhere, which is none of its words"),
        ("DROP INDEX ix_delivery_due", "tables", "ix_delivery_due is missing"),
        ("DROP TABLE bounce", "tables", "table bounce is missing"),
        ("ALTER TABLE issue DROP COLUMN content_hash", "tables", "column issue.content_hash is missing"),
    ],
)  # fmt: skip
def test_what_must_not_be_is_told(used: Database, spoil: str, check: str, message: str) -> None:
    with used.writing() as connection:
        connection.execute(text(spoil.replace(":", r"\:")))

    assert (check, message) in flaws(used)


def test_rows_that_refer_to_nothing_are_told(used: Database, url: str, tmp_path: Path) -> None:
    if url:
        with used.writing() as connection:
            connection.execute(text("ALTER TABLE delivery DROP CONSTRAINT fk_delivery_subscriber_subscriber"))
            connection.execute(text("DELETE FROM subscriber WHERE id = 1"))
        expected = ("tables", "fk_delivery_subscriber_subscriber is missing")
    else:
        with sqlite3.connect(tmp_path / "var/publisher.db") as connection:
            connection.execute("DELETE FROM subscriber WHERE id = 1")
        connection.close()
        expected = ("references", "1 row of delivery without the subscriber they belong to")

    assert expected in flaws(used)


def test_a_spoilt_index_of_sqlite_is_told(tmp_path: Path) -> None:
    database = Database("", tmp_path / "var")
    database.ensure_schema()
    with database.writing() as connection:
        subscribers.add_many(connection, [(reader(n), (place(n, consent_at=NOW),)) for n in (1, 2)])
    delete_past_its_index(tmp_path / "var/publisher.db")

    assert ("pages", "wrong # of entries in index ix_subscription_list") in flaws(database)
    database.close()


def delete_past_its_index(path: Path) -> None:
    """Have SQLite delete a row and leave its index entry, as a faulty disk or program does."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA writable_schema=ON")
    kept = connection.execute("SELECT * FROM sqlite_schema WHERE name = 'ix_subscription_list'").fetchone()
    connection.execute("DELETE FROM sqlite_schema WHERE name = 'ix_subscription_list'")
    connection.close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DELETE FROM subscription WHERE subscriber = 1")
    connection.execute("PRAGMA writable_schema=ON")
    connection.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", kept)
    connection.close()


@pytest.mark.postgres
def test_a_constraint_that_was_never_validated_is_told(used: Database, url: str) -> None:
    with used.writing() as connection:
        if url:
            connection.execute(text(
                "ALTER TABLE issue ADD CONSTRAINT late CHECK (edition > 0) NOT VALID"
            ))  # fmt: skip

    expected = [("constraints", "constraint late was never validated")] if url else []
    assert flaws(used) == expected
