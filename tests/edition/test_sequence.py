"""SEQUENCE by a second opinion: beside the ledger a model of what subscribers are told, as simple as can be.

The model knows nothing of the ledger: it remembers of each entry what a reader would
act on and how often that has changed, and is compared with the calendars' bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from publisher.model.records import Kind

from . import subscriber
from .desk import HOST, Desk, at

if TYPE_CHECKING:
    from .subscriber import Entry, Key

Day: TypeAlias = str
#: What a reader acts on: the day, the status, the place.
Facts: TypeAlias = tuple[Day, str, str]
OFF = ("cancelled", "postponed")


@dataclass(frozen=True)
class Draft:
    """An event as its curator writes it."""

    title: str
    day: Day
    status: str
    place: str
    sessions: dict[str, tuple[Day, str]]
    deadlines: dict[str, Day]
    closes: Day | None
    in_russian: str | None

    def write(self, desk: Desk, id_: str) -> None:
        """Save it, with its translation."""
        desk.remove(f"events/2026/{id_}.md")
        desk.event(
            id_, title=self.title, start=self.day, status=self.status, place=self.place,
            sessions=[{"id": i, "title": title, "start": day} for i, (day, title) in self.sessions.items()],
            deadlines=[{"id": i, "title": "Due", "at": day} for i, day in self.deadlines.items()],
            **({"registration": {"closes": self.closes}} if self.closes else {}),
        )  # fmt: skip
        if self.in_russian:
            desk.translation(f"events/2026/{id_}.md", "ru", title=self.in_russian)

    def parts(self, status: str) -> dict[str, Facts]:
        """The entries beside the event itself, as readers act on them."""
        due = "cancelled" if status in OFF else "confirmed"
        held = status if status in OFF else "confirmed"
        deadlines = {f"deadline.{id_}": (day, due, "") for id_, day in self.deadlines.items()}
        closing = {"deadline.registration-closes": (self.closes, due, "")} if self.closes else {}
        sessions = {f"session.{id_}": (day, held, self.place) for id_, (day, _) in self.sessions.items()}
        return {**deadlines, **closing, **sessions}


@dataclass
class Told:
    """What subscribers were told of one entry."""

    facts: Facts
    sequence: int = 0
    is_shown: bool = True

    def tell(self, facts: Facts) -> None:
        """Say it again: as a new revision if it is something else, or was taken off the air."""
        if facts != self.facts or not self.is_shown:
            self.sequence += 1
        self.facts, self.is_shown = facts, True


@dataclass
class Model:
    """All that subscribers were told of an event."""

    told: dict[str, Told] = field(default_factory=dict)
    draft: Draft | None = None
    is_withdrawn: bool = False

    def release(self, draft: Draft | None, now: datetime) -> None:
        """Take over what the file says, or that there is none any more."""
        if draft is None:
            self._without_file(now)
        elif draft.status == "withdrawn":
            self._withdraw()
        else:
            self.draft, self.is_withdrawn = draft, False
            self._say("", (draft.day, draft.status, draft.place))
            self._say_parts(draft.parts(draft.status), now)

    def _withdraw(self) -> None:
        if "" in self.told and not self.is_withdrawn:
            self.told[""].sequence += 1
            self.is_withdrawn = True
        for each in self.told.values():
            each.is_shown = False

    def _without_file(self, now: datetime) -> None:
        shown = [each for each in self.told.values() if each.is_shown]
        if not shown or self.draft is None:
            return
        if all(over(each.facts[0], now) for each in shown):
            for each in shown:
                each.is_shown = False
            return
        day, _, place = self.told[""].facts
        self._say("", (day, "cancelled", place))
        self._say_parts(self.draft.parts("cancelled"), now)

    def _say_parts(self, parts: dict[str, Facts], now: datetime) -> None:
        for name, facts in parts.items():
            self._say(name, facts)
        for name, each in self.told.items():
            if name and name not in parts and each.is_shown:
                day, _, place = each.facts
                if over(day, now):
                    each.is_shown = False
                else:
                    each.tell((day, "cancelled", place))

    def _say(self, name: str, facts: Facts) -> None:
        if name in self.told:
            self.told[name].tell(facts)
        else:
            self.told[name] = Told(facts)


def over(day: Day, now: datetime) -> bool:
    """Whether a day is over in Almaty."""
    return at(f"{date.fromisoformat(day) + timedelta(days=1)} 00:00") <= now


DAYS = st.sampled_from(["2026-06-03", "2026-06-08", "2026-06-20"])
DRAFTS = st.builds(
    Draft,
    title=st.sampled_from(["A Meeting", "A Conference"]),
    day=DAYS,
    status=st.sampled_from(["confirmed"] * 3 + ["tentative", *OFF, "withdrawn"]),
    place=st.sampled_from(["hall", "annex"]),
    sessions=st.dictionaries(st.sampled_from(["one", "two"]), st.tuples(DAYS, st.sampled_from(["A", "B"]))),
    deadlines=st.dictionaries(st.sampled_from(["papers"]), DAYS),
    closes=st.none() | DAYS,
    in_russian=st.none() | st.sampled_from(["Встреча", "Собрание"]),
)
#: For each event its file, None where that is deleted; then so many hours pass until the release.
STEPS = st.tuples(
    st.dictionaries(st.sampled_from(["one", "two"]), st.none() | DRAFTS, min_size=0), st.integers(1, 72)
)


class Life:
    """A site, its subscriber and the model, side by side."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.desk.named(Kind.PLACE, "hall")
        self.desk.named(Kind.PLACE, "annex")
        self.now = at("2026-06-01")
        self.files: dict[str, Draft | None] = {}
        self.models = {"one": Model(), "two": Model()}
        self.old: dict[str, dict[Key, Entry]] = {}
        self.new: dict[str, dict[Key, Entry]] = {}

    def live(self, written: dict[str, Draft | None], hours: int) -> None:
        """Write files, let time pass, release, and poll."""
        self.now += timedelta(hours=hours)
        for id_, draft in written.items():
            self.files[id_] = draft
            if draft:
                draft.write(self.desk, id_)
            else:
                self.desk.remove(f"events/2026/{id_}.md")
        local = f"{self.now + timedelta(hours=5):%Y-%m-%d %H:%M}"
        self.desk.release(local)
        assert self.desk.findings == []
        for id_, model in self.models.items():
            model.release(self.files.get(id_), self.now)
        edition = self.desk.edition(local[:10])
        self.old, self.new = self.new, subscriber.read(subscriber.files(edition), "Asia/Almaty")

    def expected(self) -> dict[str, int]:
        """UID -> SEQUENCE of everything that readers see, by the model."""
        return {
            f"event.{id_}{'.' if name else ''}{name}@{HOST}": told.sequence
            for id_, model in self.models.items()
            for name, told in model.told.items()
            if told.is_shown
        }

    def is_off(self, uid: str) -> bool:
        """Whether the event that an entry belongs to is marked as off."""
        (event,) = (entry for key, entry in self.new["en"].items() if key == (_event(uid), ""))
        return event.status == "CANCELLED"


def _event(uid: str) -> str:
    _, id_, *_ = uid.removesuffix(f"@{HOST}").split(".")
    return f"event.{id_}@{HOST}"


@given(st.lists(STEPS, min_size=1, max_size=8))
def test_each_entry_is_revised_exactly_when_a_reader_must_act(
    steps: list[tuple[dict[str, Draft | None], int]],
) -> None:
    life = Life()
    for written, hours in steps:
        life.live(written, hours)

        for entries in life.new.values():
            assert {uid: entry.sequence for (uid, _), entry in entries.items()} == life.expected()


@given(st.lists(STEPS, min_size=1, max_size=8))
def test_each_entry_is_dated_anew_exactly_when_it_reads_differently_in_that_language(
    steps: list[tuple[dict[str, Draft | None], int]],
) -> None:
    life = Life()
    for written, hours in steps:
        life.live(written, hours)

        for language, entries in life.new.items():
            for key in entries.keys() & life.old.get(language, {}).keys():
                before, after = life.old[language][key], entries[key]
                # What is off no longer lists what its page still does.
                if before.text != after.text or not life.is_off(key[0]):
                    assert (after.stamp > before.stamp) == (after.text != before.text), key
