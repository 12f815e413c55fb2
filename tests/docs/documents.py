"""The documents as data: their fenced blocks, links, headings and the names they mention."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w*)[ ]*([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the `name=value` words beside it, its text, and the line it begins on."""

    language: str
    options: dict[str, str]
    text: str
    line: int


def documents() -> list[Path]:
    """Every document of the project."""
    top = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")]
    return [*top, *sorted((ROOT / "docs").rglob("*.md"))]


def name(document: Path) -> str:
    """A document's path, as tests are named by it."""
    return document.relative_to(ROOT).as_posix()


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks in their order."""
    for match in _FENCE.finditer(text):
        pairs = (word.partition("=") for word in match[2].split())
        line = text.count("\n", 0, match.start()) + 1
        yield Block(match[1], {key: value for key, _, value in pairs}, match[3], line)


def prose(text: str) -> str:
    """The text without its fenced blocks."""
    return _FENCE.sub("", text)


def links(text: str) -> list[str]:
    """Where the text links to, in its order."""
    return _LINK.findall(prose(text))


def inline(text: str) -> list[str]:
    """What stands between single backquotes."""
    return _INLINE.findall(prose(text))


def anchors(text: str) -> set[str]:
    """The fragments under which headings are found on code hosts: lower case, hyphens for blanks."""
    return {
        re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")
        for heading in _HEADING.findall(prose(text))
    }
