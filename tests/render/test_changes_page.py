"""The page of changes: the latest, newest first, by day; and the feed that goes with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publisher.model.records import SITE_PAGES

from .pagesites import Publication

if TYPE_CHECKING:
    from .pagesites import Desk, Page

MOVED = {"start": "2026-06-12"}


def titles(page: Page) -> list[str]:
    return [" ".join(each.text_content().split()) for each in page.find("//main//h3")]


def test_it_tells_the_latest_changes_by_the_day_on_which_they_were_told(desk: Desk) -> None:
    desk.event("school")
    desk.event("forum", start="2026-07-01")
    desk.release("2026-05-25")
    desk.event("school", **MOVED)
    desk.release("2026-05-28")
    desk.event("forum", start="2026-07-01", status="cancelled", status_note="A strike.")
    desk.event("school", **MOVED, place={"name": "Main Hall"})
    page = desk.release()["en/changes/"]

    assert page.text("//main//h2[starts-with(@id, 'day-')]") == "1 June 2026 28 May 2026"
    assert titles(page) == ["Place announced: School", "Cancelled: Forum", "Moved: School"]
    assert "Moved from 11 June 2026 to 12 June 2026." in page.text()
    assert "A strike." in page.text()
    assert page.links()["Cancelled: Forum"] == "/en/events/forum/"


def test_a_part_is_found_on_the_page_of_its_event(desk: Desk) -> None:
    papers = {"id": "papers", "title": "Papers due", "at": "2026-06-05"}
    desk.event("school", deadlines=[papers])
    desk.release("2026-05-25")
    desk.event("school", deadlines=[{**papers, "at": "2026-06-06"}])
    site = desk.release()
    href = site["en/changes/"].links()["New deadline: Papers due: School"]

    assert href == "/en/events/school/#deadline-papers"
    assert site["en/events/school/"].find("//*[@id='deadline-papers']")


def test_only_the_latest_fifty_stand_there(desk: Desk) -> None:
    for number in range(60):
        desk.event(f"event-{number:02}")
    desk.release("2026-05-25")
    for number in range(60):
        desk.event(f"event-{number:02}", start="2026-06-12")
    found = titles(desk.release()["en/changes/"])

    assert len(found) == 50
    assert (found[0], found[-1]) == ("Moved: Event-59", "Moved: Event-10")


def test_it_offers_the_feed_of_changes_first(everything: Publication) -> None:
    page = everything["ru/changes/"]
    offered = page.find("//head/link[@rel='alternate'][@type]")

    assert [link.get("href") for link in offered[:3]] == [
        f"https://news.example.org/ru/changes/feed.{form}" for form in ("atom", "rss", "json")
    ]
    assert {"/ru/changes/feed.atom", "/ru/changes/feed.rss", "/ru/changes/feed.json"} <= set(
        page.links().values()
    )
    assert {f"ru/changes/feed.{form}" for form in ("atom", "rss", "json")} <= everything.artifacts.keys()


def test_it_tells_what_the_feed_tells(everything: Publication) -> None:
    feed = everything.artifacts["en/changes/feed.json"].data.decode()

    assert titles(everything["en/changes/"]) != []
    assert all(f'"{title}"' in feed for title in titles(everything["en/changes/"]))


def test_where_nothing_has_changed_it_says_so(desk: Desk) -> None:
    desk.event("school")
    site = desk.release()
    page = site["en/changes/"]

    assert "Nothing has changed so far." in page.text()
    assert titles(page) == []
    assert "changes/" not in site.artifacts["sitemap.xml"].data.decode()


def test_search_engines_find_it_dated_by_the_last_change(desk: Desk) -> None:
    desk.event("school")
    desk.release("2026-05-25")
    desk.event("school", **MOVED)
    desk.release("2026-05-28")
    desk.event("school", title="A typo", **MOVED)
    text = desk.release().artifacts["sitemap.xml"].data.decode()

    assert "<loc>https://news.example.org/en/changes/</loc><lastmod>2026-05-28</lastmod>" in text


def test_it_marks_what_is_in_another_language(desk: Desk) -> None:
    desk.event("school")
    desk.release("2026-05-25")
    desk.event("school", **MOVED)
    page = desk.release()["kk/changes/"]

    assert page.one("//main//h3//span[@lang='en']").text_content() == "School"
    assert page.one("//main//h3").text_content().startswith("Ауыстырылды: School")


def test_it_stays_the_same_to_the_letter_as_days_pass(desk: Desk) -> None:
    desk.event("school")
    desk.release("2026-05-25")
    desk.event("school", **MOVED)
    desk.release("2026-05-28")
    pages = [desk.on(day)["en/changes/"].source for day in ("2026-05-28", "2026-06-12", "2031-01-01")]

    assert len(set(pages)) == 1


def test_the_ids_that_no_free_page_can_have_are_the_pages_that_there_are(everything: Publication) -> None:
    paths = [path for path in everything.pages if path.startswith("en/") and path.count("/") == 2]
    folders = {path.split("/")[1] for path in paths} - set(everything.edition.pages)

    assert folders | {"digests"} == SITE_PAGES  # digests have pages where there are lists


def test_a_page_from_before_its_address_was_taken_gives_way(desk: Desk) -> None:
    """What an earlier version published stays public; its address is that of the site's own page now."""
    desk.write("pages/what-we-do", {"title": "What we do"})
    site = desk.release()
    (page,) = site.edition.pages.values()
    edition = replace(site.edition, pages={"changes": replace(page, id="changes")})

    assert "Nothing has changed so far." in Publication(edition, site.look)["en/changes/"].text()
