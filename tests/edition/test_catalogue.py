"""catalogue.json: what is public, for machines, and enough to go on from when the database is lost."""

from __future__ import annotations

import json

import pytest

from publisher.model.ledger import Item, ItemKey, Ledger
from publisher.model.records import Kind
from publisher.render import catalogue

from .desk import Desk, settings

SECRETS = ("Embargoed", "Half-written", "secret.example.org", "Mistaken", "Never again", "Room 101")


def written(desk: Desk) -> str:
    return desk.catalogue().data.decode()


def restored(desk: Desk) -> Ledger:
    """The ledger as the catalogue tells it."""
    ledger = catalogue.restore(written(desk), desk.config)
    assert ledger is not None
    return ledger


def public(ledger: Ledger) -> dict[ItemKey, Item]:
    return {item.key: item for item in ledger if item.is_public}


@pytest.fixture
def desk() -> Desk:
    """One of everything, in every state."""
    made = Desk()
    made.named(Kind.TOPIC, "science")
    made.named(Kind.PLACE, "hall")
    made.named(Kind.ORGANISATION, "unlisted", name="Never again")
    made.event(
        topics=["science"], place="hall", sessions=[{"id": "talk", "title": "A Talk", "start": "2026-06-12"}]
    )
    made.translation("events/2026/meeting.md", "ru", title="Встреча")
    made.event(
        "remote", online={"url": "https://secret.example.org/room", "platform": "Rooms", "public": "false"}
    )
    made.event("weekly", start="2026-06-01 10:00", recurrence={"every": "week"})
    made.event("mistake", title="Mistaken", start="2026-08-01", place={"name": "Room 101"},
               sessions=[{"id": "s", "title": "Mistaken too", "start": "2026-08-01"}])  # fmt: skip
    made.event("removed", title="Cancelled by removal", start="2026-09-01")
    made.announcement("leaves", title="Never again")
    made.announcement()
    made.release("2026-06-01")
    made.event("mistake", title="Mistaken", start="2026-08-01", status="withdrawn", status_note="Mistaken!")
    made.event(start="2026-06-12", topics=["science"], place="hall")
    made.event("scheduled", title="Embargoed", publish_at="2026-12-01")
    made.event("idea", title="Half-written", draft="true")
    made.event("weekly", title="Half-written", start="2026-06-01 10:00", draft="true")
    made.remove("events/2026/removed.md")
    made.remove("announcements/2026/leaves.md")
    made.release("2026-06-02")
    return made


def test_it_restores_the_public_ledger_exactly(desk: Desk) -> None:
    told = restored(desk)

    kept = public(desk.ledger)
    # Two things are not told: the address that is not published, and what was withdrawn.
    for key in (("event", "remote", ""), ("event", "mistake", "")):
        item, original = told.items[key], kept.pop(key)
        assert (item.uid, item.revision, item.ordinal) == (original.uid, original.revision, original.ordinal)
        assert (item.facts, item.languages) == (original.facts, original.languages)
        assert (item.first_published, item.updated) == (original.first_published, original.updated)
        assert item.withdrawn == original.withdrawn
    assert {key: item for key, item in public(told).items() if key in kept} == kept


def test_a_restored_ledger_goes_on_as_if_nothing_had_happened(desk: Desk) -> None:
    again = Desk(desk.config, files=dict(desk.files))
    again.ledger = restored(desk)

    untouched = desk.release("2026-06-03")
    again.release("2026-06-03")

    assert public(again.ledger) == public(untouched)
    assert again.told == [("scheduled", "event/scheduled", "for 2026-12-01")]


def test_time_alone_can_pass_over_a_restored_ledger(desk: Desk) -> None:
    desk.ledger = told = restored(desk)

    assert desk.wait("2026-06-03") == told
    assert [event.id for event in desk.edition("2026-06-03").withdrawn] == ["mistake"]


def test_what_returns_after_the_database_was_lost_is_a_higher_revision(desk: Desk) -> None:
    desk.remove("events/2026/meeting.md")
    desk.release("2027-01-01")
    revision = desk.item().revision
    desk.ledger = restored(desk)

    desk.event()
    desk.release("2027-01-02")

    assert desk.item().revision == revision + 1


def test_nothing_is_told_that_is_not_public(desk: Desk) -> None:
    text = written(desk)

    assert [secret for secret in SECRETS if secret in text] == []
    assert "A Talk" in text
    assert "Rooms" in text


def test_items_are_in_the_order_in_which_they_became_public(desk: Desk) -> None:
    ordinals = [item["ordinal"] for item in json.loads(written(desk))["items"]]

    assert ordinals == sorted(ordinals)
    assert ordinals[0] == 1


def test_it_says_which_records_it_names(desk: Desk) -> None:
    names = desk.catalogue().items

    assert {"event/meeting", "topic/science", "announcement/news"} <= names
    assert "event/scheduled" not in names


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"format": 1}',
        '{"format": 99, "identity": "calendar.example.org,2026", "items": []}',
        '{"format": 1, "identity": "calendar.example.org,2026", "items": [{}]}',
        '{"format": 1, "identity": "calendar.example.org,2026", "items": {"a": 1}}',
    ],
)
def test_what_is_no_catalogue_restores_nothing(text: str) -> None:
    assert catalogue.restore(text, settings()) is None


def test_the_catalogue_of_another_site_restores_nothing(desk: Desk) -> None:
    assert catalogue.restore(written(desk), settings(identity="elsewhere.example.com,2026")) is None


def test_a_catalogue_that_was_tampered_with_restores_nothing(desk: Desk) -> None:
    document = json.loads(written(desk))
    meeting = next(item for item in document["items"] if item["id"] == "meeting")
    meeting["values"]["record"] = {"id": "meeting"}

    assert catalogue.restore(json.dumps(document), desk.config) is None
