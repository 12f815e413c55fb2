"""Identity: whatever is renamed, retitled or reordered, a reader's entry stays the same entry."""

from __future__ import annotations

import pytest

from publisher.model.records import Kind

from .desk import Desk, settings

SESSIONS = [
    {"id": "opening", "title": "Opening", "start": "2026-06-11 09:00"},
    {"id": "closing", "title": "Closing", "start": "2026-06-13 16:00"},
]


def uids(desk: Desk) -> dict[str, str]:
    return {"/".join(item.key): item.uid for item in desk.ledger if item.is_public}


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.named(Kind.TOPIC, "science")
    made.event(sessions=SESSIONS, topics=["science"])
    made.event("other", start="2026-07-01")
    made.announcement()
    made.release("2026-06-01")
    return made


def test_uids_are_made_of_permanent_ids_and_the_sites_authority(desk: Desk) -> None:
    assert uids(desk) == {
        "announcement/news/": "announcement.news@calendar.example.org",
        "event/meeting/": "event.meeting@calendar.example.org",
        "event/other/": "event.other@calendar.example.org",
        "session/closing/meeting": "event.meeting.session.closing@calendar.example.org",
        "session/opening/meeting": "event.meeting.session.opening@calendar.example.org",
        "topic/science/": "topic.science@calendar.example.org",
    }


def test_a_new_title_changes_no_identity_and_no_revision(desk: Desk) -> None:
    before = desk.ledger
    desk.event(title="A Conference", sessions=SESSIONS, topics=["science"])

    desk.release("2026-06-02")

    assert uids(desk) == {"/".join(item.key): item.uid for item in before}
    assert desk.item().revision == 0
    assert desk.item().updated == before.items[desk.item().key].updated


def test_a_renamed_file_changes_nothing_that_a_reader_sees(desk: Desk) -> None:
    before = {item.key: (item.uid, item.revision, item.languages) for item in desk.ledger}
    desk.rename("events/2026/meeting.md", "events/2031/anything-else.md")

    desk.release("2026-06-02")

    assert {item.key: (item.uid, item.revision, item.languages) for item in desk.ledger} == before
    assert desk.told == []


def test_sessions_in_another_order_change_no_revision(desk: Desk) -> None:
    before = {item.key: (item.uid, item.revision, item.updated) for item in desk.ledger}
    desk.event(sessions=SESSIONS[::-1], topics=["science"])

    desk.release("2026-06-02")

    assert {item.key: (item.uid, item.revision, item.updated) for item in desk.ledger} == before


def test_a_site_that_moves_to_another_address_keeps_all_identities(desk: Desk) -> None:
    before = uids(desk)
    desk.config = settings(url="http://elsewhere.example.com/calendar")

    desk.release("2026-06-02")

    assert uids(desk) == before


def test_even_another_authority_touches_only_what_is_new(desk: Desk) -> None:
    desk.config = settings(identity="elsewhere.example.com,2027")
    desk.event("newcomer")

    desk.release("2026-06-02")

    assert desk.item().uid == "event.meeting@calendar.example.org"
    assert desk.item("event/newcomer").uid == "event.newcomer@elsewhere.example.com"


def test_the_same_content_released_again_changes_nothing(desk: Desk) -> None:
    before = desk.ledger

    assert desk.release("2026-06-02") == before
    assert desk.wait("2026-06-03") == before


def test_the_order_of_files_changes_nothing() -> None:
    ledgers = []
    for backwards in (False, True):
        desk = Desk()
        for number in range(4):
            desk.announcement(f"news-{number}", date="2026-02-03")
        desk.event("twin", path="events/2026/a.md")
        desk.event("twin", path="events/2026/b.md", title="The Other")
        ledgers.append(desk.release("2026-06-01", backwards=backwards))

    assert ledgers[0] == ledgers[1]
