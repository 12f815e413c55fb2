"""Events of foreign calendars become records, once; a second import changes what the calendar has changed."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.calendar_import.bringing import BadFolder, UnknownName
from publisher.calendar_import.traces import clean, plain
from publisher.diagnostics import Diagnostic, Span

from .importing import Desk, codes, draft, verbs

LECTURE = """\
---
id: a-lecture-2026
title: A Lecture
start: 2026-12-01 10:00
end: "11:00"
place: {name: Blue Hall, city: Almaty}
topics: [science]
imported:
  uid: 1@example.org
  calendar: lectures.ics
"""


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk.at(tmp_path_factory.mktemp("desk") / "site")


# The first time


def test_an_event_becomes_a_record_as_a_person_would_write_it(desk: Desk) -> None:
    done = desk.bring(
        draft(place={"name": "Blue Hall", "city": "Almaty"}, categories=("Science",), body="About *stars*.\n")
    )

    assert verbs(done) == ["new"]
    assert codes(done) == []
    assert desk.text().startswith(LECTURE)
    assert desk.text().endswith("\n---\nAbout *stars*.\n")
    assert desk.site.run("check").stdout == "2 sound records, nothing to mend\n"


def test_what_is_imported_is_published_and_where_it_came_from_is_not(desk: Desk) -> None:
    """A calendar's address may hold its key, and its UIDs are its own: no file that is served has them."""
    desk.bring(draft(uid="very-own-uid"), source="https://calendar.invalid/ical/private-0123abcd/basic.ics")
    desk.site.build("2026-11-22T12:00:00+05:00")

    served = b"\n".join(desk.site.files().values())
    assert "UID:event.a-lecture-2026@calendar.example.org" in desk.site.served("en/calendar.ics")
    for secret in (b"very-own-uid", b"private-0123abcd", b"calendar.invalid", b'"imported"'):
        assert secret not in served
    assert "private" not in desk.text()
    assert "calendar: calendar.invalid " in desk.text()


def test_importing_tells_readers_nothing_new_about_what_they_know(desk: Desk) -> None:
    """What a record keeps of its import is no change that anybody sees."""
    desk.bring(draft())
    desk.site.build("2026-11-22T12:00:00+05:00")
    before = desk.site.files()
    desk.edit(("title A", "title B"), name=desk_with_another_digest(desk))

    report = desk.site.build("2026-11-23T12:00:00+05:00")

    assert report["changes"] == []
    served = desk.site.files()
    assert served["en/events/a-lecture-2026/event.ics"] == before["en/events/a-lecture-2026/event.ics"]


def desk_with_another_digest(desk: Desk) -> str:
    desk.edit(("[title ", "[title A"))
    return "content/events/2026/a-lecture-2026.md"


@pytest.mark.parametrize(
    ("title", "more", "id_"),
    [
        ("Spring School", {}, "spring-school-2026"),
        ("Spring School 2027", {}, "spring-school-2027"),
        ("Reading Group", {"recurrence": {"every": "week"}}, "reading-group"),
        ("Международный форум", {}, "mezhdunarodnyy-forum-2026"),
        ("Қазақстан ғылымы", {}, "qazaqstan-gylymy-2026"),
        ("Überblick: l’été à Łódź", {}, "uberblick-lete-a-lodz-2026"),
        ("学术会议", {}, "event-2026-12-01-10-00"[:16]),
        ("🎉 !!!", {}, "event-2026-12-01"),
        ("CON", {"recurrence": {"every": "week"}}, "event-con"),
        ("../../etc/passwd", {}, "etc-passwd-2026"),
        ("word " * 50, {}, "-".join(["word"] * 12) + "-2026"),
    ],
)
def test_the_id_is_made_of_the_title_and_the_year(
    title: str, more: dict[str, Any], id_: str, desk: Desk
) -> None:
    (outcome,) = desk.bring(draft(title=title, **more)).outcomes

    assert outcome.path == f"content/events/2026/{id_}.md"
    assert desk.fields(outcome.path)["id"] == id_


