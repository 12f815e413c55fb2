"""Whatever a record holds, an entry has the properties that it is to have, and no other."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import icalendar
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.ics.writing import serialise
from publisher.model.characters import find_control
from publisher.render.vevent import event_components, part_component

from .feedsites import office, own_theme

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What ends a line, a value or a parameter somewhere, or is longer than it looks.
_NASTY = [
    *("\n", '"', ";", ":", ",", "\\", "\\n", "^n", "^'", "^", "\t", "😀", "é", "\u00a0", "%0D%0A", "{url}"),
    *("<b>", "&", "\nATTENDEE:mailto:a@example.org", '";X-EVIL=1:', "\\\nEND:VEVENT", "END:VEVENT", "ц" * 40),
]
_TEXT = st.lists(st.sampled_from(_NASTY) | st.text(max_size=5), min_size=1, max_size=6).map("".join)
#: All that these entries have.
_PROPERTIES = {
    *("BEGIN", "END", "UID", "SEQUENCE", "DTSTAMP", "CREATED", "LAST-MODIFIED", "DTSTART", "DTEND", "RRULE"),
    *("RECURRENCE-ID", "SUMMARY", "DESCRIPTION", "X-ALT-DESC", "LOCATION", "GEO", "URL", "CATEGORIES"),
    *("STATUS", "TRANSP", "CLASS", "CONTACT", "CONFERENCE", "RELATED-TO"),
}


def usable(text: str) -> str:
    """The text as a record may hold it in one line: anything else is refused when it is read."""
    kept = "".join(character for character in text if find_control(character) is None)
    return " ".join(f"x {unicodedata.normalize('NFC', kept)}".split())


def written(line: str) -> Iterator[bytes]:
    """The entries of an event whose every text is `line`, as two writers write them."""
    site, url = office(languages=("en",)), "https://example.org/?a=1,2;b='3'"
    site.say("topic", "odd", name=line)
    site.say(
        "event", "odd", title=line, summary=line, start="2026-06-11", status_note=line,
        place=[{"name": line, "address": line, "city": line, "geo": ["1.5", "2.5"]}],
        online={"url": url, "platform": line}, organisers=[{"name": line, "url": url}],
        speakers=[{"name": line, "role": line, "organisation": line}],
        contact={"name": line, "phone": line, "url": url}, topics=["odd"],
        registration={"url": url, "price": line, "closes": "2026-06-01"},
        deadlines=[{"id": "d", "title": line, "at": "2026-06-01", "url": url}],
        sessions=[{"id": "s", "title": line, "start": "2026-06-11 10:00", "summary": line}],
        recurrence={"every": "week", "count": "2", "changed": [{"occurrence": "2026-06-18", "title": line}]},
    )  # fmt: skip
    edition, words = site.release(), own_theme().words["en"]
    (event,) = edition.events
    parts = (part_component(edition, words, event, part) for part in (*event.sessions, *event.deadlines))
    made = [*event_components(edition, words, event), *filter(None, parts)]
    yield b"".join(component.to_ical() for component in made)
    yield b"".join(map(serialise, made))


@settings(max_examples=30, deadline=None)
@given(_TEXT.map(usable))
def test_no_text_makes_a_property_a_parameter_or_an_entry(line: str) -> None:
    for data in written(line):
        physical = data.split(b"\r\n")
        lines = data.replace(b"\r\n ", b"").decode().split("\r\n")
        names = [each.partition(":")[0].partition(";")[0] for each in lines if each]

        assert not any(b"\r" in each or b"\n" in each for each in physical)
        assert all(len(each) <= 75 for each in physical)
        assert set(names) <= _PROPERTIES
        assert (
            names.count("BEGIN") == names.count("END") == 5
        )  # with a changed date, a session, two deadlines


@settings(max_examples=30, deadline=None)
@given(_TEXT.map(usable))
def test_every_text_is_read_back_as_it_was_written(line: str) -> None:
    for data in written(line):
        wrapped = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\n" + data + b"END:VCALENDAR\r\n"
        event, _, session, *_ = icalendar.Calendar.from_ical(wrapped).events

        assert event["SUMMARY"] == event["DESCRIPTION"].splitlines()[0] == line
        assert event["LOCATION"] == line
        assert event["CONTACT"] == f"{line}, {line}"
        assert event["CONFERENCE"].params["LABEL"] == f"Online ({line})"
        assert [str(name) for name in event["CATEGORIES"].cats] == [line]
        assert session["SUMMARY"] == f"{line} ({line})"
