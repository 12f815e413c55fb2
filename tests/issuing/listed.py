"""A site with a list and its readers, for tests that let weeks pass."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from publisher.app import open_site
from publisher.model.mailing import DeliveryState, Interests, Subscriber, Subscription, SubscriptionState
from publisher.store import issues, outbox, subscribers
from publisher.store.outbox import Lease, Settlement
from publisher.store.tables import delivery, digest, issue
from sites import CONFIG, CuratedSite, instant

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.model.mailing import Issue


def monday(number: int) -> str:
    """08:00 of a Monday in Almaty: 1 is the first of June 2026."""
    return (datetime.fromisoformat("2026-06-01T08:00:00+05:00") + timedelta(weeks=number - 1)).isoformat()


def period(number: int) -> str:
    """The period of that Monday."""
    return f"2026-W{22 + number}"


@dataclass(frozen=True)
class ListedSite(CuratedSite):
    """A site with one list, `weekly`."""

    @classmethod
    def with_list(cls, root: Path, url: str = "", **settings: Any) -> ListedSite:
        """A site that was built in May, before the first Monday; its database is at `url`."""
        made = cls.create(root)
        made.configure(url, **settings)
        assert isinstance(made, ListedSite)
        made.build("2026-05-27T12:00:00+05:00")
        return made

    def configure(self, url: str = "", **settings: Any) -> None:
        """Set what the list is like."""
        known: dict[str, Any] = {
            "title": "Weekly",
            "cadence": "weekly",
            "day": "mon",
            "at": "08:00",
        } | settings
        lines = "".join(
            f"{name} = {json.dumps(value)}\n" for name, value in known.items() if value is not None
        )
        database = f'[database]\nurl = "{url}"\n' if url else ""
        self.write("publisher.toml", f"{CONFIG}\n[lists.weekly]\n{lines}\n{database}")

    def announce(self, id_: str, now: str, **fields: str) -> None:
        """Publish an announcement at an instant; its title is its id."""
        more = "".join(f"{name}: {value}\n" for name, value in fields.items())
        self.write(
            f"content/announcements/2026/{id_}.md",
            f"---\nid: {id_}\ntitle: {id_.title()}\n{more}---\nNews.\n",
        )
        self.build(now)

    def read_by(self, number: int, told_until: str | None = monday(0), **values: Any) -> None:
        """Add a confirmed reader, who was told everything up to an instant; None: no issue has come yet."""
        since = instant(values.pop("since", told_until or monday(0)))
        interests = Interests(**{name: values.pop(name) for name in ("topics", "events") if name in values})
        state = values.pop("state", SubscriptionState.CONFIRMED)
        person = Subscriber(
            id=number, email=f"reader{number}@example.org", email_key=f"reader{number}@example.org",
            address_hash=f"{number:064x}", created=since,
            **{"language": "en", "timezone": "Asia/Almaty"} | values,
        )  # fmt: skip
        subscription = Subscription(
            subscriber=number, list="weekly", state=state, interests=interests,
            told_until=instant(told_until) if told_until else None, consent_source="web", changed=since,
        )  # fmt: skip
        database = open_site(self.root).database
        with database.writing() as connection:
            subscribers.add_many(connection, [(person, (subscription,))])
        database.close()

    def issues(self) -> dict[str, Issue]:
        """Every issue by its period, the oldest first."""
        database = open_site(self.root).database
        with database.reading() as connection:
            found = issues.every(connection)
        database.close()
        return {each.period: each for each in reversed(found)}

    def states(self) -> dict[str, str]:
        """How each issue stands, and why."""
        return {
            number: f"{each.state}: {each.reason}" if each.reason else str(each.state)
            for number, each in self.issues().items()
        }

    def deliveries(self) -> list[tuple[str, int, str]]:
        """Each delivery: its period, its reader, its state."""
        asked = select(issue.c.period, delivery.c.subscriber, delivery.c.state).join_from(issue, delivery)
        return [
            (row[0], row[1], str(row[2])) for row in self._rows(asked.order_by(issue.c.due_at, delivery.c.id))
        ]

    def told(self, number: int) -> dict[str, set[str]]:
        """For each period the titles of announcements in what a reader got or will get."""
        asked = (
            select(issue.c.period, digest.c.text)
            .join_from(issue, delivery)
            .join(digest, (digest.c.issue == issue.c.id) & (digest.c.cohort == delivery.c.cohort))
            .where(delivery.c.subscriber == number)
        )
        return {row[0]: _titles(row[1]) for row in self._rows(asked.order_by(issue.c.due_at))}

    def cohorts(self, number: str) -> dict[int, str]:
        """Which cohort each reader of an issue is in."""
        asked = select(delivery.c.subscriber, delivery.c.cohort).join_from(issue, delivery)
        return {row[0]: row[1] for row in self._rows(asked.where(issue.c.period == number))}

    def fail(self, number: int, now: str) -> None:
        """Have the delivery that waits for a reader fail, as when a server refuses it for good."""
        self._settle(number, now, Settlement(DeliveryState.FAILED, "554 no"))

    def defer(self, number: int, now: str, until: str) -> None:
        """Have it wait, as when a server says "later"."""
        self._settle(number, now, Settlement(DeliveryState.DEFERRED, "451 later", instant(until)))

    def _settle(self, number: int, now: str, settlement: Settlement) -> None:
        database = open_site(self.root).database
        with database.working() as connection:
            claimed = outbox.claim(connection, _lease(), instant(now), 100)
            for each in claimed:
                if each.subscriber == number:
                    assert outbox.begin(connection, each.id, _lease())
                    assert outbox.settle(connection, each.id, "test", settlement, instant(now))
            outbox.give_back(connection, "test", [each.id for each in claimed if each.subscriber != number])
        database.close()

    def captured(self) -> list[bytes]:
        """Every message that has left, into the folder that captures it."""
        return [path.read_bytes() for path in sorted((self.root / "var/mail/new").glob("*"))]

    def _rows(self, asked: Any) -> list[Any]:
        database = open_site(self.root).database
        with database.reading() as connection:
            found = list(connection.execute(asked))
        database.close()
        return found


def _lease() -> Lease:
    clock = datetime.now(UTC)
    return Lease("test", clock, clock + timedelta(minutes=1))


def _titles(text: str) -> set[str]:
    """The titles of a digest's items, without what marks them as new or as in another language."""
    lines = (line.removeprefix("* ") for line in text.splitlines() if line.startswith("* "))
    return {line.removeprefix("[New] ").partition(" (")[0] for line in lines}
