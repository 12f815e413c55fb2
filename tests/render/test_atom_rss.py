"""What feedgen gets wrong is right in our feeds: each test fails when its remedy is taken away."""

from __future__ import annotations

import json
import locale
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from lxml import etree

from publisher.render.atom_rss import atom_entry, rss_item
from publisher.render.feed import (
    Author,
    Category,
    Entry,
    EventFacts,
    Feed,
    Link,
    Picture,
    UnwritableEntry,
)
from publisher.render.jsonfeed import json_item
from publisher.syndication.lint import check

from .documents import atom_document, json_document, rss_document
from .feedreaders import ATOM, CONTENT, DC, EV, HISTORY, LANG, MEDIA, entries, links, one, parsed, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SCHEMA = Path(__file__).parents[1] / "schemas/rss.rng"
PAGE = "https://news.example.org/en/events/school/"
KAZAKH = "https://news.example.org/kk/events/school/"
FILE = "https://news.example.org/assets/files/p.pdf"
PHOTO = "https://news.example.org/assets/files/p.jpg"
AUTHOR = Author(name="The office", uri="https://news.example.org/en/")
ENTRY = Entry(
    id="tag:news.example.org,2026:event/school/en",
    item="event/school",
    title="School <b>&amp;</b> ]]>",
    url=PAGE,
    links=(
        Link(href=KAZAKH, rel="related", type="text/html", hreflang="kk", title="Мектеп"),
        Link(href="https://source.example.org/", rel="via", title="Source"),
        Link(href=f"{PAGE}event.ics", rel="enclosure", type="text/calendar", length=1234),
        Link(href=PHOTO, rel="enclosure", type="image/jpeg", length=20_000),
        Link(href=FILE, rel="enclosure", type="application/pdf", title="Programme", length=5_000),
    ),
    published=datetime(2026, 5, 1, 3, tzinfo=UTC),
    updated=datetime(2026, 5, 2, 3, tzinfo=UTC),
    authors=(AUTHOR,),
    categories=(Category(term="skills", label="Skills", scheme="tag:news.example.org,2026:topics"),),
    summary="A school <in> summer",
    content="<p>A school &lt;in&gt; summer ]]&gt;</p>",
    language="kk",
    event=EventFacts(
        start="2026-09-06", end="2026-09-08", timezone="", location="Hall", organizer="University",
        status="confirmed", uid="event.school@news.example.org", ical=f"{PAGE}event.ics",
    ),
    picture=Picture(href=PHOTO, alt="Us", type="image/jpeg", length=20_000, width=640, height=480),
)  # fmt: skip
FEED = Feed(
    id="tag:news.example.org,2026:feed/main/en",
    title="Site",
    subtitle="News <and> events",
    language="en",
    home_url="https://news.example.org/en/",
    self_url="https://news.example.org/en/feed.atom",
    updated=datetime(2026, 5, 2, 3, tzinfo=UTC),
    author=AUTHOR,
    stylesheet="/assets/feed.css",
)
ENTRIES = (ENTRY, replace(ENTRY, id="tag:news.example.org,2026:event/other/en", language=None))


def atom(feed: Feed = FEED, told: Iterable[Entry] = ENTRIES) -> bytes:
    return atom_document(feed, map(atom_entry, told))


def rss(feed: Feed = FEED, told: Iterable[Entry] = ENTRIES) -> bytes:
    return rss_document(feed, map(rss_item, told))


def test_every_link_of_an_atom_entry_keeps_its_attributes() -> None:
    entry = entries(atom())[0]

    assert [link.attrib for link in entry.findall(f"{ATOM}link")] == [
        {"href": PAGE, "rel": "alternate", "type": "text/html"},
        {"href": KAZAKH, "rel": "related", "type": "text/html", "hreflang": "kk", "title": "Мектеп"},
        {"href": "https://source.example.org/", "rel": "via", "title": "Source"},
        {"href": f"{PAGE}event.ics", "rel": "enclosure", "type": "text/calendar", "length": "1234"},
        {"href": PHOTO, "rel": "enclosure", "type": "image/jpeg", "length": "20000"},
        {"href": FILE, "rel": "enclosure", "type": "application/pdf", "title": "Programme", "length": "5000"},
    ]


def test_texts_are_typed_escaped_once_and_in_their_language() -> None:
    root = ET.fromstring(atom())  # noqa: S314
    first, second = entries(atom())

    for element, name in ((root, "title"), (root, "subtitle"), (first, "title"), (first, "summary")):
        assert one(element, f"{ATOM}{name}").get("type") == "text"
    assert text_of(first, f"{ATOM}title") == "School <b>&amp;</b> ]]>"
    assert one(first, f"{ATOM}content").get("type") == "html"
    assert (first.get(LANG), second.get(LANG)) == ("kk", None)


