"""A mistake never takes anything off the air: what is broken stays as it was last released."""

from __future__ import annotations

import pytest

from publisher.model.ledger import Item, ItemKey
from publisher.model.records import Kind, Status

from .desk import Desk, at

FILE = "events/2026/meeting.md"
BROKEN: dict[str, str | bytes | None] = {
    "the front matter is not YAML": "---\nid: meeting\ntitle: [A\n---\n",
    "a field is unknown": "---\nid: meeting\ntitel: A\ntitle: A Meeting\nstart: 2026-06-12\n---\n",
    "the date does not exist": "---\nid: meeting\ntitle: A Meeting\nstart: 2026-06-31\n---\n",
    "the end is before the start": "---\nid: meeting\ntitle: A\nstart: 2026-06-12\nend: 2026-06-11\n---\n",
    "an organisation is unknown": "---\nid: meeting\ntitle: A\nstart: 2026-06-12\nhosts: [nobody]\n---\n",
    "the id is gone": "---\ntitle: A Meeting\nstart: 2026-06-12\n---\n",
    "the id is no id": "---\nid: A Meeting\ntitle: A Meeting\nstart: 2026-06-12\n---\n",
    "there is no front matter": "A Meeting",
    "the file is empty": "",
    "it is not UTF-8": b"---\nid: meeting\ntitle: caf\xe9\n---\n",
    "it cannot be read": None,
}


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.event(sessions=[{"id": "talk", "title": "A Talk", "start": "2026-06-12 10:00"}])
    made.translation(FILE, "ru", title="Встреча")
    made.event("other", start="2026-07-01")
    made.release("2026-06-01")
    return made


def break_(desk: Desk, path: str, how: str) -> None:
    text = BROKEN[how]
    if text is None:
        desk.files[path] = None
    else:
        desk.write(path, text)


def entries(desk: Desk) -> dict[ItemKey, Item]:
    """All that is kept of the meeting and its session."""
    return {key: item for key, item in desk.ledger.items.items() if "meeting" in key}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_record_stays_as_it_was_and_all_others_are_released(desk: Desk, how: str) -> None:
    before = entries(desk)
    break_(desk, FILE, how)
    desk.event("other", start="2026-07-02")

    desk.release("2026-06-02")

    assert entries(desk) == before
    assert desk.item("event/other").revision == 1
    assert desk.findings
    assert [verb for verb, *_ in desk.told] == ["moved", "broken"]
    assert "stays as published on 1 Jun 2026" in {detail for *_, detail in desk.told}


@pytest.mark.parametrize("how", BROKEN)
def test_a_file_that_is_renamed_and_broken_at_once_takes_nothing_off_the_air(desk: Desk, how: str) -> None:
    before = entries(desk)
    desk.remove(FILE)
    break_(desk, "events/2027/renamed.md", how)

    desk.release("2026-06-02")

    assert entries(desk) == before


def test_it_stays_so_for_as_long_as_it_is_broken_and_through_new_days(desk: Desk) -> None:
    before = entries(desk)
    break_(desk, FILE, "the date does not exist")

    desk.release("2026-06-02")
    desk.wait("2026-06-05")
    desk.release("2027-06-05")

    assert entries(desk) == before


def test_when_it_is_mended_it_goes_on_from_what_was_public(desk: Desk) -> None:
    break_(desk, FILE, "the date does not exist")
    desk.release("2026-06-02")
    desk.event(start="2026-06-30", sessions=[{"id": "talk", "title": "A Talk", "start": "2026-06-12 10:00"}])
    desk.release("2026-06-03")

    assert desk.item().revision == 1
    assert desk.told == [("moved", "event/meeting", "11-13 Jun -> 30 Jun 2026")]


def test_a_broken_record_that_was_never_published_is_not(desk: Desk) -> None:
    desk.write("events/2026/new.md", "---\nid: new\ntitle: N\nstart: 2026-06-31\n---\n")

    desk.release("2026-06-02")

    assert ("event", "new", "") not in desk.ledger.items
    assert ("broken", "content/events/2026/new.md:4", "is not published") in desk.told


@pytest.mark.parametrize("text", [b"---\ntitle: [\n---\n", b"---\ntitle: T\nbody: x\n---\n", b"\xff", None])
def test_a_broken_translation_leaves_that_language_as_it_was(desk: Desk, text: bytes | None) -> None:
    russian = desk.item().languages["ru"]
    desk.files["events/2026/meeting.ru.md"] = text
    desk.event(
        body="Another text.", sessions=[{"id": "talk", "title": "A Talk", "start": "2026-06-12 10:00"}]
    )

    desk.release("2026-06-02")

    assert desk.item().languages["en"].last_modified == at("2026-06-02")
    (event,) = [event for event in desk.edition("2026-06-02").events if event.id == "meeting"]
    assert event.text("ru").title == "Встреча"
    assert desk.item().languages["ru"].last_modified == at("2026-06-02")  # its text is the original's
    assert russian.hash != desk.item().languages["ru"].hash


