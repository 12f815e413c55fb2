"""HTML as feeds carry it, read for its tags: fast, in one pass, whatever stands there.

It is no parser of HTML: readers differ in theirs, and what is amiss is amiss for all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape
from typing import TYPE_CHECKING, Final

from publisher.syndication.places import Element, Found

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.syndication.subject import Content

#: A tag. Quotations end before the next tag at the latest, and nothing is tried twice: its time is linear.
_TAG: Final = re.compile(r"""<(/?)([A-Za-z][A-Za-z0-9]*+)((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")
_ATTRIBUTE: Final = re.compile(
    r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"<]*+)"|'([^'<]*+)'|([^\s"'<>=`]++)))?+"""
)
_CHARACTER: Final = re.compile(r"&(?:nbsp|#160|#xA0|ensp|emsp|thinsp|zwnj|zwj|#x200B);?", re.IGNORECASE)
#: What is something to see without a text.
_SEEN: Final = frozenset(
    {"img", "video", "audio", "picture", "svg", "math", "iframe", "object", "embed", "canvas"}
)


@dataclass(frozen=True)
class Tag:
    """A start or end tag of HTML, or an element of XHTML."""

    #: In lower case.
    name: str
    is_end: bool
    #: As it is written: attributes and a slash, if there is one.
    inner: str
    element: Element | None = None

    @cached_property
    def attributes(self) -> Mapping[str, str]:
        """By their names in lower case; the first of each, as browsers do."""
        if self.element is not None:
            return self.element.attributes
        found: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(self.inner):
            found.setdefault(name.lower(), unescape("".join(values)))
        return found

    @property
    def start(self) -> str:
        """Its beginning, as it is written."""
        return f"</{self.name}" if self.is_end else f"<{self.name}"


def tags(content: Content) -> tuple[Tag, ...]:
    """The tags of a content in HTML or XHTML, in their order; of anything else none."""
    if content.markup == "html":
        return _read(content.said.text) if "<" in content.said.text else ()
    node = content.said.node
    if content.markup != "xhtml" or not isinstance(node, Element):
        return ()
    return tuple(Tag(each.local.lower(), False, "", each) for each in node.within() if each is not node)


def found_at(content: Content, tag: Tag, message: str, about: str = "", hint: str = "") -> Found:
    """A finding at a tag, or at a text in it."""
    if tag.element is not None:
        return Found(tag.element, message, about, "", hint)
    return content.said.found(message, about or tag.start, hint)


def without_comments(html: str) -> tuple[str, bool]:
    """The text without its comments, and whether the last of them ends."""
    if "<!--" not in html:
        return html, True
    return "".join(_between_comments(html)), html.rfind("-->") > html.rfind("<!--")


def _between_comments(html: str) -> Iterator[str]:
    at = 0
    while (start := html.find("<!--", at)) >= 0:
        yield html[at:start]
        end = html.find("-->", start + 4)
        if end < 0:
            return
        at = end + 3
    yield html[at:]


@lru_cache(maxsize=2)  # several rules look at a text, one after the other
def _read(html: str) -> tuple[Tag, ...]:
    text, _ = without_comments(html)
    return tuple(Tag(name.lower(), bool(end), inner) for end, name, inner in _TAG.findall(text))


def says_nothing(content: Content) -> bool:
    """Whether there is nothing to read and nothing to see in it."""
    text = content.said.text
    if content.markup == "html":
        text = _CHARACTER.sub(" ", _TAG.sub("", without_comments(text)[0]))
    return not text.strip() and not any(tag.name in _SEEN for tag in tags(content))


def plain(html: str) -> str:
    """The text of HTML without its tags, its characters as they are written."""
    return _TAG.sub(" ", html)


def without_code(html: str) -> str:
    """The HTML without what stands in `code` and `pre`, where HTML may be spoken of."""
    return _CODE.sub(" ", html) if "<code" in html or "<pre" in html else html


#: Up to the next tag of its sort; one without an end goes on to the end of the text.
_CODE: Final = re.compile(r"<(code|pre)\b(?:[^<]++|<(?!/\1\b))*+", re.IGNORECASE)
