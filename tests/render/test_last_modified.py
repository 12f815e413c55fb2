"""A calendar or feed is as old as the newest of what it tells: the same on every machine that serves it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from icalendar import Calendar

if TYPE_CHECKING:
    from .pagesites import Desk, Publication


def newest(data: bytes) -> datetime | None:
    """The newest LAST-MODIFIED of a calendar's events, as another library reads it."""
    events: list[Any] = Calendar.from_ical(data.decode()).walk("VEVENT")
    return max((event["LAST-MODIFIED"].dt for event in events), default=None)


def test_a_calendar_is_as_old_as_the_newest_of_its_entries(site: Publication) -> None:
    calendars = {path: made for path, made in site.artifacts.items() if path.endswith(".ics")}

    assert any("/event.ics" in path for path in calendars)
    assert any("/calendar/2" in path for path in calendars)
    for path, made in calendars.items():
        assert made.modified == newest(made.data), path


def test_only_a_change_of_what_it_holds_makes_it_younger(desk: Desk) -> None:
    desk.event("fest", topics=["ai"])
    desk.event("fair", topics=["mobility"])
    before = desk.release("2026-06-01").artifacts
    desk.event("fest", start="2026-06-12", topics=["ai"])
    after = desk.release("2026-06-03").artifacts

    moved = {path for path, made in after.items() if made.modified and made.modified != before[path].modified}
    assert {"en/calendar.ics", "ru/events/fest/event.ics", "kk/topics/ai/calendar.ics"} <= moved
    assert not {path for path in moved if "fair" in path or "mobility" in path}
    assert after["en/calendar.ics"].modified == datetime(2026, 6, 3, 3, tzinfo=UTC)


def test_a_page_has_no_date_of_its_own(site: Publication) -> None:
    """It says more than records do: the day, the theme."""
    assert {made.modified for path, made in site.artifacts.items() if path.endswith(".html")} == {None}
