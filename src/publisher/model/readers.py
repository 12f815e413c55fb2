"""How the text of a field is read: each function takes what a curator wrote, or says what it expected.

A plain function raises ValueError, perhaps with a `hint`; `reads` makes of it a
coded pydantic error, which `content.schema_faults` turns into a diagnostic.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import time
from typing import TYPE_CHECKING, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from publisher.diagnostics import quoted
from publisher.zones import UnknownZone, zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from publisher.model.when import When

_NUMBER = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,12})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,5}", re.ASCII)
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def fault(code: str, message: str, hint: str) -> PydanticCustomError:
    """A finding about one value, to be placed at the value's line."""
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})


def is_blank(value: object) -> bool:
    """Whether there is nothing where a value could be."""
    return isinstance(value, str) and not value.strip()


def text(value: object) -> str:
    """Text that can be seen, composed (NFC), without blanks around it."""
    if not isinstance(value, str):
        hint = "write one value, not a list or a mapping"
        raise fault("not-text", f"expected text, got {quoted(value)}", hint)
    composed = unicodedata.normalize("NFC", value).strip()
    if not any(unicodedata.category(character)[0] in "LNPS" for character in composed):
        raise fault("empty-text", "expected text that can be seen, got none", "write it, or delete the line")
    return composed


def one_line(most: int) -> BeforeValidator:
    """Reads text as one line of at most so many characters."""

    def read(value: object) -> str:
        return _bounded(" ".join(text(value).split()), most, "shorten it")

    return BeforeValidator(read)


def paragraph(most: int) -> BeforeValidator:
    """Reads text of at most so many characters."""

    def read(value: object) -> str:
        return _bounded(text(value), most, "move it to the body")

    return BeforeValidator(read)


def _bounded(value: str, most: int, hint: str) -> str:
    if len(value) > most:
        raise fault("too-long", f"expected at most {most} characters, got {len(value)}", hint)
    return value


def reads(read: Callable[[str], object], code: str, hint: str = "") -> BeforeValidator:
    """Lets a plain function that raises ValueError (with a `hint`, perhaps) read a field's text."""

    def validate(value: object) -> object:
        if value is not None and not isinstance(value, str | list | dict):
            return value  # made by this program, not written by a person
        if not isinstance(value, str):
            return text(value)
        try:
            return read(value.strip())
        except ValueError as error:
            raise fault(code, str(error), getattr(error, "hint", "") or hint) from None

    return BeforeValidator(validate)


def matching(pattern: re.Pattern[str], expected: str) -> Callable[[str], str]:
    """Reads what a pattern fits as a whole."""

    def read(written: str) -> str:
        if not pattern.fullmatch(written):
            raise ValueError(f"expected {expected}, got {quoted(written)}")
        return written

    return read


class _NoZone(ValueError):
    hint = ""


def zone_name(written: str) -> str:
    """The name of a time zone."""
    try:
        zone(written)
    except UnknownZone as error:
        unknown = _NoZone(f"unknown time zone {quoted(written)}")
        if error.matches:
            unknown.hint = f"did you mean {' or '.join(quoted(match) for match in error.matches)}?"
        raise unknown from None
    return written


def number(low: float, high: float) -> Callable[[str], float]:
    """Reads a decimal number within bounds."""

    def read(written: str) -> float:
        if not _NUMBER.fullmatch(written) or not low <= float(written) <= high:
            raise ValueError(f"expected a number from {low:g} to {high:g}, got {quoted(written)}")
        return float(written)

    return read


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number within bounds."""

    def read(written: str) -> int:
        if not _WHOLE.fullmatch(written) or not low <= int(written) <= high:
            raise ValueError(f"expected a whole number from {low} to {high}, got {quoted(written)}")
        return int(written)

    return read


def flag(written: str) -> bool:
    """True or false, yes or no."""
    if written.lower() not in _FLAGS:
        raise ValueError(f"expected true or false, got {quoted(written)}")
    return _FLAGS[written.lower()]


def pair(value: object) -> object:
    """Two values: a latitude and a longitude."""
    if not isinstance(value, list | tuple) or len(value) != 2:  # noqa: PLR2004 -- it is a pair
        got = f"a list of {len(value)}" if isinstance(value, list) else quoted(value)
        hint = "write it like [43.24, 76.95]"
        raise fault("invalid-geo", f"expected a latitude and a longitude, got {got}", hint)
    return value


def written_end(value: When | time) -> str:
    """An end as a curator writes it."""
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def as_list(value: Any) -> Any:
    """Lets a field that may be one or many be written either way."""
    return value if isinstance(value, list | tuple) or value is None else [value]
