"""What YAML's complaints mean to the person who wrote the file.

The parser speaks of tokens and contexts; a curator has forgotten a quotation
mark. Each row says which complaint it is about, where to point, and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publisher.diagnostics import quoted

if TYPE_CHECKING:
    import yaml


@dataclass(frozen=True)
class _Fault:
    #: A part of the parser's sentence.
    about: str
    message: str
    hint: str
    #: Whether what began earlier is to blame (a bracket), rather than the place where it was noticed.
    from_its_start: bool = False


_FAULTS = (
    _Fault(
        "mapping values are not allowed",
        "expected one ': ' in a line, got another",
        "put quotes around the value; give fields the same indentation",
    ),
    _Fault(
        "could not find expected ':'",
        "expected 'field: value', got a line without ': '",
        "indent the line if it continues the value above",
        from_its_start=True,
    ),
    _Fault(
        "expected ',' or",
        "the bracket that opens here is not closed",
        "close it, and separate its values by commas",
        from_its_start=True,
    ),
    _Fault(
        "unexpected end of stream",
        "the quotation that begins here has no end",
        "close it with the same quotation mark",
        from_its_start=True,
    ),
    _Fault(
        "did not find expected key",
        "expected another field, got something else",
        "give fields the same indentation; put quotes around the whole of a value, or leave them out",
    ),
    _Fault(
        "sequence entries are not allowed",
        "expected a value, got '- '",
        "begin the list on a line of its own, or write [one, two]",
    ),
    _Fault(
        "alphabetic or numeric",
        "expected a value, got one that begins with * or &",
        "put quotes around the value",
    ),
    _Fault(
        "comment or line break",
        "expected nothing behind | or >, got more",
        "write the text on the lines below, indented",
    ),
    _Fault(
        "document start",
        "expected another field, got something else",
        "give fields the same indentation, and delete lines of '...'",
    ),
    _Fault(
        "escape",
        "unknown escape in a quotation",
        "write \\\\ for a backslash, or use 'single' quotation marks",
    ),
)


def explain(error: yaml.MarkedYAMLError, text: str) -> tuple[Any, str, str]:
    """The place, the message and the hint for a complaint of the parser."""
    problem = error.problem or ""
    mark: Any = error.problem_mark or error.context_mark
    if "cannot start any token" in problem:
        return mark, *_bad_start(text, mark)
    for fault in _FAULTS:
        if fault.about in problem:
            return (error.context_mark if fault.from_its_start else mark), fault.message, fault.hint
    return mark, f"not YAML: {problem}", "put quotes around the value"


def _bad_start(text: str, mark: Any) -> tuple[str, str]:
    lines = text.split("\n")
    character = lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""
    if character == "\t":
        return "expected spaces before a field, got a tab", "indent with spaces"
    return f"expected a value, got {quoted(character)}", "put quotes around the value"