def test_a_broken_translation_of_all_that_is_said_moves_no_stamp_of_its_language() -> None:
    desk = Desk()
    desk.event()
    desk.translation(FILE, "ru", body="Всё о ней.", title="Встреча")
    desk.release("2026-06-01")
    russian = desk.item().languages["ru"]

    desk.write("events/2026/meeting.ru.md", "---\ntitle: [\n---\n")
    desk.event(body="Another text.")
    desk.release("2026-06-02")

    assert desk.item().languages["ru"] == russian
    assert desk.item().languages["en"].last_modified == at("2026-06-02")


def test_a_removed_translation_shows_the_original_again(desk: Desk) -> None:
    del desk.files["events/2026/meeting.ru.md"]

    desk.release("2026-06-02")

    (event,) = [event for event in desk.edition("2026-06-02").events if event.id == "meeting"]
    assert event.text("ru").title == "A Meeting"
    assert desk.item().languages["ru"].last_modified == at("2026-06-02")
    assert desk.item().languages["en"].last_modified == at("2026-06-01")


def test_a_broken_organisation_that_was_never_published_takes_no_event_down() -> None:
    desk = Desk()
    desk.named(Kind.ORGANISATION, "good")
    desk.write("organisations/2026/bad.md", "---\nid: bad\nname: [\n---\n")
    desk.event(organisers=["good", "bad"])

    desk.release("2026-06-01")

    edition = desk.edition("2026-06-01")
    assert [event.id for event in edition.events] == ["meeting"]
    assert list(edition.facets[Kind.ORGANISATION]) == ["good"]
    assert (Kind.ORGANISATION, "bad") not in edition.others


def test_when_that_organisation_is_mended_the_event_reads_differently_and_is_not_revised() -> None:
    desk = Desk()
    desk.write("organisations/2026/bad.md", "---\nid: bad\nname: [\n---\n")
    desk.event(organisers=["bad"])
    desk.release("2026-06-01")
    desk.named(Kind.ORGANISATION, "bad")
    desk.release("2026-06-02")

    assert desk.item().revision == 0
    assert desk.item().languages["en"].last_modified == at("2026-06-02")
    assert desk.item("organisation/bad").first_published == at("2026-06-01")


def test_of_two_files_with_one_id_the_one_that_was_published_stays(desk: Desk) -> None:
    desk.event(path="events/2025/aaa.md", title="An Impostor", start="2026-01-01")

    desk.release("2026-06-02")

    assert desk.findings == ["duplicate-id"]
    assert desk.item().values["record"]["title"] == "A Meeting"
    assert desk.item().revision == 0


def test_of_two_new_files_with_one_id_one_is_published_and_the_same_one_next_time() -> None:
    desk = Desk()
    desk.event(path="events/2026/a.md", title="First")
    desk.event(path="events/2026/b.md", title="Second")
    before = desk.release("2026-06-01")

    assert desk.item().values["record"]["title"] == "First"
    assert desk.release("2026-06-02", backwards=True) == before


def test_a_draft_of_what_is_public_leaves_the_public_version(desk: Desk) -> None:
    before = entries(desk)
    desk.event(title="Something else", start="2027-01-01", draft="true")

    desk.release("2026-06-02")

    assert entries(desk) == before


def test_a_draft_that_was_never_public_is_not(desk: Desk) -> None:
    desk.event("idea", draft="true")

    desk.release("2026-06-02")

    assert ("event", "idea", "") not in desk.ledger.items


def test_a_draft_topic_is_not_named_by_what_names_it() -> None:
    desk = Desk()
    desk.named(Kind.TOPIC, "science", draft="true")
    desk.event(topics=["science"])

    desk.release("2026-06-01")

    edition = desk.edition("2026-06-01")
    assert edition.facets[Kind.TOPIC] == {}
    assert edition.others == {}
    assert [event.status for event in edition.events] == [Status.CONFIRMED]


@pytest.mark.parametrize(
    ("field", "given", "translated"),
    [
        (
            "sessions",
            [{"id": "talk", "title": "A Talk", "start": "2026-06-12"}],
            [{"id": "talk", "title": "Доклад"}],
        ),
        ("contact", {"name": "An office", "email": "a@example.org"}, {"name": "Отдел"}),
    ],
)
def test_a_translation_of_what_its_record_no_longer_has_takes_nothing_off_the_air(
    field: str, given: object, translated: object
) -> None:
    desk = Desk()
    desk.event(**{field: given})
    desk.translation("events/2026/meeting.md", "ru", title="Встреча", **{field: translated})
    desk.release("2026-06-01")
    desk.event(title="A Conference")

    desk.release("2026-06-02")

    (event,) = desk.edition("2026-06-02").events
    assert (event.text("en").title, event.text("ru").title) == ("A Conference", "Встреча")
