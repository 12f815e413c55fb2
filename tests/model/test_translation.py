"""A translation is the same record: only texts differ, and nothing but the texts that readers see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model.fields import model_in
from publisher.model.records import RECORD_TYPES, Event, Kind, Record
from publisher.model.translation import KEYS, dump, localise, texts, translation_type
from record_values import values_of

if TYPE_CHECKING:
    from publisher.model.fields import AnyModel

#: What stays in the record's own file.
UNPUBLISHED = {"imported"}
RECORDS = st.sampled_from(list(Kind)).flatmap(
    lambda kind: values_of(RECORD_TYPES[kind]).map(
        lambda values: RECORD_TYPES[kind].model_validate(
            {name: value for name, value in values.items() if name not in UNPUBLISHED}
        )
    )
)
SEEN_OF_EVERY = {
    "also_known_as.name", "body", "curator_note", "image.alt", "image.credit", "sources.note",
    "sources.title", "summary",
}  # fmt: skip
SEEN_OF_A_PLACE = {"address", "city", "name"}
SEEN = {
    Kind.EVENT: {
        "title", "status_note", "organisers.name", "hosts.name", "partners.name", "contact.name",
        "speakers.name", "speakers.role", "speakers.organisation", "registration.price", "deadlines.title",
        "sessions.title", "sessions.summary", "sessions.speakers.name", "sessions.speakers.role",
        "sessions.speakers.organisation", "recurrence.changed.title", "attachments.title",
        *(f"place.{name}" for name in SEEN_OF_A_PLACE),
        *(f"sessions.place.{name}" for name in SEEN_OF_A_PLACE),
        *(f"recurrence.changed.place.{name}" for name in SEEN_OF_A_PLACE),
    },
    Kind.ANNOUNCEMENT: {"title", "attachments.title"},
    Kind.ORGANISATION: SEEN_OF_A_PLACE,
    Kind.PLACE: SEEN_OF_A_PLACE,
    Kind.TOPIC: {"name"},
    Kind.SERIES: {"name"},
    Kind.PAGE: {"title"},
}  # fmt: skip


@pytest.mark.parametrize("kind", Kind)
def test_a_translation_holds_exactly_the_texts_that_readers_see(kind: Kind) -> None:
    assert set(leaves(translation_type(RECORD_TYPES[kind]))) == SEEN[kind] | SEEN_OF_EVERY


def leaves(model: AnyModel, around: str = "") -> list[str]:
    found = []
    for name, info in model.model_fields.items():
        part = model_in(info.annotation)
        if part is not None:
            found += leaves(part, f"{around}{name}.")
        elif name not in KEYS:
            found.append(f"{around}{name}")
    return found


@given(RECORDS)
def test_a_record_translated_into_its_own_texts_is_itself(record: Record) -> None:
    assert localise(record, texts(record)) == record


@given(RECORDS)
def test_a_record_comes_back_from_plain_values_as_it_went_in(record: Record) -> None:
    assert type(record).model_validate(dump(record)) == record


def test_where_an_event_was_imported_from_stays_in_its_file() -> None:
    event = Event.model_validate(
        {"id": "x", "title": "X", "imported": {"uid": "1@example.org", "calendar": "example.org 1f3a9c02"}}
    )

    assert event.imported is not None
    assert "imported" not in dump(event)


@given(RECORDS)
def test_its_own_texts_are_a_translation_of_it(record: Record) -> None:
    model: Any = translation_type(type(record))

    assert dump(model.model_validate(texts(record))) == texts(record)


@given(RECORDS)
def test_a_translation_changes_every_text_and_nothing_else(record: Record) -> None:
    translated = localise(record, marked(texts(record)))

    assert texts(translated) == marked(texts(record))
    assert localise(translated, texts(record)) == record


def marked(value: Any, name: str | int = "") -> Any:
    """The same texts, each in another language."""
    if isinstance(value, dict):
        return {key: marked(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [marked(part) for part in value]
    return value if name in KEYS else f"¤{value}"


def event(**fields: Any) -> Event:
    return Event.model_validate({"id": "x", "title": "X", "start": "2027-09-06", **fields})


def test_parts_with_an_id_are_matched_by_it_and_others_by_their_order() -> None:
    sessions = [{"id": n, "title": n, "start": "2027-09-06"} for n in ("one", "two")]
    record = event(sessions=sessions, speakers=[{"name": "A"}, {"name": "B", "role": "rector"}])

    local = localise(
        record, {"sessions": [{"id": "two", "title": "два"}], "speakers": [{}, {"role": "ректор"}]}
    )

    assert [(session.id, session.title) for session in local.sessions] == [("one", "one"), ("two", "два")]
    assert [(speaker.name, speaker.role) for speaker in local.speakers] == [("A", None), ("B", "ректор")]


def test_what_a_translation_does_not_give_is_told_in_the_records_own_language() -> None:
    record = event(summary="About", place=[{"name": "Hall", "city": "Almaty"}])

    local = localise(record, {"title": "Икс", "place": [{"city": "Алматы"}]})

    assert (local.title, local.summary) == ("Икс", "About")
    assert dump(local)["place"] == [{"name": "Hall", "city": "Алматы"}]


def test_a_place_that_is_named_by_its_id_stays_so() -> None:
    assert localise(event(place="campus"), {"place": [{"name": "Кампус"}]}).place == ("campus",)


def test_without_a_translation_a_record_is_itself() -> None:
    record = event()

    assert localise(record, None) is record
    assert localise(record, {}) is record
