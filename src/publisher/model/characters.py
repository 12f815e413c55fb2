"""Which characters are text: what a person means, and what every output can carry."""

from __future__ import annotations

import re

# C0 but tab and line feed, DEL, C1, bidirectional overrides, lone surrogates, non-characters and a byte order
# mark within: none of them is text that a person means, and each breaks or deceives some output (XML 1.0
# section 2.2). Line and paragraph separators would end a line for some programs only.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)


def find_control(text: str) -> int | None:
    """Where the first character stands that is not text, if there is one."""
    match = _NOT_TEXT.search(text)
    return match.start() if match else None


def not_text(character: str) -> str:
    """What a finding says of such a character."""
    return f"expected text, got the character U+{ord(character):04X}"
