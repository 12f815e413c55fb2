"""What was changed in the calendar and in the record is told, with what the calendar says now."""

from __future__ import annotations

from typing import Any

import pytest

from publisher.calendar_import.front_matter import field_lines

from .importing import Desk, codes, draft, verbs


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk.at(tmp_path_factory.mktemp("desk") / "site")


@pytest.mark.parametrize(
    "added", ["timezone: Europe/Moscow", 'end: "12:00"', "recurrence: {every: week, count: 3}"]
)
def test_the_time_is_the_curators_with_a_part_that_the_calendar_has_never_given(
    desk: Desk, added: str
) -> None:
    """Else an hour of the calendar's would be taken for one of the curator's zone."""
    desk.bring(draft(end=None))
    desk.edit(("start: 2026-12-01 10:00\n", f"start: 2026-12-01 10:00\n{added}\n"))

    assert codes(desk.bring(draft(end=None))) == []
    done = desk.bring(draft(end=None, start="2026-12-02 11:00"))

    (finding,) = done.findings
    assert (
        f"says {{start: 2026-12-02 11:00}}, and no '{added.partition(':')[0]}'; it stays" in finding.message
    )
    assert desk.fields()["start"] == "2026-12-01 10:00"


WEEKLY = {"every": "week", "count": 6, "except": ["2026-12-08"]}
WEEKLY_SAID = "{every: week, count: 6, except: [2026-12-08]}"


@pytest.mark.parametrize(
    ("field", "mine", "theirs", "said"),
    [
        (
            "place", {"name": "Blue Hall"},
            {"name": "Red Hall", "city": "Almaty"}, "{name: Red Hall, city: Almaty}",
        ),
        (
            "organisers", [{"name": "Ann"}], [{"name": "Bo"}, {"name": "C, D & Co"}],
            '[{name: Bo}, {name: "C, D & Co"}]',
        ),
        ("contact", {"email": "a@example.org"}, {"email": "b@example.org"}, "{email: b@example.org}"),
        ("summary", "Short.", "Shorter.", "'Shorter.'"),
        ("body", "A text.", "Two\n\nlines.", "'Two\\n\\nlines.'"),
        (
            "recurrence", {"every": "week", "count": 4}, WEEKLY,
            f'{{start: 2026-12-01 10:00, end: "11:00", recurrence: {WEEKLY_SAID}}}',
        ),
        (
            "online", {"url": "https://meet.example/111?pwd=one", "public": False},
            {"url": "https://meet.example/222?pwd=two", "public": False},
            '{url: "https://meet.example/…", public: false}',
        ),
    ],
)  # fmt: skip
def test_what_the_calendar_says_now_is_told_as_one_would_write_it(
    desk: Desk, field: str, mine: Any, theirs: Any, said: str
) -> None:
    desk.bring(draft())
    if field == "body":
        desk.path().write_text(f"{desk.text()}{mine}\n", "utf-8")
    else:
        desk.edit(("title: A Lecture\n", "\n".join(["title: A Lecture", *field_lines(field, mine), ""])))

    done = desk.bring(draft(**{field: theirs}))

    (finding,) = done.findings
    assert finding.code == "import-contested"
    assert f"which now says {said}; it stays as it is here" in finding.message
    assert finding.hint.startswith("take the calendar's value over, or leave yours")


def test_what_is_long_is_told_as_far_as_a_line_bears_it_and_whole_to_machines(desk: Desk) -> None:
    dates = [f"2027-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    desk.bring(draft())
    desk.edit(('end: "11:00"', 'end: "12:00"'))

    done = desk.bring(draft(recurrence={"also": dates}))

    (finding,) = done.findings
    said = finding.message.partition("which now says ")[2].partition("; it stays")[0]
    assert said.startswith(
        '{start: 2026-12-01 10:00, end: "11:00", recurrence: {also: [2027-01-01, 2027-01-02'
    )
    assert said.endswith("…")
    assert 180 < len(said) <= 200
    theirs = done.outcomes[0].as_json()["theirs"]
    assert theirs == {"end": "11:00", "recurrence": {"also": dates}}


def test_it_is_told_again_when_the_calendar_changes_the_field_again(desk: Desk) -> None:
    """In between it is not; what the calendar says can be asked for at any time."""
    desk.bring(draft())
    desk.edit(("title: A Lecture", "title: My Lecture"))

    told = [
        [finding.message.partition(" says ")[2].partition(";")[0] for finding in done.findings]
        for done in (
            desk.bring(draft(title="Their Lecture"), trial=True),
            desk.bring(draft(title="Their Lecture")),
            desk.bring(draft(title="Their Lecture")),
            desk.bring(draft(title="Their Talk")),
            desk.bring(draft(title="Their Lecture")),
        )
    ]

    assert told == [["'Their Lecture'"], ["'Their Lecture'"], [], ["'Their Talk'"], ["'Their Lecture'"]]
    (outcome,) = desk.bring(draft(title="Their Lecture"), trial=True).outcomes
    assert outcome.as_json()["theirs"] == {"title": "Their Lecture"}


def test_what_the_calendar_no_longer_says_is_told_and_then_the_curators_alone(desk: Desk) -> None:
    desk.bring(draft(place={"name": "Blue Hall"}))
    desk.edit(("name: Blue Hall", "name: Red Hall"))

    done = desk.bring(draft())

    assert "'place' was changed here and in the calendar, which no longer says it" in done.findings[0].message
    assert done.outcomes[0].as_json()["theirs"] == {"place": None}
    assert verbs(desk.bring(draft())) == ["unchanged"]
    assert desk.fields()["place"] == {"name": "Red Hall"}
