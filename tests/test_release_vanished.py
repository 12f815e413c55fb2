"""No coming entry that readers have vanishes untold: the release is refused, and nothing is touched."""

from __future__ import annotations

import re
import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from publisher import app
from publisher.edition.owed import owed
from publisher.model.ledger import Ledger
from publisher.release import publish
from publisher.render.presence import EntriesVanished, require_present
from sites import CuratedSite, instant

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.edition.owed import Owed
    from publisher.model.artifact import Artifact
    from publisher.site import Site

NOON, LATER = "2026-06-01T12:00:00+05:00", "2026-06-02T12:00:00+05:00"
NOW = datetime(2026, 6, 1, 7, tzinfo=UTC)
HOST = "calendar.example.org"
PARTS = """\
sessions: [{id: opening, title: Opening, start: 2026-06-11 09:00, end: "10:00"}]
deadlines: [{id: papers, title: Papers due, at: 2026-06-05}]
registration: {closes: 2026-06-06}
"""
WEEKLY = """\
recurrence:
  every: week
  until: 2026-07-06
  changed: [{occurrence: 2026-06-15 18:00, start: 2026-06-16 18:00}]
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A conference with all its parts and a weekly course, published."""
    site = CuratedSite.create(tmp_path_factory.mktemp("published") / "site")
    site.event(more=PARTS)
    site.event("course", title="A Course", start="2026-06-01 18:00", end='"19:00"', more=WEEKLY)
    site.build(NOON)
    return site.root


@pytest.fixture
def curated(published: Path, tmp_path: Path) -> CuratedSite:
    """The same, in a folder of its own."""
    return CuratedSite(shutil.copytree(published, tmp_path / "site"))


@pytest.fixture
def site(curated: CuratedSite) -> Site:
    return app.open_site(curated.root)


@pytest.fixture(scope="module")
def artifacts(published: Path) -> tuple[Artifact, ...]:
    """What is served, as it is rendered."""
    return app.preview(app.open_site(published), NOW).artifacts


@pytest.fixture(scope="module")
def due(published: Path) -> tuple[Owed, ...]:
    """All that the site owes its readers."""
    ledger = app.open_site(published).memory().ledger
    return tuple(owed(ledger, ledger, NOW, "Asia/Almaty"))


def cut_out(made: tuple[Artifact, ...], path: str, *marks: bytes) -> list[Artifact]:
    """The artifacts without the one entry of a calendar that has all these lines."""
    found = []
    for artifact in made:
        data = artifact.data
        if artifact.path == path:
            blocks = re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", data, re.DOTALL)
            (block,) = (block for block in blocks if all(mark in block for mark in marks))
            data = data.replace(block, b"")
        found.append(replace(artifact, data=data))
    return found


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    ("calendar", "marks", "subject"),
    [
        ("calendar", (b"UID:event.meeting@",), "event/meeting"),
        ("calendar", (b"UID:event.course@", b"RRULE"), "event/course"),
        (
            "calendar",
            (b"UID:event.course@", b"RECURRENCE-ID"),
            "event/course/occurrence/2026-06-15 18:00",
        ),
        ("programme", (b"UID:event.meeting.session.opening@",), "event/meeting/session/opening"),
        ("deadlines", (b"UID:event.meeting.deadline.papers@",), "event/meeting/deadline/papers"),
        (
            "deadlines",
            (b"UID:event.meeting.deadline.registration-closes@",),
            "event/meeting/deadline/registration-closes",
        ),
    ],
)
def test_an_entry_that_is_missing_in_one_language_is_found_missing(
    artifacts: tuple[Artifact, ...],
    due: tuple[Owed, ...],
    language: str,
    calendar: str,
    marks: tuple[bytes, ...],
    subject: str,
) -> None:
    path = f"{language}/{calendar}.ics"

    with pytest.raises(EntriesVanished) as refused:
        require_present(due, cut_out(artifacts, path, *marks), ("en", "ru"))

    first, told, hint = str(refused.value).splitlines()
    assert first == "1 coming entry that readers have would vanish untold; nothing was released"
    assert told.startswith(f"  {subject} (UID event.")
    assert told.endswith(f"@{HOST}) from {path}")
    assert hint.startswith("hint: put its record back and say there what has become of it")


def changed(artifacts: tuple[Artifact, ...], old: bytes, new: bytes) -> list[Artifact]:
    return [replace(artifact, data=artifact.data.replace(old, new)) for artifact in artifacts]


def test_what_is_there_is_found_however_its_lines_are_folded(
    artifacts: tuple[Artifact, ...], due: tuple[Owed, ...]
) -> None:
    require_present(due, changed(artifacts, b"UID:event.", b"UI\r\n D:eve\r\n\tnt."), ("en", "ru"))


