"""Whatever stands in records, feeds stay whole, lose nothing, and all formats say the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pictures import png
from publisher.render.atom_rss import atom_entry, rss_item
from publisher.render.entries import entry_of
from publisher.render.feed import Author, Category, Entry, EventFacts, Link, Picture, told
from publisher.render.jsonfeed import json_item
from sites import CuratedSite

from .documents import atom_document, json_document, rss_document
from .feedreaders import ATOM, CONTENT, EV, entries, one, parsed, read_json, read_xml, text_of
from .feedsites import NOW, office
from .test_atom_rss import ENTRY, FEED

if TYPE_CHECKING:
    from pathlib import Path

    from .feedsites import Office

FORMATS = ("atom", "rss", "json")
#: What a title may try: each is in every release.
TITLES = (
    "<b>Bold</b> & <script>alert(1)</script>",
    "]]> <![CDATA[x]]> <!-- -- --> <?x ?>",
    "&amp; &lt; &#0; &#x1F; &unknown; &",
    "🎓 👩‍👩‍👧 🏳️‍🌈 𝔘𝔫𝔦",
    "مؤتمر שלום \u200f (2026)",
    "é ﬁ Ә ģ\u200bx\u00ady",
    "{title} %s ${x} {{ config }}",
    "'; DROP TABLE entry; --",
    "\"quoted\" 'twice' `thrice`",
    "0",
    "A" * 300,
)

# Entries as values: whatever an old ledger or another program may have left in them


_ANY = st.text(st.characters(), max_size=30) | st.text(
    st.sampled_from("\x00\x07\x0b\r\n\t\x85\ud800\udfff\ufffe\uffff\U0001fffe]>&<'\" "), max_size=12
)
_SOME = _ANY.map(lambda text: f"A{text}Z")
_PATH = st.text(st.sampled_from("abc09-_~%&='()*+,;:@/?"), max_size=20)
_URLS = _PATH.map(lambda path: f"https://news.example.org/{path}")
_MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
_FACTS = st.builds(
    EventFacts, start=_SOME, end=_ANY, timezone=_ANY, location=_ANY, organizer=_ANY, status=_SOME, uid=_SOME,
    ical=_URLS,
)  # fmt: skip
_FILES = st.builds(
    Link, href=_URLS, rel=st.just("enclosure"), type=st.sampled_from(["application/pdf", "image/png"]),
    title=_ANY, length=st.integers(0, 10**9),
)  # fmt: skip
_ENTRIES = st.builds(
    Entry,
    id=_PATH.map(lambda path: f"tag:news.example.org,2026:event/{path}"), item=st.just("event/any"),
    title=_SOME, url=_URLS, links=st.lists(_FILES, max_size=3).map(tuple),
    published=_MOMENTS, updated=_MOMENTS,
    authors=st.builds(Author, name=_SOME, uri=_URLS).map(lambda author: (author,)),
    categories=st.lists(st.builds(Category, term=_SOME, label=_SOME, scheme=_URLS), max_size=2).map(tuple),
    summary=_SOME, content=_SOME, language=st.sampled_from([None, "kk", "ru"]),
    event=st.none() | _FACTS,
    picture=st.none()
    | st.builds(
        Picture, href=_URLS, alt=_ANY, type=st.just("image/png"), length=st.integers(0, 9),
        width=st.none(), height=st.none(),
    ),
)  # fmt: skip


@settings(max_examples=60)
@given(told_entries=st.lists(_ENTRIES, max_size=3))
def test_any_entry_makes_sound_documents_that_have_all_of_it(told_entries: list[Entry]) -> None:
    atom = atom_document(FEED, map(atom_entry, told_entries))
    rss = rss_document(FEED, map(rss_item, told_entries))
    items = json.loads(json_document(FEED, map(json_item, told_entries)))["items"]
    for document in (atom, rss):
        etree.fromstring(document)
        assert len(parsed(document).entries) == len(told_entries)
    for entry, stated, in_atom, in_rss in zip(told_entries, items, entries(atom), entries(rss), strict=True):
        assert _values(entry) == _of_json(stated) == _of_atom(in_atom) == _of_rss(in_rss)


def _values(entry: Entry) -> tuple[object, ...]:
    """All that every format has of an entry."""
    event = entry.event
    return (
        entry.id,
        entry.url,
        entry.title,
        entry.content,
        entry.published,
        entry.updated,
        [author.name for author in entry.authors],
        [category.label for category in entry.categories],
        [(link.href, link.type, str(link.length)) for link in entry.enclosures],
        {name: value for name, value in _facts(event).items() if value} if event else {},
    )


def _facts(event: EventFacts) -> dict[str, str]:
    return {
        "startdate": event.start, "enddate": event.end, "location": event.location,
        "organizer": event.organizer, "type": event.type,
    }  # fmt: skip


def _of_json(item: dict[str, Any]) -> tuple[object, ...]:
    names = {"start": "startdate", "end": "enddate"}
    event = item.get("_event", {})
    return (
        item["id"],
        item["url"],
        item["title"],
        item["content_html"],
        datetime.fromisoformat(item["date_published"]),
        datetime.fromisoformat(item["date_modified"]),
        [author["name"] for author in item["authors"]],
        item.get("tags", []),
        [(f["url"], f["mime_type"], str(f["size_in_bytes"])) for f in item.get("attachments", ())],
        {
            names.get(name, name): event[name]
            for name in ("start", "end", "location", "organizer", "type")
            if name in event
        },
    )


def _of_atom(entry: ET.Element) -> tuple[object, ...]:
    links = entry.findall(f"{ATOM}link")
    return (
        text_of(entry, f"{ATOM}id"),
        next(link.get("href") for link in links if link.get("rel") == "alternate"),
        text_of(entry, f"{ATOM}title"),
        text_of(entry, f"{ATOM}content"),
        datetime.fromisoformat(text_of(entry, f"{ATOM}published")),
        datetime.fromisoformat(text_of(entry, f"{ATOM}updated")),
        [text_of(author, f"{ATOM}name") for author in entry.findall(f"{ATOM}author")],
        [category.get("label") for category in entry.findall(f"{ATOM}category")],
        [
            (link.get("href"), link.get("type"), link.get("length"))
            for link in links
            if link.get("rel") == "enclosure"
        ],
        {each.tag.removeprefix(EV): each.text for each in entry if each.tag.startswith(EV)},
    )


def _of_rss(item: ET.Element) -> tuple[object, ...]:
    return (
        text_of(item, "guid"),
        text_of(item, "link"),
        text_of(item, "title"),
        text_of(item, f"{CONTENT}encoded"),
        parsedate_to_datetime(text_of(item, "pubDate")),
        datetime.fromisoformat(text_of(item, f"{ATOM}updated")),
        [each.text for each in item if each.tag.endswith("creator")],
        [category.text for category in item.findall("category")],
        [
            *((f.get("url"), f.get("type"), f.get("length")) for f in item.findall("enclosure")),
            *((f.get("url"), f.get("type"), f.get("fileSize")) for f in item if f.tag.endswith("}content")),
        ],
        {each.tag.removeprefix(EV): each.text for each in item if each.tag.startswith(EV)},
    )


# What a curator may write


_REFUSED = "".join(map(chr, (*range(0x2028, 0x202F), *range(0x2066, 0x206A), *range(0xFDD0, 0xFDF0), 0xFEFF)))
_REFUSED += "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
#: feedparser takes letters of Latin-1 alone for UTF-8 that somebody has encoded twice, and mends that.
_LATIN = "".join(map(chr, range(0x80, 0x100)))
_WRITTEN = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=_REFUSED + _LATIN)
_LINE = st.text(_WRITTEN, max_size=30).map(lambda text: f"A{text}")
_PIECES = [
    "[a](photo.png)", "![b](photo.png)", "![c](missing.png)", "[d](javascript:alert(1))", "![e](data:x,y)",
    "[f](../x/)", "<img src='//evil.example/x.png' onerror=alert(1)>", "[^1]", "\n\n[^1]: note\n\n", "# ",
    "- ", "<script>alert(1)</script>", "<b>", "</p>", "<a href=photo.png>", "```", "| a |\n|---|\n", "\n",
    "> ", "<div id=x>", "[g](#x)", "&#1072;", "]]>", "<!--", "<style>",
    "<p style=x>", "[h](https://пример.example/ә)", "<base href='//evil.example/'>", "<svg/onload=alert(1)>",
]  # fmt: skip
_MARKDOWN = st.lists(st.sampled_from(_PIECES) | _LINE, max_size=12).map("".join)


@settings(max_examples=50)  # each is a release
@given(title=_LINE, summary=st.none() | _LINE, body=_MARKDOWN, place=_LINE)
def test_whatever_a_curator_writes_the_formats_agree_and_nothing_runs(
    title: str, summary: str | None, body: str, place: str
) -> None:
    site = office(["en"])
    site.put("event", "photo.png", png(3, 4))
    words = {"title": title, **({"summary": summary} if summary else {})}
    site.say(
        "event", "any", start="2026-09-06", place={"name": place}, organisers=[{"name": place}], body=body,
        curator_note=title, sources=[{"title": title, "url": "https://source.example.org/?a=1&b=2"}], **words,
    )  # fmt: skip
    files = site.published()
    stated = read_json(files["en/feed.json"].data)

    assert len(stated) == 1
    assert stated == read_xml(files["en/feed.atom"].data) == read_xml(files["en/feed.rss"].data)
    seen = _Seen(stated[0].content)
    assert not seen.tags - _HARMLESS
    assert not [each for each in seen.addresses if not each.startswith(("https://", "http://", "mailto:"))]
    assert not [name for name in seen.attributes if name.startswith("on") or name in {"style", "srcdoc"}]


_HARMLESS = {
    "a", "b", "blockquote", "br", "code", "del", "div", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li",
    "ol", "p", "pre", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


class _Seen(HTMLParser):
    """What a reader's browser would make of a content."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]


