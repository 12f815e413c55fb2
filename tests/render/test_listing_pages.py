"""What readers find on the pages that list, on those of announcements, and where they subscribe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pagesites import Desk, Publication, read_aloud, rows

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ("en", "ru", "kk")


def test_an_announcement_shows_the_day_of_the_event_it_is_about(everything: Publication) -> None:
    cards = rows(everything["en/announcements/news/"], "about-event")

    assert "7–9 September 2026" in cards[0]
    assert "Cancelled" in cards[1]


def test_an_announcement_whose_source_has_no_day_says_so(own_site: Publication) -> None:
    assert (
        "Added 1 June 2026; the source gives no date"
        in own_site["en/announcements/almau-inti-agreement/"].text()
    )
    assert "24 November 2025" in own_site["en/announcements/amanzholov-round-table/"].text(
        "//p[@class='kicker']"
    )


def test_an_expired_announcement_keeps_its_page_and_is_in_no_list(everything: Publication) -> None:
    page = everything["en/announcements/old/"]

    assert "This announcement expired on 1 March 2026." in page.text()
    assert everything.naming("Old news") == {
        f"{language}/announcements/old/index.html" for language in LANGUAGES
    }


def test_what_is_coming_stands_before_what_is_over(everything: Publication) -> None:
    page = everything["en/events/"]

    assert "8–9 September" not in page.text()
    assert "past" not in " ".join(rows(page, "coming")).lower()
    assert "30 December 2025 – 2 January 2026" in rows(page, "past")[-1]
    assert page.links("//nav[@aria-labelledby='years']") == {"2026": "/en/past/2026/"}
    assert "Past" in everything["en/past/2026/"].text()


def test_what_is_pinned_stands_first(everything: Publication) -> None:
    assert "School" in rows(everything["en/"], "coming")[0]


def test_a_listing_holds_what_belongs_to_it_and_nothing_else(everything: Publication) -> None:
    page = everything["en/topics/ai/"]

    assert page.find("//section[@aria-labelledby='coming']//h3/a/@href") == [
        "/en/events/seminar/",
        "/en/events/school/",
    ]
    assert rows(page, "news") == []
    assert "A Faculty" in everything["en/organisations/uni/"].links("//dl")
    assert "Seminar" in " ".join(rows(everything["en/organisations/uni/"], "coming"))


def test_every_listing_has_its_place_in_an_index(everything: Publication) -> None:
    for kind, id_ in (("topics", "ai"), ("organisations", "uni"), ("places", "hall"), ("series", "schools")):
        assert f"/kk/{kind}/{id_}/" in everything[f"kk/{kind}/"].links("//ul[@class='facets']").values()


def test_deadlines_ahead_come_soonest_first_with_their_own_zone(everything: Publication) -> None:
    page = everything["en/deadlines/"]
    ahead = [read_aloud(li) for li in page.find("//section[@aria-labelledby='ahead']//li")]

    assert ahead[0].startswith("20 June 2026 Fee")
    assert ahead[1].startswith("1 July 2026, 23:59 (anywhere on earth, UTC−12) Abstracts due")
    assert "Early bird" in page.text("//section[@aria-labelledby='over']")


def test_a_deadline_of_what_is_off_is_not_ahead(desk: Desk) -> None:
    desk.event(
        "off",
        status="cancelled",
        status_note="Ill.",
        deadlines=[{"id": "x", "title": "Papers", "at": "2026-06-05"}],
    )

    assert "Papers" not in desk.release()["en/deadlines/"].text()


def test_a_site_without_records_has_its_pages(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("publisher.toml", '[site]\nurl = "https://a.org"\nidentity = "a.org,2026"\ntitle.en = "A"\n')
    desk.put("content/pages/.keep")
    site = desk.release()

    assert "No coming events are known at the moment." in site["en/"].text()
    assert "No event with a known day yet." in site["en/calendar/"].text()


def test_the_first_page_lets_one_choose_a_language(everything: Publication) -> None:
    root = everything.pages["index.html"]

    assert root.links() == {"English": "/en/", "Русский": "/ru/", "Қазақша": "/kk/"}
    assert 'http-equiv="refresh" content="0; url=/en/"' in root.source


def test_a_wrong_address_is_told_in_every_language(everything: Publication) -> None:
    text = everything.pages["404.html"].text()

    for said in ("Page not found", "Страница не найдена", "Бет табылмады"):
        assert said in text


def test_a_language_that_the_theme_does_not_know_still_has_pages(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put(
        "publisher.toml",
        '[site]\nurl = "https://a.org"\nidentity = "a.org,2026"\n'
        'title.en = "A"\ntitle.de = "B"\nlanguages = ["en", "de"]\n',
    )
    desk.event("fest", start="2026-06-11")
    site = desk.release()

    assert "11 Juni 2026" in site["de/"].text()
    assert site["de/"].links("//nav[@class='languages']")["Deutsch"] == "/de/"
