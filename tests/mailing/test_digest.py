"""A digest says the same in HTML, in text and on its page, in every language and on every machine."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from publisher.mailing.choice import Choice, Coming
from publisher.mailing.tokens import PREFERENCES, UNSUBSCRIBE
from render.feedsites import own_edition, own_theme
from render.pagesites import Desk, Publication

from .digests import FOOTER, LANGUAGES, NAMES, SITE, Mail, as_text, in_every_language, weekly


@in_every_language
def test_html_and_text_state_the_same_facts_in_the_same_order(busy: Publication, language: str) -> None:
    mail = weekly(busy, language)

    assert len(mail.html_facts) > 15
    assert [as_text(told) for told in mail.html_facts] == mail.text_facts


@in_every_language
def test_a_link_is_told_for_every_record_in_each_language(busy: Publication, language: str) -> None:
    paths = [told.href.removeprefix(f"{SITE}/{language}/") for told in weekly(busy, language).html_facts]
    english = [told.href.removeprefix(f"{SITE}/en/") for told in weekly(busy, "en").html_facts]

    assert paths == english
    pages = {path.removesuffix("index.html") for path in busy.artifacts}
    assert {f"{language}/{path.partition('#')[0]}" for path in paths} <= pages


def test_what_moved_is_told_with_both_dates(busy: Publication) -> None:
    told = {fact.title: fact for fact in weekly(busy).html_facts if fact.section == "What has changed"}

    moved = "This event has moved: it was 11–13 June 2026, it is now 12–14 June 2026."
    assert told["Moving conference"].lines == f"{moved} Main Hall, Almaty"
    assert told["Elsewhere"].lines == "30 July – 2 August 2026 The place has changed. B, Astana"
    talk = (
        "It was 7 July 2026, 10:00 (Almaty time, UTC+5), it is now 7 July 2026, 11:00 (Almaty time, UTC+5)."
    )
    assert told["First talk (Talks)"].lines == talk
    assert told["First talk (Talks)"].href == f"{SITE}/en/events/hours/#session-first"


def test_what_is_off_says_so_first(busy: Publication) -> None:
    told = {fact.title: fact for fact in weekly(busy).html_facts}

    assert told["Round table"].badges == ("Cancelled",)
    assert told["Round table"].lines == "18 June 2026 This event is cancelled. Ill."
    assert told["Forum"].badges == ("Postponed",)
    assert "It was to take place 20 June 2026; the new date is not known yet. Soon." in told["Forum"].lines
    assert told["Dropped"].badges == ("Cancelled",)


def test_whatever_else_has_changed_is_named(desk: Desk) -> None:
    """An event that is confirmed now, one that can be joined from elsewhere, a session in another room."""
    online = {"url": "https://meet.example.org/1"}
    talk = {"id": "talk", "title": "Talk", "start": "2026-06-20 10:00", "place": {"name": "Room 1"}}
    desk.event("sure", title="Sure", start="2026-06-20", status="tentative")
    desk.event("joined", title="Joined", start="2026-06-20", online=online)
    desk.event("long", title="Long", start="2026-06-20 09:00", sessions=[talk])
    desk.release("2026-05-25")
    desk.event("sure", title="Sure", start="2026-06-20")
    desk.event("joined", title="Joined", start="2026-06-20", online={"url": "https://meet.example.org/2"})
    desk.event(
        "long", title="Long", start="2026-06-20 09:00", sessions=[talk | {"place": {"name": "Room 2"}}]
    )
    told = {t.title: t.lines for t in weekly(desk.release("2026-06-01"), sections=("changes",)).html_facts}

    assert told == {
        "Sure": "20 June 2026 This event is confirmed now.",
        "Joined": "20 June 2026 How to take part online has changed. Online",
        "Talk (Long)": "20 June 2026, 10:00 (Almaty time, UTC+5) Its details have changed. Room 2",
    }


def test_a_change_does_not_hide_the_one_before_it(desk: Desk) -> None:
    desk.event("twice", title="Twice", start="2026-06-20", status="tentative")
    desk.release("2026-05-25")
    desk.event("twice", title="Twice", start="2026-06-21", status="tentative")
    desk.release("2026-05-27")
    desk.event("twice", title="Twice", start="2026-06-21", place={"name": "Hall"})
    (told,) = weekly(desk.release("2026-06-01"), sections=("changes",)).html_facts

    moved = "This event has moved: it was 20 June 2026, it is now 21 June 2026."
    assert told.lines == f"{moved} The place is known now. This event is confirmed now. Hall"


def test_what_comes_says_when_by_which_clock_where_and_whether(busy: Publication) -> None:
    told = {fact.title: fact for fact in weekly(busy).html_facts if fact.section == "Coming events"}

    seminar = "2 June 2026, 18:00–19:30 (Almaty time, UTC+5) · every week Online"
    assert told["Seminar"].lines == seminar
    assert told["Апталық"].badges == ("New",)
    assert told["Апталық"].mark == "in Kazakh"
    assert told["Апталық"].lines == "29 June 2026, 10:00 (Almaty time, UTC+5) Place not announced Жаңа."
    assert told["Moving conference"].badges == ()


def test_a_deadline_says_until_when_and_for_what(busy: Publication) -> None:
    told = {fact.title: fact for fact in weekly(busy).html_facts if fact.section == "Deadlines ahead"}

    until = "Due 1 July 2026, 23:59 (anywhere on earth, UTC−12)"
    assert told["Abstracts due"].lines == f"{until} School <i>of</i> Everything & More"
    assert told["Abstracts due"].href == f"{SITE}/en/events/school/#deadline-abstracts"


def test_news_is_told_by_its_summary_or_its_first_lines(busy: Publication) -> None:
    told = {fact.title: fact.lines for fact in weekly(busy, told_until="2026-05-01 08:00").html_facts}

    assert told["News & <more>"] == "20 May 2026 A summary."
    first_lines = told["Fresh news"]
    assert first_lines.startswith("First lines of the text. First lines")
    assert first_lines.endswith("…")
    assert len(first_lines) <= 300


def test_sections_stand_in_the_order_of_the_lists_settings(busy: Publication) -> None:
    mail = weekly(busy, sections=("deadlines", "news"))

    assert list(dict.fromkeys(told.section for told in mail.html_facts)) == ["Deadlines ahead", "News"]


@in_every_language
def test_what_is_in_another_language_is_marked(busy: Publication, language: str) -> None:
    mail = weekly(busy, language)

    marked = {a.text_content(): a.get("lang") for a in mail.find("//h3/a")}
    assert marked["Апталық"] == (None if language == "kk" else "kk")
    assert marked["Moving conference"] == (None if language == "en" else "en")
    assert mail.tree.get("lang") == language


@in_every_language
def test_a_digest_of_nothing_says_so_kindly(busy: Publication, language: str) -> None:
    mail = weekly(busy, language, choice=Choice())
    words = busy.look.words[language]

    assert mail.html_facts == mail.text_facts == []
    for form in (mail.digest.html, mail.digest.text, mail.digest.page):
        assert words("digest.nothing") in form
    assert mail.digest.subject == words("digest.subject_nothing", list=NAMES[language])


@pytest.mark.parametrize(
    ("language", "number", "told"),
    [
        ("en", 1, "1 announcement"),
        ("en", 2, "2 announcements"),
        ("ru", 1, "1 новость"),
        ("ru", 3, "3 новости"),
        ("ru", 5, "5 новостей"),
        ("ru", 11, "11 новостей"),
        ("ru", 21, "21 новость"),
        ("ru", 22, "22 новости"),
        ("kk", 1, "1 жаңалық"),
        ("kk", 22, "22 жаңалық"),
    ],
)
def test_numbers_stand_with_the_right_word(own: Publication, language: str, number: int, told: str) -> None:
    assert own.look.words[language].count("digest.count_news", number) == told


@in_every_language
def test_each_language_has_the_words_for_every_number(own: Publication, language: str) -> None:
    words = own.look.words[language]
    forms = {*words.locale.plural_form.tags, "other"}

    counted = {key.rpartition(".")[0] for key in words.texts if key.startswith("digest.count_")}
    assert len(counted) == 4
    for key in counted:
        assert {form for form in forms if f"{key}.{form}" in words.texts} == forms


def test_an_event_that_repeats_is_told_at_the_date_that_was_chosen(busy: Publication) -> None:
    choice = Choice(coming=(Coming("seminar", "2026-06-17T13:00:00+00:00", new=False),))

    (told,) = weekly(busy, choice=choice).html_facts
    assert told.title == "On another day"
    assert told.lines.startswith("17 June 2026, 18:00–19:30 (Almaty time, UTC+5) · every week Cellar")


@in_every_language
def test_the_page_says_what_the_mail_says(busy: Publication, language: str) -> None:
    mail = weekly(busy, language)
    page = Mail(replace(mail.digest, html=f"<!doctype html><body>{mail.digest.page}</body>"))

    told = [a.text_content() for a in page.find("//h3/a")]
    assert told == [each.title for each in mail.html_facts]
    lines = [" ".join(p.text_content() for p in main.findall("p")) for main in page.find("//li/div[h3]")]
    assert lines == [each.lines for each in mail.html_facts]
    assert page.find("//@style") == []
    assert all(href.startswith(f"/{language}/") for href in page.links)


# What a record's text cannot do


@pytest.mark.parametrize(
    "title", ["A <script>alert(1)</script>", "{{ view.config }} {% raw %}", 'A" onclick="x', "A &amp; B"]
)
def test_a_title_is_only_ever_a_title(desk: Desk, title: str) -> None:
    desk.event("odd", title=title, start="2026-06-11", summary=f"About {title}")
    mail = weekly(desk.release("2026-06-01"))

    (told,) = mail.html_facts
    assert told.title == title
    assert told.lines.endswith(f"About {title}")
    assert title in mail.digest.text
    assert title in mail.digest.subject
    assert [as_text(told)] == mail.text_facts
    assert mail.find("//script | //@onclick") == []


@pytest.mark.parametrize("placeholder", [PREFERENCES, UNSUBSCRIBE])
def test_a_title_gets_no_readers_token(desk: Desk, placeholder: str) -> None:
    desk.event("odd", title=f"Title {placeholder}", start="2026-06-11", summary=placeholder)
    digest = weekly(desk.release("2026-06-01")).digest

    assert digest.html.count(placeholder) == digest.text.count(placeholder) == 1
    assert placeholder not in digest.page + digest.subject


def test_a_text_cannot_pretend_to_be_the_footer(desk: Desk) -> None:
    desk.event("odd", title="Odd", start="2026-06-11", summary="Above.\n-- \nBelow.")
    text = weekly(desk.release("2026-06-01")).digest.text

    assert text.count(FOOTER) == 1


def test_the_same_digest_is_made_on_every_machine() -> None:
    """A mail that is sent again must have the same bytes, wherever that is done."""
    machines = (("1", "Pacific/Kiritimati", "C"), ("4711", "America/New_York", "C.UTF-8"))
    made = {_made_by({"PYTHONHASHSEED": seed, "TZ": tz, "LC_ALL": locale}) for seed, tz, locale in machines}

    assert made == {hashes()}


def hashes() -> str:
    """What this site's digests are, in all languages."""
    site = Publication(own_edition(), own_theme())
    digests = [weekly(site, language, told_until="2025-10-01 08:00").digest for language in LANGUAGES]
    return hashlib.sha256(repr(digests).encode()).hexdigest()


