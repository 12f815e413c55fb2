"""The types of record fields: each reads the text a curator wrote, or says what it expected.

YAML hands every scalar over as text; these types, not YAML, decide what a
value is, so `no`, `010` and `12:30` are no traps. A fault is raised as a
coded pydantic error, which `content.schema` turns into a diagnostic. The
`title` in a type's JSON Schema is its name in docs/reference/content.md.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import time
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

from publisher.diagnostics import quoted
from publisher.model.urls import MAX_URL, read_url
from publisher.model.when import FIRST_YEAR, LAST_YEAR, When, parse_end
from publisher.zones import UnknownZone, zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

#: Marks a field whose text a reader sees, so that a translation may give it in another language.
TRANSLATABLE = "translatable"

MAX_ID = 80
MAX_LINE = 300
MAX_TEXT = 5_000
MAX_LIST = 500
MAX_COUNT = 10_000

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
#: Names that some file system or web server treats specially.
_RESERVED = frozenset({
    "con", "prn", "aux", "nul", "index", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10)),
})  # fmt: skip
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(
    rf"(?=.{{3,254}}\Z)[A-Za-z0-9_%+](?:[A-Za-z0-9._%+-]{{0,62}}[A-Za-z0-9_%+-])?@{_LABEL}(?:\.{_LABEL}){{1,8}}"
)
_COUNTRY = re.compile(r"[A-Z]{2}")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,12})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,5}", re.ASCII)
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


class Model(BaseModel):
    """The base of all record parts: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _blanks_say_nothing(cls, values: Any) -> Any:
        """A field with nothing behind it is as if it were not there; an unknown one stays, to be told."""
        if not isinstance(values, dict):
            return values
        names = {info.alias or name for name, info in cls.model_fields.items()}
        return {name: value for name, value in values.items() if name not in names or not is_blank(value)}


#: A model itself, not one of its instances.
AnyModel: TypeAlias = type[BaseModel]


def model_in(annotation: Any) -> AnyModel | None:
    """The model that an annotation is about, below lists, alternatives and remarks; None if there is none."""
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, BaseModel) else None
    return next((found for found in map(model_in, get_args(annotation)) if found is not None), None)


def fault(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """A finding about one value, to be placed at the value's line."""
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})


# Text


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise fault(
            "not-text", f"expected text, got {quoted(value)}", "write one value, not a list or a mapping"
        )
    text = unicodedata.normalize("NFC", value).strip()
    if not any(unicodedata.category(character)[0] in "LNPS" for character in text):
        raise fault("empty-text", "expected text that can be seen, got none", "write it, or delete the line")
    return text


def is_blank(value: object) -> bool:
    """Whether there is nothing where a value could be."""
    return isinstance(value, str) and not value.strip()


def _one_line(value: object) -> str:
    text = " ".join(_text(value).split())
    if len(text) > MAX_LINE:
        raise fault("too-long", f"expected at most {MAX_LINE} characters, got {len(text)}", "shorten it")
    return text


def _paragraph(value: object) -> str:
    text = _text(value)
    if len(text) > MAX_TEXT:
        raise fault(
            "too-long", f"expected at most {MAX_TEXT} characters, got {len(text)}", "move it to the body"
        )
    return text


# Everything else: a plain function reads the text, and raises ValueError with what it expected


def _reads(read: Callable[[str], object], code: str, hint: str = "") -> BeforeValidator:
    """Lets a plain function that raises ValueError (with a `hint`, perhaps) read a field's text."""

    def validate(value: object) -> object:
        if value is not None and not isinstance(value, str | list | dict):
            return value  # made by this program, not written by a person
        if not isinstance(value, str):
            return _text(value)
        try:
            return read(value.strip())
        except ValueError as error:
            raise fault(code, str(error), getattr(error, "hint", "") or hint) from None

    return BeforeValidator(validate)


def read_id(text: str) -> str:
    """A permanent name: lower-case ASCII letters, digits, single hyphens; it becomes an address."""
    if not _ID.fullmatch(text) or len(text) > MAX_ID:
        expected = f"expected lower-case letters, digits and single hyphens (at most {MAX_ID})"
        raise ValueError(f"{expected}, got {quoted(text)}")
    if text in _RESERVED:
        raise ValueError(f"expected a name that file systems and web servers leave free, got {quoted(text)}")
    return text


