"""What an entry in a calendar says of an event, a session, a deadline or a changed date, field by field."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from .entries import Entries
from .pagesites import SCHOOL, WEEKLY, Desk, Publication

REFERENCE = Path(__file__).parents[2] / "docs/reference/calendar-properties.md"


@pytest.fixture(scope="module")
def school(everything: Publication) -> Entries:
    return Entries.of(everything, "school")


@pytest.fixture(scope="module")
def seminar(everything: Publication) -> Entries:
    return Entries.of(everything, "seminar")


def test_an_event_of_three_days_is_one_bar_that_leaves_its_readers_free(school: Entries) -> None:
    event = school["event"]

    assert event["DTSTART"].dt == date(2026, 9, 7)
    assert event["DTEND"].dt == date(2026, 9, 10)  # the day after the last
    assert event["TRANSP"] == "TRANSPARENT"


def test_an_entry_says_all_that_a_record_says(school: Entries) -> None:
    event = school["event"]

    assert event["SUMMARY"] == "School <i>of</i> Everything & More"
    assert event["LOCATION"] == "Main Hall, 1 Street, Almaty, Kazakhstan"
    assert event["URL"] == "https://news.example.org/en/events/school/"
    assert [str(name) for name in event["CATEGORIES"].cats] == ["Mobility", "Artificial intelligence"]
    assert event["CONTACT"] == "Office, office@uni.example.org, +7 700"
    assert event["STATUS"] == "CONFIRMED"
    assert event["CLASS"] == "PUBLIC"
    assert event["ATTACH"] == "https://news.example.org/assets/files/23-plan.pdf"
    assert event["ATTACH"].params == {"FMTTYPE": "application/pdf"}
    assert event["IMAGE"].params == {"VALUE": "URI", "DISPLAY": "BADGE", "FMTTYPE": "image/png"}
    assert str(event["IMAGE"]) == "https://news.example.org/assets/files/25-school.png"
    assert str(event["CONFERENCE"]) == "https://meet.example.org/x?a=1&b=2"
    assert event["CONFERENCE"].params["LABEL"] == "Online (Zoom)"
    assert event["CONFERENCE"].params["FEATURE"] == ["AUDIO", "VIDEO"]
    assert event["RELATED-TO"] == "event.seminar@news.example.org"
    assert event["RELATED-TO"].params == {"RELTYPE": "SIBLING"}


def test_no_entry_invites_anybody_rings_or_names_a_method(school: Entries, seminar: Entries) -> None:
    names = {line.partition(b":")[0].partition(b";")[0] for line in school.lines + seminar.lines}

    assert not names & {b"ORGANIZER", b"ATTENDEE", b"METHOD", b"STYLED-DESCRIPTION", b"LINK", b"COLOR"}
    assert b"BEGIN:VALARM" not in school.lines + seminar.lines


def test_sessions_and_deadlines_name_their_event(school: Entries) -> None:
    parts = [name for name in school.blocks if name != "event"]

    assert len(parts) == 7
    for name in parts:
        assert school[name]["RELATED-TO"] == school["event"]["UID"]
        assert school[name]["RELATED-TO"].params == {"RELTYPE": "PARENT"}
        assert school[name]["UID"].endswith(f".{name.replace('/', '.')}@news.example.org")


def test_a_session_has_its_hours_and_its_place_and_takes_its_readers_time(school: Entries) -> None:
    opening = school["session/opening"]

    assert opening["SUMMARY"] == "Opening (School <i>of</i> Everything & More)"
    assert opening["DTSTART"].dt == datetime(2026, 9, 7, 4, tzinfo=UTC)
    assert opening["DTEND"].dt == datetime(2026, 9, 7, 5, tzinfo=UTC)
    assert opening["LOCATION"] == "Hall A"
    assert opening["TRANSP"] == "OPAQUE"
    assert school["session/trip"]["LOCATION"] == "Main Hall, 1 Street, Almaty, Kazakhstan"


def test_what_has_no_known_end_gets_none(school: Entries) -> None:
    assert "DTEND" not in school["session/talk"]
    assert "DURATION" not in school["session/talk"]


def test_a_minute_by_which_something_is_due_blocks_nobody(school: Entries) -> None:
    abstracts = school["deadline/abstracts"]

    assert abstracts["SUMMARY"] == "Abstracts due: School <i>of</i> Everything & More"
    assert abstracts["DTSTART"].dt == datetime(
        2026, 7, 2, 11, 59, tzinfo=UTC
    )  # 1 July 23:59 anywhere on earth
    assert "DTEND" not in abstracts
    assert abstracts["TRANSP"] == "TRANSPARENT"
    assert "LOCATION" not in abstracts
    assert school["deadline/fee"]["DTSTART"].dt == date(2026, 6, 20)


def test_what_is_off_says_so_in_its_title_too_and_leaves_the_hour_free(school: Entries) -> None:
    talk = school["session/talk"]

    assert talk["STATUS"] == "CANCELLED"
    assert talk["SUMMARY"] == "Cancelled: Talk (School <i>of</i> Everything & More)"
    assert talk["TRANSP"] == "TRANSPARENT"
    assert "CONFERENCE" not in talk


@pytest.mark.parametrize(
    ("id_", "status", "title"),
    [
        ("gone", "CANCELLED", "Cancelled: Gone"),
        ("later", "CANCELLED", "Postponed: Later"),
        ("perhaps", "TENTATIVE", "Perhaps (tentative)"),
    ],
)
def test_status_is_marked_twice(everything: Publication, id_: str, status: str, title: str) -> None:
    event = Entries.of(everything, id_)["event"]

    assert (event["STATUS"], event["SUMMARY"]) == (status, title)


def test_hours_across_days_are_told_as_they_are_and_block_nobody(everything: Publication) -> None:
    event = Entries.of(everything, "perhaps")["event"]

    assert event["DTSTART"].dt == datetime(2026, 10, 1, 8, tzinfo=UTC)
    assert event["DTEND"].dt == datetime(2026, 10, 2, 16, tzinfo=UTC)
    assert event["TRANSP"] == "TRANSPARENT"


def test_an_event_whose_day_is_not_known_is_in_no_calendar(everything: Publication) -> None:
    assert Entries.of(everything, "vague").blocks == {}
    assert Entries.of(everything, "reported").blocks == {}


def test_a_changed_date_says_as_much_as_its_series(seminar: Entries) -> None:
    series, moved = seminar["event"], seminar["occurrence/2026-06-16 18:00"]

    assert moved["UID"] == series["UID"]
    assert moved["RECURRENCE-ID"].dt.isoformat() == "2026-06-16T18:00:00+05:00"
    assert moved["RECURRENCE-ID"].params == series["DTSTART"].params == {"TZID": "Asia/Almaty"}
    assert moved["SUMMARY"] == "On another day"
    assert moved["DTSTART"].dt.isoformat() == "2026-06-17T18:00:00+05:00"
    assert moved["DTEND"].dt.isoformat() == "2026-06-17T19:30:00+05:00"
    assert moved["LOCATION"] == "Cellar"
    for name in ("CATEGORIES", "CONTACT", "URL", "CLASS", "DESCRIPTION"):
        assert moved[name].to_ical() == series[name].to_ical()


def test_a_cancelled_date_is_cancelled_alone(seminar: Entries) -> None:
    series, off = seminar["event"], seminar["occurrence/2026-06-23 18:00"]

    assert (series["STATUS"], off["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert off["SUMMARY"] == "Cancelled: Seminar"
    assert seminar.text("occurrence/2026-06-23 18:00", "DESCRIPTION").startswith(
        "The event does not take place on this date.\n"
    )


def test_each_date_that_is_taken_out_or_added_has_a_line_of_its_own(desk: Desk) -> None:
    desk.event(
        "course",
        start="2026-06-02 18:00",
        end="19:00",
        recurrence={
            "every": "week",
            "count": "5",
            "except": ["2026-06-09", "2026-06-16"],
            "also": ["2026-06-11 18:00", "2026-06-12 18:00"],
        },
    )
    lines = Entries.of(desk.release(), "course").lines

    assert [line for line in lines if line.startswith((b"EXDATE", b"RDATE"))] == [
        b"RDATE;TZID=Asia/Almaty:20260611T180000",
        b"RDATE;TZID=Asia/Almaty:20260612T180000",
        b"EXDATE;TZID=Asia/Almaty:20260609T180000",
        b"EXDATE;TZID=Asia/Almaty:20260616T180000",
    ]


def test_the_days_of_a_recurring_event_are_days_throughout(desk: Desk) -> None:
    changed = [{"occurrence": "2026-06-16", "start": "2026-06-17"}]
    desk.event("course", recurrence={"every": "week", "count": "3", "changed": changed}, start="2026-06-09")
    entries = Entries.of(desk.release(), "course")
    moved = entries["occurrence/2026-06-16"]

    assert moved["RECURRENCE-ID"].dt == date(2026, 6, 16)
    assert moved["DTSTART"].dt == date(2026, 6, 17)
    assert not any(b"TZID" in line for line in entries.lines)


def test_who_organises_it_answers_where_nobody_else_is_named(desk: Desk) -> None:
    desk.write("organisations/uni", {"name": "A University"})
    desk.event("a", organisers=["uni", {"name": "Somebody Else"}])
    desk.event("b", contact={"url": "https://example.org/ask"})
    desk.event("c", contact={"name": "Office", "url": "https://example.org/ask"})
    site = desk.release()

    assert Entries.of(site, "a").text("event", "CONTACT") == "A University, Somebody Else"
    assert Entries.of(site, "b").text("event", "CONTACT") == "https://example.org/ask"
    contact = Entries.of(site, "c")["event"]["CONTACT"]
    assert (str(contact), contact.params) == ("Office", {"ALTREP": "https://example.org/ask"})


def test_an_address_that_is_not_public_is_in_no_entry(desk: Desk) -> None:
    online = {"url": "https://meet.example.org/secret", "platform": "Zoom", "public": "false"}
    desk.event("closed", online=online, sessions=[{"id": "s", "title": "S", "start": "2026-06-11 10:00"}])
    entries = Entries.of(desk.release(), "closed")

    assert b"secret" not in entries.stream
    assert entries.text("event", "LOCATION") == "Online (Zoom)"
    assert "the address is given to participants" in entries.text("session/s", "DESCRIPTION")


def test_a_place_is_found_by_map_and_by_post(desk: Desk) -> None:
    geo = {"geo": ["43.238949", "-0.00001"]}
    here = {"name": "Hall; east, wing", "address": "1 Street", "city": "Almaty", "country": "KZ"} | geo
    desk.event("there", place=[{"name": "Annexe"}, here])
    entries = Entries.of(desk.release(), "there")

    assert entries.text("event", "LOCATION") == "Annexe; Hall; east, wing, 1 Street, Almaty, Kazakhstan"
    assert b"GEO:43.238949;-0.00001" in entries.lines


def test_words_in_another_language_are_marked(everything: Publication) -> None:
    event = Entries.of(everything, "russian", "kk")["event"]

    assert event["SUMMARY"] == "Только по-русски"
    assert event["SUMMARY"].params == {"LANGUAGE": "ru"}
    assert event["DESCRIPTION"].params == {"LANGUAGE": "ru"}
    assert Entries.of(everything, "russian", "ru")["event"]["SUMMARY"].params == {}


def test_an_entry_is_the_same_item_in_every_language(everything: Publication) -> None:
    english, russian = (Entries.of(everything, "school", language) for language in ("en", "ru"))

    assert english.blocks.keys() == russian.blocks.keys()
    for name in english.blocks:
        for field in ("UID", "SEQUENCE", "DTSTART", "STATUS", "TRANSP", "CREATED"):
            assert english[name][field].to_ical() == russian[name][field].to_ical()


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_independent_readers_find_what_was_written(site: Publication, language: str) -> None:
    for event in site.edition.events:
        entries = Entries.of(site, event.id, language)
        if not entries.blocks:
            continue
        said = {(str(entries[name]["SUMMARY"]), str(entries[name]["DESCRIPTION"])) for name in entries.blocks}

        assert {(each.summary.value, each.description.value) for each in entries.read_by_vobject()} == said
        assert {(each.summary, each.description) for each in entries.read_by_ical()} == said


def test_an_entry_is_small(everything: Publication, own_site: Publication) -> None:
    """A calendar of a thousand events is to stay below half a megabyte or little more."""
    rich = Entries.of(everything, "school", "ru").blocks["event"]
    ordinary = [
        block
        for event in own_site.edition.events
        for language in ("en", "ru", "kk")
        for block in Entries.of(own_site, event.id, language).blocks.values()
    ]

    assert len(rich) < 4_000
    assert sum(map(len, ordinary)) / len(ordinary) < 2_500
    assert max(map(len, ordinary)) < 4_000


def test_a_conference_shows_the_same_identities_everywhere(desk: Desk) -> None:
    desk.write("places/hall", {"name": "Hall"})
    desk.write("series/schools", {"name": "Schools"})
    desk.write("organisations/uni", {"name": "Uni"})
    desk.write("organisations/faculty", {"name": "Faculty"})
    desk.event(
        "school", **{name: value for name, value in SCHOOL.items() if name not in {"image", "attachments"}}
    )
    desk.event("seminar", start="2026-05-05 18:00", end="19:30", recurrence=WEEKLY)
    artifacts = desk.release().artifacts

    def uids(path: str) -> set[bytes]:
        data = artifacts[path].data.replace(b"\r\n ", b"")
        return {line for line in data.splitlines() if line.startswith(b"UID:")}

    own = uids("en/events/school/event.ics")
    headline, programme, deadlines = (
        uids(f"en/{name}.ics") for name in ("calendar", "programme", "deadlines")
    )
    assert own == {uid for uid in headline if b"school" in uid} | programme | deadlines
    assert (len(programme), len(deadlines)) == (3, 4)


def test_the_reference_names_every_property_and_no_other(everything: Publication, desk: Desk) -> None:
    repeating = {"every": "week", "count": "3", "also": ["2026-06-20"]}
    desk.event("rest", recurrence=repeating, place={"name": "Hall", "geo": ["43.2", "76.9"]})
    written = [Entries.of(desk.release(), "rest")]
    written += [Entries.of(everything, event.id) for event in everything.edition.events]
    table = REFERENCE.read_text("utf-8").partition("## An entry")[2].partition("## The description")[0]

    names = {re.split("[:;]", line.decode())[0] for entries in written for line in entries.lines}

    assert set(re.findall(r"^\| `([A-Z-]+)` \|", table, re.MULTILINE)) == names - {"BEGIN", "END"}
