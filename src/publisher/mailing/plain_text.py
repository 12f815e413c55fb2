"""Text as mail has it: lines of at most 72 characters, links whole (RFC 5322 section 2.1.1 asks for 78)."""

from __future__ import annotations

from textwrap import wrap

from publisher.render.digestpages import FOOTER

WIDTH = 72
_BULLET = "* "


def wrapped(text: str, width: int = WIDTH) -> str:
    """The text with its long lines broken at spaces, each as far indented as its first line's words.

    What is longer than a line and has no space, such as a link, stays whole.
    """
    return "\n".join(line for each in text.split("\n") for line in _broken(each, width))


def _broken(line: str, width: int) -> list[str]:
    if line == FOOTER:
        return [line]
    line = line.rstrip()
    if len(line) <= width:
        return [line]
    indent = len(line) - len(line.lstrip(" "))
    hanging = " " * (indent + len(_BULLET) if line.lstrip(" ").startswith(_BULLET) else indent)
    return wrap(line, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)
