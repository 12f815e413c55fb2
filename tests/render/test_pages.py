"""What readers find on the site's pages."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from publisher.render.collation import collation_key
from publisher.render.colours import CONTRAST, DAY, NIGHT, adapted, contrast
from publisher.render.outline import outline
from publisher.render.pages import pages

from .feedsites import own_edition, own_theme
from .pagesites import Desk, Page, Publication, desk_in, one_of_everything, root_relative

LANGUAGES = ("en", "ru", "kk")


@pytest.fixture
def desk(tmp_path) -> Desk:
    return desk_in(tmp_path)


@pytest.fixture(scope="module")
def everything(tmp_path_factory) -> Publication:
    """A site with one of everything, of which some moved, left or was withdrawn since its first release."""
    desk = desk_in(tmp_path_factory.mktemp("everything"))
    one_of_everything(desk)
    desk.event("moved", start="2026-06-11", end="2026-06-13", place="hall")
    desk.event("elsewhere", start="2026-07-30", end="2026-08-02", place="hall")
    desk.event("mistaken", title="Published by mistake", start="2026-06-25")
    desk.event("dropped", start="2026-06-26")
    desk.release("2026-05-25")
    desk.event("moved", start="2026-06-12", end="2026-06-14", place="hall")
    desk.event("elsewhere", start="2026-07-30", end="2026-08-02", place={"name": "Another Hall"})
    desk.event(
        "mistaken", title="Published by mistake", start="2026-06-25", status="withdrawn", status_note="no"
    )
    desk.remove("events/dropped")
    return desk.release()


@pytest.fixture(scope="module")
def own() -> Publication:
    """This repository's own site."""
    return Publication(own_edition(), own_theme())


@pytest.fixture(params=["everything", "own"])
def site(request) -> Publication:
    found: Publication = request.getfixturevalue(request.param)
    return found


def rows(page: Page, section: str) -> list[str]:
    """The lines of a list below a heading with this id."""
    return [
        " ".join(li.text_content().split())
        for li in page.find(f"//section[@aria-labelledby='{section}']//li[contains(@class, 'row')]")
    ]


# --- every page


def test_each_language_names_the_day(own):
    days = {"en": "11–13 June 2026", "ru": "11–13 июня 2026 г.", "kk": "2026 жылғы 11–13 маусым"}

    for language, day in days.items():
        assert day in own[f"{language}/"].text()
        assert day in own[f"{language}/events/iaup-almau-2026/"].text()
        assert day in own[f"{language}/organisations/almau/"].text()
        assert day in own[f"{language}/announcements/almau-hosts-iaup-2026/"].text()


def test_no_link_leads_nowhere(site):
    known = {f"/{path}".removesuffix("index.html") for path in site.artifacts}

    dead = {
        (page.path, link) for page in site.pages.values() for link in root_relative(page) if link not in known
    }
    assert dead == set()


def test_what_a_page_tells_machines_to_fetch_is_there(site):
    for page in site.pages.values():
        for href in page.find("//link[@rel='alternate' or @rel='canonical']/@href"):
            path = href.removeprefix("https://news.example.org/")
            assert path in site.artifacts or f"{path}index.html" in site.artifacts, (page.path, href)


def test_every_page_is_there_in_every_language_and_says_so(site):
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


def test_a_page_has_one_heading_above_all_and_skips_none(site):
    for page in site.pages.values():
        levels = [
            int(heading.tag[1])
            for heading in page.find("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")
        ]
        assert levels.count(1) == 1, page.path
        assert levels[0] == 1, page.path
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), page.path


def test_an_id_is_there_once(site):
    for page in site.pages.values():
        assert [id_ for id_, count in Counter(page.find("//@id")).items() if count > 1] == []


def test_nothing_on_a_page_needs_another_host_or_runs_within_it(site):
    for page in site.pages.values():
        loaded = page.find("//script/@src | //img/@src | //link[@rel='stylesheet' or @rel='icon']/@href")
        assert [address for address in loaded if not address.startswith("/assets/")] == []
        assert page.find("//style | //*[@style] | //iframe | //@*[starts-with(name(), 'on')]") == []
        assert page.find("//script[not(@src) and @type != 'application/ld+json']") == []


