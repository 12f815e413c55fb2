"""The front half of the pipeline in one call: content/ to sheets and findings.

The order of things: (1) each file is parsed and decoded by itself; (2) each
translation joins its record; (3) the rules look at all sheets together; (4)
what has an error is set aside, so that its last good version stays. Whatever
happens in one file, the others go on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from publisher.content.checks import Context, check, rules_without
from publisher.content.references import files, files_in_bodies
from publisher.content.schema import BrokenFile, Sheet, decode, decode_translation, readable_id, remainder
from publisher.content.syntax import Entry, parse
from publisher.diagnostics import Diagnostic, Span, internal_error
from publisher.model.records import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from publisher.config import Config
    from publisher.content.files import Reading, Source

T = TypeVar("T")
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
    def keys(self) -> frozenset[RecordKey]:
        """Every record that there is, the broken ones included whose id can be read."""
        return frozenset({s.key for s in self.sheets} | {(b.kind, b.id) for b in self.broken if b.id})

    @property
    def unsure(self) -> frozenset[Kind]:
        """The kinds of which a broken file may have any id."""
        return frozenset(b.kind for b in self.broken if b.id is None)

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
    """Parse, decode and check every file; a fault in one never touches another.

    `published_from` gives the file from which each public record was last
    released: it settles which of two twins is the real one, and which record a
    file is that cannot be read any more.
    """
    by_path = {path: key for key, path in (published_from or {}).items()}
    gathered = _Gathered(by_path, list(reading.diagnostics))
    for source in reading.sources:
        gathered.take(source)
    gathered.join_translations(config.site.languages)
    # A file that is refused as a whole, its kind unknown, may be any record.
    refused = [
        d.span.path for d in reading.diagnostics if d.is_error and d.span.path not in reading.refused_assets
    ]
    lost = [BrokenFile(path, *by_path.get(path, (Kind.PAGE, None))) for path in refused]
    broken = (*gathered.broken.values(), *lost)
    sheets = tuple(gathered.sheets.values())
    context = Context(
        timezone=config.site.timezone,
        languages=config.site.languages,
        default_language=config.site.default_language,
        known=frozenset({s.key for s in sheets} | {(b.kind, b.id) for b in broken if b.id}),
        unsure=frozenset(Kind if lost else {b.kind for b in broken if b.id is None}),
        broken=broken,
        parents={s.key: parent for s in sheets if (parent := getattr(s.record, "parent", None))},
        assets=frozenset(reading.assets) | reading.refused_assets,
        published_from=published_from or {},
    )
    found = {*gathered.found, *check(sheets, context)}
    for sheet, faulty_fields in gathered.suspects:
        found |= set(check([sheet], context, rules_without(faulty_fields)))
    faulty = {d.span.path for d in found if d.is_error}
    faulty |= {s.entry.source.path for s in sheets if _names(s, reading.refused_assets)}
    return Content(
        sheets=tuple(
            _without_broken_translations(s, faulty) for s in sheets if s.entry.source.path not in faulty
        ),
        broken=(*broken, *(BrokenFile(p, *s.key) for s in sheets if (p := s.entry.source.path) in faulty)),
        diagnostics=tuple(sorted(found)),
        assets=reading.assets,
    )


@dataclass
class _Gathered:
    """What the files hold, as far as they have been read; records keyed by the path without ending."""

    by_path: Mapping[str, RecordKey]
    found: list[Diagnostic]
    sheets: dict[str, Sheet] = field(default_factory=dict)
    broken: dict[str, BrokenFile] = field(default_factory=dict)
    translations: list[tuple[Source, Entry | None]] = field(default_factory=list)
    #: Kind and language of translations that stand beside no record.
    astray: set[tuple[Kind, str]] = field(default_factory=set)
    #: What can be read of broken records, and which of their fields cannot.
    suspects: list[tuple[Sheet, frozenset[str]]] = field(default_factory=list)

    def take(self, source: Source) -> None:
        """Read one file; a record is decoded, a translation waits for its record."""
        entry = self._guarded(source, lambda: parse(source))
        if isinstance(entry, Diagnostic):
            self.found.append(entry)
            entry = None
        if source.translation:
            self.translations.append((source, entry))
            return
        record = self._decoded(source, entry, decode) if entry else None
        if record is not None and entry is not None:
            self.sheets[source.stem] = Sheet(record, entry)
        else:
            self.broken[source.stem] = self._broken(source, entry)
            if entry is not None:
                self._suspect(source, entry)

    def _suspect(self, source: Source, entry: Entry) -> None:
        """Keep what can be read of a broken record, to be checked with the others."""
        rest = self._guarded(source, lambda: remainder(entry))
        if rest is not None and rest[0] is not None:
            self.suspects.append((Sheet(rest[0], entry), rest[1]))

    def join_translations(self, languages: Sequence[str]) -> None:
        """Put each translation beside its record."""
        for source, entry in self.translations:
            if source.translation and source.translation in languages:
                self._join(source, source.translation, entry)
        for kind, language in self.astray:
            self._keep(kind, language)

    def _keep(self, kind: Kind, language: str) -> None:
        """A translation that has lost its record may be anyone's: who has none keeps the last good one."""
        for stem, sheet in self.sheets.items():
            if sheet.key[0] is kind and language not in sheet.translations:
                kept = sheet.broken_translations | {language}
                self.sheets[stem] = replace(sheet, broken_translations=kept)

    def _join(self, source: Source, language: str, entry: Entry | None) -> None:
        sheet = self.sheets.get(source.stem)
        if sheet is None and f"{source.stem}.md" not in {broken.path for broken in self.broken.values()}:
            self._without_record(source, entry)
            return
        before = len(self.found)
        given = self._decoded(source, entry, decode_translation) if entry else None
        if sheet is None:
            return
        if entry is None or any(finding.is_error for finding in self.found[before:]):
            broken = sheet.broken_translations | {language}
            self.sheets[source.stem] = replace(sheet, broken_translations=broken)
        elif given is not None:
            self.sheets[source.stem] = replace(
                sheet,
                translations={**sheet.translations, language: given},
                translation_entries={**sheet.translation_entries, language: entry},
            )

    def _without_record(self, source: Source, entry: Entry | None) -> None:
        """A translation alone: its record may have been renamed by mistake, so it stays on the air."""
        name = source.stem.rsplit("/", 1)[-1]
        id_ = readable_id(entry) if entry else None
        hint = f"rename this file to {name}.md" if id_ else f"add {name}.md, or delete this file"
        message = f"expected {name}.md, the record that this translates, there is none"
        self.found.append(Diagnostic(Span(source.path), "translation-without-record", message, hint))
        id_ = id_ or self.by_path.get(f"{source.stem}.md", (source.kind, None))[1]
        if source.translation:
            self.astray.add((source.kind, source.translation))
        self.broken[source.path] = BrokenFile(source.path, source.kind, id_)

    def _decoded(
        self, source: Source, entry: Entry, decode: Callable[[Entry], tuple[T | None, tuple[Diagnostic, ...]]]
    ) -> T | None:
        made = self._guarded(source, lambda: decode(entry))
        if made is None:
            return None
        self.found += made[1]
        return made[0]

    def _guarded(self, source: Source, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except Exception as error:  # noqa: BLE001 -- a fault of ours in one file must not take others down
            self.found.append(internal_error(Span(source.path), error))
            return None

    def _broken(self, source: Source, entry: Entry | None) -> BrokenFile:
        """Which record a broken file is: by its id, by where it was released from, by a line like an id."""
        id_ = (readable_id(entry) if entry else None) or self.by_path.get(source.path, (source.kind, None))[1]
        if id_ is None and (match := _RAW_ID.search(source.data)):
            id_ = match[1].decode()
        return BrokenFile(source.path, source.kind, id_)


def _names(sheet: Sheet, assets: frozenset[str]) -> bool:
    if not assets:
        return False
    path = sheet.entry.source.path
    folder = path.rpartition("/")[0]
    shown = (f"{folder}/{name}" for name in files_in_bodies(sheet.record, sheet.translations.values()))
    return any(file in assets for file in (*(file for _, file in files(sheet.record, path)), *shown))


def _without_broken_translations(sheet: Sheet, faulty: set[str]) -> Sheet:
    bad = {lang for lang, entry in sheet.translation_entries.items() if entry.source.path in faulty}
    if not bad:
        return sheet
    return replace(
        sheet,
        translations={lang: given for lang, given in sheet.translations.items() if lang not in bad},
        broken_translations=sheet.broken_translations | bad,
    )
