"""The subject of a digest: its most important thing, in few words, that no filter takes for shouting."""

from __future__ import annotations

import pytest

from publisher.mailing.headline import PREHEADER, SUBJECT, shouts
from render.pagesites import Desk, Publication

from .digests import in_every_language, weekly


@in_every_language
def test_this_sites_digests_have_subjects_that_filters_and_people_like(
    own: Publication, language: str
) -> None:
    """A subject of Cyrillic words with nothing but capitals in Latin letters looks like shouting."""
    for told_until in ("2025-10-01 08:00", "2026-05-31 08:00"):
        digest = weekly(own, language, told_until=told_until).digest

        assert "IAUP" in digest.subject
        assert not shouts(digest.subject)
        assert len(digest.subject) <= SUBJECT


def test_the_subject_is_what_matters_most(busy: Publication, desk: Desk) -> None:
    assert weekly(busy).digest.subject.startswith("Cancelled: ")
    changed = weekly(busy, sections=("coming", "news", "deadlines"))
    assert changed.digest.subject.startswith("Апталық, 29 June 2026 and ")

    desk.event("talk", title="A talk", start="2026-06-04 18:00", deadlines=[deadline()])
    quiet = desk.release("2026-05-01")
    assert weekly(quiet).digest.subject == "A talk, 4 June 2026 and 1 more"
    assert weekly(quiet, sections=("deadlines",)).digest.subject == "Papers: due 2 June 2026"
    desk.event("talk", title="A talk", start="2026-06-05 18:00", deadlines=[deadline()])
    moved = weekly(desk.release("2026-05-28"), sections=("changes", "coming"))
    assert moved.digest.subject == "A talk: now 5 June 2026", (
        "what has moved is no second thing among what comes"
    )


def deadline() -> dict[str, str]:
    return {"id": "papers", "title": "Papers", "at": "2026-06-02 18:00"}


@pytest.mark.parametrize("title", ["Long title " * 20, "X" * 190, "ТЕМА " * 30 + "IAUP"])
def test_a_long_title_leaves_room_for_its_day(desk: Desk, title: str) -> None:
    desk.event("long", title=title.strip(), start="2026-06-11", end="2026-06-13")
    subject = weekly(desk.release("2026-06-01")).digest.subject

    assert len(subject) <= SUBJECT
    assert "…, 11–13 June 2026" in subject


def test_a_shouting_subject_says_who_is_behind_it_or_where_it_comes_from(desk: Desk) -> None:
    desk.write("organisations/almau", {"name": "AlmaU"})
    desk.event("a", language="ru", title="Конференция IAUP", start="2026-06-11", hosts=["almau"])
    assert (
        weekly(desk.release("2026-06-01"), "ru").digest.subject == "Конференция IAUP, 11 июня 2026 г. · AlmaU"
    )

    desk.event("a", language="ru", title="Конференция IAUP", start="2026-06-11")
    subject = weekly(desk.release("2026-06-01"), "ru").digest.subject
    assert subject == "Конференция IAUP, 11 июня 2026 г. · news.example.org"


def test_what_mailboxes_show_beside_the_subject_is_what_else_there_is(busy: Publication) -> None:
    mail = weekly(busy)
    (hidden,) = mail.find("//div[contains(@style, 'display:none')]")
    shown = hidden.text_content()

    assert shown.startswith(mail.find("//p[@class='lead']")[0].text_content())
    assert "Moving conference" in shown
    assert len(shown) <= PREHEADER
    assert mail.find("//body/*")[0] is hidden
