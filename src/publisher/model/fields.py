"""The types of record fields: each reads the text a curator wrote, or says what it expected.

YAML hands every scalar over as text; these types, not YAML, decide what a
value is, so `no`, `010` and `12:30` are no traps. A fault is raised as a
coded pydantic error, which `content.schema` turns into a diagnostic.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import time
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from publisher.model.when import When, parse_clock
from publisher.zones import UnknownZone, zone

if TYPE_CHECKING:
    from collections.abc import Callable

#: Marks a field whose text a reader sees, so that a translation may give it in another language.
TRANSLATABLE = "translatable"

MAX_ID = 80
MAX_LINE = 300
MAX_TEXT = 5_000
MAX_LIST = 500

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
#: Names that some file system or web server treats specially.
_RESERVED = frozenset({"con", "prn", "aux", "nul", "index", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))})
_EMAIL = re.compile(r"[A-Za-z0-9._%+][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def fault(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """A finding about one value, to be placed at the value's line."""
    context = {"message": message, "hint": hint}
    return PydanticCustomError(code, "{message}", context)  # type: ignore[arg-type]  # codes are ours


class Model(BaseModel):
    """The base of all record parts: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise fault("not-text", f"expected text, got {_noun(value)}", "write one value, not a list or a mapping")
    return unicodedata.normalize("NFC", value).strip()


def _noun(value: object) -> str:
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else repr(value)


def _reads(read: Callable[[str], object], code: str, hint: str = "") -> BeforeValidator:
    """Lets a plain function that raises ValueError read a field's text."""

    def validate(value: object) -> object:
        if not isinstance(value, str):
            return value if value is not None and not isinstance(value, list | dict) else _text(value)
        try:
            return read(value.strip())
        except ValueError as error:
            raise fault(code, str(error), hint) from None

    return BeforeValidator(validate)


def _one_line(value: object) -> str:
    text = " ".join(_text(value).split())
    if len(text) > MAX_LINE:
        raise fault("too-long", f"expected at most {MAX_LINE} characters, got {len(text)}", "shorten it")
    return text


def _paragraph(value: object) -> str:
    text = _text(value)
    if len(text) > MAX_TEXT:
        raise fault("too-long", f"expected at most {MAX_TEXT} characters, got {len(text)}", "move it to the body")
    return text


def read_id(text: str) -> str:
    """A permanent name: lower-case ASCII letters, digits, single hyphens; it becomes an address."""
    if not _ID.fullmatch(text) or len(text) > MAX_ID:
        raise ValueError(f"expected lower-case letters, digits and single hyphens (at most {MAX_ID}), got '{text[:MAX_ID]}'")
    if text in _RESERVED:
        raise ValueError(f"'{text}' is a name that file systems or web servers keep for themselves")
    return text


def read_url(text: str) -> str:
    """A public web address: http or https, with a host, without a user; nothing a browser would reinterpret."""
    if any(c.isspace() or ord(c) < 0x21 or c in "\\<>\"^`{|}" for c in text):
        raise ValueError(f"expected a web address without spaces or special characters, got {text!r}")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"expected a web address, got '{text}'") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError(f"expected an address that begins with https:// and a host, got '{text}'")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"expected an address without a user name, got '{text}'")
    return text


def _pattern(pattern: re.Pattern[str], expected: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(f"expected {expected}, got '{text}'")
        return text

    return read


def _read_zone(text: str) -> str:
    try:
        zone(text)
    except UnknownZone as error:
        near = getattr(error, "matches", ())
        hint = f"did you mean '{near[0]}'?" if near else "use an IANA name such as 'Asia/Almaty'"
        raise fault("unknown-timezone", f"unknown time zone '{text}'", hint) from None
    return text


def _read_end(text: str) -> When | time:
    try:
        return parse_clock(text)
    except ValueError:
        return When.parse(text)


def _read_number(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            raise ValueError(f"expected a number from {low:g} to {high:g}, got '{text}'")
        return number

    return read


def _read_count(text: str) -> int:
    if not re.fullmatch(r"\d{1,5}", text) or not 1 <= int(text) <= 10_000:
        raise ValueError(f"expected a whole number from 1 to 10000, got '{text}'")
    return int(text)


def _read_flag(text: str) -> bool:
    known = {"true": True, "yes": True, "false": False, "no": False}
    if text.lower() not in known:
        raise ValueError(f"expected true or false, got '{text}'")
    return known[text.lower()]


def _write_end(value: When | time) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


_STRING = PlainSerializer(str, return_type=str)
_AS_WHEN = WithJsonSchema({"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2}([ T]\d{2}:\d{2})?)?)?$"})
_AS_END = WithJsonSchema(
    {"type": "string", "pattern": r"^(\d{1,2}:\d{2}|\d{4}(-\d{2}(-\d{2}([ T]\d{2}:\d{2})?)?)?)$"}
)

_SEEN = Field(json_schema_extra={TRANSLATABLE: True})

Line = Annotated[str, BeforeValidator(_one_line)]
SeenLine = Annotated[str, BeforeValidator(_one_line), _SEEN]
SeenText = Annotated[str, BeforeValidator(_paragraph), _SEEN]
Id = Annotated[
    str,
    _reads(read_id, "invalid-id", "write it like 'autumn-school-2027'"),
    WithJsonSchema({"type": "string", "pattern": f"^{_ID.pattern}$", "maxLength": MAX_ID}),
]
Url = Annotated[
    str, _reads(read_url, "invalid-url", "write the whole address"), WithJsonSchema({"type": "string", "format": "uri", "pattern": "^https?://"})
]
Email = Annotated[
    str,
    _reads(_pattern(_EMAIL, "a plain e-mail address"), "invalid-email"),
    WithJsonSchema({"type": "string", "format": "email"}),
]
Zone = Annotated[str, _reads(_read_zone, "unknown-timezone")]
Country = Annotated[
    str,
    _reads(_pattern(_COUNTRY, "a country code of two capital letters (ISO 3166)"), "invalid-country", "write it like KZ"),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{2}$"}),
]
Colour = Annotated[
    str,
    _reads(_pattern(_COLOUR, "a colour such as #005a9c"), "invalid-colour"),
    WithJsonSchema({"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"}),
]
FileName = Annotated[
    str,
    _reads(_pattern(_FILE, "a file name of ASCII letters, digits, dots and hyphens, beside the record"), "invalid-file"),
]
Flag = Annotated[bool, _reads(_read_flag, "invalid-flag"), WithJsonSchema({"type": "boolean"})]
Count = Annotated[int, _reads(_read_count, "invalid-number"), WithJsonSchema({"type": "integer", "minimum": 1})]
Latitude = Annotated[float, _reads(_read_number(-90, 90), "invalid-number"), WithJsonSchema({"type": "number"})]
Longitude = Annotated[float, _reads(_read_number(-180, 180), "invalid-number"), WithJsonSchema({"type": "number"})]
Moment = Annotated[When, _reads(When.parse, "invalid-date"), _STRING, _AS_WHEN]
End = Annotated[
    When | time, _reads(_read_end, "invalid-date"), PlainSerializer(_write_end, return_type=str), _AS_END
]


def as_list(value: Any) -> Any:
    """Lets a field that may be one or many be written either way."""
    return value if isinstance(value, list) or value is None else [value]
