"""A site with lists and captured mail, as people meet it: forms, letters, links."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from starlette.testclient import TestClient

from publisher import app, secret_keys
from publisher.mailing.tokens import Purpose, list_tag, sign
from publisher.served import LiveSite
from publisher.server.asgi import application
from publisher.store import subscribers, tables
from publisher.subscribing import consent
from sites import CuratedSite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from httpx2 import Response
    from starlette.applications import Starlette

    from publisher.mailing.tokens import Keys
    from publisher.model.mailing import Subscriber

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
CONFIG = """\
[site]
url = "https://calendar.example.org"
identity = "calendar.example.org,2026"
title.en = "A Calendar"
title.ru = "Календарь"
title.kk = "Күнтізбе"
languages = ["en", "ru", "kk"]
timezone = "Asia/Almaty"

[lists.weekly]
title.en = "Weekly digest"
title.ru = "Еженедельный дайджест"
title.kk = "Апталық дайджест"

[lists.monthly]
title = "Monthly digest"
cadence = "monthly"

[mail]
from = "news@calendar.example.org"
reply_to = "editors@calendar.example.org"
sign_ups_per_hour = 1000
"""
_FORM = re.compile(r'<form method="post"(?: action="([^"]*)")?>(.*?)</form>', re.DOTALL)
_FIELD = re.compile(r'<input type="(hidden|email)" (?:id="\w+" )?name="([^"]*)" value="([^"]*)"')


def build(root: Path, config: str = CONFIG) -> CuratedSite:
    """A site that is released, with the topic `science`, the organisation `almau`, two events."""
    site = CuratedSite.create(root, config)
    site.write("content/organisations/almau.md", "---\nid: almau\nname: AlmaU\n---\n")
    site.write("content/pages/privacy.md", "---\nid: privacy\ntitle: Privacy\n---\nWhat we keep.\n")
    site.event("meeting", more="organisers: [almau]")
    site.event("talk", start="2026-07-01", end="2026-07-01")
    site.build()
    return site


def fields(page: str, number: int = 0) -> list[tuple[str, str]]:
    """What a form of a page would send besides what one types."""
    return [(name, unescape(value)) for _, name, value in _FIELD.findall(_FORM.findall(page)[number][1])]


@dataclass
class MailSite:
    """The site in a folder, its server, and the time there."""

    root: Path
    now: datetime = NOW

    def clock(self) -> datetime:
        """What the server takes for the present."""
        return self.now

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    @cached_property
    def site(self) -> app.Site:
        return app.open_site(self.root)

    @cached_property
    def live(self) -> LiveSite:
        return LiveSite(self.site, clock=self.clock)

    @cached_property
    def app(self) -> Starlette:
        return application(self.live, self.live)

    @cached_property
    def keys(self) -> Keys:
        return secret_keys.load(self.site.var)

    def client(
        self, peer: str = "192.0.2.1", *, base: str = "https://calendar.example.org", **headers: str
    ) -> TestClient:
        """Somebody's browser, without cookies and redirects."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return TestClient(
            self.app, base, client=(peer, 50000), follow_redirects=False, raise_server_exceptions=False,
            headers={"accept-encoding": "identity", **named},
        )  # fmt: skip

    @cached_property
    def browser(self) -> TestClient:
        return self.client()

    def sign_up(
        self, email: str, *lists: str, client: TestClient | None = None, after: float = 3, **values: Any
    ) -> Response:
        """Both steps of a sign-up, as the pages lead one through them; the answer to the second."""
        client = client or self.browser
        first = self.form(email, *lists, client=client, **values)
        assert first.status_code == 200, first.text
        self.wait(seconds=after)
        return client.post("/subscribe", data=_data(fields(first.text)))

    def form(
        self, email: str, *lists: str, client: TestClient | None = None, language: str = "en", **values: Any
    ) -> Response:
        """The first step alone."""
        data = {"email": email, "list": list(lists or ("weekly",)), "language": language, **values}
        return (client or self.browser).post("/subscribe", data=data)

    def deliver(self) -> None:
        """Hand over what is queued."""
        app.deliver_due(self.site, self.now)

    def mails(self) -> list[EmailMessage]:
        """What was captured, in the order of its names."""
        return [
            message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[arg-type, misc]
            for path in sorted((self.site.var / "mail" / "new").glob("*"))
        ]

    def links(self, email: str) -> dict[str, str]:
        """The links of the newest mail to somebody, by what they are for, below the site's address."""
        self.deliver()
        texts = [m.get_body(("plain",)).get_content() for m in self.mails() if m["to"] == email]  # type: ignore[union-attr]
        found = re.findall(
            r"https://calendar\.example\.org(/(confirm|refuse|preferences|unsubscribe)/\S+)", texts[-1]
        )
        return {door: path for path, door in found}

    def reader(self, email: str = "ann@example.org", *lists: str, **values: Any) -> Subscriber:
        """Somebody who has signed up and confirmed."""
        self.sign_up(email, *lists, **values)
        person = self.person(email)
        with self.site.database.reading() as connection:
            tag = consent.pending_tag(subscribers.subscriptions(connection, person.id))
        assert consent.confirm(self.site.database, person.id, tag, self.now)
        return person

    def person(self, email: str = "ann@example.org") -> Subscriber:
        with self.site.database.reading() as connection:
            found = subscribers.find(connection, email)
        assert found is not None, f"nobody has {email}"
        return found

    def states(self, person: Subscriber) -> dict[str, str]:
        with self.site.database.reading() as connection:
            return {each.list: str(each.state) for each in subscribers.subscriptions(connection, person.id)}

    def unsubscribe(self, person: Subscriber, list_id: str = "weekly") -> str:
        """The link in a digest by which somebody leaves."""
        token = sign(
            self.keys,
            Purpose.UNSUBSCRIBE,
            subscriber=person.id,
            version=person.token_version,
            tag=list_tag(list_id),
        )
        return f"/unsubscribe/{token}"

    def preferences(self, person: Subscriber) -> str:
        """The link in a digest by which somebody chooses."""
        token = sign(self.keys, Purpose.PREFERENCES, subscriber=person.id, version=person.token_version)
        return f"/preferences/{token}"

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """All that the database holds."""
        with self.site.database.reading() as connection:
            return {
                name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for name, table in tables.metadata.tables.items()
            }

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """While this goes on, nothing in the database changes."""
        before = self.rows()
        yield
        assert self.rows() == before


def _data(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
