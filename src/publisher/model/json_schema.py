"""JSON Schemas of models, as people and their editors want them (JSON Schema 2020-12).

What is optional may be left out; it is nowhere said that it may be null. Names
that pydantic makes up from field names are left out; a value's `title` is what
it is (`model.fields`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from publisher.model.fields import TRANSLATABLE

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema

    from publisher.model.fields import AnyModel


class _Plain(GenerateJsonSchema):
    """Without made-up titles, nulls, and defaults that say nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def encode_default(self, dft: Any) -> Any:
        return _in_words(dft) if isinstance(dft, timedelta) else super().encode_default(dft)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if not made.get("default"):
            made.pop("default", None)
        return made


def _in_words(duration: timedelta) -> str:
    """A duration as it is written, in the largest unit that it is a whole number of."""
    seconds = int(duration.total_seconds())
    sizes = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
    return next(f"{seconds // size}{unit}" for unit, size in sizes.items() if seconds % size == 0)


def json_schema(model: AnyModel, *, leave_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The schema of a model, some of its fields left out."""
    made: dict[str, Any] = _without_marks(model.model_json_schema(by_alias=True, schema_generator=_Plain))
    for name in leave_out:
        made.get("properties", {}).pop(name, None)
    return made


def _without_marks(schema: Any) -> Any:
    """The schema without what only this program knows: whether a text is translated."""
    if isinstance(schema, dict):
        kept = {name: part for name, part in schema.items() if name != TRANSLATABLE or part is not True}
        return {name: _without_marks(part) for name, part in kept.items()}
    return [_without_marks(part) for part in schema] if isinstance(schema, list) else schema
