"""`publisher check FILE`: anybody's calendar or feed is looked at, without a site."""

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
        (
            "x/y.ics",
            "publisher: there is no file 'x/y.ics'\nhint: name a feed or a calendar, such as feed.atom or",
        ),
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


ATOM = '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title></feed>\n'
RSS = '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>News</title></channel></rss>\n'
LONE = '<?xml version="1.0"?>\n<entry xmlns="http://www.w3.org/2005/Atom"><title>News</title></entry>\n'
JSON = '{"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": []}\n'


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (ATOM, "atom"),
        (f"\ufeff{ATOM}", "atom"),
        (RSS, "rss"),
        (JSON, "json"),
        ("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "calendar"),
        ("\ufeffbegin:vcalendar\n", "calendar"),
        ("<!doctype html><title>News</title>", "page"),
        ("<opml/>", ""),
        ("", ""),
    ],
)
def test_what_a_file_is_its_content_says_and_not_its_name(folder: Path, text: str, kind: str) -> None:
    (folder / "download.txt").write_text(text, "utf-8")

    done = _check(folder, "--json", "download.txt")

    assert json.loads(done.stdout)["checked"] == [{"path": "download.txt", "kind": kind}]


def test_a_feed_is_told_with_its_lines_too(folder: Path) -> None:
    (folder / "news.xml").write_text(ATOM.replace("Atom", 'Atom" xml:lang="kz'), "utf-8")

    done = _check(folder, "news.xml")

    assert done.exit_code == 1
    assert "news.xml:2:53: error[language-unknown]: " in done.stderr


def test_a_calendar_in_which_nothing_is_left_is_still_called_one_by_its_name(folder: Path) -> None:
    (folder / "cut.ics").write_bytes(b"")

    assert "cut.ics:1:1: error[no-calendar]" in _check(folder, "cut.ics").stderr


def test_a_page_that_was_saved_names_its_feeds_if_they_have_whole_addresses(folder: Path) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    page = f"<!doctype html>{link.format('/feed.rss')}{link.format('https://example.org/feed.rss')}"
    (folder / "saved.html").write_text(page, "utf-8")

    done = _check(folder, "saved.html")

    assert done.exit_code == 1
    assert done.stderr == (
        "saved.html:1:1: error[web-page]: expected a feed or a calendar, got a web page\n"
        "  hint: check what the page names: https://example.org/feed.rss\n"
    )


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("example.org/feed", "write 'https://example.org/feed' if it is a web address"),
        ("www.example.org", "write 'https://www.example.org' if it is a web address"),
        ("example.org:8443/feed.atom", "write 'https://example.org:8443/feed.atom' if it is a web address"),
        ("localhost:8000/en/feed.atom", "write 'http://localhost:8000/en/feed.atom' if it is a web address"),
        ("https:/example.org/feed", "did you mean 'https://example.org/feed'?"),
        ("feed:https://example.org/feed", "did you mean 'https://example.org/feed'?"),
        ("feed://example.org/feed", "did you mean 'https://example.org/feed'?"),
        ("htps://example.org/feed", "did you mean 'https://example.org/feed'?"),
        ("ftp://example.org/feed", "copy the whole address"),
        (
            "https://ann:secret@example.org/feed",
            "open the address in a browser, save the file and check that",
        ),
        ("", "name a feed or a calendar"),
        ("a\0b", "name a feed or a calendar"),
    ],
)
def test_what_was_probably_meant_is_said(folder: Path, typed: str, hint: str) -> None:
    done = _check(folder, "sound.ics", typed)

    assert done.exit_code == 2
    assert f"\nhint: {hint}" in done.stderr
    assert done.stdout == "1 file, nothing to mend\n"
    assert "secret" not in done.stderr


def test_what_is_not_there_stops_none_of_the_others(folder: Path) -> None:
    done = _check(folder, "sound.ics", "wrogn.ics", "wrong.ics", "x/y.ics")

    assert done.exit_code == 2
    assert done.stdout == "2 files, 1 error, 0 warnings\n"
    assert done.stderr.startswith("wrong.ics:10:8: error[status-unknown]: ")
    assert "\npublisher: there is no file 'wrogn.ics'\nhint: did you mean 'wrong.ics'?\n" in done.stderr
    assert "\npublisher: there is no file 'x/y.ics'\nhint: " in done.stderr


def test_machines_are_told_of_what_was_checked_though_something_is_not_there(folder: Path) -> None:
    done = _check(folder, "--json", "nosuch", "sound.ics")

    told = json.loads(done.stdout)
    assert done.exit_code == 2
    assert (told["files"], told["checked"]) == (1, [{"path": "sound.ics", "kind": "calendar"}])
    assert done.stderr.startswith("publisher: there is no file 'nosuch'\n")


@pytest.mark.parametrize(("text", "kind"), [(RSS.replace("rss", "RSS"), "rss"), (LONE, "atom")])
def test_what_is_nearly_a_feed_is_held_against_the_rules_for_feeds(
    folder: Path, text: str, kind: str
) -> None:
    (folder / "news.xml").write_text(text, "utf-8")

    done = _check(folder, "--json", "news.xml")

    assert json.loads(done.stdout)["checked"] == [{"path": "news.xml", "kind": kind}]
    assert [each["code"] for each in json.loads(done.stdout)["findings"]] == ["no-feed"]


def test_a_folder_that_is_a_site_says_how_its_records_are_checked(folder: Path) -> None:
    (folder / "publisher.toml").touch()

    assert "hint: write --site . to check the records of the site" in _check(folder, ".").stderr


def test_what_is_too_large_for_anybody_is_not_read(folder: Path) -> None:
    with (folder / "large.ics").open("wb") as file:
        file.truncate(50_000_001)

    done = _check(folder, "large.ics")

    assert done.exit_code == 2
    assert "'large.ics' has more than 50,000,000 bytes" in done.stderr
