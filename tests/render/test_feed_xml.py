"""What feedgen gets wrong is right in our feeds: each test fails when its remedy is taken away."""

from __future__ import annotations

import json
import locale
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from publisher.render.atom_rss import XmlWriter
from publisher.render.feed import Author, Category, Entry, EventFacts, Feed, Link
from publisher.render.jsonfeed import json_feed

from .feedreaders import ATOM, CONTENT, DC, LANG, entries, links, one, parsed, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = "https://news.example.org/en/events/school/"
KAZAKH = "https://news.example.org/kk/events/school/"
FILE = "https://news.example.org/assets/files/p.pdf"
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
        Link(href=FILE, rel="enclosure", type="application/pdf", title="Programme"),
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
    entries=(ENTRY, replace(ENTRY, id="tag:news.example.org,2026:event/other/en", language=None)),
)


def atom() -> bytes:
    return XmlWriter().atom(FEED)


def rss() -> bytes:
    return XmlWriter().rss(FEED)


def test_every_link_of_an_atom_entry_keeps_its_attributes() -> None:
    entry = entries(atom())[0]

    assert [link.attrib for link in entry.findall(f"{ATOM}link")] == [
        {"href": PAGE, "rel": "alternate", "type": "text/html"},
        {"href": KAZAKH, "rel": "related", "type": "text/html", "hreflang": "kk", "title": "Мектеп"},
        {"href": "https://source.example.org/", "rel": "via", "title": "Source"},
        {"href": f"{PAGE}event.ics", "rel": "enclosure", "type": "text/calendar", "length": "1234"},
        {"href": FILE, "rel": "enclosure", "type": "application/pdf", "title": "Programme"},
    ]  # fmt: skip


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


def test_the_file_that_an_rss_item_offers_is_the_one_whose_length_is_known() -> None:
    turned = replace(ENTRY, links=ENTRY.links[::-1])

    for document in (rss(), XmlWriter().rss(replace(FEED, entries=(turned,)))):
        assert [file.attrib for file in entries(document)[0].findall("enclosure")] == [
            {"url": f"{PAGE}event.ics", "length": "1234", "type": "text/calendar"}
        ]


def test_each_document_names_its_own_address_alone() -> None:
    own = parsed(XmlWriter().rss(replace(FEED, self_url="https://news.example.org/en/feed.rss"))).feed.links

    assert [link.href for link in own if link.rel == "self"] == ["https://news.example.org/en/feed.rss"]
    assert [link.get("href") for link in links(ET.fromstring(atom()), "self")] == [FEED.self_url]  # noqa: S314


def test_rss_names_an_author_without_an_address() -> None:
    channel = one(ET.fromstring(rss()), "channel")  # noqa: S314

    assert text_of(channel, f"{DC}creator") == "The office"
    assert text_of(entries(rss())[0], f"{DC}creator") == "The office"
    assert entries(rss())[0].find("author") is None


def test_rss_has_summary_and_full_text_apart() -> None:
    item = entries(rss())[0]

    assert text_of(item, "description") == "A school <in> summer"
    assert text_of(item, f"{CONTENT}encoded") == ENTRY.content


def test_entries_keep_their_order() -> None:
    assert [text_of(entry, f"{ATOM}id") for entry in entries(atom())] == [entry.id for entry in FEED.entries]
    assert [text_of(item, "guid") for item in entries(rss())] == [entry.id for entry in FEED.entries]


def test_dates_are_those_of_the_data_and_never_now() -> None:
    assert set(re.findall(rb">(20\d\d-[^<]*)<", atom())) == {
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
    return XmlWriter().atom(replace(FEED, current=FEED.self_url))


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
    feed = replace(FEED, title="Form\x0cfeed", entries=(entry,))

    for read in (parsed(XmlWriter().atom(feed)), parsed(XmlWriter().rss(feed))):
        assert (read.feed.title, read.entries[0].title) == ("Formfeed", "Bell and  🎓")
    stated = json.loads(json_feed(feed))
    assert (stated["title"], stated["items"][0]["title"].strip()) == ("Formfeed", "Bell and  🎓")
