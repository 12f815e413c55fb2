"""What is kept from one build to the next changes how long a build takes, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publisher.fragment_file import FragmentFile
from publisher.model.fragments import Fragments
from sites import CuratedSite

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY, OTHER = b"k" * 16, b"o" * 16


def filled(**pieces: bytes) -> Fragments:
    """Fragments that have been asked for."""
    fragments = Fragments()
    for name, data in pieces.items():
        fragments.get(name.encode() * 16, lambda data=data: data)
    return fragments


def test_what_was_made_is_not_made_again(tmp_path: Path) -> None:
    file = FragmentFile(tmp_path / "var")
    file.keep(filled(k=b"one", o=b""))

    found = file.load()

    assert found.get(KEY, lambda: b"made again") == b"one"
    assert found.get(OTHER, lambda: b"made again") == b""


def test_what_nobody_asks_for_any_more_is_forgotten(tmp_path: Path) -> None:
    file = FragmentFile(tmp_path / "var")
    file.keep(filled(k=b"one", o=b"two"))
    later = file.load()
    later.get(KEY, bytes)

    file.keep(later)

    assert file.load().get(OTHER, lambda: b"made again") == b"made again"


def cut(data: bytes) -> bytes:
    """As a full disk leaves it."""
    return data[:-1]


def flipped(data: bytes) -> bytes:
    """As a bad disk leaves it."""
    return data[:-1] + bytes([data[-1] ^ 1])


def foreign(data: bytes) -> bytes:
    """As another version writes it."""
    return data.replace(b"fragments 1", b"fragments 9")


def empty(data: bytes) -> bytes:
    """As a power cut leaves it."""
    return data[:0]


@pytest.mark.parametrize("spoil", [cut, flipped, foreign, empty])
def test_a_spoilt_file_is_taken_for_none(spoil: Callable[[bytes], bytes], tmp_path: Path) -> None:
    file = FragmentFile(tmp_path / "var")
    file.keep(filled(k=b"one"))
    path = tmp_path / "var/cache/fragments"
    path.write_bytes(spoil(path.read_bytes()))

    assert file.load().get(KEY, lambda: b"made again") == b"made again"


def test_a_file_that_cannot_be_written_costs_time_and_nothing_else(tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path)
    site.event()
    (tmp_path / "var/cache/fragments.new").mkdir(parents=True)

    assert site.build()["edition"] == 1


def test_nobody_else_may_look_into_it(tmp_path: Path) -> None:
    FragmentFile(tmp_path / "var").keep(filled(k=b"one"))

    assert (tmp_path / "var/cache").stat().st_mode & 0o777 == 0o700


#: What a curator changes in a site with a session, a deadline, a place and a series of dates.
STEPS: dict[str, tuple[str, str]] = {
    "a title": ("title: A Meeting", "title: Another Meeting"),
    "a day": ("end: 2026-06-13", "end: 2026-06-14"),
    "a session's hour": ("start: 2026-06-11 09:00", "start: 2026-06-11 10:00"),
    "a session's title": ("title: Opening", "title: Great Opening"),
    "a deadline": ("at: 2026-05-01", "at: 2026-05-02"),
    "a status": ("status: confirmed", "status: cancelled"),
    "a place's name": ("name: The Hall", "name: The Great Hall"),
    "a topic's name": ("name: Science", "name: The Sciences"),
    "a changed date": ("start: 2026-07-14 18:00", "start: 2026-07-15 18:00"),
    "the site's address": ("https://calendar.example.org", "https://calendar.example.net"),
    "the site's name": ('title.en = "A Calendar"', 'title.en = "The Calendar"'),
}


def rich_site(root: Path) -> CuratedSite:
    """A site in which one thing depends on another."""
    site = CuratedSite.create(root)
    site.write("content/places/hall.md", "---\nid: hall\nname: The Hall\ncity: Almaty\n---\n")
    site.event(
        more="place: hall\nstatus: confirmed\n"
        "sessions: [{id: opening, title: Opening, start: 2026-06-11 09:00}]\n"
        "deadlines: [{id: papers, title: Papers due, at: 2026-05-01}]"
    )
    site.write(
        "content/events/2026/weekly.md",
        "---\nid: weekly\ntitle: Weekly\nstart: 2026-07-07 18:00\nend: '19:00'\nplace: hall\n"
        "recurrence:\n  every: week\n  count: 5\n"
        "  changed: [{occurrence: 2026-07-14 18:00, start: 2026-07-14 18:00, title: Special}]\n---\n",
    )
    return site


@pytest.mark.parametrize("step", STEPS)
def test_a_build_that_reuses_is_the_build_that_makes_everything(step: str, tmp_path: Path) -> None:
    reusing, making = rich_site(tmp_path / "reusing"), rich_site(tmp_path / "making")
    old, new = STEPS[step]
    for site in (reusing, making):
        site.build("2026-04-01T08:00:00+05:00")
        changed = [
            path
            for path in site.root.rglob("*")
            if path.suffix in {".md", ".toml"} and "var" not in path.parts
        ]
        for path in changed:
            path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    (making.root / "var/cache/fragments").unlink()

    for site in (reusing, making):
        assert site.build("2026-04-02T08:00:00+05:00")["written"], "the step changes something"

    assert reusing.files() == making.files()
