"""Writes front matter as a person would: the YAML that `content.syntax` reads, value for value.

Every scalar is text to that reader. Quotes are put where YAML needs them, and
where another program (an editor, a linter) would take the text for something
else: `"10:30"`, `"2027"`, `"no"`. What is short stands in one line, what is
long is folded.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

from publisher.calendar_import.traces import plain, pruned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The fields of an event in the order in which they are written; others follow, `imported` is last.
ORDER = (
    "id", "language", "title", "summary", "start", "end", "reported", "timezone", "recurrence", "status",
    "status_note", "place", "online", "organisers", "hosts", "partners", "speakers", "contact", "languages",
    "topics", "series", "related", "also_known_as", "registration", "deadlines", "sessions", "image",
    "attachments", "sources", "curator_note", "draft", "publish_at", "pinned",
)  # fmt: skip
LAST = "imported"
WIDTH = 110
_STEP = "  "

#: What may stand without quotes: begins with a letter, digit or harmless sign, and nowhere looks like YAML.
_PLAIN = re.compile(r"[^\W_][^\n\t]*|[^\s\x00-\x7f][^\n\t]*")
_YAML = re.compile(r":(?:\s|$)|\s#")
#: Within brackets, commas and brackets end a value; an address stays together in quotes.
_YAML_WITHIN = re.compile(r"[,\[\]{}:#?]")
#: Text that YAML's own types would read as something else; a date reads as what it is.
_OTHER_TYPE = re.compile(
    r"[~]|null|true|false|yes|no|on|off|y|n"
    r"|[-+.]?[0-9][0-9_,]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?|0[xob][0-9a-f_]+|[0-9]+(?::[0-9]{1,2})+(?:\.[0-9]*)?",
    re.IGNORECASE,
)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def place_of(name: str) -> tuple[int, str]:
    """Where a field stands among the others."""
    if name == LAST:
        return (len(ORDER) + 1, name)
    return (ORDER.index(name) if name in ORDER else len(ORDER), name)


def front_matter(fields: Mapping[str, Any]) -> str:
    """The fields in their order, between two lines of dashes."""
    lines = [line for name in sorted(fields, key=place_of) for line in field_lines(name, fields[name])]
    return "\n".join(["---", *lines, "---", ""])


def field_lines(name: str, value: Any) -> list[str]:
    """The lines of one field; none where its value says nothing."""
    said = pruned(value)
    return [] if said is None else list(_member(name, said, ""))


def _member(name: str, value: Any, indent: str) -> Iterator[str]:
    """`name: value`, on one line if it fits, else in a block below."""
    head = f"{indent}{name}:"
    if isinstance(value, str):
        yield from _text(head, value, f"{indent}{_STEP}")
    elif not isinstance(value, dict | list):
        yield f"{head} {plain(value)}"
    elif _is_flat(value) and len(line := f"{head} {flow(value)}") <= WIDTH:
        yield line
    else:
        yield head
        if isinstance(value, list) and _is_flat(value):
            yield from _wrapped(value, f"{indent}{_STEP}")
        else:
            yield from _block(value, f"{indent}{_STEP}")


def _wrapped(value: list[Any], indent: str) -> Iterator[str]:
    """A long list of short values, several to a line."""
    line = f"{indent}["
    for number, each in enumerate(value):
        word = flow(each) + (", " if number < len(value) - 1 else "]")
        if len(line) + len(word) > WIDTH and line.strip() not in {"", "["}:
            yield line.rstrip()
            line = f"{indent} "
        line += word
    yield line


def _block(value: Any, indent: str) -> Iterator[str]:
    """A mapping or a list over several lines."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _member(name, each, indent)
        return
    for each in value:
        yield from _item(each, indent)


def _item(value: Any, indent: str) -> Iterator[str]:
    """One member of a list, behind its dash."""
    if not isinstance(value, dict | list):
        yield f"{indent}- {_scalar(value)}"
    elif _is_flat(value) and len(line := f"{indent}- {flow(value)}") <= WIDTH:
        yield line
    else:
        first, *others = _block(value, f"{indent}{_STEP}")
        yield f"{indent}- {first.lstrip(' ')}"
        yield from others


def _is_flat(value: Any) -> bool:
    """Whether a collection can stand on one line: short values, and lists of such (coordinates)."""
    members = value.values() if isinstance(value, dict) else value
    return all(
        _is_one_word(each) or (isinstance(each, list) and all(map(_is_one_word, each))) for each in members
    )


def _is_one_word(value: Any) -> bool:
    return "\n" not in value if isinstance(value, str) else not isinstance(value, dict | list)


def flow(value: Any) -> str:
    """A value on one line, mappings in braces and lists in brackets (YAML 1.2.2 section 7.4)."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return _scalar(value, within=True)


def _scalar(value: Any, *, within: bool = False) -> str:
    """A value in one line."""
    if not isinstance(value, str):
        return str(plain(value))
    return value if _is_plain(value, within=within) else _quoted(value)


def _is_plain(text: str, *, within: bool) -> bool:
    looks_like_yaml = (_YAML_WITHIN if within else _YAML).search(text)
    if within and re.fullmatch(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?", text):
        looks_like_yaml = None  # a colon between digits separates nothing
    return bool(_PLAIN.fullmatch(text)) and not looks_like_yaml and not _OTHER_TYPE.fullmatch(text)


def _quoted(text: str) -> str:
    """In single quotes where that spares escapes, else in double ones."""
    if ('"' in text or "\\" in text) and "'" not in text and "\n" not in text and "\t" not in text:
        return f"'{text}'"
    return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'


def _text(head: str, text: str, indent: str) -> Iterator[str]:
    """A text behind its field's name: in one line, folded, or as the lines that it has."""
    line = f"{head} {_scalar(text)}"
    if "\n" not in text and (len(line) <= WIDTH or not _can_fold(text)):
        yield line
    elif "\n" not in text:
        yield f"{head} >-"
        yield from (f"{indent}{part}" for part in _folded(text, WIDTH - len(indent)))
    elif _can_stand_as_lines(text):
        yield f"{head} |-"
        yield from (f"{indent}{part}" if part else "" for part in text.split("\n"))
    else:
        yield line


def _can_fold(text: str) -> bool:
    """Whether a line may be broken at its spaces, and come back as it was."""
    return not re.search(r"[ ]{2}|\t", text)


def _folded(text: str, width: int) -> list[str]:
    """Lines of whole words. Only plain spaces part them: others belong to the text."""
    wrapper = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    wrapper.wordsep_simple_re = re.compile("( )")
    return wrapper.wrap(text)


def _can_stand_as_lines(text: str) -> bool:
    """Whether no line of a text begins or ends so that YAML would read it otherwise."""
    return not re.search(r"^[ \t]|[ \t]$|\t", text, re.MULTILINE)
