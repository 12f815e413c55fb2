"""TOML with places: `tomllib` reads it but does not say where a value stands, so its lines are looked at."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from publisher.diagnostics import Diagnostic, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAME = r"""(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)"""
_DOTTED = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*"
_TABLE = re.compile(rf"[ \t]*\[\[?[ \t]*({_DOTTED})[ \t]*\]")
_SETTING = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

#: What tomllib says -> what to do about it.
_HINTS = (
    ("overwrite a value", "delete one of the two"),
    ("declare", "write each [table] once"),
    ("Unterminated", "close the quotation mark"),
    ("Illegal character", "close the quotation on its line, and write no control characters"),
    ("Unclosed", "close the bracket"),
)


def parse(text: str, path: str) -> dict[str, Any] | Diagnostic:
    """The values of a TOML text, or the finding that makes it unreadable."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _unreadable(str(error), text, path)
    except (RecursionError, ValueError):  # brackets without end, a number of thousands of digits
        return Diagnostic(
            Span(path), "invalid-toml", "expected settings, got what cannot be read", "write it anew"
        )


def _unreadable(problem: str, text: str, path: str) -> Diagnostic:
    match = _PLACE.search(problem)
    lines = text.rstrip().split("\n")
    line, column = (match[1], match[2]) if match and match[1] else (len(lines), len(lines[-1]) + 1)
    said = _PLACE.sub("", problem)
    hint = next((hint for about, hint in _HINTS if about in said), 'write name = "value", text in quotes')
    return Diagnostic(
        Span(path, int(line), int(column)), "invalid-toml", f"{said[:1].lower()}{said[1:]}", hint
    )


def place(text: str, path: str, where: Sequence[str]) -> Span:
    """Where a setting stands, or the nearest thing around it that does."""
    best, span = 0, Span(path)
    for names, line, column in _settings(text):
        common = _common(names, where)
        if common == min(len(names), len(where)) and common > best:
            best, span = common, Span(path, line, column)
    return span


def _settings(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """The full name of each table and setting, with its line and column."""
    table: tuple[str, ...] = ()
    within = False  # a text of several lines
    for number, line in enumerate(text.split("\n"), 1):
        if not within and (match := _TABLE.match(line)):
            table = _split(match[1])
            yield table, number, match.start(1) + 1
        elif not within and (match := _SETTING.match(line)):
            yield (*table, *_split(match[1])), number, match.start(1) + 1
        within ^= (line.count('"""') + line.count("'''")) % 2 == 1


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))


def _common(names: Sequence[str], where: Sequence[str]) -> int:
    """How many first names are alike."""
    pairs = zip(names, where, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(names), len(where)))
