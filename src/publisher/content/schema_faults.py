"""What a failed validation means to the person who wrote the file.

pydantic names the place by its own path and the fault by its own code; here
both become what a curator sees: the line, what was expected, what came, a hint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.diagnostics import Diagnostic, Span, did_you_mean, nearest, quoted
from publisher.model.fields import model_in
from publisher.model.readers import is_blank
from publisher.model.records import ID_TAG, INLINE_TAG, Record

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from publisher.content.syntax import Entry, Location
    from publisher.model.fields import AnyModel

#: Words that curators coming from other systems write for a field.
_SYNONYMS = {
    "slug": "id", "uid": "id", "name": "title", "headline": "title", "title": "name",
    "date": "start", "begin": "start", "begins": "start", "starts": "start", "from": "start",
    "ends": "end", "to": "end", "tags": "topics", "categories": "topics", "keywords": "topics",
    "location": "place", "venue": "place", "organiser": "organisers", "organizers": "organisers",
    "organizer": "organisers", "organization": "organisations", "organizations": "organisations",
    "tz": "timezone", "lang": "language", "locale": "language", "description": "summary",
    "abstract": "summary", "link": "url", "website": "url", "color": "colour", "mail": "email",
    "rrule": "recurrence", "exdate": "except", "rdate": "also", "programme": "sessions", "agenda": "sessions",
}  # fmt: skip

#: pydantic's word for a value of the wrong shape -> code, what was expected, what to write.
_SHAPES = {
    "tuple_type": ("not-a-list", "expected a list", "write it in brackets: [one, two]"),
    "model_type": ("not-a-mapping", "expected fields of its own", "write it like {name: ...}"),
}


def explain(entry: Entry, model: AnyModel, details: ErrorDetails) -> Diagnostic:
    """The finding for one fault that pydantic found in an entry."""
    where = location(entry, details)
    context: dict[str, Any] = details.get("ctx") or {}
    span, kind = entry.span(*where), details["type"]
    match kind:
        case "extra_forbidden":
            return unknown_field(entry, where, model)
        case "missing":
            return _missing_field(entry, where)
        case "enum" | "literal_error":
            return _unknown_word(span, str(where[-1]), details["input"], str(context["expected"]))
        case "too_long" | "string_too_long":
            what = "of them" if kind == "too_long" else "characters"
            return Diagnostic(
                span, "too-long", f"expected at most {context['max_length']} {what}, got more", "shorten it"
            )
        case _ if kind in _SHAPES:
            code, expected, hint = _SHAPES[kind]
            return Diagnostic(span, code, f"{expected}, got {quoted(details['input'])}", hint)
    return Diagnostic(span, kind, context["message"], context["hint"])


def unknown_field(entry: Entry, where: Location, model: AnyModel) -> Diagnostic:
    """The finding for a field that the model does not have."""
    name, known = str(where[-1]), _fields_at(model, where[:-1])
    if name == "body":
        hint = "write the text below the second line of '---'"
    elif meant := _meant(name, known):
        hint = f"did you mean '{meant}'?"
    elif len(where) > 1 and is_blank(_at(entry.fields, where)):
        hint = "put quotes around a value that holds a comma"
    elif not issubclass(model, Record):
        hint = "a translation holds only texts that a reader sees; the rest stands in the record itself"
    elif len(where) > 1:
        hint = f"the fields here are {', '.join(sorted(known))}"
    else:
        hint = "delete it, or write it in the body"
    return Diagnostic(entry.key_span(*where), "unknown-field", f"unknown field {quoted(name)}", hint)


def misspelt(entry: Entry, model: AnyModel, details: ErrorDetails) -> Location | None:
    """The field that was meant by an unknown one, if it can be told: that one is not missing as well."""
    if details["type"] != "extra_forbidden":
        return None
    *around, name = location(entry, details)
    meant = _meant(str(name), _fields_at(model, tuple(around)))
    return (*around, meant) if meant else None


def _fields_at(model: AnyModel, where: Location) -> set[str]:
    return {info.alias or name for name, info in _model_at(model, where).model_fields.items()} - {"body"}


def _meant(name: str, known: set[str]) -> str | None:
    """The field that a wrong name stands for: what other systems call it, or the nearest."""
    synonym = _SYNONYMS.get(name.casefold())
    return synonym if synonym in known else nearest(name, known)


def location(entry: Entry, details: ErrorDetails) -> Location:
    """A location of pydantic's as the entry has it: no tags, and no index where there is an only member."""
    where: Location = ()
    here: Any = entry.fields
    for step in details["loc"]:
        if step in {ID_TAG, INLINE_TAG} or (isinstance(step, int) and not isinstance(here, list)):
            continue
        where = (*where, step)
        here = _member(here, step)
    return where


def _at(here: Any, where: Location) -> Any:
    for step in where:
        here = _member(here, step)
    return here


def _member(here: Any, step: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(step)
    return here[step] if isinstance(here, list) and isinstance(step, int) else None


def _missing_field(entry: Entry, where: Location) -> Diagnostic:
    name, around = str(where[-1]), where[:-1]
    given_empty = where in entry.keys
    span = entry.key_span(*where) if given_empty else entry.span(*around)
    if not around and name == "id":
        hint = f"write 'id: {_suggested_id(entry)}'; it is permanent"
        return Diagnostic(span, "missing-id", "expected an 'id', got none", hint)
    what = "a value of" if given_empty else "a field"
    return Diagnostic(span, "missing-field", f"expected {what} '{name}', got none", f"write '{name}: ...'")


def _unknown_word(span: Span, name: str, word: Any, expected: str) -> Diagnostic:
    if not isinstance(word, str):
        return Diagnostic(span, "not-text", f"expected one word, got {quoted(word)}", "write one value")
    known = [each.strip("' ") for each in expected.replace(" or ", ",").split(",")]
    hint = did_you_mean(word, known) or f"it is one of {', '.join(known)}"
    if name == "status":
        return Diagnostic(span, "unknown-status", f"unknown status {quoted(word)}", hint)
    return Diagnostic(span, "unknown-value", f"unknown value {quoted(word)} of '{name}'", hint)


def _suggested_id(entry: Entry) -> str:
    stem = entry.source.stem.rsplit("/", 1)[-1].lower()
    cleaned = "".join(c if c.isascii() and c.isalnum() else "-" for c in stem)
    return "-".join(part for part in cleaned.split("-") if part) or "some-name-2027"


def _model_at(model: AnyModel, where: Location) -> AnyModel:
    """The model that describes the mapping at a location."""
    for step in where:
        named = next((i for n, i in model.model_fields.items() if step in {n, i.alias}), None)
        model = (model_in(named.annotation) if named else None) or model
    return model
