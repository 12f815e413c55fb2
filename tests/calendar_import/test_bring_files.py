"""Files come into content/ whole, in nobody's place, and through no link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publisher.calendar_import.writing import NotWritten, create, update

if TYPE_CHECKING:
    from pathlib import Path

PATH = "content/events/2026/x.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "content/events/2026").mkdir(parents=True)
    return site


def names(root: Path) -> list[str]:
    return sorted(p.name for p in root.rglob("*") if p.is_file() or p.is_symlink())


def test_a_new_file_is_there_whole_and_open_to_others_as_any_new_file(root: Path) -> None:
    create(root, "content/events/2027/imported/x.md", b"data")
    (root / "usual").touch()

    target = root / "content/events/2027/imported/x.md"
    assert target.read_bytes() == b"data"
    assert target.stat().st_mode == (root / "usual").stat().st_mode
    assert names(root) == ["usual", "x.md"]


def test_what_stands_there_stays(root: Path) -> None:
    (root / PATH).write_bytes(b"mine")

    with pytest.raises(NotWritten, match="is there already"):
        create(root, PATH, b"theirs")
    create(root, PATH, b"mine")

    assert (root / PATH).read_bytes() == b"mine"
    assert names(root) == ["x.md"]


def test_a_link_is_neither_followed_nor_replaced(root: Path) -> None:
    outside = root.parent / "outside.md"
    outside.write_bytes(b"old")
    (root / PATH).symlink_to(outside)

    for write in (lambda: create(root, PATH, b"old"), lambda: update(root, PATH, b"old", b"new")):
        with pytest.raises(NotWritten):
            write()

    assert outside.read_bytes() == b"old"
    assert (root / PATH).is_symlink()
    assert names(root) == ["x.md"]


@pytest.mark.parametrize("link", ["content", "content/events", "content/events/2026"])
def test_no_folder_on_the_way_is_a_link(link: str, root: Path) -> None:
    real = root.parent / "real"
    (root / link).rename(real)
    (root / link).symlink_to(real)

    with pytest.raises(NotWritten, match="not a folder itself"):
        create(root, PATH, b"data")

    assert names(real) == []


@pytest.mark.parametrize(
    "path",
    [
        "content/../x.md",
        "x.md",
        "content",
        "/etc/x.md",
        "content//x.md",
        "content/./x.md",
        "content/..\\x.md",
    ],
)
def test_nothing_is_written_outside_content(path: str, root: Path) -> None:
    with pytest.raises(NotWritten, match="not below content/"):
        create(root, path, b"data")


def test_a_file_that_somebody_saved_meanwhile_keeps_what_they_wrote(root: Path) -> None:
    (root / PATH).write_bytes(b"saved just now")

    with pytest.raises(NotWritten, match="was changed while"):
        update(root, PATH, b"as it was read", b"new")

    assert (root / PATH).read_bytes() == b"saved just now"
