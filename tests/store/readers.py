"""Readers, issues and deliveries as tests of the store need them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from publisher.model.mailing import Digest, Issue, Subscriber, Subscription, SubscriptionState
from publisher.store import issues

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: A Monday, 08:00 in Almaty.
NOW = datetime(2026, 6, 8, 3, tzinfo=UTC)
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)


def reader(number: int, **values: Any) -> Subscriber:
    known = {
        "email": f"Reader{number}@example.org", "email_key": f"reader{number}@example.org",
        "address_hash": f"{number:064x}", "language": "kk", "timezone": "Asia/Almaty",
        "created": NOW - 4 * WEEK,
    }  # fmt: skip
    return Subscriber(id=number, **known | values)


def place(number: int, list_id: str = "weekly", **values: Any) -> Subscription:
    known = {
        "state": SubscriptionState.CONFIRMED, "told_until": NOW - WEEK, "consent_source": "web",
        "changed": NOW - 3 * WEEK,
    }  # fmt: skip
    return Subscription(subscriber=number, list=list_id, **known | values)


def body(cohort: str, language: str = "kk") -> Digest:
    return Digest(
        cohort=cohort, language=language, subject=f"Апталық {cohort}", html=f"<p>{cohort}</p>",
        text=f"{cohort}\n", page=f"<article>{cohort}</article>",
    )  # fmt: skip


def begun(connection: Connection, period: str = "2026-W24", list_id: str = "weekly", **values: Any) -> Issue:
    known = {
        "due_at": NOW, "cut_at": NOW, "not_after": NOW + timedelta(days=3), "edition": 1, "signing_key": 1,
    }  # fmt: skip
    issue = issues.begin(connection, list=list_id, period=period, **known | values)
    assert issue is not None
    return issue


def message(issue: int | None, number: int, **values: Any) -> dict[str, Any]:
    known = {
        "issue": issue, "subscriber": number, "cohort": "all", "not_before": NOW, "not_after": NOW + WEEK,
        "message_id": f"<{issue}.{number}@news.example.org>", "created": NOW,
    }  # fmt: skip
    return known | values
