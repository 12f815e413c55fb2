"""Content lines as bytes: escaped, folded, ended (RFC 5545 section 3.1).

icalendar folds one character at a time, which is half of what an entry costs;
here a line is cut where its bytes allow it. What it says is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from icalendar import Component

LONGEST: Final = 75  # octets in a line, without its end
#: Section 3.3.11; other control characters are none of a text's.
_ESCAPED: Final = str.maketrans(
    dict.fromkeys([*range(9), *range(11, 32), 127]) | {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
)
_CONTINUES, _CONTINUED = 0xC0, 0x80  # the first two bits of a byte that is not the first of its character
_BACKSLASH: Final = ord("\\")


def fold(line: str) -> bytes:
    """A content line with its end, in lines of at most 75 octets.

    None is cut within a character (RFC 5545 section 3.1 allows it, readers choke) or behind a backslash,
    where some would take the first half of an escape for a whole one.
    """
    data = line.encode()
    if len(data) <= LONGEST:
        return data + b"\r\n"
    pieces, start, room = [], 0, LONGEST
    while len(data) - start > room:
        cut = start + room
        while data[cut] & _CONTINUES == _CONTINUED or data[cut - 1] == _BACKSLASH:
            cut -= 1
            if cut <= start:  # nothing but backslashes: escapes come in pairs
                cut = start + room - room % 2
                break
        pieces.append(data[start:cut])
        start, room = cut, LONGEST - 1  # the space that continues a line counts
    pieces.append(data[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def text_line(name: str, value: str) -> bytes:
    """A property of type TEXT (section 3.3.11): whatever the value holds, it is one line of its own."""
    return fold(f"{name}:{value.translate(_ESCAPED)}")


def serialise(component: Component) -> bytes:
    """A component of icalendar's, folded here."""
    return b"".join(fold(str(line)) for line in component.content_lines() if line)
