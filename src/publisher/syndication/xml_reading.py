"""XML as feeds have it: a tree of elements with their places, read by expat.

Nothing is fetched and nothing is expanded: a document that declares entities is refused at their declaration.
What is amiss with the form is told in words once, where reading ends, and what was read until there is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.entities import html5
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from publisher.diagnostics import quoted
from publisher.syndication.places import PREFIXES, Element, Fault, Instruction, NamespaceDeclaration

if TYPE_CHECKING:
    from collections.abc import Mapping

#: So many elements within each other; what is deeper is no feed.
MOST_DEPTH: Final = 100
#: So many elements in all.
MOST_ELEMENTS: Final = 200_000

_NONE: Final[Mapping[str, str]] = {}
_ERRORS: Final = expat.errors.codes
_CODES: Final = expat.errors


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
        parser.SkippedEntityHandler = self._skipped
        self._parser = parser

    def read(self) -> XmlTree:
        try:
            self._parser.Parse(self._data, True)
        except expat.ExpatError as error:
            at = max(self._parser.ErrorByteIndex, 0)
            self.tree.faults.append(_fault_of(error.code, self._data, at, self._open, self._start))
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
        at = self._data.rfind(b"<!ENTITY", 0, self._parser.CurrentByteIndex)
        self.tree.faults = [
            fault for fault in self.tree.faults if fault.code != "doctype"
        ]  # graver is its content
        raise _Refused(Fault(self._start + max(at, 0), "entity-declared", message))

    def _skipped(self, name: str, is_parameter: int) -> None:
        del is_parameter
        self.tree.faults.append(_unknown_entity(self._at, name))


def read_xml(data: bytes, start: int = 0) -> XmlTree:
    """The elements of a document in UTF-8; places are counted from `start` octets before it."""
    return _Reader(data, start).read()


def _too_much(element: Element, depth: int) -> Fault:
    if depth > MOST_DEPTH:
        message = f"expected at most {MOST_DEPTH} elements within each other, got more; nothing more was read"
        return Fault(element.at, "nested-too-deep", message)
    message = f"expected at most {MOST_ELEMENTS:,} elements, got more; nothing more was read"
    return Fault(element.at, "feed-too-large", message)


# What expat's errors mean.

_ENTITY: Final = re.compile(rb"&([A-Za-z][A-Za-z0-9]{0,40});")
_NAME: Final = re.compile(rb"</?\s*([^\s<>/=]{1,60})")
_BEFORE: Final = 80
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf]")
_REST: Final = "; what follows was not read"
_CUT_OFF: Final = {
    _ERRORS[each]
    for each in (_CODES.XML_ERROR_NO_ELEMENTS, _CODES.XML_ERROR_UNCLOSED_TOKEN, _CODES.XML_ERROR_UNCLOSED_CDATA_SECTION,
                 _CODES.XML_ERROR_PARTIAL_CHAR)
}  # fmt: skip
#: expat's errors that need no look at the text -> our code, and what is said.
_PLAIN: Final = {
    _ERRORS[_CODES.XML_ERROR_DUPLICATE_ATTRIBUTE]: ("xml-broken", "expected each attribute once, got one twice"),
    _ERRORS[_CODES.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]: (
        "xml-broken", "expected the end of the file after the outermost element, got more",
    ),
    _ERRORS[_CODES.XML_ERROR_MISPLACED_XML_PI]: (
        "xml-broken", "expected the XML declaration at the beginning of the file, got another one",
    ),
    _ERRORS[_CODES.XML_ERROR_BAD_CHAR_REF]: (
        "control-character", "expected text, got a reference to a character that XML does not have",
    ),
}  # fmt: skip


def _fault_of(code: int, data: bytes, at: int, ahead: list[Element], start: int) -> Fault:  # noqa: PLR0911 -- one for each sort
    """What one of expat's errors means, in words."""
    place = start + at
    if code in _CUT_OFF:
        return Fault(start + len(data.rstrip()), "truncated", _cut_off(ahead) + _REST)
    if code in _PLAIN:
        return Fault(place, _PLAIN[code][0], _PLAIN[code][1] + _REST)
    if code == _ERRORS[_CODES.XML_ERROR_UNDEFINED_ENTITY]:
        return _undefined_entity(data, at, start)
    if code == _ERRORS[_CODES.XML_ERROR_TAG_MISMATCH]:
        return Fault(
            start + max(data.rfind(b"</", 0, at + 2), 0), "xml-broken", _mismatch(data, at, ahead) + _REST
        )
    if code == _ERRORS[_CODES.XML_ERROR_UNBOUND_PREFIX]:
        return _unbound(data, at, start)
    if code == _ERRORS[_CODES.XML_ERROR_INVALID_TOKEN]:
        return _invalid_token(data, at, start)
    return Fault(place, "xml-broken", f"expected XML, got what is none: {expat.ErrorString(code)}{_REST}")


