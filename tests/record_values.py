"""Records that use any of their fields, as curators' values: made from the JSON Schemas of all kinds."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from publisher.model.characters import find_control
from publisher.model.json_schema import json_schema

if TYPE_CHECKING:
    from publisher.model.records import Record

_LINE = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=12
).filter(lambda text: find_control(text) is None)
_DAY = st.dates(date(1970, 1, 1), date(2199, 12, 31)).map(str)
_CLOCK = st.sampled_from(["00:00", "09:30", "23:59"])
_DATE = st.one_of(
    _DAY,
    st.builds("{} {}".format, _DAY, _CLOCK),
    _DAY.map(lambda day: day[:7]),
    _DAY.map(lambda day: day[:4]),
)
_NAME = st.from_regex(r"[a-z][a-z0-9]{3,6}(-[a-z0-9]{1,3})?", fullmatch=True)

#: What a value is, by the title of its schema -> values as curators write them.
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "id": _NAME,
    "line of text": _LINE,
    "text": st.builds("{}\n{}".format, _LINE, _LINE) | _LINE,
    "date or time": _DATE,
    "date, time or time of day": _DATE | _CLOCK,
    "time zone": st.sampled_from(["Asia/Almaty", "Europe/Berlin", "UTC", "AoE"]),
    "web address": _NAME.map("https://{}.example.org/".format),
    "e-mail address": _NAME.map("{}@example.org".format),
    "country code": st.sampled_from(["KZ", "MY"]),
    "colour": st.from_regex("#[0-9a-f]{6}", fullmatch=True),
    "file name": _NAME.map("{}.pdf".format),
    "true or false": st.sampled_from(["true", "false", "yes", "no"]),
    "number": st.integers(1, 10_000).map(str),
    "latitude": st.sampled_from(["-90", "43.24", "90"]),
    "longitude": st.sampled_from(["-180", "76.95", "180"]),
}


@cache
def values_of(model: type[Record]) -> st.SearchStrategy[dict[str, Any]]:
    """The fields of records of a kind, any of the optional ones given, ids and files within a list unique."""
    schema = json_schema(model)
    found: st.SearchStrategy[dict[str, Any]] = _values(schema, schema["$defs"])
    return found


def _values(schema: dict[str, Any], definitions: dict[str, Any]) -> st.SearchStrategy[Any]:
    if reference := schema.get("$ref"):
        return _values(definitions[reference.rpartition("/")[2]], definitions)
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return st.one_of(*(_values(choice, definitions) for choice in choices))
    if items := schema.get("prefixItems"):
        return st.tuples(*(_values(item, definitions) for item in items)).map(list)
    if schema.get("type") == "array":
        return st.lists(_values(schema["items"], definitions), max_size=2, unique_by=_key)
    if schema.get("type") == "object":
        return _object(schema, definitions)
    return st.sampled_from(schema["enum"]) if "enum" in schema else _VALUES[schema.get("title", "text")]


def _object(schema: dict[str, Any], definitions: dict[str, Any]) -> st.SearchStrategy[Any]:
    fields = {name: _values(field, definitions) for name, field in schema["properties"].items()}
    needed = {name: field for name, field in fields.items() if name in schema.get("required", ())}
    optional = {name: field for name, field in fields.items() if name not in needed}
    return st.fixed_dictionaries(needed, optional=optional)


def _key(part: Any) -> str:
    return str(part.get("id") or part.get("file") or part) if isinstance(part, dict) else str(part)
