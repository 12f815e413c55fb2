"""Atom, RSS and JSON say the same to all parsers: on this site, on one with everything, on a large one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

import many_records
import plain_feeds
from publisher.syndication.lint import check

from .feeds import ALL, KNOWS, read_sanitised, read_with
from .site import Site
from .tools import LOCALES, ROOT, check_html

pytestmark = pytest.mark.interop

#: The product as it is where a program speaks its user's language: with Russian months, letters and commas.
IN_RUSSIAN = """\
import locale, sys, time
locale.setlocale(locale.LC_ALL, "ru_RU.UTF-8")
assert time.strftime("%B", time.gmtime(0)) == "января"
from publisher.__main__ import main
main()
"""
#: What a living feed may weigh, in bytes.
LIVING = 200_000
FORMATS = (".atom", ".rss", ".json")


@pytest.fixture(params=["site", "everything", "throng"])
def published(request: pytest.FixtureRequest) -> Site:
    """Give one site after the other."""
    site: Site = request.getfixturevalue(request.param)
    return site


def living(site: Site) -> list[Path]:
    """List the feeds that have an Atom document, without their endings."""
    feeds = [path.with_suffix("") for path in site.files(".atom") if path.parent.name != "archive"]
    assert feeds
    return feeds


def documents(site: Site) -> list[Path]:
    """List every feed in every format, and the archives of the main feed in each language."""
    archives = [path for path in site.files(".atom") if path.parent.parent.parent == site.published]
    return [feed.with_suffix(suffix) for feed in living(site) for suffix in FORMATS] + archives


def plainly(file: Path) -> plain_feeds.Feed:
    """Read a document with nothing but the standard library."""
    return plain_feeds.read(file.read_bytes())


@pytest.mark.parametrize("parser", sorted({parser for parser, _ in KNOWS}))
def test_unrelated_parsers_agree_on_every_entry(parser: str, published: Site) -> None:
    """Order, ids, links, titles, dates, authors, categories, summaries, texts, files, languages, events."""
    read = read_with(parser, documents(published))

    assert {suffix for known, suffix in KNOWS if known == parser} == {file.suffix for file in read}
    for file, entries in read.items():
        assert entries == plainly(file).only(KNOWS[parser, file.suffix]), file


def test_three_formats_tell_one_truth(published: Site) -> None:
    told = 0
    for feed in living(published):
        atom, rss, json = (plainly(feed.with_suffix(suffix)) for suffix in FORMATS)
        told += len(json.entries)

        assert atom.only(ALL) == rss.only(ALL) == json.only(ALL), feed
        assert atom.title == rss.title == json.title, feed
        assert atom.language == rss.language == json.language, feed
        assert atom.updated == rss.updated, feed
        assert atom.hubs == rss.hubs == json.hubs, feed
        for entry, item, said in zip(atom.entries, rss.entries, json.entries, strict=True):
            assert item.event == said.event, item.id
            assert entry.event in {None, said.event}, entry.id
    assert told


def test_every_feed_has_its_two_others(published: Site) -> None:
    feeds = set(living(published))

    assert feeds == {path.with_suffix("") for path in published.files(".rss")}
    assert all(feed.with_suffix(".json").exists() for feed in feeds)


def test_parsers_agree_on_every_archive(published: Site) -> None:
    """Archives have no twin in another format."""
    archives = [path for path in published.files(".atom") if path.parent.name == "archive"]

    for file, entries in read_with("feedsmith", archives).items():
        assert entries == plainly(file).only(KNOWS["feedsmith", ".atom"]), file


def test_a_walk_through_each_history_of_a_large_site_finds_every_entry_once(throng: Site) -> None:
    """From the living feed along its archives (RFC 5005); the living one stays small in each format."""
    for feed in living(throng):
        ids = [entry.id for document in walk(throng, feed) for entry in document.entries]

        assert len(ids) == len(set(ids)), feed
        assert all(feed.with_suffix(suffix).stat().st_size < LIVING for suffix in FORMATS), feed
    main = walk(throng, throng.published / "en" / "feed")
    assert sum(len(document.entries) for document in main) == many_records.LARGE


def walk(site: Site, feed: Path) -> list[plain_feeds.Feed]:
    """Return a living feed and its archives."""
    start = many_records.ADDRESS + feed.relative_to(site.published).as_posix()
    return list(
        plain_feeds.walk(
            f"{start}.atom",
            lambda address: (site.published / address.removeprefix(many_records.ADDRESS)).read_bytes(),
        )
    )


def test_our_own_rules_find_nothing_on_a_large_site(throng: Site) -> None:
    """As `publisher check` applies them to anybody's feed."""
    for file in documents(throng):
        assert check(file.read_bytes(), file.name) == (), file


def test_what_makes_texts_harmless_takes_nothing_away(everything: Site) -> None:
    """Readers take out what could run or track; nothing of that is in the texts."""
    for feed in living(everything):
        for file in (feed.with_suffix(".atom"), feed.with_suffix(".rss")):
            entries = plainly(file).entries
            for entry, shown in zip(entries, read_sanitised(file), strict=True):
                assert outline(shown) == outline(entry.content or ""), entry.id


def outline(text: str) -> list[object]:
    """Return every element of HTML with what it says, in their order."""
    body = html.fragment_fromstring(text, create_parent="body")
    return [(e.tag, sorted(e.attrib.items()), e.text or "", e.tail or "") for e in body.iter()]


def test_the_texts_are_valid_html(everything: Site, tmp_path: Path) -> None:
    """Judged by the checker of the HTML standard's makers, each in a page of its own."""
    texts = {
        entry.content: entry
        for feed in living(everything)
        for entry in plainly(feed.with_suffix(".json")).entries
    }
    pages = []
    for number, (text, entry) in enumerate(sorted(texts.items(), key=lambda pair: pair[1].id)):
        page = f'<!DOCTYPE html>\n<html lang="{entry.language}"><title>{entry.id}</title><h1>A</h1>\n{text}'
        pages.append(tmp_path / f"{number}.html")
        pages[-1].write_text(page, encoding="utf-8")

    assert check_html(pages) == []


def test_a_machine_that_speaks_russian_makes_the_same_feeds(everything: Site, tmp_path: Path) -> None:
    elsewhere = Site(tmp_path / "site")
    languages = {"LOCPATH": str(LOCALES), "LC_ALL": "ru_RU.UTF-8", "LANGUAGE": "ru", "TZ": "Asia/Kathmandu"}

    def release(now: str) -> None:
        command = [sys.executable, "-c", IN_RUSSIAN, "build", "--now", now, "--site", str(elsewhere.root)]
        subprocess.run(
            command, env=os.environ | {"PYTHONPATH": str(ROOT / "src")} | languages, check=True, timeout=300
        )

    elsewhere.live_through(ROOT / "tests" / "golden" / "everything", release)

    for file in documents(everything):
        there = elsewhere.published / file.relative_to(everything.published)
        assert there.read_bytes() == file.read_bytes(), file
