"""Topics, organisations, places and series: a listing from its first item on, then for ever."""

from __future__ import annotations

from publisher.model.records import Kind

from .desk import Desk, at


def listed(desk: Desk, kind: Kind = Kind.TOPIC) -> list[str]:
    return sorted(desk.edition("2026-06-01").facets[kind])


def test_a_topic_without_items_has_a_name_and_no_listing() -> None:
    desk = Desk()
    desk.named(Kind.TOPIC, "science", name="Science")
    desk.translation("topics/2026/science.md", "ru", name="Наука")

    desk.release("2026-06-01")

    assert listed(desk) == []
    names = desk.edition("2026-06-01").others
    assert names == {(Kind.TOPIC, "science"): {"en": "Science", "ru": "Наука"}}


def test_it_is_there_since_its_earliest_item_was() -> None:
    desk = Desk()
    desk.named(Kind.TOPIC, "science")
    desk.announcement("old", date="2026-02-03", topics=["science"])
    desk.announcement("new", date="2026-05-05", topics=["science"])

    desk.release("2026-06-01")

    assert listed(desk) == ["science"]
    assert desk.item("topic/science").first_published == at("2026-02-03 00:00")


def test_it_stays_for_ever_when_nothing_belongs_to_it_any_more() -> None:
    desk = Desk()
    desk.named(Kind.TOPIC, "science")
    desk.event(topics=["science"])
    desk.release("2026-06-01")
    desk.event()

    desk.release("2026-06-02")
    desk.wait("2036-06-02")

    assert listed(desk) == ["science"]


def test_it_stays_when_its_own_file_is_removed() -> None:
    desk = Desk()
    desk.named(Kind.TOPIC, "science")
    desk.event(topics=["science"])
    desk.release("2026-06-01")
    desk.event()
    desk.remove("topics/2026/science.md")

    before = desk.release("2026-06-02")

    assert listed(desk) == ["science"]
    assert desk.item("topic/science").removed
    assert desk.release("2026-06-03") == before


def test_what_something_is_part_of_has_a_listing_with_it() -> None:
    desk = Desk()
    desk.named(Kind.ORGANISATION, "ministry")
    desk.named(Kind.ORGANISATION, "university", parent="ministry")
    desk.named(Kind.ORGANISATION, "faculty", parent="university")
    desk.named(Kind.ORGANISATION, "another")
    desk.event(organisers=["faculty"])

    desk.release("2026-06-01")

    assert listed(desk, Kind.ORGANISATION) == ["faculty", "ministry", "university"]
    (event,) = desk.edition("2026-06-01").events
    assert event.memberships == {(Kind.ORGANISATION, id_) for id_ in ("faculty", "ministry", "university")}


def test_an_announcement_belongs_where_its_events_take_place() -> None:
    desk = Desk()
    desk.named(Kind.PLACE, "hall")
    desk.named(Kind.SERIES, "yearly")
    desk.named(Kind.TOPIC, "science")
    desk.event(place="hall", series="yearly", topics=["science"])
    desk.announcement(events=["meeting"])

    desk.release("2026-06-01")

    (news,) = desk.edition("2026-06-01").announcements
    assert news.memberships == {(Kind.PLACE, "hall"), (Kind.SERIES, "yearly")}


def test_a_withdrawn_event_lends_its_announcements_nothing() -> None:
    desk = Desk()
    desk.named(Kind.PLACE, "hall")
    desk.event()
    desk.release("2026-06-01")
    desk.event(status="withdrawn", place="hall")
    desk.announcement(events=["meeting"])

    desk.release("2026-06-02")

    assert listed(desk, Kind.PLACE) == []
    assert desk.edition("2026-06-02").announcements[0].memberships == frozenset()


def test_a_session_in_a_place_puts_its_event_there() -> None:
    desk = Desk()
    desk.named(Kind.PLACE, "hall")
    desk.event(sessions=[{"id": "talk", "title": "A Talk", "start": "2026-06-12 10:00", "place": "hall"}])

    desk.release("2026-06-01")

    assert listed(desk, Kind.PLACE) == ["hall"]
