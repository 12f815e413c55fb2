"""Hubs are told of exactly what a release has changed, sooner or later, whatever becomes of them."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publisher import app
from publisher.model.mailing import Sort, Subscriber, Subscription, SubscriptionState
from publisher.store import outbox, subscribers
from publisher.websub.rounds import AT_ONCE, Haste
from publisher.websub.rounds import tell_hubs as round_of
from sites import CuratedSite, instant

from .hub import PATIENCE, Hub, Says
from .sites import changed, configured, feeds, site_with

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = "2026-06-01T08:00:00+05:00"


def later(**passed: float) -> str:
    """An instant after the first release."""
    return (datetime.fromisoformat(NOW) + timedelta(**passed)).isoformat()


def status(site: CuratedSite) -> list[dict[str, Any]]:
    """How the hubs stand."""
    hubs: list[dict[str, Any]] = json.loads(site.run("status", "--json").stdout)["hubs"]
    return hubs


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        yield hub


@pytest.fixture
def site(tmp_path: Path, hub: Hub) -> CuratedSite:
    return site_with(tmp_path / "site", hub.url)


@pytest.fixture
def told(site: CuratedSite, hub: Hub) -> CuratedSite:
    """A site whose first release the hub was told of."""
    site.build(NOW)
    hub.heard.clear()
    return site


def test_the_first_release_tells_of_every_feed_once(site: CuratedSite, hub: Hub) -> None:
    report = site.build(NOW)

    assert sorted(hub.told) == sorted(feeds(site))
    assert {"en/feed.atom", "ru/feed.rss", "en/topics/science/feed.json"} < {*hub.told}
    assert report["hubs"] == [
        {"hub": "127.0.0.1", "told": len(hub.told), "not_taken": 0, "next_at": None, "given_up": 0, "left": 0,
         "reply": None}
    ]  # fmt: skip
    assert not {path for path, _ in hub.seen} - {hub.path}


def test_a_ping_says_what_hubs_read(told: CuratedSite, hub: Hub) -> None:
    told.event(title="Another title", start="2026-09-11", end="2026-09-13")

    told.build(later(hours=1))

    form = next(form for form in hub.heard if form["hub.url"].endswith("/en/feed.atom"))
    address = "https://calendar.example.org/en/feed.atom"
    assert form == {"hub.mode": "publish", "hub.url": address, "hub.topic": address}
    assert {kind for _, kind in hub.seen} == {"application/x-www-form-urlencoded"}


def test_only_feeds_whose_bytes_differ_are_told_of(told: CuratedSite, hub: Hub) -> None:
    told.write("content/topics/arts.md", "---\nid: arts\nname: Arts\n---\n")
    told.write("content/announcements/a.md", "---\nid: a\ntitle: A\ntopics: [arts]\n---\nNews.\n")
    before = feeds(told)

    told.build(later(hours=1))

    expected = changed(before, feeds(told))
    assert sorted(hub.told) == expected
    assert "en/topics/arts/feed.atom" in expected
    assert "en/topics/science/feed.atom" not in expected


def test_a_release_that_changes_nothing_tells_nobody(told: CuratedSite, hub: Hub) -> None:
    told.build(later(hours=1))
    told.tick(later(hours=2))

    assert hub.heard == []


def test_a_new_day_that_changes_no_feed_tells_nobody(told: CuratedSite, hub: Hub) -> None:
    before = feeds(told)

    done = told.tick(later(days=1))

    assert done["released"]
    assert feeds(told) == before
    assert hub.heard == []


def test_a_page_that_changes_tells_nobody(told: CuratedSite, hub: Hub) -> None:
    told.write("content/pages/about.md", "---\nid: about\ntitle: About\n---\nWho we are.\n")
    before = told.files()

    told.build(later(hours=1))

    assert told.files() != before
    assert hub.heard == []


def test_without_a_hub_nothing_is_noted_or_said(tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path / "site")
    site.event()

    report = site.build(NOW)

    assert report["hubs"] == []
    assert status(site) == []
    assert "hub" not in site.run("status").stdout


def test_a_hub_that_is_added_is_told_of_everything_and_one_that_is_left_out_is_forgotten(
    told: CuratedSite, hub: Hub
) -> None:
    with Hub() as other:
        told.write("publisher.toml", configured(hub.url, other.url))
        told.build(later(hours=1))
        assert sorted(other.told) == sorted(feeds(told))

    told.write("publisher.toml", configured(hub.url))
    told.event(title="Another title", start="2026-09-11", end="2026-09-13")
    told.build(later(hours=2))

    assert [each["hub"] for each in status(told)] == ["127.0.0.1"]
    assert status(told)[0]["waiting"] == 0


def test_a_lost_database_tells_of_everything_once(told: CuratedSite, hub: Hub) -> None:
    shutil.rmtree(told.root / "var")

    told.build(later(hours=1))

    assert sorted(hub.told) == sorted(feeds(told))
    hub.heard.clear()
    told.tick(later(hours=2))
    assert hub.heard == []


def test_what_a_tick_releases_it_tells_of(told: CuratedSite, hub: Hub) -> None:
    told.event(title="Another title", start="2026-09-11", end="2026-09-13")
    told.tick(later(minutes=1))
    assert hub.heard == []

    done = told.tick(later(minutes=12))

    assert done["released"]
    assert done["hubs"][0]["told"] == len(hub.heard) > 0


def test_a_copy_may_be_made_before_hubs_are_told(site: CuratedSite, hub: Hub) -> None:
    site.run("build", "--no-ping", "--now", NOW)
    site.run("tick", "--no-ping", "--now", later(minutes=1))
    assert hub.heard == []

    said = site.run("ping", "--now", later(minutes=2)).stdout

    assert sorted(hub.told) == sorted(feeds(site))
    assert said == f"hub 127.0.0.1: {len(hub.told)} feeds told\n"
    assert site.run("ping", "--now", later(minutes=3)).stdout == "nothing is due\n"


def test_a_hub_that_is_down_fails_no_release_and_is_told_when_it_is_back(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    site = site_with(tmp_path / "site", f"http://127.0.0.1:{port}{Hub.path}")

    said = site.run("build", "--now", NOW).stdout.splitlines()

    expected = len(feeds(site))
    assert said[-1] == (
        f"hub 127.0.0.1: {expected} feeds not taken: it cannot be reached: connection refused,"
        " again at 2026-06-01 03:01 UTC"
    )
    assert status(site)[0] | {"waiting": expected, "given_up": 0} == status(site)[0]
    with Hub(port=port) as hub:
        site.tick(later(minutes=1))
    assert sorted(hub.told) == sorted(feeds(site))


def test_a_hub_that_is_down_is_asked_one_question_and_told_all_when_it_is_back(
    site: CuratedSite, hub: Hub
) -> None:
    hub.script.append(Says(503))
    site.build(NOW)
    assert len(hub.heard) == 1

    site.tick(later(seconds=30))
    assert len(hub.heard) == 1
    site.tick(later(seconds=61))

    assert sorted(hub.told[1:]) == sorted(feeds(site))
    assert status(site)[0]["waiting"] == 0


@pytest.mark.parametrize("asked", ["7200", "Mon, 01 Jun 2026 05:00:00 GMT"])
def test_a_hub_that_asks_to_be_left_alone_is_left_alone(site: CuratedSite, hub: Hub, asked: str) -> None:
    """Also when something changes meanwhile."""
    hub.script.append(Says(429, {"Retry-After": asked}))
    site.build(NOW)
    site.event(title="Another title", start="2026-09-11", end="2026-09-13")

    site.build(later(minutes=10))
    site.tick(later(minutes=119))
    assert len(hub.heard) == 1
    assert status(site)[0]["next_at"] == "2026-06-01T05:00:00+00:00"

    site.tick(later(minutes=120))
    assert sorted(hub.told[1:]) == sorted(feeds(site))


def test_the_pauses_grow_and_after_a_day_it_is_given_up_and_said(site: CuratedSite, hub: Hub) -> None:
    hub.dislikes[""] = Says(500)
    site.build(NOW)
    home = app.open_site(site.root)
    for tries, minutes in enumerate((1, 6, 21, 81, 321, 1041, 1440), 1):
        round_of(home, instant(later(minutes=minutes, seconds=-1)))
        assert len(hub.heard) == tries
        (done,) = round_of(home, instant(later(minutes=minutes)))
        assert len(hub.heard) == tries + 1

    assert (done.refused, done.given_up) == (0, len(feeds(site)))
    assert round_of(home, instant(later(days=30))) == ()
    assert status(site)[0] | {"waiting": 0, "given_up": len(feeds(site))} == status(site)[0]
    assert f"{len(feeds(site))} feeds given up after a day" in site.run("status").stdout


def test_what_was_given_up_begins_anew_with_the_next_change(site: CuratedSite, hub: Hub) -> None:
    hub.dislikes[""] = Says(500)
    site.build(NOW)
    round_of(app.open_site(site.root), instant(later(days=2)))
    before = feeds(site)
    assert status(site)[0]["given_up"] == len(before)
    hub.dislikes.clear()
    hub.heard.clear()
    site.event(title="Another title", start="2026-09-11", end="2026-09-13")

    site.build(later(days=3))

    assert sorted(hub.told) == changed(before, feeds(site))
    assert status(site)[0] | {"waiting": 0, "given_up": len(before) - len(hub.told)} == status(site)[0]


@pytest.mark.parametrize("answer", [Says(500), Says(400), Says(404)])
def test_a_feed_that_a_hub_does_not_like_keeps_it_from_no_other(
    site: CuratedSite, hub: Hub, answer: Says
) -> None:
    hub.dislikes["/en/feed.rss"] = answer

    site.build(NOW)
    site.tick(later(minutes=2))

    assert {*feeds(site)} == {*hub.told}
    assert status(site)[0]["waiting"] == 1


def test_a_hub_that_is_down_keeps_nobody_from_telling_another(tmp_path: Path, hub: Hub) -> None:
    with Hub() as other:
        site = site_with(tmp_path / "site", hub.url, other.url)
        hub.dislikes[""] = Says(500)

        site.build(NOW)

        assert len(hub.heard) == 1
        assert sorted(other.told) == sorted(feeds(site))
        assert [each["waiting"] for each in status(site)] == [len(feeds(site)), 0]


@pytest.mark.parametrize("answer", [Says(500), Says(202)])
def test_mail_leaves_in_the_same_tick_whatever_a_hub_does(site: CuratedSite, hub: Hub, answer: Says) -> None:
    site.write("publisher.toml", f'{configured(hub.url)}\n[lists.weekly]\ntitle = "Weekly"\n')
    site.run("build", "--no-ping", "--now", NOW)
    waits_for_a_letter(site, instant(NOW))
    hub.dislikes[""] = answer

    done = site.tick(later(minutes=1))

    assert len(hub.heard) > 0
    assert done["delivered"]["counts"] == {"sent": 1}


def waits_for_a_letter(site: CuratedSite, now: datetime) -> None:
    """A reader has signed up; their letter is in the outbox."""
    person = Subscriber(
        id=7, email="reader@example.org", email_key="reader@example.org", address_hash="0" * 64,
        language="en", timezone="Asia/Almaty", created=now,
    )  # fmt: skip
    subscription = Subscription(
        subscriber=7, list="weekly", state=SubscriptionState.UNCONFIRMED, told_until=now,
        consent_source="web", changed=now,
    )  # fmt: skip
    database = app.open_site(site.root).database
    with database.writing() as connection:
        subscribers.add_many(connection, [(person, (subscription,))])
        outbox.letter(connection, Sort.CONFIRM, 7, now, "<letter@example.org>", now + timedelta(days=1))
    database.close()


def test_a_round_ends_when_its_time_is_over_and_the_next_one_goes_on(site: CuratedSite, hub: Hub) -> None:
    site.run("build", "--no-ping", "--now", NOW)
    home, expected = app.open_site(site.root), len(feeds(site))

    (done,) = round_of(home, instant(NOW), Haste(seconds=0))

    assert (done.told, done.left) == (1, expected - 1)
    assert hub.told == ["en/feed.rss"]  # the feed of everything comes first
    (rest,) = round_of(home, instant(NOW))
    assert (rest.told, rest.left) == (expected - 1, 0)
    assert sorted(hub.told) == sorted(feeds(site))


def test_who_stops_the_program_waits_for_no_feed_more(site: CuratedSite, hub: Hub) -> None:
    site.run("build", "--no-ping", "--now", NOW)
    stop = threading.Event()
    hub.on_ping = lambda _: stop.set()

    (done,) = app.tell_hubs(app.open_site(site.root), instant(NOW), stop)

    assert (done.told, done.left) == (1, len(feeds(site)) - 1)


def test_a_hub_is_asked_little_at_a_time(site: CuratedSite, hub: Hub) -> None:
    lock, running, most = threading.Lock(), [0], [0]

    def count(_: object) -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        threading.Event().wait(0.01)
        with lock:
            running[0] -= 1

    hub.on_ping = count

    site.build(NOW)

    assert 1 < most[0] <= AT_ONCE


def test_two_programs_tell_a_hub_of_each_feed_once(site: CuratedSite, hub: Hub) -> None:
    site.run("build", "--no-ping", "--now", NOW)
    both = threading.Barrier(2)

    def tell() -> None:
        home = app.open_site(site.root)
        both.wait(PATIENCE)
        round_of(home, instant(NOW))

    threads = [threading.Thread(target=tell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert sorted(hub.told) == sorted(feeds(site))


def test_what_changes_while_a_hub_is_told_is_told_again(site: CuratedSite, hub: Hub) -> None:
    """The hub may have fetched what was there before."""
    site.run("build", "--no-ping", "--now", NOW)
    before, edited = feeds(site), threading.Event()

    def edit(_: object) -> None:
        if not edited.is_set():
            edited.set()
            site.event(title="Another title", start="2026-09-11", end="2026-09-13")
            site.run_process("build", "--no-ping", "--now", later(minutes=1), env={})

    hub.on_ping = edit
    round_of(app.open_site(site.root), instant(NOW))
    first = len(hub.heard)

    site.tick(later(minutes=2))

    assert {*changed(before, feeds(site))} <= {*hub.told[first:]}


def test_a_clock_that_was_wrong_keeps_no_hub_waiting(site: CuratedSite, hub: Hub) -> None:
    hub.script.append(Says(500))
    site.build(later(days=4_000))
    hub.heard.clear()

    site.run("ping", "--now", NOW)

    assert sorted(hub.told) == sorted(feeds(site))


def test_nobody_is_shown_more_of_a_hub_than_its_host(site: CuratedSite, hub: Hub) -> None:
    hub.dislikes[""] = Says(500, body=f"no such key {hub.path}".encode())
    commands = (
        ("build", "--now", NOW), ("tick", "--now", later(minutes=2)), ("ping", "--now", later(minutes=9)),
        ("status",), ("status", "--json"), ("doctor",), ("doctor", "--json"), ("plan",),
    )  # fmt: skip

    said = [site.run(*command, status=None) for command in commands]

    assert len(hub.heard) == 3
    written = "".join(each.stdout + each.stderr for each in said)
    assert "127.0.0.1" in written
    assert "secret-of-ours" not in written
    assert "hidden" not in written
