"""Releases among other things that happen: embargoes, other releases, files in the way."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sites import CuratedSite

if TYPE_CHECKING:
    from pathlib import Path

NOON, LATER = "2026-06-01T12:00:00+05:00", "2026-06-02T12:00:00+05:00"
#: The smallest picture there is: one pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


@pytest.fixture
def site(tmp_path: Path) -> CuratedSite:
    curated = CuratedSite.create(tmp_path / "site")
    curated.event()
    return curated


def revisions(site: CuratedSite) -> list[tuple[int, str]]:
    connection = sqlite3.connect(site.root / "var/publisher.db")
    found = connection.execute("SELECT revision, updated FROM item WHERE kind = 'event'").fetchall()
    connection.close()
    return found


def test_a_picture_of_a_record_that_waits_is_there_at_its_minute(site: CuratedSite) -> None:
    picture = site.write("content/events/2026/dot.png", "")
    picture.write_bytes(PIXEL)
    site.event(more="publish_at: 2026-06-01 15:30\nimage: {file: dot.png, alt: A dot}")
    site.build(NOON)
    assert not (site.root / "build/assets/files").exists()
    picture.unlink()  # whatever is done to content/ meanwhile

    site.tick("2026-06-01T15:30:00+05:00")

    (published,) = (site.root / "build/assets/files").rglob("dot.png")
    assert published.read_bytes() == PIXEL


def test_releases_that_begin_at_once_take_turns(site: CuratedSite) -> None:
    site.build(NOON)
    site.event(start="2026-06-12")
    command = [sys.executable, "-m", "publisher", "build", "--now", LATER, "--site", str(site.root)]

    at_once = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    said = [process.communicate() for process in at_once]

    assert [process.returncode for process in at_once] == [0] * 4, said
    assert revisions(site) == [(1, "2026-06-02T07:00:00.000000+00:00")]
    assert "DTSTART;VALUE=DATE:20260612" in site.served("en/calendar.ics")


def test_a_foreign_file_in_the_way_stops_a_release_until_it_is_moved_away(site: CuratedSite) -> None:
    site.build(NOON)
    before = site.files()
    notes = site.root / "build/en/events/fresh"
    notes.write_text("My notes")
    site.event(start="2026-06-12", end="2026-06-13")
    site.event("fresh", title="Fresh", start="2026-08-01", end="2026-08-01")

    refused = site.run("build", "--now", LATER, status=3)

    assert "'build/en/events/fresh' is not one of the published files" in refused.stderr
    assert site.files() == {**before, "en/events/fresh": b"My notes"}

    notes.unlink()
    site.build("2026-06-03T12:00:00+05:00")

    assert revisions(site)[1] == (1, "2026-06-02T07:00:00.000000+00:00")
    assert "Fresh" in site.served("en/events/fresh/index.html")


def test_a_combination_of_what_there_is_not_is_a_warning_and_an_empty_calendar(site: CuratedSite) -> None:
    text = (site.root / "publisher.toml").read_text("utf-8")
    site.write("publisher.toml", f'{text}\n[calendars.labs]\ntitle = "Labs"\ntopics = ["sciense"]\n')

    said = [site.run(command, "--now", NOON).stderr for command in ("check", "build")]

    for each in said:
        assert "publisher.toml:11:1: warning[unknown-topic]: calendars.labs: unknown topic 'sciense'" in each
        assert "hint: did you mean 'science'?" in each
    assert "BEGIN:VEVENT" not in site.served("en/calendars/labs.ics")
    assert "BEGIN:VTIMEZONE" in site.served("en/calendars/labs.ics")


def test_a_minute_at_which_nothing_is_due_passes_without_a_look_at_what_is_public(site: CuratedSite) -> None:
    site.event("later", more="publish_at: 2026-06-01 15:30")
    site.build(NOON)
    connection = sqlite3.connect(site.root / "var/publisher.db")
    kept = connection.execute("SELECT \"values\" FROM item WHERE id = 'meeting'").fetchone()
    connection.execute("UPDATE item SET \"values\" = 'unreadable' WHERE id = 'meeting'")
    connection.commit()

    assert site.tick("2026-06-01T15:29:00+05:00")["released"] is False

    connection.execute("UPDATE item SET \"values\" = ? WHERE id = 'meeting'", kept)
    connection.commit()
    connection.close()
    site.tick("2026-06-01T15:30:00+05:00")
    assert "UID:event.later@" in site.served("en/calendar.ics")


def test_another_identity_is_told_at_a_minute_at_which_nothing_is_due(site: CuratedSite) -> None:
    text = (site.root / "publisher.toml").read_text("utf-8")
    site.build(NOON)
    ask = (
        text.replace("calendar.example.org,2026", "elsewhere.example.org,2026") + '[publish]\nmode = "ask"\n'
    )
    site.write("publisher.toml", ask)

    said = site.run("tick", "--now", "2026-06-01T12:01:00+05:00", status=2)

    assert "error[changed-identity]" in said.stderr
