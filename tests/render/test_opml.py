"""feeds.opml takes every feed of the site into a feed reader at once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from publisher.model.artifact import Stage
from publisher.render.opml import opml

from .feedsites import artifacts, office, own_edition, own_theme

if TYPE_CHECKING:
    from .feedsites import Office

NEWS = {"title": "News", "kinds": ["announcement"]}


def own() -> ET.Element:
    return ET.fromstring(opml(own_edition(), own_theme()).data)  # noqa: S314


def of(site: Office) -> ET.Element:
    return ET.fromstring(opml(site.release(), site.theme).data)  # noqa: S314


def outlines(root: ET.Element) -> list[ET.Element]:
    return [outline for outline in root.iter("outline") if outline.get("type")]


def folders(root: ET.Element) -> dict[str, dict[str, list[str]]]:
    """The feeds by language, then by sort."""
    return {
        whole.attrib["language"]: {
            folder.attrib["text"]: [feed.attrib["text"] for feed in folder] for folder in whole
        }
        for whole in root.findall("body/outline")
    }


def test_every_feed_is_in_it_once() -> None:
    published = {
        f"https://news.example.org/{path}"
        for path in artifacts(own_edition(), own_theme())
        if path.endswith(".atom") and "/archive/" not in path
    }
    addresses = [outline.get("xmlUrl") for outline in outlines(own())]

    assert set(addresses) == published
    assert len(addresses) == len(published)


def test_each_feed_has_what_opml_asks_of_a_subscription_and_says_what_it_is_for() -> None:
    for outline in outlines(own()):
        assert outline.get("type") == "rss"
        assert outline.get("text") == outline.get("title") != ""
        assert outline.get("language") == outline.attrib["xmlUrl"].split("/")[3]
        assert outline.get("xmlUrl") == f"{outline.get('htmlUrl')}feed.atom"
        assert outline.get("description")


def test_feeds_are_grouped_by_language_then_by_sort() -> None:
    site = office(["en", "kk"], extra={"feeds": {"news": NEWS}})
    site.say("organisation", "uni", name="A University")
    site.say("topic", "ai", name="Intelligence")
    site.say("topic", "ai", "kk", name="Зият")
    site.say("event", "school", title="School", start="2026-09-01", topics=["ai"], organisers=["uni"])

    assert folders(of(site)) == {
        "en": {
            "General": ["Site en", "Events · Site en", "News · Site en", "Changes · Site en"],
            "Selections": ["News · Site en"],
            "Topics": ["Intelligence · Site en"],
            "Organisations": ["A University · Site en"],
        },
        "kk": {
            "Жалпы": ["Site kk", "Іс-шаралар · Site kk", "Жаңалықтар · Site kk", "Өзгерістер · Site kk"],
            "Іріктемелер": ["News · Site kk"],
            "Тақырыптар": ["Зият · Site kk"],
            "Ұйымдар": ["A University · Site kk"],
        },
    }


def test_each_folder_says_its_language_too() -> None:
    for whole in own().findall("body/outline"):
        assert {outline.get("language") for outline in whole.iter("outline")} == {whole.get("language")}


def test_whatever_names_hold_it_is_sound_xml() -> None:
    root = of(office(["en"], title={"en": "R & D < ]]>"}, extra={"feeds": {"news": NEWS}}))

    assert root.get("version") == "2.0"
    assert root.findtext("head/title") == "R & D < ]]>"
    assert list(folders(root)["en"]) == ["General", "Selections"]


def test_it_changes_when_a_feed_comes_or_goes_and_not_when_one_tells_something() -> None:
    site = office(["en"])
    site.say("event", "school", title="School", start="2026-09-01")
    before = opml(site.release(), site.theme).data
    site.say("event", "school", title="School", start="2026-09-02")

    assert opml(site.release(), site.theme).data == before
    assert ET.fromstring(before).find("head/dateModified") is None  # noqa: S314


def test_it_is_written_after_the_feeds_and_pages_it_names() -> None:
    artifact = opml(own_edition(), own_theme())

    assert (artifact.path, artifact.stage) == ("feeds.opml", Stage.INDEX)
