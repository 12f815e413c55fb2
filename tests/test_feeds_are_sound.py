"""Every feed and archive of three sites, before independent judges and our own rules: nothing to find.

The sites are this repository's, the one with one of everything, and one of many records.
"""

from __future__ import annotations

import json
import re
import shutil
import struct
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree, html

import many_records
import plain_feeds
from publisher.syndication.lint import check, is_feed
from sites import CuratedSite
from test_golden import lay_over

ROOT = Path(__file__).parents[1]
SCHEMAS = Path(__file__).parent / "schemas"
CASE = Path(__file__).parent / "golden" / "everything"
#: How many records the third site has, in archives of how many.
RECORDS, SIZE = 160, 15
#: When the last release was.
NOW = "2026-06-03T08:00:00+02:00"
#: What may not stand in a text that many programs show.
HARMFUL = {"script", "style", "form", "iframe", "object", "embed", "input", "base", "meta", "link"}


def _ours(root: Path) -> CuratedSite:
    root.mkdir()
    shutil.copy(ROOT / "publisher.toml", root)
    for folder in ("content", "templates"):
        shutil.copytree(ROOT / folder, root / folder)
    site = CuratedSite(root)
    site.build(NOW)
    return site


def _everything(root: Path) -> CuratedSite:
    site = CuratedSite(root)
    for line in (CASE / "steps.txt").read_text("utf-8").splitlines():
        now, folder = line.split()
        lay_over(CASE / folder, root)
        site.run("build", "--now", now, status=None)
    return site


def _many(root: Path) -> CuratedSite:
    many_records.fill(root, RECORDS, size=SIZE)
    site = CuratedSite(root)
    site.build(NOW)
    return site


SITES: dict[str, Callable[[Path], CuratedSite]] = {"ours": _ours, "everything": _everything, "many": _many}


