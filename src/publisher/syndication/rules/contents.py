"""Rules about texts for people: what stands inside titles, summaries and contents, in any format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.places import Element
from publisher.syndication.rules.contents_html import plain, says_nothing, tags, without_code
from publisher.syndication.rules.rss_names import is_core
from publisher.syndication.rules.rule import WARNING, Found, Sight, rule

if TYPE_CHECKING:
    from publisher.syndication.subject import Content, Feed

#: What is HTML beyond doubt where it stands in plain text: `a < b` and `<name>` are not.
_MARKUP: Final = re.compile(
    r"</(?:a|b|br|center|code|div|em|font|h[1-6]|i|li|ol|p|pre|s|small|span|strong|sub|sup|table|td|tr|u|ul)\s*>"
    r"|<(?:br|hr|p)\s*/?>|<(?:a|div|font|img|p|span)\s[a-z-]+=",
    re.IGNORECASE,
)
_ESCAPES: Final = re.compile(
    r"&(?:amp|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|#\d{2,7}|#[xX][\da-fA-F]{2,6});"
)
_BRACKETS: Final = re.compile(r"&[lg]t;")
_ESCAPED_TWICE: Final = re.compile(r"&amp;(?:amp|lt|gt|quot|apos|nbsp|#\d{2,7}|#[xX][\da-fA-F]{2,6});")
#: What HTML that is escaped once too often begins with, or has in it: words about tags have neither.
_ESCAPED_TAG: Final = re.compile(
    r"\A\s*+&lt;[a-z][a-z0-9]*(?:\s[^&<>]*)?/?&gt;"
    r"|&lt;(?:/p|/div|/li|/ul|/ol|/h[1-6]|br ?/?)&gt;|&lt;(?:a href|img src|img alt|div class|p class)="
)
#: A sign that HTML would have escaped: with one beside its tags a text only speaks of them.
_BARE: Final = re.compile(r"<(?=[\s\d=])|&(?![A-Za-z#]\w*;)")
#: Controls of C1, which were letters in another charset, and what decoders put for what they could not read.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd-\uffff]")


def _markup(content: Content) -> str:
    """HTML in a plain text, as it is written; nothing if there is none."""
    text = content.said.text
    if content.markup != "text" or "<" not in text or not (found := _MARKUP.search(text)):
        return ""
    if _BARE.search(plain(text)):
        return ""
    name = found[0].strip("</> ")
    start = re.search(rf"<{name}\b[^<>]*>", text[: found.start()]) if found[0].startswith("</") else None
    return start[0] if start else found[0]


@rule(
    "title-with-markup", WARNING, Sight.CONTENT, "title",
    source="RSS profile, 'title' (plain text); JSON Feed 1.1, 'title'; feedbin/feedbin#232, "
    "NodeBB/NodeBB#6272",
    misread="newsboat shows `<b>` as it stands; others drop what looks like a tag, and with it a word.",
    mend="write the title without tags",
)  # fmt: skip
def title_with_markup(content: Content, feed: Feed) -> Found | None:
    """A title is plain text: lists, notifications and mails show it as it is."""
    del feed
    if not (markup := _markup(content)):
        return None
    return content.said.found(f"expected a title without tags, got {quoted(markup)}", markup)


@rule(
    "text-with-markup", WARNING, Sight.CONTENT, "subtitle", "summary", "content", "rights", "description",
    "name",
    source="RFC 4287 3.1.1.1 (SHOULD NOT); JSON Feed 1.1, 'summary', 'content_text'; "
    "FreshRSS/FreshRSS#1590",
    misread="Readers show the tags.",
    mend='write plain text; HTML belongs into content_html, <content type="html"> or content:encoded',
)  # fmt: skip
def text_with_markup(content: Content, feed: Feed) -> Found | None:
    """What is said to be plain text has no tags."""
    del feed
    if not (markup := _markup(content)):
        return None
    return content.said.found(f"expected plain text, got HTML: {quoted(markup)}", markup)


@rule(
    "text-escaped-twice", WARNING, Sight.CONTENT,
    source="RFC 4287 3.1.1; Ranchero-Software/NetNewsWire#4527, FreshRSS/FreshRSS#8162",
    misread="newsboat and others show the codes: `&amp;`, `&#8217;`, `<p>`.",
    mend="escape the text once: where the document is written, and nowhere before",
)  # fmt: skip
def text_escaped_twice(content: Content, feed: Feed) -> Found | None:
    """A text is escaped once for each language that it passes through, not once more."""
    text = content.said.text
    if "&" not in text or content.markup == "xhtml":
        return None
    if content.markup == "html":
        found = _twice_in_html(content)
    else:
        # Readers of RSS disagree whether a title is HTML, so `<` has no right way to be written there.
        found = _ESCAPES.search(text) or (None if feed.format == "rss" else _BRACKETS.search(text))
    if not found:
        return None
    return content.said.found(f"expected a text that is escaped once, got {quoted(found[0])}", found[0])


def _twice_in_html(content: Content) -> re.Match[str] | None:
    text = without_code(content.said.text)
    if found := _ESCAPED_TWICE.search(plain(text)):
        return found
    return None if tags(content) else _ESCAPED_TAG.search(text)


@rule(
    "text-control-character", WARNING, Sight.CONTENT,
    source="XML 1.0, 2.2; RFC 8259 7; mozilla/bedrock#13867",
    misread="It is shown as a box or not at all; programs that hand the text on as XML fail on it.",
    mend="leave it out; a letter of another charset is decoded where the text comes from",
)  # fmt: skip
def text_control_character(content: Content, feed: Feed) -> Found | None:
    """Texts hold no control characters, and no letters that were lost in decoding (U+FFFD)."""
    del feed
    text = content.said.text
    if text.isascii() and text.isprintable():
        return None
    if not (found := _CONTROLS.search(text)):
        return None
    return content.said.found(
        f"expected a text without control characters, got U+{ord(found[0]):04X}", found[0]
    )


@rule(
    "content-empty", WARNING, Sight.CONTENT, "content", "summary", "description",
    source="RFC 4287 4.1.3.3; RSS profile, 'description'",
    misread="Readers open an empty page, and do not fetch the real one.",
    mend="say something in it, or leave it out",
)  # fmt: skip
def content_empty(content: Content, feed: Feed) -> Found | None:
    """A content that is there says something, or shows something."""
    del feed
    node = content.said.node
    if isinstance(node, Element) and is_core(node.name) and not content.said.text.strip():
        return None  # told as an empty element of RSS
    if not says_nothing(content):
        return None
    return content.said.found(f"expected a text in {content.said.name}, got nothing to read or see")


RULES = (
    title_with_markup,
    text_with_markup,
    text_escaped_twice,
    text_control_character,
    content_empty,
)
