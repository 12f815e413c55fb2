"""`run` sends what is ready at once, whatever else it is doing, and keeps its schedule."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from publisher.app import open_site
from publisher.model.mailing import Sort, Subscriber, Subscription, SubscriptionState
from publisher.store import outbox, subscribers
from sites import CONFIG, CuratedSite

PATIENCE = 60


@pytest.fixture
def site(tmp_path: Path) -> CuratedSite:
    made = CuratedSite.create(tmp_path / "site", f'{CONFIG}\n[lists.weekly]\ntitle = "Weekly"\n')
    made.event(start="2027-06-11", end="2027-06-13")
    return made


@contextmanager
def running(site: CuratedSite) -> Iterator[str]:
    """The whole product in one process; yields its address, and ends it as a service manager does."""
    command = [sys.executable, "-u", "-m", "publisher", "run", "--port", "0", "--site", str(site.root)]
    with (site.root / "stderr.log").open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            assert process.stdout
            yield process.stdout.readline().split()[1].removesuffix("en/")
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)
            assert process.returncode == 0, (site.root / "stderr.log").read_text()


def eventually(look: Callable[[], bool]) -> None:
    """Look until it is so; give up after a good while."""
    for _ in range(PATIENCE * 10):
        if look():
            return
        time.sleep(0.1)
    pytest.fail("it never came")


def signs_up(site: CuratedSite) -> None:
    """A reader whose letter of confirmation waits in the outbox."""
    now = datetime.now(UTC)
    person = Subscriber(
        id=7, email="reader@example.org", email_key="reader@example.org", address_hash="0" * 64,
        language="en", timezone="Asia/Almaty", created=now,
    )  # fmt: skip
    subscription = Subscription(
        subscriber=7, list="weekly", state=SubscriptionState.UNCONFIRMED, told_until=now,
        consent_source="web", changed=now,
    )  # fmt: skip
    database = open_site(site.root).database
    with database.writing() as connection:
        subscribers.add_many(connection, [(person, (subscription,))])
        outbox.letter(connection, Sort.CONFIRM, 7, now, "<letter@example.org>", now + timedelta(days=1))
    database.close()


def test_a_letter_leaves_while_the_site_is_served(site: CuratedSite) -> None:
    with running(site) as url:
        eventually(lambda: json.loads(site.run("status", "--json").stdout)["edition"] is not None)
        signs_up(site)
        eventually(lambda: any((site.root / "var/mail/new").glob("*")))
        eventually(lambda: json.loads(site.run("status", "--json").stdout)["outbox"]["open"] == {})
        with urllib.request.urlopen(f"{url}healthz", timeout=PATIENCE) as answer:  # noqa: S310 -- our own
            assert json.loads(answer.read())["status"] == "ok"

    assert "mail: 1 sent" in (site.root / "stderr.log").read_text()
