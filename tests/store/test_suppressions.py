"""Whom nobody writes to: by hash, for a time or for ever."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from publisher.store import suppressions
from publisher.store.database import Database

from .readers import NOW, SECOND, WEEK

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS, OTHER = "0f" * 32, "f0" * 32


def test_an_address_is_suppressed_for_ever_or_until_its_instant(database: Database) -> None:
    with database.writing() as connection:
        suppressions.suppress(connection, ADDRESS, "refused", NOW)
        suppressions.suppress(connection, OTHER, "bounce", NOW, NOW + WEEK)

        assert suppressions.is_suppressed(connection, ADDRESS, NOW + 1000 * WEEK)
        assert suppressions.is_suppressed(connection, OTHER, NOW + WEEK - SECOND)
        assert not suppressions.is_suppressed(connection, OTHER, NOW + WEEK)
        assert not suppressions.is_suppressed(connection, "00" * 32, NOW)


@pytest.mark.parametrize(
    ("first", "second", "reason", "until"),
    [
        (None, NOW + WEEK, "first", None),
        (NOW + WEEK, None, "second", None),
        (NOW + WEEK, NOW + SECOND, "first", NOW + WEEK),
        (NOW + SECOND, NOW + WEEK, "second", NOW + WEEK),
        (None, None, "first", None),
    ],
)
def test_of_two_suppressions_the_longer_one_stays(
    database: Database, first: datetime | None, second: datetime | None, reason: str, until: datetime | None
) -> None:
    with database.writing() as connection:
        suppressions.suppress(connection, ADDRESS, "first", NOW, first)
        suppressions.suppress(connection, ADDRESS, "second", NOW, second)

        assert suppressions.reason(connection, ADDRESS, NOW) == reason
        for moment in (NOW, NOW + WEEK - SECOND, NOW + WEEK, NOW + 1000 * WEEK):
            expected = until is None or moment < until
            assert suppressions.is_suppressed(connection, ADDRESS, moment) is expected


def test_a_lifted_suppression_is_gone(database: Database) -> None:
    with database.writing() as connection:
        suppressions.suppress(connection, ADDRESS, "refused", NOW)

        assert suppressions.lift(connection, ADDRESS) is True
        assert not suppressions.is_suppressed(connection, ADDRESS, NOW)
        assert suppressions.lift(connection, ADDRESS) is False


def test_the_key_of_the_hashes_is_made_once_and_never_changes(database: Database) -> None:
    with pytest.raises(LookupError), database.reading() as connection:
        suppressions.salt(connection)
    with database.writing() as connection:
        made = suppressions.ensure_salt(connection, NOW)
        assert suppressions.ensure_salt(connection, NOW + WEEK) == made

    assert len(made) == 32
    with database.reading() as connection:
        assert suppressions.salt(connection) == made


def test_no_two_sites_have_the_same_key(database: Database, tmp_path: Path) -> None:
    other = Database("", tmp_path / "other")
    other.ensure_schema()
    with database.writing() as here, other.writing() as there:
        keys = {suppressions.ensure_salt(here, NOW), suppressions.ensure_salt(there, NOW)}
    other.close()

    assert len(keys) == 2


def test_threads_that_ask_for_the_key_at_once_get_the_same_one(database: Database) -> None:
    start, keys = threading.Barrier(4), []

    def ask() -> None:
        start.wait()
        with database.working() as connection:
            keys.append(suppressions.ensure_salt(connection, NOW))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 4
    assert len(set(keys)) == 1
