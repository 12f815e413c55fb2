"""The description of an entry, as a person reads it who sees nothing but a calendar."""

from __future__ import annotations

import pytest

from .entries import Entries
from .pagesites import SCHOOL, Desk, Publication

SCHOOL_IN_ENGLISH = """\
What it is.

Online (Zoom): https://meet.example.org/x?a=1&b=2
Organised by: A University; Somebody Else
Hosted by: A Faculty
Partners: A Partner
Speakers: Aigerim Example (Professor, Example University)
Languages: English, Kazakh
Series: Schools

Registration: Closes 15 August 2026, 18:00 (Almaty time, UTC+5); Price: 10 000 ₸
Register: https://uni.example.org/r

Deadlines:
- Early bird: 15 May 2026
- Fee: 20 June 2026
- Abstracts due: 1 July 2026, 23:59 (anywhere on earth, UTC−12)

Programme (Almaty time, UTC+5):
- 7 September, 09:00–10:00 · Opening
- 7 September, 10:00 · Cancelled: Talk
- 9 September 2026 · Trip

Contact: Office, office@uni.example.org, +7 700
Files: Plan
More: https://news.example.org/en/events/school/"""


def described(site: Publication, event: str, name: str = "event", language: str = "en") -> str:
    return Entries.of(site, event, language).text(name, "DESCRIPTION")


def test_a_person_finds_all_that_they_need(everything: Publication) -> None:
    assert described(everything, "school") == SCHOOL_IN_ENGLISH


def test_html_says_the_same_and_leads_further(everything: Publication) -> None:
    entries = Entries.of(everything, "school")
    html = entries.html("event")

    assert entries["event"]["X-ALT-DESC"].params == {"FMTTYPE": "text/html"}
    assert html.tags == {"html", "body", "p", "br", "a"}
    for line in filter(None, SCHOOL_IN_ENGLISH.splitlines()):
        assert line.partition(": http")[0] in html.text
    assert html.links == [
        "https://meet.example.org/x?a=1&b=2",
        "https://uni.example.org/",
        "https://else.example.org",
        "https://uni.example.org/r",
        "https://news.example.org/assets/files/23-plan.pdf",
        "https://news.example.org/en/events/school/",
    ]


def test_there_is_no_html_where_it_would_say_the_same(desk: Desk) -> None:
    desk.event("plain", summary="A summary.", registration={"url": "https://example.org/r"})
    entry = Entries.of(desk.release(), "plain")["event"]

    assert "X-ALT-DESC" not in entry
    assert "https://example.org/r" in entry["DESCRIPTION"]


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_address_is_the_last_line_of_every_entry(site: Publication, language: str) -> None:
    for event in site.edition.events:
        entries = Entries.of(site, event.id, language)
        for name in entries.blocks:
            assert entries.text(name, "DESCRIPTION").rsplit("\n", 1)[-1].endswith(entries.text(name, "URL"))


@pytest.mark.parametrize(
    ("language", "speakers", "programme"),
    [
        (
            "ru",
            "Докладчики: Aig",
            "Программа (время: Алматы, UTC+5):\n- 7 сентября, 09:00–10:00 · Открытие\n",
        ),
        ("kk", "Спикерлер: Aig", "Бағдарлама (Алматы уақыты, UTC+5):\n- 7 қыркүйек, 09:00–10:00 · Opening\n"),
    ],
)
def test_each_language_has_its_own_words(
    everything: Publication, language: str, speakers: str, programme: str
) -> None:
    told = described(everything, "school", language=language)

    assert speakers in told
    assert programme in told


def test_what_has_become_of_an_event_comes_first(everything: Publication) -> None:
    first = {
        id_: described(everything, id_).splitlines()[:2] for id_ in ("gone", "later", "perhaps", "moved")
    }

    assert first["gone"] == ["This event is cancelled.", "The speaker is ill."]
    assert first["later"] == [
        "This event is postponed. It was to take place 11 June 2026; the new date is not known yet.",
        "A date is sought.",
    ]
    assert first["perhaps"][0] == "This date is provisional and may still change."
    assert first["moved"][0] == "This event has moved: it was 11–13 June 2026, it is now 12–14 June 2026."
    assert described(everything, "elsewhere").startswith("The place has changed.\n")
    assert described(everything, "dropped").startswith("The organisers' record of this event was taken away")


def test_nobody_is_asked_to_register_for_what_is_off(desk: Desk) -> None:
    shown = {
        name: SCHOOL[name] for name in ("start", "end", "registration", "sessions", "deadlines", "online")
    }
    desk.event("off", status="cancelled", status_note="No money.", contact={"name": "Office"}, **shown)
    entries = Entries.of(desk.release(), "off")

    assert entries.text("event", "DESCRIPTION") == (
        "This event is cancelled.\nNo money.\n\nContact: Office\nMore: https://news.example.org/en/events/off/"
    )
    assert entries.text("session/opening", "DESCRIPTION") == (
        "This event is cancelled.\nNo money.\n\nMore: https://news.example.org/en/events/off/"
    )
    assert not any(line.startswith(b"CONFERENCE") for line in entries.lines)


def test_a_deadline_says_what_it_is_for_and_where_one_hands_in(desk: Desk) -> None:
    papers = {"id": "papers", "title": "Papers", "at": "2026-06-05", "url": "https://example.org/papers"}
    desk.event("school", deadlines=[papers, {"id": "fee", "title": "Fee", "at": "2026-06-06"}])
    entries = Entries.of(desk.release(), "school")

    assert entries.text("deadline/papers", "DESCRIPTION") == (
        "School, 11 June 2026: https://news.example.org/en/events/school/\nMore: https://example.org/papers"
    )
    assert entries.text("deadline/papers", "URL") == "https://example.org/papers"
    assert entries.text("deadline/fee", "DESCRIPTION") == (
        "School, 11 June 2026\nMore: https://news.example.org/en/events/school/"
    )


