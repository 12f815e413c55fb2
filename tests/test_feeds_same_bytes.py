"""The same feeds, byte for byte, wherever, whenever and however they are made: nobody fetches them again."""

from __future__ import annotations

import locale
import shutil
import sys
import threading
from pathlib import Path

import pytest

from publisher.render.feeds import feeds
from publisher.site import open_site
from sites import CuratedSite
from test_feed_history import entries_of
from test_golden import lay_over

CASE = Path(__file__).parent / "golden" / "everything"
STEPS = [line.split() for line in (CASE / "steps.txt").read_text("utf-8").splitlines()]


def feeds_of(site: CuratedSite) -> dict[str, bytes]:
    """Every feed and archive that is served."""
    found = {
        path: data
        for path, data in site.files().items()
        if path.endswith((".atom", ".rss", ".json", ".opml")) and path != "catalogue.json"
    }
    assert len(found) > 50
    return found


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> CuratedSite:
    """The site with one of everything, after all its releases; for reading only."""
    site = CuratedSite(tmp_path_factory.mktemp("lived") / "site")
    for now, folder in STEPS:
        lay_over(CASE / folder, site.root)
        site.run("build", "--now", now, status=None)
    return site


@pytest.fixture
def copy(lived: CuratedSite, tmp_path: Path) -> CuratedSite:
    """The same site once more, to work with."""
    shutil.copytree(lived.root, tmp_path / "copy")
    return CuratedSite(tmp_path / "copy")


#: Of one built at the first instant, nothing differs at the second: neither a day that begins, nor an event
#: that begins and is over, nor years. (What a curator took away leaves when it is over: it did in between.)
DAYS = [
    ("2026-06-03T08:00:00+02:00", "2026-06-03T23:59:59+02:00"),
    ("2026-06-03T08:00:00+02:00", "2026-07-09T00:00:00+02:00"),
    ("2026-08-05T08:00:00+02:00", "2026-09-08T12:00:00+02:00"),
    ("2026-08-05T08:00:00+02:00", "2029-01-01T00:00:00+00:00"),
]


@pytest.mark.parametrize(("day", "other"), DAYS)
def test_another_day_changes_no_feed(day: str, other: str, copy: CuratedSite) -> None:
    """Not even when what was to come is over: a feed changes when a record does."""
    copy.run("build", "--now", day, status=None)
    before = feeds_of(copy)
    times = {path: (copy.root / "build" / path).stat().st_mtime_ns for path in before}

    copy.run("build", "--now", other, status=None)

    assert feeds_of(copy) == before
    assert {path: (copy.root / "build" / path).stat().st_mtime_ns for path in times} == times


def test_what_was_taken_away_leaves_when_it_is_over_and_nothing_else_does(
    lived: CuratedSite, copy: CuratedSite
) -> None:
    copy.run("build", "--now", "2026-08-05T08:00:00+02:00", status=None)
    before, after = feeds_of(lived), feeds_of(copy)

    for path in before:
        if path.endswith(".atom"):
            old, new = entries_of(before[path]), entries_of(after[path])
            differ = {id_ for id_ in old.keys() | new.keys() if old.get(id_) != new.get(id_)}
            assert {id_.split("event/")[1].split("/")[0] for id_ in differ} <= {"gone", "shift"}, path


@pytest.mark.parametrize(
    "machine",
    [
        {"LC_ALL": "C", "PYTHONHASHSEED": "0", "TZ": "Pacific/Kiritimati"},
        {"LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4711", "TZ": "America/St_Johns", "LANGUAGE": "ru:kk"},
    ],
    ids=lambda machine: machine["LC_ALL"],
)
def test_another_machine_makes_the_same_feeds(
    machine: dict[str, str], lived: CuratedSite, tmp_path: Path
) -> None:
    there = CuratedSite(tmp_path / "there")
    for now, folder in STEPS:
        lay_over(CASE / folder, there.root)
        there.run_process("build", "--now", now, env=machine, status=None)

    assert feeds_of(there) == feeds_of(lived)


def test_a_cold_cache_makes_the_same_feeds_as_a_warm_one(lived: CuratedSite, tmp_path: Path) -> None:
    cold = CuratedSite(tmp_path / "cold")
    for now, folder in STEPS:
        lay_over(CASE / folder, cold.root)
        shutil.rmtree(cold.root / "var" / "cache", ignore_errors=True)
        cold.run("build", "--now", now, status=None)

    assert feeds_of(cold) == feeds_of(lived)


def test_everything_made_anew_is_the_same(lived: CuratedSite, copy: CuratedSite) -> None:
    """Without cache and files; from the ledger alone, or from the catalogue where that is lost as well."""
    now = STEPS[-1][0]
    catalogue = (copy.root / "build" / "catalogue.json").read_bytes()
    shutil.rmtree(copy.root / "var" / "cache")
    shutil.rmtree(copy.root / "build")

    copy.run("build", "--now", now, status=None)

    assert feeds_of(copy) == feeds_of(lived)

    shutil.rmtree(copy.root / "var")
    shutil.rmtree(copy.root / "build")
    (copy.root / "build").mkdir()
    (copy.root / "build" / "catalogue.json").write_bytes(catalogue)

    copy.run("build", "--now", now, status=None)

    assert feeds_of(copy) == feeds_of(lived)


def test_four_threads_at_once_make_the_same_feeds(lived: CuratedSite, copy: CuratedSite) -> None:
    """Each its own edition, as a schedule and a server do; the locale of the process stays as it was."""
    shutil.rmtree(copy.root / "var" / "cache")  # each thread makes everything
    before = locale.setlocale(locale.LC_ALL)
    made: list[dict[str, bytes]] = []
    barrier = threading.Barrier(4)

    def make() -> None:
        site = open_site(copy.root)
        memory = site.memory()
        assert memory.last
        edition = site.compile(memory.ledger, memory.last.today)
        barrier.wait()
        made.append({artifact.path: artifact.data for artifact in feeds(edition, site.theme)})

    threads = [threading.Thread(target=make) for _ in range(4)]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # they are in each other's way as often as can be
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(usual)

    served = feeds_of(lived)
    assert len(made) == 4
    for each in made:
        assert each == {path: served[path] for path in each}
        assert each.keys() == {path for path in served if not path.endswith(".opml")}
    assert locale.setlocale(locale.LC_ALL) == before
