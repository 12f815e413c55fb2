"""What is published is sound: every feed and archive of the sites whose whole output is known is silent."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.syndication.lint import check, is_feed

GOLDEN = Path(__file__).parents[1] / "golden"
PATTERNS = ("*/expected/**/*.atom", "*/expected/**/*.rss", "*/expected/**/feed.json")
FEEDS = sorted(path for pattern in PATTERNS for path in GOLDEN.glob(pattern))


def test_there_are_feeds_of_every_sort() -> None:
    assert {path.suffix for path in FEEDS} == {".atom", ".rss", ".json"}
    assert any("archive" in path.parts for path in FEEDS)


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.relative_to(GOLDEN).as_posix())
def test_a_feed_that_is_published_is_sound(path: Path) -> None:
    data = path.read_bytes()

    assert is_feed(data)
    assert [str(finding) for finding in check(data, path.name, datetime(2026, 11, 22, tzinfo=UTC))] == []


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*/expected/**/*.ics"))[:5], ids=lambda path: path.name)
def test_a_calendar_is_no_feed(path: Path) -> None:
    assert not is_feed(path.read_bytes())
