"""Any text in any field is refused with its place, or calendars say it and nothing else."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from publisher.content.load import decode_all
from publisher.edition.compile import compile_edition
from publisher.edition.ledger import revise
from publisher.ics.lint import check
from publisher.ics.values import text as unescaped
from publisher.model.characters import find_control
from publisher.model.ledger import Ledger
from publisher.render.calendars import calendars

from .feedsites import NOW, Office, office, reading_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.content.load import Content
    from publisher.diagnostics import Diagnostic

#: Where a text is put: a name for each place in the records below.
SLOTS = (
    "title", "summary", "status_note", "body", "place", "address", "city", "platform", "organiser", "host",
    "speaker", "role", "contact", "phone", "price", "deadline", "session", "session_summary", "session_place",
    "attachment", "topic", "organisation", "series", "source", "curator_note",
)  # fmt: skip
#: What has broken calendars: ends of lines, separators, escapes, quotes, other components, long characters.
NASTY = (
    "\r\nATTENDEE:mailto:x@example.org", "\nEND:VEVENT\nBEGIN:VEVENT", "\r", "\x00", "\x0b", "\x1b[31m",
    "\x7f", "\x85", "\\", "\\n", "\\\\", "\\,", ";", ",", ":", '"', "^n", "^'", ";VALUE=DATE:20260101", ":x",
    "=", "\t", "  ", "\u2028", "\u202e", "\ufeff", "\u00a0", "e\u0301", "\U0001f393", "Қ" * 40,
    "\U0001f468\u200d\U0001f393" * 9, "BEGIN:VCALENDAR", "END:VCALENDAR", "X-EVIL:1", "<b>", "&amp;",
    "{{ x }}", "%s", "]]>", "javascript:", "a" * 290,
)  # fmt: skip
TEXT = st.lists(
    st.sampled_from(NASTY) | st.text(st.characters(codec="utf-8"), max_size=12) | st.just("word "),
    min_size=1, max_size=5,
).map("".join)  # fmt: skip
#: Why a text may be refused.
REFUSED = {"control-character", "empty-text", "missing-field", "too-long"}
PROGRAMME = "programme.pdf"
ASSETS = {f"content/events/{PROGRAMME}": Path(PROGRAMME)}
HARMLESS = dict.fromkeys(SLOTS, "word")


def site_of(texts: Mapping[str, str]) -> Office:
    """A site with a text in each of its slots."""
    site = office(languages=("en",))
    site.say("topic", "topic", name=texts["topic"], colour="#005a9c")
    site.say("organisation", "organisation", name=texts["organisation"])
    site.say("series", "series", name=texts["series"])
    place = {"name": texts["place"], "address": texts["address"], "city": texts["city"], "geo": ["43", "76"]}
    site.say(
        "event", "conference", title=texts["title"], summary=texts["summary"], body=texts["body"],
        start="2026-06-11", end="2026-06-13", place=place, topics=["topic"], series="series",
        status="tentative", status_note=texts["status_note"], curator_note=texts["curator_note"],
        online={"url": "https://meet.example.org/", "platform": texts["platform"]},
        organisers=["organisation", {"name": texts["organiser"]}], hosts=[{"name": texts["host"]}],
        speakers=[{"name": texts["speaker"], "role": texts["role"], "organisation": texts["organiser"]}],
        contact={"name": texts["contact"], "phone": texts["phone"], "email": "office@example.org"},
        registration={"url": "https://example.org/", "closes": "2026-06-05", "price": texts["price"]},
        attachments=[{"file": PROGRAMME, "title": texts["attachment"]}],
        deadlines=[{"id": "papers", "title": texts["deadline"], "at": "2026-06-06 23:59", "timezone": "AoE"}],
        sessions=[
            {"id": "opening", "title": texts["session"], "summary": texts["session_summary"],
             "start": "2026-06-11 10:00", "end": "11:00", "place": [{"name": texts["session_place"]}]},
        ],
        sources=[{"title": texts["source"]}],
    )  # fmt: skip
    site.say(
        "event", "weekly", title=texts["title"], start="2026-06-12 18:00", end="19:00", place=place,
        timezone="Europe/Berlin", recurrence={
            "every": "week", "count": "3",
            "changed": [{"occurrence": "2026-06-19", "start": "2026-06-20", "title": texts["session"]}],
        },
    )  # fmt: skip
    return site


def content_of(site: Office) -> Content:
    return decode_all(replace(reading_of(site), assets=ASSETS), site.settings)


def files_of(site: Office, content: Content) -> dict[str, bytes]:
    """Every calendar of the site, by its path."""
    ledger = revise(content, Ledger(), site.settings, NOW, dict.fromkeys(ASSETS, PROGRAMME))
    edition = compile_edition(ledger, site.settings, NOW.date())
    return {artifact.path: artifact.data for artifact in calendars(edition, site.theme)}


@given(st.fixed_dictionaries(dict.fromkeys(SLOTS, TEXT)))
def test_any_text_is_refused_with_its_place_or_comes_back_and_brings_nothing_with_it(
    texts: dict[str, str],
) -> None:
    for written in (texts, {slot: sound(text) for slot, text in texts.items()}):
        site = site_of(written)
        content = content_of(site)
        if content.errors:
            assert_told(content.errors, written)
        else:
            files = files_of(site, content)
            assert_well_formed(files)
            assert skeletons(files) == harmless()
            assert_said(files, written)


def sound(text: str) -> str:
    """What a curator would leave of a text after its findings."""
    return f"x{''.join(character for character in text if find_control(character) is None)}"[:250]


def assert_told(errors: tuple[Diagnostic, ...], texts: Mapping[str, str]) -> None:
    """Each finding has a place and a hint, and is there because of a text that is none."""
    for error in errors:
        assert error.code in REFUSED, error
        assert error.span.path.startswith("content/")
        assert error.span.line > 1
        assert error.hint
    assert any(not is_text(text) for text in texts.values())


def is_text(text: str) -> bool:
    """Whether a text is short, has no control characters, and can be seen."""
    seen = any(unicodedata.category(character)[0] in "LNPS" for character in text)
    return find_control(text) is None and seen and len(line(text)) <= 300


def assert_well_formed(files: Mapping[str, bytes]) -> None:
    """RFC 5545 section 3.1: lines of at most 75 octets that end in CRLF, in UTF-8, without other controls."""
    for path, data in files.items():
        *lines, last = data.split(b"\r\n")

        assert last == b""
        assert max(map(len, lines)) <= 75
        assert all(find_control(each.decode()) is None and b"\n" not in each for each in lines)
        assert [found for found in check(data, path) if found.is_error] == []


def skeletons(files: Mapping[str, bytes]) -> dict[str, list[Any]]:
    """What a calendar is made of, apart from its values: components, properties, parameters."""
    return {path: list(skeleton(Calendar.from_ical(data))) for path, data in files.items()}


def skeleton(component: Any) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    assert component.errors == []
    for name, value in component.property_items(recursive=True):
        yield (
            name,
            "" if name not in {"BEGIN", "END"} else str(value),
            tuple(sorted(getattr(value, "params", ()))),
        )


@cache
def harmless() -> dict[str, list[Any]]:
    """What the same calendars are made of when each text is a word."""
    site = site_of(HARMLESS)
    return skeletons(files_of(site, content_of(site)))


def assert_said(files: Mapping[str, bytes], texts: Mapping[str, str]) -> None:
    """Each text comes back, as one line, its characters composed."""
    said = {name: line(text) for name, text in texts.items()}
    whole, topic, series = (
        Calendar.from_ical(files[f"en/{path}.ics"])
        for path in ("events/conference/event", "topics/topic/calendar", "events/weekly/event")
    )
    entries: dict[str, Any] = {str(event["UID"]).partition("@")[0]: event for event in whole.walk("VEVENT")}
    conference, session = entries["event.conference"], entries["event.conference.session.opening"]
    deadline = entries["event.conference.deadline.papers"]
    weekly, changed = series.walk("VEVENT")

    assert said["title"] in conference["SUMMARY"]
    assert said["title"] == weekly["SUMMARY"]
    assert said["session"] == changed["SUMMARY"]
    assert said["session"] in session["SUMMARY"]
    assert said["deadline"] in deadline["SUMMARY"]
    assert conference["LOCATION"].startswith(said["place"])
    for part in ("address", "city"):
        assert said[part] in conference["LOCATION"]
    assert session["LOCATION"].startswith(said["session_place"])
    assert [str(name) for name in conference["CATEGORIES"].cats] == [said["topic"]]
    assert said["contact"] in conference["CONTACT"]
    assert said["phone"] in conference["CONTACT"]
    # icalendar takes these for values of a type that it does not know.
    assert said["topic"] in unescaped(str(topic["NAME"]))
    assert said["title"] == unescaped(str(whole["NAME"]))


def line(text: str) -> str:
    """A text as every output shows it: composed (NFC), on one line, blanks folded."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def test_a_text_without_end_makes_no_entry_without_end() -> None:
    """A record may be a megabyte; what a phone loads again every few hours is not."""
    site = site_of(HARMLESS | {"body": "Всё об этом. " * 70_000, "summary": "слово " * 800})
    files = files_of(site, content_of(site))

    assert_well_formed(files)
    assert max(map(len, files.values())) < 60_000


