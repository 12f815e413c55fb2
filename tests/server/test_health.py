"""Whoever restarts or balances the server learns in one request whether it does its work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from starlette.testclient import TestClient

from publisher.server import health
from publisher.server.asgi import application
from publisher.server.health import Health

from .sites import SmallSite, WrittenDown


def ago(**time: float) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


@pytest.mark.parametrize(
    ("said", "code", "status"),
    [
        (lambda: Health(version="1"), 200, "ok"),
        (lambda: Health(version="1", scheduled=False, last_tick=ago(days=9)), 200, "ok"),
        (lambda: Health(version="1", scheduled=True, last_tick=ago(minutes=2)), 200, "ok"),
        (lambda: Health(version="1", scheduled=True, last_tick=ago(minutes=4)), 503, "schedule is late"),
        (lambda: Health(version="1", scheduled=True, last_tick=None), 503, "schedule is late"),
        (lambda: Health(version="1", database_answers=False), 503, "database does not answer"),
    ],
)
def test_it_is_well_or_says_what_is_wrong(
    client: TestClient, site: SmallSite, said: Callable[[], Health], code: int, status: str
) -> None:
    site.well = said()

    answer = client.get("/healthz")

    assert answer.status_code == code
    assert answer.json()["status"] == status
    assert answer.headers["cache-control"] == "no-store"


def test_it_tells_its_version_last_release_and_last_tick_with_their_zone(
    client: TestClient, site: SmallSite
) -> None:
    release, tick = datetime(2026, 6, 1, 8, tzinfo=UTC), ago(seconds=10)
    site.well = Health(version="1.2.3", last_release=release, last_tick=tick, scheduled=True)

    said = client.get("/healthz").json()

    assert said == {
        "status": "ok",
        "last_release": "2026-06-01T08:00:00+00:00",
        "last_tick": tick.isoformat(),
        "version": "1.2.3",
    }


def test_a_database_that_hangs_is_one_that_does_not_answer(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.01)
    hanging = Hanging(site.build)
    with TestClient(application(hanging, WrittenDown())) as client:
        answer = client.get("/healthz")
        hanging.may_go_on.set()

    assert answer.status_code == 503
    assert answer.json()["status"] == "database does not answer"


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_it_can_only_be_asked(client: TestClient, method: str) -> None:
    answer = client.request(method, "/healthz")

    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


class Hanging(SmallSite):
    """A site whose database does not answer until the test is over."""

    may_go_on = Event()

    def health(self) -> Health:
        self.may_go_on.wait()
        return super().health()