def released(*titles: str) -> Office:
    site = office(["en"], extra={"publish": {"feed_entries": 50}})
    for number, title in enumerate(titles):
        site.say("announcement", f"n{number}", title=title)
    return site


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_what_was_written(title: str) -> None:
    files = released(title).published()
    (atom,), (rss,) = (entries(files[f"en/feed.{form}"].data) for form in ("atom", "rss"))
    (item,) = json.loads(files["en/feed.json"].data)["items"]

    assert item["title"] == text_of(atom, f"{ATOM}title") == text_of(rss, "title") == title
    assert one(atom, f"{ATOM}title").get("type") == "text"


def test_many_odd_titles_are_as_many_entries() -> None:
    files = released(*TITLES).published()
    read = read_json(files["en/announcements/feed.json"].data)

    assert read == read_xml(files["en/announcements/feed.atom"].data)
    assert read == read_xml(files["en/announcements/feed.rss"].data)
    assert {one.title for one in read} <= set(TITLES)
    assert len(read) == len({one.id for one in read}) == len(TITLES)


def test_a_record_whose_title_no_format_can_carry_is_called_by_its_id() -> None:
    """Content refuses such a title; a ledger of long ago may have one."""
    site = released("A title")
    edition = site.release()
    (record,) = edition.announcements
    text = record.text("en").model_copy(update={"title": "\ufffe\x00"})
    entry = entry_of(edition, site.theme, "en", replace(record, texts={"en": text}))

    assert (entry.title, entry.summary) == ("n0", "n0")
    assert text_of(entries(rss_document(FEED, [rss_item(entry)]))[0], "title") == "n0"


