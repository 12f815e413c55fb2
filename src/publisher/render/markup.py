"""Markdown to safe HTML, and to plain text: rendered once, sanitised by an allow-list.

What a curator writes may hold HTML; what leaves here holds none that runs,
loads or frames anything, and only http(s) and mailto links.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

import nh3
import pyromark

_TAGS = frozenset(  # "div" carries footnotes
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "cite",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
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
_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_SMART_PUNCTUATION
)
_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|blockquote|tr|dt|dd|pre)>|<br ?/?>|<hr ?/?>")
_LINK = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@lru_cache(maxsize=20_000)
def html(markdown: str, base: str = "") -> str:
    """Safe HTML with absolute links: relative ones are resolved against `base`, the page's address."""
    if not markdown:
        return ""
    # The page's own heading is h1: a record's begin below it.
    shifted = re.sub(r"^(#{1,5}) ", r"#\1 ", markdown, flags=re.MULTILINE)
    rendered = pyromark.html(shifted, options=_OPTIONS)
    return nh3.clean(
        rendered,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        url_relative=("rewrite_with_base", base) if base else "deny",
    ).strip()


def plain(markdown: str, base: str = "") -> str:
    """The same as text for calendars and mail: blocks on lines of their own, links spelt out."""
    text = _LINK.sub(_spell_out, html(markdown, base))
    text = re.sub(r"<li[^>]*>", "- ", text)
    text = _BLOCK_END.sub("\n", text)
    text = unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in text.splitlines())).strip()


def _spell_out(match: re.Match[str]) -> str:
    address, label = unescape(match[1]), match[2]
    return label if address in label else f"{label} ({address})"
