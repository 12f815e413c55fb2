"""Parses a record's file: YAML front matter and a Markdown body, each value with its place.

The YAML is a strict, safe part of the language: every scalar is text, there
are no anchors, aliases, tags or duplicate keys, and depth and size are bounded.
One pass over the parser's events builds the values and refuses the rest, so
that nothing refused is ever built.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from publisher.content.yaml_faults import explain
from publisher.diagnostics import Diagnostic, Span, quoted
from publisher.model.characters import find_control, not_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.content.files import Source

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # a build of PyYAML without its C part reads the same, slower
    from yaml import SafeLoader as Loader  # type: ignore[assignment]  # the same interface

MAX_DEPTH = 20
MAX_VALUES = 50_000
Location = tuple["str | int", ...]

_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """A parsed file: its fields as text, lists and mappings, its body, and where each stands."""

    source: Source
    fields: dict[str, Any]
    body: str
    #: Where the value (and, for a mapping's member, the key) of each location begins.
    values: Mapping[Location, Span] = field(default_factory=dict)
    keys: Mapping[Location, Span] = field(default_factory=dict)
    body_line: int = 1

    def span(self, *location: str | int) -> Span:
        """The place of a value, or of the nearest thing around it that has one."""
        if location == ("body",):
            return Span(self.source.path, self.body_line)
        for length in range(len(location), 0, -1):
            if location[:length] in self.values:
                return self.values[location[:length]]
        return Span(self.source.path)

    def key_span(self, *location: str | int) -> Span:
        """The place of a key, or of its value."""
        return self.keys.get(location) or self.span(*location)

    def body_span(self, offset: int) -> Span:
        """The place of a character of the body."""
        before = self.body[:offset]
        return Span(self.source.path, self.body_line + before.count("\n"), offset - before.rfind("\n"))


class _Refused(Exception):
    def __init__(self, mark: Any, code: str, message: str, hint: str) -> None:
        self.mark, self.code, self.message, self.hint = mark, code, message, hint


def parse(source: Source) -> Entry | Diagnostic:
    """The entry, or the first finding that makes the file unreadable."""
    text = source.fault or _decode(source)
    if isinstance(text, Diagnostic):
        return text
    fences = [match.span() for match, _ in zip(_FENCE.finditer(text), range(2), strict=False)]
    if len(fences) < 2 or text[: fences[0][0]].strip():  # noqa: PLR2004 -- an opening and a closing line
        return _without_fences(source, text, fences)
    (_, begin), (end, after) = fences
    builder = _Builder(source.path, text.count("\n", 0, begin) + 1)
    fields = _build(builder, text[begin:end])
    if isinstance(fields, Diagnostic):
        return fields
    body_start = min(after + 1, len(text))
    body_line = text.count("\n", 0, body_start) + 1
    return Entry(source, fields, text[body_start:], builder.values, builder.keys, body_line)


def _without_fences(source: Source, text: str, fences: list[tuple[int, int]]) -> Diagnostic:
    if len(fences) == 1 and not text[: fences[0][0]].strip():
        line = text.count("\n", 0, fences[0][0]) + 1
        message = "expected a second line of '---' after the fields that begin here, there is none"
        return Diagnostic(
            Span(source.path, line), "no-front-matter", message, "add '---' below the last field"
        )
    first = next((line for line in text.split("\n") if line.strip()), "")
    got = quoted(first.strip()) if first else "an empty file"
    message = f"expected fields between two lines of '---' at the top, got {got}"
    return Diagnostic(
        Span(source.path), "no-front-matter", message, "begin with '---', the fields, and '---'"
    )


def _decode(source: Source) -> str | Diagnostic:
    try:
        text = source.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _undecodable(source, error)
    text = text.replace("\r\n", "\n")
    if (at := find_control(text)) is not None:
        span = Span(source.path, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        return Diagnostic(span, "control-character", not_text(text[at]), "delete it")
    return text


def _undecodable(source: Source, error: UnicodeDecodeError) -> Diagnostic:
    before = source.data[: error.start].removeprefix(b"\xef\xbb\xbf")
    column = len(before.rpartition(b"\n")[2].decode("utf-8", errors="replace")) + 1
    span = Span(source.path, before.count(b"\n") + 1, column)
    message = f"expected UTF-8, got the byte 0x{source.data[error.start]:02x}"
    return Diagnostic(span, "not-utf-8", message, "save the file with the encoding UTF-8")


def _build(builder: _Builder, text: str) -> dict[str, Any] | Diagnostic:
    try:
        return builder.build(text)
    except _Refused as refused:
        return Diagnostic(builder.span(refused.mark), refused.code, refused.message, refused.hint)
    except yaml.MarkedYAMLError as error:
        mark, message, hint = explain(error, text)
        return Diagnostic(builder.span(mark), "invalid-yaml", message, hint)


class _Builder:
    """Turns YAML events into plain values and notes where each stands."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        #: The number of the line that the parser counts as 0: the opening fence's, after its dashes.
        self.first_line = first_line
        self.values: dict[Location, Span] = {}
        self.keys: dict[Location, Span] = {}

    def span(self, mark: Any) -> Span:
        return Span(self.path, self.first_line + mark.line, mark.column + 1)

    def build(self, text: str) -> dict[str, Any]:
        events = _checked(yaml.parse(text, Loader=Loader))
        root = next(events, None)
        if root is None:
            return {}
        if not isinstance(root, yaml.MappingStartEvent):
            message = f"expected fields such as 'title: ...', got {_sort(root)}"
            raise _Refused(root.start_mark, "invalid-yaml", message, "write 'field: value'")
        fields: dict[str, Any] = self._value(root, events, ())
        if (another := next(events, None)) is not None:
            raise _Refused(another.start_mark, "invalid-yaml", "expected '---', got more", "delete this line")
        return fields

    def _value(self, event: Any, events: Iterator[Any], location: Location) -> Any:
        self.values[location] = self.span(event.start_mark)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, location)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, location)
        return event.value

    def _sequence(self, events: Iterator[Any], location: Location) -> list[Any]:
        values: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            values.append(self._value(event, events, (*location, len(values))))
        return values

    def _mapping(self, events: Iterator[Any], location: Location) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            here = self._key(event, location)
            values[event.value] = self._value(next(events), events, here)
        return values

    def _key(self, event: Any, location: Location) -> Location:
        if not isinstance(event, yaml.ScalarEvent):
            message = f"expected the name of a field, got {_sort(event)}"
            raise _Refused(event.start_mark, "invalid-yaml", message, "write 'field: value'")
        here = (*location, str(event.value))
        if here in self.keys:
            message = f"{quoted(event.value)} is given twice, first in line {self.keys[here].line}"
            raise _Refused(event.start_mark, "duplicate-key", message, "delete one of them")
        self.keys[here] = self.span(event.start_mark)
        return here


