"""What pages tell machines in schema.org's words: what the record says, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import extruct
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.render.jsonld import script

if TYPE_CHECKING:
    from .pagesites import Desk, Publication

ORG = "https://schema.org/"


def node(desk: Desk, **event: Any) -> dict[str, Any]:
    desk.event("meeting", **event)
    return desk.release()["en/events/meeting/"].node("Event")


def test_whole_days_are_days_and_the_last_is_included(desk: Desk) -> None:
    event = node(desk, start="2026-06-11", end="2026-06-13")

    assert (event["startDate"], event["endDate"]) == ("2026-06-11", "2026-06-13")
    assert event["eventStatus"] == ORG + "EventScheduled"


def test_times_carry_their_offset(desk: Desk) -> None:
    event = node(desk, start="2026-06-11 09:00", end="11:30", timezone="Europe/London")

    assert (event["startDate"], event["endDate"]) == (
        "2026-06-11T09:00:00+01:00",
        "2026-06-11T11:30:00+01:00",
    )


def test_an_end_that_nobody_knows_is_not_there(desk: Desk) -> None:
    assert "endDate" not in node(desk, start="2026-06-11 09:00")


def test_a_day_that_nobody_knows_is_not_there(desk: Desk) -> None:
    assert "startDate" not in node(desk, start=None, reported="2026-05-20")
    desk.event("vague", start="2026-11")
    assert desk.release()["en/events/vague/"].node("Event")["startDate"] == "2026-11"


def test_a_new_date_is_told_with_the_old_one(desk: Desk) -> None:
    desk.event("meeting", start="2026-06-11")
    desk.release("2026-06-01")
    desk.event("meeting", start="2026-06-12")
    event = desk.release("2026-06-02")["ru/events/meeting/"].node("Event")

    assert event["eventStatus"] == ORG + "EventRescheduled"
    assert (event["previousStartDate"], event["startDate"]) == ("2026-06-11", "2026-06-12")


@pytest.mark.parametrize(
    ("status", "told"), [("cancelled", "EventCancelled"), ("postponed", "EventPostponed")]
)
def test_an_event_that_is_off_keeps_its_date_and_says_so(desk: Desk, status: str, told: str) -> None:
    event = node(desk, start="2026-06-11", status=status, status_note="Ill.")

    assert (event["startDate"], event["eventStatus"]) == ("2026-06-11", ORG + told)
    assert "previousStartDate" not in event


def test_an_event_that_lost_its_day_says_what_calendars_say(desk: Desk) -> None:
    desk.event("meeting", start="2026-06-11")
    desk.release("2026-06-01")
    desk.event("meeting", start="2026-11")
    event = desk.release("2026-06-02")["en/events/meeting/"].node("Event")

    assert (event["startDate"], event["eventStatus"]) == ("2026-06-11", ORG + "EventPostponed")


def test_nothing_is_made_up(desk: Desk) -> None:
    event = node(desk)

    assert event.keys() == {"@context", "@type", "@id", "name", "url", "startDate", "endDate", "eventStatus"}


def test_a_place_tells_as_much_of_its_address_as_is_known(everything: Publication) -> None:
    hall, zoom = everything["en/events/school/"].node("Event")["location"]

    assert hall["name"] == "Main Hall"
    assert hall["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "1 Street",
        "addressLocality": "Almaty",
        "addressCountry": "KZ",
    }
    assert zoom == {"@type": "VirtualLocation", "name": "Zoom", "url": "https://meet.example.org/x?a=1&b=2"}


@pytest.mark.parametrize(
    ("where", "mode"),
    [
        ({"place": {"name": "Hall"}}, "OfflineEventAttendanceMode"),
        ({"online": {"url": "https://meet.example.org"}}, "OnlineEventAttendanceMode"),
        (
            {"place": {"name": "Hall"}, "online": {"url": "https://meet.example.org"}},
            "MixedEventAttendanceMode",
        ),
    ],
)
def test_it_says_how_one_attends(desk: Desk, where: dict[str, Any], mode: str) -> None:
    assert node(desk, **where)["eventAttendanceMode"] == ORG + mode


def test_an_address_for_participants_is_not_told(desk: Desk) -> None:
    event = node(desk, online={"url": "https://secret.example.org", "public": "false"})

    assert event["location"] == {"@type": "VirtualLocation"}


def test_who_organises_and_who_speaks_is_told_as_the_source_names_them(everything: Publication) -> None:
    event = everything["en/events/school/"].node("Event")

    assert [organiser["name"] for organiser in event["organizer"]] == ["A University", "Somebody Else"]
    assert event["performer"] == {
        "@type": "Person",
        "name": "Aigerim Example",
        "jobTitle": "Professor",
        "affiliation": {"@type": "Organization", "name": "Example University"},
    }
    assert "offers" not in event


def test_the_programme_is_below_the_event_and_its_series_above(everything: Publication) -> None:
    event = everything["en/events/school/"].node("Event")

    assert event["superEvent"] == {
        "@type": "EventSeries",
        "name": "Schools",
        "url": "https://news.example.org/en/series/schools/",
    }
    opening, talk, trip = event["subEvent"]
    assert (opening["startDate"], opening["endDate"]) == (
        "2026-09-07T09:00:00+05:00",
        "2026-09-07T10:00:00+05:00",
    )
    assert talk["eventStatus"] == ORG + "EventCancelled"
    assert trip["startDate"] == "2026-09-09"


def test_an_event_that_repeats_tells_its_rule(everything: Publication) -> None:
    schedule = everything["en/events/seminar/"].node("Event")["eventSchedule"]

    assert schedule == {
        "@type": "Schedule",
        "startDate": "2026-05-05",
        "startTime": "18:00:00+05:00",
        "endDate": "2026-12-20",
        "repeatFrequency": "P1W",
        "scheduleTimezone": "Asia/Almaty",
        # taken out, or told apart below
        "exceptDate": ["2026-06-09T18:00:00", "2026-06-16T18:00:00", "2026-06-23T18:00:00"],
    }


def test_news_tells_what_it_is_about_and_where_it_was_said(everything: Publication) -> None:
    article = everything["en/announcements/news/"].node("NewsArticle")

    assert (article["headline"], article["datePublished"]) == ("News & <more>", "2026-05-20")
    assert [event["name"] for event in article["about"]] == ["School <i>of</i> Everything & More", "Gone"]
    assert article["about"][1]["eventStatus"] == ORG + "EventCancelled"
    assert article["publisher"]["name"] == "A Calendar"
    assert "dateModified" not in article


def test_the_way_to_a_page_is_told(everything: Publication) -> None:
    steps = everything["kk/events/school/"].node("BreadcrumbList")["itemListElement"]

    assert [(step["position"], step["item"]) for step in steps] == [
        (1, "https://news.example.org/kk/"),
        (2, "https://news.example.org/kk/events/"),
        (3, "https://news.example.org/kk/events/school/"),
    ]


def test_a_listing_tells_what_it_is_of(everything: Publication) -> None:
    organisation = everything["en/organisations/uni/"].node("Organization")

    assert (organisation["name"], organisation["url"]) == ("A University", "https://uni.example.org/")
    assert everything["en/places/hall/"].node("Place")["address"]["addressLocality"] == "Almaty"


def test_every_language_tells_the_same_facts(own_site: Publication) -> None:
    facts = ("startDate", "endDate", "eventStatus", "previousStartDate", "eventAttendanceMode")

    for event in own_site.edition.events:
        told = [own_site[f"{language}/events/{event.id}/"].node("Event") for language in ("en", "ru", "kk")]
        assert [[node.get(fact) for fact in facts] for node in told] == [
            [told[0].get(fact) for fact in facts]
        ] * 3


def test_a_foreign_parser_reads_the_same(everything: Publication) -> None:
    page = everything["en/events/school/"]
    read = extruct.extract(page.source, syntaxes=["json-ld", "opengraph"])

    assert read["json-ld"] == page.nodes
    assert dict(read["opengraph"][0]["properties"])["og:title"] == "School <i>of</i> Everything & More"


@given(st.text())
def test_no_text_can_end_the_script_it_stands_in(text: str) -> None:
    told = script({"name": f"</script><!--{text}"})

    assert "<" not in told
    assert json.loads(told)["name"] == f"</script><!--{text}"
