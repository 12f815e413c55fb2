"""Physical lines: their ends, lengths, folds and characters (RFC 5545 section 3.1).

A fault that a file has in many lines is told once, at the first of them. Well-formed files cost
a few passes in C: lines are looked at one by one only where something is known to be amiss.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from publisher.ics.faults import Fault, and_more

if TYPE_CHECKING:
    from collections.abc import Iterator

#: In octets, the line break left out.
LONGEST_LINE: Final = 75

_CONTROLS: Final = frozenset({*range(32), 127} - {9})
_HARMLESS: Final = bytes(set(range(256)) - _CONTROLS)
_FOLDED: Final = (b" ", b"\t")
_CONTINUATION: Final = range(0x80, 0xC0)  # RFC 3629 section 3


def physical_lines(data: bytes) -> list[bytes]:
    """The lines as they stand in the file, without their ends; if it ends well, the last one is empty."""
    if b"\n" not in data and b"\r" in data:
        return data.split(b"\r")
    if data.count(b"\r\n") == data.count(b"\n"):
        return data.split(b"\r\n")
    return [line.removesuffix(b"\r") for line in data.split(b"\n")]


def faults_of_form(data: bytes, physical: list[bytes]) -> Iterator[Fault]:
    """What is amiss with the physical lines."""
    if data.count(b"\r\n") != len(physical) - 1:
        yield from _bare_ends(data)
    if physical[-1]:
        yield _unfinished(physical)
    if max(map(len, physical)) > LONGEST_LINE:
        yield _overlong(physical)
    if data.count(b"\r") != data.count(b"\r\n") or data.translate(None, _HARMLESS + b"\r\n"):
        yield from _control_characters(physical)
    if b"\\\r\n " in data or b"\\\r\n\t" in data or b"\\\n " in data:
        yield from _split_escapes(physical)
    if not data.isascii():
        yield from _split_characters(physical)
    if b"" in physical[:-1]:
        yield _blank_lines(physical)


def _bare_ends(data: bytes) -> Iterator[Fault]:
    kind, end = ("LF", b"\n") if b"\n" in data else ("CR", b"\r")
    lines = data.split(end)
    ends = enumerate(lines[:-1], 1)
    bare = [number for number, line in ends if kind == "CR" or not line.endswith(b"\r")]
    if bare:
        message = f"expected CRLF at the end of the line, got {kind} alone{and_more(bare)}"
        column = len(lines[bare[0] - 1]) + 1
        yield Fault(bare[0], column, "bare-line-feed", message, "end each line with CRLF", is_error=False)


def _unfinished(physical: list[bytes]) -> Fault:
    message = "expected CRLF at the end of the last line, got the end of the file"
    place = len(physical), len(physical[-1]) + 1
    return Fault(*place, "no-final-line-break", message, "end the last line with CRLF, too", is_error=False)


def _overlong(physical: list[bytes]) -> Fault:
    long = [number for number, line in enumerate(physical, 1) if len(line) > LONGEST_LINE]
    octets = len(physical[long[0] - 1])
    message = f"expected at most {LONGEST_LINE} octets in a line, got {octets}{and_more(long)}"
    hint = "fold it: CRLF and a space, between two characters"
    return Fault(long[0], LONGEST_LINE + 1, "line-too-long", message, hint, is_error=False)


def _control_characters(physical: list[bytes]) -> Iterator[Fault]:
    found = [number for number, line in enumerate(physical, 1) if line.translate(None, _HARMLESS)]
    if not found:
        return
    line = physical[found[0] - 1]
    index = next(index for index, octet in enumerate(line) if octet in _CONTROLS)
    message = f"expected text, got the control character U+{line[index]:04X}{and_more(found)}"
    hint = "leave it out; a line break in a text is written \\n"
    yield Fault(found[0], index + 1, "control-character", message, hint)


def _split_escapes(physical: list[bytes]) -> Iterator[Fault]:
    found = [
        number
        for number, (line, after) in enumerate(pairwise(physical), 1)
        if after[:1] in _FOLDED and (len(line) - len(line.rstrip(b"\\"))) % 2
    ]
    if found:
        message = f"expected the fold beside an escape, got it after the escape's backslash{and_more(found)}"
        place = found[0], len(physical[found[0] - 1])
        yield Fault(*place, "fold-after-backslash", message, "fold one character earlier", is_error=False)


def _split_characters(physical: list[bytes]) -> Iterator[Fault]:
    found = [
        number
        for number, line in enumerate(physical, 1)
        if len(line) > 1
        and line[1] in _CONTINUATION
        and line[:1] in _FOLDED
        and _is_cut(physical[number - 2])
    ]
    if found:
        message = f"expected the fold between two characters, got it within one{and_more(found)}"
        yield Fault(found[0], 1, "fold-in-character", message, "fold before the character's first octet")


def _is_cut(line: bytes) -> bool:
    """Whether a line ends within a character."""
    try:
        line[-3:].lstrip(bytes(_CONTINUATION)).decode()
    except UnicodeDecodeError:
        return True
    return False


def _blank_lines(physical: list[bytes]) -> Fault:
    blank = [number for number, line in enumerate(physical[:-1], 1) if not line]
    message = f"expected a property, got a blank line{and_more(blank)}"
    hint = "delete it; an empty line in a text is written \\n\\n"
    return Fault(blank[0], 1, "blank-line", message, hint, is_error=False)
