"""Atom, RSS and JSON say the same, whoever parses them."""

import pytest

from .feeds import read_feedparser, read_feedsmith, read_json
from .site import Site

pytestmark = pytest.mark.interop


def test_three_formats_tell_one_truth(site: Site) -> None:
    """Ids, links, titles, dates and order, as two unrelated parsers and a plain reading of JSON find them."""
    everything = site.files(".atom", ".rss", ".json")
    trios = [path for path in everything if path.suffix == ".json" and path.with_suffix(".atom").exists()]
    feedsmith = read_feedsmith(
        path.with_suffix(suffix) for path in trios for suffix in (".atom", ".rss", ".json")
    )

    for path in trios:
        atom, rss = path.with_suffix(".atom"), path.with_suffix(".rss")
        stated = read_json(path)

        assert feedsmith[path] == stated
        assert feedsmith[atom] == stated
        assert read_feedparser(atom) == stated
        assert feedsmith[rss].without_updates() == stated.without_updates()
        assert read_feedparser(rss).without_updates() == stated.without_updates()
    assert any(read_json(path).entries for path in trios)


def test_every_feed_has_its_two_others(site: Site) -> None:
    feeds = {path.with_suffix("") for path in site.files(".atom") if path.parent.name != "archive"}

    assert feeds == {path.with_suffix("") for path in site.files(".rss")}
    assert all(feed.with_suffix(".json").exists() for feed in feeds)


def test_parsers_agree_on_every_atom_document(site: Site) -> None:
    """Archives too, which have no twin in another format."""
    documents = site.files(".atom")
    feedsmith = read_feedsmith(documents)

    assert {document: read_feedparser(document) for document in documents} == feedsmith
