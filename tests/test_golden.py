"""Small sites and their whole expected output, file by file.

A case is a folder in tests/golden/: `steps.txt` has a line for each release,
its instant and a folder; that folder's files are laid over the site before it
(`name.removed` takes `name` away). `expected/` is build/ after the last one.
A theme's style sheets and scripts are told by name only: their hashes are left out.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from publisher.content import files
from sites import CuratedSite

CASES = sorted(path.parent for path in (Path(__file__).parent / "golden").glob("*/steps.txt"))
_HASH = re.compile(rb"(assets/[a-z0-9-]+\.)[0-9a-f]{8}(?=\.)")


def released(case: Path, root: Path, env: dict[str, str] | None = None) -> dict[str, bytes]:
    """Every file of build/ after the case's last step; `env` is that of another machine."""
    site = CuratedSite(root)
    for line in (case / "steps.txt").read_text("utf-8").splitlines():
        now, folder = line.split()
        lay_over(case / folder, root)
        if env is None:
            site.run("build", "--now", now, status=None)
        else:
            site.run_process("build", "--now", now, env=env, status=None)
    return site.files()


def told(files: dict[str, bytes]) -> dict[str, bytes]:
    """What is expected of files: all but the theme's own, which are named without their hashes."""
    return {
        path: _HASH.sub(rb"\1HASH", data)
        for path, data in files.items()
        if not path.startswith("assets/") or path.startswith("assets/files/")
    }


def lay_over(folder: Path, root: Path) -> None:
    """Put a folder's files where they belong, and take away those that are named as removed."""
    for source in sorted(path for path in folder.rglob("*") if path.is_file()):
        target = root / source.relative_to(folder)
        if target.suffix == ".removed":
            target.with_suffix("").unlink()
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_file_is_as_expected(case: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    made = told(released(case, tmp_path / "site"))
    expected = case / "expected"
    if request.config.getoption("--update-golden"):
        shutil.rmtree(expected, ignore_errors=True)
        for path, data in made.items():
            (expected / path).parent.mkdir(parents=True, exist_ok=True)
            (expected / path).write_bytes(data)

    known = {p.relative_to(expected).as_posix(): p.read_bytes() for p in expected.rglob("*") if p.is_file()}
    assert sorted(made) == sorted(known)
    for path in made:
        assert made[path] == known[path], f"{case.name}: {path} (look, then --update-golden)"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_file_of_the_theme_that_is_named_is_there(case: Path, tmp_path: Path) -> None:
    made = released(case, tmp_path / "site")

    texts = [data.replace(b"\r\n ", b"") for data in made.values()]  # calendars fold their lines
    named = {name.decode() for data in texts for name in re.findall(rb"/(assets/[\w/.-]*\w)", data)}
    assert named
    assert named <= made.keys()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_another_machine_makes_the_same_bytes(case: Path, tmp_path: Path) -> None:
    elsewhere = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANGUAGE": "kk", "PYTHONHASHSEED": "4711"}

    assert released(case, tmp_path / "there", elsewhere) == released(case, tmp_path / "here")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_order_in_which_files_are_found_changes_nothing(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = released(case, tmp_path / "site")
    in_order = files.walk
    monkeypatch.setattr(files, "walk", lambda *where: reversed(list(in_order(*where))))

    assert released(case, tmp_path / "reversed") == made
