"""From an edit to the reader: a subscriber finds the hub, follows a feed there, and is sent what is new."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from queue import Empty
from typing import TYPE_CHECKING

import feedparser
import pytest

from sites import CONFIG, CuratedSite

from .hub import PATIENCE, Hub, Subscriber, fetch, links_of
from .sites import configured

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOPICS = ("en/feed.atom", "en/feed.rss", "en/feed.json", "en/topics/science/feed.atom", "ru/feed.atom")


def free_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def serving(site: CuratedSite, port: int) -> Iterator[str]:
    """`publisher serve`, in a process of its own; its address."""
    command = [sys.executable, "-m", "publisher", "serve", "--port", str(port), "--site", str(site.root)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout
        yield server.stdout.readline().removeprefix("serving ").strip()
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub(relays=True) as hub:
        yield hub


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def site(tmp_path: Path, hub: Hub, port: int) -> CuratedSite:
    """A site with an event, released and not yet served."""
    here = CONFIG.replace("https://calendar.example.org", f"http://127.0.0.1:{port}", 1)
    site = CuratedSite.create(tmp_path / "site", configured(hub.url, config=here))
    site.event(start="2026-09-11", end="2026-09-13")
    site.run("build", "--no-ping", "--now", "2026-06-01T08:00:00+05:00")
    return site


def entries(feed: bytes) -> dict[str, str]:
    """The title of each entry, by its id."""
    if feed.startswith(b"{"):
        return {item["id"]: item["title"] for item in json.loads(feed)["items"]}
    return {entry.id: entry.title for entry in feedparser.parse(feed).entries}


@pytest.mark.parametrize("topic", TOPICS)
def test_a_subscriber_is_sent_exactly_the_new_entry(
    site: CuratedSite, hub: Hub, port: int, topic: str
) -> None:
    with serving(site, port) as address, Subscriber() as subscriber:
        site.run("ping", "--now", "2026-06-01T08:00:00+05:00")
        before = subscriber.follow(f"{address}{topic}")
        site.event("other", title="Another Meeting", start="2026-09-20", end="2026-09-21")

        site.build("2026-06-02T08:00:00+05:00")
        sent, after = subscriber.received.get(timeout=PATIENCE)

        assert sent == f"{address}{topic}"
        assert after == fetch(sent)[0]
        (new,) = entries(after).keys() - entries(before).keys()
        assert entries(after)[new] == "Another Meeting"
        assert entries(before).items() <= entries(after).items()
        with pytest.raises(Empty):
            subscriber.received.get_nowait()
    assert hub.faults == []


def test_what_changes_in_an_entry_is_sent_as_that_entry(site: CuratedSite, hub: Hub, port: int) -> None:
    with serving(site, port) as address, Subscriber() as subscriber:
        before = subscriber.follow(f"{address}en/feed.atom")
        site.event(start="2026-09-12", end="2026-09-13", more="status: cancelled")

        site.build("2026-06-02T08:00:00+05:00")
        _, after = subscriber.received.get(timeout=PATIENCE)

    assert after != before
    assert entries(after).keys() == entries(before).keys()
    assert len(entries(after)) == 1
    assert hub.faults == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("topic", TOPICS)
def test_every_answer_about_a_feed_says_where_to_follow_it(
    site: CuratedSite, hub: Hub, port: int, topic: str, method: str
) -> None:
    with serving(site, port) as address:
        first = urllib.request.Request(f"{address}{topic}", method=method)  # noqa: S310 -- ours
        with urllib.request.urlopen(first, timeout=PATIENCE) as answer:  # noqa: S310 -- likewise
            found, tag = links_of(answer.headers), answer.headers["ETag"]
        again = urllib.request.Request(  # noqa: S310 -- likewise
            f"{address}{topic}", headers={"If-None-Match": tag}, method=method
        )
        with pytest.raises(urllib.error.HTTPError) as unchanged:
            urllib.request.urlopen(again, timeout=PATIENCE)  # noqa: S310 -- likewise
        unchanged.value.close()

    assert found == {"hub": [hub.url], "self": [f"{address}{topic}"]}
    assert unchanged.value.code == 304
    assert links_of(unchanged.value.headers) == found


def test_what_is_no_feed_or_only_of_this_server_names_no_hub(site: CuratedSite, port: int) -> None:
    with serving(site, port) as address:
        answers = {
            path: fetch(f"{address}{path}")[1]
            for path in ("en/", "en/calendar.ics", "feeds.opml", "en/feed.atom?topic=science")
        }

    assert [path for path, headers in answers.items() if links_of(headers)] == []


def test_the_feeds_say_so_themselves(site: CuratedSite, hub: Hub) -> None:
    """Whoever reads a feed from a host that sends no such header finds the hub in it."""
    for path in ("en/feed.atom", "en/feed.rss"):
        links = feedparser.parse(site.served(path)).feed.links
        assert [link.href for link in links if link.rel == "hub"] == [hub.url], path
    assert json.loads(site.served("en/feed.json"))["hubs"] == [{"type": "WebSub", "url": hub.url}]