def _pattern(pattern: re.Pattern[str], expected: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(f"expected {expected}, got {quoted(text)}")
        return text

    return read


class _UnknownZone(ValueError):
    hint = ""


def _read_zone(text: str) -> str:
    try:
        zone(text)
    except UnknownZone as error:
        unknown = _UnknownZone(f"unknown time zone {quoted(text)}")
        if error.matches:
            unknown.hint = f"did you mean {' or '.join(quoted(match) for match in error.matches)}?"
        raise unknown from None
    return text


def _read_number(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        if not _NUMBER.fullmatch(text) or not low <= float(text) <= high:
            raise ValueError(f"expected a number from {low:g} to {high:g}, got {quoted(text)}")
        return float(text)

    return read


def _read_count(text: str) -> int:
    if not _WHOLE.fullmatch(text) or not 1 <= int(text) <= MAX_COUNT:
        raise ValueError(f"expected a whole number from 1 to {MAX_COUNT}, got {quoted(text)}")
    return int(text)


def _read_flag(text: str) -> bool:
    if text.lower() not in _FLAGS:
        raise ValueError(f"expected true or false, got {quoted(text)}")
    return _FLAGS[text.lower()]


def _pair(value: object) -> object:
    if not isinstance(value, list | tuple) or len(value) != 2:  # noqa: PLR2004 -- latitude and longitude
        got = f"a list of {len(value)}" if isinstance(value, list) else quoted(value)
        raise fault(
            "invalid-geo", f"expected a latitude and a longitude, got {got}", "write it like [43.24, 76.95]"
        )
    return value


def _write_end(value: When | time) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def as_list(value: Any) -> Any:
    """Lets a field that may be one or many be written either way."""
    return value if isinstance(value, list | tuple) or value is None else [value]


class OneOrMany:
    """Marks a tuple that may also be written as its only member."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(as_list, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        many = handler(schema)
        return {"anyOf": [many["items"], many]}


# The types, by the names that records use


def _schema(title: str, **keywords: object) -> WithJsonSchema:
    return WithJsonSchema({"title": title, "type": "string"} | keywords)


_SEEN = Field(json_schema_extra={TRANSLATABLE: True})
_STRING = PlainSerializer(str, return_type=str)
_DATE = r"\d{4}(-\d{2}(-\d{2}([ T]\d{2}:\d{2})?)?)?"
# An editor's YAML reads a year alone as a number.
_YEAR = {"type": ["string", "integer"], "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
_LINE = _schema("line of text", maxLength=MAX_LINE)

Line = Annotated[str, BeforeValidator(_one_line), _LINE]
SeenLine = Annotated[str, BeforeValidator(_one_line), _LINE, _SEEN]
SeenText = Annotated[str, BeforeValidator(_paragraph), _schema("text", maxLength=MAX_TEXT), _SEEN]
Id = Annotated[
    str,
    _reads(read_id, "invalid-id", "write it like 'autumn-school-2027'"),
    _schema("id", pattern=f"^{_ID.pattern}$", maxLength=MAX_ID),
]
Url = Annotated[
    str,
    _reads(
        read_url, "invalid-url", "write the whole address, as the browser shows it: https://example.org/page"
    ),
    _schema("web address", format="uri", pattern="^https?://", maxLength=MAX_URL),
]
Email = Annotated[
    str,
    _reads(_pattern(_EMAIL, "a plain e-mail address"), "invalid-email", "write it like office@example.org"),
    _schema("e-mail address", format="email"),
]
Zone = Annotated[
    str,
    _reads(_read_zone, "unknown-timezone", "use an IANA name such as 'Asia/Almaty'"),
    _schema("time zone", examples=["Asia/Almaty", "Europe/Berlin", "UTC", "AoE"]),
]
Country = Annotated[
    str,
    _reads(
        _pattern(_COUNTRY, "a country code of two capital letters (ISO 3166)"),
        "invalid-country",
        "write it like KZ",
    ),
    _schema("country code", pattern="^[A-Z]{2}$"),
]
Colour = Annotated[
    str,
    _reads(
        _pattern(_COLOUR, "a colour of six hexadecimal digits"),
        "invalid-colour",
        "write it like '#005a9c', in quotes",
    ),
    _schema("colour", pattern=f"^{_COLOUR.pattern}$"),
]
FileName = Annotated[
    str,
    _reads(
        _pattern(_FILE, "a file name of ASCII letters, digits, dots, hyphens and underscores"),
        "invalid-file",
        "put the file beside the record, and write its name alone",
    ),
    _schema("file name", pattern=f"^{_FILE.pattern}$"),
]
Flag = Annotated[
    bool, _reads(_read_flag, "invalid-flag", "write true or false"), _schema("true or false", type="boolean")
]
Count = Annotated[
    int,
    _reads(_read_count, "invalid-number", "write the number in digits"),
    _schema("number", type="integer", minimum=1, maximum=MAX_COUNT),
]
Latitude = Annotated[
    float,
    _reads(_read_number(-90, 90), "invalid-number", "give the latitude first, then the longitude"),
    _schema("latitude", type="number", minimum=-90, maximum=90),
]
Longitude = Annotated[
    float,
    _reads(_read_number(-180, 180), "invalid-number", "give the latitude first, then the longitude"),
    _schema("longitude", type="number", minimum=-180, maximum=180),
]
Geo = Annotated[tuple[Latitude, Longitude], BeforeValidator(_pair)]
Moment = Annotated[
    When, _reads(When.parse, "invalid-date"), _STRING, _schema("date or time", pattern=f"^{_DATE}$", **_YEAR)
]
End = Annotated[
    When | time,
    _reads(parse_end, "invalid-date"),
    PlainSerializer(_write_end, return_type=str),
    _schema("date, time or time of day", pattern=rf"^(\d{{1,2}}:\d{{2}}|{_DATE})$", **_YEAR),
]
