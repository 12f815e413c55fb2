"""What readers find on the page of an event."""

from __future__ import annotations

from .pagesites import Desk, Publication, read_aloud, rows

LANGUAGES = ("en", "ru", "kk")


def test_an_event_that_is_cancelled_says_so_everywhere(everything: Publication) -> None:
    page = everything["en/events/gone/"]

    assert "This event is cancelled. The speaker is ill." in page.text("//div[@class='banner cancelled']")
    assert page.text("//title").startswith("Cancelled: Gone")
    assert any("Cancelled" in row for row in rows(everything["en/"], "coming") if row.count("Gone"))
    assert "Cancelled" in everything["en/calendar/2026-06/"].text("//a[@href='/en/events/gone/']")
    assert "Cancelled" in everything["en/announcements/news/"].text("//section[@class='cards']")
    assert "Өткізілмейді" in everything["kk/events/gone/"].text("//title")


def test_an_event_that_is_postponed_says_when_it_was_to_be(everything: Publication) -> None:
    banner = everything["en/events/later/"].text("//div[@class='banner postponed']")

    assert "postponed" in banner
    assert "11 June 2026" in banner
    assert "A date is sought." in banner


def test_an_event_that_lost_its_day_is_postponed(desk: Desk) -> None:
    desk.event("forum", start="2026-06-20")
    desk.release("2026-06-01")
    desk.event("forum", start="2026-11")
    site = desk.release("2026-06-02")

    assert "20 June 2026" in site["en/events/forum/"].text("//div[@class='banner postponed']")
    assert "Postponed" in rows(site["en/"], "coming")[0]


def test_an_event_that_moved_says_when_it_was(everything: Publication) -> None:
    page = everything["en/events/moved/"]

    assert "it was 11–13 June 2026, it is now 12–14 June 2026" in page.text("//div[@class='banner moved']")
    row = next(row for row in rows(everything["en/"], "coming") if "Moved" in row)
    assert "12–14 June 2026 was 11–13 June 2026" in row


def test_an_event_that_changed_its_place_says_so(everything: Publication) -> None:
    assert "The place has changed." in everything["en/events/elsewhere/"].text("//div[@class='banner moved']")


def test_a_date_that_may_change_is_said_to_be_provisional(everything: Publication) -> None:
    assert "provisional" in everything["en/events/perhaps/"].text("//div[@class='banner tentative']")


def test_an_event_whose_record_was_taken_away_counts_as_cancelled(everything: Publication) -> None:
    assert "counts as cancelled" in everything["en/events/dropped/"].text("//div[@class='banner cancelled']")


def test_a_withdrawn_event_is_on_no_page_and_its_own_only_says_so(everything: Publication) -> None:
    for language in LANGUAGES:
        page = everything[f"{language}/events/mistaken/"]
        assert page.find("//meta[@name='robots']/@content") == ["noindex"]
        assert page.nodes[0]["@type"] == "BreadcrumbList"
        assert len(page.nodes) == 1
    assert everything.naming("Published by mistake") == set()
    assert "withdrawn" in everything["en/events/mistaken/"].text()


def test_an_event_page_holds_what_its_record_does(everything: Publication) -> None:
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


def test_the_programme_goes_by_day_and_says_its_zone_once(everything: Publication) -> None:
    programme = everything["en/events/school/"].one("//section[@class='programme']")
    days = [read_aloud(h) for h in programme.xpath(".//h3")]

    assert days == ["7 September 2026 Monday", "9 September 2026 Wednesday"]
    text = read_aloud(programme)
    assert "All times: Almaty time, UTC+5" in text
    assert "09:00–10:00 Opening Hall A" in text
    assert "10:00 Cancelled Talk" in text
    assert "All day Trip" in text


def test_a_place_that_is_not_announced_is_said_to_be_so(own_site: Publication) -> None:
    said = {"en": "Place not announced", "ru": "Место не объявлено", "kk": "Орны жарияланбаған"}

    for language, text in said.items():
        assert text in own_site[f"{language}/events/iaup-almau-2026/"].text("//dl")


def test_a_day_that_no_source_states_is_not_stated(own_site: Publication) -> None:
    known = own_site["en/events/aiu-2025/"]
    assert "April 2025, until 25 April 2025" in known.text("//dl")
    assert known.find("//*[@id='add']") == []
    assert known.find("//link[@type='text/calendar']/@href") == ["https://news.example.org/en/calendar.ics"]

    reported = own_site["en/events/amanzholov-round-table-2025/"]
    assert "day not stated; reported 24 November 2025" in reported.text("//dl")


def test_sources_are_listed_as_sources_with_what_is_known_of_them(everything: Publication) -> None:
    page = everything["en/events/school/"]
    first, second = (read_aloud(li) for li in page.find("//section[@class='sources']//ol/li"))

    assert first == "First source, A University, 16 January 2026 says 33"
    assert second == "Second source, January 2026"
    assert page.links("//section[@class='sources']")["First source"] == "https://uni.example.org/1"
    assert "The Other Name (source 2)" in page.text("//section[@class='also']")


def test_the_curators_conclusion_is_set_apart_as_the_curators(own_site: Publication) -> None:
    labels = {"en": "Curator's note", "ru": "Примечание куратора", "kk": "Куратор ескертпесі"}

    for language, label in labels.items():
        note = own_site[f"{language}/events/academic-forum-astana-2025/"].one("//section[@class='curator']")
        assert note.xpath("./h2")[0].text_content() == label
        assert note.xpath("./p")[0].text_content().strip()


def test_an_event_leads_to_what_is_related_whichever_of_the_two_says_so(everything: Publication) -> None:
    assert "Seminar" in " ".join(rows(everything["en/events/school/"], "related"))
    assert "School" in " ".join(rows(everything["en/events/seminar/"], "related"))
    assert "News & <more>" in " ".join(rows(everything["en/events/school/"], "about"))


def test_an_event_that_repeats_is_listed_once_at_its_next_date(everything: Publication) -> None:
    (row,) = [row for row in rows(everything["en/"], "coming") if "Seminar" in row]

    assert "2 June 2026, 18:00–19:30 (Almaty time, UTC+5) · every week" in row


def test_an_event_that_repeats_tells_all_its_dates(everything: Publication) -> None:
    dates = everything["en/events/seminar/"].text("//ul[@class='dates']")

    assert "Tuesday, 2 June 2026, 18:00–19:30" in dates
    assert "9 June 2026" not in dates
    assert "Wednesday, 17 June 2026, 18:00–19:30 – On another day · Cellar" in dates
    assert "Cancelled Tuesday, 23 June 2026" in dates


def test_an_online_address_for_participants_is_not_given_away(everything: Publication) -> None:
    assert everything.naming('meet.example.org/"') == set()
    assert "the address is given to participants" in everything["en/events/seminar/"].text("//dl")


def test_only_what_one_attends_or_must_meet_from_afar_is_told_in_ones_own_time(
    everything: Publication,
) -> None:
    assert everything["en/events/seminar/"].find("//dl//time[@data-timed]")
    deadlines = everything["en/deadlines/"].find("//time[@data-timed]/@datetime")
    assert deadlines == ["2026-07-01T23:59:00-12:00", "2026-08-15T18:00:00+05:00"]
    assert everything["en/events/perhaps/"].find("//dl//time[@data-timed]") == []
