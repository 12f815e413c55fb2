"""Revisions: a significant change is one number for all languages; a typo moves only who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from publisher.model.records import Kind
from publisher.model.when import Days

from .desk import Desk, at, settings

if TYPE_CHECKING:
    from datetime import datetime

TOLD = {"title": "Встреча", "summary": "Коротко.", "status_note": "Потому."}


@pytest.fixture
def desk() -> Desk:
    made = Desk(settings(("en", "ru", "kk")))
    made.named(Kind.PLACE, "hall")
    made.named(Kind.PLACE, "annex")
    made.event(place="hall", online={"url": "https://stream.example.org/1"}, summary="In short.")
    made.translation("events/2026/meeting.md", "ru", body="Всё о ней.", **TOLD)
    made.release("2026-06-01")
    return made


def last_modified(desk: Desk, name: str = "event/meeting") -> dict[str, datetime]:
    """The languages in which it has changed since 1 June, and when."""
    languages = desk.item(name).languages.items()
    return {lang: view.last_modified for lang, view in languages if view.last_modified != at("2026-06-01")}


UNCHANGED: dict[str, Any] = {
    "place": "hall",
    "online": {"url": "https://stream.example.org/1"},
    "summary": "In short.",
}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"start": "2026-06-12", "end": "2026-06-14"}, id="another day"),
        pytest.param({"start": "2026-06-11", "end": "2026-06-12"}, id="a day less"),
        pytest.param({"start": "2026-06-11 09:00", "end": "18:00"}, id="hours instead of days"),
        pytest.param({"place": "annex"}, id="another place"),
        pytest.param({"place": ["hall", "annex"]}, id="one more place"),
        pytest.param({"place": {"name": "A tent"}}, id="a place of its own"),
        pytest.param({"place": []}, id="no place"),
        pytest.param({"online": {"url": "https://stream.example.org/2"}}, id="another address online"),
        pytest.param(
            {"online": {"url": "https://stream.example.org/1", "public": "false"}}, id="address hidden"
        ),
        pytest.param({"status": "tentative"}, id="tentative"),
        pytest.param({"status": "cancelled"}, id="cancelled"),
        pytest.param({"status": "postponed"}, id="postponed"),
        pytest.param({"recurrence": {"every": "week", "count": "3"}}, id="it repeats"),
    ],
)
def test_what_a_reader_must_act_on_is_the_next_revision_in_every_language(
    desk: Desk, change: dict[str, Any]
) -> None:
    desk.event(**{**UNCHANGED, **change})

    desk.release("2026-06-02")

    assert desk.item().revision == 1
    assert desk.item().updated == at("2026-06-02")
    assert last_modified(desk) == dict.fromkeys(("en", "ru", "kk"), at("2026-06-02"))
    assert desk.item().first_published == at("2026-06-01")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"title": "A Conference"}, id="the title"),
        pytest.param({"body": "All about it, really."}, id="the text"),
        pytest.param({"summary": "Shorter."}, id="the summary"),
        pytest.param({"speakers": [{"name": "Ann"}]}, id="a speaker"),
        pytest.param({"contact": {"email": "a@example.org"}}, id="a contact"),
        pytest.param({"registration": {"url": "https://example.org/r"}}, id="where to register"),
        pytest.param({"curator_note": "Two sources differ."}, id="the curator's note"),
        pytest.param({"sources": [{"title": "S", "published": "2020-01-01"}]}, id="a source"),
        pytest.param({"status_note": "Doors open at nine."}, id="a note"),
    ],
)
def test_everything_else_is_minor(desk: Desk, change: dict[str, Any]) -> None:
    desk.event(**{**UNCHANGED, **change})

    desk.release("2026-06-02")

    assert desk.item().revision == 0
    assert desk.item().updated == at("2026-06-01")
    assert desk.told == [("reworded", "event/meeting", "(minor: nobody is told)")]


def test_pinning_moves_no_stamp(desk: Desk) -> None:
    desk.event(pinned="true", publish_at="2026-01-01", **UNCHANGED)

    desk.release("2026-06-02")

    assert last_modified(desk) == {}
    assert desk.told == []


def test_a_typo_moves_the_languages_that_show_the_original_text_only(desk: Desk) -> None:
    desk.event(body="All abuot it.", **UNCHANGED)

    desk.release("2026-06-02")

    assert last_modified(desk) == dict.fromkeys(("en", "kk"), at("2026-06-02"))


def test_an_edited_translation_moves_that_language_only(desk: Desk) -> None:
    desk.translation("events/2026/meeting.md", "ru", body="Всё о встрече.", **TOLD)

    desk.release("2026-06-02")

    assert desk.item().revision == 0
    assert last_modified(desk) == {"ru": at("2026-06-02")}


def test_an_added_translation_moves_that_language_only(desk: Desk) -> None:
    desk.translation("events/2026/meeting.md", "kk", title="Кездесу")

    desk.release("2026-06-02")

    assert last_modified(desk) == {"kk": at("2026-06-02")}


def test_a_translation_without_a_title_is_none_yet(desk: Desk) -> None:
    desk.translation("events/2026/meeting.md", "kk", summary="Қысқаша.")

    desk.release("2026-06-02")

    assert last_modified(desk) == {}


def test_a_place_that_is_renamed_moves_who_reads_its_name_and_revises_nothing(desk: Desk) -> None:
    desk.named(Kind.PLACE, "hall", name="The Great Hall")
    desk.translation("places/2026/hall.md", "ru", name="Зал")

    desk.release("2026-06-02")

    assert desk.item().revision == 0
    assert last_modified(desk) == dict.fromkeys(("en", "ru", "kk"), at("2026-06-02"))
    assert last_modified(desk, "place/hall") == dict.fromkeys(("en", "ru", "kk"), at("2026-06-02"))


def test_a_link_or_coordinates_added_to_a_place_send_nobody_elsewhere() -> None:
    desk = Desk()
    desk.event(place={"name": "A tent", "city": "Almaty"})
    desk.release("2026-06-01")

    desk.event(
        place={"name": "A tent", "city": "Almaty", "geo": ["43.2", "76.9"], "url": "https://tent.example.org"}
    )
    desk.release("2026-06-02")

    assert desk.item().revision == 0


def test_an_address_that_is_not_published_is_nobodys_to_act_on() -> None:
    desk = Desk()
    desk.event(online={"url": "https://secret.example.org/1", "public": "false"})
    desk.release("2026-06-01")

    desk.event(online={"url": "https://secret.example.org/2", "public": "false"})
    desk.release("2026-06-02")

    assert desk.item().revision == 0
    assert last_modified(desk) == {}


def test_an_event_that_moves_twice_was_last_where_it_was_before_the_second_move(desk: Desk) -> None:
    for day, now in (("12", "2026-06-02"), ("13", "2026-06-03")):
        desk.event(**{**UNCHANGED, "start": f"2026-06-{day}"})
        desk.release(now)

    assert desk.item().revision == 2
    assert desk.item().previous_time == Days(first := at("2026-06-12").date(), first)


def test_an_event_that_moves_back_is_revised_and_says_so(desk: Desk) -> None:
    whole = desk.item().time
    desk.event(**{**UNCHANGED, "start": "2026-06-12"})
    desk.release("2026-06-02")
    desk.event(**UNCHANGED)
    desk.release("2026-06-03")

    assert desk.item().revision == 2
    assert desk.item().time == whole
    assert desk.item().previous_time == Days(first := at("2026-06-12").date(), first)


def test_where_it_was_is_still_told_after_it_was_also_relocated(desk: Desk) -> None:
    whole = desk.item().time
    desk.event(**{**UNCHANGED, "start": "2026-06-12"})
    desk.release("2026-06-02")
    desk.event(**{**UNCHANGED, "start": "2026-06-12", "place": "annex"})
    desk.release("2026-06-03")

    (event,) = desk.edition("2026-06-03").events
    assert event.previous_time == whole
    assert event.is_relocated


def test_being_given_its_first_place_is_a_revision_and_no_relocation() -> None:
    desk = Desk()
    desk.named(Kind.PLACE, "hall")
    desk.event()
    desk.release("2026-06-01")
    desk.event(place="hall")
    desk.release("2026-06-02")

    (event,) = desk.edition("2026-06-02").events
    assert event.revision == 1
    assert not event.is_relocated


def test_two_significant_changes_at_once_are_one_revision(desk: Desk) -> None:
    desk.event(start="2026-06-12", place="annex")

    desk.release("2026-06-02")

    assert desk.item().revision == 1


def test_a_language_that_comes_later_begins_with_what_was_last_told() -> None:
    desk = Desk()
    desk.event()
    desk.release("2026-06-01")
    desk.event(start="2026-06-12")
    desk.release("2026-06-02")

    desk.config = settings(("en", "ru", "kk"))
    desk.release("2026-06-05")

    assert desk.item().languages["kk"].last_modified == at("2026-06-02")
    assert desk.item().revision == 1


def test_a_language_that_was_left_out_for_a_while_does_not_go_back_in_time() -> None:
    desk = Desk()
    desk.event()
    desk.release("2026-06-01")
    desk.event(body="Another text.")
    desk.release("2026-06-02")
    desk.config = settings(("en",))
    desk.release("2026-06-03")

    desk.config = settings(("en", "ru"))
    desk.release("2026-06-04")

    assert desk.item().languages["ru"].last_modified == at("2026-06-02")


def test_a_clock_that_is_set_back_never_sets_a_stamp_back(desk: Desk) -> None:
    desk.event(**{**UNCHANGED, "start": "2026-06-12"})
    desk.release("2026-06-05")

    desk.event(body="Reworded.", **{**UNCHANGED, "start": "2026-06-13"})
    desk.release("2026-06-03")

    assert desk.item().revision == 2
    assert desk.item().updated == at("2026-06-05")
    assert last_modified(desk) == dict.fromkeys(("en", "ru", "kk"), at("2026-06-05"))
