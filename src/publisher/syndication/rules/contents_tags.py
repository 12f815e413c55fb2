"""Rules about HTML in texts for people: addresses, images, what runs, what is not ended."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.rules.contents_html import found_at, tags, without_comments
from publisher.syndication.rules.rule import WARNING, Found, Sight, rule
from publisher.syndication.values import scheme_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.rules.contents_html import Tag
    from publisher.syndication.subject import Content, Feed

_BLANKS: Final = re.compile("[\x00-\x20]+")
_ADDRESSES: Final = ("href", "src", "poster", "background", "data", "srcset")
_RUNNING: Final = frozenset({"javascript", "vbscript", "data", "file"})
_ACTIVE: Final = frozenset(
    {
        "script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "form", "input",
        "button", "select", "textarea",
    }
)  # fmt: skip
#: What takes a thing out of its place, or out of sight.
_STYLE: Final = re.compile(
    r"(?:^|;)\s*+(position\s*+:\s*+(?:absolute|fixed|sticky)\b|display\s*+:\s*+none\b)", re.IGNORECASE
)
_OF_DOCUMENTS: Final = frozenset({"html", "head", "body", "meta", "link", "title"})
#: What has an end tag always; the others end with what follows, or have none.
_ENDED: Final = frozenset(
    {
        "a", "abbr", "article", "aside", "b", "blockquote", "center", "cite", "code", "del", "details", "dfn",
        "div", "dl", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "i", "ins", "kbd", "main", "mark", "nav", "ol", "pre", "q", "s", "samp", "section", "small",
        "span", "strike", "strong", "sub", "summary", "sup", "table", "time", "tt", "u", "ul", "var", "video",
    }
)  # fmt: skip


@rule(
    "content-url-relative", WARNING, Sight.CONTENT,
    source="RSS profile, 'Relative URLs'; RFC 4287 2 (xml:base); tidyverse/tidyverse.org#688, "
    "RSS-Bridge/rss-bridge#2981",
    misread="Readers resolve it against their own site, the feed, or the entry: images are missing, links "
    "lead to pages that do not exist.",
    mend="write the whole address, with https://",
)  # fmt: skip
def content_url_relative(content: Content, feed: Feed) -> Iterator[Found]:
    """Addresses in a content are absolute: RSS and JSON Feed have nothing for them to be relative to."""
    del feed
    if content.base:
        return
    for tag in tags(content):
        for name, address in _addresses(tag):
            if not address.startswith("#") and not scheme_of(_BLANKS.sub("", address)):
                message = f"expected an absolute address in <{tag.name} {name}>, got {quoted(address)}"
                yield found_at(content, tag, message, address)


def _addresses(tag: Tag) -> Iterator[tuple[str, str]]:
    """The addresses in a tag, each with the attribute that it stands in, without blanks around it."""
    if tag.is_end or ("=" not in tag.inner and tag.element is None):
        return
    for name in _ADDRESSES:
        value = tag.attributes.get(name, "").strip() if name in tag.attributes else ""
        if name == "srcset":
            yield from ((name, each.split()[0]) for each in value.split(", ") if each.strip())
        elif value:
            yield name, value


@rule(
    "content-active", WARNING, Sight.CONTENT,
    source="RFC 4287 8.1; W3C feed validator, 'SecurityRisk'; RSS-Bridge/rss-bridge#3380, "
    "FreshRSS/FreshRSS#2050",
    misread="Readers take it out: who reads there sees a gap, without a word that something is missing.",
    mend="link to what it shows, with a picture if there is one",
)  # fmt: skip
def content_active(content: Content, feed: Feed) -> Iterator[Found]:
    """A content has no scripts, styles, frames or forms."""
    del feed
    for tag in tags(content):
        if tag.name in _ACTIVE and not tag.is_end:
            yield found_at(content, tag, f"expected content without <{tag.name}>, got one")


@rule(
    "content-style", WARNING, Sight.CONTENT,
    source="RFC 4287 8.1; the W3C validator's DangerousStyleAttr",
    misread="Readers take it out, so that what was hidden is seen; one that does not lets it lie over its "
    "own buttons.",
    mend="leave position out, and leave out what nobody is to see",
)  # fmt: skip
def content_style(content: Content, feed: Feed) -> Iterator[Found]:
    """A content stays where it is put: its styles lay nothing over the page, and hide nothing."""
    del feed
    for tag in tags(content):
        if tag.is_end or ("style" not in tag.inner.lower() and tag.element is None):
            continue
        if found := _STYLE.search(tag.attributes.get("style", "")):
            message = f"expected <{tag.name}> without such a style, got {quoted(found[1])}"
            yield found_at(content, tag, message, found[1])


@rule(
    "content-base", WARNING, Sight.CONTENT,
    source="RFC 4287 3.1.1.2 (suitable within a DIV), 8.1; HTML 4.2.3",
    misread="Readers take it out, and its links lead nowhere; in one that does not, all links of all entries "
    "lead elsewhere.",
    mend="leave it out, and write each address in full",
)  # fmt: skip
def content_base(content: Content, feed: Feed) -> Found | None:
    """A content does not say what the addresses of the whole page are relative to."""
    del feed
    tag = next((tag for tag in tags(content) if tag.name == "base" and not tag.is_end), None)
    return None if tag is None else found_at(content, tag, "expected content without <base>, got one")


@rule(
    "content-handler", WARNING, Sight.CONTENT,
    source="RFC 4287 8.1; W3C feed validator, 'SecurityRiskAttr'",
    misread="Readers take it out; one that forgets to runs a stranger's script.",
    mend="leave the attribute out",
)  # fmt: skip
def content_handler(content: Content, feed: Feed) -> Iterator[Found]:
    """A content runs nothing: no onclick, no onerror."""
    del feed
    for tag in tags(content):
        if tag.is_end or ("=" not in tag.inner and tag.element is None):
            continue
        for name in tag.attributes:
            if name.startswith("on") and name.isalpha() and len(name) > len("on"):
                yield found_at(content, tag, f"expected <{tag.name}> without {name}, got one", f"{name}=")


@rule(
    "content-link-scheme", WARNING, Sight.CONTENT,
    source="RFC 4287 8.1; lwindolf/liferea#1175, simplepie/simplepie#303",
    misread="Readers take the link out; images in data: are not shown, or make the feed too large to be "
    "read.",
    mend="link to a page or a file with https://",
)  # fmt: skip
def content_link_scheme(content: Content, feed: Feed) -> Iterator[Found]:
    """Links lead to pages: javascript: runs something, data: is no place, file: is the reader's own disk."""
    del feed
    for tag in tags(content):
        for name, address in _addresses(tag):
            scheme, colon, _ = _BLANKS.sub("", address).partition(":")
            if colon and scheme.lower() in _RUNNING:
                message = f"expected an address of a page in <{tag.name} {name}>, got {quoted(address)}"
                yield found_at(content, tag, message, address[:40])


