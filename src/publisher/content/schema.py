"""Decodes entries into records: the schema decides what a value is, all findings at once.

pydantic's error locations become spans by way of the entry's own map.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from publisher.diagnostics import Diagnostic, Span, did_you_mean
from publisher.model.records import RECORD_TYPES, Kind, Record, Status
from publisher.model.translation import dump, translation_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    from publisher.content.syntax import Entry, Location

#: Words that curators coming from other systems write for a field.
_SYNONYMS = {
    "slug": "id", "name": "title", "date": "start", "begin": "start", "starts": "start", "ends": "end",
    "tags": "topics", "location": "place", "venue": "place", "organizers": "organisers", "organiser": "organisers",
    "organization": "organisations", "tz": "timezone", "lang": "language", "description": "summary",
}  # fmt: skip


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
    fields = entry.fields | {"body": entry.body.strip()}
    if "body" in entry.fields:
        return None, (_unknown_field(entry, ("body",), model),)
    try:
        record = model.model_validate(fields)
    except ValidationError as error:
        return None, tuple(_findings(entry, model, error))
    return record, ()


def decode_translation(entry: Entry) -> tuple[dict[str, Any] | None, tuple[Diagnostic, ...]]:
    """What a translation's file gives, as plain values; None without findings where it has no title yet."""
    record_type = RECORD_TYPES[entry.source.kind]
    if record_type.naming not in entry.fields:
        return None, ()
    model = translation_type(record_type)
    fields = {k: v for k, v in entry.fields.items() if k != "language"} | {"body": entry.body.strip()}
    try:
        translation = model.model_validate(fields)
    except ValidationError as error:
        return None, tuple(_findings(entry, model, error, translation=True))
    given = dump(translation)
    if not given.get("body"):
        given.pop("body", None)
    return given, ()


def readable_id(entry: Entry) -> str | None:
    """The id, where at least that can be read: it tells which record a broken file is."""
    value = entry.fields.get("id")
    return value if isinstance(value, str) else None


def _findings(
    entry: Entry, model: type[BaseModel], error: ValidationError, *, translation: bool = False
) -> Iterable[Diagnostic]:
    seen: set[tuple[Span, str]] = set()
    for details in error.errors(include_url=False):
        finding = _finding(entry, model, details, translation=translation)
        if (finding.span, finding.code) not in seen:
            seen.add((finding.span, finding.code))
            yield finding


def _finding(entry: Entry, model: type[BaseModel], details: ErrorDetails, *, translation: bool) -> Diagnostic:
    where = _location(entry, details["loc"])
    context = details.get("ctx") or {}
    kind = details["type"]
    if kind == "extra_forbidden":
        return _unknown_field(entry, where, model, translation=translation)
    if kind == "missing":
        return _missing_field(entry, where)
    if "message" in context and "hint" in context:
        return Diagnostic(entry.span(*where), kind, context["message"], context["hint"])
    got = _quote(details["input"])
    name = str(where[-1]) if where else ""
    match kind:
        case "enum" | "literal_error":
            word = str(details["input"])
            code = "unknown-status" if name == "status" else "unknown-value"
            options = [str(s) for s in Status] if name == "status" else _options(context)
            hint = did_you_mean(word, options) or f"it is one of {', '.join(options)}"
            return Diagnostic(entry.span(*where), code, f"unknown {name} {got}", hint)
        case "too_long":
            return Diagnostic(entry.span(*where), "too-long", f"expected at most {context.get('max_length')} of them", "shorten the list")
        case "string_too_long":
            return Diagnostic(entry.span(*where), "too-long", f"expected at most {context.get('max_length')} characters", "shorten it")
        case "tuple_type" | "list_type":
            return Diagnostic(entry.span(*where), "not-a-list", f"expected a list, got {got}", "write it in brackets: [one, two]")
        case "model_type" | "model_attributes_type" | "dict_type":
            return Diagnostic(entry.span(*where), "not-a-mapping", f"expected fields of its own, got {got}", "write it like {name: ...}")
    return Diagnostic(entry.span(*where), "invalid-value", f"{_sentence(details['msg'])}, got {got}")


def _location(entry: Entry, loc: tuple[str | int, ...]) -> Location:
    """pydantic's location without the tags of unions, as the entry's map knows it."""
    where: Location = ()
    for step in loc:
        if (*where, step) in entry.values or (step != "id" and step != "inline"):
            where = (*where, step)
        elif step == loc[-1] and step == "id" and not isinstance(_at(entry.fields, where), str):
            where = (*where, step)
    return where


def _at(fields: Any, where: Location) -> Any:
    for step in where:
        try:
            fields = fields[step]
        except (KeyError, IndexError, TypeError):
            return None
    return fields


def _unknown_field(entry: Entry, where: Location, model: type[BaseModel], *, translation: bool = False) -> Diagnostic:
    name = str(where[-1])
    known = {i.alias or n for n, i in _model_at(model, where[:-1]).model_fields.items()}
    hint = did_you_mean(name, known)
    if not hint and _SYNONYMS.get(name) in known:
        hint = f"the field is called '{_SYNONYMS[name]}'"
    if translation and not hint:
        hint = "a translation holds only texts that a reader sees; the rest stands in the record itself"
    if name == "body":
        hint = "write the text below the second line of '---'"
    return Diagnostic(entry.key_span(*where), "unknown-field", f"unknown field '{name}'", hint)


def _missing_field(entry: Entry, where: Location) -> Diagnostic:
    name = str(where[-1])
    around = where[:-1]
    given_empty = (*around, name) in entry.keys
    span = entry.key_span(*where) if given_empty else entry.span(*around)
    if around:
        return Diagnostic(span, "missing-field", f"'{name}' is missing", f"add '{name}'")
    if not given_empty:
        span = Span(entry.source.path, 1)
    if name == "id":
        return Diagnostic(span, "missing-id", "the record has no id", f"add 'id: {_suggested_id(entry)}'; it is permanent")
    return Diagnostic(span, "missing-field", f"'{name}' is missing", f"add a line '{name}: ...'")


def _suggested_id(entry: Entry) -> str:
    stem = entry.source.stem.rsplit("/", 1)[-1].lower()
    cleaned = "".join(c if c.isascii() and c.isalnum() else "-" for c in stem)
    return "-".join(part for part in cleaned.split("-") if part) or "some-name-2027"


def _model_at(model: type[BaseModel], where: Location) -> type[BaseModel]:
    """The model that describes the mapping at a location."""
    for step in where:
        if isinstance(step, int):
            continue
        named = next((i for n, i in model.model_fields.items() if step in {n, i.alias}), None)
        nested = _nested_model(named.annotation) if named else None
        model = nested or model
    return model


def _nested_model(annotation: Any) -> type[BaseModel] | None:
    from typing import get_args

    from pydantic import BaseModel

    if isinstance(annotation, type):
        return annotation if issubclass(annotation, BaseModel) else None
    return next((n for n in map(_nested_model, get_args(annotation)) if n), None)


def _options(context: dict[str, Any]) -> list[str]:
    text = str(context.get("expected", ""))
    return [word.strip("' ") for word in text.replace(" or ", ",").split(",") if word.strip()]


def _quote(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a mapping"
    text = str(value)
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"  # noqa: PLR2004 -- a quotation's length


def _sentence(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")