def test_rendering_again_gives_the_same_bytes(site):
    again = {artifact.path: artifact for artifact in pages(site.edition, site.look)}

    assert again == {path: site.artifacts[path] for path in again}


def test_the_order_of_files_does_not_matter(tmp_path):
    made = []
    for name, backwards in (("one", False), ("other", True)):
        desk = desk_in(tmp_path / name)
        one_of_everything(desk)
        made.append({path: page.source for path, page in desk.release(backwards=backwards).pages.items()})

    assert made[0] == made[1]


def test_a_new_day_on_which_nothing_ends_or_begins_changes_no_page(tmp_path):
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
def test_a_page_that_does_not_name_an_event_is_untouched_when_it_changes(desk, change):
    one_of_everything(desk)
    known = {"title": "Round table", "start": "2026-06-18", "topics": ["mobility"]}
    desk.event("table", **known)
    before = desk.release("2026-06-02")
    desk.event("table", **known | change)
    after = desk.release("2026-06-03")

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


def test_a_page_says_which_records_it_names(own):
    announcement = own.artifacts["en/announcements/almau-hosts-iaup-2026/index.html"]

    assert {
        "announcement/almau-hosts-iaup-2026",
        "event/iaup-almau-2026",
        "organisation/almau",
    } <= announcement.items
    assert "event/aiu-2025" not in announcement.items


def test_markup_in_a_title_is_text(everything):
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


# --- languages


def test_what_is_not_translated_is_marked(everything):
    page = everything["kk/events/school/"]

    heading = page.one("//h1")
    assert heading.get("lang") == "en"
    assert "ағылшын тілінде" in page.text("//header[@class='record-head']")
    assert page.one("//div[@class='prose']").get("lang") == "en"
    link = everything["kk/"].one("//h3/a[@href='/kk/events/school/']")
    assert link.get("lang") == "en"


def test_what_is_translated_bears_no_mark(everything):
    page = everything["ru/events/school/"]

    assert page.one("//h1").get("lang") is None
    assert page.text("//h1") == "Школа"
    assert page.one("//li[@id='session-opening']//span[text()='Открытие']").get("lang") is None


def test_what_a_translation_leaves_out_is_marked_by_itself(everything):
    page = everything["ru/events/school/"]

    assert page.one("//li[@id='session-talk']//span[text()='Talk']").get("lang") == "en"
    assert page.one("//p[@class='lead']").get("lang") == "en"
    assert "на английском" in page.text("//section[@class='curator']")


def test_a_record_in_another_language_than_the_sites_is_marked_for_the_rest(everything):
    assert everything["ru/events/russian/"].one("//h1").get("lang") is None
    assert everything["en/events/russian/"].one("//h1").get("lang") == "ru"
    assert "in Russian" in everything["en/events/russian/"].text()


def test_a_page_leads_to_itself_in_the_other_languages(everything):
    links = everything["ru/events/school/"].links("//nav[@class='languages']")

    assert links == {
        "English": "/en/events/school/",
        "Русский": "/ru/events/school/",
        "Қазақша": "/kk/events/school/",
    }


def test_names_stand_in_the_order_of_the_kazakh_alphabet():
    names = [
        "Үміт",
        "Әлем",
        "Бала",
        "Іс",
        "Ұлт",
        "Ғылым",
        "Уақыт",
        "Арман",
        "«Аспан»",
        "Қала",
        "Кітап",
        "Һ",
        "Хат",
    ]

    assert sorted(names, key=collation_key) == [
        "Арман", "«Аспан»", "Әлем", "Бала", "Ғылым", "Кітап", "Қала", "Уақыт", "Ұлт", "Үміт", "Хат", "Һ", "Іс",
    ]  # fmt: skip


# --- events


