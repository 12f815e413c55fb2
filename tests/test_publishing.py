"""The whole way, as curator and operator go it: files in, the real command, what readers get."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar

from sites import CONFIG, CuratedSite

if TYPE_CHECKING:
    from pathlib import Path

NOON = "2026-06-01T12:00:00+05:00"
LATER = "2026-06-02T12:00:00+05:00"


@pytest.fixture
def site(tmp_path: Path) -> CuratedSite:
    curated = CuratedSite.create(tmp_path / "site")
    curated.event()
    curated.write("content/events/2026/meeting.ru.md", "---\ntitle: Встреча\n---\n")
    return curated


def vevent(site: CuratedSite, uid: str = "event.meeting@calendar.example.org", language: str = "en"):
    calendar = Calendar.from_ical(site.served(f"{language}/calendar.ics"))
    return next((event for event in calendar.walk("VEVENT") if event["UID"] == uid), None)


def entry_updated(site: CuratedSite) -> str:
    items = json.loads(site.served("en/feed.json"))["items"]
    return next(item["date_modified"] for item in items if "event/meeting" in item["id"])


def test_a_conference_of_three_days_is_one_bar_of_three_days_everywhere(site):
    site.build(NOON)

    event = vevent(site)
    assert str(event["DTSTART"].dt) == "2026-06-11"
    assert str(event["DTEND"].dt) == "2026-06-14"  # exclusive
    assert "11–13 June 2026" in site.served("en/events/meeting/index.html")
    assert "11–13 июня 2026" in site.served("ru/events/meeting/index.html")
    assert '"startDate": "2026-06-11"' in re.sub(r'":"', '": "', site.served("en/events/meeting/index.html"))
    assert "11–13 June 2026" in site.served("en/feed.atom")


def test_a_second_build_writes_nothing(site):
    site.build(NOON)
    before = {path.name: path.stat().st_mtime_ns for path in (site.root / "build").rglob("*")}

    report = site.build("2026-06-01T18:00:00+05:00")

    assert report["written"] == []
    assert report["deleted"] == []
    assert before == {path.name: path.stat().st_mtime_ns for path in (site.root / "build").rglob("*")}


def test_the_same_content_and_instant_make_the_same_bytes_in_any_locale_zone_and_hash_seed(tmp_path):
    made = []
    for number, env in enumerate(
        (
            {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
            {"TZ": "America/New_York", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
        )
    ):
        site = CuratedSite.create(tmp_path / str(number))
        site.event()
        site.run_process("build", "--now", NOON, env=env)
        made.append(site.files())

    assert made[0] == made[1]


def test_a_moved_event_is_announced_by_the_plan_and_true_everywhere_after_the_build(site):
    site.event("other", title="Another", start="2026-09-01", end="2026-09-02")
    site.build(NOON)
    before = site.files()
    site.event(start="2026-06-12", end="2026-06-14")

    plan = site.run("plan", "--now", LATER).stdout
    assert re.search(
        r"^moved +A Meeting +11-13 Jun -> 12-14 Jun 2026 +calendars \d+, feeds \d+, pages \d+$",
        plan,
        re.MULTILINE,
    )
    assert site.files() == before  # a plan writes nothing

    report = site.build(LATER)
    for language in ("en", "ru"):
        event = vevent(site, language=language)
        assert str(event["DTSTART"].dt) == "2026-06-12"
        assert event["SEQUENCE"] == 1
    assert entry_updated(site) == "2026-06-02T07:00:00Z"
    assert "was" in site.served("en/events/meeting/index.html")
    for path in report["written"]:
        # How to subscribe says from which day to which the calendars reach: the last one is another now.
        if path.endswith((".ics", ".html", ".atom", ".rss")) and not path.endswith("/subscribe/index.html"):
            assert "meeting" in site.served(path), f"{path} does not name the event and has changed"
    assert site.files()["en/events/other/event.ics"] == before["en/events/other/event.ics"]


def test_a_typo_and_its_fix_tell_nobody(site):
    site.build(NOON)
    published = entry_updated(site)
    site.event(body="All abuot it.")
    site.build(LATER)
    site.event(body="All about it, really.")

    report = site.build("2026-06-03T12:00:00+05:00")

    assert [change["verb"] for change in report["changes"]] == ["reworded"]
    assert vevent(site)["SEQUENCE"] == 0
    assert entry_updated(site) == published


def test_a_cancelled_event_stays_and_says_so(site):
    site.build(NOON)
    site.event(more="status: cancelled\nstatus_note: The hall is closed.")

    site.build(LATER)

    assert vevent(site)["STATUS"] == "CANCELLED"
    assert vevent(site)["SUMMARY"] == "Cancelled: A Meeting"
    assert vevent(site, language="ru")["SUMMARY"] == "Отменено: Встреча"
    assert "The hall is closed." in site.served("en/events/meeting/index.html")
    assert "EventCancelled" in site.served("en/events/meeting/index.html")


def test_removing_the_file_of_a_coming_event_cancels_it(site):
    site.build(NOON)
    (site.root / "content/events/2026/meeting.md").unlink()
    (site.root / "content/events/2026/meeting.ru.md").unlink()

    site.build(LATER)

    assert vevent(site)["STATUS"] == "CANCELLED"


def test_an_event_whose_day_is_unknown_is_on_pages_and_in_feeds_but_in_no_calendar(site):
    site.write("content/events/2026/vague.md", "---\nid: vague\ntitle: Some Day\nstart: 2026-09\n---\n")

    site.build(NOON)

    assert "Some Day" in site.served("en/index.html")
    assert "September 2026" in site.served("en/events/vague/index.html")
    assert "Some Day" in site.served("en/feed.atom")
    assert "vague" not in site.served("en/calendar.ics")
    assert not (site.root / "build/en/events/vague/event.ics").exists()


def test_a_record_without_a_translation_is_shown_in_its_own_language_and_marked(site):
    site.event("english", title="English Only", start="2026-07-01", end="2026-07-01")

    site.build(NOON)

    assert "SUMMARY;LANGUAGE=en:English Only" in site.served("ru/calendar.ics")
    assert 'lang="en"' in site.served("ru/events/english/index.html")
    assert vevent(site, "event.english@calendar.example.org", "ru") is not None


def test_ten_broken_records_give_ten_findings_and_the_rest_is_published(site):
    site.event("published", title="Was Sound", start="2026-08-01", end="2026-08-02")
    site.build(NOON)
    site.event(
        "published", title="Was Sound", start="2026-08-01", end="2026-08-02", more="timezone: Asia/Almati"
    )
    broken = {
        "ends": "---\nid: ends\ntitle: T\nstart: 2026-06-11\nend: 2026-06-10\n---\n",
        "noid": "---\ntitle: T\nstart: 2026-06-11\n---\n",
        "twin": "---\nid: meeting\ntitle: T\nstart: 2026-06-11\n---\n",
        "yaml": "---\nid: yaml\ntitle: [unclosed\n---\n",
        "field": "---\nid: field\ntitel: T\ntitle: T\nstart: 2026-06-11\n---\n",
        "org": "---\nid: org\ntitle: T\nstart: 2026-06-11\norganisers: [nobody]\n---\n",
        "control": "---\nid: control\ntitle: T\x07\nstart: 2026-06-11\n---\n",
        "bomb": "---\nid: bomb\ntitle: &a T\nsummary: *a\n---\n",
    }
    for name, text in broken.items():
        site.write(f"content/events/2026/x-{name}.md", text)
    (site.root / "content/events/2026/x-latin.md").write_bytes(b"---\nid: latin\ntitle: caf\xe9\n---\n")
    site.event("fresh", title="Fresh", start="2026-10-01", end="2026-10-02")

    report = site.build(LATER, status=1)

    assert sorted(finding["code"] for finding in report["findings"]) == sorted(
        ["unknown-timezone", "end-before-start", "missing-id", "duplicate-id", "invalid-yaml",
         "unknown-field",
         "unknown-organisation", "control-character", "yaml-alias", "not-utf-8"]
    )  # fmt: skip
    assert all(finding["line"] >= 1 and finding["hint"] for finding in report["findings"])
    assert vevent(site, "event.published@calendar.example.org")["SUMMARY"] == "Was Sound"
    assert vevent(site, "event.fresh@calendar.example.org") is not None
    assert vevent(site)["SUMMARY"] == "A Meeting"
    shown = site.run("check", status=1)
    assert "Traceback" not in shown.stderr
    assert len(re.findall(r"^content/\S+\.md:\d+:\d+: error\[", shown.stderr, re.MULTILINE)) == 10


def test_a_record_becomes_public_at_its_minute_and_not_before(site):
    site.build(NOON)
    site.event(
        "later", title="Later", start="2026-07-01", end="2026-07-02", more="publish_at: 2026-06-01 15:30"
    )
    site.build("2026-06-01T15:00:00+05:00")

    assert site.tick("2026-06-01T15:29:00+05:00")["released"] is False
    assert "Later" not in site.served("en/index.html")

    assert site.tick("2026-06-01T15:30:00+05:00")["released"] is True
    assert "Later" in site.served("en/index.html")
    assert '"date_published": "2026-06-01T10:30:00Z"' in site.served("en/feed.json")


def test_a_change_is_released_when_it_has_settled(site):
    site.build(NOON)
    site.event(title="Renamed")

    assert site.tick("2026-06-01T12:10:00+05:00")["released"] is False
    site.event(title="Renamed again")
    assert site.tick("2026-06-01T12:15:00+05:00")["released"] is False
    assert site.tick("2026-06-01T12:24:00+05:00")["released"] is False
    assert site.tick("2026-06-01T12:25:00+05:00")["released"] is True
    assert vevent(site)["SUMMARY"] == "Renamed again"
    assert site.tick("2026-06-01T12:26:00+05:00")["released"] is False


def test_in_mode_ask_a_change_waits_for_a_person(tmp_path):
    site = CuratedSite.create(tmp_path / "site", CONFIG + '[publish]\nmode = "ask"\nsettle = "1m"\n')
    site.event()
    site.build(NOON)
    site.event(title="Renamed")

    site.tick("2026-06-01T12:10:00+05:00")
    assert site.tick("2026-06-01T13:10:00+05:00")["released"] is False
    assert "waits for a person" in site.run("status").stdout
    assert vevent(site)["SUMMARY"] == "A Meeting"

    site.build("2026-06-01T13:11:00+05:00")
    assert vevent(site)["SUMMARY"] == "Renamed"


def test_a_new_day_turns_the_page_without_releasing_what_is_being_edited(site):
    site.event("soon", title="Ends Today", start="2026-06-01", end="2026-06-01")
    site.build(NOON)
    site.event(title="Half-written")

    report = site.tick("2026-06-02T00:00:00+05:00")

    assert report["released"] is True
    assert "Ends Today" in site.served("en/past/2026/index.html")
    assert vevent(site)["SUMMARY"] == "A Meeting"


def test_a_lost_database_is_restored_from_what_is_published(site):
    site.build(NOON)
    site.event(start="2026-06-12", end="2026-06-14")
    site.build(LATER)
    before = site.files()
    for path in (site.root / "var").glob("publisher.db*"):
        path.unlink()

    report = site.build("2026-06-02T13:00:00+05:00")

    assert report["written"] == []
    assert site.files() == before


def test_an_unknown_folder_is_refused_in_a_sentence(tmp_path):
    done = CuratedSite(tmp_path).run("build", status=2)

    assert "no publisher.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mistyped_command_gets_a_suggestion(site):
    done = site.run("biuld", status=2)

    assert "did you mean 'build'?" in done.stderr


@pytest.mark.parametrize("now", ["yesterday", "2026-06-01T08:00:00"])
def test_an_instant_without_meaning_or_offset_is_refused(site, now):
    assert (
        "offset" in (err := site.run("build", "--now", now, status=2).stderr) or "expected an instant" in err
    )


def test_a_plan_counts_what_a_new_title_or_theme_changes(site):
    site.build(NOON)
    config = (site.root / "publisher.toml").read_text()
    site.write("publisher.toml", config.replace('"A Calendar"', '"Another Name"'))

    planned = json.loads(site.run("plan", "--now", LATER, "--json").stdout)["files"]

    report = site.build(LATER)
    assert planned == len(report["written"]) + len(report["deleted"]) > 0


def test_a_changed_identity_is_refused_before_any_reader_gets_everything_again(site):
    site.build(NOON)
    before = site.files()
    config = (site.root / "publisher.toml").read_text()
    site.write("publisher.toml", config.replace("calendar.example.org,2026", "other.example.org,2026"))

    for command in ("check", "plan", "build"):
        said = site.run(command, "--now", LATER, status=2).stderr
        assert "changed-identity" in said
        assert "calendar.example.org,2026" in said
    assert site.files() == before


def test_a_sentence_that_ends_with_a_date_has_one_full_stop(site):
    site.build(NOON)
    site.event(start="2026-06-12", end="2026-06-14")
    site.build(LATER)

    page = site.served("ru/events/meeting/index.html")
    assert "теперь 12–14 июня 2026 г." in page
    assert "г.." not in page
    assert "г.." not in site.served("ru/calendar.ics")


@pytest.mark.parametrize("now", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"])
def test_an_instant_out_of_this_world_is_a_usage_error(site, now):
    assert "expected a year" in site.run("build", "--now", now, status=2).stderr


def test_a_translation_whose_file_is_misnamed_stays_on_the_air(site):
    site.build(NOON)
    folder = site.root / "content/events/2026"
    (folder / "meeting.ru.md").rename(folder / "misnamed.ru.md")

    report = site.build(LATER, status=1)

    assert [finding["code"] for finding in report["findings"]] == ["translation-without-record"]
    assert "Встреча" in site.served("ru/events/meeting/index.html")
    assert vevent(site, language="ru")["SUMMARY"] == "Встреча"


def test_a_twin_of_a_published_record_is_not_said_to_be_published(site):
    site.build(NOON)
    site.write("content/events/2026/twin.md", "---\nid: meeting\ntitle: Twin\nstart: 2026-06-11\n---\n")

    assert re.search(
        r"^broken +twin.md:2 +is not published$",
        site.run("plan", "--now", LATER, status=1).stdout,
        re.MULTILINE,
    )


def test_a_calendar_that_programs_may_refuse_is_told(site: CuratedSite) -> None:
    sessions = "".join(
        f"  - {{id: s{number}, title: Session {number}, start: 2026-06-11 09:00}}\n" for number in range(200)
    )
    for number in range(6):
        site.event(f"fair-{number}", title=f"Fair {number}", more=f"sessions:\n{sessions}")

    told = site.run("build", "--now", NOON).stdout

    assert re.search(r"^crowded +en/programme\.ics +1,200 entries, \d+ kB: ", told, re.MULTILINE)
    assert "crowded  en/calendar.ics" not in told
