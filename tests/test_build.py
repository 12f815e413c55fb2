"""Writing build/: whole files only, nothing touched that need not be, nothing deleted that is not ours."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from publisher.assets import AssetStore, LostAsset
from publisher.build import STAGING, BuildBlocked, write
from publisher.model.artifact import Artifact, Stage

if TYPE_CHECKING:
    from pathlib import Path


def page(path: str, text: str = "new", stage: Stage = Stage.PAGE) -> Artifact:
    return Artifact(path, text.encode(), stage)


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder, hidden ones too."""
    return {p.relative_to(folder).as_posix(): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


def put(folder: Path, path: str, text: str = "old") -> Path:
    """Let a file lie there from before."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)
    return folder / path


def state(path: Path) -> tuple[int, int, int]:
    """What changes when a file is written, even with the same bytes."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns


def test_a_new_folder_holds_exactly_the_artifacts(tmp_path: Path) -> None:
    report = write(tmp_path / "build", [page("index.html"), page("en/events/a/index.html", "A")])

    assert tree(tmp_path / "build") == {"index.html": "new", "en/events/a/index.html": "A"}
    assert sorted(report.written) == ["en/events/a/index.html", "index.html"]
    assert (report.unchanged, report.deleted) == (0, ())


def test_a_file_whose_bytes_are_the_same_is_not_touched(tmp_path: Path) -> None:
    same, other = put(tmp_path, "same.html", "same"), put(tmp_path, "other.html")
    before, folder = state(same), tmp_path.stat().st_ino

    report = write(tmp_path, [page("same.html", "same"), page("other.html")], ["same.html", "other.html"])

    assert state(same) == before
    assert tmp_path.stat().st_ino == folder
    assert other.read_text() == "new"
    assert (report.written, report.unchanged) == (("other.html",), 1)


def test_when_nothing_differs_nothing_at_all_is_written(tmp_path: Path) -> None:
    put(tmp_path, "en/index.html", "same")
    before = {path: state(path) for path in (tmp_path, tmp_path / "en", tmp_path / "en/index.html")}

    write(tmp_path, [page("en/index.html", "same")], ["en/index.html"])

    assert {path: state(path) for path in before} == before


def test_a_changed_file_is_another_file_so_that_who_reads_the_old_one_goes_on_reading_it(
    tmp_path: Path,
) -> None:
    put(tmp_path, "calendar.ics", "the old one")

    with (tmp_path / "calendar.ics").open() as reader:
        assert reader.read(3) == "the"
        write(tmp_path, [page("calendar.ics", "A NEW ONE")])
        assert reader.read() == " old one"


def test_new_files_come_first_then_changed_ones_each_in_the_order_of_who_refers_to_whom(
    tmp_path: Path,
) -> None:
    put(tmp_path, "feed.atom"), put(tmp_path, "event.html")

    report = write(
        tmp_path,
        [
            page("catalogue.json", stage=Stage.CATALOGUE),
            page("index.html", stage=Stage.INDEX),
            page("event.html", stage=Stage.PAGE),
            page("feed.atom", stage=Stage.FEED),
            page("a.ics", stage=Stage.CALENDAR),
            page("z.css", stage=Stage.ASSET),
        ],
    )

    assert report.written == ("z.css", "a.ics", "index.html", "catalogue.json", "feed.atom", "event.html")


def test_what_earlier_editions_had_and_this_one_has_not_is_deleted_last(tmp_path: Path) -> None:
    put(tmp_path, "en/events/gone/index.html"), put(tmp_path, "en/events/gone/event.ics")
    put(tmp_path, "en/index.html")

    report = write(
        tmp_path,
        [page("en/index.html")],
        ["en/index.html", "en/events/gone/event.ics", "en/events/gone/index.html", "never/there.html"],
    )

    assert tree(tmp_path) == {"en/index.html": "new"}
    assert not (tmp_path / "en/events").exists()
    assert report.deleted == ("en/events/gone/index.html", "en/events/gone/event.ics")


def test_what_is_not_in_a_manifest_of_ours_is_never_touched(tmp_path: Path) -> None:
    foreign = [
        put(tmp_path, "google1234.html"),
        put(tmp_path, ".well-known/security.txt"),
        put(tmp_path, "en/events/gone/notes.txt"),
        put(tmp_path, "x.publisher-tmp"),
    ]
    put(tmp_path, "en/events/gone/index.html")
    before = {path: state(path) for path in foreign}

    write(tmp_path, [page("index.html")], ["en/events/gone/index.html"])

    assert {path: state(path) for path in foreign} == before
    assert not (tmp_path / "en/events/gone/index.html").exists()


def test_a_file_of_ours_gives_way_to_a_folder(tmp_path: Path) -> None:
    put(tmp_path, "en/events")

    write(tmp_path, [page("en/events/a/index.html")], ["en/events"])

    assert tree(tmp_path) == {"en/events/a/index.html": "new"}


def test_a_folder_of_ours_gives_way_to_a_file(tmp_path: Path) -> None:
    put(tmp_path, "en/events/a/index.html"), put(tmp_path, "en/events/b/index.html")

    write(tmp_path, [page("en/events")], ["en/events/a/index.html", "en/events/b/index.html"])

    assert tree(tmp_path) == {"en/events": "new"}


@pytest.mark.parametrize("foreign", ["en/events", "en/events/index.html/notes.txt"])
def test_a_foreign_file_in_the_way_is_named_before_anything_is_written(tmp_path: Path, foreign: str) -> None:
    put(tmp_path, foreign), put(tmp_path, "changed.html"), put(tmp_path, "stale.html")
    before = tree(tmp_path)

    with pytest.raises(BuildBlocked, match=f"'build/{foreign}' .*\nhint: move it away"):
        write(tmp_path, [page("en/events/index.html"), page("changed.html")], ["stale.html", "changed.html"])

    assert tree(tmp_path) == before


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    put(tmp_path, f"{STAGING}/0", "half a fi"), put(tmp_path, f"{STAGING}/1", "")

    write(tmp_path, [page("index.html")])

    assert tree(tmp_path) == {"index.html": "new"}


def test_every_file_is_on_disk_before_the_first_one_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut after a rename must not find a name with no bytes."""
    put(tmp_path, "changed.html")
    steps: list[str] = []
    replace, fsync = os.replace, os.fsync

    def synced(descriptor: int) -> None:
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        steps.append("file" if is_file else "folder")
        fsync(descriptor)

    def replaced(*names: str) -> None:
        steps.append("rename")
        replace(*names)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)

    write(tmp_path, [page("en/new.html"), page("changed.html")])

    assert steps == ["file", "file", "rename", "folder", "folder", "rename", "folder"]


def test_progress_is_told_for_each_file_that_is_written(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    write(
        tmp_path,
        [page(f"{number}.html") for number in range(3)],
        (),
        lambda done, of: told.append((done, of)),
    )

    assert told == [(1, 3), (2, 3), (3, 3)]


def test_an_asset_is_kept_under_a_name_that_changes_with_its_bytes(tmp_path: Path) -> None:
    picture = put(tmp_path, "content/a.jpg", "one")
    store = AssetStore(tmp_path / "var", tmp_path / "build")
    first = store.name_all({"content/a.jpg": picture})["content/a.jpg"]
    store.keep([first])
    picture.write_text("two")
    second = store.name_all({"content/a.jpg": picture})["content/a.jpg"]

    assert first != second
    assert first.endswith("/a.jpg")
    assert (store.load(first), store.load(second)) == (b"one", b"two")


def test_an_asset_that_was_spoilt_is_taken_from_where_it_is_sound(tmp_path: Path) -> None:
    picture = put(tmp_path, "content/a.jpg", "one")
    store = AssetStore(tmp_path / "var", tmp_path / "build")
    name = store.name_all({"content/a.jpg": picture})["content/a.jpg"]
    store.keep([name])
    put(tmp_path / "build", name, "one")
    put(tmp_path / "var", name, "")

    assert AssetStore(tmp_path / "var", tmp_path / "build").load(name) == b"one"


def test_an_asset_that_is_nowhere_any_more_is_said_to_be_lost(tmp_path: Path) -> None:
    with pytest.raises(LostAsset, match=r"'0011/a\.jpg' is lost\nhint: put it back"):
        AssetStore(tmp_path / "var", tmp_path / "build").load("0011/a.jpg")


def dated(path: str, text: str, modified: datetime | None) -> Artifact:
    return Artifact(path, text.encode(), Stage.FEED, modified=modified)


def modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


CHANGED = datetime(2024, 6, 1, 3, 0, 7, 900_000, tzinfo=UTC)


def test_a_file_is_as_old_as_what_it_tells_on_whatever_machine_it_is_written(tmp_path: Path) -> None:
    for machine in ("one", "two"):
        write(tmp_path / machine, [dated("feed.atom", "a", CHANGED)])
        assert modified(tmp_path / machine / "feed.atom") == CHANGED.replace(microsecond=0)


def test_a_later_change_dates_the_file_by_itself(tmp_path: Path) -> None:
    write(tmp_path, [dated("feed.atom", "a", CHANGED)])
    later = CHANGED.replace(microsecond=0) + timedelta(seconds=1)

    write(tmp_path, [dated("feed.atom", "b", later)])

    assert modified(tmp_path / "feed.atom") == later


@pytest.mark.parametrize("back", [timedelta(0), timedelta(milliseconds=500), timedelta(days=1)])
def test_other_bytes_never_bear_the_date_of_those_that_they_replace_nor_an_earlier_one(
    tmp_path: Path, back: timedelta
) -> None:
    """A new theme, an entry withdrawn: who asks by the old date must be told that something is new."""
    write(tmp_path, [dated("feed.atom", "a", CHANGED)])
    put(tmp_path, "clock")
    now = modified(tmp_path / "clock")

    write(tmp_path, [dated("feed.atom", "b", CHANGED - back)])

    assert modified(tmp_path / "feed.atom") >= now


def test_a_date_that_is_yet_to_come_is_nobodys(tmp_path: Path) -> None:
    put(tmp_path, "clock")

    write(tmp_path, [dated("feed.atom", "a", datetime(2100, 1, 1, tzinfo=UTC))])
    put(tmp_path, "later")

    dates = [modified(tmp_path / name) for name in ("clock", "feed.atom", "later")]
    assert dates == sorted(dates)


def test_the_date_of_a_file_whose_bytes_are_the_same_stays(tmp_path: Path) -> None:
    write(tmp_path, [dated("feed.atom", "a", None)])
    before = state(tmp_path / "feed.atom")

    write(tmp_path, [dated("feed.atom", "a", CHANGED)])

    assert state(tmp_path / "feed.atom") == before