def test_an_event_that_is_cancelled_says_so_everywhere(everything):
    page = everything["en/events/gone/"]

    assert "This event is cancelled. The speaker is ill." in page.text("//div[@class='banner cancelled']")
    assert page.text("//title").startswith("Cancelled: Gone")
    assert any("Cancelled" in row for row in rows(everything["en/"], "coming") if row.count("Gone"))
    assert "Cancelled" in everything["en/calendar/2026-06/"].text("//a[@href='/en/events/gone/']")
    assert "Cancelled" in everything["en/announcements/news/"].text("//section[@class='cards']")
    assert "Өткізілмейді" in everything["kk/events/gone/"].text("//title")


def test_an_event_that_is_off_cannot_be_added_to_a_calendar(everything):
    for off in ("gone", "later", "dropped"):
        assert everything[f"en/events/{off}/"].find("//*[@id='add']") == []
    assert everything["en/events/moved/"].find("//*[@id='add']") != []


def test_an_event_that_is_postponed_says_when_it_was_to_be(everything):
    banner = everything["en/events/later/"].text("//div[@class='banner postponed']")

    assert "postponed" in banner
    assert "11 June 2026" in banner
    assert "A date is sought." in banner


def test_an_event_that_lost_its_day_is_postponed(desk):
    desk.event("forum", start="2026-06-20")
    desk.release("2026-06-01")
    desk.event("forum", start="2026-11")
    site = desk.release("2026-06-02")

    assert "20 June 2026" in site["en/events/forum/"].text("//div[@class='banner postponed']")
    assert "Postponed" in rows(site["en/"], "coming")[0]


def test_an_event_that_moved_says_when_it_was(everything):
    page = everything["en/events/moved/"]

    assert "it was 11–13 June 2026, it is now 12–14 June 2026" in page.text("//div[@class='banner moved']")
    row = next(row for row in rows(everything["en/"], "coming") if "Moved" in row)
    assert "12–14 June 2026 was 11–13 June 2026" in row


def test_an_event_that_changed_its_place_says_so(everything):
    assert "The place has changed." in everything["en/events/elsewhere/"].text("//div[@class='banner moved']")


def test_a_date_that_may_change_is_said_to_be_provisional(everything):
    assert "provisional" in everything["en/events/perhaps/"].text("//div[@class='banner tentative']")


def test_an_event_whose_record_was_taken_away_counts_as_cancelled(everything):
    assert "counts as cancelled" in everything["en/events/dropped/"].text("//div[@class='banner cancelled']")


def test_a_withdrawn_event_is_on_no_page_and_its_own_only_says_so(everything):
    for language in LANGUAGES:
        page = everything[f"{language}/events/mistaken/"]
        assert page.find("//meta[@name='robots']/@content") == ["noindex"]
        assert page.nodes[0]["@type"] == "BreadcrumbList"
        assert len(page.nodes) == 1
    assert everything.naming("Published by mistake") == set()
    assert "withdrawn" in everything["en/events/mistaken/"].text()


def test_an_event_page_holds_what_its_record_does(everything):
    page = everything["en/events/school/"]
    facts = page.text("//dl")

    assert "7–9 September 2026 Monday – Wednesday" in facts
    assert "Main Hall 1 Street, Almaty, Kazakhstan" in facts
    assert page.links("//dl")["Online: Zoom"] == "https://meet.example.org/x?a=1&b=2"
    assert page.links("//dl")["A University"] == "/en/organisations/uni/"
    assert page.links("//dl")["Somebody Else"] == "https://else.example.org"
    assert "English, Kazakh" in facts
    assert "Closes 15 August 2026, 18:00 (Almaty time, UTC+5)" in facts
    assert "Aigerim Example, Professor, Example University" in page.text("//ul[@class='speakers']")
    assert page.links("//section[@class='downloads']") == {"Plan": "/assets/files/23-plan.pdf"}
    assert page.one("//figure/img").get("alt") == "Students"


def test_the_programme_goes_by_day_and_says_its_zone_once(everything):
    programme = everything["en/events/school/"].one("//section[@class='programme']")
    days = [" ".join(h.text_content().split()) for h in programme.xpath(".//h3")]

    assert days == ["7 September 2026 Monday", "9 September 2026 Wednesday"]
    text = " ".join(programme.text_content().split())
    assert "All times: Almaty time, UTC+5" in text
    assert "09:00–10:00 Opening Hall A" in text
    assert "10:00 Cancelled Talk" in text
    assert "All day Trip" in text


