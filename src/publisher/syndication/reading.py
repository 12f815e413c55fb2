"""From octets to elements or values, in this order: how many there are, in which charset, XML or JSON, a feed or not.

Nothing raises: what is amiss is told, and what could be read is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.charset import Decoded, decoded
from publisher.syndication.json_reading import read_json
from publisher.syndication.places import Element, Fault, Value
from publisher.syndication.texts import JsonText, XmlText
from publisher.syndication.xml_reading import XmlTree, read_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.places import Instruction, NamespaceDeclaration

#: More than that is not even looked at.
MOST_OCTETS: Final = 50_000_000
#: What begins like that is a web page, and mostly no XML.
_PAGE: Final = re.compile(r"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_DECLARATION: Final = b"<?xml"
_FEEDS: Final = frozenset({"feed", "rss", "RDF"})
_SNIFFED: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document as it was read."""

    #: How many octets it has.
    size: int
    text: XmlText | JsonText
    #: The outermost element or value of a feed; None if it is none, which is then among the faults.
    root: Element | Value | None
    faults: tuple[Fault, ...]
    instructions: tuple[Instruction, ...] = ()
    namespaces: tuple[NamespaceDeclaration, ...] = ()


def read(data: bytes) -> Reading:
    """Read a feed, whatever it is written in."""
    if len(data) > MOST_OCTETS:
        message = f"expected at most {MOST_OCTETS:,} octets, got {len(data):,}; nothing was read"
        return Reading(size=len(data), text=JsonText(""), root=None, faults=(Fault(0, "feed-too-large", message),))
    characters = decoded(data)
    text = characters.text.replace("\r\n", "\n").replace("\r", "\n")  # XML 1.0 section 2.11
    if text.lstrip()[:1] in {"{", "["}:
        return _json(replace(characters, text=text), len(data))
    return _xml(replace(characters, text=text), len(data))


def is_feed(data: bytes) -> bool:
    """Whether octets are a feed, sound or not: its outermost element says so, or its version."""
    reading = read(data)
    return reading.root is not None and not any(fault.code == "no-feed" for fault in reading.faults)


def _json(characters: Decoded, size: int) -> Reading:
    tree = read_json(characters.text)
    faults = [*_of_charset(characters, len), *tree.faults]
    root = tree.root
    if characters.marked:
        faults.append(Fault(0, "byte-order-mark", "expected JSON from the first octet on, got a byte order mark"))
    if root is None or root.kind != "object" or not {"version", "items"} & root.names.keys():
        what = "a JSON Feed with a version and items"
        faults.append(Fault(0, "no-feed", f"expected {what}, got other JSON"))
        root = None
    return Reading(size=size, text=JsonText(characters.text), root=root, faults=tuple(faults))


def _xml(characters: Decoded, size: int) -> Reading:
    data = characters.text.encode("utf-8", "replace")
    faults = list(_of_charset(characters, lambda before: len(before.encode("utf-8", "replace"))))
    text = XmlText(data)
    if not data.strip() or b"<" not in data or _PAGE.match(characters.text[:_SNIFFED]):
        return Reading(size=size, text=text, root=None, faults=(_no_feed(data), *_of_charset(characters, len)))
    start = _beginning(data)
    if start:
        faults.append(_before_declaration(data[:start]))
    tree = read_xml(data[start:], start)
    faults += tree.faults
    root = _root(tree, faults)
    return Reading(
        size=size, text=text, root=root, faults=tuple(faults),
        instructions=tuple(tree.instructions), namespaces=tuple(tree.namespaces),
    )  # fmt: skip
