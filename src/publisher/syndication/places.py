"""XML and JSON as they are read: elements and values that know where they stand.

Places are offsets: of octets in the UTF-8 of an XML document, of characters in JSON. They become
lines and columns, which count characters from 1, only where something is found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from publisher.diagnostics import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

#: The namespaces of feeds, by the prefix that names are written with here.
PREFIXES: Final[Mapping[str, str]] = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom03",
    "http://www.w3.org/2007/app": "app",
    "http://purl.org/atompub/tombstones/1.0": "at",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/rss/1.0/": "rss1",
    "http://my.netscape.com/rdf/simple/0.9/": "rss09",
    "http://channel.netscape.com/rdf/simple/0.9/": "rss09",
    "http://backend.userland.com/rss2": "userland",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/event/": "ev",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://wellformedweb.org/CommentAPI/": "wfw",
    "http://www.georss.org/georss": "georss",
    "http://www.w3.org/2003/01/geo/wgs84_pos#": "geo",
    "http://a9.com/-/spec/opensearch/1.1/": "opensearch",
}


class Element:
    """An element of an XML document."""

    __slots__ = ("at", "attributes", "children", "closed", "end", "name", "parent", "parts")

    def __init__(self, name: str, at: int, attributes: Mapping[str, str], parent: Element | None) -> None:
        #: With the prefix of `PREFIXES`, whatever the document has: `atom:link`; `link` without a namespace;
        #: `{https://example.org/ns}link` in one that is not there.
        self.name: Final = name
        #: Where its start tag begins.
        self.at: Final = at
        #: Where its end tag begins; that of an empty element begins where its start tag does.
        self.end = at
        #: Their names are written likewise: `href`, `xml:lang`.
        self.attributes: Final = attributes
        self.parent: Final = parent
        self.children: Final[list[Element]] = []
        #: The text directly in it, as it came; `text` is all of it.
        self.parts: Final[list[str]] = []
        #: Whether its end was read: one whose end was not may have more in it than is known.
        self.closed = False

    def __repr__(self) -> str:
        return f"<{self.name}>"

    @property
    def local(self) -> str:
        """Its name without its namespace."""
        return self.name.rpartition("}")[2].rpartition(":")[2]

    @property
    def text(self) -> str:
        """The text directly in it, without that of elements in it."""
        return "".join(self.parts)

    @property
    def all_text(self) -> str:
        """All text in it, that of elements in it too."""
        return "".join(part for each in self.within() for part in each.parts)

    def get(self, attribute: str) -> str | None:
        """The value of an attribute; None without one."""
        return self.attributes.get(attribute)

    def first(self, name: str) -> Element | None:
        """The first element of this name directly in it."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> list[Element]:
        """The elements of this name directly in it."""
        return [child for child in self.children if child.name == name]

    def within(self) -> Iterator[Element]:
        """It and all elements within it, in the order of the document."""
        left = [self]
        while left:
            element = left.pop()
            yield element
            left.extend(reversed(element.children))

    def inherited(self, attribute: str) -> str:
        """The value of an attribute that holds for all within, such as `xml:base`; nothing without one."""
        element: Element | None = self
        while element is not None:
            if (value := element.attributes.get(attribute)) is not None:
                return value
            element = element.parent
        return ""


Kind: TypeAlias = Literal["object", "array", "string", "number", "boolean", "null"]


@dataclass(slots=True, eq=False)
class Value:
    """A value in a JSON document."""

    kind: Kind
    #: Where it begins.
    at: int
    #: What it is: nothing (None) of an object and an array.
    value: str | float | bool | None = None
    #: The members of an object; the last one of each name.
    members: dict[str, Value] = field(default_factory=dict)
    #: Where the names of members stand.
    names: dict[str, int] = field(default_factory=dict)
    #: The items of an array.
    items: list[Value] = field(default_factory=list)
    #: Where it ends.
    end: int = 0
    #: Whether its end was read.
    closed: bool = False
    #: The name of the member that it stands in, also as an item of an array; `feed` is the outermost.
    role: str = "feed"

    @property
    def text(self) -> str:
        """The string that it is; nothing of anything else."""
        return self.value if isinstance(self.value, str) else ""

    def get(self, name: str) -> Value | None:
        """A member of an object; None without one."""
        return self.members.get(name)

    def string(self, name: str) -> str:
        """The string that a member is; nothing without one."""
        member = self.members.get(name)
        return member.text if member else ""

    def within(self) -> Iterator[Value]:
        """It and all values within it, in the order of the document."""
        left = [self]
        while left:
            value = left.pop()
            yield value
            left.extend(reversed(value.items or list(value.members.values())))


@dataclass(frozen=True, slots=True)
class Near:
    """A hint that is looked for only where it is shown: the word that is nearest to one, if any is."""

    word: str
    known: Collection[str]

    def __str__(self) -> str:
        return did_you_mean(self.word, self.known)


@dataclass(frozen=True, slots=True)
class Found:
    """A place where a rule is broken."""

    #: The element or the value at which it stands, or the offset of a place in the document.
    node: Element | Value | int
    #: What was expected, and what came.
    message: str
    #: The text within the node at which the finding points, as it means: escapes are looked through.
    about: str = ""
    #: The attribute of the element, or the member of the object, that it is about; `about` is then within it.
    attribute: str = ""
    #: What to do, where it is more than what the rule says.
    hint: str | Near = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something amiss with the form of a document, which reading it has found."""

    #: The offset of its place.
    at: int
    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Instruction:
    """A processing instruction, such as `<?xml-stylesheet href="feed.css" type="text/css"?>`."""

    at: int
    target: str
    data: str

    def get(self, name: str) -> str:
        """What it says after a name, as attributes do; nothing if it says none."""
        found = re.search(rf"""(?:^|\s){name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", self.data)
        return (found[1] or found[2] or "") if found else ""


@dataclass(frozen=True, slots=True)
class NamespaceDeclaration:
    """That names with this prefix (without any, if it is empty) are of this namespace."""

    at: int
    prefix: str
    space: str
