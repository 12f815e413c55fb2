"""What is amiss with the form of an iCalendar stream, at its place in the file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """Something amiss with the form of a file; lines and columns count from 1."""

    line: int
    column: int
    code: str
    message: str
    hint: str = ""
    is_error: bool = True


def and_more(numbers: list[int]) -> str:
    """How many lines there are beside the first of them, as the end of a message."""
    others = len(numbers) - 1
    return f" (and {others} more {'line' if others == 1 else 'lines'})" if others > 0 else ""
