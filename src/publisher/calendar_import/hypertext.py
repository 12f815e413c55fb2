"""HTML in calendars as Markdown: its paragraphs, lists, links, emphasis; nothing that runs or loads.

The HTML comes from anybody, so it is read in one pass that never looks back: what is no tag is text.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from publisher.calendar_import.texts import SPACES, clean, escaped, is_address, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator

_ITEM = "- "
_PARAGRAPHS = frozenset({
    "p", "div", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "section",
    "article", "header", "footer", "dl",
})  # fmt: skip
_LINES = frozenset({"br", "tr", "dt", "dd", "li"})
_CELLS = frozenset({"td", "th"})
#: What nobody sees, and whose text is none.
_UNSEEN = frozenset({
    "script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg", "math", "textarea",
})  # fmt: skip
_EMPHASIS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]*)((?:[^<>"']|"[^"]*"|'[^']*')*+)>""")
#: A '<' that begins no tag.
_A_SIGN = ("", "<")
_LONGEST_TAG = 5_000
_HREF = re.compile(r"""(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_AUTOLINK = re.compile(r"<(https?://[^<>]*)>")


def html_to_markdown(text: str) -> str:
    """HTML as Markdown that says what a reader of the HTML sees."""
    writer = _Writer()
    for tag, said in _tokens(clean(text)):
        if not tag:
            writer.text(said)
        elif tag.startswith("/"):
            writer.end(tag[1:])
        else:
            writer.start(tag, said)
    return _joined(writer.lines())


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Tags by their name with their attributes, and what stands between them with an empty name."""
    at, length, lowered = 0, len(text), text.lower()
    said: list[str] = []
    while at < length:
        begin = text.find("<", at)
        begin = length if begin < 0 else begin
        said.append(text[at:begin])
        at, token = _markup(text, lowered, begin)
        if token == _A_SIGN:
            said.append("<")
        elif token:
            yield "", unescape("".join(said))
            yield token
            said = []
    yield "", unescape("".join(said))


def _markup(text: str, lowered: str, begin: int) -> tuple[int, tuple[str, str] | None]:
    """What begins with a '<', and where it ends."""
    if begin == len(text):
        return begin, None
    if text.startswith(("<!", "<?"), begin):
        end = text.find("-->" if text.startswith("<!--", begin) else ">", begin)
        return (len(text), None) if end < 0 else (text.index(">", end) + 1, None)
    tag = _TAG.match(text, begin, begin + _LONGEST_TAG)
    if not tag:
        return begin + 1, _A_SIGN
    name = tag[2].lower()
    if name in _UNSEEN and not tag[1]:
        end = lowered.find(f"</{name}", tag.end())
        return (len(text), None) if end < 0 else (end, None)
    return tag.end(), (f"{tag[1]}{name}", tag[3])


class _Writer:
    """Puts Markdown together, part by part."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        #: Where the text of the link that is open begins, and where it leads.
        self.link: tuple[int, str] | None = None
        self.emphasis: list[tuple[str, int]] = []

    def lines(self) -> list[str]:
        """All of it."""
        return [SPACES.sub(" ", each).strip() for each in "".join(self.parts).split("\n")]

    def start(self, tag: str, attributes: str) -> None:
        """A tag that opens something."""
        if tag in _PARAGRAPHS or tag in _LINES:
            self._break("\n\n" if tag in _PARAGRAPHS else "\n")
            self.parts.append(_ITEM if tag == "li" else "")
        elif tag in _CELLS:
            self.parts.append(" ")
        elif tag == "a" and self.link is None:
            found = _HREF.search(attributes)
            self.link = (len(self.parts), unescape(next(filter(None, found.groups()), "")) if found else "")
        elif tag in _EMPHASIS:
            self.emphasis.append((tag, len(self.parts)))

    def end(self, tag: str) -> None:
        """A tag that closes something."""
        if tag in _PARAGRAPHS:
            self._break("\n\n")
        elif tag == "a" and self.link is not None:
            self._end_link(*self.link)
            self.link = None
        elif self.emphasis and self.emphasis[-1][0] == tag:
            self._end_emphasis(*self.emphasis.pop())

    def text(self, data: str) -> None:
        """What is said."""
        if not data:
            return
        words = " ".join(data.split())
        before, after = (" " if edge.isspace() else "" for edge in (data[:1], data[-1:]))
        begins_line = not self.parts or self.parts[-1].endswith("\n")
        said = escaped(words) if begins_line else escaped(f"x{words}")[1:]
        self.parts.append(f"{before}{said}{after}" if words else before)

    def _break(self, kind: str) -> None:
        self.link, self.emphasis = None, []
        self.parts.append(kind)

    def _end_link(self, begin: int, address: str) -> None:
        label = "".join(self.parts[begin:]).strip()
        address = address.strip()
        if not is_address(address) or label in {f"<{address}>", f"<{address.rstrip('/')}>"}:
            return
        inner = _AUTOLINK.sub(lambda match: escaped(f"x{match[1]}", links=False)[1:], label)
        self.parts[begin:] = [f"[{inner}](<{address}>)" if inner else f"<{address}>"]

    def _end_emphasis(self, tag: str, begin: int) -> None:
        inside = "".join(self.parts[begin:])
        words = inside.strip()
        if words and "\n" not in words and words[0].isalnum() and words[-1].isalnum():
            marks = _EMPHASIS[tag]
            before, _, after = inside.partition(words)
            self.parts[begin:] = [f"{before}{marks}{words}{marks}{after}"]


def _joined(lines: list[str]) -> str:
    """Lines as paragraphs, broken within where the HTML is; items of a list stand on lines by themselves."""
    found: list[str] = []
    for index, each in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if each.startswith(_ITEM) and found and found[-1] and not found[-1].startswith(_ITEM):
            found.append("")
        breaks = each and following and not following.startswith(_ITEM)
        found.append(f"{each}\\" if breaks else each)
    return squeezed("\n".join(found))
