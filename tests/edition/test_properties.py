"""Whatever a curator does, and whatever the clock says: promises that hold after every step."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from publisher.model.ledger import OCCURRENCE, Ledger
from publisher.model.records import Kind, Status
from publisher.model.timing import end_of
from publisher.render import catalogue

from .desk import Desk, at

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from publisher.model.edition import Edition

Fields = dict[str, Any]
Step = tuple[str, "Callable[[Desk], None]"]

DAYS = st.integers(1, 28).map(lambda day: f"2026-06-{day:02}")
TITLES = st.sampled_from(["A Meeting", "A Conference", "Ein Treffen"])
IDS = st.sampled_from(["one", "two", "three"])
STATUSES = st.sampled_from(["confirmed"] * 4 + ["tentative", "cancelled", "postponed", "withdrawn"])


def _timed(day: str) -> dict[str, object]:
    return {"start": f"{day} 10:00", "end": "12:00"}


STARTS = st.one_of(
    DAYS.map(lambda day: {"start": day}),
    DAYS.map(_timed),
    st.just({"start": "2026-07"}),
    st.just({"reported": "2026-06-20"}),
)
SESSIONS = st.lists(
    st.builds(lambda id_, day: {"id": id_, "title": id_.title(), "start": f"{day} 09:00"}, IDS, DAYS),
    max_size=3,
    unique_by=lambda session: session["id"],
)
DEADLINES = st.lists(
    st.builds(lambda id_, day: {"id": id_, "title": id_, "at": day}, IDS, DAYS),
    max_size=2,
    unique_by=lambda deadline: deadline["id"],
)
RECURRENCES = st.builds(
    lambda day, changed: {
        **_timed("2026-06-01"),
        "recurrence": {
            "every": "week", "count": "4",
            "changed": [{"occurrence": day, **changed}] if changed else [],
        },
    },
    st.sampled_from(["2026-06-08", "2026-06-15"]),
    st.one_of(
        st.none(), st.just({"status": "cancelled"}), DAYS.map(lambda day: {"start": f"{day} 15:00"})
    ),
)  # fmt: skip
MORE = st.fixed_dictionaries(
    {},
    optional={
        "publish_at": st.sampled_from(["2026-06-04", "2026-06-10 09:00"]),
        "topics": st.just(["science"]),
        "summary": st.sampled_from(["In short.", "Briefly."]),
        "online": st.sampled_from("12").map(lambda room: {"url": f"https://rooms.example.org/{room}"}),
        "registration": st.sampled_from(["2026-06-05", "2026-06-20 18:00", "2026-06"]).map(
            lambda closes: {"closes": closes, "url": "https://example.org/r"}
        ),
        "place": st.sampled_from(["hall", "annex"]),
        "draft": st.sampled_from(["true", "false"]),
        "pinned": st.just("true"),
    },
)


def _events() -> st.SearchStrategy[Step]:
    def write(
        id_: str,
        title: str,
        status: str,
        when: Fields,
        more: Fields,
        parts: tuple[list[Fields], list[Fields]],
    ) -> Step:
        def step(desk: Desk) -> None:
            desk.event(id_, title=title, status=status, sessions=parts[0], deadlines=parts[1], **when, **more)

        return (f"event {id_} {title!r} {status} {when} {more} {parts}", step)

    return st.builds(write, IDS, TITLES, STATUSES, STARTS | RECURRENCES, MORE, st.tuples(SESSIONS, DEADLINES))


def _does(
    name: str, strategy: st.SearchStrategy[str], act: Callable[[Desk, str], None]
) -> st.SearchStrategy[Step]:
    return strategy.map(lambda text: (f"{name} {text}", lambda desk: act(desk, text)))


def _event_file(id_: str) -> str:
    return f"events/2026/{id_}.md"


STEPS: st.SearchStrategy[Step] = st.one_of(
    _events(),
    _events(),
    _does("announce", IDS, lambda desk, id_: desk.announcement(id_, topics=["science"], events=[])),
    _does(
        "translate", IDS, lambda desk, id_: desk.translation(_event_file(id_), "ru", title=f"Встреча {id_}")
    ),
    _does("break", IDS, lambda desk, id_: desk.write(_event_file(id_), "---\ntitle: [\n---\n")),
    _does("lock", IDS, lambda desk, id_: desk.files.__setitem__(_event_file(id_), None)),
    _does("break the translation of", IDS, lambda desk, id_: desk.write(f"events/2026/{id_}.ru.md", b"\xff")),
    _does("remove", IDS, lambda desk, id_: desk.remove(_event_file(id_))),
    _does("remove news", IDS, lambda desk, id_: desk.remove(f"announcements/2026/{id_}.md")),
    _does("double", IDS, lambda desk, id_: desk.event(id_, path=f"events/2025/{id_}.md", title="Impostor")),
    _does("undouble", IDS, lambda desk, id_: desk.remove(f"events/2025/{id_}.md")),
    _does("call the topic", TITLES, lambda desk, name: desk.named(Kind.TOPIC, "science", name=name)),
)
#: Content changes, then a release or only time, after so many hours; clocks are now and then set back.
SCRIPTS = st.lists(
    st.tuples(
        st.lists(STEPS, max_size=3), st.sampled_from(["release"] * 5 + ["wait"]), st.integers(-30, 200)
    ),
    min_size=1,
    max_size=8,
)


class Life:
    """A desk and its clock; each release keeps what was before."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.desk.named(Kind.TOPIC, "science")
        self.desk.named(Kind.PLACE, "hall")
        self.desk.named(Kind.PLACE, "annex")
        self.now = at("2026-06-01")
        self.before = Ledger()

    def live(self, steps: list[Step], how: str, hours: int) -> None:
        for _, act in steps:
            act(self.desk)
        self.now += timedelta(hours=hours)
        self.before = self.desk.ledger
        getattr(self.desk, how)(self.local)

    @property
    def local(self) -> str:
        return f"{self.now + timedelta(hours=5):%Y-%m-%d %H:%M}"

    @property
    def after(self) -> Ledger:
        return self.desk.ledger

    def edition(self) -> Edition:
        return self.desk.edition(self.local[:10])


