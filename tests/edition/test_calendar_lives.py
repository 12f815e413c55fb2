"""What a subscriber's program is told over any life of a site, read from the calendars' own bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from publisher.edition.owed import owed
from publisher.render.presence import require_present

from . import subscriber
from .test_properties import SCRIPTS, Life

if TYPE_CHECKING:
    from collections.abc import Callable

    from .subscriber import Entry, Key
    from .test_properties import Step


class Polled(Life):
    """A life whose calendars are polled after each step; `old` and `new` are by language."""

    def __init__(self) -> None:
        super().__init__()
        self.old: dict[str, dict[Key, Entry]] = {}
        self.new: dict[str, dict[Key, Entry]] = {}
        self.was_touched = True
        #: The highest SEQUENCE that was ever seen.
        self.seen: dict[Key, int] = {}

    def poll(self) -> None:
        """Fetch all calendars."""
        self.seen = {key: entry.sequence for key, entry in self.new.get("en", {}).items()} | {
            key: number for key, number in self.seen.items() if key not in self.new.get("en", {})
        }
        self.old = self.new
        self.artifacts = subscriber.files(self.edition())
        self.new = subscriber.read(self.artifacts, "Asia/Almaty")


def polls(check: Callable[[Polled], None]) -> Callable[[], None]:
    """A test that `check` holds after each step of any life."""

    @given(SCRIPTS)
    def test(script: list[tuple[list[Step], str, int]]) -> None:
        life = Polled()
        for steps, how, hours in script:
            life.was_touched = bool(steps)
            life.live(steps, how, hours)
            life.poll()
            check(life)

    return test


def _sequence_never_decreases(life: Polled) -> None:
    for key, entry in life.new["en"].items():
        assert entry.sequence >= life.seen.get(key, 0)


def _the_stamps_move_with_the_bytes(life: Polled) -> None:
    for language, entries in life.new.items():
        for key, entry in entries.items():
            assert entry.stamp == entry.last_modified
            before = life.old.get(language, {}).get(key)
            if before is None:
                continue
            assert entry.stamp >= before.stamp
            if entry.text != before.text:
                assert entry.stamp > before.stamp or life.now <= before.stamp
            if entry.sequence != before.sequence:
                assert entry.stamp > before.stamp or life.now <= before.stamp


def _time_alone_changes_no_entry(life: Polled) -> None:
    if life.was_touched:
        return
    for language, entries in life.new.items():
        for key, entry in entries.items():
            before = life.old.get(language, {}).get(key)
            if before is not None and not _has_been_waiting(life):
                assert (entry.text, entry.stamp) == (before.text, before.stamp)


def _has_been_waiting(life: Polled) -> bool:
    """Whether something was scheduled, or left: what refers to it reads differently then."""
    return {item.key for item in life.before if item.is_public} != {
        item.key for item in life.after if item.is_public
    }


def _languages_differ_in_their_words_alone(life: Polled) -> None:
    told = {
        language: {
            key: (entry.sequence, entry.status, entry.starts, entry.ends) for key, entry in entries.items()
        }
        for language, entries in life.new.items()
    }
    assert told["en"] == told["ru"]


def _no_coming_entry_vanishes(life: Polled) -> None:
    withdrawn = {event.id for event in life.edition().withdrawn}
    for language, entries in life.old.items():
        for (uid, original), entry in entries.items():
            is_withdrawn = uid.split("@")[0].split(".")[1] in withdrawn
            # What became of a series and its dates is looked at by `require_present`.
            is_owed = subscriber.is_coming(entry, life.now) and not entry.recurs and not original
            if is_owed and not is_withdrawn and not _is_off(life, uid):
                assert (uid, "") in life.new[language], f"{uid} vanished from {language}"


def _is_off(life: Polled, uid: str) -> bool:
    """Whether it is cancelled by now, so that it may leave if it also became a past one."""
    item = next(item for item in life.after if item.uid == uid)
    return item.facts.get("status") in {"cancelled", "postponed"} or item.last_day is not None


def _the_release_may_go_ahead(life: Polled) -> None:
    due = owed(life.before, life.after, life.now, "Asia/Almaty")
    require_present(due, life.artifacts, ("en", "ru"))


test_sequence_never_decreases = polls(_sequence_never_decreases)
test_the_stamps_move_with_the_bytes = polls(_the_stamps_move_with_the_bytes)
test_time_alone_changes_no_entry = polls(_time_alone_changes_no_entry)
test_languages_differ_in_their_words_alone = polls(_languages_differ_in_their_words_alone)
test_no_coming_entry_vanishes = polls(_no_coming_entry_vanishes)
test_the_release_may_go_ahead = polls(_the_release_may_go_ahead)
