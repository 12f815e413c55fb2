"""From octets to elements or values: how many there are, in which charset, XML or JSON, a feed or not.

Nothing raises: what is amiss is told, and what could be read is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.charset import Decoded, decoded
from publisher.syndication.json_reading import read_json
from publisher.syndication.places import PREFIXES, Element, Fault, Value
from publisher.syndication.texts import JsonText, XmlText
from publisher.syndication.xml_reading import read_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.places import Instruction
    from publisher.syndication.xml_reading import XmlTree

#: More than that is not even looked at.
MOST_OCTETS: Final = 50_000_000
#: What begins like that is a web page, and mostly no XML.
_PAGE: Final = re.compile(r"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_DECLARATION: Final = b"<?xml"
_FEEDS: Final = frozenset({"feed", "rss", "RDF"})
#: The same in lower case -> as it is written.
_MEANT: Final = {"feed": "feed", "rss": "rss", "rdf": "rdf:RDF"}
_LONE: Final = (
    "put it into a <feed> with an id, a title and the time of its last change, or name the feed it is from"
)
#: The first element.
_FIRST: Final = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})[\s/>]")
_ATOM: Final = "http://www.w3.org/2005/Atom"
_VERSION: Final = b"jsonfeed.org/version/"
#: Members that JSON Feed has, and hardly anything else that has items.
_OF_JSON_FEED: Final = re.compile(rb'"(?:home_page_url|feed_url|content_html|content_text)"\s*:')
#: So many octets from the beginning are looked at to know what a file is.
_SNIFFED: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document as it was read."""

    text: XmlText | JsonText
    #: The outermost element or value of a feed; None if it is none, which is then among the faults.
    root: Element | Value | None
    faults: tuple[Fault, ...]
    instructions: tuple[Instruction, ...] = ()


def read(data: bytes) -> Reading:
    """Read a feed, whatever it is written in."""
    if len(data) > MOST_OCTETS:
        message = f"expected at most {MOST_OCTETS:,} octets, got {len(data):,}; nothing was read"
        return Reading(text=JsonText(""), root=None, faults=(Fault(0, "feed-too-large", message),))
    characters = decoded(data)
    return (_json if characters.text.lstrip()[:1] in {"{", "["} else _xml)(characters)


def is_feed(data: bytes) -> bool:
    """Whether octets are a feed, sound or not: its outermost element says so, or members do."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _VERSION in data or (b'"items"' in data and _OF_JSON_FEED.search(data) is not None)
    text = decoded(data[:_SNIFFED]).text
    declaration = max(text.find("<?xml"), 0)
    first = _FIRST.search(text, declaration)
    if first is None:
        return False
    return first[1].lower() in _MEANT or (first[1] == "entry" and _ATOM in text)


def _json(characters: Decoded) -> Reading:
    tree = read_json(characters.text)
    faults = [*_of_charset(characters, characters.broken_at), *tree.faults]
    if characters.marked:
        faults.append(
            Fault(0, "byte-order-mark", "expected JSON from the first octet on, got a byte order mark")
        )
    root = tree.root
    if root is None or ("items" not in root.names and "jsonfeed.org" not in root.string("version")):
        if root is not None and root.closed:  # else its fault is told, and what would follow is not known
            faults.append(Fault(0, "no-feed", "expected a feed, got JSON without a version and items"))
        root = None
    return Reading(text=JsonText(characters.text), root=root, faults=tuple(faults))


def _xml(characters: Decoded) -> Reading:
    data = characters.text.encode("utf-8", "replace")
    broken_at = len(characters.text[: max(characters.broken_at, 0)].encode("utf-8", "replace"))
    faults = list(_of_charset(characters, broken_at))
    if what := _no_xml(characters.text):
        return Reading(
            text=XmlText(data),
            root=None,
            faults=(*faults, Fault(0, "no-feed", f"expected a feed, got {what}")),
        )
    start = max(data.find(_DECLARATION, 0, _SNIFFED), 0)
    if start:
        shown = (
            quoted(data[:start].strip()[:40].decode("utf-8", "replace")) if data[:start].strip() else "blanks"
        )
        faults.append(
            Fault(0, "text-before-xml", f"expected the XML declaration at the very beginning, got {shown}")
        )
    tree = read_xml(data[start:], start)
    faults += [*_of_namespaces(tree), *tree.faults]
    amiss = _no_feed(tree.root, faults)
    faults += amiss
    root = (
        None
        if amiss or (tree.root and tree.root.local == "feed" and tree.root.name != "atom:feed")
        else tree.root
    )
    return Reading(
        text=XmlText(data), root=root, faults=tuple(faults), instructions=tuple(tree.instructions),
    )  # fmt: skip


def _no_feed(root: Element | None, faults: list[Fault]) -> list[Fault]:
    """What is told of a document whose outermost element is not a feed's; nothing after a graver fault."""
    codes = {fault.code for fault in faults}
    if root is None:
        return [] if faults else [Fault(0, "no-feed", "expected a feed, got no element")]
    if root.local not in _FEEDS:
        return [_other_root(root)]
    if root.name == "atom03:feed":
        return [Fault(root.at, "atom-old", "expected Atom 1.0, got Atom 0.3")]
    if root.local == "feed" and root.name != "atom:feed" and "namespace-misspelt" not in codes:
        got = root.name[1:].rpartition("}")[0]
        shown = quoted(got) if got else "none"
        return [Fault(root.at, "atom-namespace", f"expected the namespace of Atom, got {shown}")]
    return []


