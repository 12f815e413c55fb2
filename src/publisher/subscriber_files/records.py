"""Cuts a stream of text into records of cells (RFC 4180), and knows where each one stands."""

from __future__ import annotations

import csv
import re
from collections import deque
from typing import TYPE_CHECKING

from publisher.diagnostics import Diagnostic, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DELIMITERS = ",;\t"
_NOT_UTF_8 = re.compile("[\udc80-\udcff]")
#: A cell in quotes may go over several lines; over so many, its closing quote was forgotten.
_MOST_LINES = 20
#: What the reader of CSV says of a cell in quotes that has no end.
_CUT_SHORT = "unexpected end of data"


class Records:
    """The records of a file as lists of cells; one that is none is a finding, and the next line follows."""

    def __init__(self, text: Iterable[str], path: str) -> None:
        self.path = path
        self._lines = _Lines(text)
        first = self._lines.peek()
        self._reader = csv.reader(self._lines, delimiter=max(_DELIMITERS, key=first.count), strict=True)

    def __iter__(self) -> Iterator[list[str] | Diagnostic]:
        return self

    def __next__(self) -> list[str] | Diagnostic:
        self._lines.begin()
        try:
            record = next(self._reader)
        except csv.Error as error:
            self._lines.go_back()
            hint = 'put quotes around the whole cell, and double those within it: "the ""Sary-Arka"" hall"'
            reason = "a quotation mark is not closed" if str(error) == _CUT_SHORT else str(error)
            return Diagnostic(self.span(), "invalid-csv", f"the line cannot be read: {reason}", hint)
        for index, cell in enumerate(record):
            if stray := _NOT_UTF_8.search(cell):
                message = f"expected UTF-8, got the byte 0x{ord(stray[0]) - 0xDC00:02x}"
                hint = "save the file with the encoding UTF-8 (in Excel: 'CSV UTF-8')"
                return Diagnostic(self.span(index, record), "not-utf-8", message, hint)
        return record

    def span(self, index: int = 0, record: list[str] | None = None) -> Span:
        """Where the present record begins, and in it a cell, unless quotes make that hard to say."""
        taken, line = self._lines.taken, self._lines.number
        if not record or len(taken) != 1 or '"' in taken[0]:
            return Span(self.path, line)
        return Span(self.path, line, sum(len(cell) + 1 for cell in record[:index]) + 1)


class _Lines:
    """The lines of a file; those that a broken record has swallowed are given again."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text = iter(text)
        self._ahead: deque[str] = deque()
        #: The lines of the present record, and the number of the first.
        self.taken: list[str] = []
        self.number = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _MOST_LINES:
            raise StopIteration  # the record is cut short, which the reader of CSV tells
        self.taken.append(self._ahead.popleft() if self._ahead else next(self._text))
        return self.taken[-1]

    def peek(self) -> str:
        """The next line, which stays the next; empty at the end."""
        if not self._ahead and (line := next(self._text, "")):
            self._ahead.append(line)
        return self._ahead[0] if self._ahead else ""

    def begin(self) -> None:
        """A record begins."""
        self.number += len(self.taken)
        self.taken.clear()

    def go_back(self) -> None:
        """Only the first line of the record belongs to it."""
        self._ahead.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]
