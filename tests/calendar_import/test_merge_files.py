"""Front matter is written so that it reads as it was meant, and is changed field by field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from publisher.calendar_import.front_matter import LAST, ORDER, front_matter
from publisher.calendar_import.merging import merge
from publisher.calendar_import.rewriting import NotRewritten, rewrite
from publisher.calendar_import.traces import digest, plain
from publisher.content.files import Source
from publisher.content.syntax import Entry, parse
from publisher.model.records import Event, Kind

TEXT = st.one_of(
    st.text(max_size=150),
    st.text(" \n\t:#-'\"[]{},&*!|>%@`?~.=\\abé\u00a0яع\u2028\u200f😀0123", max_size=200),
    st.sampled_from(
        ["no", "2027", "10:30", "---", "...", "- a", "a: b", "a #b", "null", "<<", "2027-01-01 10:00"]
    ),
)
VALUE = st.recursive(
    TEXT | st.booleans() | st.integers(0, 10_000) | st.floats(-180, 180),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=10,
)
FIELDS = st.dictionaries(st.sampled_from([*ORDER, LAST]), VALUE, max_size=6)


def read(data: bytes) -> Entry:
    entry = parse(Source("content/events/x.md", Kind.EVENT, None, data))
    assert isinstance(entry, Entry), entry
    return entry


@given(FIELDS)
def test_what_is_written_reads_as_it_was_meant(fields: dict[str, Any]) -> None:
    entry = read(front_matter(fields).encode())

    assert plain(entry.fields) == plain(fields)
    assert list(entry.fields) == [name for name in [*ORDER, LAST] if plain(fields.get(name))]


def test_every_field_of_an_event_has_its_place() -> None:
    names = {info.alias or name for name, info in Event.model_fields.items()}

    assert {*ORDER, LAST} == names - {"body"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "A Lecture"}, "title: A Lecture"),
        ({"title": "Spring: a talk"}, 'title: "Spring: a talk"'),
        ({"title": 'The "talk"'}, 'title: The "talk"'),
        ({"title": '"The" talk'}, "title: '\"The\" talk'"),
        ({"title": "2027"}, 'title: "2027"'),
        ({"title": "No"}, 'title: "No"'),
        ({"title": "# 1"}, 'title: "# 1"'),
        ({"title": "Ғылым: күні"}, 'title: "Ғылым: күні"'),
        ({"start": "2027-09-06 09:00"}, "start: 2027-09-06 09:00"),
        ({"end": "11:30"}, 'end: "11:30"'),
        ({"topics": ["a", "b"]}, "topics: [a, b]"),
        (
            {"place": {"name": "Hall, 1", "geo": [43.24, 76.95]}},
            'place: {name: "Hall, 1", geo: [43.24, 76.95]}',
        ),
        (
            {"online": {"url": "https://x.org/?a#c", "public": True}},
            'online: {url: "https://x.org/?a#c", public: true}',
        ),
        ({"deadlines": [{"id": "a", "at": "2027-01-01"}]}, "deadlines:\n  - {id: a, at: 2027-01-01}"),
        ({"recurrence": {"count": 10, "every": "week"}}, "recurrence: {count: 10, every: week}"),
        ({"summary": "Word " * 30}, f"summary: >-\n  {'Word ' * 20}Word\n  {'Word ' * 8}Word"),
        ({"summary": "One.\n\nTwo: 2."}, "summary: |-\n  One.\n\n  Two: 2."),
        ({"summary": "One.\n  Two."}, 'summary: "One.\\n  Two."'),
    ],
)  # fmt: skip
def test_it_is_written_as_a_person_would(fields: dict[str, Any], expected: str) -> None:
    assert front_matter(fields) == f"---\n{expected}\n---\n"


@given(
    FIELDS,
    FIELDS,
    st.sets(st.sampled_from([*ORDER, LAST]), max_size=3),
    st.sampled_from(["\n", "\r\n"]),
    st.none() | TEXT,
)
def test_a_change_changes_what_it_names_and_nothing_else(
    fields: dict[str, Any], changes: dict[str, Any], gone: set[str], end: str, body: str | None
) -> None:
    text = front_matter(fields).replace("\n---\n", "\n# a note\n---\n") + "\nBody\n"
    entry = read(text.replace("\n", end).encode())
    wanted: dict[str, Any] = {**changes, **dict.fromkeys(gone)}
    new_body = None if body is None else str(plain(body))

    made = read(rewrite(entry, wanted, new_body))

    assert plain(made.fields) == plain({**fields, **wanted})
    assert made.body.strip() == ("Body" if new_body is None else new_body.strip())
    assert b"# a note" in made.source.data
    untouched = {name: lines_of(entry, name) for name in entry.fields if name not in wanted}
    assert untouched == {name: lines_of(made, name) for name in untouched}


def lines_of(entry: Entry, name: str) -> list[bytes]:
    """The lines of a field up to the next one's or a note."""
    lines = entry.source.data.split(b"\n")
    starts = sorted([span.line for where, span in entry.keys.items() if len(where) == 1] + [len(lines)])
    first = entry.keys[name,].line
    found = lines[first - 1 : next(start for start in starts if start > first) - 1]
    return [line for line in found if line[:1] == b" " or line.startswith(name.encode())]


