"""What expat's errors mean: why a document is no XML, in plain words and where it begins."""

from __future__ import annotations

import re
from html.entities import html5
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from publisher.diagnostics import quoted
from publisher.syndication.places import PREFIXES, Fault

if TYPE_CHECKING:
    from publisher.syndication.places import Element

_ERRORS: Final = expat.errors.codes
_CODES: Final = expat.errors
_ENTITY: Final = re.compile(rb"&([A-Za-z][A-Za-z0-9]{0,40});")
_NAME: Final = re.compile(rb"</?\s*([^\s<>/=]{1,60})")
#: An attribute whose value does not begin with a quotation mark, up to where that would be.
_BARE: Final = re.compile(rb"[^\s<>=\"'/]++\s*+=\s*+\Z")
_BEFORE: Final = 80
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf]")
_REST: Final = "; what follows was not read"
_CUT_OFF: Final = {
    _ERRORS[each]
    for each in (
        _CODES.XML_ERROR_NO_ELEMENTS,
        _CODES.XML_ERROR_UNCLOSED_TOKEN,
        _CODES.XML_ERROR_UNCLOSED_CDATA_SECTION,
        _CODES.XML_ERROR_PARTIAL_CHAR,
    )
}
#: expat's errors that need no look at the text -> our code, and what is said.
_PLAIN: Final = {
    _ERRORS[_CODES.XML_ERROR_DUPLICATE_ATTRIBUTE]: (
        "xml-broken", "expected each attribute once, got one twice",
    ),
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


def fault_of(code: int, data: bytes, at: int, ahead: list[Element], start: int) -> Fault:  # noqa: PLR0911 -- one for each sort
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
            fault = unknown_entity(start + found.start(), name)
            return Fault(fault.at, fault.code, fault.message + _REST, fault.hint)
    return Fault(start + at, "entity-unknown", "expected an entity that XML has, got another" + _REST)


def unknown_entity(at: int, name: str) -> Fault:
    """That a name is none of XML's entities; those of HTML have a character to write instead."""
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
        if bare := _BARE.search(data, max(tag, at - _BEFORE), at):
            shown = quoted(_shown(data, bare.start()))
            message = f"expected quotation marks around the value of an attribute, got {shown}{_REST}"
            return Fault(start + bare.start(), "xml-broken", message, 'write name="value"')
        return Fault(
            start + tag, "xml-broken", f"expected a tag or &lt;, got {quoted(_shown(data, tag))}{_REST}"
        )
    return Fault(start + at, "xml-broken", f"expected XML, got {quoted(_shown(data, at))}{_REST}")


def _shown(data: bytes, at: int) -> str:
    return data[at : at + 24].split(b"\n")[0].decode("utf-8", "replace")
