"""Counters in windows of time, shared by every process."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from publisher.store import limits

if TYPE_CHECKING:
    from publisher.store.database import Database


def test_each_time_counts_one_in_its_bucket_and_window(database: Database) -> None:
    with database.writing() as connection:
        counted = [limits.count(connection, "letter:0f", "2026-06-08") for _ in range(3)]

        assert counted == [1, 2, 3]
        assert limits.count(connection, "letter:0f", "2026-06-09") == 1
        assert limits.count(connection, "letter:f0", "2026-06-08") == 1
        assert limits.count(connection, "mail", "2026-06-08T09:30", more=40) == 40
        assert limits.count(connection, "mail", "2026-06-08T09:30", more=2) == 42


def test_windows_are_added_up_from_one_on(database: Database) -> None:
    with database.writing() as connection:
        for day, number in (("2026-06-10", 1), ("2026-06-08", 2), ("2026-05-31", 4)):
            limits.count(connection, "letter:0f", day, more=number)
        limits.count(connection, "letter:f0", "2026-06-08", more=8)

        assert limits.total(connection, "letter:0f", "2026-05-31") == 7
        assert limits.total(connection, "letter:0f", "2026-06-08") == 3
        assert limits.total(connection, "letter:0f", "2026-06-11") == 0
        assert limits.total(connection, "letter:ff", "2026-01-01") == 0
        assert limits.windows(connection, "letter:0f") == ["2026-05-31", "2026-06-08", "2026-06-10"]


def test_old_windows_are_forgotten_in_every_bucket(database: Database) -> None:
    with database.writing() as connection:
        for bucket in ("letter:0f", "mail"):
            for window in ("2026-05-31", "2026-06-08T09", "2026-06-08"):
                limits.count(connection, bucket, window)

        assert limits.forget(connection, "2026-06-08") == 2

        assert limits.windows(connection, "mail") == ["2026-06-08", "2026-06-08T09"]


def test_nothing_is_lost_when_many_count_at_once(database: Database) -> None:
    def count() -> None:
        with database.held() as held:
            for _ in range(10):
                with held.working() as connection:
                    limits.count(connection, "sign-up:192.0.2.0/24", "2026-06-08T09")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading() as connection:
        assert limits.total(connection, "sign-up:192.0.2.0/24", "2026-06-08T09") == 40
