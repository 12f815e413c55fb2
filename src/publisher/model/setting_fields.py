"""The types of settings: each reads what an operator wrote in publisher.toml, or says what it expected."""

from __future__ import annotations

import re
import unicodedata
from datetime import time, timedelta
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Tag,
    WithJsonSchema,
)

from publisher.diagnostics import quoted
from publisher.model.characters import find_control, not_text
from publisher.model.readers import fault, reads, zone_name
from publisher.model.urls import is_this_machine, read_url

if TYPE_CHECKING:
    from pydantic_core import PydanticCustomError

_AUTHORITY = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?,\d{4}(?:-\d{2}(?:-\d{2})?)?", re.ASCII)
_DURATION = re.compile(r"(\d{1,4}) ?([smhd])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
#: The days of the week as they are written, in the order of ISO 8601.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Instead of a zone: each reader's own.
READER = "reader"
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")


class Section(BaseModel):
    """A table of publisher.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _fault(message: str, hint: str) -> PydanticCustomError:
    return fault("invalid-setting", message, hint)


def fault_in(field: str, message: str, hint: str) -> Exception:
    """A fault of a whole table, to be placed at one of its settings: `day`, `lists.weekly.languages`."""
    error = _fault(message, hint)
    assert error.context is not None  # noqa: S101 -- it was just given one
    error.context["field"] = field
    return error


def _text(value: str) -> str:
    """Text as one line of it goes into calendars, feeds and mail headers."""
    text = unicodedata.normalize("NFC", value)
    at = next((n for n, character in enumerate(text) if character in "\n\t"), find_control(text))
    if at is not None:
        raise _fault(not_text(text[at]), "write one line, without escapes")
    if not text:
        raise _fault("expected text, got none", "write it, or delete the line")
    return text


def _url(value: str) -> str:
    try:
        url = read_url(value.rstrip("/"))
    except ValueError as error:
        raise _fault(str(error), "write it like https://news.example.org") from None
    if "?" in url or "#" in url:
        raise _fault(f"expected an address without ? and #, got {quoted(value)}", "leave them out")
    return url


def _hub(value: str) -> str:
    """A hub's address as it is, its query and a final slash included: both ends compare it as text.

    No message quotes it: it may hold what only its owner knows.
    """
    try:
        url = read_url(value)
    except ValueError:
        message = "expected a web address with a host, without spaces, user name and password"
        raise _fault(message, "write it like https://hub.example.org/") from None
    parts = urlsplit(url)
    if "#" in url:
        raise _fault("expected an address without #", "leave out what begins with it")
    if parts.scheme != "https" and not is_this_machine(parts.hostname or ""):
        raise _fault("expected an address that begins with https://", "write https://, or take another hub")
    return url


def _authority(value: str) -> str:
    if not _AUTHORITY.fullmatch(value):
        message = f"expected a host and a date (RFC 4151), got {quoted(value)}"
        raise _fault(message, "write it like news.example.org,2026")
    return value


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match:
        hint = "write it like '10m' or '1h' (s, m, h, d)"
        raise _fault(f"expected a duration, got {quoted(value)}", hint)
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _clock(value: object) -> time:
    if isinstance(value, time) and value.tzinfo is None:  # TOML's own notation, without quotes
        return value.replace(second=0, microsecond=0)
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise _fault(f"expected a time of day, got {quoted(value)}", "write it like '08:00'")
    return time(int(match[1]), int(match[2]))


def _day(value: object) -> int | str:
    if value in WEEKDAYS or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 31):  # noqa: PLR2004 -- no month is longer
        return value
    hint = "write 'mon' for a weekly list, 1 for a monthly one"
    raise _fault(f"expected a day of the week or of the month, got {quoted(value)}", hint)


def _zone_or_reader(value: str) -> str:
    return value if value == READER else zone_name(value)


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise _fault(f"expected a language code, got {quoted(value)}", "write it like 'kk'")
    return value


def _file(value: str) -> str:
    if not _FILE.fullmatch(value):
        message = f"expected the path of a file below the theme's assets/, got {quoted(value)}"
        raise _fault(message, "write it like 'logo.svg'")
    return value


def _shape_of_title(value: object) -> str:
    return "<languages>" if isinstance(value, dict) else "<text>"


def _named(title: str, type_: str = "string") -> WithJsonSchema:
    return WithJsonSchema({"title": title, "type": type_})


Text = Annotated[str, AfterValidator(_text), _named("text")]
Language = Annotated[str, AfterValidator(_language), _named("language code")]
Texts = Annotated[dict[Language, Text], _named("text for each language: title.en, title.ru", "object")]
Title = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[Texts, Tag("<languages>")], Discriminator(_shape_of_title)
]
Address = Annotated[str, AfterValidator(_url), _named("web address")]
Hub = Annotated[str, AfterValidator(_hub), _named("web address")]
Authority = Annotated[str, AfterValidator(_authority), _named("host and date")]
Duration = Annotated[timedelta, BeforeValidator(_duration), _named("duration: 30s, 10m, 1h or 1d")]
ThemeFile = Annotated[str, AfterValidator(_file), _named("path")]
Clock = Annotated[time, BeforeValidator(_clock), _named("time of day: 08:00")]
Day = Annotated[int | str, BeforeValidator(_day), _named("day of the week (mon) or of the month (1)")]
ZoneOrReader = Annotated[
    str, reads(_zone_or_reader, "invalid-setting"), _named("IANA time zone, or 'reader'")
]