def test_two_records_of_the_same_second_are_two_entries_in_the_same_order_everywhere() -> None:
    files = released("One", "Two", "Three").published()
    (first, *_), *others = read = [
        [(one.id, one.published) for one in reads(files[f"en/feed.{form}"].data)]
        for form, reads in zip(FORMATS, (read_xml, read_xml, read_json), strict=True)
    ]

    assert others == [read[0], read[0]]
    assert {published for _, published in read[0]} == {first[1]}
    assert len({id_ for id_, _ in read[0]}) == 3


def test_no_entry_is_of_the_future() -> None:
    site = office(["en"], now=NOW)
    site.say("announcement", "early", title="Early", date="2031-01-01")
    site.say("announcement", "sourced", title="S", sources=[{"title": "s", "published": "2031-01-01"}])
    site.say("event", "far", title="Far", start="2031-01-01")
    site.release()
    site.say("event", "far", title="Far", start="2031-01-02")
    read = read_json(site.published()["en/feed.json"].data)

    assert len(read) == 3
    assert all(entry.published <= entry.updated <= site.now for entry in read)
    assert [entry.updated > entry.published for entry in read].count(True) == 1


@pytest.mark.parametrize("count", [0, 1])
def test_a_feed_of_nothing_and_of_one_entry_is_whole(count: int) -> None:
    files = released(*["News"] * count).published()

    assert [len(parsed(files[f"en/feed.{form}"].data).entries) for form in ("atom", "rss")] == [count, count]
    assert len(json.loads(files["en/feed.json"].data)["items"]) == count


