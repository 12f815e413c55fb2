"""Whoever gives a page's address to a feed reader or a calendar gets what that page is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from publisher.model.artifact import media_type
from publisher.model.records import FACETS
from publisher.render.alternates import MOST_LISTINGS

if TYPE_CHECKING:
    from .pagesites import Desk, Page, Publication

SITE = "https://news.example.org/"
FORMATS = ("atom", "rss", "json")


def alternates(page: Page) -> list[Any]:
    return page.find("//head/link[@rel='alternate' and @type]")


def paths(page: Page) -> list[str]:
    """What a page advertises, below the site's address."""
    return [link.get("href").removeprefix(SITE) for link in alternates(page)]


def in_all_formats(base: str) -> list[str]:
    return [f"{base}.{ending}" for ending in FORMATS]


def of_the_site(language: str) -> list[str]:
    return [f"{language}/calendar.ics", *in_all_formats(f"{language}/feed")]


def test_everything_that_is_advertised_is_published_as_what_it_is_said_to_be(site: Publication) -> None:
    for page in site.pages.values():
        for link in alternates(page):
            href = link.get("href")
            assert href.startswith(SITE), page.path
            assert href.removeprefix(SITE) in site.artifacts, (page.path, href)
            assert media_type(href).startswith(f"{link.get('type')};"), (page.path, href)


def test_nothing_is_advertised_twice_and_no_two_by_the_same_title(site: Publication) -> None:
    for page in site.pages.values():
        titles = [link.get("title") for link in alternates(page)]
        assert len(set(paths(page))) == len(paths(page)), page.path
        assert len(set(titles)) == len(titles), page.path
        assert all(titles), page.path


def test_every_page_of_a_language_ends_with_what_is_of_everything_in_it(site: Publication) -> None:
    for path, page in site.pages.items():
        language = path.partition("/")[0]
        if language in site.edition.languages and path != f"{language}/subscribe/index.html":
            assert paths(page)[-4:] == of_the_site(language), path


@pytest.mark.parametrize(
    ("page", "own"),
    [
        ("", []),
        ("events/", in_all_formats("events/feed")),
        ("past/2026/", ["past/2026/calendar.ics", *in_all_formats("events/feed")]),
        ("calendar/2026-06/", ["calendar/2026-06/calendar.ics", *in_all_formats("events/feed")]),
        ("announcements/", in_all_formats("announcements/feed")),
        ("deadlines/", ["deadlines.ics", *in_all_formats("changes/feed")]),
        ("about/", []),
        ("topics/", []),
    ],
)
def test_a_listing_advertises_its_own_first(everything: Publication, page: str, own: list[str]) -> None:
    for language in everything.edition.languages:
        expected = [f"{language}/{path}" for path in own]
        assert paths(everything[f"{language}/{page}"]) == expected + of_the_site(language)


def test_the_page_of_changes_advertises_their_feed_first(everything: Publication) -> None:
    assert paths(everything["kk/changes/"])[:3] == in_all_formats("kk/changes/feed")


def test_a_topic_organisation_place_or_series_advertises_its_own_first(everything: Publication) -> None:
    for kind in FACETS:
        for id_ in everything.edition.facets[kind]:
            folder = f"ru/{kind.plural}/{id_}/"
            own = [f"{folder}calendar.ics", *in_all_formats(f"{folder}feed")]
            assert paths(everything[folder]) == own + of_the_site("ru")


def test_an_event_advertises_itself_then_what_it_belongs_to_the_narrowest_first(
    everything: Publication,
) -> None:
    assert paths(everything["en/events/school/"]) == [
        "en/events/school/event.ics",
        "en/series/schools/feed.atom",
        "en/topics/mobility/feed.atom",
        "en/topics/ai/feed.atom",
        "en/organisations/uni/feed.atom",
        *of_the_site("en"),
    ]
    assert paths(everything["en/events/vague/"]) == of_the_site("en")


def test_an_announcement_advertises_what_it_is_about(everything: Publication) -> None:
    assert paths(everything["ru/announcements/news/"]) == [
        "ru/topics/mobility/feed.atom",
        "ru/organisations/uni/feed.atom",
        *of_the_site("ru"),
    ]


def test_an_event_of_many_topics_advertises_no_more_than_can_be_chosen_from(desk: Desk) -> None:
    topics = [f"topic-{number}" for number in range(9)]
    for topic in topics:
        desk.write(f"topics/{topic}", {"name": topic.capitalize()})
    desk.event("fest", topics=topics)

    shown = paths(desk.release()["en/events/fest/"])
    assert shown[1 : 1 + MOST_LISTINGS] == [
        f"en/topics/{topic}/feed.atom" for topic in topics[:MOST_LISTINGS]
    ]
    assert shown[1 + MOST_LISTINGS :] == of_the_site("en")


def test_titles_say_in_the_language_of_the_page_what_is_behind_them(everything: Publication) -> None:
    titles = [link.get("title") for link in alternates(everything["ru/events/"])]

    assert titles[:4] == [
        "Мероприятия · Календарь: Atom",
        "Мероприятия · Календарь: RSS",
        "Мероприятия · Календарь: JSON Feed",
        "Календарь: календарь",
    ]


def test_a_topic_and_a_place_of_one_name_are_told_apart(desk: Desk) -> None:
    desk.write("topics/almaty", {"name": "Almaty"})
    desk.write("organisations/almaty", {"name": "Almaty"})
    desk.write("organisations/akimat", {"name": "Almaty"})
    desk.event("fest", topics=["almaty"], organisers=["almaty", "akimat"])
    page = desk.release()["en/events/fest/"]

    assert [link.get("title") for link in alternates(page)][1:4] == [
        "Almaty · A Calendar: Atom (Topics)",
        "Almaty · A Calendar: Atom (Organisations) (almaty/feed.atom)",
        "Almaty · A Calendar: Atom (Organisations) (akimat/feed.atom)",
    ]


def test_the_subscribe_page_advertises_all_that_there_is(everything: Publication) -> None:
    shown = paths(everything["en/subscribe/"])

    assert shown[:4] == of_the_site("en")
    assert set(shown) >= {
        "en/programme.ics",
        "en/deadlines.ics",
        "en/calendars/both.ics",
        *in_all_formats("en/events/feed"),
        *in_all_formats("en/announcements/feed"),
        *in_all_formats("en/changes/feed"),
        *in_all_formats("en/feeds/news"),
    }
    for kind in FACETS:
        for id_ in everything.edition.facets[kind]:
            folder = f"en/{kind.plural}/{id_}/"
            assert {f"{folder}calendar.ics", f"{folder}feed.atom"} <= set(shown)
