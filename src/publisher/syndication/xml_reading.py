"""XML as feeds have it: a tree of elements with their places, read by expat.

Nothing is fetched and nothing is expanded: a document that declares entities, or attributes that elements
have without a word, is refused at their declaration.
What is amiss with the form is told in words once, where reading ends, and what was read until there is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from publisher.diagnostics import quoted
from publisher.syndication.places import PREFIXES, Element, Fault, Instruction, NamespaceDeclaration
from publisher.syndication.xml_faults import fault_of, unknown_entity

if TYPE_CHECKING:
    from collections.abc import Mapping

#: So many elements within each other; what is deeper is no feed.
MOST_DEPTH: Final = 100
#: So many elements in all.
MOST_ELEMENTS: Final = 200_000
#: So many declared attributes: expat goes through those of an element at each of its tags.
MOST_DECLARED: Final = 100

_NONE: Final[Mapping[str, str]] = {}


class _Refused(Exception):
    """Reading ends here, though expat would go on."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


@dataclass
class XmlTree:
    """A document as far as it could be read."""

    root: Element | None = None
    faults: list[Fault] = field(default_factory=list)
    #: Processing instructions before the outermost element: where a style sheet is named.
    instructions: list[Instruction] = field(default_factory=list)
    namespaces: list[NamespaceDeclaration] = field(default_factory=list)
    #: The name in a document type declaration; nothing without one.
    doctype: str = ""


class _Reader:
    """What expat calls while it reads."""

    def __init__(self, data: bytes, start: int) -> None:
        self.tree = XmlTree()
        self._data = data
        self._start = start
        self._open: list[Element] = []
        self._count = 0
        self._attributes = 0
        self._names: dict[str, str] = {}
        self._declared: set[tuple[str, str]] = set()
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.XmlDeclHandler = self._declaration
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.AttlistDeclHandler = self._attribute
        parser.SkippedEntityHandler = self._skipped
        self._parser = parser

    def read(self) -> XmlTree:
        try:
            self._parser.Parse(self._data, True)
        except expat.ExpatError as error:
            at = max(self._parser.ErrorByteIndex, 0)
            self.tree.faults.append(fault_of(error.code, self._data, at, self._open, self._start))
        except _Refused as refused:
            self.tree.faults.append(refused.fault)
        return self.tree

    @property
    def _at(self) -> int:
        return self._start + self._parser.CurrentByteIndex

    def _named(self, name: str) -> str:
        """The name of an element or attribute, with the prefix that is used here for its namespace."""
        known = self._names.get(name)
        if known is None:
            space, _, local = name.rpartition(" ")
            prefix = PREFIXES.get(space, f"{{{space}}}")
            known = local if not space else f"{prefix}{local}" if prefix[0] == "{" else f"{prefix}:{local}"
            self._names[name] = known
        return known

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1] if self._open else None
        own = {self._named(key): value for key, value in attributes.items()} if attributes else _NONE
        element = Element(self._named(name), self._at, own, parent)
        if parent is None:
            self.tree.root = element
        else:
            parent.children.append(element)
        self._open.append(element)
        self._count += 1
        if len(self._open) > MOST_DEPTH or self._count > MOST_ELEMENTS:
            raise _Refused(_too_much(element, len(self._open)))

    def _end(self, name: str) -> None:
        del name
        element = self._open.pop()
        element.end = self._at
        element.closed = True

    def _text(self, text: str) -> None:
        self._open[-1].parts.append(text)

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        del encoding, standalone
        if version != "1.0":
            message = f"expected XML version 1.0, got {quoted(version)}"
            self.tree.faults.append(Fault(self._at, "xml-version", message))

    def _instruction(self, target: str, data: str) -> None:
        if not self._open:
            self.tree.instructions.append(Instruction(self._at, target, data))

    def _namespace(self, prefix: str | None, space: str | None) -> None:
        declared = (prefix or "", space or "")
        if declared not in self._declared:
            self._declared.add(declared)
            self.tree.namespaces.append(NamespaceDeclaration(self._at, *declared))

    def _doctype(self, name: str, system: str | None, public: str | None, internal: int) -> None:
        del system, public, internal
        self.tree.doctype = name
        message = f"expected no document type, got <!DOCTYPE {name[:40]}>"
        at = self._data.rfind(b"<!DOCTYPE", 0, self._parser.CurrentByteIndex)
        self.tree.faults.append(Fault(self._start + max(at, 0), "doctype", message))

    def _entity(self, name: str, *_: object) -> None:
        message = (
            f"expected no entities of its own, got the declaration of {quoted(name)}; nothing more was read"
        )
        raise self._declares(b"<!ENTITY", "entity-declared", message)

    def _attribute(self, element: str, name: str, kind: str, default: str | None, required: int) -> None:
        """A default would be copied into each element of the name; many names are looked through at each."""
        del kind, required
        self._attributes += 1
        if default is not None:
            shown = f"{quoted(name)} in <{element[:40]}>"
            message = f"expected no attributes by default, got the declaration of {shown}"
        elif self._attributes > MOST_DECLARED:
            message = f"expected at most {MOST_DECLARED} declarations of attributes, got more"
        else:
            return
        raise self._declares(b"<!ATTLIST", "attribute-declared", f"{message}; nothing more was read")

    def _declares(self, word: bytes, code: str, message: str) -> _Refused:
        """That what a document type declares is refused: that is graver than that there is one."""
        at = self._data.rfind(word, 0, self._parser.CurrentByteIndex + 1)
        self.tree.faults = [fault for fault in self.tree.faults if fault.code != "doctype"]
        return _Refused(Fault(self._start + max(at, 0), code, message))

    def _skipped(self, name: str, is_parameter: int) -> None:
        del is_parameter
        self.tree.faults.append(unknown_entity(self._at, name))


def read_xml(data: bytes, start: int = 0) -> XmlTree:
    """The elements of a document in UTF-8; places are counted from `start` octets before it."""
    return _Reader(data, start).read()


def _too_much(element: Element, depth: int) -> Fault:
    if depth > MOST_DEPTH:
        message = f"expected at most {MOST_DEPTH} elements within each other, got more; nothing more was read"
        return Fault(element.at, "nested-too-deep", message)
    message = f"expected at most {MOST_ELEMENTS:,} elements, got more; nothing more was read"
    return Fault(element.at, "feed-too-large", message)
