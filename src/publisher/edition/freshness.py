"""Texts that have fallen behind: translations older than their originals, dates that are no longer true.

Both are warnings: a person decides what the text should say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.diagnostics import Diagnostic, Span, warning
from publisher.edition.facts import digest
from publisher.model.ledger import Item, Ledger, record_key
from publisher.model.records import Announcement, Kind
from publisher.model.translation import texts
from publisher.model.when import Time, decode_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from publisher.content.schema import Sheet
    from publisher.content.syntax import Entry


def freshness(
    sheets: Iterable[Sheet],
    ledger: Ledger,
    default_language: str,
    phrases: Callable[[str, Time, Time], Iterable[str]],
) -> Iterator[Diagnostic]:
    """Warnings about the texts of sheets, given the ledger as it will be after their release."""
    for sheet in sheets:
        item = ledger.get(record_key(*sheet.key))
        if item is not None:
            yield from _behind(sheet, item)
        for event in _events(sheet, ledger):
            yield from _outdated(sheet, event, default_language, phrases)


def _behind(sheet: Sheet, item: Item) -> Iterator[Diagnostic]:
    original = digest(texts(sheet.record))
    for language, basis in item.values.get("basis", {}).items():
        entry = sheet.translation_entries.get(language)
        if entry is not None and basis != original:
            hint = "bring it up to date; if it is still right, change it in any way"
            yield warning(
                Span(entry.source.path),
                "translation-outdated",
                "the translation is older than its original",
                hint,
            )


def _events(sheet: Sheet, ledger: Ledger) -> Iterator[Item]:
    ids = sheet.record.events if isinstance(sheet.record, Announcement) else (sheet.record.id,)
    if sheet.key[0] in {Kind.EVENT, Kind.ANNOUNCEMENT}:
        for id_ in ids:
            item = ledger.get(record_key(Kind.EVENT, id_))
            if item is not None and item.is_public and item.previous and item.time:
                yield item


def _outdated(
    sheet: Sheet, event: Item, default_language: str, phrases: Callable[[str, Time, Time], Iterable[str]]
) -> Iterator[Diagnostic]:
    assert event.previous and event.time  # noqa: S101, PT018 -- chosen so
    before = decode_time(event.previous["time"]) if "time" in event.previous else event.time
    if before == event.time:
        return
    own = sheet.record.language or default_language
    for language, entry in {own: sheet.entry, **sheet.translation_entries}.items():
        for phrase in phrases(language, before, event.time):
            if span := _find(entry, phrase):
                said = phrase.strip(" (")
                message = f"the text says '{said}', which is no longer the event's date"
                yield warning(
                    span, "outdated-date", message, "correct the text, or say that the event has moved"
                )
                break


def _find(entry: Entry, phrase: str) -> Span | None:
    for name in ("title", "summary", "curator_note"):
        if phrase in str(entry.fields.get(name, "")).replace("\N{NO-BREAK SPACE}", " "):
            return entry.span(name)
    offset = entry.body.replace("\N{NO-BREAK SPACE}", " ").find(phrase)
    lead = len(phrase) - len(phrase.lstrip(" ("))
    return entry.body_span(offset + lead) if offset >= 0 else None