def test_an_id_that_is_taken_gets_a_number_and_nobodys_file_is_written_over(desk: Desk) -> None:
    own = desk.site.event("a-lecture-2026", title="Mine", start="2026-12-05", end="2026-12-05").read_bytes()
    desk.site.write("content/events/2026/A-Lecture-2026-2.md", "---\nid: other\ntitle: O\nstart: 2026\n---\n")
    elsewhere = "---\nid: a-lecture-2026-3\ntitle: E\nstart: 2026\n---\n"
    desk.site.write("content/events/elsewhere.md", elsewhere)

    done = desk.bring(draft("1"), draft("2"), draft("1", suffix="2027-01-01"))

    names = ["a-lecture-2026-4", "a-lecture-2026-5", "a-lecture-2026-6"]
    assert [outcome.path for outcome in done.outcomes] == [f"content/events/2026/{name}.md" for name in names]
    assert desk.path().read_bytes() == own


def test_an_id_that_readers_have_known_is_not_given_to_another_event(desk: Desk) -> None:
    """The entry in their calendars would turn into something else; the same event comes back as itself."""
    desk.bring(draft())
    desk.site.build("2026-11-22T12:00:00+05:00")
    desk.path().unlink()

    (again, other) = desk.bring(draft(), draft("2", title="A lecture!", start="2026-12-09 10:00")).outcomes

    assert again.path.endswith("/a-lecture-2026.md")
    assert other.path.endswith("/a-lecture-2026-2.md")
    desk.path().unlink()
    other = desk.bring(draft("3", title="A-Lecture", start="2026-12-09 10:00")).outcomes[0]
    assert other.path.endswith("/a-lecture-2026-3.md")


def test_options_say_what_every_new_record_gets_and_where_it_goes(desk: Desk) -> None:
    desk.site.write("content/topics/art.md", "---\nid: art\nname: Art\n---\n")
    desk.site.write("content/series/lectures.md", "---\nid: lectures\nname: Lectures\n---\n")
    desk.site.write("content/organisations/uni.md", "---\nid: uni\nname: Uni\n---\n")

    (outcome,) = desk.bring(
        draft(categories=("science", "Art"), organisers=[{"name": "Ann"}]),
        folder="events/imported/uni", topics=("art",), series="lectures", organiser="uni", draft=True,
    ).outcomes  # fmt: skip

    assert outcome.path == "content/events/imported/uni/a-lecture-2026.md"
    said = desk.fields(outcome.path)
    assert said["topics"] == ["science", "art"]
    assert (said["series"], said["organisers"], said["draft"]) == ("lectures", ["uni"], "true")
    assert desk.site.run("check").stdout.endswith("nothing to mend\n")
    assert verbs(desk.bring(draft(categories=("science", "Art"), organisers=[{"name": "Ann"}]))) == ["kept"]


@pytest.mark.parametrize(
    "wish",
    [{"topics": ("scince",)}, {"series": "x"}, {"organiser": "x"}],
    ids=["topic", "series", "organiser"],
)
def test_a_name_that_no_record_has_is_refused_before_anything_is_written(
    wish: dict[str, Any], desk: Desk
) -> None:
    before = desk.files()

    with pytest.raises(UnknownName, match="hint: "):
        desk.bring(draft(), **wish)

    assert desk.files() == before


@pytest.mark.parametrize(
    "folder",
    ["", "/etc", "..", "events/..", "events/../../x", "topics", "events/.git", "events\\x", "eventsx"],
)
def test_records_go_nowhere_but_below_events(folder: str, desk: Desk) -> None:
    with pytest.raises(BadFolder):
        desk.bring(draft(), folder=folder)


def test_categories_are_topics_by_their_id_or_name_in_any_language(desk: Desk) -> None:
    desk.site.write("content/topics/water.md", "---\nid: water\nname: Water and Soil\n---\n")
    desk.site.write("content/topics/water.ru.md", "---\nname: Вода и почва\n---\n")

    done = desk.bring(
        draft("1", categories=("SCIENCE", "вода  и ПОЧВА", "Water and soil", "Wine")),
        draft("2", line=9, categories=("Wine", "")),
    )

    assert desk.fields()["topics"] == ["science", "water"]
    (finding,) = done.findings
    assert (finding.code, finding.span.line, finding.is_error) == ("import-category", 1, False)
    assert "'Wine'" in finding.message
    assert "1 more" in finding.message


