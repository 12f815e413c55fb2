"""`publisher check FILE.ics`: anybody's calendar is looked at, without a site."""

from __future__ import annotations

import json
import shutil
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from publisher.cli import cli

CALENDARS = Path(__file__).parents[1] / "ics"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder without a site, with some calendars."""
    shutil.copy(CALENDARS / "mended/status-unknown.ics", tmp_path / "sound.ics")
    shutil.copy(CALENDARS / "broken/status-unknown.ics", tmp_path / "wrong.ics")
    shutil.copy(CALENDARS / "broken/text-spliced.ics", tmp_path / "misread.ics")
    return tmp_path


def _check(folder: Path, *words: str, stdin: bytes = b"") -> Result:
    with chdir(folder):
        return CliRunner().invoke(cli, ["check", *words], input=stdin)


def test_a_sound_calendar_has_nothing_to_mend(folder: Path) -> None:
    done = _check(folder, "sound.ics")

    assert (done.exit_code, done.stdout, done.stderr) == (0, "1 file, nothing to mend\n", "")


def test_an_error_is_told_with_its_line_and_fails(folder: Path) -> None:
    done = _check(folder, "sound.ics", "wrong.ics")

    assert done.exit_code == 1
    assert done.stdout == "2 files, 1 error, 0 warnings\n"
    assert done.stderr == (
        "wrong.ics:10:8: error[status-unknown]: expected a status of a VEVENT, got 'CANCELED'\n"
        "  hint: did you mean 'CANCELLED'?\n"
    )


def test_a_warning_fails_nothing(folder: Path) -> None:
    done = _check(folder, "misread.ics")

    assert done.exit_code == 0
    assert done.stdout == "1 file, 0 errors, 1 warning\n"
    assert done.stderr.startswith("misread.ics:10:10: warning[text-spliced]: ")


def test_standard_input_is_read_for_a_hyphen(folder: Path) -> None:
    done = _check(folder, "-", stdin=(folder / "wrong.ics").read_bytes())

    assert done.exit_code == 1
    assert done.stderr.startswith("-:10:8: error[status-unknown]: ")


def test_machines_get_the_same_as_json(folder: Path) -> None:
    done = _check(folder, "--json", "wrong.ics", "misread.ics")

    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert told["files"] == 2
    assert [(each["path"], each["line"], each["code"]) for each in told["findings"]] == [
        ("wrong.ics", 10, "status-unknown"),
        ("misread.ics", 10, "text-spliced"),
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("wrogn.ics", "publisher: there is no file 'wrogn.ics'\nhint: did you mean 'wrong.ics'?\n"),
        ("x/y.ics", "publisher: there is no file 'x/y.ics'\nhint: name a calendar, such as meetings.ics"),
        (".", "publisher: expected a file, '.' is a folder\nhint: name the files in it\n"),
    ],
)
def test_what_is_no_file_is_told(folder: Path, name: str, told: str) -> None:
    done = _check(folder, name)

    assert done.exit_code == 2
    assert done.stderr.startswith(told)


def test_without_files_the_site_is_looked_at(folder: Path) -> None:
    done = _check(folder)

    assert done.exit_code == 2
    assert "no publisher.toml" in done.stderr
