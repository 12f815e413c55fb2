"""One truth in three formats, for whoever reads them."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model.artifact import Stage
from publisher.model.edition import Selection
from publisher.render.feed_documents import FORMATS, Format
from publisher.render.feeds import feed_bytes, feeds

from .feedreaders import (
    ATOM,
    CONTENT,
    DC,
    LANG,
    entries,
    links,
    one,
    parsed,
    read_json,
    read_xml,
    text_of,
)
from .feedsites import NOW, Office, Site, office, own, own_edition, own_theme
from .oddsite import odd, odd_office

SITES = pytest.mark.parametrize("site", [own, odd])


@SITES
def test_atom_rss_and_json_say_the_same_of_every_entry(site: Site) -> None:
    """Ids, links, titles, texts, dates, tags, files and order, in every feed of the site."""
    files = site()
    compared = 0
    for path in files:
        if path.endswith(".json"):
            stated = read_json(files[path].data)
            assert stated == read_xml(files[path.replace(".json", ".atom")].data)
            assert stated == read_xml(files[path.replace(".json", ".rss")].data)
            compared += len(stated)
    assert compared > 20


@SITES
def test_each_listing_and_named_choice_has_a_feed_in_three_formats_and_in_each_language(site: Site) -> None:
    files = site()
    edition = own_edition() if site is own else odd_office().release()
    names = {"feed", *(f"{facet.path}/feed" for kind in edition.facets.values() for facet in kind.values())}
    names |= {f"feeds/{id_}" for id_ in edition.config.feeds}
    names |= {"events/feed", "announcements/feed", "changes/feed"}

    assert set(files) == {
        f"{language}/{name}.{form}" for language in edition.languages for name in names for form in FORMATS
    }
    assert {artifact.stage for artifact in files.values()} == {Stage.FEED}


@SITES
def test_every_atom_document_keeps_the_rules_of_rfc_4287(site: Site) -> None:
    for path, artifact in site().items():
        if path.endswith(".atom"):
            root = ET.fromstring(artifact.data)  # noqa: S314
            assert root.get(LANG) == path[:2]
            assert text_of(root, f"{ATOM}generator") == "publisher"
            assert [link.get("href") for link in links(root, "self")] == [f"https://news.example.org/{path}"]
            assert len(links(root, "alternate")) == 1
            assert text_of(root, f"{ATOM}author/{ATOM}name")
            _check_texts(root)
            updates = [_check_atom_entry(entry) for entry in entries(artifact.data)]
            assert text_of(root, f"{ATOM}updated") == max(updates, default="2026-01-01T00:00:00+00:00")
            ids = [text_of(entry, f"{ATOM}id") for entry in entries(artifact.data)]
            assert len(ids) == len(set(ids))


def _check_atom_entry(entry: ET.Element) -> str:
    _check_texts(entry)
    assert len(links(entry, "alternate")) == 1
    assert one(entry, f"{ATOM}content").get("type") == "html"
    assert text_of(entry, f"{ATOM}content").strip()
    assert text_of(entry, f"{ATOM}summary").strip()
    for link in entry.findall(f"{ATOM}link"):
        assert urlsplit(link.get("href")).netloc
    published, updated = (text_of(entry, f"{ATOM}{name}") for name in ("published", "updated"))
    assert datetime.fromisoformat(published) <= datetime.fromisoformat(updated)
    assert updated.endswith("+00:00")
    return updated


def _check_texts(element: ET.Element) -> None:
    for name in ("title", "subtitle", "summary"):
        for text in element.findall(f"{ATOM}{name}"):
            assert text.get("type") == "text"


@SITES
def test_every_rss_document_keeps_the_rules_of_rss_2_and_its_profile(site: Site) -> None:
    for path, artifact in site().items():
        if path.endswith(".rss"):
            root = ET.fromstring(artifact.data)  # noqa: S314
            channel = one(root, "channel")
            assert root.get("version") == "2.0"
            assert all(
                text_of(channel, name) for name in ("title", "link", "description", "language", "generator")
            )
            assert text_of(channel, "link").endswith("/")
            own_link = one(channel, f"{ATOM}link")
            assert (own_link.get("rel"), own_link.get("href")) == ("self", f"https://news.example.org/{path}")
            _check_rfc_822(text_of(channel, "lastBuildDate"))
            for item in entries(artifact.data):
                _check_rss_item(item)


def _check_rss_item(item: ET.Element) -> None:
    assert one(item, "guid").get("isPermaLink") == "false"
    assert len(item.findall("link")) == 1
    assert text_of(item, f"{DC}creator")
    assert text_of(item, f"{CONTENT}encoded")
    assert item.find("author") is None
    _check_rfc_822(text_of(item, "pubDate"))
    for enclosure in item.findall("enclosure"):
        assert int(enclosure.attrib["length"]) > 0
    assert len(item.findall("enclosure")) <= 1


def _check_rfc_822(text: str) -> None:
    """English names, the right day of the week, a year of four digits, an offset."""
    assert text == format_datetime(parsedate_to_datetime(text))


@SITES
def test_every_json_document_keeps_the_rules_of_json_feed(site: Site) -> None:
    for path, artifact in site().items():
        if path.endswith(".json"):
            feed = json.loads(artifact.data)
            assert feed["version"] == "https://jsonfeed.org/version/1.1"
            assert feed["feed_url"] == f"https://news.example.org/{path}"
            assert feed["language"] == path[:2]
            assert feed["authors"][0]["name"]
            assert "author" not in feed
            for item in feed["items"]:
                assert isinstance(item["id"], str)
                assert not [name for name in item if name.startswith("_") and name != "_event"]


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found += [value or "" for name, value in attrs if name in {"href", "src"}]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]


@SITES
def test_content_is_safe_and_has_no_relative_address(site: Site) -> None:
    seen = _Addresses()
    for path, artifact in site().items():
        if path.endswith(".json"):
            for entry in read_json(artifact.data):
                seen.feed(entry.content)
    inside = {address for address in seen.found if not address.startswith(("http://", "https://", "mailto:"))}

    assert inside == set()
    assert not seen.tags & {"script", "style", "iframe", "form", "object", "title"}


@SITES
def test_no_feed_says_a_moment_that_has_not_come(site: Site) -> None:
    """An event's day is told in words and facts; a reader sorts by when it was published."""
    latest = NOW + timedelta(days=1)
    for path, artifact in site().items():
        if path.endswith(".json"):
            assert all(one.published <= one.updated <= latest for one in read_json(artifact.data))


