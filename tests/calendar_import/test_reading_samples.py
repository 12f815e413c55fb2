"""Calendars as Outlook, Google, Apple and Nextcloud export them become records as of a curator's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from calendar_import.roundtrip import SAMPLES, codes, publish, read, said, sample

if TYPE_CHECKING:
    from pathlib import Path

NAMES = sorted(path.stem for path in SAMPLES.glob("*.ics"))


@pytest.mark.parametrize("name", NAMES)
def test_an_export_is_published_with_the_dates_that_it_has(name: str, tmp_path: Path) -> None:
    drafts = read(sample(name))
    (published,) = publish(tmp_path / "site", {name: drafts}).values()

    assert [str(finding) for finding in drafts.findings if finding.is_error] == []
    assert said(sample(name)) == said(*published)


def test_a_series_of_outlook_keeps_its_windows_zone_rule_and_changed_date() -> None:
    council = read(sample("outlook")).drafts[0]

    assert council.fields == {
        "language": "en",
        "title": "Faculty council",
        "start": "2027-03-16 10:00",
        "end": "11:30",
        "timezone": "Europe/Berlin",
        "recurrence": {
            "rule": "FREQ=MONTHLY;BYDAY=3TU",
            "count": 4,
            "changed": [
                {
                    "occurrence": "2027-04-20 10:00",
                    "start": "2027-04-21 14:00",
                    "title": "Faculty council, on a Wednesday",
                    "place": {"name": "Room 12"},
                }
            ],
        },
        "place": {"name": "Senate Hall, Main Building"},
        "online": {
            "url": "https://teams.microsoft.com/l/meetup-join/19%3ameeting_secret",
            "platform": "Microsoft Teams",
            "public": False,
        },
        "organisers": [{"name": "Faculty Office"}],
        "draft": True,
    }


def test_a_text_of_outlook_says_what_it_said_but_how_to_enter_the_meeting() -> None:
    drafts = read(sample("outlook"))

    assert drafts.drafts[0].body == (
        "Agenda:\\\n1\\. Welcome\\\n2\\. \\*Budget\\* of \\<2027\\>\n\n"
        "See <https://faculty.example.org/council_2027>."
    )
    assert "secret" not in "".join(draft.body for draft in drafts.drafts)


def test_nobody_who_is_invited_is_named_and_what_is_private_stays_a_draft() -> None:
    drafts = read(sample("outlook"))

    assert codes(drafts) == [
        "import-attendees", "import-meeting", "import-meeting", "import-alarms",
        "import-private", "import-meeting",
    ]  # fmt: skip
    assert [draft.fields.get("draft", False) for draft in drafts.drafts] == [True, True, False]
    assert "person@example.org" not in str(drafts)


def test_a_zone_without_a_name_is_found_by_its_offset() -> None:
    call = read(sample("outlook")).drafts[2]

    assert (call.fields["start"], call.fields["timezone"]) == ("2027-06-28 09:00", "Asia/Almaty")
    assert "place" not in call.fields


def test_google_s_times_in_utc_are_told_in_the_calendar_s_zone_and_its_html_is_markdown() -> None:
    talk = read(sample("google")).drafts[0]

    assert (talk.fields["start"], talk.fields["end"], talk.fields["timezone"]) == (
        "2027-03-10 10:00", "11:30", "Asia/Almaty",
    )  # fmt: skip
    assert talk.body == (
        "**Public talk**\\\nAll welcome:\n\n- students\n- [guests](<https://talks.example.org/a_b>)\n\n"
        "[Slides.pdf](<https://files.example.org/slides.pdf>)"
    )
    assert talk.fields["status"] == "tentative"
    assert talk.categories == ("Talks", "Science, applied")


def test_google_s_series_keeps_what_was_taken_out_and_what_was_cancelled() -> None:
    circle = read(sample("google")).drafts[1]

    assert circle.fields["recurrence"] == {
        "every": "week",
        "until": "2027-04-29",
        "except": ["2027-04-08"],
        "changed": [{"occurrence": "2027-04-22 18:00", "status": "cancelled"}],
    }


def test_apple_s_place_has_its_name_address_and_point() -> None:
    opening = read(sample("apple")).drafts[0]

    assert opening.fields["place"] == {
        "name": "Palace of the Republic",
        "address": "Dostyk Ave 56, Almaty, Kazakhstan",
        "geo": ["43.2425", "76.957"],
    }
    assert opening.fields["sources"] == [
        {"title": "society.example.org", "url": "https://society.example.org/season"}
    ]


def test_a_file_in_the_calendar_becomes_a_file_beside_the_record() -> None:
    excursion = read(sample("apple")).drafts[1]

    assert (excursion.fields["start"], excursion.fields["end"]) == ("2027-10-28", "2027-10-31")
    assert excursion.fields["attachments"] == [{"file": "Route-map.png", "title": "Route map.png"}]
    assert excursion.files["Route-map.png"].startswith(b"\x89PNG\r\n")


def test_an_hour_that_clocks_show_twice_is_told_in_utc() -> None:
    drafts = read(sample("apple"))
    night = drafts.drafts[2]

    assert (night.fields["start"], night.fields["end"], night.fields["timezone"]) == (
        "2027-10-31 00:30", "00:50", "UTC",
    )  # fmt: skip
    assert codes(drafts) == ["import-time-zone"]


def test_a_rule_that_records_do_not_have_becomes_its_dates() -> None:
    choir = read(sample("nextcloud")).drafts[0]

    assert choir.fields["timezone"] == "Asia/Almaty"
    assert choir.fields["recurrence"] == {
        "also": [
            "2027-02-01 20:00",
            "2027-02-02 18:00",
            "2027-02-02 20:00",
            "2027-02-03 18:00",
            "2027-02-03 20:00",
        ]
    }
    assert choir.fields["contact"] == {
        "name": "Choir office", "email": "choir@example.org", "phone": "+7 727 000 0000",
    }  # fmt: skip


def test_what_nextcloud_s_calendar_has_beside_events_is_told() -> None:
    assert codes(read(sample("nextcloud"))) == [
        "import-not-an-event", "import-recurrence", "import-property-lost", "import-floating-time",
    ]  # fmt: skip