@rule(
    "content-image-without-alt", WARNING, Sight.CONTENT,
    source="HTML 4.8.4.4; WCAG 2.2, 1.1.1",
    misread="Screen readers read the name of the file; readers that load no images show a gap.",
    mend='describe the image in alt="...", and write alt="" where it says nothing',
)  # fmt: skip
def content_image_without_alt(content: Content, feed: Feed) -> Iterator[Found]:
    """An image says in words what it shows."""
    del feed
    for tag in tags(content):
        if tag.name == "img" and "alt" not in tag.attributes:
            message = f"expected alt with the image {quoted(tag.attributes.get('src', ''))}, got none"
            yield found_at(content, tag, message, tag.attributes.get("src", ""))


@rule(
    "content-document", WARNING, Sight.CONTENT,
    source="RFC 4287 3.1.1.2 (suitable within a DIV); maximevaillancourt/maximevaillancourt.com#10",
    misread="Readers show nothing, or what was meant for the head of a page.",
    mend="write only what stands within <body>",
)  # fmt: skip
def content_document(content: Content, feed: Feed) -> Found | None:
    """A content is a piece of HTML, to be put into a page: no page with head and body."""
    del feed
    tag = next((tag for tag in tags(content) if tag.name in _OF_DOCUMENTS), None)
    if tag is None or _is_of_drawing(content):
        return None
    return found_at(content, tag, f"expected a piece of HTML, got a whole page: <{tag.name}>")


def _is_of_drawing(content: Content) -> bool:
    """Whether it has a drawing in SVG, in which a title is no page's."""
    return any(tag.name == "svg" for tag in tags(content))


@rule(
    "content-unclosed", WARNING, Sight.CONTENT,
    source="HTML 13.1.2; petea/sage#4, benjojo/bnblog#3",
    misread="Readers that put entries one below the other show those that follow in bold, as a link, or "
    "within it; an end tag too many ends the reader's own column.",
    mend="write an end tag for each start tag, in the entry in which it begins",
)  # fmt: skip
def content_unclosed(content: Content, feed: Feed) -> Iterator[Found]:
    """What begins in a content ends in it."""
    del feed
    if content.markup != "html" or "<" not in content.said.text:
        return
    if not without_comments(content.said.text)[1]:
        yield content.said.found("expected an end of the comment, got none", "<!--")
    balance = Counter[str]()
    for tag in tags(content):
        if tag.name in _ENDED:
            balance[tag.name] += -1 if tag.is_end else 1
    for name, more in balance.items():
        if more:
            got = f"{more} more of the first" if more > 0 else f"{-more} more of the second"
            about = f"<{name}" if more > 0 else f"</{name}"
            yield content.said.found(f"expected as many <{name}> as </{name}>, got {got}", about)


RULES = (
    content_url_relative,
    content_active,
    content_style,
    content_base,
    content_handler,
    content_link_scheme,
    content_image_without_alt,
    content_document,
    content_unclosed,
)