def test_a_moment_ends_at_its_second_since_rss_can_tell_no_less() -> None:
    site = office(["en"], now=NOW.replace(microsecond=987654))
    site.say("announcement", "news", title="News")
    files = site.published()
    (stated,) = read_json(files["en/feed.json"].data)

    assert stated.published.microsecond == 0
    assert [stated] == read_xml(files["en/feed.atom"].data) == read_xml(files["en/feed.rss"].data)
    assert stated.published == parsedate_to_datetime(parsed(files["en/feed.rss"].data).feed.updated)


def test_entries_stand_newest_first() -> None:
    for artifact in own().values():
        if artifact.path.endswith(".atom"):
            dates = [one.published for one in read_xml(artifact.data)]
            assert dates == sorted(dates, reverse=True)


def test_an_item_is_the_same_in_every_feed_of_a_language_byte_for_byte() -> None:
    files = own()
    for form, start, end in (("atom", b"<entry", b"</entry>"), ("rss", b"<item", b"</item>")):
        pattern = re.compile(start + b".*?" + end, re.DOTALL)
        main = set(pattern.findall(files[f"ru/feed.{form}"].data))
        others = {
            item
            for path, artifact in files.items()
            if path.startswith("ru/topics/") and path.endswith(form)
            for item in pattern.findall(artifact.data)
        }

        assert others
        assert others <= main


def test_languages_have_entries_and_feeds_of_their_own() -> None:
    """A reader who follows two languages keeps both: programs store an entry by its id alone."""
    by_language = [
        {one.id for one in read_xml(own()[f"{language}/feed.atom"].data)} for language in ("en", "ru", "kk")
    ]
    ids = [parsed(own()[f"{language}/feed.atom"].data).feed.id for language in ("en", "ru", "kk")]

    assert len(set().union(*by_language)) == sum(map(len, by_language)) > 30
    assert len(set(ids)) == 3


