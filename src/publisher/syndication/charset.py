"""Which characters the octets of a feed are: what its mark or its declaration says, else UTF-8."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from typing import Final

from publisher.linting.charset import guessed

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: How a document begins that has no mark (XML 1.0 appendix F): the first character is ASCII.
_WIDE: Final = (
    (re.compile(rb"[<{\[\s]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[<{\[\s]"), "utf-32-be"),
    (re.compile(rb"[<{\[\s]\0"), "utf-16-le"),
    (re.compile(rb"\0[<{\[\s]"), "utf-16-be"),
)
_DECLARED: Final = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DECLARATION: Final = 400  # octets in which a declaration stands
#: What feeds come in beside UTF-8 and UTF-16, by Python's name for it.
_NAMES: Final = """
    ascii big5 big5hkscs cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp866 cp932
    cp949 euc_jp euc_kr gb18030 gb2312 gbk iso2022_jp iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5
    iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15
    iso8859-16 koi8-r koi8-u mac-cyrillic mac-roman ptcp154 shift_jis tis-620 utf-8
"""
_KNOWN: Final = frozenset(_NAMES.split())
_CONTEXT: Final = 500  # octets of a line that are looked at, on either side
_UTF_8: Final = frozenset({"utf-8", "ascii"})
#: The order of octets at the end of a name.
_FAMILY: Final = re.compile(r"-[bl]e$")
_OF_SURROGATES: Final = "write the character itself, in its four octets: the two of UTF-16 were encoded"
#: Half of a pair of surrogates, written like a letter; UTF-8 has none (RFC 3629 section 3).
_SURROGATE: Final = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of a document, lines ended by line feeds, and what is amiss with the octets."""

    text: str
    #: Whether it begins with a byte order mark.
    marked: bool = False
    #: A charset other than UTF-8 that it is in.
    other: str = ""
    #: What it says that it is in, if that is nothing that readers know.
    unknown: str = ""
    #: What it says that it is in, if its first octets show that it is in something else.
    contradicted: str = ""
    #: Where in the text, in characters, the first octets stand that its charset does not have, and what they
    #: were; -1 if there are none.
    broken_at: int = -1
    broken: str = ""
    #: What to do about these, where that is more than to save it anew.
    hint: str = ""


def decoded(data: bytes) -> Decoded:
    """The characters that the octets of a document are."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _as_declared(_in_charset(data.removeprefix(mark), name, marked=True), name)
    for start, name in _WIDE:
        if start.match(data):
            return _as_declared(_in_charset(data, name), name)
    declared = _DECLARED.match(data[:_DECLARATION])
    name = declared[1].decode("ascii") if declared else "utf-8"
    known = _python_name(name)
    if known.startswith(("utf-16", "utf-32")):  # its declaration could be read, so it is in neither
        plain = _in_charset(data, "utf-8").text
        return Decoded(plain, broken_at=0, broken=f"expected {name.upper()}, got one octet for each letter")
    if known in _KNOWN:
        return _in_charset(data, known, shown=name)
    return replace(_in_charset(data, "utf-8"), unknown=name)


def _as_declared(found: Decoded, name: str) -> Decoded:
    """What was found by the first octets, and whether the declaration says otherwise."""
    declared = _DECLARED.match(found.text[:_DECLARATION].encode("ascii", "replace"))
    said = declared[1].decode("ascii") if declared else name
    # "UTF-16" is either order of octets, which its mark tells.
    same = _FAMILY.sub("", name) == _FAMILY.sub("", _python_name(said) or said.lower())
    return (
        found
        if same or (name == "utf-8" and _python_name(said) == "ascii")
        else replace(found, contradicted=said)
    )


def _python_name(name: str) -> str:
    """What Python calls a charset; nothing for one that it does not know."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


def _in_charset(data: bytes, name: str, *, shown: str = "", marked: bool = False) -> Decoded:
    other = "" if name in _UTF_8 else (shown or name).upper()
    try:
        return Decoded(_with_line_feeds(data.decode(name)), marked, other)
    except UnicodeDecodeError as error:
        before = _with_line_feeds(data[: error.start].decode(name, "replace"))
        text = _with_line_feeds(data.decode(name, "replace").replace("\ufffd", "?"))  # told once is enough
        got = f"the octet 0x{data[error.start]:02X}{_likely(data, error.start, name)}"
        broken = f"expected {(shown or name).upper()}, got {got}"
        hint = _OF_SURROGATES if _is_surrogate(data, error.start, name) else ""
        return Decoded(text, marked, other, broken_at=len(before), broken=broken, hint=hint)


def _with_line_feeds(text: str) -> str:
    """The text with each line ended by a line feed alone (XML 1.0 section 2.11)."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _is_surrogate(data: bytes, start: int, name: str) -> bool:
    return name in _UTF_8 and _SURROGATE.match(data, start) is not None


def _likely(data: bytes, start: int, name: str) -> str:
    """What the first line that is not in its charset looks like; nothing if that says nothing new."""
    if name not in _UTF_8:
        return ""
    if _is_surrogate(data, start, name):
        return ", which begins half of a pair of surrogates (CESU-8)"
    before = data[max(start - _CONTEXT, 0) : start].rpartition(b"\n")[2]
    after = data[start : start + _CONTEXT].partition(b"\n")[0]
    return f": it looks like {guessed(before + after)[1]}"
