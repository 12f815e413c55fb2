"""An archive that was published stays as it is: over releases, settings, a lost database, a kill."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from sites import CONFIG, CuratedSite

if TYPE_CHECKING:
    from pathlib import Path

SMALL = CONFIG + "[publish]\nfeed_entries = 5\n"


def news(site: CuratedSite, number: int, title: str = "News") -> None:
    site.write(
        f"content/announcements/n{number:02}.md",
        f"---\nid: n{number:02}\ntitle: {title} {number}\ntopics: [science]\n---\nText.\n",
    )


def day(number: int) -> str:
    return f"2026-06-{number + 1:02}T12:00:00+05:00"


def archives(site: CuratedSite) -> dict[str, bytes]:
    return {path: data for path, data in site.files().items() if "/archive/" in path}


@pytest.fixture
def site(tmp_path: Path) -> CuratedSite:
    """Twelve releases of one announcement each: an archive of five is closed."""
    curated = CuratedSite.create(tmp_path / "site", SMALL)
    for number in range(12):
        news(curated, number)
        curated.build(day(number))
    return curated


def test_an_archive_of_each_feed_is_closed(site: CuratedSite) -> None:
    assert set(archives(site)) == {
        f"{language}/{feed}archive/1.atom"
        for language in ("en", "ru")
        for feed in ("", "announcements/", "topics/science/")
    }
    assert site.files()["en/archive/1.atom"].count(b"<entry>") == 5


def test_it_stays_when_the_setting_is_another_one(site: CuratedSite) -> None:
    before = archives(site)
    site.write("publisher.toml", SMALL.replace("= 5", "= 7"))
    for number in range(12, 16):
        news(site, number)
        site.build(day(number))

    assert before.items() <= archives(site).items()


def test_it_stays_when_the_database_is_lost(site: CuratedSite) -> None:
    """With its ends forgotten, the whole history would be cut anew, by the setting of the day."""
    before = archives(site)
    site.write("publisher.toml", SMALL.replace("= 5", "= 50"))
    shutil.rmtree(site.root / "var")
    site.build(day(13))

    assert archives(site) == before


def test_a_plan_closes_nothing(site: CuratedSite) -> None:
    before = archives(site)
    for number in range(12, 16):
        news(site, number)
    site.run("plan", "--now", day(13))
    for number in range(12, 16):
        (site.root / f"content/announcements/n{number:02}.md").unlink()
    site.build(day(14))

    assert archives(site) == before


def test_only_what_was_edited_is_written_again(site: CuratedSite) -> None:
    before = archives(site)
    news(site, 2, "Corrected news")
    site.build(day(13))
    after = archives(site)

    assert {path for path in before if before[path] != after[path]} == {
        f"{language}/{feed}archive/1.atom"
        for language in ("en", "ru")
        for feed in ("", "announcements/", "topics/science/")
    }
    news(site, 11, "Corrected news")
    site.build(day(14))
    assert archives(site) == after


def test_a_burst_that_passes_the_living_feed_is_told(site: CuratedSite) -> None:
    """Readers who know no archives would miss it: whoever releases should hear of that before."""
    for number in range(20, 32):
        news(site, number)
    planned = site.run("plan", "--now", day(13)).stdout
    (told,) = [line for line in planned.splitlines() if line.startswith("crowded")]

    assert "en/archive/" in told
    assert "past the living feed" in told


def test_a_first_edition_is_no_burst(tmp_path: Path) -> None:
    fresh = CuratedSite.create(tmp_path / "fresh", SMALL)
    for number in range(30):
        news(fresh, number)

    assert "crowded" not in fresh.run("plan", "--now", day(1)).stdout
