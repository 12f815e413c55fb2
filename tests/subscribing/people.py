"""People who sign up and leave, and a look at what is kept of them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from publisher.mailing.addresses import read_address
from publisher.mailing.letters import pending_tag
from publisher.model.mailing import (
    DeliveryState,
    Digest,
    Interests,
    IssueState,
    Sort,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from publisher.store import issues, outbox, subscribers, tables
from publisher.subscribing import consent
from publisher.subscribing.signup import Limits, Request, salt, sign_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.store.database import Database

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WORDS = "I agree."
HERE = "192.0.2.0/24"
_numbers = count(1)


def asked(email: str = "ann@example.org", *lists: str, **values: Any) -> Request:
    """A sign-up for the weekly list, unless others are named."""
    address = read_address(email)
    known: dict[str, Any] = {
        "email": address.email, "key": address.key, "lists": lists or ("weekly",), "interests": Interests(),
        "language": "kk", "timezone": "Asia/Almaty", "consent_text": WORDS,
    }  # fmt: skip
    return Request(**known | values)


def message_id(sort: Sort, subscriber_id: int, now: datetime) -> str:
    """A name that no other letter has."""
    return f"<{sort}.{subscriber_id}.{now.timestamp()}@example.org>"


@dataclass
class Office:
    """A database and what people do with it."""

    database: Database
    limits: Limits = field(default_factory=lambda: Limits(1_000_000, 1_000_000, message_id))

    def sign_up(
        self, request: Request | None = None, now: datetime = NOW, network: str = HERE
    ) -> timedelta | None:
        salt(self.database, now)
        return sign_up(self.database, self.limits, request or asked(), network, now)

    def confirmed(self, email: str = "ann@example.org", *lists: str, now: datetime = NOW) -> Subscriber:
        """Somebody who has signed up and confirmed."""
        self.sign_up(asked(email, *lists), now)
        person = self.person(email)
        assert consent.confirm(self.database, person.id, self.tag(person), now) is not None
        return person

    def person(self, email: str = "ann@example.org") -> Subscriber:
        with self.database.reading() as connection:
            found = subscribers.find(connection, email)
        assert found is not None, f"nobody has {email}"
        return found

    def tag(self, person: Subscriber) -> bytes:
        """That of the link in the letter which is under way to somebody."""
        return pending_tag(tuple(self.subscriptions(person).values()))

    def subscriptions(self, person: Subscriber) -> dict[str, Subscription]:
        with self.database.reading() as connection:
            return {each.list: each for each in subscribers.subscriptions(connection, person.id)}

    def states(self, person: Subscriber) -> dict[str, str]:
        return {id_: str(each.state) for id_, each in self.subscriptions(person).items()}

    def letters(self) -> list[tuple[str, datetime]]:
        """The sort of every letter, and when it was asked for."""
        asked_for = select(tables.delivery.c.sort, tables.delivery.c.created)
        with self.database.reading() as connection:
            rows = connection.execute(asked_for.where(tables.delivery.c.issue.is_(None)).order_by("id"))
            return [(row.sort, row.created) for row in rows]

    def queued(self, person: Subscriber, list_id: str = "weekly") -> int:
        """A digest that waits to be sent to somebody; returns the delivery's id."""
        number = next(_numbers)
        digest = Digest(cohort="all", language="kk", subject="News", html="<p></p>", text="", page="")
        values = {
            "subscriber": person.id, "cohort": "all", "not_before": NOW, "not_after": NOW + DAY,
            "message_id": f"<{number}@example.org>", "created": NOW,
        }  # fmt: skip
        with self.database.writing() as connection:
            issue = issues.begin(
                connection, list=list_id, period=f"period-{number}", due_at=NOW, cut_at=NOW,
                not_after=NOW + DAY, edition=1, signing_key=1, state=IssueState.SENDING,
            )  # fmt: skip
            assert issue is not None
            issues.add_digests(connection, issue.id, [digest])
            issues.add_deliveries(connection, [values | {"issue": issue.id}])
        with self.database.reading() as connection:
            asked_for = select(tables.delivery.c.id).where(tables.delivery.c.issue == issue.id)
            return int(connection.execute(asked_for).scalar_one())

    def delivery(self, number: int) -> DeliveryState:
        with self.database.reading() as connection:
            asked_for = select(tables.delivery.c.state).where(tables.delivery.c.id == number)
            return DeliveryState(connection.execute(asked_for).scalar_one())

    @contextmanager
    def handing_over(self, number: int, lease: timedelta = HOUR, owner: str = "somebody") -> Iterator[None]:
        """While a message is on its way to somebody's server; at the end it has arrived."""
        clock = datetime.now(UTC)
        owned = outbox.Lease(owner, clock, clock + lease)
        with self.database.writing() as connection:
            claimed = [each.id for each in outbox.claim(connection, owned, NOW, 100)]
            assert number in claimed
            assert outbox.begin(connection, number, owned)
            outbox.give_back(connection, owned.owner, set(claimed) - {number})
        yield
        with self.database.writing() as connection:
            sent = outbox.Settlement(DeliveryState.SENT, "250 ok")
            assert outbox.settle(connection, number, owned.owner, sent, NOW)

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """All that the database holds."""
        with self.database.reading() as connection:
            return {
                name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for name, table in tables.metadata.tables.items()
            }


__all__ = ["DAY", "HERE", "HOUR", "MINUTE", "NOW", "WORDS", "Office", "SubscriptionState", "asked"]
