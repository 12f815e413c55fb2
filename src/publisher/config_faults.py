"""What a failed validation of publisher.toml means to the person who wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher import toml_places
from publisher.diagnostics import Diagnostic, did_you_mean, quoted
from publisher.model.fields import model_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

    from publisher.model.fields import AnyModel

#: pydantic's word for a fault -> what was expected, what to write; {} is filled from what pydantic knows.
_EXPECTED = {
    "string_type": ("expected text", "put it in quotes"),
    "int_type": ("expected a whole number", "write it without quotes"),
    "int_parsing": ("expected a whole number", "write it without quotes"),
    "int_from_float": ("expected a whole number", "leave out what is behind the point"),
    "tuple_type": ("expected a list", 'write ["one", "two"]'),
    "model_type": ("expected a table", "write its settings below a line of [its-name]"),
    "dict_type": ("expected a table", "write its settings below a line of [its-name]"),
    "too_short": ("expected at least one", "name one"),
    "greater_than_equal": ("expected at least {ge}", "raise the number"),
    "less_than_equal": ("expected at most {le}", "lower the number"),
    "literal_error": ("expected {expected}", "write one of these"),
}


def explain(details: ErrorDetails, model: AnyModel, path: str, text: str) -> Diagnostic:
    """The finding for one fault that pydantic found in the settings."""
    context: dict[str, Any] = details.get("ctx") or {}
    where = [str(step) for step in details["loc"] if isinstance(step, str) and step[:1] not in "<["]
    where += context["field"].split(".") if "field" in context else []
    name, span, kind = ".".join(where), toml_places.place(text, path, where), details["type"]
    if kind == "missing":
        hint = f"add [{name}]" if model_in(_annotation(model, where)) else f"add {where[-1]} = ..."
        return Diagnostic(span, "missing-setting", f"expected a setting '{name}', got none", hint)
    if kind == "extra_forbidden":
        known = sorted(_model_at(model, where[:-1]).model_fields)
        hint = did_you_mean(where[-1], known) or f"there are {', '.join(known)}"
        return Diagnostic(span, "unknown-setting", f"unknown setting '{name}'", hint)
    if "message" in context:
        return Diagnostic(span, "invalid-setting", f"{name}: {context['message']}", context["hint"])
    expected, hint = _EXPECTED[kind]
    message = f"{name}: {expected.format_map(context)}, got {quoted(details['input'])}"
    return Diagnostic(span, "invalid-setting", message, hint)


def _annotation(model: AnyModel, where: Sequence[str]) -> Any:
    field = _model_at(model, where[:-1]).model_fields.get(where[-1])
    return field.annotation if field else None


def _model_at(model: AnyModel, where: Sequence[str]) -> AnyModel:
    """The model of a table; an id of one's own ([calendars.<id>]) stays with the model of its like."""
    for step in where:
        field = model.model_fields.get(step)
        model = (model_in(field.annotation) if field else None) or model
    return model