def test_a_place_that_is_not_announced_is_said_to_be_so(own):
    said = {"en": "Place not announced", "ru": "Место не объявлено", "kk": "Орны жарияланбаған"}

    for language, text in said.items():
        assert text in own[f"{language}/events/iaup-almau-2026/"].text("//dl")


def test_a_day_that_no_source_states_is_not_stated(own):
    known = own["en/events/aiu-2025/"]
    assert "April 2025, until 25 April 2025" in known.text("//dl")
    assert known.find("//*[@id='add']") == []
    assert known.find("//link[@type='text/calendar']/@href") == ["https://news.example.org/en/calendar.ics"]

    reported = own["en/events/amanzholov-round-table-2025/"]
    assert "day not stated; reported 24 November 2025" in reported.text("//dl")


def test_sources_are_listed_as_sources_with_what_is_known_of_them(everything):
    page = everything["en/events/school/"]
    first, second = (
        " ".join(li.text_content().split()) for li in page.find("//section[@class='sources']//ol/li")
    )

    assert first == "First source, A University, 16 January 2026 says 33"
    assert second == "Second source, January 2026"
    assert page.links("//section[@class='sources']")["First source"] == "https://uni.example.org/1"
    assert "The Other Name (source 2)" in page.text("//section[@class='also']")


def test_the_curators_conclusion_is_set_apart_as_the_curators(own):
    labels = {"en": "Curator's note", "ru": "Примечание куратора", "kk": "Куратор ескертпесі"}

    for language, label in labels.items():
        note = own[f"{language}/events/academic-forum-astana-2025/"].one("//section[@class='curator']")
        assert note.xpath("./h2")[0].text_content() == label
        assert note.xpath("./p")[0].text_content().strip()


def test_an_event_leads_to_what_is_related_whichever_of_the_two_says_so(everything):
    assert "Seminar" in " ".join(rows(everything["en/events/school/"], "related"))
    assert "School" in " ".join(rows(everything["en/events/seminar/"], "related"))
    assert "News & <more>" in " ".join(rows(everything["en/events/school/"], "about"))


def test_an_event_is_added_once_and_followed_for_ever(everything):
    page = everything["en/events/school/"]
    add = page.links("//section[@aria-labelledby='add']")
    follow = page.links("//section[@aria-labelledby='follow']")

    assert add["Calendar file (.ics)"] == "/en/events/school/event.ics"
    assert "dates=20260907%2F20260910" in add["Google"]
    assert "startdt=2026-09-07&enddt=2026-09-10&allday=true" in add["Outlook"]
    assert follow["Subscribe"] == "/en/subscribe/"


def test_a_time_of_day_is_added_as_an_instant(everything):
    google = everything["en/events/perhaps/"].links("//section[@aria-labelledby='add']")["Google"]

    assert "dates=20261001T080000Z%2F20261002T160000Z" in google
    assert "ctz=Europe%2FLondon" in google


def test_an_event_that_repeats_is_listed_once_at_its_next_date(everything):
    (row,) = [row for row in rows(everything["en/"], "coming") if "Seminar" in row]

    assert "2 June 2026, 18:00–19:30 (Almaty time, UTC+5) · every week" in row


def test_an_event_that_repeats_tells_all_its_dates(everything):
    dates = everything["en/events/seminar/"].text("//ul[@class='dates']")

    assert "Tuesday, 2 June 2026, 18:00–19:30" in dates
    assert "9 June 2026" not in dates
    assert "Wednesday, 17 June 2026, 18:00 – On another day · Cellar" in dates
    assert "Cancelled Tuesday, 23 June 2026" in dates
    assert everything["en/events/seminar/"].links("//section[@aria-labelledby='add']").keys() == {
        "Calendar file (.ics)",
        "Google",
    }


def test_an_online_address_for_participants_is_not_given_away(everything):
    assert everything.naming('meet.example.org/"') == set()
    assert "the address is given to participants" in everything["en/events/seminar/"].text("//dl")