def test_what_is_cancelled_must_be_marked_so(artifacts: tuple[Artifact, ...], due: tuple[Owed, ...]) -> None:
    off = [replace(each, is_off=True) for each in due if each.which == "programme"]

    with pytest.raises(EntriesVanished) as refused:
        require_present(off, artifacts, ("en", "ru"))

    assert str(refused.value).splitlines()[1] == (
        f"  event/meeting/session/opening (UID event.meeting.session.opening@{HOST})"
        " is off, and not marked so in en/programme.ics, ru/programme.ics"
    )
    require_present(off, changed(artifacts, b"STATUS:CONFIRMED", b"STATUS:CANCELLED"), ("en", "ru"))


def test_of_a_great_many_the_first_are_named(due: tuple[Owed, ...]) -> None:
    many = [replace(each, subject=f"{each.subject}-{n}") for each in due for n in range(2)]

    with pytest.raises(EntriesVanished) as refused:
        require_present(many, (), ("en", "ru"))

    assert str(refused.value).splitlines()[0].startswith("12 coming entries")
    assert str(refused.value).splitlines()[-2] == "  and 2 more"


def test_a_ledger_that_has_lost_an_event_is_not_released(curated: CuratedSite, site: Site) -> None:
    before, files = site.memory(), curated.files()
    kept = {key: item for key, item in before.ledger.items.items() if "course" not in key}

    with pytest.raises(EntriesVanished, match="event/course"):
        publish(site, before.ledger, Ledger(kept), instant(LATER), site.assets())

    assert site.memory() == before
    assert curated.files() == files


@pytest.fixture
def damaged(curated: CuratedSite) -> CuratedSite:
    """A site whose database and content have both lost an event, but not its parts."""
    (curated.root / "content/events/2026/meeting.md").unlink()
    connection = sqlite3.connect(curated.root / "var/publisher.db")
    for table in ("item", "item_language"):
        connection.execute(f"DELETE FROM {table} WHERE id = 'meeting'")  # noqa: S608 -- of two words
    connection.commit()
    connection.close()
    return curated


@pytest.mark.parametrize("command", ["check", "plan", "build"])
def test_every_command_says_so_before_anything_is_released(damaged: CuratedSite, command: str) -> None:
    files = damaged.files()

    said = damaged.run(command, "--now", LATER, status=1)

    assert "3 coming entries that readers have would vanish untold" in said.stderr
    assert f"event/meeting/session/opening (UID event.meeting.session.opening@{HOST})" in said.stderr
    assert damaged.files() == files


def test_the_preview_says_so_too(damaged: CuratedSite) -> None:
    with pytest.raises(EntriesVanished, match="event/meeting/deadline/papers"):
        app.preview(app.open_site(damaged.root), instant(LATER))


def test_once_the_record_is_back_it_is_released_again(damaged: CuratedSite) -> None:
    damaged.event(more=PARTS)

    damaged.build(LATER)

    assert "UID:event.meeting.session.opening@" in damaged.served("en/programme.ics")


def test_a_release_of_time_alone_is_looked_at_as_well(damaged: CuratedSite) -> None:
    damaged.event("other", more="publish_at: 2026-06-01 12:30")  # so that the day need not turn

    said = damaged.run("tick", "--now", "2026-06-02T00:00:00+05:00", "--no-deliver", status=None)

    assert "event/meeting/deadline/papers" in said.stderr


@pytest.mark.parametrize(
    "more",
    [
        pytest.param("status: withdrawn", id="withdrawn"),
        pytest.param("status: cancelled\n" + PARTS, id="cancelled"),
        pytest.param("status: postponed", id="postponed"),
        pytest.param("", id="its parts taken out"),
    ],
)
def test_what_a_person_says_in_the_record_is_no_loss(curated: CuratedSite, more: str) -> None:
    curated.event(more=more)

    curated.build(LATER)


def test_an_event_that_turns_out_to_be_of_the_past_is_no_loss(curated: CuratedSite) -> None:
    curated.event(start="2019-06-11", end="2019-06-13", more="status: cancelled")

    curated.build(LATER)

    assert "UID:event.meeting@" not in curated.served("en/calendar.ics")


def test_a_series_that_loses_its_day_stays_at_the_next_date_that_readers_waited_for(
    curated: CuratedSite,
) -> None:
    curated.event("course", title="A Course", start="2026", end="2026")

    curated.build("2026-06-20T12:00:00+05:00")

    (course,) = re.findall(
        r"BEGIN:VEVENT\r?\n(?:(?!END:VEVENT).)*UID:event\.course@.*?END:VEVENT",
        curated.served("en/calendar.ics"),
        re.DOTALL,
    )
    assert "DTSTART:20260622T130000Z" in course
    assert "STATUS:CANCELLED" in course