def test_a_trial_says_what_would_happen_and_writes_nothing(desk: Desk) -> None:
    before = desk.files()

    done = desk.bring(draft(files={"a.pdf": b"x"}, attachments=[{"file": "a.pdf", "title": "A"}]), trial=True)

    assert verbs(done) == ["new"]
    assert desk.files() == before
    desk.bring(draft())
    before = desk.files()
    assert verbs(desk.bring(draft(title="Other"), trial=True)) == ["updated"]
    assert desk.files() == before


def test_only_events_that_are_not_over_before_a_day(desk: Desk) -> None:
    done = desk.bring(
        draft("1", start="2026-11-30 22:00", end="23:59"),
        draft("2", title="Over midnight", start="2026-11-30 22:00", end="02:00"),
        draft("3", title="Days", start="2026-11-29", end="2026-12-01"),
        draft("4", title="Series", start="2026-01-05", end=None, recurrence={"every": "week", "count": 60}),
        draft("5", title="Short", start="2026-01-05", end=None, recurrence={"every": "week", "count": 6}),
        draft("6", title="Month", start="2026-12", end=None),
        since=date(2026, 12, 1),
    )

    assert [outcome.title for outcome in done.outcomes] == ["Over midnight", "Days", "Series", "Month"]
    assert done.earlier == 2


# Again


def test_again_is_nothing_when_nothing_has_changed(desk: Desk) -> None:
    drafts = [draft(str(number), title=f"Event {number}", body="Text") for number in range(4)]
    desk.bring(*drafts)
    before = desk.files()

    assert verbs(desk.bring(*drafts)) == ["unchanged"] * 4
    assert verbs(desk.bring(*reversed(drafts))) == ["unchanged"] * 4
    assert desk.files() == before


def test_what_the_calendar_changed_is_taken_and_what_the_curator_changed_stays(desk: Desk) -> None:
    desk.bring(draft(place={"name": "Blue Hall"}, summary="Short.", body="Text."))
    desk.edit(("title: A Lecture", "title: A Lecture on Stars"), ("summary: Short.\n", ""))

    done = desk.bring(draft(place={"name": "Red Hall"}, summary="Short.", body="More text."))

    (outcome,) = done.outcomes
    assert (str(outcome.verb), outcome.taken, outcome.kept) == (
        "updated", ("place", "body"), ("title", "summary"),
    )  # fmt: skip
    assert codes(done) == []
    assert desk.fields()["title"] == "A Lecture on Stars"
    assert desk.fields()["place"] == {"name": "Red Hall"}
    assert "summary" not in desk.fields()
    assert desk.entry().body == "More text.\n"
    assert verbs(desk.bring(draft(place={"name": "Red Hall"}, summary="Short.", body="More text."))) == [
        "kept"
    ]


def test_where_both_changed_a_field_the_curator_is_followed_and_it_is_told(desk: Desk) -> None:
    desk.bring(draft())
    desk.edit(("title: A Lecture", "title: My Lecture"))

    done = desk.bring(draft(title="Their Lecture"))

    (finding,) = done.findings
    assert finding.code == "import-contested"
    assert str(finding.span) == "content/events/2026/a-lecture-2026.md:3:1"
    assert "which now says 'Their Lecture'" in finding.message
    assert desk.fields()["title"] == "My Lecture"
    again = desk.bring(draft(title="Their Lecture"))
    assert (verbs(again), codes(again)) == (["kept"], [])
    desk.edit(("title: My Lecture", "title: Their Lecture"))
    assert verbs(desk.bring(draft(title="Their Lecture"))) == ["unchanged"]
    assert verbs(desk.bring(draft(title="Their Talk"))) == ["updated"]


def test_both_may_change_a_field_alike(desk: Desk) -> None:
    desk.bring(draft())
    desk.edit(("title: A Lecture", "title: 'A Talk'"))

    done = desk.bring(draft(title="A Talk"))

    assert (verbs(done), codes(done)) == (["unchanged"], [])
    assert verbs(desk.bring(draft(title="A Third"))) == ["updated"]