def test_ids_and_entries_do_not_depend_on_titles_files_scheme_or_host() -> None:
    before, after = office(), office(url="http://other.example.net/cooperation")
    for site in (before, after):
        site.say("announcement", "news", title="One title" if site is before else "Another")

    old, new = (read_xml(site.published()["en/feed.atom"].data)[0] for site in (before, after))
    assert old.id == new.id == "tag:news.example.org,2026:announcement/news/en"
    assert new.link == "http://other.example.net/cooperation/en/announcements/news/"


def test_a_combination_has_the_entries_of_the_feeds_it_combines() -> None:
    edition, look = own_edition(), own_theme()
    files = own()
    address = "https://news.example.org/en/feed.atom?topic=leadership&organisation=almau"
    choice = Selection(topics=frozenset({"leadership"}), organisations=frozenset({"almau"}))
    combined = feed_bytes(edition, look, "en", choice, "atom", address)
    topic, organisation = (
        {one.id for one in read_xml(files[f"en/{path}/feed.atom"].data)}
        for path in ("topics/leadership", "organisations/almau")
    )

    assert {one.id for one in read_xml(combined)} == topic & organisation != set()
    for entry in re.findall(b"<entry.*?</entry>", combined, re.DOTALL):
        assert entry in files["en/feed.atom"].data
    assert links(ET.fromstring(combined), "self")[0].get("href") == address  # noqa: S314
    assert parsed(combined).feed.title == "Leadership · AlmaU · Academic Cooperation Kazakhstan"


@pytest.mark.parametrize("form", FORMATS)
def test_a_combination_of_one_topic_is_the_topics_feed(form: Format) -> None:
    edition, look = own_edition(), own_theme()
    path = f"kk/topics/leadership/feed.{form}"
    read = read_json if form == "json" else read_xml
    asked = feed_bytes(
        edition,
        look,
        "kk",
        Selection(topics=frozenset({"leadership"})),
        form,
        f"https://news.example.org/{path}",
    )

    assert read(asked) == read(own()[path].data)


def test_an_artifact_names_the_records_it_shows() -> None:
    files = odd()

    assert files["en/feeds/news.json"].items == {
        "announcement/bare",
        "announcement/long",
        "announcement/russian",
    }
    assert files["ru/places/hall/feed.rss"].items == {"event/conference", "announcement/long"}


def kinds(data: bytes) -> set[str]:
    """The sorts of entries in a feed, by their ids."""
    return {entry.id.split(":")[2].split("/")[0] for entry in read_xml(data)}


def test_events_and_news_can_be_followed_apart() -> None:
    files = own()
    everything = {entry.id for entry in read_xml(files["en/feed.atom"].data)}
    events, news = (
        {entry.id for entry in read_xml(files[f"en/{path}/feed.atom"].data)}
        for path in ("events", "announcements")
    )

    assert kinds(files["en/events/feed.rss"].data) == {"event"}
    assert kinds(files["en/announcements/feed.rss"].data) == {"announcement"}
    assert events | news == everything
    assert not events & news


def changed_office() -> Office:
    """A site of which one event has moved, and then was cancelled, and another never changed."""
    site = office(
        ["en"], extra={"feeds": {"changed-law": {"title": "Law", "topics": ["law"], "kinds": ["change"]}}}
    )
    site.say("topic", "law", name="Law")
    site.say("topic", "arts", name="Arts")
    site.say("event", "talk", title="A talk", start="2027-03-01", topics=["law"])
    site.say("event", "walk", title="A walk", start="2027-03-01", topics=["arts"])
    site.say("announcement", "news", title="News", topics=["law"])
    site.release()
    site.say("event", "talk", title="A talk", start="2027-03-02", topics=["law"])
    site.release()
    site.say("event", "talk", title="A talk", start="2027-03-02", topics=["law"], status="cancelled")
    return site