def test_an_rss_item_and_channel_open_their_own_page() -> None:
    """feedgen takes the last link that it is given for the channel's, the last alternate for the item's."""
    channel = one(ET.fromstring(rss()), "channel")  # noqa: S314

    assert [link.text for link in channel.findall("link")] == ["https://news.example.org/en/"]
    assert [link.text for link in entries(rss())[0].findall("link")] == [PAGE]


def test_rss_has_room_for_one_enclosure_and_tells_of_further_files_in_media_rss() -> None:
    (item, _) = entries(rss())

    assert [file.attrib for file in item.findall("enclosure")] == [
        {"url": f"{PAGE}event.ics", "length": "1234", "type": "text/calendar"}
    ]
    assert [file.attrib for file in item.findall(f"{MEDIA}content")] == [
        {
            "url": PHOTO, "type": "image/jpeg", "medium": "image", "fileSize": "20000",
            "width": "640", "height": "480",
        },
        {"url": FILE, "type": "application/pdf", "medium": "document", "fileSize": "5000"},
    ]  # fmt: skip


def test_each_document_names_its_own_address_alone() -> None:
    own = parsed(rss(replace(FEED, self_url="https://news.example.org/en/feed.rss"))).feed.links

    assert [link.href for link in own if link.rel == "self"] == ["https://news.example.org/en/feed.rss"]
    assert [link.get("href") for link in links(ET.fromstring(atom()), "self")] == [FEED.self_url]  # noqa: S314


def test_rss_names_an_author_without_an_address() -> None:
    channel = one(ET.fromstring(rss()), "channel")  # noqa: S314

    assert text_of(channel, f"{DC}creator") == "The office"
    assert text_of(entries(rss())[0], f"{DC}creator") == "The office"
    assert entries(rss())[0].find("author") is None


def test_rss_has_summary_and_full_text_apart() -> None:
    item = entries(rss())[0]

    assert text_of(item, "description") == "A school &lt;in&gt; summer"
    assert text_of(item, f"{CONTENT}encoded") == ENTRY.content


def test_what_a_feed_is_reads_the_same_in_both_formats() -> None:
    channel = one(ET.fromstring(rss()), "channel")  # noqa: S314

    assert text_of(channel, "description") == "News &lt;and&gt; events"
    assert text_of(ET.fromstring(atom()), f"{ATOM}subtitle") == FEED.subtitle  # noqa: S314


@pytest.mark.parametrize(
    ("summary", "description"),
    [
        ("A school in summer", "A school in summer"),
        ("R&D, Q&A; 3 < 4 > 2", "R&D, Q&A; 3 < 4 > 2"),
        ("Write <b>", "Write &lt;b&gt;"),
        ("Write &amp; and &#38;", "Write &amp;amp; and &amp;#38;"),
        ("</p>", "&lt;/p&gt;"),
    ],
)
def test_an_rss_summary_reads_as_html_what_it_is_as_text(summary: str, description: str) -> None:
    """Readers of RSS take a description for HTML: what looks like a tag would vanish."""
    (item,) = entries(rss(told=[replace(ENTRY, summary=summary)]))

    assert text_of(item, "description") == description
    assert unescape(description) == summary


def test_entries_keep_their_order() -> None:
    told = [entry.id for entry in ENTRIES]

    assert [text_of(entry, f"{ATOM}id") for entry in entries(atom())] == told
    assert [text_of(item, "guid") for item in entries(rss())] == told


def test_an_entry_names_its_authors_in_both_formats() -> None:
    (author,) = entries(atom())[0].findall(f"{ATOM}author")

    assert (text_of(author, f"{ATOM}name"), text_of(author, f"{ATOM}uri")) == (AUTHOR.name, AUTHOR.uri)
    assert [each.text for each in entries(rss())[0].findall(f"{DC}creator")] == [AUTHOR.name]


def test_the_facts_of_an_event_are_in_the_same_elements_in_both_formats() -> None:
    facts = {
        "startdate": "2026-09-06", "enddate": "2026-09-08", "location": "Hall", "organizer": "University",
        "type": "event",
    }  # fmt: skip
    for write in (atom, rss):
        entry = entries(write())[0]
        assert {each.tag.removeprefix(EV): each.text for each in entry if each.tag.startswith(EV)} == facts
    news = replace(ENTRY, event=None)
    assert EV.encode()[1:-1] not in b"".join([atom_entry(news), rss_item(news)])


@pytest.mark.parametrize("write", [atom, rss])
def test_a_feed_names_its_hubs(write: Callable[..., bytes]) -> None:
    hubs = ("https://hub.example.org/", "https://other.example.org/?a=1&b=2")
    root = ET.fromstring(write(replace(FEED, hubs=hubs)))  # noqa: S314
    channel = root.find("channel")

    assert [link.get("href") for link in links(root if channel is None else channel, "hub")] == list(hubs)
    assert b"hub" not in write()