def test_only_what_one_attends_or_must_meet_from_afar_is_told_in_ones_own_time(everything):
    assert everything["en/events/seminar/"].find("//dl//time[@data-timed]")
    assert everything["en/deadlines/"].find("//time[@data-timed]/@datetime") == ["2026-07-01T23:59:00-12:00"]
    assert everything["en/events/perhaps/"].find("//dl//time[@data-timed]") == []


# --- texts


def test_a_text_begins_below_the_heading_of_its_page(everything):
    prose = everything["en/events/school/"].one("//div[@class='prose']")

    assert [(h.tag, h.text) for h in prose.xpath(".//h1|.//h2|.//h3")] == [
        ("h2", "Deep heading"),
        ("h2", "Next heading"),
    ]


def test_nothing_that_runs_comes_through_a_text(everything):
    source = everything["en/events/school/"].source

    assert "alert(" not in source
    assert "javascript:" not in source


def test_links_to_the_site_work_wherever_it_is_previewed(everything):
    links = everything["en/events/school/"].links("//div[@class='prose']")

    assert links["page of ours"] == "/en/about/"
    assert links["neighbour"] == "/en/events/seminar/"


@given(st.lists(st.integers(1, 6), max_size=12))
def test_headings_keep_their_order_and_skip_no_level(levels):
    made = [
        int(level) for level in re.findall(r"<h(\d)>", outline("".join(f"<h{n}>x</h{n}>" for n in levels)))
    ]

    assert len(made) == len(levels)
    assert all(after <= before + 1 for before, after in zip([1, *made], made, strict=False))
    assert all(
        (made[i] < made[i + 1]) >= (levels[i] < levels[i + 1] and made[i] < 6) for i in range(len(made) - 1)
    )


# --- announcements and listings


def test_an_announcement_shows_the_day_of_the_event_it_is_about(everything):
    cards = rows(everything["en/announcements/news/"], "about-event")

    assert "7–9 September 2026" in cards[0]
    assert "Cancelled" in cards[1]


def test_an_announcement_whose_source_has_no_day_says_so(own):
    assert (
        "Added 1 June 2026; the source gives no date" in own["en/announcements/almau-inti-agreement/"].text()
    )
    assert "24 November 2025" in own["en/announcements/amanzholov-round-table/"].text("//p[@class='kicker']")


def test_an_expired_announcement_keeps_its_page_and_is_in_no_list(everything):
    page = everything["en/announcements/old/"]

    assert "This announcement expired on 1 March 2026." in page.text()
    assert everything.naming("Old news") == {
        f"{language}/announcements/old/index.html" for language in LANGUAGES
    }


def test_what_is_coming_stands_before_what_is_over(everything):
    page = everything["en/events/"]

    assert "8–9 September" not in page.text()
    assert "past" not in " ".join(rows(page, "coming")).lower()
    assert "30 December 2025 – 2 January 2026" in rows(page, "past")[-1]
    assert page.links("//nav[@aria-labelledby='years']") == {"2026": "/en/past/2026/"}
    assert "Past" in everything["en/past/2026/"].text()


def test_what_is_pinned_stands_first(everything):
    assert "School" in rows(everything["en/"], "coming")[0]


def test_a_listing_offers_just_itself(everything):
    page = everything["ru/topics/mobility/"]
    box = page.links("//section[@aria-labelledby='follow']")

    assert box["Приложение «Календарь»"] == "webcal://news.example.org/ru/topics/mobility/calendar.ics"
    assert box["Atom"] == "/ru/topics/mobility/feed.atom"
    assert (
        page.text("//section[@aria-labelledby='follow']//code")
        == "https://news.example.org/ru/topics/mobility/calendar.ics"
    )
    first = page.find("//link[@rel='alternate' and @type]/@href")[:4]
    assert first == [
        f"https://news.example.org/ru/topics/mobility/{name}"
        for name in ("calendar.ics", "feed.atom", "feed.rss", "feed.json")
    ]


