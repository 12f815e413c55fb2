"""What holds for every page, and in every language."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from publisher.render.outline import outline
from publisher.render.pages import pages

from .pagesites import Desk, Publication, desk_in, one_of_everything, root_relative

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ("en", "ru", "kk")


def test_each_language_names_the_day(own_site: Publication) -> None:
    days = {"en": "11–13 June 2026", "ru": "11–13 июня 2026 г.", "kk": "2026 жылғы 11–13 маусым"}

    for language, day in days.items():
        assert day in own_site[f"{language}/"].text()
        assert day in own_site[f"{language}/events/iaup-almau-2026/"].text()
        assert day in own_site[f"{language}/organisations/almau/"].text()
        assert day in own_site[f"{language}/announcements/almau-hosts-iaup-2026/"].text()


def test_no_link_leads_nowhere(site: Publication) -> None:
    known = {f"/{path}".removesuffix("index.html") for path in site.artifacts}
    known.add("/subscribe")  # where the form goes that needs the site's server, and says so

    dead = {
        (page.path, link) for page in site.pages.values() for link in root_relative(page) if link not in known
    }
    assert dead == set()


def test_what_a_page_tells_machines_to_fetch_is_there(site: Publication) -> None:
    for page in site.pages.values():
        for href in page.find("//link[@rel='alternate' or @rel='canonical']/@href"):
            path = href.removeprefix("https://news.example.org/")
            assert path in site.artifacts or f"{path}index.html" in site.artifacts, (page.path, href)


def test_every_page_is_there_in_every_language_and_says_so(site: Publication) -> None:
    for path, page in site.pages.items():
        if "/" not in path:
            continue
        language, _, rest = path.removesuffix("index.html").partition("/")
        alternates = {link.get("hreflang"): link.get("href") for link in page.find("//link[@hreflang]")}
        expected = {other: f"https://news.example.org/{other}/{rest}" for other in LANGUAGES}

        fallback = expected["en"] if rest else "https://news.example.org/"
        assert alternates == expected | {"x-default": fallback}
        assert page.find("/html/@lang") == [language]
        assert page.find("//link[@rel='canonical']/@href") == [expected[language]]
        assert page.find("//meta[@property='og:url']/@content") == [expected[language]]


def test_a_page_has_one_heading_above_all_and_skips_none(site: Publication) -> None:
    for page in site.pages.values():
        levels = [
            int(heading.tag[1])
            for heading in page.find("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")
        ]
        assert levels.count(1) == 1, page.path
        assert levels[0] == 1, page.path
        assert all(after <= before + 1 for before, after in pairwise(levels)), page.path


def test_an_id_is_there_once(site: Publication) -> None:
    for page in site.pages.values():
        assert [id_ for id_, count in Counter(page.find("//@id")).items() if count > 1] == []


def test_nothing_on_a_page_needs_another_host_or_runs_within_it(site: Publication) -> None:
    for page in site.pages.values():
        loaded = page.find("//script/@src | //img/@src | //link[@rel='stylesheet' or @rel='icon']/@href")
        assert [address for address in loaded if not address.startswith("/assets/")] == []
        assert page.find("//style | //*[@style] | //iframe | //@*[starts-with(name(), 'on')]") == []
        assert page.find("//script[not(@src) and @type != 'application/ld+json']") == []


def test_rendering_again_gives_the_same_bytes(site: Publication) -> None:
    again = {artifact.path: artifact for artifact in pages(site.edition, site.look)}

    assert again == {path: site.artifacts[path] for path in again}


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    made = []
    for name, backwards in (("one", False), ("other", True)):
        desk = desk_in(tmp_path / name)
        one_of_everything(desk)
        made.append({path: page.source for path, page in desk.release(backwards=backwards).pages.items()})

    assert made[0] == made[1]


def test_a_new_day_on_which_nothing_ends_or_begins_changes_no_page(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    one_of_everything(desk)
    first = desk.release("2026-06-05")

    assert desk.on("2026-06-06").pages == first.pages


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Reworded"},
        {"start": "2026-07-18"},
        {"start": "2027-03-01"},
        {"status": "cancelled", "status_note": "Ill."},
        {"topics": ["ai"]},
        {"place": {"name": "Elsewhere"}},
        {"start": "2026-12"},
    ],
    ids=str,
)
def test_a_page_that_does_not_name_an_event_is_untouched_when_it_changes(
    desk: Desk, change: dict[str, Any]
) -> None:
    one_of_everything(desk)
    known: dict[str, Any] = {"title": "Round table", "start": "2026-06-18", "topics": ["mobility"]}
    desk.event("table", **known)
    before = desk.release("2026-06-04")
    desk.event("table", **known | change)
    after = desk.release("2026-06-05")

    names = {
        path for site in (before, after) for path in site.pages if "event/table" in site.artifacts[path].items
    }
    changed = {
        path
        for path in before.pages.keys() | after.pages.keys()
        if before.pages.get(path) != after.pages.get(path)
    }
    assert changed
    assert changed <= names
    assert before.naming("Round table") <= names


def test_a_page_says_which_records_it_names(own_site: Publication) -> None:
    announcement = own_site.artifacts["en/announcements/almau-hosts-iaup-2026/index.html"]

    assert {
        "announcement/almau-hosts-iaup-2026",
        "event/iaup-almau-2026",
        "organisation/almau",
    } <= announcement.items
    assert "event/aiu-2025" not in announcement.items


def test_markup_in_a_title_is_text(everything: Publication) -> None:
    title = "School <i>of</i> Everything & More"

    for path in (
        "en/",
        "en/events/school/",
        "en/calendar/2026-09/",
        "en/topics/mobility/",
        "en/announcements/news/",
    ):
        assert title in everything[path].text()
        assert everything[path].find("//main//h1//i | //main//h3//i | //main//a//i") == []


def test_what_is_not_translated_is_marked(everything: Publication) -> None:
    page = everything["kk/events/school/"]

    heading = page.one("//h1")
    assert heading.get("lang") == "en"
    assert "ағылшын тілінде" in page.text("//header[@class='record-head']")
    assert page.one("//div[@class='prose']").get("lang") == "en"
    link = everything["kk/"].one("//h3/a[@href='/kk/events/school/']")
    assert link.get("lang") == "en"


def test_what_is_translated_bears_no_mark(everything: Publication) -> None:
    page = everything["ru/events/school/"]

    assert page.one("//h1").get("lang") is None
    assert page.text("//h1") == "Школа"
    assert page.one("//li[@id='session-opening']//span[text()='Открытие']").get("lang") is None


def test_what_a_translation_leaves_out_is_marked_by_itself(everything: Publication) -> None:
    page = everything["ru/events/school/"]

    assert page.one("//li[@id='session-talk']//span[text()='Talk']").get("lang") == "en"
    assert page.one("//p[@class='lead']").get("lang") == "en"
    assert "на английском" in page.text("//section[@class='curator']")


def test_a_record_in_another_language_than_the_sites_is_marked_for_the_rest(everything: Publication) -> None:
    assert everything["ru/events/russian/"].one("//h1").get("lang") is None
    assert everything["en/events/russian/"].one("//h1").get("lang") == "ru"
    assert "in Russian" in everything["en/events/russian/"].text()


def test_a_page_leads_to_itself_in_the_other_languages(everything: Publication) -> None:
    links = everything["ru/events/school/"].links("//nav[@class='languages']")

    assert links == {
        "English": "/en/events/school/",
        "Русский": "/ru/events/school/",
        "Қазақша": "/kk/events/school/",
    }


def test_a_text_begins_below_the_heading_of_its_page(everything: Publication) -> None:
    prose = everything["en/events/school/"].one("//div[@class='prose']")

    assert [(h.tag, h.text) for h in prose.xpath(".//h1|.//h2|.//h3")] == [
        ("h2", "Deep heading"),
        ("h2", "Next heading"),
    ]


def test_nothing_that_runs_comes_through_a_text(everything: Publication) -> None:
    source = everything["en/events/school/"].source

    assert "alert(" not in source
    assert "javascript:" not in source


def test_links_to_the_site_work_wherever_it_is_previewed(everything: Publication) -> None:
    links = everything["en/events/school/"].links("//div[@class='prose']")

    assert links["page of ours"] == "/en/about/"
    assert links["neighbour"] == "/en/events/seminar/"


@given(st.lists(st.integers(1, 6), max_size=12))
def test_headings_keep_their_order_and_skip_no_level(levels: list[int]) -> None:
    made = [
        int(level) for level in re.findall(r"<h(\d)>", outline("".join(f"<h{n}>x</h{n}>" for n in levels)))
    ]

    assert len(made) == len(levels)
    assert all(after <= before + 1 for before, after in zip([1, *made], made, strict=False))
    assert all(
        (made[i] < made[i + 1]) >= (levels[i] < levels[i + 1] and made[i] < 6) for i in range(len(made) - 1)
    )


def test_pages_are_read_by_a_parser_as_they_were_written(site: Publication) -> None:
    for page in site.pages.values():
        assert page.source.lower().startswith("<!doctype html>")
        assert html.document_fromstring(page.source).xpath("//main")