@pytest.mark.parametrize("write", [atom, rss])
def test_a_feed_leads_to_its_older_entries(write: Callable[..., bytes]) -> None:
    """In RSS as well (RFC 5005 section 4): its archive is the Atom feed's, and says so."""
    older = "https://news.example.org/en/archive/3.atom"
    root = ET.fromstring(write(replace(FEED, prev_archive=older)))  # noqa: S314
    channel = root.find("channel")

    assert [link.attrib for link in links(root if channel is None else channel, "prev-archive")] == [
        {"href": older, "rel": "prev-archive", "type": "application/atom+xml"}
    ]
    assert b"prev-archive" not in write()


def test_an_rss_feed_with_all_its_links_is_sound() -> None:
    feed = replace(
        FEED, self_url="https://news.example.org/en/feed.rss", hubs=("https://hub.example.org/",),
        prev_archive="https://news.example.org/en/archive/3.atom",
    )  # fmt: skip
    document = rss(feed, [replace(ENTRY, title="School", summary="A school", content="<p>A school</p>")])

    assert check(document, feed.self_url) == ()
    etree.RelaxNG(etree.parse(SCHEMA)).assertValid(etree.fromstring(document))


def test_an_archive_says_that_it_is_one() -> None:
    archived, living = (ET.fromstring(document) for document in (archive(), atom()))  # noqa: S314

    assert archived.find(f"{HISTORY}archive") is not None
    assert [link.get("href") for link in links(archived, "current")] == [FEED.self_url]
    assert living.find(f"{HISTORY}archive") is None


@pytest.mark.parametrize("write", [atom_entry, rss_item])
def test_an_entry_that_cannot_be_written_names_its_record(write: Callable[[Entry], bytes]) -> None:
    """What the libraries raise says neither which entry it is, nor what one could do."""
    nowhere = replace(ENTRY, published=datetime(2026, 5, 1, 3))  # noqa: DTZ001 -- it has no zone: that is wrong

    with pytest.raises(UnwritableEntry, match=r"'event/school' cannot be written.*no timezone"):
        write(nowhere)


def test_dates_are_those_of_the_data_and_never_now() -> None:
    assert set(re.findall(rb">(20\d\d-[^<]*T[^<]*)<", atom())) == {
        b"2026-05-01T03:00:00+00:00",
        b"2026-05-02T03:00:00+00:00",
    }
    assert set(re.findall(rb">([A-Z][a-z]{2}, [^<]*)<", rss())) == {
        b"Fri, 01 May 2026 03:00:00 +0000",
        b"Sat, 02 May 2026 03:00:00 +0000",
    }


def test_the_locale_of_the_process_is_never_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise AssertionError("the process's locale was asked for or set")

    monkeypatch.setattr(locale, "setlocale", refuse)

    assert b"Sat, 02 May 2026" in rss()


def archive() -> bytes:
    return atom(replace(FEED, current=FEED.self_url))


@pytest.mark.parametrize("write", [atom, rss, archive])
def test_prefixes_are_declared_once_at_the_root(write: Callable[[], bytes]) -> None:
    assert b"ns0:" not in write()
    for declaration in set(re.findall(rb'xmlns:?\w*="[^"]*"', write())):
        assert write().count(declaration) == 1


def test_the_generator_is_named_without_a_version() -> None:
    """An upgrade must not make a feed look changed."""
    assert b"<generator>publisher</generator>" in atom()
    assert b"<generator>publisher</generator>" in rss()


@pytest.mark.parametrize("write", [atom, rss])
def test_a_browser_is_given_css_and_no_xslt(write: Callable[[], bytes]) -> None:
    assert write().splitlines()[1] == b'<?xml-stylesheet type="text/css" href="/assets/feed.css"?>'
    assert b"xsl" not in write().replace(b"xml-stylesheet", b"")


def test_categories_have_name_and_scheme_in_both_formats() -> None:
    term = parsed(atom()).entries[0].tags[0]
    category = one(entries(rss())[0], "category")

    assert (term.term, term.label, term.scheme) == ("skills", "Skills", "tag:news.example.org,2026:topics")
    assert (category.text, category.get("domain")) == ("Skills", "tag:news.example.org,2026:topics")


def test_text_that_xml_cannot_hold_is_left_out() -> None:
    """Content and configuration refuse it; what was kept before they did must not break a feed."""
    entry = replace(ENTRY, title="Bell\x07 and \ufffe \U0001f393 \ud800")
    feed = replace(FEED, title="Form\x0cfeed")

    for read in (parsed(atom(feed, [entry])), parsed(rss(feed, [entry]))):
        assert (read.feed.title, read.entries[0].title) == ("Formfeed", "Bell and  🎓")
    stated = json.loads(json_document(feed, [json_item(entry)]))
    assert (stated["title"], stated["items"][0]["title"].strip()) == ("Formfeed", "Bell and  🎓")
