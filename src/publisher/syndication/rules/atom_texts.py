"""Rules about the texts of Atom: their types, and what stands in them (RFC 4287 sections 3.1 and 4.1.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.rules.atom_names import TEXTS
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.syndication.values import media_type_fault

if TYPE_CHECKING:
    from publisher.syndication.places import Element
    from publisher.syndication.subject import Feed

_TYPES: Final = frozenset({"text", "html", "xhtml"})
_XHTML: Final = "xhtml:"
_BASE_64: Final = re.compile(r"[A-Za-z0-9+/\s]*={0,2}\s*")
_COMPOSITE: Final = ("multipart/", "message/")


def _kind(element: Element) -> str:
    return element.get("type") or "text"


def _is_text(kind: str) -> bool:
    """Whether a media type is written as text or XML; others are in base64 (RFC 4287 section 4.1.3.3)."""
    bare = kind.lower().partition(";")[0].strip()
    return bare.startswith("text/") or bare.endswith(("+xml", "/xml"))


@rule(
    "atom-type-unknown", ERROR, Sight.ELEMENT, *TEXTS, "atom:content", having="type",
    source="RFC 4287 3.1.1 (MUST be text, html or xhtml), 4.1.3.1; FreshRSS/FreshRSS#6181, "
    "getpelican/feedgenerator#46",
    misread="Strict readers refuse the feed; others show tags, or nothing.",
    mend='write type="text", "html" or "xhtml"',
)  # fmt: skip
def atom_type_unknown(element: Element, feed: Feed) -> Found | None:
    """A text is plain, HTML or XHTML; content may have a media type. CDATA is a way to write, no type."""
    del feed
    kind = _kind(element)
    if kind in _TYPES and not (element.name == "atom:content" and element.get("src")):
        return None
    is_media = element.name == "atom:content" and not media_type_fault(kind)
    if is_media and not kind.lower().startswith(_COMPOSITE):
        return None
    allowed = "text, html, xhtml or a media type" if element.name == "atom:content" else "text, html or xhtml"
    hint = (
        'write type="html"; how its characters are escaped needs no word' if kind.upper() == "CDATA" else ""
    )
    return Found(element, f"expected a type of {allowed}, got {quoted(kind)}", attribute="type", hint=hint)


@rule(
    "atom-xhtml-div", ERROR, Sight.ELEMENT, *TEXTS, "atom:content",
    source="RFC 4287 3.1.1.3 (MUST be a single XHTML div element)",
    misread="Readers show nothing, or text without paragraphs and links.",
    mend='put all of it into one <div xmlns="http://www.w3.org/1999/xhtml">',
)  # fmt: skip
def atom_xhtml_div(element: Element, feed: Feed) -> Found | None:
    """XHTML stands in one <div> of its namespace."""
    del feed
    if _kind(element) != "xhtml":
        return None
    other = next((child for child in element.children if child.name != f"{_XHTML}div"), None)
    if other is not None:
        return Found(other, f"expected a <div> of XHTML, got <{other.local[:40]}>{_in_what(other)}")
    if len(element.children) != 1:
        got = "none" if not element.children else str(len(element.children))
        return Found(element, f"expected one <div> of XHTML, got {got}")
    if element.text.strip():
        return Found(
            element, "expected all of the text in its <div>, got some beside it", element.text.strip()[:20]
        )
    return None


def _in_what(element: Element) -> str:
    return " in another namespace" if element.local == "div" else ""


@rule(
    "atom-xhtml-foreign", ERROR, Sight.ELEMENT, *TEXTS, "atom:content",
    source="RFC 4287 3.1.1.3; the W3C validator's MissingNamespace",
    misread="Readers drop the elements: to them they are no XHTML.",
    mend="leave prefixes and xmlns out within the <div>",
)  # fmt: skip
def atom_xhtml_foreign(element: Element, feed: Feed) -> Found | None:
    """What stands in the <div> is XHTML as well."""
    del feed
    if _kind(element) != "xhtml":
        return None
    stray = next(
        (each for each in element.within() if each.name.startswith("atom:") and each is not element), None
    )
    stray = stray or next(
        (each for each in element.within() if ":" not in each.name and "}" not in each.name), None
    )
    if stray is None or stray.parent is element:
        return None
    return Found(stray, f"expected an element of XHTML, got <{stray.local[:40]}> in another namespace")


@rule(
    "atom-content-beside-src", ERROR, Sight.ELEMENT, "atom:content", having="src",
    source="RFC 4287 4.1.3.2 (MUST be empty)",
    misread="Some show what stands there, others fetch what src names.",
    mend='leave the src or the content out; a file beside the text is a link rel="enclosure"',
)  # fmt: skip
def atom_content_beside_src(element: Element, feed: Feed) -> Found | None:
    """Content that stands elsewhere does not stand here as well."""
    del feed
    if not element.text.strip() and not element.children:
        return None
    return Found(element, "expected an empty <content> with src, got something in it")


@rule(
    "atom-src-without-type", WARNING, Sight.ELEMENT, "atom:content", having="src",
    source="RFC 4287 4.1.3.2 (SHOULD be provided)",
    misread="Readers do not know whether they can show it, and do not fetch it.",
    mend='add its media type: type="application/pdf"',
)  # fmt: skip
def atom_src_without_type(element: Element, feed: Feed) -> Found | None:
    """Content that stands elsewhere says of what type it is."""
    del feed
    return (
        None if element.get("type") else Found(element, "expected a type beside src in <content>, got none")
    )


@rule(
    "atom-content-not-base64", ERROR, Sight.ELEMENT, "atom:content", having="type",
    source="RFC 4287 4.1.3.3 (MUST be a valid Base64 encoding)",
    misread="Strict readers refuse the feed; others show garbage.",
    mend='write it in base64, or use type="html" for HTML',
)  # fmt: skip
def atom_content_not_base64(element: Element, feed: Feed) -> Found | None:
    """Content of a media type that is neither text nor XML is written in base64."""
    del feed
    kind = _kind(element)
    if element.get("src") or media_type_fault(kind) or _is_text(kind) or kind.lower().startswith(_COMPOSITE):
        return None
    text = "".join(element.text.split())
    if len(text) % 4 == 0 and _BASE_64.fullmatch(text):
        return None
    return Found(element, f"expected base64 for {quoted(kind)}, got {quoted(element.text.strip())}")


@rule(
    "atom-summary-missing", ERROR, Sight.ELEMENT, "atom:entry",
    source="RFC 4287 4.1.2 (MUST contain an atom:summary)",
    misread="Readers that do not fetch or decode it show a title without text.",
    mend="add a <summary> in plain text",
)  # fmt: skip
def atom_summary_missing(element: Element, feed: Feed) -> Found | None:
    """Whoever cannot show the content, because it is elsewhere or in base64, shows the summary."""
    del feed
    content = element.first("atom:content")
    if content is None or element.first("atom:summary"):
        return None
    kind = _kind(content)
    if content.get("src") is None and (kind in _TYPES or media_type_fault(kind) or _is_text(kind)):
        return None
    return Found(content, "expected a <summary> beside content that is elsewhere or in base64, got none")


@rule(
    "atom-entry-without-text", WARNING, Sight.ELEMENT, "atom:entry",
    source="RFC 4287 4.1.1.1; the W3C validator's MissingTextualContent; getpelican/pelican#1886",
    misread="Readers show a title alone; people with a screen reader learn nothing before they open the "
    "page.",
    mend="add a <summary>, or the <content>",
)  # fmt: skip
def atom_entry_without_text(element: Element, feed: Feed) -> Found | None:
    """An entry says something beside its title."""
    if feed.format != "atom" or element.first("atom:content") or element.first("atom:summary"):
        return None
    return Found(element, "expected <content> or <summary> in the entry, got neither")


@rule(
    "atom-entry-without-page", ERROR, Sight.ELEMENT, "atom:entry",
    source="RFC 4287 4.1.2 (MUST contain a link with rel alternate)",
    misread="Strict readers refuse the feed; others have neither a text nor a page to show.",
    mend='add <link href="..."/> to the page of the entry, or the <content>',
)  # fmt: skip
def atom_entry_without_page(element: Element, feed: Feed) -> Found | None:
    """An entry without content has a page on which it stands."""
    if feed.format != "atom" or element.first("atom:content"):
        return None
    if any((link.get("rel") or "alternate") == "alternate" for link in element.all("atom:link")):
        return None
    return Found(element, 'expected <content> or a link rel="alternate" in the entry, got neither')


RULES = (
    atom_type_unknown,
    atom_xhtml_div,
    atom_xhtml_foreign,
    atom_content_beside_src,
    atom_src_without_type,
    atom_content_not_base64,
    atom_summary_missing,
    atom_entry_without_text,
    atom_entry_without_page,
)