def _sort(event: Any) -> str:
    if isinstance(event, yaml.ScalarEvent):
        return quoted(event.value)
    return "a list" if isinstance(event, yaml.SequenceStartEvent) else "a mapping"


def _checked(events: Iterator[Any]) -> Iterator[Any]:
    """The events of values, as long as they are what records are made of."""
    depth = 0
    for count, event in enumerate(events):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif not isinstance(event, yaml.NodeEvent):
            continue  # the stream's and the document's own
        _refuse(event, depth, count)
        yield event


def _refuse(event: Any, depth: int, count: int) -> None:
    """Raise if this is a trick rather than a value."""
    mark = event.start_mark
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        hint = "write the value out; put quotes around it if it begins with & or *"
        raise _Refused(mark, "yaml-alias", "expected a value, got an anchor or alias", hint)
    if tag := getattr(event, "tag", None):
        hint = "write the value alone; put quotes around it if it begins with !"
        raise _Refused(mark, "yaml-tag", f"expected a value, got the tag {quoted(tag)}", hint)
    if depth > MAX_DEPTH:
        raise _Refused(
            mark, "nested-too-deep", f"expected at most {MAX_DEPTH} levels, got more", "flatten it"
        )
    if count > MAX_VALUES:
        raise _Refused(
            mark, "too-long", f"expected at most {MAX_VALUES} values, got more", "split the record"
        )
    if getattr(event, "style", None) == '"' and (at := find_control(event.value)) is not None:
        raise _Refused(
            mark, "control-character", not_text(event.value[at]), "delete the escape that makes it"
        )
