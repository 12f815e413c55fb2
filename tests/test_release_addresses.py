"""An address of a calendar that was published goes on serving, whatever becomes of what it was made for."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar

from sites import CONFIG, CuratedSite

if TYPE_CHECKING:
    from pathlib import Path

NAMED = """
[calendars.labs]
title = "Laboratories"
topics = ["science"]
"""
FIRST, SECOND, THIRD = (f"2026-06-0{day}T08:00:00+05:00" for day in "123")
ONLY_ENGLISH = CONFIG.replace('languages = ["en", "ru"]', 'languages = ["en"]')


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a named calendar, an event to come and one of a year long past."""
    site = CuratedSite.create(tmp_path_factory.mktemp("published") / "site", CONFIG + NAMED)
    site.event()
    site.event("old", title="Long Ago", start="2021-06-11", end="2021-06-13")
    site.build(FIRST)
    return site.root


@pytest.fixture
def site(published: Path, tmp_path: Path) -> CuratedSite:
    return CuratedSite(shutil.copytree(published, tmp_path / "site"))


def titles(site: CuratedSite, path: str) -> list[str]:
    """What a subscriber to an address sees in their calendar."""
    return sorted(str(event["SUMMARY"]) for event in Calendar.from_ical(site.served(path)).walk("VEVENT"))


def ended(site: CuratedSite, path: str) -> str:
    """What a calendar says that is valid and has nothing in it any more."""
    calendar = Calendar.from_ical(site.served(path))
    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]
    assert calendar["X-WR-CALDESC"] == calendar["DESCRIPTION"]
    return str(calendar["DESCRIPTION"])


def calendars(site: CuratedSite) -> set[str]:
    return {path for path in site.files() if path.endswith(".ics")}


def test_a_named_calendar_that_is_no_longer_declared_goes_on_as_it_was(site: CuratedSite) -> None:
    before = site.served("en/calendars/labs.ics")
    site.write("publisher.toml", CONFIG)

    planned = site.run("plan", "--now", SECOND).stdout
    built = site.run("build", "--now", SECOND).stdout

    said = "retired  calendars/labs  no longer declared; its address goes on serving"
    assert said in planned
    assert said in built
    assert site.served("en/calendars/labs.ics") == before
    site.event(start="2026-06-12", end="2026-06-14")
    site.event("fresh", title="Fresh", start="2026-07-01", end="2026-07-01")
    assert "retired" not in site.run("build", "--now", THIRD).stdout
    assert titles(site, "en/calendars/labs.ics") == ["A Meeting", "Fresh"]
    assert "DTSTART;VALUE=DATE:20260612" in site.served("ru/calendars/labs.ics")


def test_one_that_is_renamed_is_there_under_both_names(site: CuratedSite) -> None:
    site.write("publisher.toml", CONFIG + NAMED.replace("labs", "laboratories"))

    site.build(SECOND)

    for name in ("labs", "laboratories"):
        assert titles(site, f"en/calendars/{name}.ics") == ["A Meeting"]


def test_one_that_is_declared_again_is_what_it_is_declared_as(site: CuratedSite) -> None:
    site.write("publisher.toml", CONFIG)
    site.build(SECOND)
    site.write("publisher.toml", CONFIG + NAMED.replace("Laboratories", "All Laboratories"))
    site.build(THIRD)
    site.write("publisher.toml", CONFIG)
    site.build("2026-06-04T08:00:00+05:00")

    assert "X-WR-CALNAME:All Laboratories" in site.served("en/calendars/labs.ics")


def test_no_page_offers_what_is_no_longer_declared(site: CuratedSite) -> None:
    assert "calendars/labs.ics" in site.served("en/subscribe/index.html")
    site.write("publisher.toml", CONFIG)

    site.build(SECOND)

    assert "calendars/labs.ics" not in site.served("en/subscribe/index.html")


def test_the_calendars_of_a_language_that_is_given_up_say_so_in_that_language(site: CuratedSite) -> None:
    russian = {path for path in calendars(site) if path.startswith("ru/")}
    site.write("publisher.toml", ONLY_ENGLISH + NAMED)

    report = site.build(SECOND)

    assert russian <= calendars(site)
    for path in russian:
        said = ended(site, path)
        assert "Этот календарь больше не ведётся" in said
        assert "https://calendar.example.org/en/" in said
    assert not any(path.endswith(".ics") for path in report["deleted"])
    assert "ru/index.html" in report["deleted"]


def test_the_calendar_of_an_event_that_is_withdrawn_has_nothing_in_it(site: CuratedSite) -> None:
    assert titles(site, "en/events/meeting/event.ics") == ["A Meeting"]
    site.event(more="status: withdrawn")

    site.build(SECOND)

    assert "https://calendar.example.org/en/subscribe/" in ended(site, "en/events/meeting/event.ics")
    assert "Meeting" not in site.served("ru/events/meeting/event.ics")


def test_it_is_filled_again_when_the_event_is_back(site: CuratedSite) -> None:
    site.event(more="status: withdrawn")
    site.build(SECOND)
    site.event()
    site.build(THIRD)

    assert titles(site, "en/events/meeting/event.ics") == ["A Meeting"]


def test_the_calendar_of_a_past_event_whose_file_is_removed_has_nothing_in_it(site: CuratedSite) -> None:
    (site.root / "content/events/2026/old.md").unlink()

    report = site.build(SECOND)

    assert ended(site, "en/events/old/event.ics")
    assert "en/events/old/index.html" in report["deleted"]


def test_a_calendar_of_a_year_that_is_in_the_main_one_again_leads_there(site: CuratedSite) -> None:
    assert titles(site, "en/topics/science/calendar-2021.ics") == ["Long Ago"]
    site.write("publisher.toml", CONFIG + NAMED + "[publish]\npast_years = 10\n")

    site.build(SECOND)

    assert "Long Ago" in titles(site, "en/topics/science/calendar.ics")
    said = ended(site, "en/topics/science/calendar-2021.ics")
    assert "https://calendar.example.org/en/topics/science/calendar.ics" in said


def test_what_is_served_for_old_subscribers_is_not_touched_again(site: CuratedSite) -> None:
    site.write("publisher.toml", ONLY_ENGLISH)
    site.build(SECOND)

    report = site.build(THIRD)

    assert (report["written"], report["deleted"]) == ([], [])


def test_all_of_it_survives_the_loss_of_the_database(site: CuratedSite) -> None:
    site.write("publisher.toml", ONLY_ENGLISH)
    site.event(more="status: withdrawn")
    site.build(SECOND)
    before = site.files()
    shutil.rmtree(site.root / "var")

    site.build(THIRD)

    assert site.files() == before
    said = site.run("build", "--now", "2026-06-04T08:00:00+05:00").stdout
    assert "retired" not in said
    assert site.files() == before


def test_an_interrupted_release_makes_them_too(site: CuratedSite) -> None:
    site.write("publisher.toml", ONLY_ENGLISH)
    site.build(SECOND)
    before = site.files()
    for path in ("ru/calendar.ics", "en/calendars/labs.ics"):
        (site.root / "build" / path).unlink()
    connection = sqlite3.connect(site.root / "var/publisher.db")
    connection.execute("UPDATE edition SET state = 'committed' WHERE number = 2")
    connection.commit()
    connection.close()

    site.tick("2026-06-02T08:05:00+05:00")

    assert site.files() == before
