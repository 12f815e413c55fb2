"""All of content/ together: what is sound is released, what is broken is known, nothing is lost between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher import config
from publisher.content.checks import Context, check
from publisher.content.files import Reading, Source, read
from publisher.content.load import Content, decode_all
from publisher.content.schema import BrokenFile, Sheet
from publisher.diagnostics import Diagnostic, Span
from publisher.model.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = config.parse({
    "site": {
        "url": "https://news.example.org",
        "identity": "news.example.org,2026",
        "title": {"en": "News", "ru": "Новости"},
        "languages": ["en", "ru"],
    }
})  # fmt: skip
WATER = "---\nid: water\nname: Water\n---\n"
BROKEN = "---\nid: water\nname: Water: and more\n---\n"


def topic(text: str, name: str = "x.md", translation: str | None = None) -> Source:
    return Source(f"content/topics/{name}", Kind.TOPIC, translation, text.encode())


def load(*sources: Source, published_from: dict[tuple[Kind, str], str] | None = None) -> Content:
    return decode_all(Reading(sources, {}, ()), CONFIG, published_from=published_from)


def codes(content: Content) -> list[str]:
    return [finding.code for finding in content.diagnostics]


# Which record a broken file is: its last good version stays on the air


def test_a_broken_file_is_known_by_its_id_where_the_fields_can_be_read() -> None:
    content = load(topic("---\nid: water\nnmae: Water\n---\n"))

    assert content.broken == (BrokenFile("content/topics/x.md", Kind.TOPIC, "water"),)


def test_a_broken_file_is_known_by_the_line_that_looks_like_its_id() -> None:
    assert load(topic(BROKEN)).broken == (BrokenFile("content/topics/x.md", Kind.TOPIC, "water"),)


def test_a_broken_file_is_known_by_where_it_was_released_from() -> None:
    published = {(Kind.TOPIC, "water"): "content/topics/x.md"}

    content = load(topic("no fields at all"), published_from=published)

    assert content.broken == (BrokenFile("content/topics/x.md", Kind.TOPIC, "water"),)


def test_a_broken_file_may_be_any_record_where_nothing_tells_which() -> None:
    assert load(topic("no fields at all")).broken == (BrokenFile("content/topics/x.md", Kind.TOPIC, None),)


def test_a_record_that_a_rule_refuses_is_broken_and_known() -> None:
    content = load(topic("---\nid: water\nname: Water\nparent: fire\n---\n"))

    assert content.sheets == ()
    assert content.broken == (BrokenFile("content/topics/x.md", Kind.TOPIC, "water"),)


def test_a_record_that_was_renamed_like_a_translation_is_known() -> None:
    content = load(topic(WATER, "x.en.md", "en"))

    assert codes(content) == ["translation-without-record"]
    assert content.broken == (BrokenFile("content/topics/x.en.md", Kind.TOPIC, "water"),)


def test_a_translation_left_alone_keeps_its_record_until_it_is_deleted_too() -> None:
    published = {(Kind.TOPIC, "water"): "content/topics/x.md"}

    content = load(topic("---\nname: Вода\n---\n", "x.ru.md", "ru"), published_from=published)

    assert content.broken == (BrokenFile("content/topics/x.ru.md", Kind.TOPIC, "water"),)


def test_a_folder_that_cannot_be_entered_may_hold_any_record(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/events").symlink_to("/")

    content = decode_all(read(tmp_path, ("en", "ru")), CONFIG)

    assert [broken.id for broken in content.broken] == [None]


# Translations


def test_translations_stand_with_their_record_in_whatever_order_files_come() -> None:
    files = [topic(WATER), topic("---\nname: Вода\n---\nТекст.\n", "x.ru.md", "ru")]

    for order in (files, files[::-1]):
        (sheet,) = load(*order).sheets

        assert sheet.translations == {"ru": {"name": "Вода", "body": "Текст."}}


def test_a_broken_translation_leaves_its_record_and_is_remembered() -> None:
    content = load(topic(WATER), topic("---\nname: Вода: лёд\n---\n", "x.ru.md", "ru"))

    assert codes(content) == ["invalid-yaml"]
    assert [(sheet.key, sheet.broken_translations) for sheet in content.sheets] == [
        ((Kind.TOPIC, "water"), frozenset({"ru"}))
    ]


def test_a_translation_that_a_rule_refuses_is_taken_out_of_its_record() -> None:
    content = load(topic(WATER), topic("---\nname: Вода\nimage: {alt: Вода}\n---\n", "x.ru.md", "ru"))

    assert codes(content) == ["unfit-translation"]
    assert [(sheet.translations, sheet.broken_translations) for sheet in content.sheets] == [
        ({}, frozenset({"ru"}))
    ]


def test_a_translation_without_a_name_is_none_yet() -> None:
    content = load(topic(WATER), topic("---\nname:\n---\nТекст.\n", "x.ru.md", "ru"))

    assert codes(content) == ["unfinished-translation"]
    assert content.errors == ()
    assert [(sheet.translations, sheet.broken_translations) for sheet in content.sheets] == [
        ({}, frozenset())
    ]


# Faults of this program


@dataclass(frozen=True)
class Cursed(Source):
    """A file that makes the program fail in a way that nobody thought of."""

    @property
    def stem(self) -> str:
        """Where it stands, as for any other."""
        return self.path.removesuffix(".md")

    def __getattribute__(self, name: str) -> object:
        if name == "fault":
            raise ZeroDivisionError("cursed\nindeed")
        return super().__getattribute__(name)


def test_a_fault_of_ours_in_one_file_is_told_and_takes_no_other_down() -> None:
    content = load(Cursed("content/topics/cursed.md", Kind.TOPIC, None, b"id: cursed"), topic(WATER))

    (finding,) = content.diagnostics
    assert (finding.span, finding.code) == (Span("content/topics/cursed.md"), "internal-error")
    assert finding.message.startswith("this program failed on the file: ZeroDivisionError: cursed\\nindeed (")
    assert content.broken == (BrokenFile("content/topics/cursed.md", Kind.TOPIC, "cursed"),)
    assert [sheet.record.id for sheet in content.sheets] == ["water"]


def fails_on_water(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """A rule with a fault that shows in one record only."""
    del context
    if sheet.record.id == "water":
        raise KeyError("oops")
    yield Diagnostic(Span(sheet.entry.source.path), "example", "it was looked at", "do nothing")


def test_a_rule_that_fails_on_one_record_is_told_and_goes_on_with_the_others() -> None:
    sheets = load(topic(WATER), topic("---\nid: fire\nname: Fire\n---\n", "y.md")).sheets
    context = Context("UTC", ("en",), "en", frozenset())

    found = check(sheets, context, (fails_on_water,))

    assert [(finding.span.path, finding.code) for finding in found] == [
        ("content/topics/x.md", "internal-error"),
        ("content/topics/y.md", "example"),
    ]


def test_all_that_is_wrong_with_a_record_is_told_in_one_run() -> None:
    """A value that cannot be read hides nothing else, and brings no finding of its own absence."""
    text = (
        "---\nid: x\ntitle: X\nstart: 2026-08\nend: 2026-07\nstatus: maybe\nlanguage: de\nseries: zzz\n---\n"
    )
    content = load(Source("content/events/x.md", Kind.EVENT, None, text.encode()))

    assert codes(content) == ["end-before-start", "unknown-status", "unknown-language", "unknown-series"]
    assert content.sheets == ()


def test_what_depends_on_a_value_that_cannot_be_read_is_not_told_too() -> None:
    text = "---\nid: x\ntitle: X\nstart: someday\nend: 2026-07-01\ntopics: [nothing]\n---\n"
    content = load(Source("content/events/x.md", Kind.EVENT, None, text.encode()))

    assert codes(content) == ["invalid-date", "unknown-topic"]
