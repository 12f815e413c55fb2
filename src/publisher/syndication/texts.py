"""The text of a document, in which offsets become lines and columns."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publisher.syndication.places import Element, Value

#: A start tag, and an attribute in it; what a quantifier has taken it never gives back.
_TAG: Final = re.compile(rb"""<[^<>"']*+(?:(?:"[^"]*+"|'[^']*+')[^<>"']*+)*+>""")
#: In octets: no attribute is looked for behind so many of its tag.
_FAR: Final = 20_000
_ATTRIBUTE: Final = re.compile(rb"""([^\s=<>"'/]++)\s*+=\s*+("[^"]*+"|'[^']*+')""")


@dataclass(frozen=True, slots=True)
class XmlText:
    """The octets of an XML document, in UTF-8, lines ended by line feeds; offsets count octets."""

    data: bytes

    def places(self, offsets: Iterable[int]) -> dict[int, tuple[int, int]]:
        """The lines and columns of offsets, in characters from 1."""
        found, line, column, last = {}, 1, 1, 0
        for at in sorted(set(offsets)):
            between = self.data[last:at]
            breaks = between.count(b"\n")
            line += breaks
            rest = len(between.rpartition(b"\n")[2].decode("utf-8", "replace"))
            column = rest + (1 if breaks else column)
            found[at] = line, column
            last = at
        return found

    def find(self, element: Element, attribute: str, about: str) -> int:
        """Where in an element an attribute stands, and a text in that or else in the element itself."""
        beginning, start, end = self._bounds(element, attribute)
        blanks = len(about) - len(about.lstrip())  # they help to find it
        for text in (about, escape(about, quote=False), escape(about)) if about else ():
            place = self.data.find(text.encode("utf-8", "replace"), start, end)
            if place >= 0:
                return place + blanks
        return beginning

    def _bounds(self, element: Element, attribute: str) -> tuple[int, int, int]:
        """Where to point if a text is not found, and between which offsets to look for it."""
        after = self._after_tag(element.at)
        if not attribute:
            return element.at, after, element.end
        local = attribute.rpartition("}")[2].rpartition(":")[2].encode()
        for match in _ATTRIBUTE.finditer(self.data, element.at, min(after, element.at + _FAR)):
            if match[1].rpartition(b":")[2] == local:
                return match.start(), match.start(2), match.end()
        return element.at, element.at, element.at

    def _after_tag(self, at: int) -> int:
        """Where the start tag at an offset ends."""
        match = _TAG.match(self.data, at)
        return match.end() if match else at


@dataclass(frozen=True, slots=True)
class JsonText:
    """The characters of a JSON document; offsets count characters."""

    data: str

    def places(self, offsets: Iterable[int]) -> dict[int, tuple[int, int]]:
        """The lines and columns of offsets, in characters from 1."""
        found, line, last = {}, 1, 0
        for at in sorted(set(offsets)):
            line += self.data.count("\n", last, at)
            found[at] = line, at - self.data.rfind("\n", 0, at)
            last = at
        return found

    def find(self, value: Value, member: str, about: str) -> int:
        """Where in an object the name of a member stands, and a text in its value, or in the object."""
        start, end = value.at, value.end
        if member:
            start = value.names.get(member, value.at)
            inner = value.members.get(member)
            end = inner.end if inner else start
        return next((place for place in self._spelt(about, start, end) if place >= 0), start)

    def _spelt(self, about: str, start: int, end: int) -> Iterator[int]:
        for plain in (False, True) if about else ():
            yield self.data.find(json.dumps(about, ensure_ascii=plain)[1:-1], start, end)
        yield self.data.find(about.replace("/", "\\/"), start, end) if about else -1


Text: TypeAlias = XmlText | JsonText
