"""publish_at: a record becomes public at its minute, by itself, and not before."""

from __future__ import annotations

import pytest

from publisher.edition.stamps import scheduled
from publisher.model.records import Kind

from .desk import Desk, at

MINUTE = "2026-06-05 09:00"
TALK = {"id": "talk", "title": "A Talk", "start": "2026-06-12 10:00"}


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.named(Kind.TOPIC, "science")
    made.event(publish_at=MINUTE, topics=["science"], sessions=[TALK])
    made.release("2026-06-01")
    return made


def public(desk: Desk) -> list[str]:
    return sorted(item.id for item in desk.ledger if item.is_public)


def test_it_waits_with_everything_that_belongs_to_it(desk: Desk) -> None:
    assert public(desk) == []
    assert desk.edition("2026-06-01").events == ()
    assert desk.told == [("scheduled", "event/meeting", f"for {MINUTE}")]
    assert scheduled(desk.item(), "Asia/Almaty") == at(MINUTE)


@pytest.mark.parametrize("step", ["wait", "release"])
def test_it_is_public_at_its_minute_and_not_a_second_before(desk: Desk, step: str) -> None:
    getattr(desk, step)("2026-06-05 08:59:59")
    assert public(desk) == []

    getattr(desk, step)(MINUTE)

    assert public(desk) == ["meeting", "science", "talk"]
    assert {item.first_published for item in desk.ledger} == {at(MINUTE)}
    assert scheduled(desk.item(), "Asia/Almaty") is None


def test_a_release_that_comes_late_still_says_when_it_was_due(desk: Desk) -> None:
    desk.wait("2026-06-09")

    assert desk.item().first_published == at(MINUTE)


def test_time_alone_changes_nothing_else(desk: Desk) -> None:
    desk.wait("2026-06-09")
    before = desk.ledger

    assert desk.wait("2026-06-10") == before
    assert desk.release("2026-06-11") == before


def test_it_can_be_changed_while_it_waits_without_a_revision(desk: Desk) -> None:
    desk.event(publish_at=MINUTE, title="Better", start="2026-07-01", topics=["science"], sessions=[TALK])
    desk.release("2026-06-02")
    desk.wait(MINUTE)

    assert desk.item().revision == 0
    assert desk.item().previous is None
    assert desk.edition("2026-06-05").events[0].text("en").title == "Better"


def test_a_scheduled_record_whose_file_is_removed_never_becomes_public(desk: Desk) -> None:
    desk.remove("events/2026/meeting.md")
    desk.release("2026-06-02")
    desk.wait(MINUTE)

    assert public(desk) == []


def test_a_scheduled_record_that_becomes_a_draft_never_becomes_public(desk: Desk) -> None:
    desk.event(publish_at=MINUTE, draft="true")
    desk.release("2026-06-02")
    desk.wait(MINUTE)

    assert public(desk) == []


def test_a_scheduled_record_that_breaks_keeps_its_minute_and_its_last_good_version(desk: Desk) -> None:
    desk.write("events/2026/meeting.md", "---\nid: meeting\ntitle: [\n---\n")
    desk.release("2026-06-02")
    desk.wait(MINUTE)

    assert public(desk) == ["meeting", "science", "talk"]


def test_an_earlier_minute_brings_it_forward(desk: Desk) -> None:
    desk.event(publish_at="2026-06-02 10:00", topics=["science"], sessions=[TALK])

    desk.release("2026-06-02 10:00")

    assert public(desk) == ["meeting", "science", "talk"]


def test_a_clock_that_is_set_back_takes_nothing_off_the_air_again(desk: Desk) -> None:
    desk.wait(MINUTE)

    desk.wait("2026-06-02")

    assert public(desk) == ["meeting", "science", "talk"]


def test_a_topic_that_is_scheduled_itself_is_not_public_before_its_own_minute() -> None:
    desk = Desk()
    desk.named(Kind.TOPIC, "science", publish_at=MINUTE)
    desk.event(topics=["science"])
    desk.release("2026-06-01")
    assert public(desk) == ["meeting"]

    desk.wait(MINUTE)

    assert public(desk) == ["meeting", "science"]
    assert desk.item("topic/science").first_published == at(MINUTE)


def test_an_announcement_tells_nothing_of_a_scheduled_event_that_it_is_about() -> None:
    desk = Desk()
    desk.named(Kind.PLACE, "hall")
    desk.event(publish_at=MINUTE, place="hall")
    desk.announcement(events=["meeting"])

    desk.release("2026-06-01")

    assert public(desk) == ["news"]
    assert desk.edition("2026-06-01").announcements[0].memberships == frozenset()
