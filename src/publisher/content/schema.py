"""Decodes entries into records: the schema decides what a value is, all findings at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from publisher.content.schema_faults import explain, location, misspelt, unknown_field
from publisher.diagnostics import Diagnostic, quoted, warning
from publisher.model.readers import is_blank
from publisher.model.records import RECORD_TYPES, Kind, Record
from publisher.model.translation import dump, translation_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import BaseModel

    from publisher.content.syntax import Entry
    from publisher.diagnostics import Span


@dataclass(frozen=True)
class Sheet:
    """A record as read from its file and its translations' files, with the entries for their places."""

    record: Record
    entry: Entry
    #: language -> what the translation's file gives, as plain values.
    translations: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    translation_entries: Mapping[str, Entry] = field(default_factory=dict)
    #: Languages whose file is broken: the last good version stays.
    broken_translations: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[Kind, str]:
        """Kind and id: unique in a site, for ever."""
        return (type(self.record).kind, self.record.id)


@dataclass(frozen=True)
class BrokenFile:
    """A record's file that could not be decoded: what is known of which record it is."""

    path: str
    kind: Kind
    id: str | None


def decode(entry: Entry) -> tuple[Record | None, tuple[Diagnostic, ...]]:
    """The record, or findings that say why there is none."""
    model = RECORD_TYPES[entry.source.kind]
    found = list(_field_called_body(entry, model))
    try:
        record = model.model_validate(entry.fields | {"body": entry.body.strip()})
    except ValidationError as error:
        return None, (*found, *_findings(entry, model, error))
    return (None, tuple(found)) if found else (record, ())


def remainder(entry: Entry) -> tuple[Record | None, frozenset[str]]:
    """What can still be read of a record that has faults, and the fields that were left out for it.

    It is never released; it is there so that everything else about the record is checked in the same run.
    """
    model = RECORD_TYPES[entry.source.kind]
    fields = {name: value for name, value in entry.fields.items() if name != "body"}
    try:
        model.model_validate(fields)
    except ValidationError as error:
        faulty = frozenset(str(details["loc"][0]) for details in error.errors() if details["loc"])
        stand_ins = {"id": "unknown", model.naming: "?"}
        kept = {name: value for name, value in fields.items() if name not in faulty}
        try:
            return model.model_validate(stand_ins | kept), faulty
        except ValidationError:
            return None, faulty
    return None, frozenset()


def decode_translation(entry: Entry) -> tuple[dict[str, Any] | None, tuple[Diagnostic, ...]]:
    """What a translation's file gives, as plain values, and findings.

    Without a title or name it is no translation yet, whatever else it gives:
    None. It is sound if none of the findings is an error.
    """
    record_type = RECORD_TYPES[entry.source.kind]
    model = translation_type(record_type)
    found = [*_field_called_body(entry, model), *_of_another_language(entry)]
    fields = {name: value for name, value in entry.fields.items() if name != "language"}
    try:
        translation = model.model_validate(fields | {"body": entry.body.strip()})
    except ValidationError as error:
        return None, (*found, *_findings(entry, model, error))
    if is_blank(fields.get(record_type.naming, "")):
        found.append(_unfinished(entry, record_type.naming))
        return None, tuple(found)
    given = dump(translation)
    if not given.get("body"):
        given.pop("body", None)
    return given, tuple(found)


def readable_id(entry: Entry) -> str | None:
    """The id, where at least that can be read: it tells which record a broken file is."""
    value = entry.fields.get("id")
    return value if isinstance(value, str) else None


def _findings(entry: Entry, model: type[BaseModel], error: ValidationError) -> Iterable[Diagnostic]:
    """One finding for each fault; what is only misspelt is not missing too."""
    faults = error.errors(include_url=False)
    meant = {misspelt(entry, model, details) for details in faults}
    found: dict[tuple[Span, str], Diagnostic] = {}
    for details in faults:
        if details["type"] != "missing" or location(entry, details) not in meant:
            finding = explain(entry, model, details)
            found.setdefault((finding.span, finding.code), finding)
    return found.values()


def _field_called_body(entry: Entry, model: type[BaseModel]) -> Iterable[Diagnostic]:
    if "body" in entry.fields:
        yield unknown_field(entry, ("body",), model)


def _of_another_language(entry: Entry) -> Iterable[Diagnostic]:
    """The name of a translation's file gives its language; `language` within may only repeat it."""
    inside, expected = entry.fields.get("language"), entry.source.translation
    if inside is not None and inside != expected:
        message = f"expected '{expected}', as in the file's name, got {quoted(inside)}"
        yield Diagnostic(
            entry.span("language"), "unfit-translation", message, "delete the line, or rename the file"
        )


def _unfinished(entry: Entry, naming: str) -> Diagnostic:
    message = f"expected a '{naming}', got none: this is no translation yet, and is not published"
    return warning(entry.span(), "unfinished-translation", message, f"add '{naming}: ...'")
