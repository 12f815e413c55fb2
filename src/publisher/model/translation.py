"""Translations: the same record, only the texts that a reader sees.

The shape of a translation is derived from the record's own definition: every
field marked translatable, optional, at the same place in the tree. Parts of a
list are matched by `id` or `file` where they have one, else by position.
"""

from __future__ import annotations

import types
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from publisher.model.fields import MAX_LIST, TRANSLATABLE, AnyModel, FileName, Id, Model, OneOrMany, model_in
from publisher.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

R = TypeVar("R", bound=Record)

#: What tells the parts of a list apart, and how a translation is to give it.
KEYS: Mapping[str, Any] = types.MappingProxyType({"id": Id, "file": FileName})


@cache
def translation_type(model: type[Model], *, in_list: bool = False) -> type[Model]:
    """The model of a translation of `model`: each translatable field, optional.

    A part of a list says which part it translates; a record stands beside its
    translation and needs no id there.
    """
    fields: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        if name in KEYS and in_list:
            about = f"Which part this translates: its {name} in the record."
            fields[name] = (KEYS[name], Field(description=about))
            continue
        shape = _shape(info.annotation, info.metadata, marked=_is_marked(info))
        if shape is not None:
            fields[info.alias or name] = (shape | None, Field(None, description=info.description))
    made = create_model(f"{model.__name__}Translation", __base__=Model, **fields)
    made.__doc__ = model.__doc__
    return made


def _is_marked(info: FieldInfo) -> bool:
    return isinstance(info.json_schema_extra, dict) and TRANSLATABLE in info.json_schema_extra


def _shape(annotation: Any, metadata: Iterable[Any] = (), *, marked: bool = False) -> Any:
    """The translation's annotation for a field's annotation, or None where a reader sees no text."""
    if marked:
        return Annotated[(annotation, *metadata)] if metadata else annotation
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        seen = any(isinstance(m, FieldInfo) and _is_marked(m) for m in arguments[1:])
        return annotation if seen else _shape(arguments[0])
    if origin is tuple and arguments[-1] is Ellipsis:
        return _list_shape(arguments[0])
    if origin in {Union, types.UnionType}:
        return next((shape for shape in map(_shape, arguments) if shape is not None), None)
    return _model_shape(annotation)


def _list_shape(annotation: Any) -> Any:
    derived = _model_shape(model_in(annotation), in_list=True)
    if derived is None:
        return None
    listed = tuple[derived, ...]  # type: ignore[valid-type]  # the model was made a line ago
    return Annotated[listed, Field(max_length=MAX_LIST), OneOrMany()]


def _model_shape(annotation: Any, *, in_list: bool = False) -> Any:
    if not (isinstance(annotation, type) and issubclass(annotation, Model)):
        return None
    derived = translation_type(annotation, in_list=in_list)
    return derived if set(derived.model_fields) - set(KEYS) else None


def dump(model: Model) -> dict[str, Any]:
    """A model as plain JSON values, without what is at its default."""
    values: dict[str, Any] = model.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return values


def localise(record: R, translation: Mapping[str, Any] | None) -> R:
    """The record as a reader of the translation's language sees it."""
    if not translation:
        return record
    return type(record).model_validate(_overlay(dump(record), dict(translation)))


def texts(record: Record) -> dict[str, Any]:
    """Only what a translation would hold: the record's own seen texts, as plain values."""
    return _prune(dump(record), translation_type(type(record)))


def part_of(part: Any, index: int, translated: list[Any]) -> Any:
    """What a translation gives for one part of a list: by its key where it has one, else by position."""
    for key in KEYS:
        if isinstance(part, dict) and key in part:
            return next((t for t in translated if isinstance(t, dict) and t.get(key) == part[key]), None)
    return translated[index] if index < len(translated) else None


def _overlay(base: Any, over: Any) -> Any:
    if base is None and isinstance(over, dict | list):
        return None  # of what the record has no longer, or not yet, there is nothing to translate
    if isinstance(base, dict) and isinstance(over, dict):
        overlaid = {key: _overlay(base.get(key), value) for key, value in over.items()}
        return base | {key: value for key, value in overlaid.items() if value is not None}
    if isinstance(base, list) and isinstance(over, list):
        return [_overlay(part, part_of(part, index, over)) for index, part in enumerate(base)]
    # A place given by its id keeps the id: its name is translated in its own record.
    if over is None or (isinstance(base, str) and isinstance(over, dict)):
        return base
    return over


def _prune(value: Mapping[str, Any], shape: AnyModel) -> dict[str, Any]:
    """Keep of a dumped record what its translation's model names."""
    kept: dict[str, Any] = {}
    for name, info in shape.model_fields.items():
        if name not in value:
            continue
        part = model_in(info.annotation)
        if part is None:
            kept[name] = value[name]
        elif isinstance(value[name], list):
            kept[name] = [_prune(v, part) if isinstance(v, dict) else {} for v in value[name]]
        else:
            kept[name] = _prune(value[name], part)
    return kept