def test_a_listing_holds_what_belongs_to_it_and_nothing_else(everything):
    page = everything["en/topics/ai/"]

    assert [row.split()[3] for row in rows(page, "coming")] == ["Seminar", "School"]
    assert rows(page, "news") == []
    assert "A Faculty" in everything["en/organisations/uni/"].links("//dl")
    assert "Seminar" in " ".join(rows(everything["en/organisations/uni/"], "coming"))


def test_every_listing_has_its_place_in_an_index(everything):
    for kind, id_ in (("topics", "ai"), ("organisations", "uni"), ("places", "hall"), ("series", "schools")):
        assert f"/kk/{kind}/{id_}/" in everything[f"kk/{kind}/"].links("//ul[@class='facets']").values()


def test_deadlines_ahead_come_soonest_first_with_their_own_zone(everything):
    page = everything["en/deadlines/"]
    ahead = [
        " ".join(li.text_content().split()) for li in page.find("//section[@aria-labelledby='ahead']//li")
    ]

    assert ahead[0].startswith("20 June 2026 Fee")
    assert ahead[1].startswith("1 July 2026, 23:59 (anywhere on earth, UTC−12) Abstracts due")
    assert "Early bird" in page.text("//section[@aria-labelledby='over']")


def test_a_deadline_of_what_is_off_is_not_ahead(desk):
    desk.event(
        "off",
        status="cancelled",
        status_note="Ill.",
        deadlines=[{"id": "x", "title": "Papers", "at": "2026-06-05"}],
    )

    assert "Papers" not in desk.release()["en/deadlines/"].text()


# --- the calendar


def test_a_month_shows_a_long_event_as_one_bar_in_each_week(everything):
    page = everything["en/calendar/2026-06/"]
    (one,) = page.find(
        "//li[contains(@class, 'bar')][.//a[@href='/en/events/one/']][not(contains(@class, 'again'))]"
    )
    (again,) = page.find("//li[contains(@class, 'again')][.//a[@href='/en/events/one/']]")

    assert "span-5" in one.get("class")
    assert one.getparent().getparent().xpath(".//time/@datetime") == ["2026-06-10"]
    assert "span-2" in again.get("class")
    assert again.getparent().getparent().xpath(".//time/@datetime") == ["2026-06-15"]


def test_no_two_bars_of_a_week_are_in_each_others_way(everything):
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


def test_each_event_of_a_month_is_told_once_to_a_telephone(everything):
    page = everything["en/calendar/2026-06/"]
    told = Counter(page.find("//li[contains(@class, 'bar') and not(contains(@class, 'again'))]//a/@href"))

    assert told["/en/events/two/"] == 1
    assert told["/en/events/seminar/"] == 4  # 2, 17, 23 (cancelled) and 30 June; the 9th is left out
    hidden = page.find(
        "//td[contains(@class, 'still')]//li[contains(@class, 'bar') and not(contains(@class, 'again'))]"
    )
    assert hidden == []


def test_an_event_over_the_turn_of_a_month_is_in_both(everything):
    for month in ("2026-07", "2026-08"):
        assert everything[f"en/calendar/{month}/"].find(
            "//li[not(contains(@class, 'again'))]/a[@href='/en/events/elsewhere/']"
        )


def test_months_go_from_the_first_to_the_last_event_and_no_further(everything):
    months = sorted(path.split("/")[2] for path in everything.pages if re.match(r"en/calendar/\d", path))

    assert months[0] == "2025-12"
    assert months[-1] == "2026-12"
    assert len(months) == 13
    assert everything["en/calendar/2025-12/"].find("//nav[@class='turn']//a/@rel") == ["next"]
    assert everything["en/calendar/2026-12/"].find("//nav[@class='turn']//a/@rel") == ["prev"]


def test_a_month_without_events_between_others_says_so(desk):
    desk.event("a", start="2026-01-05")
    desk.event("b", start="2026-03-05")
    site = desk.release()

    assert "Nothing is known for this month." in site["en/calendar/2026-02/"].text()


def test_a_century_without_events_makes_no_thousand_pages(desk):
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


def test_what_has_a_month_but_no_day_stands_below_the_month(desk):
    desk.event("vague", start="2026-06")
    desk.event("known", start="2026-06-20")
    page = desk.release()["en/calendar/2026-06/"]

    assert "Vague" in rows(page, "vague")[0]
    assert "Vague" not in page.text("//table")


