"""JSON as feeds have it (RFC 8259): values with their places; what is none is told in words, once.

What was read until then is kept. Numbers are floats where they are long: no feed counts so far.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from json import JSONDecodeError, JSONDecoder
from typing import Final

from publisher.diagnostics import quoted
from publisher.syndication.places import Fault, Value

#: So many values within each other; what is deeper is no feed.
MOST_DEPTH: Final = 100
#: So many values in all.
MOST_VALUES: Final = 200_000

_DECODER: Final = JSONDecoder()  # of strings only
_BLANKS: Final = re.compile(r"[ \t\n\r]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?(?![\w.])", re.ASCII)
_WORD: Final = re.compile(r"[A-Za-z_$][\w$]*|-[A-Za-z]+")
_WORDS: Final[dict[str, tuple[bool | None, str]]] = {
    "true": (True, "boolean"),
    "false": (False, "boolean"),
    "null": (None, "null"),
}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LONG: Final = 18
_REST: Final = "; what follows was not read"


@dataclass
class JsonTree:
    """A document as far as it could be read."""

    root: Value | None = None
    faults: list[Fault] = field(default_factory=list)


class _Broken(Exception):
    """This is no JSON from here on."""

    def __init__(self, at: int, message: str, code: str = "json-broken", hint: str = "") -> None:
        self.fault = Fault(at, code, message + _REST, hint)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tree = JsonTree()
        self._text = text
        self._count = 0

    def read(self) -> JsonTree:
        try:
            at = self._value(self._blanks(0), "feed", 1)
            self._end(self._blanks(at))
        except _Broken as broken:
            self.tree.faults.append(broken.fault)
        return self.tree

    def _end(self, at: int) -> None:
        if at < len(self._text):
            raise _Broken(
                at, f"expected the end of the file after the outermost value, got {self._shown(at)}"
            )

    def _blanks(self, at: int) -> int:
        found = _BLANKS.match(self._text, at)
        return found.end() if found else at

    def _shown(self, at: int) -> str:
        return (
            quoted(self._text[at : at + 24].split("\n")[0]) if at < len(self._text) else "the end of the file"
        )

    def _expected(self, what: str, at: int) -> _Broken:
        """What stands there instead; the ends of files and comments have words of their own."""
        if at >= len(self._text):
            return _Broken(len(self._text.rstrip()), f"expected {what}, got the end of the file", "truncated")
        hint = "JSON has no comments: leave it out" if self._text.startswith(("//", "/*", "#"), at) else ""
        return _Broken(at, f"expected {what}, got {self._shown(at)}", hint=hint)

    def _value(
        self, at: int, role: str, depth: int, into: Value | None = None, name: str | None = None
    ) -> int:
        """Read the value at a place into its object or array; give where it ends."""
        self._count += 1
        if self._count > MOST_VALUES:
            raise _Broken(at, f"expected at most {MOST_VALUES:,} values, got more", "feed-too-large")
        if depth > MOST_DEPTH:
            raise _Broken(
                at, f"expected at most {MOST_DEPTH} values within each other, got more", "nested-too-deep"
            )
        first = self._text[at : at + 1]
        value = Value("null", at, role=role)
        if first == "{":
            value.kind = "object"
        elif first == "[":
            value.kind = "array"
        elif first == '"':
            value.kind = "string"
            value.value, value.end = self._string(at)
        else:
            self._scalar(value, at)
        self._keep(value, into, name)
        if value.kind == "object":
            self._members(value, depth)
        elif value.kind == "array":
            self._items(value, depth)
        value.closed = True
        return value.end

    def _keep(self, value: Value, into: Value | None, name: str | None) -> None:
        if into is None:
            self.tree.root = value
        elif name is None:
            into.items.append(value)
        else:
            into.members[name] = value

    def _string(self, at: int) -> tuple[str, int]:
        try:
            text, end = _DECODER.raw_decode(self._text, at)
        except JSONDecodeError as error:
            raise self._bad_string(at, error) from None
        if found := _SURROGATE.search(text):
            message = f"expected text, got half of a pair of surrogates: \\u{ord(found[0]):04x}"
            self.tree.faults.append(Fault(at, "control-character", message))
        return text, end

    def _bad_string(self, at: int, error: JSONDecodeError) -> _Broken:
        if error.msg.startswith("Unterminated"):
            return _Broken(
                at, "expected the quotation mark at the end of a string, got the end of the file", "truncated"
            )
        if error.msg.startswith("Invalid control"):
            character = self._text[error.pos : error.pos + 1]
            hint = "write \\n for a line break" if character == "\n" else ""
            return _Broken(
                error.pos,
                f"expected text, got the character U+{ord(character or '?'):04X}",
                "control-character",
                hint,
            )
        return _Broken(error.pos, f"expected an escape that JSON has, got {self._shown(error.pos)}")

    def _scalar(self, value: Value, at: int) -> None:
        if found := _NUMBER.match(self._text, at):
            digits = found[0]
            whole = found[1] is None and found[2] is None and len(digits) <= _LONG
            value.kind, value.value, value.end = (
                "number",
                int(digits) if whole else float(digits),
                found.end(),
            )
            return
        word = _WORD.match(self._text, at)
        if word and word[0] in _WORDS:
            value.value, kind = _WORDS[word[0]]
            value.kind, value.end = "boolean" if kind == "boolean" else "null", word.end()
            return
        raise self._expected("a value", at)

    def _members(self, value: Value, depth: int) -> None:
        at = self._blanks(value.at + 1)
        while self._text[at : at + 1] != "}" or value.members:
            if self._text[at : at + 1] != '"':
                raise self._not_a_name(at, value)
            name, end = self._string(at)
            self._named(value, name, at)
            colon = self._blanks(end)
            if self._text[colon : colon + 1] != ":":
                raise self._expected("a colon after the name", colon)
            at, more = self._after(
                self._value(self._blanks(colon + 1), name, depth + 1, value, name), "}", "member"
            )
            if not more:
                break
        value.end = at + 1

    def _not_a_name(self, at: int, value: Value) -> _Broken:
        if self._text[at : at + 1] == "}" and value.members:
            return _Broken(
                at, "expected another member after the comma, got '}'", hint="leave the last comma out"
            )
        return self._expected("a name in quotation marks", at)

    def _named(self, value: Value, name: str, at: int) -> None:
        if name in value.names:
            message = f"expected each member once, got {quoted(name)} twice"
            self.tree.faults.append(Fault(at, "member-repeated", message))
        value.names[name] = at

    def _items(self, value: Value, depth: int) -> None:
        at = self._blanks(value.at + 1)
        if self._text[at : at + 1] == "]":
            value.end = at + 1
            return
        more = True
        while more:
            if self._text[at : at + 1] == "]":
                raise _Broken(
                    at, "expected another value after the comma, got ']'", hint="leave the last comma out"
                )
            at, more = self._after(self._value(at, value.role, depth + 1, value), "]", "value")
        value.end = at + 1

    def _after(self, at: int, end: str, what: str) -> tuple[int, bool]:
        """Where the next member or value begins, or the bracket that ends them; and whether one does."""
        at = self._blanks(at)
        if self._text[at : at + 1] == end:
            return at, False
        if self._text[at : at + 1] != ",":
            raise self._expected(f"a comma or '{end}' after the {what}", at)
        return self._blanks(at + 1), True


def read_json(text: str) -> JsonTree:
    """The values of a document."""
    return _Reader(text).read()
