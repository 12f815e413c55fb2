"""Whether an item reads differently is told by a hash, which names the version of the view that made it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publisher.edition.facts import digest
from publisher.edition.views import VERSION
from publisher.model.ledger import Ledger
from publisher.model.records import Kind

from .desk import Desk, at

if TYPE_CHECKING:
    from datetime import datetime

OFF = {"occurrence": "2026-06-18", "status": "cancelled"}
FILE = "events/2026/meeting.md"


@pytest.fixture
def desk() -> Desk:
    """An event of every sort of part, in two languages."""
    made = Desk()
    made.named(Kind.TOPIC, "science", colour="#005a9c")
    made.named(Kind.ORGANISATION, "uni", url="https://uni.example.org")
    made.named(Kind.PLACE, "hall", city="Almaty", geo=["43.2", "76.9"])
    made.event(
        start="2026-06-11 09:00", end="10:00", topics=["science"], organisers=["uni"], place="hall",
        contact={"email": "a@example.org"}, registration={"closes": "2026-06-05"},
        online={"url": "https://rooms.example.org/1", "public": "no"},
        sessions=[{"id": "talk", "title": "A Talk", "start": "2026-06-11 09:30"}],
        deadlines=[{"id": "papers", "title": "Papers due", "at": "2026-06-01"}],
        recurrence={"every": "week", "count": "3", "changed": [OFF]},
    )  # fmt: skip
    made.translation(FILE, "ru", title="Встреча")
    made.release("2026-05-01")
    return made


def hashes(desk: Desk) -> dict[str, str]:
    return {
        f"{item.kind}/{item.id}/{language}": view.hash
        for item in desk.ledger
        for language, view in item.languages.items()
    }


def stamps(desk: Desk, language: str = "en") -> set[datetime]:
    return {item.languages[language].last_modified for item in desk.ledger}


def of_another_version(ledger: Ledger) -> Ledger:
    """The ledger as a program left it that hashed otherwise, or before hashes had a version."""
    return ledger.with_items(
        item.evolve(languages={name: replace(view, hash="0f" * 12) for name, view in item.languages.items()})
        for item in ledger
    )


def test_what_a_view_holds_is_part_of_its_version(desk: Desk) -> None:
    """If this fails, hashes are made otherwise than before: raise VERSION, and write the new pair here."""
    assert (VERSION, digest(hashes(desk))) == ("2", "f2414b61fbcb9705897dec9b")


def test_a_hash_of_another_version_is_made_anew_and_dates_nothing(desk: Desk) -> None:
    before = desk.ledger
    desk.ledger = of_another_version(before)

    desk.release("2026-05-02")

    assert desk.ledger == before
    assert desk.told == []


def test_what_was_edited_at_the_same_time_is_dated_and_nothing_else(desk: Desk) -> None:
    desk.ledger = of_another_version(desk.ledger)
    desk.translation(FILE, "ru", title="Собрание")

    desk.release("2026-05-02")

    assert stamps(desk) == {at("2026-05-01")}
    moved = {item.id for item in desk.ledger if item.languages["ru"].last_modified == at("2026-05-02")}
    assert moved == {"meeting", "talk", "papers", "registration-closes", "2026-06-18 09:00"}


def test_a_name_that_others_show_is_compared_with_what_it_was(desk: Desk) -> None:
    desk.ledger = of_another_version(desk.ledger)
    desk.named(Kind.TOPIC, "science", name="Sciences", colour="#005a9c")

    desk.release("2026-05-02")

    kept = {item.id for item in desk.ledger if item.languages["en"].last_modified == at("2026-05-01")}
    assert kept == {"uni", "hall"}


def test_time_alone_brings_hashes_to_this_version(desk: Desk) -> None:
    before = desk.ledger
    desk.ledger = of_another_version(before)

    assert desk.wait("2026-05-02") == before


def test_what_left_and_returns_with_a_hash_of_another_version_is_dated_when_it_returns() -> None:
    desk = Desk()
    desk.announcement()
    desk.release("2026-05-01")
    desk.remove("announcements/2026/news.md")
    desk.release("2026-05-02")
    desk.ledger = of_another_version(desk.ledger)
    desk.announcement()

    desk.release("2026-05-03")

    assert stamps(desk) == {at("2026-05-03")}


def test_a_topic_that_gets_its_listing_later_moves_what_then_shows_its_name() -> None:
    desk = Desk()
    desk.named(Kind.TOPIC, "science", publish_at="2026-05-10")
    desk.event(topics=["science"])
    desk.release("2026-05-01")
    assert "science" not in str(desk.edition("2026-05-01").facets)

    desk.release("2026-05-10")

    assert desk.item().languages["en"].last_modified == at("2026-05-10")
    assert desk.item().revision == 0