def test_when_an_event_is_counts_as_one_field(desk: Desk) -> None:
    """A start of the calendar's with an end of the curator's is a time that nobody has stated."""
    desk.bring(draft())
    desk.edit(('end: "11:00"', 'end: "13:00"'))

    done = desk.bring(draft(start="2026-12-08 17:00", end="18:00"))

    assert verbs(done) == ["kept"]
    (finding,) = done.findings
    assert str(finding.span) == "content/events/2026/a-lecture-2026.md:4:1"
    assert finding.message == (
        "the event's time was changed here and in the calendar, which now says"
        ' {start: 2026-12-08 17:00, end: "18:00"}; it stays as it is here'
    )
    assert (desk.fields()["start"], desk.fields()["end"]) == ("2026-12-01 10:00", "13:00")


def test_an_event_that_is_cancelled_in_the_calendar_is_cancelled_and_may_come_back(desk: Desk) -> None:
    desk.bring(draft())

    assert desk.bring(draft(status="cancelled")).outcomes[0].taken == ("status",)
    assert desk.fields()["status"] == "cancelled"
    desk.bring(draft())
    assert "status" not in desk.fields()


def test_a_field_that_the_calendar_no_longer_gives_leaves(desk: Desk) -> None:
    desk.bring(draft(place={"name": "Hall"}, body="Text"))
    before = desk.text().partition("place:")[0]

    assert desk.bring(draft()).outcomes[0].taken == ("place", "body")
    assert desk.text().startswith(before)
    assert "place" not in desk.fields()
    assert desk.entry().body.strip() == ""


def test_what_a_person_wrote_stays_byte_for_byte(desk: Desk) -> None:
    desk.bring(draft(place={"name": "Hall"}, summary="One.", body="Text"))
    trace = desk.text().partition("imported:")[2].partition("---")[0]
    written = (
        "\ufeff---\n"
        "# Asked Ann about this one.\n"
        "title:   'A Lecture'   # as on the poster\n"
        "id: a-lecture-2026\n"
        "\n"
        "# The hall may change\n"
        "place:\n"
        "  name: Hall   # the blue one\n"
        "start: 2026-12-01 10:00 # Tuesday\n"
        'end: "11:00"\n'
        "curator_note: >-\n"
        "  A note\n"
        "  # that is no comment\n"
        "\n"
        "summary: One.\n"
        f"imported:{trace}"
        "# the end\n"
        "---\n"
        "\n"
        "  Text  \n\n\n"
    )
    for text in (written, written.replace("\n", "\r\n"), written.rstrip("\n")):
        desk.path().write_bytes(text.encode())

        (outcome,) = desk.bring(
            draft(start="2026-12-02 10:00", place={"name": "Hall"}, summary="Two.", body="More")
        ).outcomes

        end = "\r\n" if "\r" in text else "\n"
        expected = text.replace("2026-12-01 10:00 #", "2026-12-02 10:00 #").replace("One.", "Two.")
        expected = expected.replace("  Text", "  More")
        assert outcome.taken == ("start", "summary", "body")
        assert _without_trace(desk.path().read_bytes().decode()) == _without_trace(expected)
        assert desk.text().count("\n") == desk.text().count(end)


def _without_trace(text: str) -> str:
    return text.partition("imported:")[0] + text.partition("# the end")[2]


def test_a_new_field_stands_where_such_fields_stand(desk: Desk) -> None:
    desk.bring(draft())

    desk.bring(draft(place={"name": "Hall"}, summary="New."))

    names = list(desk.fields())
    assert names == ["id", "title", "summary", "start", "end", "place", "imported"]


def test_a_file_that_is_written_in_another_way_is_left_to_its_curator(desk: Desk) -> None:
    desk.bring(draft())
    fields = desk.fields()
    desk.path().write_text(f"---\n{json.dumps(fields)}\n---\n", "utf-8")
    before = desk.files()

    done = desk.bring(draft(title="Other"))

    assert (verbs(done), codes(done)) == ([], ["import-refused"])
    assert desk.files() == before


def test_a_record_is_found_whatever_its_file_and_folder_are_called(desk: Desk) -> None:
    desk.bring(draft(), draft("2", title="Second"))
    moved = desk.path("content/events/mine.md")
    desk.path().rename(moved)

    done = desk.bring(draft(start="2026-12-02 10:00"), draft("2", title="Second"))

    assert next((str(o.verb), o.path) for o in done.outcomes) == ("updated", "content/events/mine.md")
    assert len(list(desk.path("content/events").rglob("*.md"))) == 2


