"""What is nobody else's cannot be looked into by others."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from publisher.folders import private
from sites import CuratedSite

if TYPE_CHECKING:
    from pathlib import Path


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_state_is_for_the_programs_own_user_alone(tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path / "site")

    site.build()

    assert rights(site.root / "var") == 0o700
    assert rights(site.root / "build") & 0o055, "what is served is for others"


def test_folders_above_are_made_alike_and_what_is_there_stays(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    private(tmp_path / "a" / "b")

    assert [rights(path) for path in (tmp_path, tmp_path / "a", tmp_path / "a" / "b")] == [
        0o755,
        0o700,
        0o700,
    ]