def _made_by(machine: dict[str, str]) -> str:
    tests = Path(__file__).parents[1]
    code = "from mailing.test_digest import hashes\nprint(hashes())"
    env = {**os.environ, **machine, "PYTHONPATH": os.pathsep.join([str(tests), *filter(None, sys.path)])}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_what_was_is_what_this_reader_was_told_however_often_it_changed_since(desk: Desk) -> None:
    for start, day in (
        ("2026-08-01", "2026-05-01"),
        ("2026-08-10", "2026-05-27"),
        ("2026-08-20", "2026-05-29"),
    ):
        desk.event("talk", title="A talk", start=start)
        site = desk.release(day)

    first, between = weekly(site), weekly(site, told_until="2026-05-28 08:00")

    assert "it was 1 August 2026, it is now 20 August 2026" in one_line(first)
    assert "it was 10 August 2026, it is now 20 August 2026" in one_line(between)


def test_of_something_cancelled_its_readers_are_told_the_day_that_they_know(desk: Desk) -> None:
    desk.event("talk", title="A talk", start="2026-08-01")
    desk.release("2026-05-01")
    desk.event("talk", title="A talk", start="2026-08-10")
    desk.release("2026-05-27")
    desk.event("talk", title="A talk", start="2026-08-10", status="cancelled")

    told = one_line(weekly(desk.release("2026-05-29")))

    assert "10 August 2026 was 1 August 2026" in told


def test_a_change_of_place_does_not_tell_an_old_move_again(desk: Desk) -> None:
    desk.event("talk", title="A talk", start="2026-08-01", place={"name": "Hall A"})
    desk.release("2026-05-01")
    desk.event("talk", title="A talk", start="2026-08-10", place={"name": "Hall A"})
    desk.release("2026-05-20")
    desk.event("talk", title="A talk", start="2026-08-10", place={"name": "Hall B"})

    told = one_line(weekly(desk.release("2026-05-29")))

    assert "The place has changed." in told
    assert "1 August" not in told


def one_line(mail: Mail) -> str:
    return " ".join(mail.digest.text.split())
