"""Parses a record's file: YAML front matter and a Markdown body, each value with its place.

The YAML is a strict, safe part of the language: every scalar is text, there
are no anchors, aliases, tags or duplicate keys, and depth and size are bounded.
`yaml.compose` keeps the line and column of every node.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from publisher.diagnostics import Diagnostic, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.content.files import Source

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # a build of PyYAML without its C part reads the same, slower
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

MAX_DEPTH = 20
Location = tuple["str | int", ...]

# C0 but tab and line feed, DEL, C1, bidirectional overrides, lone surrogates, non-characters: none of
# them is text that a person means, and each breaks or deceives some output (XML 1.0 section 2.2).
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u2028\u2029]"
)
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


class _Refused(Exception):  # noqa: N818 -- caught in this module only
    def __init__(self, mark: yaml.Mark, code: str, message: str, hint: str = "") -> None:
        self.mark, self.code, self.message, self.hint = mark, code, message, hint


def parse(source: Source) -> Entry | Diagnostic:
    """The entry, or the first finding that makes the file unreadable."""
    text = _decode(source)
    if isinstance(text, Diagnostic):
        return text
    fences = [match.span() for match, _ in zip(_FENCE.finditer(text), range(2), strict=False)]
    if len(fences) < 2 or text[: fences[0][0]].strip():  # noqa: PLR2004 -- an opening and a closing line
        line = 1 if not fences or text[: fences[0][0]].strip() else text.count("\n") + 1
        return Diagnostic(
            Span(source.path, line), "no-front-matter", "expected fields between two lines of '---' at the top",
            "begin the file with '---', the fields, and '---'",
        )  # fmt: skip
    (_, begin), (end, after) = fences
    first_line = text.count("\n", 0, begin)
    body_start = after + 1 if after < len(text) else after
    builder = _Builder(source.path, first_line)
    try:
        fields = builder.build(text[begin:end])
    except _Refused as refused:
        return Diagnostic(builder.span(refused.mark), refused.code, refused.message, refused.hint)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        hint = "put quotes around a value that holds ': ', '#', or begins with one of [ { * & ! % @ `"
        span = builder.span(mark) if mark else Span(source.path)
        return Diagnostic(span, "invalid-yaml", _plain(error.problem or "not YAML"), hint)
    except (yaml.YAMLError, RecursionError):
        return Diagnostic(Span(source.path, first_line + 1), "invalid-yaml", "not YAML", "correct the front matter")
    body_line = text.count("\n", 0, body_start) + 1
    return Entry(source, fields, text[body_start:], builder.values, builder.keys, body_line)


def _plain(problem: str) -> str:
    return problem.strip().rstrip(".").lower()


def _decode(source: Source) -> str | Diagnostic:
    try:
        text = source.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.data.count(b"\n", 0, error.start) + 1
        column = error.start - source.data.rfind(b"\n", 0, error.start)
        byte = source.data[error.start]
        return Diagnostic(Span(source.path, line, column), "not-utf-8", f"byte 0x{byte:02x} is not UTF-8", "save the file as UTF-8")
    text = text.replace("\r\n", "\n")
    if match := _FORBIDDEN.search(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        return Diagnostic(
            Span(source.path, line, column), "control-character",
            f"the character U+{ord(match[0]):04X} is not text", "delete it",
        )  # fmt: skip
    return text


class _Builder:
    """Turns YAML nodes into plain values and notes where each stands."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.values: dict[Location, Span] = {}
        self.keys: dict[Location, Span] = {}

    def span(self, mark: yaml.Mark) -> Span:
        # compose() sees the text from the end of the opening fence's line on: its line 0 is that line
        return Span(self.path, self.first_line + mark.line + 1, mark.column + 1)

    def build(self, text: str) -> dict[str, Any]:
        _refuse_tricks(text)
        node = yaml.compose(text, Loader=Loader)
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            raise _Refused(node.start_mark, "invalid-yaml", "expected fields such as 'title: ...'")
        fields: dict[str, Any] = self._value(node, ())
        return fields

    def _value(self, node: yaml.Node, location: Location) -> Any:
        self.values[location] = self.span(node.start_mark)
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if isinstance(node, yaml.SequenceNode):
            return [self._value(part, (*location, index)) for index, part in enumerate(node.value)]
        return self._mapping(node, location)

    def _mapping(self, node: yaml.Node, location: Location) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, part in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _Refused(key.start_mark, "invalid-yaml", "expected a plain key")
            here = (*location, key.value)
            if here in self.keys:
                raise _Refused(key.start_mark, "duplicate-key", f"'{key.value}' is given twice", "delete one of them")
            self.keys[here] = self.span(key.start_mark)
            value = self._value(part, here)
            # An empty value states nothing, as if the line were not there.
            if value != "":
                values[key.value] = value
        return values


def _refuse_tricks(text: str) -> None:
    """Walk the events first: an alias, an anchor, a tag or a deep nest never becomes a node."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(event.start_mark, "yaml-alias", "anchors and aliases are not allowed", "write the value out, or quote it")
        if getattr(event, "tag", None) and not isinstance(event, yaml.DocumentStartEvent):
            raise _Refused(event.start_mark, "yaml-tag", f"the tag '{event.tag}' is not allowed", "write the value alone")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _Refused(event.start_mark, "nested-too-deep", f"more than {MAX_DEPTH} levels", "flatten it")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
