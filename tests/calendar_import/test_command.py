"""`publisher import` as a curator calls it: from a clean site, again, with edits in between."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from publisher.cli import cli
from sites import CuratedSite
from webserver import answer, web

if TYPE_CHECKING:
    from pathlib import Path

LECTURE = "content/events/2026/open-lecture-2026.md"
ATTACHED = """\
ATTACH;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=application/pdf;FILENAME="../../../publisher.toml":JVBERi0=
ATTACH;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=image/png;X-FILENAME="..\\..\\x.png":iVBORw0KGgo=
"""
RELEASED_LATER = (
    "nothing is released yet: see `publisher check` and `publisher preview`; where `publisher run` is"
    " running, it releases what is no draft when that has rested"
)
NOW = ("--now", "2026-11-22T12:00:00+05:00")


def calendar(*events: str, more: str = "") -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN", *more.splitlines()]
    for event in events:
        lines += ["BEGIN:VEVENT", "DTSTAMP:20260101T000000Z", *event.strip().splitlines(), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def lecture(
    uid: str = "1@example.org", title: str = "Open Lecture", day: str = "20261201", more: str = ""
) -> str:
    return (
        f"UID:{uid}\nSUMMARY:{title}\nDTSTART:{day}T050000Z\nDTEND:{day}T063000Z\nLOCATION:Blue Hall\n{more}"
    )


@pytest.fixture
def site(tmp_path: Path) -> CuratedSite:
    return CuratedSite.create(tmp_path / "site")


def file(site: CuratedSite, text: str, name: str = "lectures.ics") -> str:
    path = site.root.parent / name
    path.write_bytes(text.encode())
    return str(path)


def records(site: CuratedSite) -> dict[str, bytes]:
    content = site.root / "content"
    return {p.relative_to(content).as_posix(): p.read_bytes() for p in content.rglob("*") if p.is_file()}


def test_a_calendar_becomes_records_that_are_sound_and_are_published(site: CuratedSite) -> None:
    repeating = lecture("2", "Reading Group", more="RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE:20261208T050000Z")
    source = file(site, calendar(lecture(more="CATEGORIES:Science"), repeating))

    told = site.run("import", source, *NOW)

    assert told.stdout.splitlines() == [
        "new        content/events/2026/open-lecture-2026.md  Open Lecture",
        "new        content/events/2026/reading-group.md      Reading Group",
        "2 new; 0 errors, 0 warnings",
        RELEASED_LATER,
    ]
    assert site.run("check").stdout == "3 sound records, nothing to mend\n"
    site.build("2026-11-22T12:00:00+05:00")
    published = site.served("en/calendar.ics")
    assert published.count("BEGIN:VEVENT") == 2
    assert "DTSTART:20261201T050000Z" in published


def test_again_nothing_is_written_and_every_change_is_taken_once(site: CuratedSite) -> None:
    source = file(site, calendar(lecture(), lecture("2", "Second")))
    site.run("import", source, *NOW)
    before = records(site)

    assert "2 unchanged; 0 errors, 0 warnings" in site.run("import", source, *NOW).stdout
    assert records(site) == before
    file(site, calendar(lecture(day="20261202"), lecture("2", "Second")))
    said = site.run("import", source, *NOW).stdout
    assert "updated    content/events/2026/open-lecture-2026.md  start" in said
    assert "1 updated, 1 unchanged" in said
    assert "start: 2026-12-02 10:00\n" in (site.root / LECTURE).read_text("utf-8")


def test_what_the_curator_wrote_is_followed_and_a_difference_told(site: CuratedSite) -> None:
    source = file(site, calendar(lecture()))
    site.run("import", source, *NOW)
    path = site.root / LECTURE
    path.write_text(path.read_text("utf-8").replace("title: Open", "title: Great"), "utf-8")
    file(site, calendar(lecture(title="Closed Lecture")))

    told = site.run("import", source, *NOW)

    assert "kept       content/events/2026/open-lecture-2026.md  yours stay: title" in told.stdout
    assert "warning[import-contested]: 'title' was changed here and in the calendar" in told.stderr
    assert "title: Great Lecture\n" in path.read_text("utf-8")


def test_a_cancelled_event_is_cancelled_and_readers_are_told(site: CuratedSite) -> None:
    source = file(site, calendar(lecture()))
    site.run("import", source, *NOW)
    site.build("2026-11-22T12:00:00+05:00")
    file(site, calendar(lecture(more="STATUS:CANCELLED")))

    site.run("import", source, *NOW)
    report = site.build("2026-11-23T12:00:00+05:00")

    assert [change["verb"] for change in report["changes"]] == ["cancelled"]
    assert "STATUS:CANCELLED" in site.served("en/calendar.ics")


@pytest.mark.parametrize("missing", ["report", "cancel"])
def test_what_has_left_the_calendar_is_told_or_cancelled(missing: str, site: CuratedSite) -> None:
    source = file(site, calendar(lecture(), lecture("2", "Second")))
    site.run("import", source, *NOW)
    file(site, calendar(lecture("2", "Second")))

    told = site.run("import", source, "--missing", missing, *NOW)

    is_cancelled = missing == "cancel"
    assert ("import-missing" in told.stderr) is not is_cancelled
    assert ("status: cancelled\n" in (site.root / LECTURE).read_text("utf-8")) is is_cancelled


def test_a_trial_writes_nothing(site: CuratedSite) -> None:
    before = records(site)

    told = site.run("import", file(site, calendar(lecture())), "--dry-run", *NOW)

    assert "would be: 1 new" in told.stdout
    assert records(site) == before


def test_a_report_for_machines_says_the_same(site: CuratedSite) -> None:
    source = file(site, calendar(lecture(more="CATEGORIES:Wine")))

    report = json.loads(site.run("import", source, "--json", *NOW).stdout)

    assert report["calendar"] == "lectures.ics"
    assert report["counts"] == {"new": 1}
    (event,) = report["events"]
    assert (event["outcome"], event["path"], event["title"]) == ("new", LECTURE, "Open Lecture")
    assert [finding["code"] for finding in report["findings"]] == ["import-category"]


def test_what_the_calendar_says_where_a_record_differs_can_be_asked_for_at_any_time(
    site: CuratedSite,
) -> None:
    source = file(site, calendar(lecture()))
    site.run("import", source, *NOW)
    path = site.root / LECTURE
    path.write_text(path.read_text("utf-8").replace("Blue Hall", "Green Hall"), "utf-8")
    file(site, calendar(lecture().replace("Blue Hall", "Red Hall")))

    told = site.run("import", source, *NOW).stderr
    report = json.loads(site.run("import", source, "--dry-run", "--json", *NOW).stdout)

    assert "'place' was changed here and in the calendar, which now says {name: Red Hall}; it stays" in told
    assert report["findings"] == []
    (event,) = report["events"]
    assert (event["outcome"], event["kept"], event["theirs"]) == (
        "kept",
        ["place"],
        {"place": {"name": "Red Hall"}},
    )


def test_standard_input_is_read_too(site: CuratedSite) -> None:
    arguments = ["import", "-", "--site", str(site.root), *NOW]

    done = CliRunner().invoke(cli, arguments, input=calendar(lecture()).encode())

    assert done.exit_code == 0
    assert (site.root / LECTURE).is_file()


def test_options_reach_the_records(site: CuratedSite) -> None:
    source = file(site, calendar(lecture(), lecture("2", "Long Ago", "20200101")))
    options = ("--folder", "events/imported", "--topic", "science", "--draft", "--since", "2026-01-01")

    told = site.run("import", source, *options, *NOW)

    text = (site.root / "content/events/imported/open-lecture-2026.md").read_text("utf-8")
    assert "topics: [science]\n" in text
    assert "draft: true\n" in text
    assert "1 event ended before the day of --since" in told.stdout


# What can be wrong


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (("--topic", "scince"), 2, "did you mean 'science'?"),
        (("--folder", "../elsewhere"), 2, "below events"),
        (("--since", "yesterday"), 2, "expected a day"),
        (("--missing", "delete"), 2, "is not one of"),
    ],
)
def test_a_wrong_option_is_told_and_nothing_is_written(
    options: tuple[str, ...], status: int, told: str, site: CuratedSite
) -> None:
    before = records(site)

    assert told in site.run("import", file(site, calendar(lecture())), *options, *NOW, status=status).stderr
    assert records(site) == before


@pytest.mark.parametrize("source", ["nowhere.ics", ".", "a\0b"])
def test_a_file_that_is_not_there_is_a_wrong_call(source: str, site: CuratedSite) -> None:
    assert "Invalid value" in site.run("import", source, status=2).stderr


@pytest.mark.parametrize(
    ("url", "status", "told"),
    [
        ("http://127.0.0.1:8099/private-token/c.ics", 1, "not in the public network"),
        ("https://[::1]/private-token", 1, "not in the public network"),
        ("http://2130706433/private-token", 1, "not in the public network"),
        ("file:///etc/passwd", 1, "begins with https://"),
        ("https://ann:private-token@example.org/c.ics", 1, "without a user name"),
        ("https://[", 1, "begins with https://"),
    ],
)
def test_an_address_that_is_not_public_is_refused_by_the_command(
    url: str, status: int, told: str, site: CuratedSite
) -> None:
    said = site.run("import", url, status=status)

    assert told in said.stderr
    assert "private-token" not in said.stdout + said.stderr


def test_no_option_and_no_variable_opens_this_machine_to_it(
    site: CuratedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web({"/c.ics": answer(calendar(lecture()).encode())}) as server:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, server.url("/"))
        site.run("import", server.url("/c.ics", "localhost"), status=1)

        assert server.asked == []


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0" * 1000, b"<html></html>", b"BEGIN:VCALENDAR\r\n", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n",
        b"\xff\xfe" + "BEGIN:VCALENDAR".encode("utf-16-le"), b"PK\x03\x04" + bytes(range(256)) * 20,
    ],
    ids=["empty", "nuls", "page", "cut", "bare", "utf-16", "zip"],
)  # fmt: skip
def test_what_is_no_calendar_is_told_and_writes_nothing(data: bytes, site: CuratedSite) -> None:
    before = records(site)
    path = site.root.parent / "x.ics"
    path.write_bytes(data)

    said = site.run("import", str(path), *NOW, status=1)

    assert "error[" in said.stderr
    assert records(site) == before


def test_a_cut_calendar_misses_nobody(site: CuratedSite) -> None:
    whole = calendar(lecture(), lecture("2", "Second"))
    source = file(site, whole)
    site.run("import", source, *NOW)
    before = records(site)
    file(site, whole[: whole.index("UID:2")])

    site.run("import", source, "--missing", "cancel", *NOW, status=1)

    assert records(site) == before


def test_a_hostile_calendar_writes_records_in_their_folder_and_nothing_else(site: CuratedSite) -> None:
    traps = [
        "UID:../../../../etc/cron.d/x\nSUMMARY:../../../../etc/cron.d/x\nDTSTART;VALUE=DATE:20261201",
        "UID:a\\nid: other\nSUMMARY:x\\nid: other\\n---\\nstatus: withdrawn\nDTSTART;VALUE=DATE:20261202",
        "UID:b\nSUMMARY:{{ config }}: &a *a !tag %x\nDTSTART;VALUE=DATE:20261203\nLOCATION:}\\n- x: [",
        "UID:c\nSUMMARY:.htaccess\nDTSTART;VALUE=DATE:20261204\nDESCRIPTION:---\\nid: x\\n---\\n<script>",
        f"UID:d\nSUMMARY:publisher.toml\nDTSTART;VALUE=DATE:20261205\nURL:javascript:alert(1)\n{ATTACHED}",
        "UID:e\nSUMMARY:\x07\x1b[31mred\u202e\nDTSTART;VALUE=DATE:20261206",
        "UID:" + "u" * 10_000 + "\nSUMMARY:" + "s" * 10_000 + "\nDTSTART;VALUE=DATE:20261207",
    ]  # fmt: skip
    outside = {p: p.read_bytes() for p in site.root.parent.rglob("*") if p.is_file()}
    source = file(site, calendar(*traps), "../../hostile.ics".rpartition("/")[2])

    said = site.run("import", source, *NOW, status=None)

    assert "\x1b[31m" not in said.stdout + said.stderr
    made = {p for p in site.root.parent.rglob("*") if p.is_file()} - outside.keys()
    assert {p.parent for p in made} == {site.root / "content/events/2026", site.root.parent}
    assert all(p.read_bytes() == data for p, data in outside.items())
    assert len([p for p in made if p.suffix == ".md"]) >= 6
    assert site.run("check").stdout.endswith("nothing to mend\n")
    again = site.run("import", source, *NOW, status=None)
    assert "new" not in again.stdout.partition(";")[0]
