"""What is served says since when it is so: by what it tells, not by the machine that wrote it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sites import CuratedSite, instant

if TYPE_CHECKING:
    from pathlib import Path

FIRST, SECOND = "2024-06-01T08:00:00+05:00", "2024-06-02T08:00:00+05:00"
FEEDS = (".atom", ".rss", "feed.json")


def site_in(root: Path) -> CuratedSite:
    site = CuratedSite.create(root)
    site.event(start="2024-07-11", end="2024-07-13")
    site.event("other", title="Another One", start="2024-08-11", end="2024-08-13")
    return site


def dates(site: CuratedSite) -> dict[str, datetime]:
    """When each calendar and feed was changed, as a client is told; of an empty calendar nobody can say."""
    dated = (path for path, data in site.files().items() if path.endswith(FEEDS) or b"BEGIN:VEVENT" in data)
    return {path: date(site, path) for path in dated}


def date(site: CuratedSite, path: str) -> datetime:
    return datetime.fromtimestamp((site.root / "build" / path).stat().st_mtime, UTC)


def test_two_machines_that_serve_the_same_say_that_it_changed_at_the_same_time(tmp_path: Path) -> None:
    one, two = site_in(tmp_path / "one"), site_in(tmp_path / "two")
    one.build(FIRST)
    two.build(FIRST)

    assert dates(one) == dates(two)
    assert date(one, "en/calendar.ics") == date(one, "ru/feed.atom") == instant(FIRST)


def test_a_change_moves_what_tells_of_it_to_when_it_was_made(tmp_path: Path) -> None:
    site = site_in(tmp_path / "site")
    site.build(FIRST)
    site.event(start="2024-07-12", end="2024-07-14")
    site.build(SECOND)

    assert date(site, "en/calendar.ics") == date(site, "en/feed.rss") == instant(SECOND)
    assert date(site, "en/events/other/event.ics") == instant(FIRST)


def test_another_theme_makes_files_younger_though_no_record_has_changed(tmp_path: Path) -> None:
    site = site_in(tmp_path / "site")
    site.build(FIRST)
    site.write("templates/strings/en.toml", '[feed]\nsubscribe = "Choose: {url}"\n')

    began = datetime.now(UTC).replace(microsecond=0)
    site.build(FIRST)

    assert date(site, "en/feed.atom") >= began
    assert date(site, "ru/feed.atom") == instant(FIRST)