def _cut_off(ahead: list[Element]) -> str:
    if not ahead:
        return "expected an element, got the end of the file"
    return f"expected </{ahead[-1].local}>, got the end of the file"


def _mismatch(data: bytes, at: int, ahead: list[Element]) -> str:
    found = _NAME.match(data, max(data.rfind(b"</", 0, at + 2), 0))
    got = f"</{found[1].decode('utf-8', 'replace')}>" if found else "another end tag"
    return f"expected </{ahead[-1].local if ahead else '...'}>, got {got}"


def _undefined_entity(data: bytes, at: int, start: int) -> Fault:
    """Of one in an attribute expat gives the place of the tag only."""
    for found in _ENTITY.finditer(data, at):
        name = found[1].decode("ascii")
        if name not in {"amp", "lt", "gt", "quot", "apos"}:
            fault = _unknown_entity(start + found.start(), name)
            return Fault(fault.at, fault.code, fault.message + _REST, fault.hint)
    return Fault(start + at, "entity-unknown", "expected an entity that XML has, got another" + _REST)


def _unknown_entity(at: int, name: str) -> Fault:
    character = html5.get(f"{name};", "")
    codes = "".join(f"&#{ord(each)};" for each in character)
    hint = f"write {codes}, or the character itself" if codes else ""
    return Fault(at, "entity-unknown", f"expected one of XML's five entities, got &{name[:40]};", hint)


def _unbound(data: bytes, at: int, start: int) -> Fault:
    """A prefix without a namespace, of the element at this place or of one of its attributes."""
    end = data.find(b">", at)
    declared = re.compile(rb"([A-Za-z_][\w.-]*):[\w.-]").finditer(data, at, end if end >= 0 else len(data))
    prefixes = dict.fromkeys(found[1].decode("ascii", "replace") for found in declared)
    known = {"xmlns", "xml"}
    candidates = [each for each in prefixes if each not in known and f"xmlns:{each}=".encode() not in data]
    spaces = {prefix: space for space, prefix in PREFIXES.items()}
    prefix = candidates[0] if candidates else next(iter(prefixes), "")
    hint = f'write xmlns:{prefix}="{spaces[prefix]}" in the outermost element' if prefix in spaces else ""
    return Fault(
        start + at,
        "prefix-unbound",
        f"expected a namespace for the prefix {quoted(prefix)}, got none{_REST}",
        hint,
    )


def _invalid_token(data: bytes, at: int, start: int) -> Fault:
    if found := _CONTROLS.match(data, at):
        name = f"U+{ord(found[0].decode('utf-8', 'surrogatepass')):04X}"
        return Fault(start + at, "control-character", f"expected text, got the character {name}{_REST}")
    ampersand = data.rfind(b"&", max(at - _BEFORE, 0), at)
    if ampersand >= 0 and re.fullmatch(rb"&#?[^\s;<&]*", data[ampersand:at]):
        shown = data[ampersand : ampersand + 20].split(b"\n")[0].decode("utf-8", "replace")
        return Fault(
            start + ampersand,
            "ampersand-bare",
            f"expected &amp;, got a bare ampersand: {quoted(shown)}{_REST}",
        )
    if data[max(at - 2, 0) : at + 1] == b"]]>":
        return Fault(start + at - 2, "xml-broken", f"expected ']]&gt;' in a text, got ']]>'{_REST}")
    if data.rfind(b"<", 0, at) > data.rfind(b">", 0, at):
        tag = data.rfind(b"<", 0, at)
        return Fault(
            start + tag, "xml-broken", f"expected a tag or &lt;, got {quoted(_shown(data, tag))}{_REST}"
        )
    return Fault(start + at, "xml-broken", f"expected XML, got {quoted(_shown(data, at))}{_REST}")


def _shown(data: bytes, at: int) -> str:
    return data[at : at + 24].split(b"\n")[0].decode("utf-8", "replace")