def _other_root(root: Element) -> Fault:
    """What a document is whose outermost element is called otherwise than a feed's."""
    if root.name == "atom:entry":
        message = "expected <feed>, got an <entry> by itself: a document of one entry"
        return Fault(root.at, "no-feed", message, _LONE)
    if meant := _MEANT.get(root.local.lower()):
        hint = f"write <{meant}>: names of XML differ by upper and lower case"
        return Fault(root.at, "no-feed", f"expected <{meant}>, got <{root.local}>", hint)
    return Fault(root.at, "no-feed", f"expected <feed>, <rss> or <rdf:RDF>, got <{root.local}>")


def _no_xml(text: str) -> str:
    """What it is that can be no feed; nothing if it may be one."""
    if not text.strip():
        return "an empty file"
    if _PAGE.match(text[:_SNIFFED]):
        return "a web page"
    return "" if "<" in text else "plain text"


def _of_charset(characters: Decoded, broken_at: int) -> Iterator[Fault]:
    if characters.unknown:
        yield Fault(
            0, "charset-unknown", f"expected a charset that readers know, got {quoted(characters.unknown)}"
        )
    if characters.broken:
        yield Fault(broken_at, "charset-wrong", characters.broken, characters.hint)
    if characters.contradicted:
        is_in = characters.other or "UTF-8"
        message = (
            f"expected the declaration to name {is_in}, which it is in, got {quoted(characters.contradicted)}"
        )
        yield Fault(0, "charset-contradicted", message)
    elif characters.other:
        yield Fault(0, "charset-other", f"expected UTF-8, got {characters.other}")


def _of_namespaces(tree: XmlTree) -> Iterator[Fault]:
    """Namespaces that are none, but nearly one."""
    for declared in tree.namespaces:
        meant = _NEARLY.get(_bare(declared.space))
        if declared.space not in PREFIXES and meant:
            message = f"expected the namespace {quoted(meant)}, got {quoted(declared.space)}"
            yield Fault(declared.at, "namespace-misspelt", message, f"write {meant}")


def _bare(space: str) -> str:
    """A namespace without what is easily got wrong."""
    return (
        space.strip()
        .lower()
        .removeprefix("http://")
        .removeprefix("https://")
        .removeprefix("www.")
        .rstrip("/#")
    )


_NEARLY: Final = {_bare(space): space for space in PREFIXES}
