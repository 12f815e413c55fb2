"""Content lines (RFC 5545 section 3.1): the properties in a file, each with the line at which it begins.

Reading never fails. Whatever the octets are, all that can be told apart becomes `ContentLine`s,
and each fault of form a `Fault` at its place. In order:

1. the charset, if it is a wide one; the byte order mark;
2. physical lines, and what is amiss with them (`form.py`);
3. logical lines: unfolded as octets, as a fold may stand within a character, then decoded;
4. names, parameters and values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.ics.charset import to_utf8
from publisher.ics.faults import Fault, and_more
from publisher.ics.form import faults_of_form, physical_lines
from publisher.linting.charset import guessed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["ContentLine", "Fault", "read_lines"]

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_NONE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
_NAME: Final = re.compile(r"[A-Za-z0-9-]+")
# Up to the first colon outside quotation marks.
_HEAD: Final = re.compile(r'(?:[^":]|"[^"]*")*+(?=:)')
_VALUE: Final = r'(?:"[^"]*"|[^";,]*)'
_PARAMETER: Final = re.compile(rf";([A-Za-z0-9-]+)=({_VALUE}(?:,{_VALUE})*)")
_VALUES: Final = re.compile(rf"(?:^|,)({_VALUE})")
_CARET: Final = re.compile(r"\^([n^'])")
_CARETS: Final = {"n": "\n", "^": "^", "'": '"'}  # RFC 6868 section 3.1
_LONGEST_HEAD_KEPT: Final = 200


@dataclass(frozen=True, slots=True)
class ContentLine:
    """A property with its parameters and its value, or the BEGIN or END of a component."""

    #: In upper case.
    name: str
    #: Names in upper case; values without their quotation marks, RFC 6868 decoded.
    parameters: Mapping[str, tuple[str, ...]]
    #: As written: unfolded, but not unescaped.
    value: str
    #: The physical line, from 1, at which it begins.
    number: int


def read_lines(data: bytes) -> tuple[list[ContentLine], list[Fault]]:
    """All content lines of a file, and what is amiss with their form, in the order of lines."""
    faults: list[Fault] = []
    data, wide = to_utf8(data)
    if wide:
        faults.append(_not_utf8(1, 1, wide))
    elif data.startswith(_BYTE_ORDER_MARK):
        data = data.removeprefix(_BYTE_ORDER_MARK)
        faults.append(_marked())
    physical = physical_lines(data)
    if data:
        faults += faults_of_form(data, physical)
    lines = [line for line in _content_lines(physical, faults) if line]
    faults.sort(key=lambda fault: (fault.line, fault.column))
    return lines, faults


def _marked() -> Fault:
    message = "expected 'BEGIN:VCALENDAR', got a byte order mark before it"
    return Fault(1, 1, "byte-order-mark", message, "save the file as UTF-8 without a byte order mark")


def _not_utf8(line: int, column: int, found: str, more: str = "") -> Fault:
    message = f"expected UTF-8, got what looks like {found}{more}"
    return Fault(line, column, "not-utf-8", message, "save the file as UTF-8")


def _content_lines(physical: Iterable[bytes], faults: list[Fault]) -> Iterator[ContentLine | None]:
    misread: list[tuple[int, int, str]] = []
    for number, octets in _unfolded(physical):
        try:
            text = octets.decode()
        except UnicodeDecodeError as error:
            text, charset = guessed(octets)
            misread.append((number, error.start + 1, charset))
        yield _content_line(text, number, faults)
    if misread:
        faults.append(_not_utf8(*misread[0], and_more([number for number, *_ in misread])))


def _unfolded(physical: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Each logical line that is not blank, with the number of its first physical one."""
    start, parts = 0, [b""]
    for number, line in enumerate(physical, 1):
        if start and line[:1] in {b" ", b"\t"}:
            parts.append(line[1:])
            continue
        if parts[0]:
            yield start, b"".join(parts) if len(parts) > 1 else parts[0]
        start, parts = number, [line]
    if parts[0]:
        yield start, b"".join(parts) if len(parts) > 1 else parts[0]


def _content_line(text: str, number: int, faults: list[Fault]) -> ContentLine | None:
    """The property that a logical line tells; nothing where there is none to be told."""
    head, colon, value = text.partition(":")
    if '"' in head and (whole := _HEAD.match(text)):
        head, colon, value = whole[0], ":", text[whole.end() + 1 :]
    if not colon:
        faults.append(_without_colon(text, number))
        return None
    parse = _parsed if len(head) <= _LONGEST_HEAD_KEPT else _parsed.__wrapped__
    name, parameters, amiss = parse(head)
    if amiss:
        faults.append(Fault(number, 1, *amiss))
    return ContentLine(name, parameters, value, number)


def _without_colon(text: str, number: int) -> Fault:
    message = f"expected a property with a colon, got {quoted(text)}"
    hint = (
        "begin the line with a space if it goes on from the one before; write a line break in a text as \\n"
    )
    return Fault(number, 1, "line-without-colon", message, hint)


@lru_cache(maxsize=4096)
def _parsed(head: str) -> tuple[str, Mapping[str, tuple[str, ...]], tuple[str, str, str] | None]:
    """What precedes the colon: a name, its parameters, and what is amiss as (code, message, hint)."""
    name, semicolon, rest = head.partition(";")
    if not _NAME.fullmatch(name):
        message = f"expected the name of a property, got {quoted(name)}"
        amiss = ("bad-name", message, "write letters, digits and hyphens only, no space before or after it")
        return name.strip().upper(), _parameters(rest), amiss
    if not semicolon:
        return name.upper(), _NONE, None
    covered = sum(len(found[0]) for found in _PARAMETER.finditer(f";{rest}"))
    sound = covered == len(rest) + 1 and not _bare_quotes(rest)
    return name.upper(), _parameters(rest), None if sound else _bad_parameter(rest)


def _bare_quotes(rest: str) -> bool:
    """Whether a quotation mark stands elsewhere than around a whole value."""
    return '"' in re.sub(r'(?<=[=,])"[^"]*"(?=[;,]|$)', "", rest)


def _bad_parameter(rest: str) -> tuple[str, str, str]:
    message = f"expected parameters such as TZID=Asia/Almaty, got {quoted(rest)}"
    return (
        "bad-parameter",
        message,
        'write NAME=value, with "quotation marks" around a value that holds : ; or ,',
    )


def _parameters(rest: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, values in _PARAMETER.findall(f";{rest}"):
        key = name.upper()
        found[key] = found.get(key, ()) + tuple(map(_plain, _VALUES.findall(values)))
    return MappingProxyType(found) if found else _NONE


def _plain(value: str) -> str:
    if value.startswith('"'):
        value = value[1:-1]
    return _CARET.sub(lambda match: _CARETS[match[1]], value) if "^" in value else value
