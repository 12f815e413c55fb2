"""A site with readers and an issue that is to be sent to them, as tests of the outbox need it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from publisher.mailing.tokens import PREFERENCES, UNSUBSCRIBE
from publisher.model.mailing import (
    DeliveryState,
    Digest,
    Interests,
    Issue,
    IssueState,
    Sort,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from publisher.post import arming
from publisher.post.outbox import deliver
from publisher.post.postbox import Postbox
from publisher.store import issues, outbox, subscribers, tables

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.post.run import Delivered

#: A Monday, 08:00 in Almaty: the weekly issue is due.
NOW = datetime(2026, 6, 8, 3, tzinfo=UTC)
SECOND, DAY, WEEK = timedelta(seconds=1), timedelta(days=1), timedelta(days=7)
CONFIG = """\
[site]
url = "https://calendar.example.org"
identity = "calendar.example.org,2026"
title.en = "A Calendar"
title.kk = "Күнтізбе"
languages = ["en", "kk"]
timezone = "Asia/Almaty"

[lists.weekly]
title = "Weekly"

[database]
url = "{url}"

[mail]
{mail}
"""
LANGUAGES = ("en", "kk")


def address(number: int) -> str:
    """A reader's."""
    return f"reader{number}@example.org"


def digest(language: str, *, size: int = 200) -> Digest:
    """A body with both links, about so long."""
    links = f"https://calendar.example.org/preferences/{PREFERENCES} .../unsubscribe/{UNSUBSCRIBE}"
    filling = "Жаңалық. " * (size // 16)
    return Digest(
        cohort=language, language=language, subject=f"Апталық {language}",
        html=f"<html><body><p>{filling}</p>{links}</body></html>", text=f"{filling}\n{links}\n",
        page="<p></p>",
    )  # fmt: skip


def subscriber(number: int) -> Subscriber:
    """A reader of every second language."""
    return Subscriber(
        id=number, email=address(number), email_key=address(number),
        address_hash=hashlib.sha256(address(number).encode()).hexdigest(), language=LANGUAGES[number % 2],
        timezone="Asia/Almaty", created=NOW - 5 * WEEK,
    )  # fmt: skip


def subscription(number: int, **values: Any) -> Subscription:
    """A confirmed one."""
    known: dict[str, Any] = {
        "state": SubscriptionState.CONFIRMED, "interests": Interests(), "told_until": NOW - WEEK,
        "consent_source": "web", "consent_at": NOW - 5 * WEEK, "changed": NOW - 5 * WEEK,
    }  # fmt: skip
    return Subscription(subscriber=number, list="weekly", **known | values)


@dataclass
class Mailroom:
    """A site's folder with its database."""

    root: Path
    url: str = ""
    #: The lines of [mail].
    mail: str = 'transport = "maildir"'
    rooms: list[Postbox] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.configure(self.mail)

    def configure(self, mail: str) -> None:
        """Write publisher.toml, and arm this machine for it."""
        (self.root / "publisher.toml").write_text(CONFIG.format(url=self.url, mail=mail), "utf-8")
        self.__dict__.pop("postbox", None)
        arming.arm(self.root, self.postbox.config, NOW)

    def send_to(self, port: int, more: str = "connections = 2") -> None:
        """Send to a server on this machine."""
        self.configure(f'transport = "smtp"\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\n{more}')

    @cached_property
    def postbox(self) -> Postbox:
        """As a process that begins now opens it."""
        made = Postbox.open(self.root)
        self.rooms.append(made)
        return made

    def close(self) -> None:
        """Let go of every connection."""
        for each in self.rooms:
            each.database.close()

    def fill(self, readers: int, *, first: int = 1, size: int = 200) -> Issue:
        """An issue that is being sent to so many readers, and nothing else."""
        numbers = range(first, first + readers)
        with self.postbox.database.writing() as connection:
            for table in (tables.delivery, tables.issue, tables.subscriber, tables.suppression, tables.limit):
                connection.execute(delete(table))
            subscribers.add_many(connection, [(subscriber(n), (subscription(n),)) for n in numbers])
            made = issues.begin(
                connection, list="weekly", period="2026-W24", due_at=NOW, cut_at=NOW,
                not_after=NOW + 3 * DAY, edition=1, signing_key=self.postbox.keys.newest,
            )  # fmt: skip
            assert made
            issues.add_digests(connection, made.id, [digest(each, size=size) for each in LANGUAGES])
            issues.add_deliveries(connection, [self.row(made, number) for number in numbers])
            self.move(connection, made, IssueState.BUILDING, IssueState.SENDING)
        return made

    @staticmethod
    def row(made: Issue, number: int) -> dict[str, Any]:
        """A delivery of an issue."""
        return {
            "issue": made.id, "subscriber": number, "cohort": LANGUAGES[number % 2], "not_before": NOW,
            "not_after": made.not_after, "message_id": f"<weekly.{number}@calendar.example.org>",
            "created": NOW,
        }  # fmt: skip

    @staticmethod
    def move(connection: Any, made: Issue, before: IssueState, after: IssueState) -> None:
        """Change the state of an issue."""
        assert issues.move(connection, made.id, [before], after, dated=NOW)

    def letter(self, number: int, sort: Sort = Sort.CONFIRM) -> int:
        """A letter to a reader, queued."""
        with self.postbox.database.writing() as connection:
            return outbox.letter(
                connection, sort, number, NOW, f"<letter.{number}@calendar.example.org>", NOW + DAY
            )

    def deliver(self, now: datetime = NOW, **options: Any) -> Delivered:
        """Send what is due, in this process."""
        return deliver(self.postbox, now, **options)

    def leave(self, number: int) -> None:
        """A reader's subscription ends."""
        with self.postbox.database.working() as connection:
            subscribers.lock(connection, number)
            left = subscription(number, state=SubscriptionState.UNSUBSCRIBED, changed=NOW)
            subscribers.put(connection, left)

    def states(self) -> dict[int, DeliveryState]:
        """How far each reader's digest is."""
        its = tables.delivery.c.issue.is_not(None)
        return {row.subscriber: row.state for row in self.rows(its)}

    def rows(self, *which: Any) -> list[Any]:
        """Deliveries, as the table has them."""
        with self.postbox.database.reading() as connection:
            query = select(tables.delivery).where(*which).order_by(tables.delivery.c.id)
            return list(connection.execute(query))

    def all(self, table: Any) -> list[Any]:
        """A whole table."""
        with self.postbox.database.reading() as connection:
            return list(connection.execute(select(table)))
