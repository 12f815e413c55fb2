"""The digests that readers have got, as pages: what was told stays told, whatever becomes of its records."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from publisher.edition.compile import compile_edition
from publisher.model.edition import ArchivedIssue
from publisher.model.mailing import Digest
from publisher.render.digestpages import without_footer

from .pagesites import Desk, Publication

if TYPE_CHECKING:
    from collections.abc import Iterable

LISTS = """
[lists.weekly]
title = {en = "Weekly digest", ru = "Еженедельный дайджест", kk = "Апталық дайджест"}
description = {en = "On Mondays.", ru = "По понедельникам.", kk = "Дүйсенбі сайын."}

[lists.monthly]
title = "Monthly digest"
cadence = "monthly"
"""
TEXT = "Weekly digest\n\n* A talk\n  https://news.example.org/en/events/talk/\n\n-- \nYou receive this.\n"


def digest(language: str = "en", **values: Any) -> Digest:
    given: dict[str, Any] = {
        "cohort": "0" * 32,
        "language": language,
        "subject": f"A talk & more ({language})",
        "html": "<p>Mail</p>",
        "text": TEXT,
        "page": '<p class="lead">1 coming event</p><h2>Coming</h2><p><a href="/en/events/">A talk</a></p>',
    }
    return Digest(**given | values)


def issue(day: str, list_: str = "weekly", languages: Iterable[str] = ("en", "ru", "kk")) -> ArchivedIssue:
    """An issue of three in the morning UTC: eight in Almaty."""
    due_at = datetime.fromisoformat(f"{day} 03:00").replace(tzinfo=UTC)
    digests = {language: digest(language) for language in languages}
    return ArchivedIssue(list=list_, period=f"{due_at:%G-W%V}", due_at=due_at, digests=digests)


def with_issues(desk: Desk, *issues: ArchivedIssue, lists: str = LISTS) -> Publication:
    settings = (desk.root / "publisher.toml").read_text("utf-8")
    desk.put("publisher.toml", settings + lists)
    site = desk.release("2026-06-15")
    edition = compile_edition(desk.ledger, site.edition.config, site.edition.today, issues)
    return Publication(edition, site.look)


def test_a_digest_is_a_page_in_each_language(desk: Desk) -> None:
    site = with_issues(desk, issue("2026-06-08"))

    titles = {
        "en": "Weekly digest, 8 June 2026",
        "ru": "Еженедельный дайджест, 8 июня 2026 г.",
        "kk": "Апталық дайджест, 2026 жылғы 8 маусым",
    }
    for language, title in titles.items():
        page = site[f"{language}/digests/weekly/2026-W24/"]
        assert page.text("//h1") == title
        assert "1 coming event Coming A talk" in page.text()
        assert page.one("//meta[@name='description']/@content") == f"A talk & more ({language})"


def test_its_text_is_there_without_what_is_each_readers_own(desk: Desk) -> None:
    site = with_issues(desk, issue("2026-06-08"))
    page = site["en/digests/weekly/2026-W24/"]

    assert "/en/digests/weekly/2026-W24/digest.txt" in page.links().values()
    text = site.artifacts["en/digests/weekly/2026-W24/digest.txt"].data.decode()
    assert text == "Weekly digest\n\n* A talk\n  https://news.example.org/en/events/talk/\n"


def test_the_footer_is_the_last_one() -> None:
    assert without_footer("a\n-- \nb\n-- \nc\n") == "a\n-- \nb\n"


def test_a_list_shows_its_issues_newest_first(desk: Desk) -> None:
    site = with_issues(desk, issue("2026-06-01"), issue("2026-06-15"), issue("2026-06-08"))

    days = [day.get("datetime") for day in site["en/digests/weekly/"].find("//main//time")]
    assert days == ["2026-06-15", "2026-06-08", "2026-06-01"]
    assert site["en/digests/weekly/"].text("//h1") == "Weekly digest"


def test_all_lists_are_on_one_page_each_with_its_latest_issues(desk: Desk) -> None:
    days = [f"2026-0{month}-{day}" for month in (4, 5) for day in (11, 18, 25)]
    page = with_issues(desk, *map(issue, days))["en/digests/"]

    assert [h.text_content() for h in page.find("//h2[a]")] == ["Weekly digest", "Monthly digest"]
    assert len(page.find("//main//time")) == 5
    assert page.links()["All digests of this list"] == "/en/digests/weekly/"
    assert "No digest has been sent yet." in page.text()


def test_an_issue_leads_to_the_ones_before_and_after(desk: Desk) -> None:
    site = with_issues(desk, issue("2026-06-01"), issue("2026-06-15"), issue("2026-06-08"))
    links = site["en/digests/weekly/2026-W24/"].links("//nav[contains(@class, 'turn')]")

    assert links == {
        "Earlier: 1 June 2026": "/en/digests/weekly/2026-W23/",
        "Later: 15 June 2026": "/en/digests/weekly/2026-W25/",
    }
    assert len(site["en/digests/weekly/2026-W25/"].links("//nav[contains(@class, 'turn')]")) == 1


def test_a_digest_that_was_not_sent_in_a_language_is_shown_in_its_own_and_marked(desk: Desk) -> None:
    site = with_issues(desk, issue("2026-06-08", languages=["en"]))
    page = site["kk/digests/weekly/2026-W24/"]

    assert "ағылшын тілінде" in page.text("//h1")
    assert page.find("//article/div/@lang") == ["en"]
    assert site["kk/digests/weekly/"].find("//h3/a/@lang") == ["en"]
    assert site["en/digests/weekly/2026-W24/"].find("//article/div/@lang") == []


def test_a_list_that_is_not_configured_any_more_keeps_its_pages(desk: Desk) -> None:
    site = with_issues(desk, issue("2026-06-08"), lists="")

    assert site["en/digests/weekly/2026-W24/"].text("//h1") == "weekly, 8 June 2026"
    assert site["en/digests/weekly/"].links()["A talk & more (en)"] == "/en/digests/weekly/2026-W24/"


def test_a_site_without_lists_says_nothing_of_digests(desk: Desk) -> None:
    site = with_issues(desk, lists="")

    assert [path for path in site.artifacts if "digests" in path] == []
    assert site.naming("digests/") == set()


@pytest.mark.parametrize("folder", ["en/", "en/subscribe/", "en/events/"])
def test_every_page_leads_to_the_digests(desk: Desk, folder: str) -> None:
    site = with_issues(desk)

    assert site[folder].links("//footer")["Digests"] == "/en/digests/"
    assert "/en/digests/" in site["en/subscribe/"].links("//main").values()


def test_an_issue_is_dated_by_its_lists_clock(desk: Desk) -> None:
    """Eight in the morning on Tuesday for the first readers on earth is still Monday in UTC."""
    late = issue("2026-06-08")
    late = replace(late, due_at=datetime(2026, 6, 8, 18, tzinfo=UTC))
    clocks = {"reader": "9 June 2026", "Asia/Almaty": "8 June 2026", "Asia/Tokyo": "9 June 2026"}
    for clock, day in clocks.items():
        desk.put("publisher.toml", (desk.root / "publisher.toml").read_text("utf-8").partition("\n[lists")[0])
        site = with_issues(desk, late, lists=f'\n[lists.weekly]\ntitle = "Weekly"\ntimezone = "{clock}"\n')
        assert site["en/digests/weekly/2026-W24/"].text("//h1") == f"Weekly, {day}"


def test_search_engines_are_told_of_them(desk: Desk) -> None:
    sitemap = with_issues(desk, issue("2026-06-08")).artifacts["sitemap.xml"].data.decode()

    for path in ("digests/", "digests/weekly/", "digests/weekly/2026-W24/"):
        assert f"<loc>https://news.example.org/ru/{path}</loc><lastmod>2026-06-08</lastmod>" in sitemap
    assert "<loc>https://news.example.org/ru/digests/monthly/</loc><xhtml:link" in sitemap


def test_a_page_is_made_of_the_frozen_digest_alone(desk: Desk) -> None:
    desk.event("talk", title="A talk", start="2026-06-11")
    before = with_issues(desk, issue("2026-06-08"))
    desk.event("talk", title="Another title", start="2026-06-12")
    after = with_issues(desk, issue("2026-06-08"), lists="")

    same = [path for path in before.artifacts if "/digests/" in path]
    assert len(same) > 10
    assert [path for path in same if before.artifacts[path].data != after.artifacts[path].data] == []
    assert {item for path in same for item in after.artifacts[path].items} == set()
