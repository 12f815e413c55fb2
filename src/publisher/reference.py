"""Writes the parts of docs/reference/ that say what the definitions of records and settings say.

`python -m publisher.reference` rewrites them: the JSON Schemas of all kinds and
their translations, and in the documents whatever stands between
`<!-- fields: ... -->` or `<!-- settings: ... -->` and `<!-- end of ... -->`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publisher.config import Config
from publisher.model.fields import model_in
from publisher.model.json_schema import json_schema
from publisher.model.records import RECORD_TYPES, Record
from publisher.model.translation import KEYS, translation_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from publisher.model.fields import AnyModel, Model

FOLDER = Path("docs/reference")
DOCUMENTS = ("content.md", "configuration.md")
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: Not in the front matter, but below it.
_BODY = frozenset({"body"})
_PART = re.compile(r"<!-- (fields|settings): (\S+) -->\n.*?<!-- end of \1 -->\n", re.DOTALL)


def schemas() -> Iterator[tuple[str, str]]:
    """The name and text of the JSON Schema of each kind's front matter, and of its translations'."""
    for kind, model in RECORD_TYPES.items():
        yield f"{kind}.json", _schema_text(model)
        yield f"{kind}.translation.json", _schema_text(translation_type(model))


def _schema_text(model: AnyModel) -> str:
    schema = {"$schema": _DIALECT} | json_schema(model, leave_out=_BODY)
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def rewritten(document: str) -> str:
    """A document with its generated parts made anew."""
    return _PART.sub(lambda match: _part(match[1], match[2]), document)


def _part(sort: str, name: str) -> str:
    table = fields(record_models()[name]) if sort == "fields" else settings(name)
    return f"<!-- {sort}: {name} -->\n\n{table}\n<!-- end of {sort} -->\n"


def record_models() -> dict[str, type[Model]]:
    """Every model that records are made of, by the name of its heading: kinds, `record`, and their parts."""
    found: dict[str, type[Model]] = {"record": Record}
    found |= {str(kind): model for kind, model in RECORD_TYPES.items()}
    for model in RECORD_TYPES.values():
        found |= {_heading(part.__name__): part for part in _parts(model)}
    return found


def _parts(model: type[Model]) -> Iterator[type[Model]]:
    for info in model.model_fields.values():
        part: Any = model_in(info.annotation)
        if part is not None:
            yield part
            yield from _parts(part)


def _heading(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def fields(model: type[Model]) -> str:
    """A table of a model's fields; a kind's own, without those that every record has."""
    schema = json_schema(model, leave_out=_BODY)
    translated = translation_type(model).model_fields.keys() - KEYS.keys()
    common = Record.model_fields.keys() if issubclass(model, Record) and model is not Record else set()
    lines = ["| field | value | meaning | translated |", "|---|---|---|---|"]
    for name, field in schema["properties"].items():
        if name not in common:
            shown = f"**`{name}`**" if name in schema.get("required", ()) else f"`{name}`"
            mark = "yes" if name in translated else ""
            lines.append(f"| {shown} | {_value(field, schema)} | {_meaning(field, schema)} | {mark} |")
    return "\n".join(lines) + "\n"


def settings(section: str) -> str:
    """A table of the settings of a section of publisher.toml."""
    model = model_in(Config.model_fields[section].annotation)
    assert model is not None  # noqa: S101 -- every section is a table
    schema = json_schema(model)
    lines = ["| setting | value | meaning |", "|---|---|---|"]
    for name, field in schema["properties"].items():
        shown = f"**`{name}`**" if name in schema.get("required", ()) else f"`{name}`"
        lines.append(f"| {shown} | {_value(field, schema)} | {_meaning(field, schema)} |")
    return "\n".join(lines) + "\n"


def _meaning(field: dict[str, Any], schema: dict[str, Any]) -> str:
    text = field.get("description") or _resolved(field, schema).get("description", "")
    if (default := field.get("default")) is None:
        return str(text)
    return f"{text} Default: {_plain(default)}."


def _plain(default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    text = ", ".join(map(str, default)) if isinstance(default, list) else str(default)
    return re.sub(r"(\d\d:\d\d):00", r"\1", text)  # a time of day as it is written


def _value(field: dict[str, Any], schema: dict[str, Any]) -> str:
    """What a value is, in words."""
    for keyword, describe in _DESCRIBED.items():
        if keyword in field:
            return describe(field[keyword], schema)
    return str(field.get("title") or _TYPES.get(field["type"], "text"))


def _reference(reference: str, schema: dict[str, Any]) -> str:
    words = _resolved({"$ref": reference}, schema).get("enum")
    heading = _heading(reference.rpartition("/")[2])
    return _choice(words, schema) if words else f"[{heading.replace('-', ' ')}](#{heading})"


def _choice(words: list[str], schema: dict[str, Any]) -> str:
    del schema
    return ", ".join(f"`{word}`" for word in words)


#: Type of a schema -> what to say of a value of it.
_TYPES = {"integer": "number", "boolean": "true or false"}
#: Keyword of a schema -> what to say of a value that has it.
_DESCRIBED: dict[str, Callable[[Any, dict[str, Any]], str]] = {
    "$ref": _reference,
    "enum": _choice,
    "prefixItems": lambda items, schema: f"[{', '.join(_value(item, schema) for item in items)}]",
    "anyOf": lambda choices, schema: f"{_value(choices[0], schema)}, or a list of such",
    "oneOf": lambda choices, schema: " or ".join(_value(choice, schema) for choice in choices),
    "items": lambda item, schema: f"list: {_value(item, schema)}",
}


def _resolved(field: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = field.get("$ref", "")
    found: dict[str, Any] = schema["$defs"][reference.rpartition("/")[2]] if reference else field
    return found


def write(folder: Path) -> None:
    """Write everything that is generated into a folder of reference documents."""
    (folder / "schemas").mkdir(parents=True, exist_ok=True)
    for name, text in schemas():
        (folder / "schemas" / name).write_text(text, "utf-8")
    for name in DOCUMENTS:
        document = (folder / name).read_text("utf-8")
        (folder / name).write_text(rewritten(document), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