def test_a_colour_is_named_for_those_who_know_names_and_numbered_for_the_others() -> None:
    """RFC 7986 section 5.9 wants a name of CSS; a number there is nothing."""
    site = site_of(HARMLESS)
    calendar = Calendar.from_ical(files_of(site, content_of(site))["en/topics/topic/calendar.ics"])

    assert re.fullmatch("[a-z]+", str(calendar["COLOR"]))
    assert str(calendar["X-APPLE-CALENDAR-COLOR"]) == "#005a9c"


@pytest.mark.parametrize("days", [0, 400, 4_000])
def test_a_rule_without_end_is_as_short_after_years(days: int) -> None:
    """Only what is looked at is bounded: calendars get the rule as it is, whenever the site is built."""
    site = office(languages=("en",))
    site.say("event", "daily", title="Daily", start="2026-06-01", recurrence={"every": "day"})
    ledger = revise(content_of(site), Ledger(), site.settings, NOW)
    edition = compile_edition(ledger, site.settings, (NOW + timedelta(days=days)).date())
    (data,) = (a.data for a in calendars(edition, site.theme) if a.path == "en/calendar.ics")

    assert data.count(b"BEGIN:VEVENT") == 1
    assert b"\r\nRRULE:FREQ=DAILY\r\n" in data
