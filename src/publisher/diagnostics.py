"""Findings about what a person wrote, like a compiler's: place, code, message, hint.

Bad input is a value, not an exception: every stage returns the good records
*and* its diagnostics; only the command line turns them into an exit status.
Each code has its heading in docs/reference/diagnostics.md.
"""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from traceback import extract_tb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_QUOTATION = 60
_LONGEST_WORD = 80  # more is no slip of the pen, and comparing it costs time


class Severity(StrEnum):
    """An error keeps its record's last good version on the air; a warning only tells."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Span:
    """A place in a file: path relative to the site, line and column counted from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{printable(self.path)}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Diagnostic:
    """One finding. Messages are lower case, without a full stop; the hint is imperative.

    Whatever they quote, both are one line of printable text: they go to terminals and logs.
    """

    span: Span
    code: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", printable(self.message))
        object.__setattr__(self, "hint", printable(self.hint))

    def __str__(self) -> str:
        text = f"{self.span}: {self.severity}[{self.code}]: {self.message}"
        return f"{text}\n  hint: {self.hint}" if self.hint else text

    @property
    def is_error(self) -> bool:
        """Whether the record it is about is kept from being released."""
        return self.severity is Severity.ERROR

    def as_json(self) -> dict[str, object]:
        """The finding for machines."""
        return {
            "path": printable(self.span.path),
            "line": self.span.line,
            "column": self.span.column,
            "severity": str(self.severity),
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
        }


def warning(span: Span, code: str, message: str, hint: str = "") -> Diagnostic:
    """A finding that tells and never fails."""
    return Diagnostic(span, code, message, hint, Severity.WARNING)


def internal_error(span: Span, error: Exception) -> Diagnostic:
    """A fault of this program, not of the file: it is told, and the other files go on."""
    frames = extract_tb(error.__traceback__)
    where = f" ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    message = f"this program failed on the file: {type(error).__name__}: {error}{where}"
    return Diagnostic(span, "internal-error", message, "report it with this file; undo what changed last")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known word, or nothing when none is near."""
    near = nearest(word, known)
    return f"did you mean '{near}'?" if near else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like this one, case aside; None when none is near."""
    if len(word) > _LONGEST_WORD:
        return None
    spellings = {each.casefold(): each for each in sorted(known)}
    near = difflib.get_close_matches(word.strip().casefold(), spellings, n=1, cutoff=0.7)
    return spellings[near[0]] if near else None


def quoted(value: object) -> str:
    """What a person wrote, as a message shows it: short, and on one line."""
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "a mapping"
    text = str(value)
    return f"'{printable(text[:_LONGEST_QUOTATION])}{'…' if len(text) > _LONGEST_QUOTATION else ''}'"


def printable(text: str) -> str:
    """The text with every character that a terminal would not show as itself written as an escape."""
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    # No-break and thin spaces look like spaces: an escape would only puzzle.
    blank = unicodedata.category(character) == "Zs"
    return " " if blank else character.encode("unicode_escape").decode("ascii")