def test_the_calendar_opens_at_the_month_to_look_at(desk):
    desk.event("a", start="2026-01-05")
    desk.event("b", start="2026-09-05")

    assert desk.release()["en/calendar/"].text("//h1") == "June 2026"
    assert desk.on("2026-09-05")["en/calendar/"].text("//h1") == "September 2026"
    assert desk.on("2028-01-01")["en/calendar/"].text("//h1") == "September 2026"


def test_what_ends_at_midnight_is_not_on_the_next_day(desk):
    desk.event("night", start="2026-06-29 22:00", end="2026-06-30 00:00")

    assert desk.release()["en/calendar/2026-06/"].find("//li[contains(@class, 'span-2')]") == []


# --- subscribing and the rest


def test_one_can_subscribe_to_everything_there_is(everything):
    page = everything["en/subscribe/"]
    links = set(page.links().values())

    for calendar in (
        "calendar.ics",
        "programme.ics",
        "deadlines.ics",
        "calendars/both.ics",
        "places/hall/calendar.ics",
    ):
        assert f"webcal://news.example.org/en/{calendar}" in links
    assert {
        "/en/feed.atom",
        "/en/feed.rss",
        "/en/feed.json",
        "/en/feeds/news.atom",
        "/en/series/schools/feed.atom",
    } <= links
    assert "/feeds.opml" in links
    assert (
        "https://calendar.google.com/calendar/u/0/r?cid=webcal%3A%2F%2Fnews.example.org%2Fen%2Fcalendar.ics"
        in links
    )
    expected = "https://outlook.live.com/calendar/0/addfromweb/?url=https%3A%2F%2Fnews.example.org%2Fen%2Fcalendar.ics&name=A%20Calendar"
    assert expected in links


def test_each_calendar_program_is_told_how_and_how_soon(everything):
    for language in LANGUAGES:
        page = everything[f"{language}/subscribe/"]
        programs = page.find("//section[@class='client']")
        assert len(programs) == 6
        assert all(
            len(program.xpath(".//ol/li")) >= 2 and program.xpath("./p/strong") for program in programs
        )


def test_a_choice_of_ones_own_needs_no_script(everything):
    form = everything["kk/subscribe/"].one("//form")

    assert (form.get("method"), form.get("action")) == ("get", "/kk/calendar.ics")
    boxes = {(box.get("name"), box.get("value")) for box in form.xpath(".//input[@type='checkbox']")}
    assert {("topic", "ai"), ("topic", "mobility"), ("organisation", "uni")} <= boxes


def test_nothing_is_said_of_mail_that_nobody_can_sign_up_for(everything):
    assert "mail" not in everything["en/subscribe/"].text().lower()


def test_a_site_without_records_has_its_pages(tmp_path):
    desk = Desk(tmp_path)
    desk.put(
        "publisher.toml",
        '[site]\nurl = "https://a.example.org"\nidentity = "a.example.org,2026"\ntitle.en = "A"\n',
    )
    site = desk.release()

    assert "No coming events are known at the moment." in site["en/"].text()
    assert "No event with a known day yet." in site["en/calendar/"].text()


def test_the_first_page_lets_one_choose_a_language(everything):
    root = everything.pages["index.html"]

    assert root.links() == {"English": "/en/", "Русский": "/ru/", "Қазақша": "/kk/"}
    assert 'http-equiv="refresh" content="0; url=/en/"' in root.source


def test_a_wrong_address_is_told_in_every_language(everything):
    text = everything.pages["404.html"].text()

    for said in ("Page not found", "Страница не найдена", "Бет табылмады"):
        assert said in text


def test_a_language_that_the_theme_does_not_know_still_has_pages(tmp_path):
    desk = desk_in(tmp_path)
    desk.put(
        "publisher.toml",
        '[site]\nurl = "https://a.example.org"\nidentity = "a.example.org,2026"\n'
        'title.en = "A"\ntitle.de = "B"\nlanguages = ["en", "de"]\n',
    )
    desk.event("fest", start="2026-06-11")
    site = desk.release()

    assert "11 Juni 2026" in site["de/"].text()
    assert site["de/"].links("//nav[@class='languages']")["Deutsch"] == "/de/"


