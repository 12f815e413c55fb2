"""Header fields as they go on the wire: ASCII, CRLF, folded where the standards let them be and nowhere else.

The standard library folds whatever is long by encoding it, addresses of web
pages included, and a mail program then finds no link in List-Unsubscribe. So
fields are written here, one function for each shape of value:

* `text` for what people read (RFC 5322 section 3.6.5),
* `named` for something in angle brackets with a name before it,
* `address` for a mail address alone,
* `uris` for web and mail addresses in angle brackets (RFC 2369 section 2),
* `token` for what machines read and nothing may break,
* `date`.

A line with an encoded word has at most 76 characters (RFC 2047 section 2),
any other at most 78 if there is a blank to fold at (RFC 5322 section 2.1.1),
and none has more than 998.
"""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from publisher.model.characters import find_control, not_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CRLF = "\r\n"
_LONGEST_LINE = 998
_LINE = 78
_ENCODED_LINE = 76
_ENCODED_WORD = 75
_OPENING, _CLOSING = "=?utf-8?b?", "?="

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*", re.ASCII)
_ASCII = re.compile(r"[ -~]+")
#: RFC 5322 section 3.2.3: what may stand in a name before angle brackets without quotes.
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
#: What angle brackets can hold: no blank, no bracket, nothing beyond ASCII.
_BRACKETED = re.compile(r"[!-;=?-~]+")


class BadHeader(ValueError):
    """A value that a header field cannot carry; nothing was written."""


def text(name: str, value: str) -> str:
    """A field that people read, such as Subject: as it is, or as encoded words (RFC 2047 section 5.1)."""
    _check(name, value)
    if _is_plain(value) and _fits(name, words := value.split(" ")):
        return _folded(name, words, _LINE)
    return _folded(name, list(_encoded_words(value, len(name) + 2)), _ENCODED_LINE)


def named(name: str, phrase: str, bracketed: str) -> str:
    """A field of `phrase <bracketed>`, such as From or List-Id; the brackets are never encoded nor broken."""
    _check(name, phrase)
    end = f"<{_in_brackets(name, bracketed)}>"
    quoted = '"' + re.sub(r'(["\\])', r"\\\1", phrase) + '"'
    if _is_plain(phrase) and _ATOMS.fullmatch(phrase) and _fits(name, words := phrase.split(" ")):
        return _folded(name, [*words, end], _LINE)
    if _is_plain(phrase) and _fits(name, [quoted]):
        return _folded(name, [quoted, end], _LINE)
    return _folded(name, [*_encoded_words(phrase, len(name) + 2), end], _ENCODED_LINE)


def address(name: str, value: str) -> str:
    """A field of one plain address, such as To."""
    return token(name, _in_brackets(name, value))


def uris(name: str, *values: str) -> str:
    """A field of addresses in angle brackets, folded only between them."""
    brackets = [f"<{_in_brackets(name, value)}>" for value in values]
    return _folded(name, [*(f"{each}," for each in brackets[:-1]), brackets[-1]], _LINE)


def token(name: str, value: str) -> str:
    """A field that machines read, in one line however long."""
    if not _ASCII.fullmatch(value) or value != value.strip():
        raise BadHeader(f"{name}: expected printable ASCII, got {value!r}")
    return _folded(name, [value], _LINE)


def date(name: str, instant: datetime) -> str:
    """A date and time in UTC, written +0000 (RFC 5322 section 3.3)."""
    if instant.tzinfo is None:
        raise BadHeader(f"{name}: expected an aware datetime, got {instant!r}")
    return token(name, format_datetime(instant.astimezone(UTC).replace(microsecond=0)))


def _check(name: str, value: str) -> None:
    """A line break would begin a field that somebody else wrote (CWE-93); other controls deceive readers."""
    at = next((n for n, character in enumerate(value) if character in "\t\n"), find_control(value))
    if at is not None:
        raise BadHeader(f"{name}: {not_text(value[at])}")
    if not value:
        raise BadHeader(f"{name}: expected text, got none")


def _is_plain(value: str) -> bool:
    """Whether it stays what it is when it is folded at its blanks, and nobody decodes anything in it."""
    return bool(_ASCII.fullmatch(value)) and "=?" not in value and value == " ".join(value.split())


def _fits(name: str, words: Sequence[str]) -> bool:
    """Whether these words can be folded into lines that are short enough."""
    return len(name) + 2 + len(words[0]) <= _LINE and max(map(len, words)) < _LINE


def _in_brackets(name: str, value: str) -> str:
    if not _BRACKETED.fullmatch(value):
        raise BadHeader(f"{name}: expected an address in ASCII without blanks")  # it may be somebody's
    return value


def _encoded_words(value: str, begun: int) -> Iterator[str]:
    """Encoded words that hold whole characters each; the blank between two of them is none (section 6.2).

    Args:
        value: The text.
        begun: How much of the first line is taken.
    """
    room = _room(_ENCODED_LINE - begun)
    held = bytearray()
    for unit in _units(value, room):
        data = unit.encode()
        if held and len(held) + len(data) > room:
            yield _encoded(held)
            held.clear()
            room = _room(_ENCODED_WORD)
        held += data
    yield _encoded(held)


def _units(value: str, longest: int) -> Iterator[str]:
    """What is not torn apart: words with the blanks after them, but characters of one too long in bytes.

    Some programs show a blank between two encoded words; it hurts least where one is.
    """
    for word in re.findall(r"[^ ]+ *| +", value):
        yield from (word,) if len(word.encode()) <= longest else word


def _room(characters: int) -> int:
    """How many bytes an encoded word of so many characters can hold."""
    return (min(characters, _ENCODED_WORD) - len(_OPENING) - len(_CLOSING)) // 4 * 3


def _encoded(data: bytes | bytearray) -> str:
    return f"{_OPENING}{b64encode(data).decode('ascii')}{_CLOSING}"


def _folded(name: str, words: Sequence[str], longest: int) -> str:
    """A field with its line end; a line begins anew, with one blank, where the next word would not fit.

    The first word stays beside the name: some readers take an empty first line for an empty field.
    """
    if not _NAME.fullmatch(name):
        raise BadHeader(f"expected the name of a header field, got {name!r}")
    lines = [f"{name}: {words[0]}"]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= longest:
            lines[-1] += f" {word}"
        else:
            lines.append(f" {word}")
    if max(map(len, lines)) > _LONGEST_LINE:
        raise BadHeader(f"{name}: a line would be longer than {_LONGEST_LINE} characters")
    return CRLF.join(lines) + CRLF