def test_an_event_whose_record_cannot_be_read_is_not_made_a_second_time(desk: Desk) -> None:
    desk.bring(draft(), draft("2@example.org", title="Second"))
    desk.edit(("title: A Lecture", 'title: "A Lecture'))

    done = desk.bring(draft(title="Other"), draft("2@example.org", title="Second"))

    assert (verbs(done), codes(done)) == (["unchanged"], ["import-refused"])
    assert len(list(desk.path("content/events").rglob("*.md"))) == 2


# What has left the calendar


def test_a_coming_event_that_has_left_the_calendar_is_told_and_stays(desk: Desk) -> None:
    desk.bring(
        draft("1"), draft("2", title="Past", start="2026-11-01 10:00"), draft("3", title="Still there")
    )
    before = desk.files()

    done = desk.bring(draft("3", title="Still there"))

    assert verbs(done) == ["unchanged", "missing"]
    assert codes(done) == ["import-missing"]
    assert desk.files() == before


def test_or_is_cancelled_if_that_is_asked_for_and_comes_back_with_the_calendar(desk: Desk) -> None:
    desk.bring(draft("1"), draft("2", title="Other"))

    assert verbs(desk.bring(draft("2", title="Other"), cancel_missing=True)) == ["unchanged", "cancelled"]
    assert desk.fields()["status"] == "cancelled"
    assert verbs(desk.bring(draft("2", title="Other"), cancel_missing=True)) == ["unchanged"]
    assert verbs(desk.bring(draft("1"), draft("2", title="Other"))) == ["updated", "unchanged"]
    assert "status" not in desk.fields()


def test_what_came_from_another_calendar_is_not_missed(desk: Desk) -> None:
    desk.bring(draft("1"), source="https://example.org/a/one.ics")
    desk.bring(draft("2", title="Other"), source="https://example.org/b/two.ics")

    assert verbs(desk.bring(source="https://example.org/b/two.ics", cancel_missing=True)) == ["cancelled"]
    assert "status" not in desk.fields()


def test_nothing_is_missed_when_the_calendar_could_not_be_read_whole(desk: Desk) -> None:
    desk.bring(draft("1"), draft("2", title="Other"))
    broken_off = Diagnostic(Span("lectures.ics", 9), "truncated", "expected END:VCALENDAR, got the end")

    done = desk.bring(draft("2", title="Other"), findings=[broken_off], cancel_missing=True)

    assert verbs(done) == ["unchanged"]
    assert "status" not in desk.fields()


# Files


def test_attachments_stand_beside_the_record_under_names_of_their_own(desk: Desk) -> None:
    parts = [{"file": "plan.pdf", "title": "Plan"}]
    desk.bring(draft("1", attachments=parts, files={"plan.pdf": b"%PDF-1"}))
    desk.bring(draft("2", title="Other", attachments=parts, files={"plan.pdf": b"%PDF-2"}))

    assert desk.fields()["attachments"] == [{"file": "a-lecture-2026-plan.pdf", "title": "Plan"}]
    assert desk.files()["events/2026/a-lecture-2026-plan.pdf"] == b"%PDF-1"
    assert desk.files()["events/2026/other-2026-plan.pdf"] == b"%PDF-2"
    assert desk.site.run("check").stdout.endswith("nothing to mend\n")