# --- how it looks


def test_a_files_address_changes_with_its_content(desk):
    desk.put("templates/assets/extra.css", "h1 { color: red }")
    before = {path for path in desk.release().artifacts if path.startswith("assets/extra")}
    desk.put("templates/assets/extra.css", "h1 { color: blue }")
    site = desk.release()
    after = {path for path in site.artifacts if path.startswith("assets/extra")}

    assert len(before) == len(after) == 1
    assert before != after
    assert f"/{after.pop()}" in site["en/"].find("//link[@rel='stylesheet']/@href")


def test_a_style_sheet_finds_the_files_it_names(desk):
    desk.put("templates/assets/extra.css", "h1 { background: url('img/sky.png') }")
    desk.put("templates/assets/img/sky.png", b"sky")
    artifacts = desk.release().artifacts

    (css,) = (
        artifact.data.decode() for path, artifact in artifacts.items() if path.startswith("assets/extra")
    )
    named = re.findall(r'url\("(.+)"\)', css)[0]
    assert artifacts[f"assets/{named}"].data == b"sky"


def test_the_style_of_feeds_has_a_name_that_stays(everything):
    assert "assets/feed.css" in everything.artifacts


def test_a_site_changes_the_part_of_the_theme_that_it_wants_to(desk):
    desk.put("templates/parts/news-row.html", "<li>{{ title.text }} (ours)</li>\n")
    desk.put(
        "templates/page.html",
        '{% extends "default/page.html" %}{% block main %}Above. {{ super() }}{% endblock %}',
    )
    desk.write("announcements/a", {"title": "News", "date": "2026-05-01"})
    desk.write("pages/about", {"title": "About"}, "Text.")
    site = desk.release()

    assert "News (ours)" in site["en/"].text()
    assert "Above." in site["en/about/"].text()
    assert "Text." in site["en/about/"].text()


def test_the_theme_is_small(everything):
    sizes = {
        path: len(artifact.data)
        for path, artifact in everything.artifacts.items()
        if path.startswith("assets/s")
    }
    (css,) = (size for path, size in sizes.items() if path.endswith(".css"))
    (script,) = (size for path, size in sizes.items() if path.endswith(".js"))

    assert css < 25_000
    assert script < 5_000


def test_text_stands_out_from_its_ground_by_day_and_by_night(everything):
    (css,) = (
        a.data.decode()
        for path, a in everything.artifacts.items()
        if path.startswith("assets/site.") and path.endswith("css")
    )
    day, night = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block))
        for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    )

    for scheme in (day, day | night):
        colours = {
            name: value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:])
            for name, value in scheme.items()
        }
        grounds = [
            colours[name]
            for name in ("paper", "surface", "raised", "off-ground", "wait-ground", "move-ground")
        ]
        assert min(contrast(colours["ink"], ground) for ground in grounds) >= CONTRAST
        plain = [colours[name] for name in ("paper", "surface", "raised")]
        for name in ("soft", "accent", "off", "wait"):
            assert min(contrast(colours[name], ground) for ground in plain) >= CONTRAST, name
        assert contrast(colours["on-accent"], colours["accent"]) >= CONTRAST
        assert min(contrast(colours["on-mark"], colours[name]) for name in ("off", "wait")) >= CONTRAST
        assert colours["surface"] in {DAY, NIGHT}


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_of_a_topic_can_be_seen_by_day_and_by_night(number):
    day, night = adapted(f"#{number:06x}")

    assert contrast(day, DAY) >= CONTRAST
    assert contrast(night, NIGHT) >= CONTRAST


def test_a_colour_that_can_be_seen_is_left_as_it_is():
    assert adapted("#005a9c")[0] == "#005a9c"


def test_pages_are_read_by_a_parser_as_they_were_written(site):
    for page in site.pages.values():
        assert page.source.lower().startswith("<!doctype html>")
        assert html.document_fromstring(page.source).xpath("//main")
