"""Search engines are told of every page, in every language, and when it last changed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

from publisher.render import sitemap as module
from publisher.render.sitemap import robots, sitemap

from .feedreaders import (
    text_of,
)
from .feedsites import Office, office, own_edition

if TYPE_CHECKING:
    import pytest

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
SITE = "https://news.example.org"


def pages(site: Office) -> dict[str, ET.Element]:
    (artifact,) = sitemap(site.release())
    root = ET.fromstring(artifact.data)  # noqa: S314
    return {text_of(url, f"{SITEMAP}loc").removeprefix(SITE): url for url in root}


def small() -> Office:
    site = office(["en", "kk"])
    site.say("topic", "t", name="T")
    site.say("event", "school", title="School", start="2026-09-06", topics=["t"])
    site.say("announcement", "news", title="News", date="2026-05-04")
    site.say("announcement", "over", title="Over", expires="2026-06-02", date="2026-05-01")
    site.say("event", "mistake", title="Mistake", start="2026-09-06")
    site.say("page", "about", title="About")
    site.release()
    site.say("event", "mistake", title="Mistake", start="2026-09-06", status="withdrawn")
    return site


def test_every_page_is_in_it_but_what_was_withdrawn() -> None:
    found = pages(small())

    assert set(found) == {
        f"/{language}/{path}"
        for language in ("en", "kk")
        for path in (
            "",
            "topics/t/",
            "events/school/",
            "announcements/news/",
            "announcements/over/",
            "about/",
        )
    }


def test_each_page_names_all_its_languages_and_itself() -> None:
    found = pages(small())
    links = {
        address: {link.get("hreflang"): link.get("href") for link in url.findall(f"{XHTML}link")}
        for address, url in found.items()
    }

    assert links["/kk/events/school/"] == links["/en/events/school/"] == {
        "en": f"{SITE}/en/events/school/",
        "kk": f"{SITE}/kk/events/school/",
        "x-default": f"{SITE}/en/events/school/",
    }  # fmt: skip


def test_a_page_is_dated_by_its_last_significant_change() -> None:
    site = small()
    dates = {address: text_of(url, f"{SITEMAP}lastmod") for address, url in pages(site).items()}
    site.say("event", "school", title="School, renamed", start="2026-09-06", topics=["t"])
    assert {address: text_of(url, f"{SITEMAP}lastmod") for address, url in pages(site).items()} == dates
    site.say("event", "school", title="School", start="2026-09-07", topics=["t"])
    moved = {address: text_of(url, f"{SITEMAP}lastmod") for address, url in pages(site).items()}

    assert dates["/en/events/school/"] == "2026-06-02"
    assert dates["/en/announcements/news/"] == "2026-05-03"
    assert {address for address in dates if dates[address] != moved[address]} == {
        f"/{language}/{path}" for language in ("en", "kk") for path in ("", "topics/t/", "events/school/")
    }


def test_more_pages_than_a_sitemap_may_hold_are_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 5)
    files = list(sitemap(small().release()))
    index = ET.fromstring(files[-1].data)  # noqa: S314

    assert [artifact.path for artifact in files] == [
        "sitemap-1.xml",
        "sitemap-2.xml",
        "sitemap-3.xml",
        "sitemap.xml",
    ]
    assert [each.text for each in index.iter(f"{SITEMAP}loc")] == [
        f"{SITE}/{artifact.path}" for artifact in files[:-1]
    ]
    assert sum(artifact.data.count(b"<loc>") for artifact in files[:-1]) == 12
    assert max(artifact.stage for artifact in files[:-1]) < files[-1].stage


def test_an_empty_site_has_its_front_pages() -> None:
    assert set(pages(office(["en", "kk"]))) == {"/en/", "/kk/"}


def test_everybody_may_read_everything() -> None:
    artifact = robots(own_edition())
    rules = RobotFileParser()
    rules.parse(artifact.data.decode().splitlines())

    assert artifact.path == "robots.txt"
    assert rules.can_fetch("any", f"{SITE}/en/events/school/")
    assert rules.site_maps() == [f"{SITE}/sitemap.xml"]
