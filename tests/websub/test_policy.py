"""What becomes of a ping when a hub has answered, or has not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model.push import Ping
from publisher.websub.policy import DELAYS, LIFE, Reply, after, read_retry_after

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
FAULT = Reply(status=500, text="answers 500")


def ping(attempts: int = 0, first_at: datetime = NOON) -> Ping:
    return Ping(hub="h", feed="f", edition=1, attempts=attempts, first_at=first_at, due_at=first_at)


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (200, "taken"),
        (202, "taken"),
        (204, "taken"),
        (299, "taken"),
        (None, "of the hub"),
        (302, "of the hub"),
        (308, "of the hub"),
        (400, "of the feed"),
        (404, "of the feed"),
        (410, "of the feed"),
        (429, "of the hub"),
        (500, "of the hub"),
        (503, "of the hub"),
    ],
)
def test_a_status_says_whether_it_is_taken_and_else_what_it_is_about(
    status: int | None, meaning: str
) -> None:
    reply = Reply(status=status, text="")

    assert reply.is_taken == (meaning == "taken")
    assert reply.is_taken or reply.is_about_the_hub == (meaning == "of the hub")


@pytest.mark.parametrize(("attempts", "pause"), [(0, 1), (1, 5), (2, 15), (3, 60), (4, 240), (5, 720)])
def test_the_pauses_grow(attempts: int, pause: int) -> None:
    kept = after(ping(attempts), FAULT, NOON)

    assert (kept.attempts, kept.due_at, kept.reply) == (attempts + 1, NOON + minutes(pause), "answers 500")


def test_the_last_try_is_a_day_after_the_change() -> None:
    kept = after(ping(6), FAULT, NOON + timedelta(hours=17))
    assert kept.due_at == NOON + timedelta(days=1)

    given_up = after(kept, FAULT, NOON + timedelta(days=1))

    assert given_up.due_at is None


def test_a_hub_that_asks_for_more_time_gets_it_even_beyond_the_day() -> None:
    patient = Reply(status=429, text="", retry_after=timedelta(hours=20))

    assert after(ping(), patient, NOON).due_at == NOON + timedelta(hours=20)
    assert after(ping(), patient, NOON + timedelta(hours=23)).due_at == NOON + timedelta(hours=43)


def test_a_hub_that_asks_for_less_time_is_not_asked_sooner() -> None:
    hasty = Reply(status=503, text="", retry_after=timedelta(seconds=1))

    assert after(ping(3), hasty, NOON).due_at == NOON + minutes(60)


@given(
    st.integers(0, 50),
    st.timedeltas(timedelta(days=-3), timedelta(days=3)),
    st.none() | st.timedeltas(timedelta(0), LIFE),
)
def test_it_is_always_later_or_given_up_and_never_for_ever(
    attempts: int, age: timedelta, retry_after: timedelta | None
) -> None:
    now = NOON + age
    reply = Reply(status=503, text="x", retry_after=retry_after)

    kept = after(ping(attempts), reply, now)

    assert kept.first_at <= now
    assert (kept.due_at is None) == (age >= LIFE)
    assert kept.due_at is None or now < kept.due_at <= now + LIFE
    assert kept.due_at is None or kept.due_at >= now + (retry_after or timedelta(0))
    assert kept.due_at is None or kept.due_at >= min(now + DELAYS[0], kept.first_at + LIFE)


@pytest.mark.parametrize(
    ("field", "wait"),
    [
        ("120", minutes(2)),
        (" 60 ", minutes(1)),
        ("86400", LIFE),
        ("999999999", LIFE),
        ("Mon, 01 Jun 2026 12:05:00 GMT", minutes(5)),
        ("Mon, 01 Jun 2026 12:05:00", minutes(5)),
        ("Fri, 01 Jan 2038 00:00:00 GMT", LIFE),
        ("Mon, 01 Jun 2026 11:59:00 GMT", None),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("١٢", None),
        ("9" * 400, None),
        ("Mon, 99 Jun 99999 12:05:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(field: str | None, wait: timedelta | None) -> None:
    assert read_retry_after(field, NOON) == wait