def test_the_end_of_registration_has_a_name_in_each_language(everything: Publication) -> None:
    titles = {
        language: Entries.of(everything, "school", language).text("deadline/registration-closes", "SUMMARY")
        for language in ("en", "ru")
    }

    assert titles["en"] == "Registration closes: School <i>of</i> Everything & More"
    assert titles["ru"] == "Окончание регистрации: Школа"


def test_a_session_that_moved_or_was_taken_out_says_so(desk: Desk) -> None:
    sessions = [
        {"id": "a", "title": "A", "start": "2026-06-11 10:00", "end": "11:00"},
        {"id": "b", "title": "B", "start": "2026-06-11 11:00"},
        {"id": "c", "title": "C", "start": "2026-06-11 12:00"},
    ]
    desk.event("school", sessions=sessions)
    desk.release("2026-06-01")
    sessions[0] |= {"start": "2026-06-11 10:30", "end": "11:30"}
    desk.event("school", sessions=[*sessions[:2], sessions[2] | {"status": "postponed"}])
    desk.release("2026-06-02")
    desk.event("school", sessions=[sessions[0], sessions[2] | {"status": "postponed"}])
    entries = Entries.of(desk.release("2026-06-03"), "school")

    assert entries.text("session/a", "DESCRIPTION").startswith(
        "The time has changed: it was 11 June 2026, 10:00–11:00 (Almaty time, UTC+5), "
        "it is now 11 June 2026, 10:30–11:30 (Almaty time, UTC+5).\n"
    )
    assert entries.text("session/b", "DESCRIPTION").startswith("This part of the programme is cancelled.\n")
    assert entries.text("session/c", "DESCRIPTION").startswith("Postponed; the new time is not known yet.\n")
    assert "· B" not in entries.text("event", "DESCRIPTION")


def test_hours_of_one_day_need_no_day_and_those_of_two_zones_say_theirs(desk: Desk) -> None:
    first = {"id": "a", "title": "A", "start": "2026-06-11 10:00", "end": "11:00"}
    desk.event(
        "day", sessions=[first, {"id": "b", "title": "B", "start": "2026-06-11 22:00", "end": "01:00"}]
    )
    desk.event("zones", sessions=[first, {**first, "id": "c", "title": "C", "timezone": "Europe/London"}])
    site = desk.release()

    assert "Programme (Almaty time, UTC+5):\n- 10:00–11:00 · A\n- 22:00–01:00 · B\n" in described(site, "day")
    assert "Programme:\n- 11 June 2026, 10:00–11:00 (Almaty time, UTC+5) · A\n" in described(site, "zones")


def test_long_lists_and_texts_are_on_the_page(desk: Desk) -> None:
    many = [{"id": f"s{n}", "title": f"Session {n}", "start": f"2026-06-11 {n:02}:00"} for n in range(24)]
    speakers = [{"name": f"Somebody Whoever The {n}th"} for n in range(40)]
    desk.event("long", summary="word " * 900, sessions=many, speakers=speakers, status_note="note " * 900)
    entries = Entries.of(desk.release(), "long")
    told = entries.text("event", "DESCRIPTION")

    assert "- 09:00 · Session 9\n- and 14 more: see the page\n" in told
    assert "Somebody Whoever The 0th" in told
    assert "; and 30 more: see the page\n" in told
    assert "word word …\n" in told
    assert len(entries.blocks["event"]) < 4_000


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_longest_record_makes_no_long_entry(desk: Desk, language: str) -> None:
    """Each field as long as records may have it, in letters of two bytes."""
    line, text = "щ" * 290, "щука " * 900
    body = {"name": line, "url": "https://example.org/" + "a" * 1_900}
    desk.event(
        "long",
        title=line, summary=text, status_note=text, place=[{"name": line, "address": line}] * 20,
        organisers=[body] * 50, hosts=[body] * 50, partners=[body] * 50, related=["other"],
        speakers=[{"name": line, "role": line, "organisation": line}] * 50,
        contact={"name": line, "phone": line, "url": body["url"]},
        registration={"url": body["url"], "price": line, "opens": "2026-01-01", "closes": "2026-06-01"},
        deadlines=[{"id": f"d{n}", "title": line, "at": "2026-06-01"} for n in range(50)],
        sessions=[{"id": f"s{n}", "title": line, "start": "2026-06-11", "summary": text} for n in range(50)],
    )  # fmt: skip
    desk.event("other")
    entries = Entries.of(desk.release(), "long", language)

    assert len(entries.blocks["event"]) < 20_000
    assert max(len(block) for name, block in entries.blocks.items() if name != "event") < 10_000


def test_a_description_is_text_and_no_markup(desk: Desk) -> None:
    organiser = {"name": "A <b> & C", "url": "https://example.org/?a=1&b=2"}
    desk.event("odd", summary="1 < 2 & <b>3</b>", organisers=[organiser])
    entries = Entries.of(desk.release(), "odd")

    assert entries.text("event", "DESCRIPTION").startswith("1 < 2 & <b>3</b>\n")
    assert entries.html("event").tags == {"html", "body", "p", "a"}
    assert "1 < 2 & <b>3</b>" in entries.html("event").text
