"""What the documents tell a reader to type does what they say it does."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from .documents import ROOT
from .reader import Reader, fits

if TYPE_CHECKING:
    from pathlib import Path

#: Documents that begin in an empty folder, and those that begin in a copy of this repository's site.
FROM_NOTHING = ("docs/tutorial.md",)
IN_THIS_SITE = (
    "README.md",
    "docs/how-to/back-up-and-restore.md",
    "docs/how-to/check-feeds.md",
    "docs/how-to/import-calendars.md",
    "docs/how-to/override-the-theme.md",
    "docs/how-to/send-digests.md",
    "docs/how-to/translate.md",
    "docs/how-to/write-records.md",
)


@pytest.mark.parametrize("path", FROM_NOTHING)
def test_a_document_can_be_followed_from_an_empty_folder(path: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()

    followed = Reader.at(home, tmp_path / "bin").follow((ROOT / path).read_text("utf-8"))

    assert followed > 0


@pytest.mark.parametrize("path", IN_THIS_SITE)
def test_a_document_can_be_followed_in_a_copy_of_this_site(path: str, tmp_path: Path) -> None:
    home = tmp_path / "site"
    shutil.copytree(ROOT / "content", home / "content")
    shutil.copy(ROOT / "publisher.toml", home)

    followed = Reader.at(home, tmp_path / "bin").follow((ROOT / path).read_text("utf-8"))

    assert followed > 0


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("edition 1: 627 files written, 0 unchanged", "edition 1: 3 files written, 0 unchanged\n"),
        ("1 file written", "12 files written"),
        ("calendars 18, feeds 45", "calendars 2, feeds 1"),
        ("serving http://127.0.0.1:8000/", "serving http://127.0.0.1:40123/\n"),
        ("...\nlast", "first\nsecond\nlast"),
        ("stays as published on ...", "stays as published on 21 Nov 2026"),
    ],
)
def test_what_may_differ_between_machines_may_differ(shown: str, said: str) -> None:
    assert fits(shown, said)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("edition 1: 627 files written", "edition 2: 627 files written"),
        ("0 files written", "5 files written"),
        ("5 files written", "0 files written"),
        ("SEQUENCE:1", "SEQUENCE:2"),
        ("moved", "moved\nand more"),
        ("...\nlast", "last but one"),
    ],
)
def test_what_a_document_states_must_be_so(shown: str, said: str) -> None:
    assert not fits(shown, said)