def test_a_text_of_five_megabytes_is_published_whole_and_begins_in_feeds(tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path / "site")
    sentence = "A long sentence & more. "
    site.event("huge", title="Huge", body=sentence * (5_000_000 // len(sentence)))
    site.event("meeting", title="Meeting")
    checked = site.run("check")
    site.build(status=None)

    assert "content/events/2026/huge.md:" in checked.stderr
    assert "warning[body-long-for-feeds]: the record has about 5" in checked.stderr
    assert site.served("en/events/huge/index.html").count("A long sentence &amp; more.") == 5_000_000 // len(
        sentence
    )
    told = {entry.title: entry.content for entry in read_xml(site.served("en/feed.atom").encode())}
    assert set(told) == {"Huge", "Meeting"}
    assert 1_500 < told["Huge"].count("A long sentence &amp; more.") < 2_500


@pytest.mark.parametrize("deep", [">" * 5_000_000, "<div>" * 1_000_000, "*a " * 101 + "b* " * 101])
def test_a_text_that_is_nested_without_end_is_refused_by_name_and_everything_else_is_published(
    tmp_path: Path, deep: str
) -> None:
    site = CuratedSite.create(tmp_path / "site")
    site.event("deep", title="Deep", body=deep)
    site.event("meeting", title="Meeting")
    checked = site.run("check", status=1)
    site.build(status=None)

    assert "content/events/2026/deep.md:" in checked.stderr
    assert "error[nested-too-deep]: expected at most 100 levels in the text, got more" in checked.stderr
    assert [entry.title for entry in read_xml(site.served("en/feed.atom").encode())] == ["Meeting"]


def test_what_is_left_out_is_only_what_no_document_can_hold() -> None:
    text = "A\x00\x08\x0b\x1f\ud800\udfff\ufffe\uffffZ"

    assert told(text) == "AZ"
    assert (
        told("\t\n\r \x7f\x85\ud7ff\ue000\ufdd0\ufffd\U0010ffff")
        == "\t\n\r \x7f\x85\ud7ff\ue000\ufdd0\ufffd\U0010ffff"
    )
    for document in (
        atom_document(FEED, [atom_entry(_titled(text))]),
        rss_document(FEED, [rss_item(_titled(text))]),
    ):
        assert b">AZ</title>" in document
    assert json.loads(json_item(_titled(text)))["title"] == "AZ"


def _titled(title: str) -> Entry:
    return replace(ENTRY, title=title)
