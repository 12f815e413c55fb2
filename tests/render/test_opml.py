"""feeds.opml takes every feed of the site into a feed reader at once."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from publisher.model.artifact import Stage
from publisher.render.opml import opml

from .feedsites import artifacts, office, own_edition, own_theme


def outlines() -> list[ET.Element]:
    root = ET.fromstring(opml(own_edition()).data)  # noqa: S314
    return [outline for outline in root.iter("outline") if outline.get("type")]


def test_every_feed_is_in_it_once() -> None:
    published = {
        f"https://news.example.org/{path}"
        for path in artifacts(own_edition(), own_theme())
        if path.endswith(".atom") and "/archive/" not in path
    }
    addresses = [outline.get("xmlUrl") for outline in outlines()]

    assert set(addresses) == published
    assert len(addresses) == len(published)


def test_each_feed_has_what_opml_asks_of_a_subscription() -> None:
    for outline in outlines():
        assert outline.get("type") == "rss"
        assert outline.get("text") == outline.get("title") != ""
        assert outline.get("language") == outline.attrib["xmlUrl"].split("/")[3]
        assert outline.get("xmlUrl") == f"{outline.get('htmlUrl')}feed.atom"


def test_feeds_are_grouped_by_language() -> None:
    root = ET.fromstring(opml(own_edition()).data)  # noqa: S314

    assert root.get("version") == "2.0"
    assert [group.get("language") for group in root.findall("body/outline")] == ["en", "ru", "kk"]
    assert [{child.get("language") for child in group} for group in root.findall("body/outline")] == [
        {"en"},
        {"ru"},
        {"kk"},
    ]


def test_named_choices_of_the_configuration_are_in_it() -> None:
    news = {"title": "News", "kinds": ["announcement"]}
    site = office(["en"], title={"en": "R & D <"}, extra={"feeds": {"news": news}})
    root = ET.fromstring(opml(site.release()).data)  # noqa: S314

    assert [outline.get("text") for outline in root.findall("body/outline/outline")] == [
        "R & D <",
        "News · R & D <",
    ]
    assert root.find("head/dateModified") is None  # a moved event changes no list of feeds


def test_it_is_written_after_the_feeds_and_pages_it_names() -> None:
    artifact = opml(own_edition())

    assert (artifact.path, artifact.stage) == ("feeds.opml", Stage.INDEX)
