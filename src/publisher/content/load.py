"""The front half of the pipeline in one call: content/ to sheets and findings."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from publisher.content.checks import Context, check
from publisher.content.files import Reading, Source
from publisher.content.schema import BrokenFile, Sheet, decode, decode_translation, readable_id
from publisher.content.syntax import Entry, parse
from publisher.diagnostics import Diagnostic, Span
from publisher.model.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from publisher.config import Config

_RAW_ID = re.compile(rb"^id:[ \t]*[\"']?([a-z0-9-]+)", re.MULTILINE)
RecordKey = tuple[Kind, str]


@dataclass(frozen=True)
class Content:
    """What content/ says: sound sheets, broken files, all findings in order."""

    sheets: tuple[Sheet, ...]
    broken: tuple[BrokenFile, ...]
    diagnostics: tuple[Diagnostic, ...]
    assets: Mapping[str, Path] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that keep something from being released."""
        return tuple(d for d in self.diagnostics if d.is_error)


def decode_all(
    reading: Reading,
    config: Config,
    *,
    published_from: Mapping[RecordKey, str] | None = None,
) -> Content:
    """Parse, decode and check every file; a fault in one never touches another."""
    published_from = published_from or {}
    by_path = {path: key for key, path in published_from.items()}
    found: list[Diagnostic] = list(reading.diagnostics)
    sheets, broken = _decode_sources(reading.sources, by_path, found)
    broken += [BrokenFile(d.span.path, *_guess(d.span.path, by_path)) for d in reading.diagnostics if d.is_error]
    context = Context(
        timezone=config.site.timezone,
        languages=config.site.languages,
        default_language=config.site.default_language,
        known=frozenset({s.key for s in sheets} | {(b.kind, b.id) for b in broken if b.id}),
        assets=frozenset(reading.assets),
        published_from=published_from,
    )
    found += check(sheets, context)
    faulty = {d.span.path for d in found if d.is_error}
    sound = tuple(_without_broken_translations(s, faulty) for s in sheets if s.entry.source.path not in faulty)
    broken += [BrokenFile(s.entry.source.path, *s.key) for s in sheets if s.entry.source.path in faulty]
    return Content(sound, tuple(broken), tuple(sorted(set(found))), reading.assets)


def _decode_sources(
    sources: Iterable[Source], by_path: Mapping[str, RecordKey], found: list[Diagnostic]
) -> tuple[list[Sheet], list[BrokenFile]]:
    sheets: dict[str, Sheet] = {}
    broken: dict[str, BrokenFile] = {}
    translations: dict[str, list[tuple[Source, Entry | None]]] = defaultdict(list)
    for source in sources:
        entry = parse(source)
        if isinstance(entry, Diagnostic):
            found.append(entry)
        if source.translation:
            translations[source.stem].append((source, entry if isinstance(entry, Entry) else None))
            continue
        record, findings = decode(entry) if isinstance(entry, Entry) else (None, ())
        found += findings
        if record is not None and isinstance(entry, Entry):
            sheets[source.stem] = Sheet(record, entry)
        else:
            known = readable_id(entry) if isinstance(entry, Entry) else None
            broken[source.stem] = BrokenFile(source.path, source.kind, _identify(source, known, by_path))
    for stem, files in translations.items():
        for source, entry in files:
            _add_translation(sheets, broken, stem, source, entry, found)
    return list(sheets.values()), list(broken.values())


def _add_translation(  # noqa: PLR0913 -- the one place where a translation meets its record
    sheets: dict[str, Sheet], broken: Mapping[str, BrokenFile], stem: str,
    source: Source, entry: Entry | None, found: list[Diagnostic],
) -> None:  # fmt: skip
    language = source.translation or ""
    given, findings = decode_translation(entry) if entry else (None, ())
    found += findings
    sheet = sheets.get(stem)
    if sheet is None:
        if stem not in broken:
            hint = f"add {stem.rsplit('/', 1)[-1]}.md, or delete this file"
            found.append(Diagnostic(Span(source.path), "translation-without-record", "there is no record that this translates", hint))
    elif entry is None or findings:
        sheets[stem] = replace(sheet, broken_translations=sheet.broken_translations | {language})
    elif given is not None:
        sheets[stem] = replace(
            sheet,
            translations={**sheet.translations, language: given},
            translation_entries={**sheet.translation_entries, language: entry},
        )


def _without_broken_translations(sheet: Sheet, faulty: set[str]) -> Sheet:
    bad = {lang for lang, entry in sheet.translation_entries.items() if entry.source.path in faulty}
    if not bad:
        return sheet
    return replace(
        sheet,
        translations={lang: given for lang, given in sheet.translations.items() if lang not in bad},
        broken_translations=sheet.broken_translations | bad,
    )


def _identify(source: Source, readable: str | None, by_path: Mapping[str, RecordKey]) -> str | None:
    """Which record a broken file is: by its id, by the path it was released from, by a line that looks like an id."""
    if readable:
        return readable
    if source.path in by_path:
        return by_path[source.path][1]
    match = _RAW_ID.search(source.data)
    return match[1].decode() if match else None


def _guess(path: str, by_path: Mapping[str, RecordKey]) -> RecordKey | tuple[Kind, None]:
    return by_path.get(path) or (Kind.PAGE, None)
