"""Findings about what a person wrote, like a compiler's: place, code, message, hint.

Bad input is a value, not an exception: every stage returns the good records
*and* its diagnostics; only the command line turns them into an exit status.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


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
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Diagnostic:
    """One finding. Messages are lower case, without a full stop; the hint is imperative."""

    span: Span
    code: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR

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
            "path": self.span.path,
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


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known word, or nothing when none is near."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""