def lives(check: Callable[[Life], None]) -> Callable[[], None]:
    """A test that `check` holds after each step of any life."""

    @given(SCRIPTS)
    def test(script: list[tuple[list[Step], str, int]]) -> None:
        life = Life()
        for steps, how, hours in script:
            life.live(steps, how, hours)
            check(life)

    return test


def _uids_are_unique_and_stable(life: Life) -> None:
    own = [item.uid for item in life.after if item.kind != OCCURRENCE]
    assert len(own) == len(set(own))
    for item in life.before:
        assert life.after.items[item.key].uid == item.uid
        # What is told anew takes a later place; nothing goes back.
        assert item.ordinal is None or item.ordinal <= (life.after.items[item.key].ordinal or 0)
    ordinals = [item.ordinal for item in life.after if item.ordinal is not None]
    assert len(ordinals) == len(set(ordinals))
    assert all((item.ordinal is None) == (item.first_published is None) for item in life.after)


def _stamps_never_go_back(life: Life) -> None:
    for old in life.before:
        new = life.after.items[old.key]
        assert new.revision >= old.revision
        if old.first_published is not None:
            assert new.first_published == old.first_published
            assert new.updated
            assert new.updated >= (old.updated or new.updated)
        for language, view in old.languages.items():
            assert new.languages[language].last_modified >= view.last_modified
            if new.revision > old.revision and new.is_public and new.updated:
                assert new.languages[language].last_modified >= new.updated


def _applying_the_same_content_again_changes_nothing(life: Life) -> None:
    desk, kept, told = life.desk, life.after, life.desk.told
    desk.release(life.local)
    again = desk.ledger
    assert desk.release(life.local, backwards=True) == again
    assert desk.wait(life.local) == again
    desk.ledger, desk.told = kept, told


def _the_order_of_files_does_not_matter(life: Life) -> None:
    desk, kept, told = life.desk, life.after, life.desk.told
    forwards = desk.release(life.local)
    desk.ledger = kept
    assert desk.release(life.local, backwards=True) == forwards
    desk.ledger, desk.told = kept, told


def _the_catalogue_restores_what_is_public(life: Life) -> None:
    text = life.desk.catalogue().data.decode()
    restored = catalogue.restore(text, life.desk.config)
    assert restored is not None
    told = {item.key: item for item in life.after if item.is_public and not item.withdrawn}
    assert {key: restored.items[key] for key in told} == told
    kept, life.desk.ledger = life.desk.ledger, restored
    assert life.desk.catalogue().data.decode() == text
    life.desk.ledger = kept


def _in_calendars(edition: Edition, timezone: str) -> dict[str, tuple[Status, datetime]]:
    """Every UID that is in a calendar: what it says of its status, and when it is over."""
    found = {}
    for event in edition.events:
        if event.entry_time:
            over = end_of(event.entry_time, timezone)
            found[event.uid] = (event.entry_status, max(event.ends, over) if event.has_day else over)
        for part in (*event.sessions, *event.deadlines):
            found[part.uid] = (part.status, end_of(part.time, timezone))
    return found


def _no_coming_entry_vanishes_untold(life: Life) -> None:
    timezone = life.desk.config.site.timezone
    after = life.edition()
    life.desk.ledger, now = life.before, life.after
    before = life.edition()
    life.desk.ledger = now
    shown, withdrawn = _in_calendars(after, timezone), {event.uid for event in after.withdrawn}
    for uid, (status, over) in _in_calendars(before, timezone).items():
        event = uid.split("@")[0].split(".")[1]
        is_withdrawn = any(each.startswith(f"event.{event}@") for each in withdrawn)
        if over > life.now and status not in {Status.CANCELLED, Status.POSTPONED} and not is_withdrawn:
            assert uid in shown, f"{uid} vanished while it was to come"


test_uids_are_unique_and_stable = lives(_uids_are_unique_and_stable)
test_stamps_never_go_back = lives(_stamps_never_go_back)
test_applying_the_same_content_again_changes_nothing = lives(_applying_the_same_content_again_changes_nothing)
test_the_order_of_files_does_not_matter = lives(_the_order_of_files_does_not_matter)
test_the_catalogue_restores_what_is_public = lives(_the_catalogue_restores_what_is_public)
test_no_coming_entry_vanishes_untold = lives(_no_coming_entry_vanishes_untold)
