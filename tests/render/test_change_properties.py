"""Whatever a curator does, and whatever the clock says: what is promised to those who follow changes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from hypothesis import given

from edition.test_properties import SCRIPTS, Life
from publisher.render.change_entries import change_entry, change_state
from publisher.render.changes import changes_of

from .feedsites import own_theme

if TYPE_CHECKING:
    from edition.test_properties import Step
    from publisher.model.edition import Edition, Part, PublishedEvent
    from publisher.render.changes import Change

Script: TypeAlias = "list[tuple[list[Step], str, int]]"


def editions(script: Script) -> list[Edition]:
    """What is public after each step of a life."""
    life, found = Life(), []
    for steps, how, hours in script:
        life.live(steps, how, hours)
        found.append(life.edition())
    return found


def name_of(change: Change) -> str:
    return f"{change.event.id}/{change.name}"


def facts_of(change: Change) -> tuple[object, ...]:
    """What never changes of a change."""
    return change.place, change.at, change.before, change.after, change.verbs


@given(SCRIPTS)
def test_no_two_changes_are_called_alike_and_none_takes_the_place_of_another(script: Script) -> None:
    for edition in editions(script):
        found = changes_of(edition)

        assert len({name_of(change) for change in found}) == len(found)
        assert len({change.place for change in found}) == len(found)
        assert [change.place for change in found] == sorted(change.place for change in found)


@given(SCRIPTS)
def test_what_an_id_was_given_to_it_stands_for_for_ever(script: Script) -> None:
    told: dict[str, tuple[object, ...]] = {}
    for edition in editions(script):
        for change in changes_of(edition):
            assert told.setdefault(name_of(change), facts_of(change)) == facts_of(change)


@given(SCRIPTS)
def test_a_change_takes_its_place_after_all_that_were_told_of_the_same_thing(script: Script) -> None:
    last: dict[str, tuple[int, str]] = {}
    known: set[str] = set()
    for edition in editions(script):
        for change in changes_of(edition):
            thing = f"{change.event.id}/{change.name.rpartition('/')[0]}"
            if name_of(change) not in known:
                assert change.place > last.get(thing, 0)
                known.add(name_of(change))
                last[thing] = change.place


@given(SCRIPTS)
def test_what_was_told_stays_told_while_its_event_is_public(script: Script) -> None:
    for before, after in pairwise(editions(script)):
        there = {event.id: event for event in after.events}
        left = {name_of(change) for change in changes_of(after)}
        for change in changes_of(before):
            event = there.get(change.event.id)
            parts = {(part.kind, part.id) for part in parts_of(event)} if event else set()
            if event and (change.part is None or (change.part.kind, change.part.id) in parts):
                assert name_of(change) in left


@given(SCRIPTS)
def test_an_entry_stays_the_same_to_the_letter_until_something_changes(script: Script) -> None:
    kept: dict[object, object] = {}
    for edition in editions(script):
        for change in changes_of(edition):
            event = change.event
            state = repr(
                (
                    change_state(change),
                    event.seen,
                    event.revision,
                    [(p.id, p.revision) for p in parts_of(event)],
                )
            )
            entry = change_entry(edition, own_theme(), "en", change)
            told = (entry.id, entry.title, entry.summary, entry.content, entry.published, entry.updated)

            assert kept.setdefault((name_of(change), state), told) == told


def parts_of(event: PublishedEvent) -> tuple[Part, ...]:
    """All parts of an event that anything is remembered of."""
    return (*event.sessions, *event.deadlines, *event.occurrences, *event.restored)
