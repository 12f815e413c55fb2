"""An address of a feed that was published goes on serving, whatever becomes of what it was made for."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from sites import CONFIG, CuratedSite

if TYPE_CHECKING:
    from pathlib import Path

NAMED = """
[feeds.labs]
title = "Laboratories"
topics = ["science"]
"""
SHORT = "\n[publish]\nfeed_entries = 5\n"
ONLY_ENGLISH = CONFIG.replace('languages = ["en", "ru"]', 'languages = ["en"]')
FIRST, SECOND, THIRD, FOURTH = (f"2026-06-0{day}T08:00:00+05:00" for day in "1234")
ATOM = "{http://www.w3.org/2005/Atom}"
FORMATS = ("atom", "rss", "json")
#: The day from which the identity of these sites was held.
BEGINNING = "2026-01-01T00:00:00+00:00"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a named feed, and with enough events for an archive of each feed."""
    root = tmp_path_factory.mktemp("published") / "site"
    site = CuratedSite.create(root, CONFIG + NAMED + SHORT)
    for number in range(1, 13):
        site.event(f"event-{number}", title=f"Event {number}", start="2026-07-01", end="2026-07-01")
    site.build(FIRST)
    return site.root


@pytest.fixture
def site(published: Path, tmp_path: Path) -> CuratedSite:
    return CuratedSite(shutil.copytree(published, tmp_path / "site"))


def atom(site: CuratedSite, path: str) -> ET.Element:
    return ET.fromstring(site.served(path))  # noqa: S314


def titles(site: CuratedSite, path: str) -> list[str | None]:
    return [entry.findtext(f"{ATOM}title") for entry in atom(site, path).iter(f"{ATOM}entry")]


def said(site: CuratedSite, path: str) -> tuple[str, str, int]:
    """What a feed says of itself: its id or, in RSS that has none, its own address; the text; its entries."""
    if path.endswith(".json"):
        feed = json.loads(site.served(path))
        return feed["feed_url"], feed["description"], len(feed["items"])
    root = atom(site, path)
    if path.endswith(".rss"):
        own = root.find(f"channel/{ATOM}link")
        assert own is not None
        return own.attrib["href"], root.findtext("channel/description", ""), len(root.findall("channel/item"))
    own_id, subtitle = root.findtext(f"{ATOM}id", ""), root.findtext(f"{ATOM}subtitle", "")
    return own_id, subtitle, len(root.findall(f"{ATOM}entry"))


def feeds(site: CuratedSite, start: str = "") -> set[str]:
    endings = (".atom", ".rss", "/feed.json", "feeds/labs.json")
    return {path for path in site.files() if path.startswith(start) and path.endswith(endings)}


def without_language(site: CuratedSite) -> None:
    site.write("publisher.toml", ONLY_ENGLISH + NAMED + SHORT)


def test_the_feeds_of_a_language_that_is_given_up_say_so_in_that_language(site: CuratedSite) -> None:
    before = {path: said(site, path) for path in feeds(site, "ru/")}
    without_language(site)

    report = site.build(SECOND)

    assert feeds(site, "ru/") == before.keys()
    assert {
        "ru/feed.atom",
        "ru/changes/feed.rss",
        "ru/topics/science/feed.json",
        "ru/feeds/labs.json",
    } <= set(before)
    for path, (id_, _, _) in before.items():
        assert said(site, path)[0] == id_, path
        assert said(site, path)[1:] == (
            "Эта лента больше не ведётся. Выберите другую: https://calendar.example.org/en/subscribe/",
            0,
        ), path
    assert not {path for path in report["deleted"] if path in before}


def test_a_feed_that_has_ended_is_dated_by_nothing_that_changes(site: CuratedSite) -> None:
    without_language(site)
    site.build(SECOND)

    assert atom(site, "ru/feed.atom").findtext(f"{ATOM}updated") == BEGINNING
    report = site.build(THIRD)
    assert not [path for path in report["written"] if path.startswith("ru/")]


