"""The end of registration is a deadline of its own, without being listed among an event's deadlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publisher.model.ledger import DEADLINE, Ledger
from publisher.model.records import Status
from publisher.model.when import Days, Hours

from . import subscriber
from .desk import HOST, Desk, at

if TYPE_CHECKING:
    from .subscriber import Entry

NAME = "event/meeting/deadline/registration-closes"
UID = f"event.meeting.deadline.registration-closes@{HOST}"
URL = "https://example.org/register"


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.event(registration={"closes": "2026-06-05", "url": URL, "opens": "2026-05-01"})
    made.release("2026-05-01")
    return made


def entries(desk: Desk, today: str, language: str = "en") -> dict[str, Entry]:
    """The deadlines in a subscriber's calendar, by UID."""
    read = subscriber.read(subscriber.files(desk.edition(today)), "Asia/Almaty")
    return {uid: entry for (uid, _), entry in read[language].items() if entry.which == "deadlines"}


def test_it_is_in_the_calendars_of_each_language_under_a_uid_of_its_own(desk: Desk) -> None:
    english, russian = (entries(desk, "2026-05-01", language)[UID] for language in ("en", "ru"))

    assert english.summary == "Registration closes: A Meeting"
    assert russian.summary == "Окончание регистрации: A Meeting"
    assert english.starts == at("2026-06-05 00:00")
    assert f"RELATED-TO;RELTYPE=PARENT:event.meeting@{HOST}" in english.text
    assert f"URL:{URL}" in english.text


def test_it_comes_with_its_event_and_is_no_news_of_its_own(desk: Desk) -> None:
    assert desk.told == [("new", "event/meeting", "11-13 Jun 2026")]


def test_one_to_the_minute_is_in_the_events_zone() -> None:
    desk = Desk()
    desk.event(timezone="Europe/Berlin", registration={"closes": "2026-06-05 18:00"})
    desk.release("2026-05-01")

    assert desk.item(NAME).time == Hours(at("2026-06-05 21:00"), None, "Europe/Berlin")


@pytest.mark.parametrize("closes", ["2026-06", "2026"])
def test_one_whose_day_is_not_known_is_in_no_calendar(closes: str) -> None:
    desk = Desk()
    desk.event(registration={"closes": closes})
    desk.release("2026-05-01")

    assert entries(desk, "2026-05-01") == {}


@pytest.mark.parametrize("id_", ["registration", "registration-closes"])
def test_a_deadline_that_the_record_lists_itself_is_not_doubled(id_: str) -> None:
    desk = Desk()
    listed = {"id": id_, "title": "Sign up by", "at": "2026-06-05"}
    desk.event(registration={"closes": "2026-06-05"}, deadlines=[listed])
    desk.release("2026-05-01")

    (only,) = entries(desk, "2026-05-01").values()
    assert only.summary == "Sign up by: A Meeting"
    assert only.uid == f"event.meeting.deadline.{id_}@{HOST}"


def test_when_it_is_put_off_it_alone_is_revised(desk: Desk) -> None:
    desk.event(registration={"closes": "2026-06-08", "url": URL})

    desk.release("2026-05-02")

    assert {item.id: item.revision for item in desk.ledger} == {"meeting": 0, "registration-closes": 1}
    assert desk.told[0] == ("moved", NAME, "5 Jun -> 8 Jun 2026")
    (event,) = desk.edition("2026-05-02").events
    assert event.deadlines[0].previous_time == Days(day := at("2026-06-05").date(), day)


@pytest.mark.parametrize("registration", [{}, {"closes": "2026-06"}])
def test_when_it_is_taken_out_it_is_cancelled_until_it_is_over(
    desk: Desk, registration: dict[str, str]
) -> None:
    desk.event(registration=registration)
    desk.release("2026-05-02")

    entry = entries(desk, "2026-05-02")[UID]
    assert (entry.status, entry.sequence) == ("CANCELLED", 1)
    assert entry.summary == "Cancelled: Registration closes: A Meeting"

    desk.wait("2026-06-06 00:00")
    assert entries(desk, "2026-06-06") == {}


def test_it_goes_the_way_of_its_event(desk: Desk) -> None:
    desk.event(status="cancelled", registration={"closes": "2026-06-05"})
    desk.release("2026-05-02")
    assert desk.item(NAME).facts["status"] == Status.CANCELLED

    desk.event(status="withdrawn", registration={"closes": "2026-06-05"})
    desk.release("2026-05-03")
    assert entries(desk, "2026-05-03") == {}


def test_one_that_the_page_told_before_there_was_an_entry_for_it_is_no_news(desk: Desk) -> None:
    desk.ledger = Ledger({key: item for key, item in desk.ledger.items.items() if item.kind != DEADLINE})

    desk.release("2026-05-20")

    assert desk.told == []
    assert desk.item(NAME).updated == desk.item().updated
    assert UID in entries(desk, "2026-05-20")
