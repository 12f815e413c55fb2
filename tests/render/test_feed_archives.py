"""Nothing that was published is lost: whoever walks back from the living feed finds everything, once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .feedreaders import (
    ATOM,
    HISTORY,
    entries,
    links,
    parsed,
    read_xml,
    text_of,
)
from .feedsites import Office, artifacts, office

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.model.artifact import Artifact

#: Entries in an archive of these sites.
N = 5
MAIN = "https://news.example.org/en/feed.atom"


def walk(files: Mapping[str, Artifact], path: str = "en/feed.atom") -> list[list[str]]:
    """The ids in the living feed, then in each archive as its links lead from one to the next."""
    found = []
    while path:
        data = files[path].data
        found.append([text_of(entry, f"{ATOM}id").split("/")[-2] for entry in entries(data)])
        older = [link.attrib["href"] for link in links(ET.fromstring(data), "prev-archive")]  # noqa: S314
        assert len(older) <= 1
        path = older[0].removeprefix("https://news.example.org/") if older else ""
    return found


def everything(files: Mapping[str, Artifact]) -> list[str]:
    return sorted(id_ for document in walk(files) for id_ in document)


def archives(files: Mapping[str, Artifact], below: str = "") -> dict[str, bytes]:
    return {
        path: artifact.data
        for path, artifact in files.items()
        if "/archive/" in path and path.startswith(below)
    }


def grown(number: int) -> Office:
    """A site to which one record after the other was added, an event and an announcement in turn."""
    site = office(["en"])
    for count in range(number):
        add(site, count)
        site.release()
    return site


def add(site: Office, number: int) -> None:
    if number % 2:
        site.say("announcement", f"r{number}", title=f"Record {number}")
    else:
        site.say("event", f"r{number}", title=f"Record {number}", start="2027-03-01")


def test_every_entry_is_found_once_and_closed_archives_never_change() -> None:
    site = office(["en"])
    closed: dict[str, bytes] = {}
    for number in range(5 * N):
        add(site, number)
        files = site.published()

        assert everything(files) == sorted(f"r{count}" for count in range(number + 1))
        assert closed.items() <= archives(files).items()
        closed = archives(files)
    assert [len(document) for document in walk(files)] == [N, N, N, N, N]


def test_the_living_feed_keeps_the_newest_while_archives_hold_a_fixed_number() -> None:
    lengths = {}
    site = office(["en"])
    for number in range(1, 4 * N):
        add(site, number)
        lengths[number] = [len(document) for document in walk(site.published())]

    assert [lengths[number] for number in (1, N, 2 * N - 1, 2 * N, 3 * N - 1, 3 * N)] == [
        [1], [N], [2 * N - 1], [N, N], [2 * N - 1, N], [N, N, N],
    ]  # fmt: skip


def test_an_archive_says_that_it_is_one_and_where_the_living_feed_is() -> None:
    files = artifacts((site := grown(3 * N)).release(), site.theme)
    first, second = (ET.fromstring(files[f"en/archive/{number}.atom"].data) for number in (1, 2))  # noqa: S314
    living = ET.fromstring(files["en/feed.atom"].data)  # noqa: S314

    for number, archive in ((1, first), (2, second)):
        assert archive.find(f"{HISTORY}archive") is not None
        assert [link.get("href") for link in links(archive, "current")] == [MAIN]
        assert [link.get("href") for link in links(archive, "self")] == [
            f"https://news.example.org/en/archive/{number}.atom"
        ]
        assert text_of(archive, f"{ATOM}title") == f"Site en: archive {number}"
        assert text_of(archive, f"{ATOM}id") == text_of(living, f"{ATOM}id")
        assert text_of(archive, f"{ATOM}updated") == max(
            text_of(entry, f"{ATOM}updated") for entry in archive.iter(f"{ATOM}entry")
        )
    assert living.find(f"{HISTORY}archive") is None
    assert links(living, "current") == []
    assert links(first, "prev-archive") == []


@pytest.mark.parametrize("feed", ["topics/t/feed", "announcements/feed", "feeds/chosen"])
def test_every_feed_has_its_whole_history(feed: str) -> None:
    chosen = {"feeds": {"chosen": {"title": "Chosen", "topics": ["t"]}}}
    site = office(["en"], extra=chosen | {"publish": {"feed_entries": N}})
    site.say("topic", "t", name="T")
    for number in range(4 * N):
        site.say("announcement", f"r{number}", title="News", topics=["t"])
        site.say("event", f"e{number}", title="Event", start="2027-03-01")
    documents = walk(site.published(), f"en/{feed}.atom")

    assert [len(document) for document in documents] == [N] * 4
    assert {id_ for document in documents for id_ in document} == {f"r{number}" for number in range(4 * N)}


def test_a_feed_of_heavy_entries_stays_small_and_loses_nothing() -> None:
    """Readers fetch the living feed again and again: 200 kB at most, in each format."""
    site = office(["en"])
    sizes = []
    for number in range(5 * N):
        site.say("announcement", f"r{number}", title="Long", body="Text & more <b>of it</b>. " * 1_500)
        files = site.published()
        sizes += [len(files[f"en/feed.{form}"].data) for form in ("atom", "rss", "json")]
        assert everything(files) == sorted(f"r{count}" for count in range(number + 1))

    assert 100_000 < max(sizes) < 200_000
    assert all(documents for documents in walk(site.published()))


def test_what_is_archived_once_stays_where_it_is_when_entries_grow_or_a_setting_changes() -> None:
    site = grown(4 * N)
    before = archives(site.published())
    larger = site.settings.publish.model_copy(update={"feed_entries": 3 * N})
    site.settings = site.settings.model_copy(update={"publish": larger})
    after = archives(site.published())

    assert before == after


def test_an_edit_changes_only_the_archive_of_what_was_edited() -> None:
    site = grown(4 * N)
    before = archives(site.published())
    site.say("announcement", "r1", title="Record 1, corrected")
    after = archives(site.published())

    changed = [path for path in before if before[path] != after[path]]
    assert changed == ["en/archive/1.atom", "en/announcements/archive/1.atom"]
    assert b"corrected" in after["en/archive/1.atom"]


def test_what_is_withdrawn_leaves_and_nothing_else_moves() -> None:
    site = grown(4 * N)
    before = archives(site.published())
    site.say("event", "r2", title="Record 2", start="2027-03-01", status="withdrawn")
    files = site.published()

    assert everything(files) == sorted(f"r{count}" for count in range(4 * N) if count != 2)
    changed = [path for path in before if before[path] != archives(files)[path]]
    assert changed == ["en/archive/1.atom", "en/events/archive/1.atom"]


def test_a_record_that_is_taken_away_leaves_its_place_empty() -> None:
    site = grown(4 * N)
    before = archives(site.published())
    del site.records["announcement/r1"]
    files = site.published()

    assert everything(files) == sorted(f"r{count}" for count in range(4 * N) if count != 1)
    changed = [path for path in before if before[path] != archives(files)[path]]
    assert changed == ["en/archive/1.atom", "en/announcements/archive/1.atom"]


def test_what_has_expired_stays_in_feeds_once() -> None:
    """Feeds are history: a day that passes takes nothing from them, and gives nothing back later."""
    site = office(["en"])
    site.say("announcement", "short-lived", title="Soon over", expires="2026-06-04")
    for number in range(3 * N):
        add(site, number)

        assert everything(site.published()).count("short-lived") == 1


def test_news_that_returns_is_told_again() -> None:
    site = grown(4 * N)
    site.published()
    taken = site.records.pop("announcement/r1")
    site.published()
    site.records["announcement/r1"] = {**taken, "title": "Record 1, again"}
    files = site.published()

    assert "r1" in walk(files)[0]
    assert everything(files) == sorted(f"r{count}" for count in range(4 * N))


def test_a_feed_of_changes_that_becomes_one_of_records_loses_nothing() -> None:
    kinds = {"kinds": ["change"]}
    site = office(["en"], extra={"publish": {"feed_entries": N}, "feeds": {"f": {"title": "F", **kinds}}})
    for number in range(2 * N):
        site.say("event", f"e{number}", title="Event", start="2027-03-01")
    site.published()
    for number in range(2 * N):
        site.say("event", f"e{number}", title="Event", start="2027-03-02")
    assert archives(site.published(), "en/feeds/f/")
    feed = site.settings.feeds["f"].model_copy(update={"kinds": ("event",)})
    site.settings = site.settings.model_copy(update={"feeds": {"f": feed}})
    site.published()
    site.say("event", "new", title="New", start="2027-04-01")

    assert "new" in walk(site.published(), "en/feeds/f.atom")[0]


def test_changes_are_told_in_their_order_by_a_clock_that_goes_wrong() -> None:
    site = office(["en"])
    for number in range(3 * N):
        site.say("event", f"e{number}", title="Event", start="2027-03-01")
    site.published()
    for number in range(2 * N):  # a slip: half a year ahead
        site.say("event", f"e{number}", title="Event", start="2027-03-02")
    later, site.now = site.now, site.now + timedelta(days=180)
    before = archives(site.published(), "en/changes/")
    site.now = later
    site.say("event", f"e{2 * N}", title="Event", start="2027-03-02")
    files = site.published()

    assert archives(files, "en/changes/") == before != {}
    assert f"e{2 * N}" in str(files["en/changes/feed.atom"].data)


def test_a_coming_event_that_changes_is_told_in_the_living_feed() -> None:
    """Nobody asks for an archive again: a change that stood only there would reach no reader."""
    site = grown(4 * N)
    before = archives(site.published(), "en/archive")
    site.say("event", "r0", title="Record 0", start="2027-03-02")
    files = site.published()

    assert "r0" in walk(files)[0]
    assert everything(files) == sorted(f"r{count}" for count in range(4 * N))
    changed = [path for path in before if before[path] != archives(files)[path]]
    assert changed == ["en/archive/1.atom"]  # it has left; nothing else has moved


def test_time_alone_changes_no_feed() -> None:
    """What moved, was told, and is over: feeds change when a record does, not when a day ends."""
    site = grown(4 * N)
    site.say("event", "r0", title="Record 0", start="2027-03-02")
    told = {path: artifact.data for path, artifact in site.published().items()}
    later = artifacts(site.as_of(site.now.replace(year=2028)), site.theme)

    assert {path: artifact.data for path, artifact in later.items()} == told


def test_an_event_that_changes_when_it_is_over_stays_in_its_archive() -> None:
    """Corrections of the past are no news: many of them would drive news out of the living feed."""
    site = office(["en"])
    site.say("event", "old", title="Old", start="2026-06-03", place={"name": "Hall"})
    for number in range(2 * N):
        add(site, number)
        site.release()
    site.say("event", "old", title="Old", start="2026-06-03", place={"name": "Other hall"})

    assert "old" in walk(site.published())[-1]


def test_an_old_announcement_that_is_recorded_late_is_in_the_living_feed() -> None:
    """The living feed has what became public last, whatever day it tells of."""
    site = grown(3 * N)
    site.say("announcement", "from-long-ago", title="Found in a drawer", date="2020-01-01")
    living = walk(site.published())[0]

    assert living[-1] == "from-long-ago"


def test_an_archive_reads_as_any_feed_does() -> None:
    files = artifacts((site := grown(2 * N)).release(), site.theme)

    assert parsed(files["en/archive/1.atom"].data).feed.title == "Site en: archive 1"
    assert [one.id for one in read_xml(files["en/archive/1.atom"].data)] == [
        f"tag:news.example.org,2026:{kind}/r{number}/en"
        for number, kind in enumerate(["event", "announcement", "event", "announcement", "event"])
    ]


@settings(max_examples=25)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["add", "move", "cancel", "reword"]), st.integers(0, 30)), max_size=40
    )
)
def test_nothing_is_lost_or_told_twice_whatever_happens(steps: list[tuple[str, int]]) -> None:
    site, count = grown(2 * N), 2 * N
    for verb, number in steps:
        if verb == "add":
            add(site, count)
            count += 1
        else:
            record = f"r{number % (count // 2) * 2}"
            fields = {"start": f"2027-03-{number % 28 + 1:02}"} if verb == "move" else {"start": "2027-03-01"}
            site.say(
                "event",
                record,
                title=f"{verb} {number}",
                **fields,
                status="cancelled" if verb == "cancel" else "confirmed",
            )
        site.release(timedelta(hours=1))

    for moment in (site.now, site.now + timedelta(days=400)):
        assert everything(artifacts(site.as_of(moment), site.theme)) == sorted(
            f"r{number}" for number in range(count)
        )