def test_its_archives_are_there_and_empty_and_lead_to_nothing(site: CuratedSite) -> None:
    archives = {path for path in feeds(site, "ru/") if "/archive/" in path}
    assert "ru/archive/1.atom" in archives
    assert "ru/feeds/labs/archive/1.atom" in archives
    without_language(site)

    site.build(SECOND)

    for path in archives:
        archive, living = atom(site, path), path.replace("/archive/1", "" if "/feeds/" in path else "/feed")
        links = {link.get("rel"): link.get("href") for link in archive.iter(f"{ATOM}link")}
        assert archive.find("{http://purl.org/syndication/history/1.0}archive") is not None
        assert archive.findtext(f"{ATOM}id") == atom(site, living).findtext(f"{ATOM}id")
        assert links["current"] == f"https://calendar.example.org/{living}"
        assert links["self"] == f"https://calendar.example.org/{path}"
        assert "prev-archive" not in links
    assert "prev-archive" not in site.served("ru/feed.atom")


def test_a_named_feed_that_is_no_longer_declared_goes_on_as_it_was(site: CuratedSite) -> None:
    before = {path: site.served(path) for path in feeds(site) if "/labs" in path}
    site.write("publisher.toml", CONFIG + SHORT)

    planned = site.run("plan", "--now", SECOND).stdout
    built = site.run("build", "--now", SECOND).stdout

    told = "retired  feeds/labs  no longer declared; its address goes on serving"
    assert told in planned
    assert told in built
    assert {path: site.served(path) for path in before} == before
    site.event("fresh", title="Fresh", start="2026-08-01", end="2026-08-01")
    assert "retired" not in site.run("build", "--now", THIRD).stdout
    assert titles(site, "en/feeds/labs.atom")[0] == "Fresh"


def test_one_that_is_declared_again_is_what_it_is_declared_as(site: CuratedSite) -> None:
    site.write("publisher.toml", CONFIG + SHORT)
    site.build(SECOND)
    site.write("publisher.toml", CONFIG + NAMED.replace("Laboratories", "All Laboratories") + SHORT)
    site.build(THIRD)
    site.write("publisher.toml", CONFIG + SHORT)
    site.build(FOURTH)

    assert atom(site, "en/feeds/labs.atom").findtext(f"{ATOM}title", "").startswith("All Laboratories")


def test_nothing_offers_what_is_no_longer_declared(site: CuratedSite) -> None:
    for path in ("en/subscribe/index.html", "feeds.opml"):
        assert "feeds/labs.atom" in site.served(path)
    site.write("publisher.toml", CONFIG + SHORT)

    site.build(SECOND)

    for path in ("en/subscribe/index.html", "feeds.opml"):
        assert "feeds/labs" not in site.served(path)


def test_all_of_it_survives_the_loss_of_the_database(site: CuratedSite) -> None:
    site.write("publisher.toml", ONLY_ENGLISH + SHORT)
    site.build(SECOND)
    before = {path: site.served(path) for path in feeds(site)}
    assert titles(site, "en/feeds/labs.atom")
    shutil.rmtree(site.root / "var")

    site.build(THIRD)

    assert {path: site.served(path) for path in feeds(site)} == before


def test_a_feed_is_filled_again_when_its_language_is_back(site: CuratedSite) -> None:
    before = titles(site, "ru/feed.atom")
    without_language(site)
    site.build(SECOND)
    site.write("publisher.toml", CONFIG + NAMED + SHORT)
    site.build(THIRD)

    assert titles(site, "ru/feed.atom") == before


def test_other_files_that_end_alike_may_go(site: CuratedSite) -> None:
    """Only a feed is kept for whoever asks again."""
    without_language(site)

    report = site.build(SECOND)

    assert "ru/index.html" in report["deleted"]
    assert not [path for path in site.files() if path.startswith("ru/") and path.endswith(".html")]
