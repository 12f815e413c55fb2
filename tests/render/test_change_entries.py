"""An item of the feed of changes: its identity for ever, its dates, and what it says in each language."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from typing import Any

import pytest

from publisher.render.change_entries import change_state
from publisher.render.change_states import Verb
from publisher.render.changes import changes_of

from .changesites import OPENING, PAPERS, Following, entries
from .feedsites import ROOT

LANGUAGES = ("en", "ru", "kk")
MOVED: Any = {"start": "2026-09-12", "end": "2026-09-14"}
AGAIN: Any = {"start": "2026-10-02", "end": "2026-10-04"}


@pytest.fixture
def follower() -> Following:
    return Following()


def ids(follower: Following, language: str = "en") -> list[str]:
    return [entry.id for entry in follower.entries(language)]


# Identity


def test_an_id_is_made_from_stored_ids_and_the_number_of_the_change(follower: Following) -> None:
    follower.forum(sessions=[OPENING], deadlines=[PAPERS])
    follower.forum(
        sessions=[{**OPENING, "start": "2026-09-11 08:00"}], deadlines=[{**PAPERS, "at": "2026-08-02"}]
    )
    follower.forum(sessions=[{**OPENING, "start": "2026-09-12 08:00"}], **MOVED)
    follower.seminar()
    follower.seminar(recurrence={"changed": [{"occurrence": "2026-06-16", "status": "cancelled"}]})

    assert ids(follower) == [
        "tag:news.example.org,2026:event/forum/en/change/deadline/papers/1",
        "tag:news.example.org,2026:event/forum/en/change/session/opening/1",
        "tag:news.example.org,2026:event/forum/en/change/1",
        "tag:news.example.org,2026:event/forum/en/change/deadline/papers/2",
        "tag:news.example.org,2026:event/seminar/en/change/occurrence/2026-06-16T18:00/1",
    ]


def test_every_language_has_ids_of_its_own(follower: Following) -> None:
    follower.forum()
    follower.forum(**MOVED)

    assert len({id_ for language in LANGUAGES for id_ in ids(follower, language)}) == 3


def test_an_id_stays_whatever_is_renamed_and_wherever_the_site_goes(follower: Following) -> None:
    follower.forum()
    follower.forum(**MOVED)
    before = ids(follower)
    follower.forum(**MOVED, title="Another Title")
    site = follower.office.settings.site.model_copy(update={"url": "http://elsewhere.example"})
    follower.office.settings = follower.office.settings.model_copy(update={"site": site})
    follower.release()

    assert ids(follower) == before
    assert follower.last.title == "Moved: Another Title"
    assert follower.last.url == "http://elsewhere.example/en/events/forum/"


def test_what_changes_later_leaves_the_ids_and_dates_of_what_was_told(follower: Following) -> None:
    follower.forum()
    follower.forum(**MOVED)
    before = follower.last
    follower.forum(**AGAIN)
    first, second = follower.entries()

    assert (first.id, first.title, first.published, first.updated) == (
        before.id,
        before.title,
        before.published,
        before.updated,
    )
    assert second.id != first.id


def test_an_id_is_a_uri_whatever_is_named_in_it(follower: Following) -> None:
    follower.seminar()
    follower.seminar(recurrence={"changed": [{"occurrence": "2026-06-16", "status": "cancelled"}]})

    assert re.fullmatch(r"tag:[a-z.]+,\d{4}:[A-Za-z0-9/:.-]+", follower.last.id)


# Dates and addresses


def test_it_is_dated_by_the_release_that_told_it_and_never_by_the_event(follower: Following) -> None:
    follower.forum()
    follower.forum(**MOVED, later=timedelta(days=1, microseconds=5))
    entry = follower.last

    assert entry.published == entry.updated == follower.office.now.replace(microsecond=0)


def test_nothing_of_it_depends_on_the_day_on_which_it_is_read(follower: Following) -> None:
    follower.forum(deadlines=[PAPERS])
    follower.forum(deadlines=[PAPERS], **MOVED)
    follower.forum(deadlines=[{**PAPERS, "at": "2026-08-02"}], **AGAIN, status_note="A strike.")
    site = follower.office
    soon, late = (site.as_of(site.now + timedelta(days=days)) for days in (0, 4000))

    for language in LANGUAGES:
        assert entries(soon, site, language) == entries(late, site, language) != []


def test_it_leads_to_the_event_and_its_calendar_and_to_nothing_that_did_not_change(
    follower: Following,
) -> None:
    more: Any = {"sources": [{"title": "Press", "url": "https://press.example.org/1"}]}
    follower.office.say("event", "forum", "ru", title="Форум")
    follower.forum(**more)
    follower.forum(**MOVED, **more)
    entry = follower.last
    page = "https://news.example.org/en/events/forum/"

    assert entry.url == page
    assert {(link.rel, link.href) for link in entry.links} == {
        ("enclosure", f"{page}event.ics"),
        ("related", "https://news.example.org/ru/events/forum/"),
    }
    assert entry.event is not None
    assert entry.event.start == "2026-09-12"
    assert f'<a href="{page}">Forum</a>' in entry.content


def test_machines_are_told_of_the_part_that_changed(follower: Following) -> None:
    follower.forum(place={"name": "Main Hall"}, sessions=[OPENING], deadlines=[PAPERS])
    follower.forum(
        place={"name": "Main Hall"},
        sessions=[{**OPENING, "place": {"name": "Room 5"}}],
        deadlines=[{**PAPERS, "at": "2026-08-02"}],
    )
    deadline, session = (entry.event for entry in follower.entries())

    assert deadline is not None
    assert session is not None
    assert (deadline.type, deadline.start, deadline.location) == ("deadline", "2026-08-02", "")
    assert (session.type, session.start, session.location) == (
        "session",
        "2026-09-11T09:00:00+05:00",
        "Room 5",
    )
    assert session.uid == "event.forum.session.opening@news.example.org"


def test_it_belongs_to_whatever_its_event_belongs_to(follower: Following) -> None:
    follower.office.say("topic", "law", name="Law")
    follower.forum(topics=["law"])
    follower.forum(topics=["law"], **MOVED)

    assert [category.term for category in follower.last.categories] == ["law"]


# What it says


def test_it_says_what_was_what_became_of_it_and_how_it_stands(follower: Following) -> None:
    place = {"name": "Main Hall"}
    follower.forum(place=place)
    follower.forum(place=place, **MOVED)
    follower.forum(place=place, **AGAIN)
    first = follower.entries()[0]

    assert first.summary == (
        "Moved from 11–13 September 2026 to 12–14 September 2026."
        " It has since moved again, to 2–4 October 2026."
    )
    assert re.findall(r"<p>.*?</p>", first.content)[:3] == [
        "<p><strong>Moved from 11–13 September 2026 to 12–14 September 2026.</strong></p>",
        "<p><em>It has since moved again, to 2–4 October 2026.</em></p>",
        "<p>As things stand: 2–4 October 2026 · Main Hall · Confirmed</p>",
    ]


def test_it_speaks_the_language_of_its_readers_and_marks_what_does_not(follower: Following) -> None:
    follower.office.say("event", "forum", "ru", title="Форум")
    follower.forum()
    follower.forum(status="cancelled", status_note="A strike.")
    russian, kazakh = (follower.entries(language)[-1] for language in ("ru", "kk"))

    assert (russian.title, russian.language) == ("Отменено: Форум", None)
    assert '<div lang="en"><p>A strike.</p></div>' in russian.content
    assert '<a href="https://news.example.org/ru/events/forum/">Форум</a>' in russian.content
    assert (kazakh.title, kazakh.language) == ("Өткізілмейді: Forum", "en")
    assert kazakh.content.startswith('<div lang="kk"><p><strong>Өткізілмейді. ')


def test_no_address_of_a_meeting_is_told_that_is_not_meant_for_everybody(follower: Following) -> None:
    follower.forum(online={"url": "https://old.example.org/secret"})
    follower.forum(online={"url": "https://new.example.org/secret", "public": False})
    entry = follower.last

    assert entry.title == "Online access changed: Forum"
    assert "secret" not in repr(entry)


def test_markup_in_names_stays_text(follower: Following) -> None:
    follower.forum(place={"name": "Hall <1>"}, title="A <b>Forum</b> & {more}")
    follower.forum(place={"name": "Hall & 2 {x}"}, title="A <b>Forum</b> & {more}", status_note="<script>")
    entry = follower.last

    assert entry.title == "New place: A <b>Forum</b> & {more}"
    assert "Place: Hall &amp; 2 {x}; it was Hall &lt;1&gt;." in entry.content
    assert "<script>" not in entry.content
    assert "<b>" not in entry.content


@pytest.mark.parametrize("verb", Verb)
def test_there_are_words_for_whatever_can_happen(verb: Verb) -> None:
    words = own_words("en")

    assert "{title}" in words[f"titles.{verb}"]
    assert words[f"told.{verb}"]


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_language_says_all_of_it_and_fills_in_the_same(language: str) -> None:
    english, other = own_words("en"), own_words(language)
    fields = re.compile(r"{\w+}")

    assert other.keys() == english.keys()
    assert {name: set(fields.findall(text)) for name, text in other.items()} == {
        name: set(fields.findall(text)) for name, text in english.items()
    }


def own_words(language: str) -> dict[str, str]:
    """What the theme itself says of changes in a language, without English where it says nothing."""
    text = (ROOT / f"templates/strings/{language}.toml").read_text("utf-8")
    section = tomllib.loads(text)["changes"]
    tables = {name: table for name, table in section.items() if isinstance(table, dict)}
    flat = {f"{name}.{key}": said for name, table in tables.items() for key, said in table.items()}
    return flat | {name: said for name, said in section.items() if isinstance(said, str)}


# What it depends on


def test_its_state_tells_apart_whatever_reads_differently(follower: Following) -> None:
    """Entries are kept by their state: two that are equal by it must be equal to the letter."""
    follower.office.say("place", "hall", name="Main Hall")
    follower.office.say("place", "annex", name="Annex")
    follower.forum(place="hall")
    follower.forum(place="annex")
    seen = [(state(follower), follower.last.content)]
    follower.office.say("place", "hall", name="Old Hall")
    follower.forum(place="annex")
    seen.append((state(follower), follower.last.content))
    assert "it was Old Hall" in follower.last.content
    follower.forum(place="annex", **MOVED)
    seen.append((state(follower), follower.entries()[0].content))

    assert len({state for state, _ in seen}) == len({content for _, content in seen}) == 3


def state(follower: Following) -> str:
    assert follower.edition is not None
    return repr(change_state(changes_of(follower.edition)[0]))


def test_an_event_that_was_taken_away_is_off_in_its_own_words(follower: Following) -> None:
    follower.forum()
    del follower.office.records["event/forum"]
    follower.release()

    assert "taken away" in follower.last.content