def test_changes_can_be_followed_alone_and_each_is_an_entry_of_its_own() -> None:
    files = changed_office().published()
    told = read_xml(files["en/changes/feed.atom"].data)

    assert len({entry.id for entry in told}) == len(told) == 2
    assert {entry.link for entry in told} == {"https://news.example.org/en/events/talk/"}
    assert told[0].published > told[1].published
    assert not {entry.id for entry in told} & {entry.id for entry in read_xml(files["en/feed.atom"].data)}
    assert read_xml(files["en/feeds/changed-law.atom"].data) == told


@pytest.mark.parametrize(("topic", "count"), [("law", 2), ("arts", 0)])
def test_the_changes_of_a_topic_can_be_asked_for(topic: str, count: int) -> None:
    site = changed_office()
    choice = Selection(topics=frozenset({topic}), kinds=frozenset({"change"}))
    told = feed_bytes(site.release(), site.theme, "en", choice, "rss", "https://news.example.org/en/feed.rss")

    assert len(read_xml(told)) == count


def test_a_listings_feed_holds_the_newest_and_the_coming_that_have_changed() -> None:
    site = office(["en"])
    site.say("topic", "t", name="T")
    site.say("event", "old", title="Old", start="2026-12-01", topics=["t"])
    site.say("event", "old-and-unchanged", title="Old", start="2026-12-01", topics=["t"])
    site.release()
    for number in range(8):
        site.say("announcement", f"n{number}", title="News", topics=["t"])
        site.published()
    site.say("event", "old", title="Old", start="2026-12-02", topics=["t"])
    read = read_xml(site.published()["en/topics/t/feed.atom"].data)

    assert [one.link.split("/")[-2] for one in read] == ["n7", "n6", "n5", "n4", "n3", "old"]


def test_a_feed_says_what_it_is_and_where_one_subscribes() -> None:
    feed = parsed(own()["ru/topics/leadership/feed.rss"].data).feed

    assert feed.title == "Лидерство · Академическое сотрудничество Казахстана"
    assert feed.subtitle.startswith("Новости и мероприятия: Лидерство")
    assert feed.subtitle.endswith("https://news.example.org/ru/subscribe/")
    assert feed.link == "https://news.example.org/ru/topics/leadership/"


def test_the_sites_logo_is_the_feeds_picture() -> None:
    files = office(["en"], logo="logo.png").published()
    drawn = office(["en"], logo="logo.svg").published()

    assert parsed(files["en/feed.atom"].data).feed.logo == "https://news.example.org/assets/logo.png"
    assert parsed(files["en/feed.rss"].data).feed.image.href == "https://news.example.org/assets/logo.png"
    assert parsed(drawn["en/feed.atom"].data).feed.logo == "https://news.example.org/assets/logo.svg"
    assert "image" not in parsed(drawn["en/feed.rss"].data).feed


#: What content/ refuses is left out here: control characters and those that turn the direction of text.
_REFUSED = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufffe\uffff"
_REFUSED += "".join(map(chr, range(0xFDD0, 0xFDF0)))
_CHARACTERS = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=_REFUSED)
_TEXTS = st.text(_CHARACTERS, max_size=40).map(lambda text: f"A{text}")


@given(title=_TEXTS, summary=_TEXTS, body=_TEXTS)
def test_whatever_a_curator_writes_three_formats_say_it_alike(title: str, summary: str, body: str) -> None:
    site = office(["en"])
    site.say("event", "any", title=title, summary=summary, start="2026-09-06", body=body, curator_note=title)
    files = site.published()
    stated = read_json(files["en/feed.json"].data)

    assert [(one.id, one.link, one.published, one.content) for one in stated] == [
        (one.id, one.link, one.published, one.content) for one in read_xml(files["en/feed.atom"].data)
    ]
    for form, name in (("atom", f"{ATOM}title"), ("rss", "title")):
        (element,) = entries(files[f"en/feed.{form}"].data)
        assert text_of(element, name) == stated[0].title


def test_feeds_are_not_shared_between_editions() -> None:
    first = office(["en"])
    first.say("announcement", "a", title="One")
    one = first.release()
    first.say("announcement", "a", title="Two")
    two = first.release()

    assert [read_xml(next(iter(feeds(edition, first.theme))).data)[0].title for edition in (one, two)] == [
        "One",
        "Two",
    ]