def test_a_file_is_known_by_what_is_in_it(desk: Desk) -> None:
    parts: dict[str, Any] = {"attachments": [{"file": "plan.pdf", "title": "Plan"}]}
    desk.bring(draft(**parts, files={"plan.pdf": b"one"}))

    assert verbs(desk.bring(draft(**parts, files={"plan.pdf": b"one"}))) == ["unchanged"]
    assert desk.bring(draft(**parts, files={"plan.pdf": b"two"})).outcomes[0].taken == ("attachments",)
    name = desk.fields()["attachments"][0]["file"]
    assert desk.files()[f"events/2026/{name}"] == b"two"
    assert desk.files()["events/2026/a-lecture-2026-plan.pdf"] == b"one"

    desk.path(f"content/events/2026/{name}").write_bytes(b"corrected by hand")
    assert verbs(desk.bring(draft(**parts, files={"plan.pdf": b"two"}))) == ["kept"]
    assert desk.files()[f"events/2026/{name}"] == b"corrected by hand"


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd.pdf", "..\\..\\x.pdf", "/etc/x.pdf", ".htaccess.pdf", "a/b.pdf", "CON.pdf", "ж.pdf",
     "x" * 300 + ".pdf", "a\x00b.pdf", ".pdf", "a b (1).PDF"],
)  # fmt: skip
def test_whatever_a_file_is_called_it_stands_beside_its_record(name: str, desk: Desk) -> None:
    before = set(desk.files())

    desk.bring(draft(attachments=[{"file": name, "title": "X"}], files={name: b"x"}))

    (written,) = set(desk.files()) - before - {"events/2026/a-lecture-2026.md"}
    assert written.startswith("events/2026/a-lecture-2026-")
    assert desk.site.run("check").stdout.endswith("nothing to mend\n")


def test_a_file_that_is_not_published_is_not_written(desk: Desk) -> None:
    parts = [{"file": "run.exe", "title": "X"}, {"file": "not-carried.pdf", "title": "Y"}]

    done = desk.bring(draft(attachments=parts, files={"run.exe": b"MZ"}))

    assert codes(done) == ["import-property-lost", "import-property-lost"]
    assert "attachments" not in desk.fields()
    assert not [name for name in desk.files() if name.endswith("exe")]


# Links and other people's files


def test_nothing_is_written_through_a_link(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    desk.path("content/events").mkdir()
    desk.path("content/events/2026").symlink_to(outside)

    done = desk.bring(draft())

    assert (verbs(done), codes(done)) == ([], ["import-refused"])
    assert list(outside.iterdir()) == []


def test_a_record_that_is_a_link_is_not_followed(desk: Desk) -> None:
    desk.bring(draft())
    real = desk.path("content/events/real.txt")
    desk.path().rename(real)
    desk.path().symlink_to(real)
    before = real.read_bytes()

    done = desk.bring(draft(title="Other"))

    assert codes(done) == ["import-refused"]
    assert real.read_bytes() == before


def test_a_record_keeps_the_rights_that_its_file_has(desk: Desk) -> None:
    desk.bring(draft())
    desk.path().chmod(0o640)

    desk.bring(draft(title="Other"))

    assert desk.path().stat().st_mode & 0o777 == 0o640
    assert desk.fields()["title"] == "Other"


# Whatever a calendar says

TEXTS = st.one_of(
    st.text(st.characters(exclude_characters="\0"), max_size=60),
    st.text("ab \n\t:#-'\"[]{},&*!|>%@`?~\\é\u00a0яع\u200f\u2028\u202e😀019\r\x85\ufeff", max_size=80),
    st.sampled_from([
        "no", "null", "2027", "2027-01-01", "10:30", "1_000", "0x1f", "~", "---", "...", "- a", "a: b",
        "a #b", "<<", "=", "%TAG", "@x", "{a", "a]", "'", '"', "it's", 'say "x"', "\\n", "a\n---\nb",
        "x" * 300, "w " * 149,
    ]),
)  # fmt: skip
SEEN = TEXTS.filter(lambda text: any(character.isalnum() for character in text))
TITLES = SEEN.map(lambda text: " ".join(text.split())[:300])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    title=TITLES, summary=SEEN, body=TEXTS, name=TITLES, note=TITLES, uid=TEXTS, suffix=TEXTS,
    other=TITLES, category=TEXTS,
)  # fmt: skip
def test_every_text_comes_out_of_the_record_as_it_went_in(
    title: str, summary: str, body: str, name: str, note: str, uid: str, suffix: str, other: str,
    category: str, tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    """And the record is sound; importing again changes nothing, and other texts are taken over."""
    desk = Desk.at(tmp_path_factory.mktemp("any") / "site")
    said = draft(
        uid, body, title=title, summary=summary, place={"name": name, "city": note}, contact={"name": note},
        organisers=[{"name": name}], speakers=[{"name": name, "role": note}, {"name": note}],
        deadlines=[{"id": "due", "title": name, "at": "2026-11-30"}], suffix=suffix, categories=(category,),
    )  # fmt: skip

    (outcome,) = desk.bring(said).outcomes

    entry = desk.entry(outcome.path)
    for field, value in said.fields.items():
        assert plain(entry.fields[field]) == plain(value)
    assert clean(entry.body) == clean(body)
    assert desk.site.run("check").stdout.endswith("nothing to mend\n")
    assert verbs(desk.bring(said)) == ["unchanged"]
    changed = draft(uid, other, title=other, summary=other, suffix=suffix)
    if uid.strip() and clean(other) != clean(title):
        assert verbs(desk.bring(changed)) == ["updated"]
        assert plain(desk.fields(outcome.path)["title"]) == plain(other)
        assert desk.site.run("check").stdout.endswith("nothing to mend\n")


@pytest.mark.parametrize(
    ("fields", "lost"),
    [
        ({"contact": {"email": "nobody at all"}}, "contact"),
        ({"online": {"url": "javascript:alert(1)"}}, "online"),
        ({"summary": "x" * 6_000}, "summary"),
        ({"place": {"name": "Hall", "country": "Kazakhstan"}}, "place"),
        ({"langauges": ["en"]}, "langauges"),
    ],
)
def test_what_no_record_can_hold_is_left_out_and_told(fields: dict[str, Any], lost: str, desk: Desk) -> None:
    done = desk.bring(draft(**fields))

    assert (verbs(done), codes(done)) == (["new"], ["import-property-lost"])
    assert lost not in desk.fields()
    assert desk.site.run("check").stdout.endswith("nothing to mend\n")


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "x" * 301}, {"title": "\u200b"}, {"start": "soon"}, {"start": None}, {"timezone": "Mars"},
        {"end": "2026-12-01 09:00"}, {"status": "perhaps"}, {"recurrence": {"rule": "FREQ=SECONDLY"}},
        {"start": "2024-02-29 23:30", "end": None}, {"organisers": ["nobody"]},
    ],
    ids=["long", "no title", "no date", "no start", "no zone", "backwards", "status", "rule", "twice", "id"],
)  # fmt: skip
def test_an_event_that_no_record_can_say_rightly_is_refused_and_the_others_go_on(
    fields: dict[str, Any], desk: Desk
) -> None:
    done = desk.bring(draft("1", **fields), draft("2", title="Sound", line=9))

    assert [outcome.title for outcome in done.outcomes] == ["Sound"]
    assert codes(done) == ["import-refused"]
    assert done.findings[0].is_error
    assert desk.site.run("check").stdout.endswith("nothing to mend\n")