@pytest.mark.parametrize(
    "text",
    [
        "---\n{id: x, title: A}\n---\n",
        "---\n  id: x\n  title: A\n---\n",
        "---\n? id\n: x\n? title\n: A\n---\n",
    ],
)
def test_what_cannot_be_changed_alone_is_not_changed_at_all(text: str) -> None:
    with pytest.raises(NotRewritten):
        rewrite(read(text.encode()), {"title": "B"})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: A # note", "title: B # note"),
        ("title: A   # note # more", "title: B   # note # more"),
        ('title: "A # b"  # note', "title: B  # note"),
        ("title: 'A # b'", "title: B"),
        ("title: A#b", "title: B"),
        ("title: >-\n  A\n  # b\n\n# note", "title: B\n\n# note"),
        ("title: |\n  A\n\n  # b", "title: B"),
        ("title:\n  A\n  # note", "title: B\n  # note"),
        ("title: # note\n  A", "title: B"),
        ("title:   A\t# note", "title: B\t# note"),
        ('"title": A', "title: B"),
    ],
)
def test_comments_stay_where_they_are(old: str, new: str) -> None:
    entry = read(f"---\nid: x\n{old}\nstart: 2027\n---\n".encode())

    assert rewrite(entry, {"title": "B"}).decode() == f"---\nid: x\n{new}\nstart: 2027\n---\n"


@pytest.mark.parametrize(
    ("below", "body", "expected"),
    [
        ("---\nOld", "New", "---\nNew"),
        ("---\n\n Old\n\n", "New\nmore", "---\n\n New\nmore\n\n"),
        ("---\n", "New", "---\nNew\n"),
        ("---", "New", "---\nNew\n"),
        ("---\nOld\n", "", "---\n\n"),
        ("---", "", "---"),
        ("---\nOld\n---\nMore\n", "New", "---\nNew\n"),
    ],
)
def test_the_text_below_is_changed_between_its_blank_lines(below: str, body: str, expected: str) -> None:
    entry = read(f"---\nid: x\n{below}".encode())

    assert rewrite(entry, {}, body).decode() == f"---\nid: x\n{expected}"


# What is decided

SIDES = st.dictionaries(st.sampled_from(["title", "place", "start", "end", "body"]), st.sampled_from("abc"))


@given(SIDES, SIDES, SIDES)
def test_nothing_of_the_curators_is_lost_and_nothing_of_the_calendars_is_left_untold(
    before: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    said = {name: digest(value) for name, value in before.items()}

    done = merge(said, mine, theirs)

    assert not set(done.take) & set(done.kept)
    for name in before.keys() | mine.keys() | theirs.keys():
        values = before.get(name), mine.get(name), theirs.get(name)
        if name in done.take:
            assert values[0] == values[1] != values[2]
        if values[1] != values[2] and (name in before or name in theirs):
            assert name in done.take or name in done.kept
        if values[0] != values[1] and values[0] != values[2] and values[1] != values[2]:
            assert name in done.contested or {"start", "end"} & set(done.contested) or name not in theirs
    assert done.said == {name: digest(value) for name, value in theirs.items()}


@given(SIDES, SIDES)
def test_a_second_look_finds_nothing_left_to_do(mine: dict[str, str], theirs: dict[str, str]) -> None:
    assume(mine.keys() <= theirs.keys())
    first = merge({}, mine, theirs)
    now = {
        name: value for name, value in {**mine, **{n: theirs.get(n, "") for n in first.take}}.items() if value
    }

    again = merge(first.said, now, theirs)

    assert (again.take, again.contested) == ((), ())
