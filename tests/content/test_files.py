"""What of content/ is read, in which order, and what is left alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from publisher.content.files import Reading, fingerprint, read, walk
from publisher.model.records import Kind

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ("en", "ru")


def put(site: Path, *names: str) -> None:
    for name in names:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(name.encode())


def reading(site: Path, *names: str) -> Reading:
    put(site, *names)
    return read(site, LANGUAGES)


def test_files_are_read_by_their_place_in_the_order_of_their_paths(tmp_path: Path) -> None:
    found = reading(
        tmp_path, "content/topics/b.md", "content/events/2027/deep/er/a.md", "content/topics/a.md"
    )

    assert [(s.path, s.kind, s.translation, s.data) for s in found.sources] == [
        ("content/events/2027/deep/er/a.md", Kind.EVENT, None, b"content/events/2027/deep/er/a.md"),
        ("content/topics/a.md", Kind.TOPIC, None, b"content/topics/a.md"),
        ("content/topics/b.md", Kind.TOPIC, None, b"content/topics/b.md"),
    ]
    assert found.diagnostics == ()


@pytest.mark.parametrize(
    ("name", "translation", "stem"),
    [
        ("x.md", None, "x"),
        ("x.ru.md", "ru", "x"),
        ("x.de.md", None, "x.de"),
        ("v1.2.md", None, "v1.2"),
        ("v1.2.ru.md", "ru", "v1.2"),
        ("ru.md", None, "ru"),
    ],
)
def test_the_name_of_a_file_gives_the_language_of_a_translation(
    tmp_path: Path, name: str, translation: str | None, stem: str
) -> None:
    (source,) = reading(tmp_path, f"content/topics/{name}").sources

    assert (source.translation, source.stem) == (translation, f"content/topics/{stem}")


def test_beside_a_record_a_language_that_the_site_does_not_have_is_told(tmp_path: Path) -> None:
    found = reading(tmp_path, "content/topics/x.md", "content/topics/x.kz.md")

    assert [source.fault.code if source.fault else None for source in found.sources] == [
        "unknown-language",
        None,
    ]


def test_what_editors_leave_behind_and_hidden_files_are_left_alone(tmp_path: Path) -> None:
    names = [".x.md", "x.md~", "#x.md#", "x.md.swp", "x.bak", "x.tmp", ".git/x.md"]

    found = reading(tmp_path, *(f"content/topics/{name}" for name in names))

    assert found == Reading((), {}, ())


def test_pictures_and_attachments_are_known_by_their_paths(tmp_path: Path) -> None:
    found = reading(tmp_path, "content/events/a.PNG", "content/events/b.pdf")

    assert found.assets == {
        name: tmp_path / name for name in ("content/events/a.PNG", "content/events/b.pdf")
    }
    assert found.sources == ()


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    """A path can be too long to be opened; what is below it must not vanish without a word."""
    (tmp_path / "content/topics").mkdir(parents=True)
    here = os.open(tmp_path / "content/topics", os.O_RDONLY)
    for _ in range(20):
        os.mkdir("x" * 250, dir_fd=here)
        below = os.open("x" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)

    found = read(tmp_path, LANGUAGES)

    assert [(finding.code, finding.message) for finding in found.diagnostics] == [
        ("unreadable-file", "the folder cannot be read")
    ]


def test_folders_that_are_not_entered_are_named(tmp_path: Path) -> None:
    put(tmp_path, "content/topics/x.md", "elsewhere/y.md")
    (tmp_path / "content/link").symlink_to(tmp_path / "elsewhere")
    closed: list[Path] = []

    assert list(walk(tmp_path / "content", closed)) == [tmp_path / "content/topics/x.md"]
    assert closed == [tmp_path / "content/link"]


# The fingerprint, by which a running site sees that something has changed


def test_the_fingerprint_changes_with_names_and_bytes_and_nothing_else(tmp_path: Path) -> None:
    content, settings = tmp_path / "content", tmp_path / "publisher.toml"
    put(tmp_path, "content/topics/x.md", "publisher.toml")
    first = fingerprint(content, settings)
    os.utime(content / "topics/x.md", (0, 0))
    put(tmp_path, "content/topics/x.md~", "content/.git/x")

    assert fingerprint(content, settings) == first

    seen = {first}
    for change in ("content/topics/y.md", "content/events/x.md"):
        put(tmp_path, change)
        seen.add(fingerprint(content, settings))
    (content / "topics/x.md").write_bytes(b"")
    seen.add(fingerprint(content, settings))
    (content / "topics/x.md").rename(content / "topics/z.md")
    seen.add(fingerprint(content, settings))
    settings.unlink()
    seen.add(fingerprint(content, settings))

    assert len(seen) == 6


def test_the_fingerprint_waits_for_no_pipe_and_no_file_that_is_gone(tmp_path: Path) -> None:
    put(tmp_path, "content/topics/x.md")
    os.mkfifo(tmp_path / "content/topics/pipe.md")
    (tmp_path / "content/topics/gone.md").symlink_to("nowhere")

    assert fingerprint(tmp_path / "content") == fingerprint(tmp_path / "content")
