"""From every page one can subscribe to just what it lists, and is told honestly what one gets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar

from publisher.model.records import FACETS, Kind
from publisher.server.query import Combination, combination

from .pagesites import Desk, Publication, desk_in, read_aloud

if TYPE_CHECKING:
    from pathlib import Path

    from .pagesites import Page

LANGUAGES = ("en", "ru", "kk")
SITE = "https://news.example.org/"
BOX = "//section[@aria-labelledby='follow']"
HELD = "//dl[@class='held']"
FEED_TYPES = ["application/atom+xml", "application/rss+xml", "application/feed+json"]


@pytest.fixture(scope="session")
def long_kept(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """A site whose calendars begin in 2024, with events in every year since 2021."""
    desk = desk_in(tmp_path_factory.mktemp("long-kept"))
    desk.write("organisations/uni", {"name": "A University"})
    desk.write("places/hall", {"name": "Main Hall", "city": "Almaty"})
    desk.write("series/schools", {"name": "Schools"})
    for year in range(2021, 2028):
        desk.event(
            f"school-{year}", start=f"{year}-05-30", end=f"{year}-06-02", topics=["ai"], series="schools"
        )
        desk.event(f"talk-{year}", start=f"{year}-10-05 10:00", organisers=["uni"], place="hall")
    deadlines = [{"id": "papers", "title": "Papers", "at": "2026-06-20"}]
    desk.event("turn", start="2022-12-30", end="2023-01-02", topics=["ai", "mobility"], deadlines=deadlines)
    desk.event("seminar", start="2022-03-01 18:00", topics=["ai"], recurrence={"every": "month"})
    desk.event("off", start="2026-07-01", status="cancelled", status_note="Ill.", topics=["mobility"])
    return desk.release()


def uids(site: Publication, address: str) -> list[str]:
    """What a calendar holds, by its public address; changed dates of a series belong to it."""
    calendar = Calendar.from_ical(site.artifacts[address.removeprefix(SITE)].data)
    return [str(event["UID"]) for event in calendar.walk("VEVENT") if "RECURRENCE-ID" not in event]


def address_of(page: Page, where: str = BOX) -> str:
    """The address that a box offers to copy; all its links say the same."""
    (address,) = {read_aloud(code) for code in page.find(f"{where}//code")}
    links = page.links(where)
    assert f"webcal:{address.removeprefix('https:')}" in links.values()
    subscribed = {"Google": "cid", "Outlook.com": "url", "Microsoft 365": "url"}
    for name, field in subscribed.items():
        (told,) = parse_qs(urlsplit(links[name]).query)[field]
        assert told.partition(":")[2] == address.partition(":")[2]
    return address


def beside(page: Page, where: str = BOX) -> list[str]:
    """The calendars of other years that a box links."""
    return [SITE + href.removeprefix("/") for href in page.find(f"{where}//p[@class='beside']/a/@href")]


def in_all_formats(base: str) -> list[str]:
    return [f"{base}.{ending}" for ending in ("atom", "rss", "json")]


def feeds_of(page: Page) -> list[str]:
    """The feed that a box offers, in each format."""
    return list(page.find(f"{BOX}//ul/li/a[starts-with(@type, 'application/')]/@href"))


def alternates(page: Page) -> list[str]:
    return list(page.find("//link[@type='text/calendar']/@href"))


def test_a_listing_leads_to_a_calendar_of_just_its_events(long_kept: Publication) -> None:
    for kind in FACETS:
        for id_ in long_kept.edition.facets[kind]:
            expected = [event.uid for event in long_kept.edition.events if (kind, id_) in event.memberships]
            for language in LANGUAGES:
                page = long_kept[f"{language}/{kind.plural}/{id_}/"]
                address = (
                    address_of(page)
                    if language == "en"
                    else f"{SITE}{language}/{kind.plural}/{id_}/calendar.ics"
                )
                held = [uid for each in (address, *beside(page)) for uid in uids(long_kept, each)]
                assert sorted(held) == sorted(expected)
                assert alternates(page)[0] == address


def test_the_calendars_of_a_listing_and_what_it_shows_are_the_same(long_kept: Publication) -> None:
    page = long_kept["en/topics/ai/"]
    shown = {href.split("/")[3] for href in page.find("//li//h3/a/@href")}
    by_uid = {event.uid: event.id for event in long_kept.edition.events}

    held = [uid for each in (address_of(page), *beside(page)) for uid in uids(long_kept, each)]
    assert {by_uid[uid] for uid in held} == shown
    assert beside(page) == [f"{SITE}en/topics/ai/calendar-{year}.ics" for year in ("2023", "2022", "2021")]


@pytest.mark.parametrize(
    "path", ["en/", "en/events/", "en/announcements/", "en/calendar/", "en/calendar/2026-06/"]
)
def test_pages_of_everything_lead_to_the_calendar_of_everything(long_kept: Publication, path: str) -> None:
    assert address_of(long_kept[path]) == f"{SITE}en/calendar.ics"
    assert alternates(long_kept[path])[-1] == f"{SITE}en/calendar.ics"


def test_the_deadlines_lead_to_their_own_calendar(long_kept: Publication) -> None:
    page = long_kept["en/deadlines/"]

    assert address_of(page) == alternates(page)[0] == f"{SITE}en/deadlines.ics"
    assert len(uids(long_kept, f"{SITE}en/deadlines.ics")) == 1


def test_a_listing_says_what_its_calendar_holds(long_kept: Publication) -> None:
    page = long_kept["en/series/schools/"]

    assert "4 events: 30 May 2024 – 2 June 2027" in page.text(BOX)
    assert "Earlier years: 2023, 2022, 2021" in page.text(BOX)
    assert "5 events: from 1 March 2022 on" in long_kept["en/topics/ai/"].text(BOX)
    assert "4 мероприятия: 30 мая 2024 г. – 2 июня 2027 г." in long_kept["ru/series/schools/"].text(BOX)


def test_a_listing_says_where_the_events_are_that_its_calendar_does_not_hold(long_kept: Publication) -> None:
    begins = "It begins with 2024; earlier events stand beside it."

    assert begins in long_kept["en/series/schools/"].text(BOX)
    assert begins not in long_kept["en/topics/mobility/"].text(BOX) or beside(
        long_kept["en/topics/mobility/"]
    )


def test_a_listing_says_that_some_of_its_events_are_in_no_calendar(desk: Desk) -> None:
    short = "Events without a known day, and those cancelled long ago, are not in it."
    desk.event("known", topics=["ai"])
    desk.event("gone", topics=["mobility"], start="2023-05-01", status="cancelled", status_note="Ill.")
    site = desk.release()

    assert short not in site["en/topics/ai/"].text(BOX)
    assert short in site["en/topics/mobility/"].text(BOX)
    assert uids(site, f"{SITE}en/topics/mobility/calendar.ics") == []


def test_an_empty_calendar_says_that_it_fills_by_itself(desk: Desk) -> None:
    desk.event("fest", topics=["ai"], start="2026-11")
    page = desk.release()["en/topics/ai/"]

    assert uids(desk.on("2026-06-01"), address_of(page)) == []
    assert "Nothing yet. Subscribe all the same: it fills by itself." in page.text(BOX)


def test_a_listing_offers_its_feeds_too(everything: Publication) -> None:
    box = everything["ru/topics/mobility/"]

    assert "Лента «Мобильность»:" in box.text(BOX)
    assert feeds_of(box) == in_all_formats("/ru/topics/mobility/feed")


@pytest.mark.parametrize(
    ("path", "feed", "name"),
    [
        ("", "feed", "News and events"),
        ("events/", "events/feed", "Events only"),
        ("past/2025/", "events/feed", "Events only"),
        ("calendar/2026-06/", "events/feed", "Events only"),
        ("announcements/", "announcements/feed", "News only"),
        ("deadlines/", "changes/feed", "Changes only"),
    ],
)
def test_a_list_offers_the_feed_of_what_it_lists(
    long_kept: Publication, path: str, feed: str, name: str
) -> None:
    page = long_kept[f"en/{path}"]

    assert feeds_of(page) == in_all_formats(f"/en/{feed}")
    assert f"Feed “{name}”:" in page.text(BOX)


def test_what_has_changed_is_found_from_the_first_page_the_events_and_where_one_subscribes(
    everything: Publication,
) -> None:
    for language in LANGUAGES:
        for path in ("", "events/", "subscribe/"):
            assert f"/{language}/changes/" in everything[f"{language}/{path}"].links().values()


def test_the_feeds_are_offered_by_name_purpose_format_and_address(everything: Publication) -> None:
    offers = {
        read_aloud(offer.xpath(".//p[@class='offer-title']")[0]): offer
        for offer in everything["en/subscribe/"].find("//section[@aria-labelledby='feeds']//ul/li[p]")
    }
    bases = {
        "News and events": "en/feed",
        "Events only": "en/events/feed",
        "News only": "en/announcements/feed",
        "Changes only": "en/changes/feed",
        "Only news": "en/feeds/news",
    }

    assert list(offers) == list(bases)
    for name, base in bases.items():
        assert offers[name].xpath(".//ul/li/a/@href") == in_all_formats(f"/{base}")
        assert offers[name].xpath(".//ul/li/a/@type") == FEED_TYPES
        assert [read_aloud(code) for code in offers[name].xpath(".//code")] == [f"{SITE}{base}.atom"]
    said = read_aloud(offers["Changes only"])
    assert "Tells you each time something moves or is cancelled" in said


def test_the_feed_of_each_topic_organisation_place_and_series_is_offered_with_its_address(
    everything: Publication,
) -> None:
    page = everything["kk/subscribe/"]
    details = page.find("//section[@aria-labelledby='each']//details[@class='add-part']")
    codes = [read_aloud(code) for each in details for code in each.xpath(".//code")]

    expected = [(kind, id_) for kind in FACETS for id_ in everything.edition.facets[kind]]
    assert sorted(codes) == sorted(f"{SITE}kk/{kind.plural}/{id_}/feed.atom" for kind, id_ in expected)
    for each, code in zip(details, codes, strict=True):
        base = f"/{code.removeprefix(SITE).removesuffix('.atom')}"
        assert each.xpath(".//ul/li/a/@href") == in_all_formats(base)


def test_every_language_offers_the_same_feeds_in_words_of_its_own(everything: Publication) -> None:
    section = "//section[@aria-labelledby='feeds']"
    said = {language: everything[f"{language}/subscribe/"].text(section) for language in LANGUAGES}

    assert "Сообщает каждый раз, когда что-то переносят или отменяют" in said["ru"]
    assert "сол сайын хабарлайды" in said["kk"]
    counts = {
        language: len(everything[f"{language}/subscribe/"].find(f"{section}//code")) for language in LANGUAGES
    }
    assert len(set(counts.values())) == 1


def test_one_can_subscribe_to_everything_there_is(everything: Publication) -> None:
    links = set(everything["en/subscribe/"].links().values())

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
    google = (
        "https://calendar.google.com/calendar/u/0/r?cid=webcal%3A%2F%2Fnews.example.org%2Fen%2Fcalendar.ics"
    )
    assert google in links
    # With https: the new Outlook takes the scheme away from webcal.
    query = "url=https%3A%2F%2Fnews.example.org%2Fen%2Fcalendar.ics&name=A%20Calendar"
    assert f"https://outlook.live.com/calendar/0/addfromweb/?{query}" in links
    assert f"https://outlook.office.com/calendar/0/addfromweb/?{query}" in links


def test_each_program_has_its_link_the_address_the_steps_and_its_delay(everything: Publication) -> None:
    page = everything["en/subscribe/"]
    clients = {client.get("id"): client for client in page.find("//details[@class='client']")}
    delays = {
        "client-apple": "as often as you set it",
        "client-google": "4 to 24 hours, and it cannot be hurried",
        "client-outlook": "a few hours",
        "client-outlook_com": "a few hours",
        "client-classic": "half an hour, while Outlook is open",
        "client-thunderbird": "30 minutes, unless you change it",
        "client-android": "as with Google, or as an app is set",
        "client-other": "as the program decides",
    }
    buttons = {
        "client-google": "https://calendar.google.com/",
        "client-outlook": "https://outlook.office.com/",
        "client-outlook_com": "https://outlook.live.com/",
    }

    assert clients.keys() == delays.keys()
    for id_, client in clients.items():
        assert read_aloud(client.find("summary")).endswith(f"Changes: {delays[id_]}")
        assert read_aloud(client.xpath(".//code")[0]) == f"{SITE}en/calendar.ics"
        assert len(client.xpath(".//ol/li")) >= 2
        assert "How soon changes arrive:" in read_aloud(client)
        links = client.xpath(".//p[@class='buttons']/a/@href")
        assert [link.startswith(buttons.get(id_, "webcal://")) for link in links] == (
            [] if id_ == "client-thunderbird" else [True]
        )


def test_every_language_tells_of_the_same_programs(everything: Publication) -> None:
    told = {
        language: [
            (client.get("id"), len(client.xpath(".//ol/li")), len(client.xpath(".//a")))
            for client in everything[f"{language}/subscribe/"].find("//details[@class='client']")
        ]
        for language in LANGUAGES
    }

    assert told["en"] == told["ru"] == told["kk"]


def test_the_page_says_what_each_calendar_holds_and_when_it_last_changed(long_kept: Publication) -> None:
    page = long_kept["en/subscribe/"]
    size = round(len(long_kept.artifacts["en/calendar.ics"].data) / 1000)
    holds, changed = (read_aloud(dd) for dd in page.find(f"({HELD})[1]//dd"))

    assert holds == f"10 events: from 1 March 2022 on ({size} kB)"
    assert len(uids(long_kept, f"{SITE}en/calendar.ics")) == 10
    assert changed == "1 June 2026, 08:00 (Almaty time, UTC+5)"
    assert "Past events stay. It begins with 2024." in page.text()
    assert beside(page, "//section[@aria-labelledby='about']") == [
        f"{SITE}en/calendar-{year}.ics" for year in ("2023", "2022", "2021")
    ]


def test_a_change_moves_the_stamp_and_nothing_else_does(desk: Desk) -> None:
    def stamp(day: str, *, release: bool) -> str:
        page = (desk.release(day) if release else desk.on(day))["en/subscribe/"]
        return str(read_aloud(page.find(f"({HELD})[1]//dd")[1]))

    desk.event("fest", start="2026-09-11")
    assert stamp("2026-06-01", release=True).startswith("1 June 2026")
    assert stamp("2026-06-02", release=True).startswith("1 June 2026")
    assert stamp("2026-06-03", release=False).startswith("1 June 2026")
    desk.event("fest", start="2026-09-12")
    assert stamp("2026-06-04", release=True).startswith("4 June 2026")


def test_it_is_told_how_long_a_cancelled_event_stays_and_who_hides_it(desk: Desk) -> None:
    text = desk.release()["en/subscribe/"].text()
    assert "A cancelled event stays, marked as cancelled, until 30 days after its date." in text
    assert "Google Calendar hides cancelled events altogether." in text
    assert "follow a feed" in text

    settings = (desk.root / "publisher.toml").read_text("utf-8")
    desk.put("publisher.toml", settings + "[publish]\ncancelled_days = 1\n")
    assert "until 1 day after its date." in desk.release()["en/subscribe/"].text()
    assert "ещё 1 день после своей даты" in desk.release()["ru/subscribe/"].text()
    desk.put("publisher.toml", settings + "[publish]\ncancelled_days = 0\n")
    assert "marked as cancelled, until its date has passed." in desk.release()["en/subscribe/"].text()


def test_subscribing_is_told_apart_from_importing(everything: Publication) -> None:
    said = {
        "en": "To import is to copy once",
        "ru": "Импорт — это разовая копия",
        "kk": "Импорт — бір реттік көшірме",
    }

    for language, sentence in said.items():
        assert sentence in everything[f"{language}/subscribe/"].text()


def test_a_link_that_may_do_nothing_has_the_address_beside_it(site: Publication) -> None:
    for page in site.pages.values():
        for link in page.find("//main//a[starts-with(@href, 'webcal:')]"):
            path = urlsplit(link.get("href")).path
            near = link.xpath("ancestor::*[self::section or self::details or self::li or self::div][1]//code")
            is_compact = bool(link.xpath("ancestor::ul[contains(@class, 'compact')]"))
            assert is_compact or [read_aloud(code) for code in near if read_aloud(code).endswith(path)], (
                page.path
            )


def test_a_choice_of_ones_own_needs_no_script(everything: Publication) -> None:
    form = everything["kk/subscribe/"].one("//form[@class='picker']")

    assert (form.get("method"), form.get("action")) == ("get", "/kk/calendar.ics")
    boxes = {(box.get("name"), box.get("value")) for box in form.xpath(".//input[@type='checkbox']")}
    assert {("topic", "ai"), ("topic", "mobility"), ("organisation", "uni")} <= boxes
    assert {("place", "hall"), ("series", "schools")} <= boxes
    assert form.xpath(".//noscript//code/text()") == [
        f"{SITE}kk/calendar.ics?topic=ai",
        f"{SITE}kk/feed.atom?topic=ai&kind=event",
    ]
    assert form.xpath(".//button/@formaction") == in_all_formats("/kk/feed")
    assert "сервері қажет" in read_aloud(form)


def test_one_can_tick_only_what_there_is(desk: Desk) -> None:
    desk.event("fest", topics=["ai"])
    legends = desk.release()["en/subscribe/"].find("//form[@class='picker']//legend/text()")

    assert legends == ["Topics", "In the feed"]


def test_one_says_what_a_feed_of_ones_own_is_to_tell(everything: Publication) -> None:
    kinds = everything["en/subscribe/"].find("//form[@class='picker']//input[@type='radio']")

    assert {kind.get("name") for kind in kinds} == {"kind"}
    assert [kind.get("value") for kind in kinds] == ["", "event", "announcement", "change"]
    assert [kind.get("checked") is not None for kind in kinds] == [True, False, False, False]
    # Without a topic or the like there is an address for each, on any host.
    assert [kind.get("data-own").removeprefix(f"{SITE}en/") for kind in kinds] == [
        "feed.atom",
        "events/feed.atom",
        "announcements/feed.atom",
        "changes/feed.atom",
    ]


def test_the_server_answers_what_the_form_asks_for(everything: Publication) -> None:
    """A browser without scripts sends every field of the form, the empty ones too."""
    form = everything["en/subscribe/"].one("//form[@class='picker']")
    kinds = [kind.get("value") for kind in form.xpath(".//input[@type='radio']")]
    addresses = [form.get("action"), *form.xpath(".//button/@formaction")]

    for address in addresses:
        names = tuple(address.strip("/").split("/"))
        for kind in kinds:
            asked = combination(names, f"topic=ai&kind={kind}".encode(), LANGUAGES)
            assert isinstance(asked, Combination)
            is_told = kind and not address.endswith(".ics")
            assert asked.chosen == ((("kind", kind),) if is_told else ()) + (("topic", "ai"),)


def test_a_digest_can_be_narrowed_by_what_readers_can_choose(desk: Desk) -> None:
    settings = (desk.root / "publisher.toml").read_text("utf-8")
    weekly = '[lists.weekly]\ntitle = "Weekly"\ncadence = "weekly"\nday = "mon"\nat = "08:00"\n'
    sender = '[mail]\nfrom = "a@example.org"\nreply_to = "b@example.org"\n'
    desk.put("publisher.toml", settings + weekly + sender)
    desk.write("places/hall", {"name": "Main Hall"})
    desk.event("fest", topics=["ai"], place="hall")
    page = desk.release()["en/subscribe/"]

    names = {box.get("name") for box in page.find("//form[contains(@class, 'sign-up')]//details//input")}
    assert names == {Kind.TOPIC.value}
    assert "sign up by e-mail or follow a feed" in page.text()


def test_nothing_is_said_of_mail_that_nobody_can_sign_up_for(everything: Publication) -> None:
    assert not re.search(r"\b[Ee]?-?mail\b", everything["en/subscribe/"].text())


def test_the_page_works_without_a_script(everything: Publication) -> None:
    page = everything["en/subscribe/"]
    copies: list[Any] = page.find("//code[@data-copyable]")

    assert {read_aloud(code).startswith("https://") for code in copies} == {True}
    assert page.find("//main//button[@type='button']") == []
    assert page.find("//main//@onclick") == []


def test_a_site_of_one_language_and_no_records_can_be_subscribed_to(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("publisher.toml", '[site]\nurl = "https://a.org"\nidentity = "a.org,2026"\ntitle.en = "A"\n')
    desk.put("content/pages/.keep")
    page = desk.release()["en/subscribe/"]

    assert "webcal://a.org/en/calendar.ics" in page.links().values()
    assert "Nothing yet. Subscribe all the same" in page.text()
    assert page.find("//form") == []
