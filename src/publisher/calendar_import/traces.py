"""What a record keeps of its import: whose it is, and by short hashes what the calendar said.

A value is compared as the text that a record's file gives, so that neither the
way in which YAML is written nor the names of files beside the record matter.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

from publisher.model.characters import find_control

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from publisher.calendar_import.drafts import Draft

#: A value as a record's file gives it: text, and lists and mappings of text.
Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
#: What identifies an event of a calendar: its UID, and what tells its records apart.
ForeignKey: TypeAlias = tuple[str, str]

FIELD = "imported"
#: The name under which the text below the front matter is compared.
BODY = "body"
_LONGEST_UID = 200
_BREAKS = str.maketrans(
    {"\r": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n"}
)


@dataclass(frozen=True)
class Trace:
    """The field `imported` of a record; what a person made unreadable of it is as if it were not there."""

    key: ForeignKey
    calendar: str
    #: field -> hash of what the calendar said; a field that it did not give is not here.
    said: Mapping[str, str] = field(default_factory=dict)

    def as_field(self) -> dict[str, Any]:
        """The front matter's value."""
        uid, part = self.key
        named = {"uid": uid} | ({"part": part} if part else {})
        return named | {"calendar": self.calendar, "values": [f"{n} {h}" for n, h in self.said.items()]}


def read_trace(value: object) -> Trace | None:
    """The trace that a parsed front matter holds, if it was imported."""
    if not isinstance(value, dict) or not isinstance(uid := value.get("uid"), str) or not uid.strip():
        return None
    listed = value.get("values")
    said = [each.split() for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    pairs = {words[0]: words[1] for words in said if len(words) == 2}  # noqa: PLR2004 -- a name and a hash
    return Trace((_line(uid), _line(value.get("part", ""))), _line(value.get("calendar", "")), pairs)


def foreign_key(draft: Draft) -> ForeignKey:
    """How a record remembers which event of the calendar it is of.

    A UID that no line of a record can hold is kept by its hash; a missing one, by what and when the event is.
    """
    part = _kept(draft.suffix) if draft.suffix.strip() else ""
    if not draft.uid.strip():
        known = json.dumps([plain(draft.fields.get("title")), plain(draft.fields.get("start"))])
        return f"none:{_hash(known, 16)}", part
    return _kept(draft.uid), part


def _kept(text: str) -> str:
    """The text itself, if a line of a record holds it as it is."""
    seen = any(character.isalnum() for character in text[:_LONGEST_UID])
    fits = seen and len(text) <= _LONGEST_UID and _line(text) == text
    return text if fits else f"hash:{_hash(text, 16)}"


def origin(source: str) -> str:
    """What records call a calendar: a file's name, or an address's host and a hash of the rest.

    Whoever has a calendar's private address may read all of it. 32 bits of a hash give nothing of it away,
    but tell two calendars of a host apart.
    """
    if "://" not in source:
        return clean(source.replace("\\", "/").rpartition("/")[2])[:100].strip() or "calendar"
    parts = urlsplit(source)
    rest = parts._replace(scheme="", netloc="", fragment="").geturl()
    return f"{parts.hostname or ''} {_hash(rest, 4)}"


def host(source: str) -> str:
    """What findings call a calendar: its file, or its host alone."""
    return (urlsplit(source).hostname or "calendar") if "://" in source else source


def clean(text: str) -> str:
    """The text with lines that end alike, composed, without characters that are not text."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_BREAKS))
    if find_control(composed) is not None:
        composed = "".join(character for character in composed if find_control(character) is None)
    return composed.strip()


def pruned(value: Any) -> Any:
    """A value with its texts clean, and without members that say nothing; None where nothing is left."""
    match value:
        case dict():
            named = {str(name): pruned(each) for name, each in value.items()}
            return {name: each for name, each in named.items() if each is not None} or None
        case list() | tuple():
            return [each for each in map(pruned, value) if each is not None] or None
        case str():
            return clean(value) or None
    return value


def plain(value: Any) -> Plain:
    """A value as the text that a record's file gives for it; empty where it says nothing."""
    return _plain(pruned(value))


def _plain(value: Any) -> Plain:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.6f}".rstrip("0").rstrip(".")
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list():
            return [_plain(each) for each in value]
    return "" if value is None else str(value)


def digest(value: Plain) -> str:
    """A short hash of a value: enough to see that it was changed."""
    return _hash(json.dumps(value, ensure_ascii=False, sort_keys=True), 4)


def by_content(name: str, value: Plain, digest_of: Callable[[str], str]) -> Plain:
    """A value of a field with the files that it names replaced by what is in them."""
    if name == "image" and isinstance(value, dict):
        return _by_content(value, digest_of)
    if name == "attachments" and isinstance(value, list):
        return [_by_content(each, digest_of) if isinstance(each, dict) else each for each in value]
    return value


def _by_content(part: dict[str, Plain], digest_of: Callable[[str], str]) -> Plain:
    file = part.get("file")
    return part | {"file": digest_of(file)} if isinstance(file, str) else part


def content_digest(data: bytes) -> str:
    """A short hash of a file's bytes."""
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def _hash(text: str, size: int) -> str:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=size).hexdigest()


def _line(value: object) -> str:
    return " ".join(clean(value).split()) if isinstance(value, str) else ""