def test_a_change_that_would_break_a_record_leaves_it_as_it_is(desk: Desk) -> None:
    desk.bring(draft())
    desk.edit(
        (
            "title: A Lecture\n",
            "title: A Lecture\nsessions:\n  - {id: a, title: A, start: 2026-12-01 10:00}\n",
        )
    )
    before = desk.files()

    done = desk.bring(draft(start="2026-12-05 10:00", timezone="Asia/Almaty", status="sometimes"))

    assert codes(done) == ["import-refused"]
    assert desk.files() == before


def test_a_record_that_was_broken_already_is_brought_up_to_date_all_the_same(desk: Desk) -> None:
    desk.bring(draft())
    desk.edit(("title: A Lecture\n", "title: A Lecture\nseries: nowhere\n"))

    assert verbs(desk.bring(draft(start="2026-12-05 10:00"))) == ["updated"]
    assert desk.fields()["start"] == "2026-12-05 10:00"


def test_an_event_without_a_uid_is_known_by_what_and_when_it_is(desk: Desk) -> None:
    desk.bring(draft(""), draft("  ", title="Other"))

    assert verbs(desk.bring(draft("", place={"name": "Hall"}), draft("", title="Other"))) == [
        "updated",
        "unchanged",
    ]


def test_one_uid_twice_is_told_and_the_first_counts(desk: Desk) -> None:
    done = desk.bring(draft("1", line=4), draft("1", title="Second", line=9))

    assert (verbs(done), codes(done)) == (["new"], ["import-refused"])
    assert "line 4" in done.findings[0].message
