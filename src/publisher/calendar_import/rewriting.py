"""Changes fields of a record's file, and leaves every other byte as a person wrote it.

The lines of a field are those from its key to the next field's; blank lines and
comments before that one belong to it. Whatever is made is read again: if it
does not say exactly what it should, nothing is changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from publisher.calendar_import.front_matter import field_lines, place_of
from publisher.calendar_import.traces import plain
from publisher.content.syntax import Entry, parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publisher.content.files import Source

_FENCE = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n?")
_COMMENT = re.compile(rb"[ \t]+#")
#: The head of a text of several lines, within which a '#' begins no comment (YAML 1.2.2 section 8.1).
_SEVERAL_LINES = re.compile(rb"(?:^|[\s:-])[|>][-+0-9]*[ \t]*(?:#.*)?\r?\n?$")


class NotRewritten(Exception):
    """The file is written in a way that cannot be changed field by field: a person has to do it."""


@dataclass(frozen=True)
class _Layout:
    """A file's lines with their ends, and which of them are each field's own (from, up to)."""

    lines: tuple[bytes, ...]
    fields: Mapping[str, tuple[int, int]]
    #: The lines of the two fences.
    opening: int
    closing: int

    @property
    def line_end(self) -> bytes:
        """How lines end in this file."""
        return b"\r\n" if self.lines[self.opening].endswith(b"\r\n") else b"\n"

    def place(self, name: str) -> tuple[int, int]:
        """The lines of a field; for one that is not there, the empty place behind the one before it."""
        if name in self.fields:
            return self.fields[name]
        before = [other for other in self.fields if place_of(other) < place_of(name)]
        at = self.fields[max(before, key=place_of)][1] if before else self.opening + 1
        return at, at


def rewrite(entry: Entry, changes: Mapping[str, Any], body: str | None = None) -> bytes:
    """The bytes of the file with some fields changed (to None: deleted), and the body if one is given.

    Raises:
        NotRewritten: it cannot be done without touching what else is written there.
    """
    layout = _layout(entry)
    lines = list(layout.lines)
    # From the end, so that places before stay true; what is put before a field comes after it.
    order = sorted(changes, key=lambda name: (layout.place(name)[0], name in layout.fields, place_of(name)))
    for name in reversed(order):
        start, stop = layout.place(name)
        new = [line.encode() + layout.line_end for line in field_lines(name, changes[name])]
        lines[start:stop] = _with_comment(entry.source, lines[start:stop], new)
    head = len(lines) - (len(layout.lines) - layout.closing - 1)
    below = b"".join(lines[head:])
    data = b"".join(lines[:head]) + (below if body is None else _body(below, body, layout))
    _require(replace(entry.source, data=data), entry, changes, body)
    return data


def _layout(entry: Entry) -> _Layout:
    lines = tuple(re.findall(rb"[^\n]*\n|[^\n]+\Z", entry.source.data))
    fences = [number for number, line in enumerate(lines) if _FENCE.fullmatch(line)]
    keys = {str(where[0]): span for where, span in entry.keys.items() if len(where) == 1}
    starts = sorted(span.line - 1 for span in keys.values())
    if len(set(starts)) < len(starts) or any(span.column != 1 for span in keys.values()):
        raise NotRewritten
    opening, closing = fences[:2]
    stops = dict(zip(starts, [*starts[1:], closing], strict=False))
    fields = {name: _own(lines, span.line - 1, stops[span.line - 1]) for name, span in keys.items()}
    return _Layout(lines, fields, opening, closing)


def _own(lines: Sequence[bytes], start: int, stop: int) -> tuple[int, int]:
    """The lines of a field without the blank ones and the comments below it."""
    several = any(_SEVERAL_LINES.search(line) for line in lines[start:stop])
    while stop > start + 1:
        last = lines[stop - 1]
        comment = last.startswith(b"#") if several else last.lstrip().startswith(b"#")
        if last.strip() and not comment:
            break
        stop -= 1
    return start, stop


def _with_comment(source: Source, old: Sequence[bytes], new: Sequence[bytes]) -> list[bytes]:
    """The new lines, with the comment behind the old value if both are a single line."""
    if len(old) != 1 or len(new) != 1:
        return list(new)
    whole = old[0].rstrip()
    for match in _COMMENT.finditer(whole):
        if (value := _value(source, whole[: match.start()])) and value == _value(source, whole):
            end = new[0][len(new[0].rstrip()) :]
            return [new[0].rstrip() + whole[match.start() :] + end]
    return list(new)


def _value(source: Source, line: bytes) -> object:
    """What a line says when it is a front matter by itself; nothing if it cannot be one."""
    entry = parse(replace(source, data=b"---\n%b\n---\n" % line))
    return entry.fields if isinstance(entry, Entry) else None


def _body(below: bytes, body: str, layout: _Layout) -> bytes:
    """What stands below the fields: another text between the same blank lines."""
    text = body.replace("\n", layout.line_end.decode()).encode()
    if inner := below.strip():
        at = below.index(inner)
        return below[:at] + text + below[at + len(inner) :]
    if not text:
        return below
    separate = b"" if layout.lines[layout.closing].endswith(b"\n") else layout.line_end
    return separate + text + layout.line_end


def _require(source: Source, before: Entry, changes: Mapping[str, Any], body: str | None) -> None:
    """Make sure that the new file says what it should, and nothing else."""
    after = parse(source)
    wanted = {name: plain(value) for name, value in (before.fields | dict(changes)).items()}
    wanted = {name: value for name, value in wanted.items() if value}
    if not isinstance(after, Entry) or plain(after.fields) != (wanted or ""):
        raise NotRewritten
    if after.body.strip() != (before.body if body is None else body).strip():
        raise NotRewritten
