"""What of a body readers would not get: links that lead nowhere, elements that are taken away, deep nesting.

Works on the events of Markdown, so that each finding has its place and code is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from publisher.content.markdown import TAGS, Piece, leads, pieces
from publisher.diagnostics import quoted
from publisher.model.characters import find_control, not_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: How deep quotations, lists, emphasis and elements may stand in one another. Programs that read HTML take
#: the more time the deeper it is, and some end at 256.
MAX_DEPTH = 100

#: Each level is opened by one of these at least.
_OPENERS = "<>*_~[-+.)"
#: Without any of these a body has neither links nor HTML nor references.
_SIGNS = ("<", "](", "]:", "&#")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+))(;?)")
#: A comment, or a tag with its attributes.
_TAG = re.compile(r"""<!--.*?(?:-->|\Z)|<(/?)([A-Za-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>?""", re.DOTALL)
_ADDRESS = re.compile(r"""[\s"'/](?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
#: What stands in these is no markup.
_RAW_TEXT = frozenset({"iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"})
#: Elements that end where another one begins, or hold nothing.
_SHALLOW = frozenset({
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option",
    "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
})  # fmt: skip
#: As `render.markup` treats them: of all others what stands in them stays.
_WHOLE = frozenset({"script", "style"})
_HINTS = {
    "script": "delete it: texts run nothing",
    "style": "delete it: the theme decides how texts look",
} | dict.fromkeys(
    ("audio", "button", "embed", "form", "iframe", "input", "object", "select", "svg", "textarea", "video"),
    "link to a page that has it",
)


class Loss(NamedTuple):
    """A finding in a body."""

    code: str
    #: Where, in characters.
    offset: int
    message: str
    hint: str
    is_error: bool


def fault(code: str, offset: int, message: str, hint: str, *, is_error: bool = False) -> Loss:
    """A finding; by default it only tells."""
    return Loss(code, offset, message, hint, is_error)


@lru_cache(maxsize=8)
def losses(body: str) -> tuple[Loss, ...]:
    """What of a body readers would not get; each address and element once, at its first place.

    Where it is nested too deep, that is the only finding.
    """
    if not any(sign in body for sign in _SIGNS) and not _may_be_deep(body):
        return ()
    reader = _Reader(body)
    try:
        return tuple(sorted(reader.read(), key=lambda loss: loss.offset))
    except _TooDeep as deep:
        message = f"expected at most {MAX_DEPTH} levels in the text, got more"
        return (fault("nested-too-deep", deep.offset, message, "flatten it", is_error=True),)


def is_too_deep(body: str) -> bool:
    """Whether a body is not to be made HTML of."""
    return any(loss.code == "nested-too-deep" for loss in losses(body))


def _may_be_deep(body: str) -> bool:
    return len(body) > MAX_DEPTH and sum(map(body.count, _OPENERS)) > MAX_DEPTH


class _TooDeep(Exception):
    def __init__(self, offset: int) -> None:
        self.offset = offset


class _Reader:
    """One way through a body."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._found: dict[str, Loss] = {}
        #: How many levels of Markdown are open, and which elements of HTML.
        self._levels = 0
        self._open: list[str] = []
        #: Where code begins and ends, and where HTML does, in characters.
        self._code: list[tuple[int, int]] = []
        self._html: list[tuple[int, int]] = []

    def read(self) -> Iterator[Loss]:
        block: list[Piece] = []
        for piece in pieces(self._body):
            if block and piece.sort != "html":
                self._look(block)
                block = []
            if piece.sort == "html":
                block.append(piece)
            else:
                self._step(piece)
        self._look(block)
        yield from self._found.values()
        yield from self._references()

    def _step(self, piece: Piece) -> None:
        match piece.sort:
            case "code":
                self._code.append((piece.start, piece.end))
            case "start":
                self._levels += 1
                self._deepen(piece.start)
            case "end":
                self._levels -= 1
            case "link" | "picture":
                self._lead(piece.sort, piece.text, piece.start)
            case "tag":
                self._look([piece])

    def _deepen(self, offset: int) -> None:
        if self._levels + len(self._open) > MAX_DEPTH:
            raise _TooDeep(offset)

    def _look(self, block: list[Piece]) -> None:
        """See what HTML holds; `block` are its lines."""
        starts, at = [], 0
        for piece in block:
            starts.append(at)
            at += len(piece.text)
            self._html.append((piece.start, piece.end))

        def place(index: int) -> int:
            line = bisect_right(starts, index) - 1
            return block[line].start + index - starts[line]

        self._elements("".join(piece.text for piece in block), place)

    def _elements(self, html: str, place: Callable[[int], int]) -> None:
        at = 0
        while match := _TAG.search(html, at):
            at = match.end()
            name = (match[2] or "").lower()
            if name and match[1]:
                self._close(name)
            elif name:
                self._element(name, match[3], place(match.start()))
                if name in _RAW_TEXT:
                    closing = re.compile(f"</{name}", re.IGNORECASE).search(html, at)
                    at = closing.start() if closing else len(html)
                elif name not in _SHALLOW and not match[3].endswith("/"):
                    self._open.append(name)
                    self._deepen(place(match.start()))

    def _close(self, name: str) -> None:
        if name in self._open:
            while self._open.pop() != name:
                pass

    def _element(self, name: str, attributes: str, offset: int) -> None:
        if name in {"a", "img"}:
            address = _ADDRESS.search(attributes)
            written = next((group for group in address.groups() if group), "") if address else ""
            self._lead("picture" if name == "img" else "link", unescape(written), offset)
        elif name not in TAGS:
            stays = "taken away with what is in it" if name in _WHOLE else "taken away, the words in it stay"
            message = f"the element {quoted(f'<{name}>')} is {stays}"
            hint = _HINTS.get(name, "write it in Markdown, or delete its tags")
            self._found.setdefault(name, fault("body-markup-removed", offset, message, hint))

    def _lead(self, what: str, address: str, offset: int) -> None:
        if leads(address.strip()):
            return
        got = quoted(address) if address.strip() else "none"
        message = f"expected an address that readers may follow, got {got}"
        stays = "its text stands for the picture" if what == "picture" else "its words stay without a link"
        hint = f"begin it with https:, http: or mailto:; until then {stays}"
        self._found.setdefault(f"{what} {address}", fault("body-link-refused", offset, message, hint))

    def _references(self) -> Iterator[Loss]:
        """The first reference to a character that is no text, as one that is typed is told of."""
        for match in _REFERENCE.finditer(self._body):
            in_html = _within(self._html, match.start())
            if _is_read(self._body, match, in_html=in_html) and not _within(self._code, match.start()):
                number = int(match[1], 16) if match[1] else int(match[2][:9])
                if _is_refused(number, in_html=in_html):
                    message = not_text(chr(number)) if number <= _LAST else "expected text, got no character"
                    hint = "delete the reference that makes it"
                    yield fault("control-character", match.start(), message, hint, is_error=True)
                    return


_LAST = 0x10FFFF


def _is_read(body: str, match: re.Match[str], *, in_html: bool) -> bool:
    """Whether it is a reference here: not behind a backslash; in Markdown, with a semicolon."""
    before = body[max(0, match.start() - 99) : match.start()]
    escaped = (len(before) - len(before.rstrip("\\"))) % 2
    return in_html or (bool(match[3]) and not escaped)


def _is_refused(number: int, *, in_html: bool) -> bool:
    """Whether a number is of no text; HTML reads 128 to 159 as Windows did."""
    if in_html and number in range(0x80, 0xA0):
        return False
    return number == 0 or number > _LAST or find_control(chr(number)) is not None


def _within(places: list[tuple[int, int]], at: int) -> bool:
    index = bisect_right(places, at, key=lambda place: place[0]) - 1
    return index >= 0 and at < places[index][1]
