"""Texts of calendars as Markdown that says what they say: nothing in them is markup, links stay links."""

from __future__ import annotations

import re
import unicodedata

from publisher.model.characters import find_control
from publisher.model.urls import MAX_URL, read_url

# What Markdown reads as something else, wherever it stands; and at the beginning of a line.
_SPECIAL = re.compile(r"([\\`*\[\]<>]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|~(?=~)|(?<=~)~)")
_FIRST = re.compile(r"^([#+\-=:|])|^(\d{1,9})([.)])")
_LINK = re.compile(r"https?://[^\s<>\"“”«»]+")
_TRAILING = ".,;:!?'*_~"
_MARKUP = re.compile(
    r"<(?:p|br|div|span|a|b|i|u|ul|ol|li|strong|em|html|body|table|h[1-6])\b[^<>]*>", re.IGNORECASE
)
_BLANK_LINES = re.compile(r"\n{3,}")
_LINE_ENDS = re.compile(r"\r\n|\r|\x0b|\x0c|\x85|\u2028|\u2029")
SPACES = re.compile(r"[ \t\u00a0]+")


def clean(text: str) -> str:
    """The text without characters that are none, composed, its lines ended by line feeds alone."""
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    while (at := find_control(text)) is not None:
        text = text.replace(text[at], "")
    return text


def line(text: str) -> str:
    """The text on one line."""
    return " ".join(clean(text).split())


def is_seen(text: str) -> bool:
    """Whether there is anything in it to be seen."""
    return any(unicodedata.category(character)[0] in "LNPS" for character in text)


def looks_like_html(text: str) -> bool:
    """Whether a text that should be plain is HTML, as Google's are."""
    return _MARKUP.search(text) is not None


def markdown(text: str) -> str:
    """Plain text as Markdown: its lines stay lines, its addresses become links."""
    lines = (escaped(SPACES.sub(" ", each).strip()) for each in clean(text).split("\n"))
    return _joined(list(lines))


def _joined(lines: list[str]) -> str:
    """Lines as paragraphs, broken within where the text is (a backslash at the end of a line)."""
    found: list[str] = []
    for index, each in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        found.append(f"{each}\\" if each and following else each)
    return squeezed("\n".join(found))


def squeezed(text: str) -> str:
    """The text with at most one empty line at a time, and none around it."""
    return _BLANK_LINES.sub("\n\n", text).strip()


def escaped(text: str, *, links: bool = True) -> str:
    """One line with every character standing for itself, and with its addresses as links."""
    found, last = "", 0
    for match in _LINK.finditer(text) if links else ():
        address = _without_what_follows(match[0]) if len(match[0]) <= MAX_URL else ""
        if is_address(address):
            found += f"{_SPECIAL.sub(_BACKSLASHED, text[last : match.start()])}<{address}>"
            last = match.start() + len(address)
    found += _SPECIAL.sub(_BACKSLASHED, text[last:])
    return _FIRST.sub(lambda match: f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}", found)


_BACKSLASHED = r"\\\1"


def _without_what_follows(address: str) -> str:
    """An address without the punctuation of the sentence around it."""
    address = address.rstrip(_TRAILING)
    while address.endswith((")", "]")) and address.count("(") + address.count("[") < address.count(
        ")"
    ) + address.count("]"):
        address = address[:-1].rstrip(_TRAILING)
    return address


def is_address(address: str) -> bool:
    """Whether it is a web address that a record can have as it stands."""
    try:
        return read_url(address) == address
    except ValueError:
        return False
