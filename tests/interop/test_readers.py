"""Feed readers keep each entry once, in each language, and fetch nothing twice."""

from pathlib import Path

import pytest

import plain_feeds

from .newsboat import Newsboat
from .recorder import Recorder
from .rss2email import Mailed, Rss2email
from .site import Site

pytestmark = pytest.mark.interop

FEEDS = (
    "/en/feed.atom", "/en/feed.rss", "/ru/feed.atom", "/ru/feed.rss", "/kk/feed.atom",
    "/en/events/feed.atom", "/en/announcements/feed.rss", "/kk/changes/feed.rss",
)  # fmt: skip


def entries(site: Site, feed: str) -> list[tuple[str, str, str]]:
    """List what the JSON feed beside this feed says: id, title, link."""
    stated = plain_feeds.read((site.published / feed.lstrip("/")).with_suffix(".json").read_bytes())
    return sorted((one.id, one.title, one.link) for one in stated.entries)


@pytest.mark.parametrize("feed", FEEDS)
def test_newsboat_keeps_what_the_feed_says(feed: str, site: Site, recorder: Recorder, tmp_path: Path) -> None:
    newsboat = Newsboat(tmp_path)
    newsboat.follow([recorder.url + feed])

    newsboat.reload()

    assert sorted((item.id, item.title, item.link) for item in newsboat.items()) == entries(site, feed)


def test_newsboat_opens_the_page_and_not_a_file(everything: Site, tmp_path: Path) -> None:
    """Of an entry with pictures, files and translations too; what it keeps as its file is one of them."""
    newsboat = Newsboat(tmp_path)
    with everything.served() as server:
        for feed in ("/en/feed.atom", "/en/announcements/feed.rss", "/kk/events/feed.rss"):
            newsboat.follow([server + feed])
            newsboat.reload()
            stated = plain_feeds.read((everything.published / feed[1:]).read_bytes())
            told = {one.id: one for one in stated.entries}
            kept = newsboat.items(server + feed)

            assert {item.id: item.link for item in kept} == {id_: one.link for id_, one in told.items()}
            for item in kept:
                files = {(file.url, file.type) for file in told[item.id].files or ()}
                assert (item.file, item.file_type) in {("", ""), *files}, item.id


def test_newsboat_asks_again_and_finds_nothing_new(recorder: Recorder, tmp_path: Path) -> None:
    newsboat = Newsboat(tmp_path)
    newsboat.follow([recorder.url + feed for feed in FEEDS])
    newsboat.reload()
    before = newsboat.items()

    newsboat.reload()
    newsboat.reload()

    assert {feed: recorder.statuses(feed)[-1] for feed in FEEDS} == dict.fromkeys(FEEDS, 304)
    assert newsboat.items() == before


def test_languages_do_not_overwrite_each_other(site: Site, recorder: Recorder, tmp_path: Path) -> None:
    """Newsboat keeps one item for each id, whichever feed it came from."""
    newsboat = Newsboat(tmp_path)
    feeds = [f"/{language}/feed.atom" for language in ("en", "ru", "kk")]
    newsboat.follow([recorder.url + feed for feed in feeds])

    newsboat.reload()

    for feed in feeds:
        kept = sorted((item.id, item.title, item.link) for item in newsboat.items(recorder.url + feed))
        assert kept == entries(site, feed)


def test_rss2email_mails_each_entry_once(site: Site, recorder: Recorder, tmp_path: Path) -> None:
    rss2email = Rss2email(tmp_path / "rss2email")
    feeds = {"en": "/en/feed.atom", "ru": "/ru/feed.rss"}
    rss2email.follow({name: recorder.url + feed for name, feed in feeds.items()})
    expected = sorted(
        Mailed(feed=recorder.url + feed, subject=title, link=link)
        for feed in feeds.values()
        for _, title, link in entries(site, feed)
    )

    rss2email.run()

    assert rss2email.mails() == expected

    rss2email.run()

    assert rss2email.mails() == expected
    assert [recorder.statuses(feed) for feed in feeds.values()] == [[200, 304], [200, 304]]
