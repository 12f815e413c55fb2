"""A month's page and a past year's have a calendar of just what they show, whatever has become of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar

from publisher.ics.lint import check
from sites import CuratedSite

from .pagesites import Desk, Publication, desk_in, one_of_everything

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .pagesites import Page

SITE = "https://news.example.org/"
OWN = "//section[@aria-labelledby='own']"
LISTING = re.compile(r"[a-z]{2}/(?:calendar/\d{4}-\d{2}|past/\d{4})/index\.html")


def listings(site: Publication) -> Iterator[Page]:
    found = [page for path, page in site.pages.items() if LISTING.fullmatch(path)]
    assert found
    yield from found


def shown(page: Page) -> set[str]:
    """The ids of the events that a month or a past year shows."""
    links = page.find("//main//table//a/@href") + page.find("//main//li//h3/a/@href")
    return {href.split("/")[3] for href in links}


def own(site: Publication, page: Page) -> bytes:
    """The calendar that a page offers, to read and to subscribe to, to people and to machines."""
    (file,) = page.find(f"{OWN}//a[@type='text/calendar']/@href")
    (first, *_) = page.find("//link[@type='text/calendar']/@href")
    (webcal,) = page.find(f"{OWN}//a[starts-with(@href, 'webcal:')]/@href")
    assert file == f"/{page.path.removesuffix('index.html')}calendar.ics"
    assert first == webcal.replace("webcal:", "https:") == SITE.rstrip("/") + file
    assert page.text(f"{OWN}//code").replace(" ", "") == first
    return site.artifacts[file.removeprefix("/")].data


def uids(data: bytes) -> set[str]:
    return {str(entry["UID"]) for entry in Calendar.from_ical(data).walk("VEVENT")}


def entries(data: bytes) -> dict[str, bytes]:
    """The entries of a calendar by UID, as they are written; changed dates are with their series."""
    found: dict[str, bytes] = {}
    for block in re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", data, re.DOTALL):
        name = re.findall(rb"^UID:(.+)\r$", block.replace(b"\r\n ", b""), re.MULTILINE)[0].decode()
        found[name] = found.get(name, b"") + block
    return found


@pytest.fixture(scope="session")
def aged(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """A site of some years: cancelled long ago, repeated, lasting over New Year, without a day."""
    desk = desk_in(tmp_path_factory.mktemp("aged"))
    one_of_everything(desk)
    off = {"status": "cancelled", "status_note": "Ill."}
    desk.event("long-off", start="2022-05-03", topics=["ai"], **off)
    desk.event("turn", start="2021-12-30", end="2022-01-02")
    desk.event("monthly", start="2022-03-01 18:00", recurrence={"every": "month"})
    desk.event("some-day", start="2022-05")
    desk.event("abroad", start="2022-05-04 09:00", end="2022-05-06 17:00", timezone="Europe/London")
    return desk.release()


@pytest.mark.parametrize("site", ["everything", "own_site", "aged"])
def test_the_calendar_of_a_listing_holds_just_the_events_that_the_page_shows(
    site: str, request: pytest.FixtureRequest
) -> None:
    found: Publication = request.getfixturevalue(site)
    expected = {event.id: event.uid for event in found.edition.events if event.entry_time}

    for page in listings(found):
        assert uids(own(found, page)) == {expected[id_] for id_ in shown(page) if id_ in expected}, page.path


def test_what_was_cancelled_long_ago_is_there_though_the_calendar_of_everything_has_it_no_more(
    aged: Publication,
) -> None:
    uid = next(event.uid for event in aged.edition.events if event.id == "long-off")

    of_everything = [path for path in aged.artifacts if re.fullmatch(r"en/calendar(-[\d-]+)?\.ics", path)]
    assert uid not in {each for path in of_everything for each in uids(aged.artifacts[path].data)}
    for path in ("en/calendar/2022-05/", "kk/past/2022/"):
        entry = entries(own(aged, aged[path]))[uid]
        assert b"\r\nSTATUS:CANCELLED\r\n" in entry


def test_an_entry_is_the_same_bytes_as_in_the_calendar_of_its_event(aged: Publication) -> None:
    for page in listings(aged):
        language = page.path.partition("/")[0]
        for uid, entry in entries(own(aged, page)).items():
            event = next(event for event in aged.edition.events if event.uid == uid)
            alone = aged.artifacts[f"{language}/{event.path}/event.ics"].data
            assert entries(alone)[uid] == entry


def test_every_program_can_read_it(aged: Publication) -> None:
    for page in listings(aged):
        assert [found for found in check(own(aged, page), page.path) if found.is_error] == []


def test_it_is_called_as_its_page_is_and_says_where_the_living_calendar_is(aged: Publication) -> None:
    told = {
        "en/calendar/2022-05/": "May 2022 · A Calendar",
        "ru/calendar/2022-05/": "Май 2022 г. · Календарь",
        "en/past/2022/": f"{aged['en/past/2022/'].text('//h1')} · A Calendar",
        "kk/past/2022/": f"{aged['kk/past/2022/'].text('//h1')} · Күнтізбе",
    }
    for folder, name in told.items():
        calendar = Calendar.from_ical(own(aged, aged[folder]))
        (link,) = aged[folder].find(f"//link[@type='text/calendar'][@href='{calendar['SOURCE']}']")
        assert calendar["NAME"] == calendar["X-WR-CALNAME"] == link.get("title") == name
        assert calendar["URL"] == SITE + folder
        for address in (SITE + folder, f"{SITE}{folder[:2]}/calendar.ics"):
            assert address in str(calendar["DESCRIPTION"])


def test_the_page_says_what_the_calendar_has_more_or_less_than_it(aged: Publication) -> None:
    repeats, short = "Events that repeat are in it", "Events without a known day are not in it"

    box = aged["en/calendar/2022-05/"].text(OWN)
    assert repeats in box
    assert short in box
    box = aged["en/calendar/2022-01/"].text(OWN)
    assert repeats not in box
    assert short not in box
    assert short in aged["en/past/2022/"].text(OWN)


def test_the_month_to_look_at_offers_its_calendar_too(aged: Publication) -> None:
    assert "/en/calendar/2026-06/calendar.ics" in aged["en/calendar/"].links(OWN).values()


def test_a_month_between_others_in_which_nothing_happens_has_an_empty_one(desk: Desk) -> None:
    desk.event("a", start="2026-01-05")
    desk.event("b", start="2026-03-05")
    site = desk.release()

    assert uids(own(site, site["en/calendar/2026-02/"])) == set()


def test_it_says_which_records_it_holds(aged: Publication) -> None:
    made = aged.artifacts["en/calendar/2022-01/calendar.ics"]

    assert made.items == {"event/turn"}


def test_the_calendar_of_a_month_from_which_everything_has_moved_away_empties_and_fills_again(
    tmp_path: Path,
) -> None:
    site = CuratedSite.create(tmp_path / "site")
    june, july = "en/calendar/2026-06/calendar.ics", "en/calendar/2026-07/calendar.ics"
    site.event(start="2026-06-20", end="2026-06-21")
    site.build("2026-06-01T08:00:00+05:00")
    (uid,) = uids(site.served(june).encode())

    site.event(start="2026-07-20", end="2026-07-21")
    site.build("2026-06-02T08:00:00+05:00")
    assert uids(site.served(june).encode()) == set()
    assert "/en/subscribe/" in str(Calendar.from_ical(site.served(june))["DESCRIPTION"])
    assert "en/calendar/2026-06/index.html" not in site.files()
    assert uids(site.served(july).encode()) == {uid}

    site.event(start="2026-06-22", end="2026-06-23")
    site.build("2026-06-03T08:00:00+05:00")
    assert uids(site.served(june).encode()) == {uid}
    assert uids(site.served(july).encode()) == set()