@pytest.fixture(scope="module", params=SITES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> CuratedSite:
    """One site after the other; for reading only."""
    return SITES[request.param](tmp_path_factory.mktemp(request.param) / "site")


def documents(site: CuratedSite, *formats: str) -> Iterator[tuple[str, bytes]]:
    """Every feed and archive in these formats."""
    found = [
        (path.relative_to(site.root / "build").as_posix(), path.read_bytes())
        for path in sorted((site.root / "build").rglob("*"))
        if path.suffix in formats
    ]
    feeds = [(path, data) for path, data in found if not path.endswith(".json") or is_feed(data)]
    assert len(feeds) >= 20
    yield from feeds


def entries(site: CuratedSite) -> Iterator[plain_feeds.Entry]:
    """Each entry once, as the JSON feeds tell it."""
    known: dict[str, plain_feeds.Entry] = {}
    for _, data in documents(site, ".json"):
        known |= {entry.id: entry for entry in plain_feeds.read(data).entries}
    assert known
    yield from known.values()


@cache
def schema(name: str) -> etree.RelaxNG:
    """The grammar of a format."""
    return etree.RelaxNG(etree.parse(SCHEMAS / f"{name}.rng"))


def test_our_own_rules_find_nothing(site: CuratedSite) -> None:
    for path, data in documents(site, ".atom", ".rss", ".json"):
        assert check(data, path) == (), path


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_every_document_is_as_the_grammar_says(form: str, site: CuratedSite) -> None:
    grammar = schema(form)
    for path, data in documents(site, f".{form}"):
        assert grammar.validate(etree.fromstring(data)), f"{path}: {grammar.error_log}"


#: What a grammar must refuse, and how it is made of what it accepts.
SPOILT = {
    "atom: two titles": ("atom", rb"(<title[^>]*>[^<]*</title>)", rb"\1\1"),
    "atom: a title without a type": ("atom", rb'<title type="text">', rb"<title>"),
    "atom: no updated": ("atom", rb"<updated>.*?</updated>", rb""),
    "atom: a date without an offset": ("atom", rb"(<updated>[^<]*?)\+00:00", rb"\1"),
    "atom: a relative link": ("atom", rb'href="https://[^/]*', rb'href="'),
    "atom: a file without a length": ("atom", rb' length="\d+"', rb""),
    "atom: text among elements": ("atom", rb"<entry>", rb"<entry>text"),
    "atom: an unknown element": ("atom", rb"<id>", rb"<author2/><id>"),
    "rss: no guid": ("rss", rb"<guid.*?</guid>", rb""),
    "rss: two files": ("rss", rb"(<enclosure[^>]*>)", rb"\1\1"),
    "rss: a short year": ("rss", rb"(<pubDate>..., .. ...) 20", rb"\1 "),
    "rss: no description": ("rss", rb"<description>.*?</description>", rb""),
    "rss: an event's day as people write it": (
        "rss",
        rb"<ev:startdate>.*?</ev:startdate>",
        rb"<ev:startdate>11.06.2026</ev:startdate>",
    ),
    "rss: an end without a start": ("rss", rb"<ev:startdate>.*?</ev:startdate>", rb""),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_the_grammars_refuse_what_is_wrong(spoilt: str, site: CuratedSite) -> None:
    form, good, bad = SPOILT[spoilt]
    data = (site.root / "build" / "en" / f"feed.{form}").read_bytes()
    wrong, times = re.subn(good, bad, data, count=1, flags=re.DOTALL)

    assert times == 1
    assert schema(form).validate(etree.fromstring(data))
    assert not schema(form).validate(etree.fromstring(wrong))


def test_dates_mean_something(site: CuratedSite) -> None:
    """First published, then changed, never to come; a feed is as new as its newest entry, and in order."""
    now = plain_feeds.in_utc(plain_feeds.datetime.fromisoformat(NOW))
    for path, data in documents(site, ".atom", ".rss", ".json"):
        feed = plain_feeds.read(data)
        updated = [entry.updated or "" for entry in feed.entries]
        published = [entry.published for entry in feed.entries]

        assert all(first <= last <= now for first, last in zip(published, updated, strict=True)), path
        assert feed.is_archive or published == sorted(published, reverse=True), path
        if updated and not path.endswith(".json"):
            assert feed.updated == max(updated), path


def test_files_are_there_with_the_length_and_type_that_are_told(site: CuratedSite) -> None:
    types = {".ics": "text/calendar", ".pdf": "application/pdf", ".png": "image/png"}
    seen = set()
    for entry in entries(site):
        for file in entry.files or ():
            path = _published(site, file.url)
            seen.add(path.suffix)
            assert path.stat().st_size == file.length, file.url
            assert types[path.suffix] == file.type, file.url
    assert ".ics" in seen


def test_the_picture_of_an_entry_is_one_of_its_files_and_in_its_text(site: CuratedSite) -> None:
    pictures = 0
    for path, data in documents(site, ".json"):
        for item in json.loads(data)["items"]:
            shown = [file["url"] for file in item.get("attachments", ()) if file["mime_type"] == "image/png"]
            if "image" in item:
                pictures += 1
                assert item["image"] == shown[0], path
                assert f'src="{item["image"]}"' in item["content_html"], path
    assert pictures or site.root.parent.name.startswith("ours")  # whose sources gave no picture


def test_texts_lead_somewhere_from_anywhere(site: CuratedSite) -> None:
    """Safe, with absolute addresses; pictures say what they show and how large they are."""
    for entry in entries(site):
        body = html.fragment_fromstring(entry.content or "", create_parent="body")
        for element in body.iter():
            assert element.tag not in HARMFUL, entry.id
            assert not [name for name in element.attrib if name.startswith("on") or name == "style"], entry.id
        for element, attribute, link, _ in body.iterlinks():
            assert re.match(r"https?://|mailto:", link), f"{entry.id}: {link}"
            if attribute == "src":
                path = _published(site, link)
                assert element.get("alt"), entry.id
                assert (element.get("width"), element.get("height")) == _size(path), entry.id


def _published(site: CuratedSite, address: str) -> Path:
    """The file at an address of the site."""
    path = address.split("/", 3)[3]
    return site.root / "build" / path


def _size(picture: Path) -> tuple[str, str]:
    """Width and height of a PNG (PNG specification, section 11.2.2)."""
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return str(width), str(height)
