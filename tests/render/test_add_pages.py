"""What one copies into an online calendar from an event's page says the same as the event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model.when import Days, Hours
from publisher.render.addlinks import LONGEST, AddLinks, Copy, add_links
from publisher.zones import zone

from .pagesites import Desk, Publication

if TYPE_CHECKING:
    from .pagesites import Page

ADD = "//section[@aria-labelledby='add']"
FOLLOW = "//section[@aria-labelledby='follow']"
SERVICES = ("Google", "Outlook.com", "Microsoft 365")


@dataclass(frozen=True)
class Added:
    """What a service puts into its form: instants in UTC, or the first day and the one after the last."""

    start: date
    end: date
    title: str
    where: str
    text: str
    zone: str = ""
    recur: str = ""


def added(link: str) -> Added:
    """What the service at which a link points would add."""
    parts = urlsplit(link)
    # A plus sign is no space for Outlook, so that none may stand for one.
    assert "+" not in parts.query
    fields = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
    if parts.hostname == "calendar.google.com":
        assert fields.pop("action") == "TEMPLATE"
        start, end = (_moment(text) for text in fields.pop("dates").split("/"))
        return Added(
            start, end, fields.pop("text"), fields.pop("location", ""), fields.pop("details"),
            fields.pop("ctz", ""), fields.pop("recur", ""),
        )  # fmt: skip
    assert parts.hostname in {"outlook.live.com", "outlook.office.com"}
    assert fields.pop("rru") == "addevent"
    start, end = _moment(fields.pop("startdt")), _moment(fields.pop("enddt"))
    assert (fields.pop("allday", "") == "true") is (not isinstance(start, datetime))
    return Added(start, end, fields.pop("subject"), fields.pop("location", ""), fields.pop("body"))


def _moment(text: str) -> date:
    plain = text.replace("-", "").replace(":", "")
    if "T" not in plain:
        return datetime.strptime(plain, "%Y%m%d").replace(tzinfo=UTC).date()
    return datetime.strptime(plain, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def offered(page: Page, where: str = ADD) -> dict[str, str]:
    """The services that are offered there, with their links."""
    links = {name.partition(":")[0]: href for name, href in page.links(where).items()}
    return {name: href for name, href in links.items() if name in SERVICES}


def every_service(page: Page, where: str = ADD) -> list[Added]:
    found = offered(page, where)
    assert tuple(found) == SERVICES
    return [added(link) for link in found.values()]


def event_page(desk: Desk, language: str = "en", /, day: str = "2026-06-01", **fields: Any) -> Page:
    desk.event("fest", **fields)
    return desk.release(day)[f"{language}/events/fest/"]


@pytest.mark.parametrize(
    ("timezone", "hour"), [("Asia/Almaty", 13), ("Europe/Berlin", 16), ("America/New_York", 22), ("UTC", 18)]
)
def test_a_time_of_day_is_the_same_instant_in_every_calendar(desk: Desk, timezone: str, hour: int) -> None:
    page = event_page(desk, start="2026-07-06 18:00", end="19:30", timezone=timezone)

    start = datetime(2026, 7, 6, hour, tzinfo=UTC)
    for each in every_service(page):
        assert (each.start, each.end) == (start, start + timedelta(minutes=90))
        assert each.zone in {"", timezone}
    assert every_service(page)[0].zone == timezone


def test_almaty_before_and_after_its_change_of_2024_is_told_apart() -> None:
    almaty = zone("Asia/Almaty")
    moments = [datetime(year, 2, 1, 9, tzinfo=almaty).astimezone(UTC) for year in (2024, 2026)]
    hours = [Hours(moment, None, "Asia/Almaty") for moment in moments]
    copies = [add_links(each, Copy("A", "", "", "https://a.org/")) for each in hours]

    starts = [added(copy.google).start for copy in copies if copy]
    assert starts == [datetime(2024, 2, 1, 3, tzinfo=UTC), datetime(2026, 2, 1, 4, tzinfo=UTC)]


def test_whole_days_end_on_the_day_after_the_last(desk: Desk) -> None:
    for each in every_service(event_page(desk, start="2026-06-11", end="2026-06-13")):
        assert (each.start, each.end) == (date(2026, 6, 11), date(2026, 6, 14))


def test_an_end_that_is_not_known_is_not_invented(desk: Desk) -> None:
    for each in every_service(event_page(desk, start="2026-06-11 09:00")):
        assert each.start == each.end == datetime(2026, 6, 11, 4, tzinfo=UTC)


def test_a_copy_says_what_where_and_which_page_knows_better(desk: Desk) -> None:
    page = event_page(
        desk,
        title="Стипендии & гранты: 50 % + «ещё»?",
        language="ru",
        summary="Как <подать> заявку; до 1 июля.",
        place={"name": "Зал № 5", "address": "пр. Абая, 10", "city": "Алматы", "country": "KZ"},
    )

    google, *microsoft = every_service(page)
    for each in (google, *microsoft):
        assert each.title == "Стипендии & гранты: 50 % + «ещё»?"
        assert each.where == "Зал № 5, пр. Абая, 10, Алматы, Kazakhstan"
        assert "https://news.example.org/en/events/fest/" in each.text
    assert "Как <подать> заявку; до 1 июля." in google.text
    # Outlook reads HTML.
    assert all("Как &lt;подать&gt; заявку; до 1 июля." in each.text for each in microsoft)


def test_what_is_only_online_is_at_its_address_unless_that_is_for_participants(desk: Desk) -> None:
    online = {"url": "https://meet.example.org/x?a=1&b=2"}

    assert every_service(event_page(desk, online=online))[0].where == "https://meet.example.org/x?a=1&b=2"
    closed = event_page(desk, online=online | {"public": "false"})
    assert {each.where for each in every_service(closed)} == {""}


def test_a_provisional_date_is_copied_as_such(desk: Desk) -> None:
    page = event_page(desk, status="tentative")

    assert {each.title for each in every_service(page)} == {"Fest (tentative)"}


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_what_is_off_cannot_be_added_and_neither_can_its_parts(desk: Desk, status: str) -> None:
    session = {"id": "a", "title": "A", "start": "2026-06-11 09:00"}
    page = event_page(desk, status=status, status_note="Ill.", sessions=[session])

    assert page.find(ADD) == []
    assert offered(page, "//li[@id='session-a']") == {}


@pytest.mark.parametrize("day", [{"start": "2026-11"}, {"start": None, "reported": "2026-05-20"}], ids=str)
def test_what_has_no_day_cannot_be_added(desk: Desk, day: dict[str, Any]) -> None:
    page = event_page(desk, **day)

    assert page.find(ADD) == []
    assert offered(page, FOLLOW) == {}


def test_what_is_over_can_be_kept_as_a_file_and_no_more(desk: Desk) -> None:
    desk.event("fest", start="2026-06-11", topics=["ai"])
    before, after = desk.release("2026-06-11")["en/events/fest/"], desk.on("2026-06-12")["en/events/fest/"]

    assert tuple(offered(before)) == SERVICES
    assert after.links(ADD) == {"Calendar file (.ics)": "/en/events/fest/event.ics"}
    assert "This event is over." in after.text(ADD)
    assert "webcal" not in after.source
    assert after.links(FOLLOW)["Artificial intelligence"] == "/en/topics/ai/"


def test_google_takes_a_rule_and_outlook_none(desk: Desk) -> None:
    page = event_page(desk, start="2026-06-09 18:00", end="19:30", recurrence={"every": "week", "count": 5})

    (google,) = offered(page).values()
    assert added(google).recur == "RRULE:FREQ=WEEKLY;COUNT=5"
    assert added(google).zone == "Asia/Almaty"
    assert "It has several dates, and the file holds them all." in page.text(ADD)


@pytest.mark.parametrize(
    "but",
    [
        {"except": ["2026-06-16"]},
        {"also": ["2026-06-18"]},
        {"changed": [{"occurrence": "2026-06-16", "status": "cancelled"}]},
        {"every": None, "count": None, "also": ["2026-06-18", "2026-07-01"]},
    ],
    ids=str,
)
def test_dates_that_a_service_would_not_get_right_are_in_the_file_alone(
    desk: Desk, but: dict[str, Any]
) -> None:
    rule = {name: value for name, value in ({"every": "week", "count": 5} | but).items() if value}
    page = event_page(desk, start="2026-06-09", recurrence=rule)

    assert page.links(ADD) == {"Calendar file (.ics)": "/en/events/fest/event.ics"}


def test_each_session_and_deadline_ahead_can_be_added_by_itself(everything: Publication) -> None:
    page = everything["en/events/school/"]

    start = datetime(2026, 9, 7, 4, tzinfo=UTC)
    for each in every_service(page, "//li[@id='session-opening']//details"):
        assert (each.start, each.end) == (start, start + timedelta(hours=1))
        assert each.title == "Opening (School <i>of</i> Everything & More)"
        assert each.where == "Hall A"
        assert "https://news.example.org/en/events/school/#session-opening" in each.text
    trip = every_service(page, "//li[@id='session-trip']//details")[0]
    assert (trip.start, trip.end) == (date(2026, 9, 9), date(2026, 9, 10))
    assert trip.where == "Main Hall, 1 Street, Almaty, Kazakhstan"
    abstracts = every_service(page, "//li[@id='deadline-abstracts']//details")[0]
    assert abstracts.start == datetime(2026, 7, 2, 11, 59, tzinfo=UTC)
    for gone in ("session-talk", "deadline-early"):
        assert page.find(f"//li[@id='{gone}']")
        assert page.find(f"//li[@id='{gone}']//details") == []


def test_a_copy_and_a_subscription_are_told_apart(everything: Publication) -> None:
    page = everything["en/events/school/"]

    assert "It does not follow when the event changes." in page.text(ADD)
    assert "Stays right" in page.text(FOLLOW)
    follow = page.links(FOLLOW)
    assert follow["Just this event"] == "webcal://news.example.org/en/events/school/event.ics"
    assert page.text(f"{FOLLOW}//code") == "https://news.example.org/en/events/school/event.ics"
    assert {"Schools", "Mobility", "Artificial intelligence", "A University"} <= follow.keys()
    assert not [href for href in page.links(ADD).values() if href.startswith("webcal")]


def test_who_waits_for_a_new_day_can_follow_the_event(everything: Publication) -> None:
    assert "Just this event" in everything["en/events/later/"].links(FOLLOW)
    for without in ("gone", "vague", "past"):
        assert "Just this event" not in everything[f"en/events/{without}/"].links(FOLLOW)


LINES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=300)


@given(LINES, LINES, st.text(st.sampled_from("ab <>&+%#?;/\n,.ЯҚ中𝄞"), max_size=5_000))
def test_no_link_is_too_long_and_none_loses_the_page(title: str, where: str, about: str) -> None:
    copy = Copy(title, where, about, "https://news.example.org/kk/events/an-event-of-many-words/")
    links = add_links(Days(date(2026, 6, 11), date(2026, 6, 13)), copy)

    assert isinstance(links, AddLinks)
    for link in (links.google, links.outlook, links.office):
        said = added(link)
        assert len(link) <= LONGEST
        assert copy.url in said.text
        assert said.title == title or (said.title.endswith("…") and title.startswith(said.title[:-1]))


def test_what_matters_least_is_shortened_first() -> None:
    copy = Copy("Заголовок " * 8, "Место " * 8, "Слово " * 500, "https://news.example.org/")
    links = add_links(Days(date(2026, 6, 11), date(2026, 6, 11)), copy)
    assert links

    said = added(links.google)
    assert (said.title, said.where) == (copy.title, copy.where)
    assert said.text.startswith("Слово Слово")
    assert "Слово…\n\nhttps://news.example.org/" in said.text
