"""What readers find in the months of the calendar, at a desk and on a telephone."""

from __future__ import annotations

import re
from collections import Counter

from .pagesites import Desk, Publication, rows


def test_a_month_shows_a_long_event_as_one_bar_in_each_week(everything: Publication) -> None:
    page = everything["en/calendar/2026-06/"]
    (one,) = page.find(
        "//li[contains(@class, 'bar')][.//a[@href='/en/events/one/']][not(contains(@class, 'again'))]"
    )
    (again,) = page.find("//li[contains(@class, 'again')][.//a[@href='/en/events/one/']]")

    assert "span-5" in one.get("class")
    assert one.getparent().getparent().xpath(".//time/@datetime") == ["2026-06-10"]
    assert "span-2" in again.get("class")
    assert again.getparent().getparent().xpath(".//time/@datetime") == ["2026-06-15"]


def test_no_two_bars_of_a_week_are_in_each_others_way(everything: Publication) -> None:
    page = everything["en/calendar/2026-06/"]

    for week in page.find("//table//tbody/tr"):
        taken: set[tuple[int, int]] = set()
        for column, cell in enumerate(week.xpath("./td")):
            for lane, item in enumerate(cell.xpath("./ul/li")):
                if "bar" in item.get("class").split():
                    days = int(re.findall(r"span-(\d)", item.get("class"))[0])
                    spots = {(lane, column + day) for day in range(days)}
                    assert not spots & taken
                    taken |= spots


def test_each_event_of_a_month_is_told_once_to_a_telephone(everything: Publication) -> None:
    page = everything["en/calendar/2026-06/"]
    told = Counter(page.find("//li[contains(@class, 'bar') and not(contains(@class, 'again'))]//a/@href"))

    assert told["/en/events/two/"] == 1
    assert told["/en/events/seminar/"] == 4  # 2, 17, 23 (cancelled) and 30 June; the 9th is left out
    hidden = page.find(
        "//td[contains(@class, 'still')]//li[contains(@class, 'bar') and not(contains(@class, 'again'))]"
    )
    assert hidden == []


def test_an_event_over_the_turn_of_a_month_is_in_both(everything: Publication) -> None:
    for month in ("2026-07", "2026-08"):
        assert everything[f"en/calendar/{month}/"].find(
            "//li[not(contains(@class, 'again'))]/a[@href='/en/events/elsewhere/']"
        )


def test_months_go_from_the_first_to_the_last_event_and_no_further(everything: Publication) -> None:
    months = sorted(path.split("/")[2] for path in everything.pages if re.match(r"en/calendar/\d", path))

    assert months[0] == "2025-12"
    assert months[-1] == "2026-12"
    assert len(months) == 13
    assert everything["en/calendar/2025-12/"].find("//nav[@class='turn']//a/@rel") == ["next"]
    assert everything["en/calendar/2026-12/"].find("//nav[@class='turn']//a/@rel") == ["prev"]


def test_a_month_without_events_between_others_says_so(desk: Desk) -> None:
    desk.event("a", start="2026-01-05")
    desk.event("b", start="2026-03-05")
    site = desk.release()

    assert "Nothing is known for this month." in site["en/calendar/2026-02/"].text()


def test_a_century_without_events_makes_no_thousand_pages(desk: Desk) -> None:
    desk.event("a", start="1999-01-05")
    desk.event("b", start="2199-03-05")
    site = desk.release()

    assert {path for path in site.pages if re.match(r"en/calendar/\d", path)} == {
        "en/calendar/1999-01/index.html",
        "en/calendar/2199-03/index.html",
    }
    assert site["en/calendar/1999-01/"].links("//nav[@class='turn']") == {
        "March 2199": "/en/calendar/2199-03/"
    }


def test_what_has_a_month_but_no_day_stands_below_the_month(desk: Desk) -> None:
    desk.event("vague", start="2026-06")
    desk.event("known", start="2026-06-20")
    page = desk.release()["en/calendar/2026-06/"]

    assert "Vague" in rows(page, "vague")[0]
    assert "Vague" not in page.text("//table")


def test_the_calendar_opens_at_the_month_to_look_at(desk: Desk) -> None:
    desk.event("a", start="2026-01-05")
    desk.event("b", start="2026-09-05")

    assert desk.release()["en/calendar/"].text("//h1") == "June 2026"
    assert desk.on("2026-09-05")["en/calendar/"].text("//h1") == "September 2026"
    assert desk.on("2028-01-01")["en/calendar/"].text("//h1") == "September 2026"


def test_what_ends_at_midnight_is_not_on_the_next_day(desk: Desk) -> None:
    desk.event("night", start="2026-06-29 22:00", end="2026-06-30 00:00")

    assert desk.release()["en/calendar/2026-06/"].find("//li[contains(@class, 'span-2')]") == []
