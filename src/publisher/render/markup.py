"""Markdown to safe HTML, and to plain text: rendered once, sanitised by an allow-list.

What a curator writes may hold HTML; what leaves here holds none that runs,
loads or frames anything, and only http(s) and mailto links.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

import nh3

from publisher.content import markdown as written
from publisher.model.shortening import shortened
from publisher.render.outline import outline

if TYPE_CHECKING:
    from collections.abc import Iterable

_ATTRIBUTES = {
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height"},
    "div": {"id"},
    "ol": {"start"},
    "sup": {"id"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
}
_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|blockquote|tr|dt|dd|pre)>|<br ?/?>|<hr ?/?>")
_CELL_END = re.compile(r"</t[dh]>\s*(?=<t[dh])")
_LINK = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_FOOTNOTE = re.compile(r'<sup><a href="[^"]*">(\d+)</a></sup>')
#: As nh3 writes it: attributes in double quotes, with neither of those nor a bracket in them.
_IMAGE = re.compile(r"<img([^<>]*)>")
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
#: A link that leads nowhere (any more): nh3 took its address away, or it had none.
_NO_LINK = re.compile(r'<a(?: (?:hreflang|title)="[^"]*")*>(.*?)</a>', re.DOTALL)
#: A long text between two tags of HTML that is not yet safe, and where it can be parted.
_LONG_TEXT = re.compile(r"(?<=>)[^<>]{16384,}")
_PARTING = re.compile("[&\xa0]")
_LONG = 4096
#: Of HTML that is not yet safe: ids that links may lead to.
_ID = re.compile(r"""id=(?:"([^"]*)"|'([^']*)')""")
_PLAIN_ID = re.compile(r"[A-Za-z0-9-]+")

#: How much of a text stands for a missing summary, in characters.
EXCERPT = 300


class File(NamedTuple):
    """A file beside a text."""

    #: How the text names it.
    name: str
    #: Its public address.
    url: str
    #: In pixels, of a picture whose size is known.
    width: int | None = None
    height: int | None = None


@lru_cache(maxsize=20_000)
def html(markdown: str, base: str = "", files: tuple[File, ...] = ()) -> str:
    """Safe HTML with absolute links: relative ones are resolved against `base`, the page's address.

    What names one of the files beside the text leads to its own address, and a picture has its
    size. Of a picture that is not to be had the text stays. Ids (of footnotes) begin with the
    page's path, so that they clash with nothing on it, nor in a program that shows many entries
    at once. Headings stand below the page's own.
    """
    if not markdown:
        return ""
    raw = written.html(markdown)
    clean = nh3.clean(
        _LONG_TEXT.sub(_parted, raw),
        tags=set(written.TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_Addresses(raw, base, files),
        url_schemes=set(written.SCHEMES),
        link_rel=None,
        url_relative=("rewrite_with_base", base) if base else "deny",
    )
    sizes = {file.url: file for file in files}
    shown = _IMAGE.sub(lambda match: _shown(match[1], sizes), _NO_LINK.sub(r"\1", clean))
    return outline(shown).strip()


def _parted(long: re.Match[str]) -> str:
    """A long text with empty comments in it, which nh3 drops.

    For each character that it escapes it looks through the rest of the text as far as the next tag or
    comment: five megabytes of ampersands would take minutes.
    """
    text, parts, at = long[0], [], 0
    while parting := _PARTING.search(text, at + _LONG):
        parts.append(text[at : parting.start()])
        at = parting.start()
    return "<!---->".join([*parts, text[at:]])


def plain(markdown: str, base: str = "") -> str:
    """The same as text, for mail: blocks on lines of their own, links spelt out."""
    return text(_LINK.sub(_spell_out, _FOOTNOTE.sub(r"[\1]", html(markdown, base))))


def excerpt(markdown: str, base: str = "") -> str:
    """The first words of a text, on one line, without links."""
    return first_words(text(_FOOTNOTE.sub("", html(markdown, base))))


def text(safe: str) -> str:
    """What safe HTML says, blocks on lines of their own."""
    said = re.sub(r"<li[^>]*>", "- ", safe)
    said = _BLOCK_END.sub("\n", _CELL_END.sub(" ", said))
    said = unescape(re.sub(r"<[^>]+>", "", said))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in said.splitlines())).strip()


def first_words(said: str) -> str:
    """The first words of a text, on one line."""
    return shortened(" ".join(said.split()), EXCERPT)


def image(url: str, alt: str, width: int | None, height: int | None) -> str:
    """A picture as HTML, with its size where that is known."""
    sizes = {"width": str(width), "height": str(height)} if width and height else {}
    return _image(escape(url), escape(alt), sizes)


class _Addresses:
    """Decides for nh3 where attributes of a text lead; nh3 then makes absolute what is still relative."""

    def __init__(self, raw: str, base: str, files: tuple[File, ...]) -> None:
        self._files = {file.name: file.url for file in files}
        names = dict.fromkeys(unescape(double or single) for double, single in _ID.findall(raw))
        self._ids = _own_ids(names, base) if names else {}
        self._used: set[str] = set()

    def __call__(self, tag: str, attribute: str, value: str) -> str | None:
        """The value that an attribute should have; None takes it away."""
        match attribute:
            case "id":
                return self._id(value)
            case "href" | "src":
                return self._address(tag, value.strip())
            case "width" | "height":
                return value if value.isdecimal() else None
        return value

    def _id(self, name: str) -> str | None:
        """Each id once."""
        if name in self._used:
            return None
        self._used.add(name)
        return self._ids.get(name)

    def _address(self, tag: str, value: str) -> str | None:
        if not value:
            return None
        if value.startswith("#"):
            return f"#{self._ids.get(unquote(value[1:]), value[1:])}"
        name = written.beside(value)
        if name and name in self._files:
            return self._files[name] + value[len(value.partition("#")[0]) :]
        return None if name and tag == "img" else value


def _own_ids(names: Iterable[str], base: str) -> dict[str, str]:
    """For each id of a text one that no other text has."""
    start = "-".join(re.findall(r"[A-Za-z0-9]+", urlsplit(base).path)) or "text"
    return {
        name: f"{start}-{name if _PLAIN_ID.fullmatch(name) else f'_{number}'}"
        for number, name in enumerate(names, 1)
    }


def _shown(attributes: str, sizes: dict[str, File]) -> str:
    """A picture as readers get it: with a text, and with the size that its file has unless it is given."""
    given: dict[str, str] = dict(_ATTRIBUTE.findall(attributes))
    if not given.get("src"):
        return given.get("alt", "")
    told = {name: pixels for name, pixels in given.items() if name in {"width", "height"}}
    file = sizes.get(unescape(given["src"]))
    if file and file.width and file.height and not told:
        told = {"width": str(file.width), "height": str(file.height)}
    return _image(given["src"], given.get("alt", ""), told)


def _image(address: str, text: str, sizes: dict[str, str]) -> str:
    size = "".join(f' {name}="{pixels}"' for name, pixels in sizes.items())
    return f'<img src="{address}" alt="{text}"{size}>'


def _spell_out(match: re.Match[str]) -> str:
    address, label = unescape(match[1]), match[2]
    return label if address in label else f"{label} ({address})"
