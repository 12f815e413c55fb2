"""The types of record fields: each reads the text a curator wrote, or says what it expected.

YAML hands every scalar over as text; these types, not YAML, decide what a
value is, so `no`, `010` and `12:30` are no traps. The `title` in a type's JSON
Schema is its name in docs/reference/content.md.
"""

from __future__ import annotations

import re
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
from pydantic_core import core_schema

from publisher.diagnostics import quoted
from publisher.model.readers import (
    as_list,
    flag,
    is_blank,
    matching,
    number,
    one_line,
    pair,
    paragraph,
    reads,
    whole_number,
    written_end,
    zone_name,
)
from publisher.model.urls import MAX_URL, read_url
from publisher.model.when import FIRST_YEAR, LAST_YEAR, When, parse_end

if TYPE_CHECKING:
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


def read_id(text: str) -> str:
    """A permanent name: lower-case ASCII letters, digits, single hyphens; it becomes an address."""
    if not _ID.fullmatch(text) or len(text) > MAX_ID:
        expected = f"expected lower-case letters, digits and single hyphens (at most {MAX_ID})"
        raise ValueError(f"{expected}, got {quoted(text)}")
    if text in _RESERVED:
        raise ValueError(f"expected a name that file systems and web servers leave free, got {quoted(text)}")
    return text


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

Line = Annotated[str, one_line(MAX_LINE), _LINE]
SeenLine = Annotated[str, one_line(MAX_LINE), _LINE, _SEEN]
SeenText = Annotated[str, paragraph(MAX_TEXT), _schema("text", maxLength=MAX_TEXT), _SEEN]
Id = Annotated[
    str,
    reads(read_id, "invalid-id", "write it like 'autumn-school-2027'"),
    _schema("id", pattern=f"^{_ID.pattern}$", maxLength=MAX_ID),
]
Url = Annotated[
    str,
    reads(
        read_url, "invalid-url", "write the whole address, as the browser shows it: https://example.org/page"
    ),
    _schema("web address", format="uri", pattern="^https?://", maxLength=MAX_URL),
]
Email = Annotated[
    str,
    reads(matching(_EMAIL, "a plain e-mail address"), "invalid-email", "write it like office@example.org"),
    _schema("e-mail address", format="email"),
]
Zone = Annotated[
    str,
    reads(zone_name, "unknown-timezone", "use an IANA name such as 'Asia/Almaty'"),
    _schema("time zone", examples=["Asia/Almaty", "Europe/Berlin", "UTC", "AoE"]),
]
Country = Annotated[
    str,
    reads(
        matching(_COUNTRY, "a country code of two capital letters (ISO 3166)"),
        "invalid-country",
        "write it like KZ",
    ),
    _schema("country code", pattern="^[A-Z]{2}$"),
]
Colour = Annotated[
    str,
    reads(
        matching(_COLOUR, "a colour of six hexadecimal digits"),
        "invalid-colour",
        "write it like '#005a9c', in quotes",
    ),
    _schema("colour", pattern=f"^{_COLOUR.pattern}$"),
]
FileName = Annotated[
    str,
    reads(
        matching(_FILE, "a file name of ASCII letters, digits, dots, hyphens and underscores"),
        "invalid-file",
        "put the file beside the record, and write its name alone",
    ),
    _schema("file name", pattern=f"^{_FILE.pattern}$"),
]
Flag = Annotated[
    bool, reads(flag, "invalid-flag", "write true or false"), _schema("true or false", type="boolean")
]
Count = Annotated[
    int,
    reads(whole_number(1, MAX_COUNT), "invalid-number", "write the number in digits"),
    _schema("number", type="integer", minimum=1, maximum=MAX_COUNT),
]
Latitude = Annotated[
    float,
    reads(number(-90, 90), "invalid-number", "give the latitude first, then the longitude"),
    _schema("latitude", type="number", minimum=-90, maximum=90),
]
Longitude = Annotated[
    float,
    reads(number(-180, 180), "invalid-number", "give the latitude first, then the longitude"),
    _schema("longitude", type="number", minimum=-180, maximum=180),
]
Geo = Annotated[tuple[Latitude, Longitude], BeforeValidator(pair)]
Moment = Annotated[
    When, reads(When.parse, "invalid-date"), _STRING, _schema("date or time", pattern=f"^{_DATE}$", **_YEAR)
]
End = Annotated[
    When | time,
    reads(parse_end, "invalid-date"),
    PlainSerializer(written_end, return_type=str),
    _schema("date, time or time of day", pattern=rf"^(\d{{1,2}}:\d{{2}}|{_DATE})$", **_YEAR),
]
