"""What a subscriber can follow at a hub, and what tells them where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publisher import config
from publisher.websub.topics import changed_topics, host_of, is_topic, link_header

from .sites import configured, feeds, site_with

if TYPE_CHECKING:
    from pathlib import Path

SITE = {"url": "https://news.example.org/sub", "identity": "news.example.org,2026", "title": {"en": "News"}}


def settings(*hubs: str) -> config.Config:
    return config.parse({"site": SITE, "websub": {"hubs": list(hubs)}})


@pytest.mark.parametrize(
    "path",
    [
        "en/feed.atom",
        "en/feed.rss",
        "kk/feed.json",
        "en/announcements/feed.atom",
        "en/changes/feed.json",
        "en/topics/water/feed.rss",
        "en/feeds/water.json",
        "en/feeds/feed.atom",
        "en/feeds/archive.atom",
    ],
)
def test_every_declared_feed_is_a_topic_in_each_format(path: str) -> None:
    assert is_topic(path)


@pytest.mark.parametrize(
    "path",
    [
        "en/archive/1.atom",
        "en/topics/water/archive/12.atom",
        "en/feeds/water/archive/1.atom",
        "en/calendar.ics",
        "en/index.html",
        "en/feed/index.html",
        "catalogue.json",
        "feeds.opml",
        "feed.atom",
        "assets/feed.css",
        "assets/files/0123456789abcdef/feed.atom",
        "assets/feeds/feed.json",
    ],
)
def test_nothing_else_is_one(path: str) -> None:
    assert not is_topic(path)


def test_the_topics_of_a_site_are_the_feeds_that_it_serves(tmp_path: Path) -> None:
    feed = '\n[feeds.some]\ntitle = "Some"\ntopics = ["science"]\n'
    site = site_with(tmp_path / "site")
    site.write("publisher.toml", configured() + feed)
    site.build()

    served = site.files()

    assert {path for path in served if is_topic(path)} == {*feeds(site)}
    assert "ru/feeds/some.rss" in feeds(site)


def test_a_topic_has_changed_if_it_is_new_or_its_bytes_differ() -> None:
    before = {"en/feed.atom": "1", "en/feed.rss": "1", "en/index.html": "1", "en/feeds/old.rss": "1"}
    after = {"en/feed.atom": "2", "en/feed.rss": "1", "en/index.html": "2", "en/feed.json": "1"}

    assert changed_topics(before, after) == ["en/feed.atom", "en/feed.json"]
    assert changed_topics({}, after) == ["en/feed.atom", "en/feed.json", "en/feed.rss"]


def test_the_link_header_names_every_hub_and_the_feed_itself() -> None:
    made = settings("https://hub.example.org/", "https://other.example.org/?a=b")

    assert link_header(made, "en/feed.atom") == (
        '<https://hub.example.org/>; rel="hub", <https://other.example.org/?a=b>; rel="hub",'
        ' <https://news.example.org/sub/en/feed.atom>; rel="self"'
    )


def test_what_nobody_can_follow_has_no_link_header() -> None:
    assert link_header(settings("https://hub.example.org/"), "en/archive/1.atom") == ""
    assert link_header(settings(), "en/feed.atom") == ""


def test_only_the_host_of_a_hub_is_shown() -> None:
    assert host_of("https://hub.example.org:8443/secret?key=hidden") == "hub.example.org"
