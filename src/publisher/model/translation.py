"""Translations: the same record, only the texts that a reader sees.

The shape of a translation is derived from the record's own definition: every
field marked translatable, optional, at the same place in the tree. Parts of a
list are matched by `id` or `file` where they have one, else by position.
"""

from __future__ import annotations

import types
from functools import cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BeforeValidator, Field, create_model
from pydantic.fields import FieldInfo

from publisher.model.fields import MAX_LIST, TRANSLATABLE, FileName, Id, Model, as_list
from publisher.model.records import Record

R = TypeVar("R", bound=Record)

_KEYS: dict[str, Any] = {"id": Id, "file": FileName}


@cache
def translation_type(model: type[Model]) -> type[Model]:
    """The model of a translation of `model`: each translatable field, optional.

    A record's translation has no id of its own: it stands beside the record.
    """
    fields: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        if name in _KEYS and not issubclass(model, Record):
            fields[name] = (_KEYS[name], ...)
            continue
        shape = _shape(info.annotation, info.metadata, _extra(info))
        if shape is not None:
            fields[info.alias or name] = (shape | None, None)
    return create_model(f"{model.__name__}Translation", __base__=Model, **fields)


def _extra(info: FieldInfo) -> bool:
    return isinstance(info.json_schema_extra, dict) and TRANSLATABLE in info.json_schema_extra


def _shape(annotation: Any, metadata: Any = (), marked: bool = False) -> Any:  # noqa: FBT001, FBT002 -- private
    """The translation's annotation for a field's annotation, or None where a reader sees no text."""
    if marked:
        return Annotated[annotation, *metadata] if metadata else annotation
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner, *rest = arguments
        if any(isinstance(m, FieldInfo) and _extra(m) for m in rest):
            return annotation
        return _shape(inner)
    if origin is tuple and arguments[-1] is Ellipsis:
        part = _shape(arguments[0])
        return None if part is None else Annotated[tuple[part, ...], BeforeValidator(as_list), Field(max_length=MAX_LIST)]
    if origin in {Union, types.UnionType}:
        return next((s for s in map(_shape, arguments) if s is not None), None)
    if isinstance(annotation, type) and issubclass(annotation, Model):
        derived = translation_type(annotation)
        return derived if set(derived.model_fields) - set(_KEYS) else None
    return None


def dump(model: Model) -> dict[str, Any]:
    """A model as plain JSON values, without what is at its default."""
    values: dict[str, Any] = model.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return values


def localise(record: R, translation: dict[str, Any] | None) -> R:
    """The record as a reader of the translation's language sees it."""
    if not translation:
        return record
    return type(record).model_validate(_overlay(dump(record), translation))


def texts(record: Record) -> dict[str, Any]:
    """Only what a translation would hold: the record's own seen texts, as plain values."""
    pruned = _prune(dump(record), translation_type(type(record)))
    return pruned if isinstance(pruned, dict) else {}


def _overlay(base: Any, over: Any) -> Any:
    if isinstance(base, dict) and isinstance(over, dict):
        return base | {key: _overlay(base.get(key), value) for key, value in over.items()}
    if isinstance(base, list) and isinstance(over, list):
        return [_overlay(part, _match(part, index, over)) for index, part in enumerate(base)]
    # A place given by its id keeps the id: its name is translated in its own record.
    if over is None or (isinstance(base, str) and isinstance(over, dict)):
        return base
    return over


def _match(part: Any, index: int, over: list[Any]) -> Any:
    for key in _KEYS:
        if isinstance(part, dict) and key in part:
            return next((o for o in over if isinstance(o, dict) and o.get(key) == part[key]), None)
    return over[index] if index < len(over) else None


def _prune(value: Any, shape: type[Model]) -> Any:
    """Keep of a dumped record what its translation's model names."""
    kept: dict[str, Any] = {}
    for name, info in shape.model_fields.items():
        if name not in value:
            continue
        part = _nested(info.annotation)
        if part is None:
            kept[name] = value[name]
        elif isinstance(value[name], list):
            kept[name] = [_prune(v, part) if isinstance(v, dict) else {} for v in value[name]]
        else:
            kept[name] = _prune(value[name], part)
    return kept


def _nested(annotation: Any) -> type[Model] | None:
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, Model) else None
    return next((n for n in map(_nested, get_args(annotation)) if n is not None), None)
