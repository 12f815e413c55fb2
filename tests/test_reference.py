"""docs/reference/ says what the program's own definitions say, and what it shows is so."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from publisher import config, reference
from publisher.content.files import read
from publisher.content.load import decode_all
from publisher.model.fields import Model
from publisher.model.records import RECORD_TYPES, Kind
from publisher.model.translation import translation_type

FOLDER = Path(__file__).parents[1] / "docs/reference"
SCHEMAS = dict(reference.schemas())
_EXAMPLE = re.compile(r"^```\w+ file=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", reference.DOCUMENTS)
def test_the_tables_are_those_of_the_definitions(name: str) -> None:
    """If not: `python -m publisher.reference` writes them anew."""
    document = (FOLDER / name).read_text("utf-8")

    assert document == reference.rewritten(document)


def test_the_schemas_are_those_of_the_definitions() -> None:
    """If not: `python -m publisher.reference` writes them anew."""
    committed = {path.name: path.read_text("utf-8") for path in (FOLDER / "schemas").iterdir()}

    assert committed == SCHEMAS


def test_writing_anew_changes_nothing_else(tmp_path: Path) -> None:
    for name in reference.DOCUMENTS:
        text = (FOLDER / name).read_text("utf-8")
        emptied = re.sub(
            r"(<!-- (?:fields|settings): \S+ -->\n).*?(?=<!-- end)", r"\1", text, flags=re.DOTALL
        )
        (tmp_path / name).write_text(emptied, "utf-8")

    reference.write(tmp_path)

    written = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*.*")}
    assert written == {
        p.relative_to(FOLDER): p.read_bytes()
        for p in FOLDER.rglob("*.*")
        if p.parent.name == "schemas" or p.name in reference.DOCUMENTS
    }


def test_every_model_of_records_has_its_table() -> None:
    text = (FOLDER / "content.md").read_text("utf-8")

    assert sorted(re.findall(r"<!-- fields: (\S+) -->", text)) == sorted(reference.record_models())


def test_every_section_of_the_configuration_has_its_table() -> None:
    text = (FOLDER / "configuration.md").read_text("utf-8")
    shown = re.findall(r"<!-- settings: (\S+) -->", text)

    assert {*shown, "feeds"} == config.Config.model_fields.keys()
    assert reference.settings("feeds") == reference.settings("calendars")


@pytest.mark.parametrize("kind", Kind)
def test_a_schema_has_the_fields_of_its_kind_each_explained(kind: Kind) -> None:
    for name, model in (
        (f"{kind}.json", RECORD_TYPES[kind]),
        (f"{kind}.translation.json", _translation(kind)),
    ):
        schema = json.loads(SCHEMAS[name])
        fields = {info.alias or own for own, info in model.model_fields.items()}

        assert schema["properties"].keys() == fields - {"body"}
        assert [each for each in _objects(schema) if not each.get("description")] == []
        assert [
            (each["title"], field)
            for each in _objects(schema)
            for field, value in each["properties"].items()
            if "description" not in value
        ] == []


def _translation(kind: Kind) -> type[Model]:
    made: Any = translation_type(RECORD_TYPES[kind])
    return made  # type: ignore[no-any-return]  # models are made at run time


def _objects(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in (schema, *schema.get("$defs", {}).values()) if each.get("type") == "object"]


def test_the_records_that_are_shown_are_sound(tmp_path: Path) -> None:
    for path, text in _EXAMPLE.findall((FOLDER / "content.md").read_text("utf-8")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    settings = _shown_configuration()

    content = decode_all(read(tmp_path, settings.site.languages), settings)

    assert content.diagnostics == ()
    assert {kind for kind, _ in (sheet.key for sheet in content.sheets)} == set(Kind) - {
        Kind.PLACE,
        Kind.PAGE,
    }
    assert [sheet.key[1] for sheet in content.sheets if sheet.translations] == ["spring-school-2027"]


def test_the_configuration_that_is_shown_is_sound() -> None:
    assert sorted(_shown_configuration().calendars) == ["water"]


def _shown_configuration() -> config.Config:
    ((_, text),) = _EXAMPLE.findall((FOLDER / "configuration.md").read_text("utf-8"))
    return config.parse(tomllib.loads(text), text)
