"""Whatever the files hold, they are read: no exception, no hang, and other files are none the worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis import strategies as st

from publisher import config
from publisher.content.files import Reading, Source
from publisher.content.load import decode_all
from publisher.model.records import Kind

if TYPE_CHECKING:
    from publisher.content.load import Content

CONFIG = config.parse({
    "site": {
        "url": "https://news.example.org",
        "identity": "news.example.org,2026",
        "title": {"en": "News", "ru": "Новости"},
        "languages": ["en", "ru"],
        "timezone": "Europe/Berlin",
    }
})  # fmt: skip

SOUND = Source("content/topics/sound.md", Kind.TOPIC, None, b"---\nid: sound\nname: Sound\n---\n")
FULL = """\
---
id: autumn-school-2027
language: en
title: Autumn School on Something
summary: One or two plain sentences.
start: 2027-09-06 09:00
end: 2027-09-08 10:00
timezone: Asia/Almaty
status: confirmed
status_note: Why
place: [{name: Hall, address: Street 1, city: Almaty, country: KZ, geo: [43.2, 76.9], url: "https://example.org"}]
online: {url: "https://example.org/join", platform: Zoom, public: false}
organisers: [{name: Somebody, url: "https://example.org"}]
speakers: [{name: A Person, role: rector, organisation: A University}]
contact: {name: Office, email: office@example.org, phone: "+7 727 000", url: "https://example.org"}
languages: [en, ru]
topics: [sound]
related: [autumn-school-2027]
also_known_as: [{name: School, source: 1}]
registration: {url: "https://example.org", opens: 2027-01-01, closes: 2027-02-01 10:00, price: free}
deadlines:
  - {id: abstracts, title: Abstracts due, at: 2027-03-01 23:59, timezone: AoE, url: "https://example.org"}
sessions:
  - {id: opening, title: Opening, start: 2027-09-06 09:00, end: "10:00", place: {name: Hall A}}
recurrence:
  every: week
  until: 2027-12-20
  except: [2027-09-20]
  also: [2027-12-21 18:00]
  changed: [{occurrence: 2027-09-27 09:00, start: 2027-09-28 09:00, status: cancelled, title: Other}]
sources:
  - {title: Press, url: "https://example.org", published: 2027-01-16, note: says 33}
curator_note: A conclusion
draft: false
publish_at: 2027-01-20 09:00
pinned: true
---
The body, in *Markdown*.
"""
TRANSLATION = """\
---
title: Школа
place: [{name: Зал}]
sessions: [{id: opening, title: Открытие}]
recurrence: {changed: [{title: Другое}]}
---
Текст.
"""
LINES = FULL.splitlines(keepends=True)
#: What breaks readers: punctuation of YAML, odd characters, numbers and dates at their bounds.
NASTY = st.sampled_from([
    "\x00", "\r", "\n", "\t", "\u2028", "\u202e", "\ufeff", "\ud7ff", "😀", "'", '"', "[", "]", "{", "}",
    ": ", "- ", "---\n", "...", "? ", "| ", "> ", "&a ", "*a", "!!x ", "# ", "%", "@", "<<: ", "~", "null",
    "true", "-1", "1e999", "2199-12-31", "1970-01-01", "0000-00-00", "2026-03-29 02:30", "2026-10-25 02:30",
    "24:00", "9" * 30, "a" * 400, "FREQ=DAILY", "\\ud800", "\\x00", "Europe/Berlin", "../",
    "https://", "é" * 100,
])  # fmt: skip


def read(*sources: Source) -> Content:
    return decode_all(Reading((*sources, SOUND), {}, ()), CONFIG)


def assert_only_these_are_lost(content: Content) -> None:
    """Other files are untouched, each finding is about a file that was given, none is a fault of ours."""
    assert [sheet.record.id for sheet in content.sheets if sheet.entry.source is SOUND] == ["sound"]
    assert [finding for finding in content.diagnostics if finding.code == "internal-error"] == []
    assert [finding for finding in content.diagnostics if finding.span.path == SOUND.path] == []
    assert "\n" not in "".join(finding.message + finding.hint for finding in content.diagnostics)


@given(st.binary(max_size=400), st.sampled_from(list(Kind)))
@example(b"---\n---\n", Kind.PAGE)
@example(b"---\n? \n---\n", Kind.EVENT)
def test_any_bytes_are_read(data: bytes, kind: Kind) -> None:
    assert_only_these_are_lost(read(Source("content/x/x.md", kind, None, data)))


@given(st.text(max_size=400), st.sampled_from(list(Kind)))
def test_any_text_is_read_as_front_matter(text: str, kind: Kind) -> None:
    data = f"---\n{text}\n---\n{text}".encode("utf-8", errors="surrogatepass")

    assert_only_these_are_lost(read(Source("content/x/x.md", kind, None, data)))


@given(st.data())
def test_a_record_with_anything_put_anywhere_is_read(data: st.DataObject) -> None:
    """Cut, insert and overwrite in a record that uses every field."""
    text = data.draw(st.sampled_from([FULL, TRANSLATION]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(NASTY | st.text(max_size=4)) + text[at + data.draw(st.integers(0, 12)) :]
    encoded = text.encode("utf-8", errors="surrogatepass")
    mutated = "event" if data.draw(st.booleans()) else "translation"
    event = encoded if mutated == "event" else FULL.encode()
    translation = encoded if mutated == "translation" else TRANSLATION.encode()

    content = read(
        Source("content/events/x.md", Kind.EVENT, None, event),
        Source("content/events/x.ru.md", Kind.EVENT, "ru", translation),
    )

    assert_only_these_are_lost(content)


@given(st.permutations(LINES[1:-2]), st.integers(0, len(LINES)), st.sampled_from(list(Kind)))
def test_a_record_with_its_lines_in_any_order_and_number_is_read(
    lines: list[str], count: int, kind: Kind
) -> None:
    text = "".join(["---\n", *lines[:count], "---\n"])

    assert_only_these_are_lost(read(Source("content/x/x.md", kind, None, text.encode())))


DATES = st.sampled_from(["", "x", "2027-09-06", "2027-09-06 10:00", "11:00", "2027-09"])
NAMES = st.sampled_from(["id", "name", "title", "x"])
VALUES = st.recursive(
    NASTY | st.text(max_size=8) | DATES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_any_value_in_any_field_is_read(data: st.DataObject) -> None:
    """Text, lists and mappings in every field of every kind, through the same door as files."""
    import json

    from publisher.model.records import RECORD_TYPES

    kind = data.draw(st.sampled_from(list(Kind)))
    names = [info.alias or name for name, info in RECORD_TYPES[kind].model_fields.items()]
    chosen = data.draw(st.lists(st.sampled_from(names), unique=True))
    fields = {"id": "x", "title": "X", "name": "X", "start": "2027-09-06"} | {
        n: data.draw(VALUES) for n in chosen
    }
    # JSON is YAML, but for a few characters that it writes as such
    lines = "\n".join(f"{name}: {json.dumps(value)}" for name, value in fields.items())

    assert_only_these_are_lost(read(Source("content/x/x.md", kind, None, f"---\n{lines}\n---\n".encode())))


def test_the_record_that_is_mutated_here_is_sound() -> None:
    content = read(
        Source("content/events/x.md", Kind.EVENT, None, FULL.encode()),
        Source("content/events/x.ru.md", Kind.EVENT, "ru", TRANSLATION.encode()),
    )

    assert content.diagnostics == ()
    assert [sheet.key for sheet in content.sheets] == [
        (Kind.EVENT, "autumn-school-2027"),
        (Kind.TOPIC, "sound"),
    ]
