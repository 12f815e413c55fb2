"""Rules about RSS documents: the version, and which elements and attributes stand where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.places import Element, Near
from publisher.syndication.rules.rss_names import ATTRIBUTES, CHILDREN, ELEMENTS, MANY, TEXTS, is_core
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.subject import Feed

_OLD: Final = frozenset({"0.90", "0.91", "0.92", "0.93", "0.94"})
_NEW: Final = frozenset({"2.0", "2.0.1", "2.0.11"})
#: What has a rule of its own where it is empty.
_ELSEWHERE: Final = {
    "channel": frozenset(
        {"title", "link", "description", "docs", "ttl", "language", "pubDate", "lastBuildDate"}
    ),
    "item": frozenset({"link", "comments", "pubDate"}),
    "image": frozenset({"title", "link", "url", "width", "height"}),
    "textInput": frozenset({"title", "description", "name", "link"}),
    "skipHours": frozenset({"hour"}),
    "skipDays": frozenset({"day"}),
}


def _root(feed: Feed) -> Element:
    """The outermost element."""
    return feed.root if isinstance(feed.root, Element) else Element("", 0, {}, None)


@rule(
    "rss-version-old", WARNING, Sight.FEED, "rss",
    source="RSS 2.0, 'RSS'; RSS Advisory Board, 'RSS history'",
    misread="Newer programs leave them out; 0.91 and 0.92 have neither guid nor dates of items: one that "
    "is edited comes as a new one.",
    mend='write RSS 2.0: <rss version="2.0"> with <channel> in it and <item> in that',
)  # fmt: skip
def rss_version_old(feed: Feed) -> Found | None:
    """RSS 0.9x and RSS 1.0 (RDF) are superseded by RSS 2.0."""
    root = _root(feed)
    if root.name == "rdf:RDF":
        return Found(root, 'expected <rss version="2.0">, got RSS 1.0 or 0.90, which is RDF')
    if root.name != "rss" or (version := (root.get("version") or "").strip()) not in _OLD:
        return None
    return Found(root, f"expected the version 2.0 of RSS, got {quoted(version)}", version, "version")


@rule(
    "rss-version-unknown", ERROR, Sight.FEED, "rss",
    source="RSS 2.0, 'RSS' (mandatory attribute)",
    misread="newsboat shows no items.",
    mend='write <rss version="2.0">',
)  # fmt: skip
def rss_version_unknown(feed: Feed) -> Found | None:
    """The root says which version of RSS it is."""
    root = _root(feed)
    version = root.get("version")
    if root.name != "rss" or (version is not None and version.strip() in _OLD | _NEW):
        return None
    got = "none" if version is None else quoted(version)
    return Found(root, f"expected the version 2.0 of RSS, got {got}", version or "", "version")


@rule(
    "rss-in-namespace", ERROR, Sight.FEED, "rss",
    source="RSS 2.0, 'Extending RSS'; newsboat/newsboat#1086",
    misread="newsboat shows a feed without items: the elements are others than those it looks for.",
    mend="declare the namespace with a prefix, as in xmlns:atom=, not as the default of the document",
)  # fmt: skip
def rss_in_namespace(feed: Feed) -> Found | None:
    """RSS's own elements are in no namespace."""
    root = _root(feed)
    if root.name in {"rss", "rdf:RDF"}:
        return None
    return Found(root, f"expected <rss> in no namespace, got {quoted(root.name)}")


@rule(
    "channel-missing", ERROR, Sight.FEED, "rss",
    source="RSS 2.0, 'RSS'",
    misread="All: there is no feed in it.",
    mend="put <channel> into <rss>, and everything else into that",
)  # fmt: skip
def channel_missing(feed: Feed) -> Found | None:
    """What a feed says stands in its one channel."""
    root = _root(feed)
    if root.name != "rss" or root.first("channel"):
        return None
    return Found(root, "expected a <channel> in <rss>, got none")


@rule(
    "rss-element-unknown", ERROR, Sight.ELEMENT, *CHILDREN,
    source="RSS 2.0, 'Extending RSS'",
    misread="All pass it over: a <pubdate> is no <pubDate>.",
    mend="write it as RSS spells it, or put it into the namespace that it is from",
)  # fmt: skip
def rss_element_unknown(element: Element, feed: Feed) -> Iterator[Found]:
    """Elements that RSS does not define are in a namespace of their own; upper and lower case differ."""
    del feed
    for child in element.children:
        if is_core(child.name) and child.name not in ELEMENTS:
            hint = Near(child.name, CHILDREN[element.name])
            yield Found(child, f"unknown element {quoted(child.name)} in <{element.name}>", hint=hint)


@rule(
    "rss-element-misplaced", ERROR, Sight.ELEMENT, *CHILDREN,
    source="RSS 2.0, 'Elements of <item>'; macieklamberski/feedsmith#260, "
    "Ranchero-Software/NetNewsWire#2226",
    misread="Some lose items outside of the channel; an <image> in an item is taken for the channel's.",
    mend="move it to where it belongs; a picture of an item is an enclosure or media:content",
)  # fmt: skip
def rss_element_misplaced(element: Element, feed: Feed) -> Iterator[Found]:
    """Each element of RSS has its place: what is of the channel does not stand in an item."""
    del feed
    allowed = CHILDREN[element.name]
    for child in element.children:
        if child.name in ELEMENTS and child.name not in allowed:
            yield Found(child, f"expected no <{child.name}> in <{element.name}>, got one")


@rule(
    "rss-element-repeated", ERROR, Sight.ELEMENT, *CHILDREN,
    source="RSS 2.0, 'Elements of <item>'; RSS profile, 'Elements'",
    misread="Some take the first, some the last, some put them together.",
    mend="leave one of them",
)  # fmt: skip
def rss_element_repeated(element: Element, feed: Feed) -> Iterator[Found]:
    """What is said once stands there once; only items, categories and enclosures are many."""
    del feed
    seen = set()
    for child in element.children:
        name = child.name
        if (is_core(name) or name == "content:encoded") and name not in MANY:
            if name in seen:
                yield Found(child, f"expected one <{name}> in <{element.name}>, got another")
            seen.add(name)


@rule(
    "rss-element-empty", WARNING, Sight.ELEMENT, *TEXTS,
    source="RSS profile, 'Elements'; neos/Neos.NeosIo#618",
    misread="An empty guid has made readers show each item again and again; an empty title stays blank in "
    "lists.",
    mend="say something in it, or leave it out",
)  # fmt: skip
def rss_element_empty(element: Element, feed: Feed) -> Found | None:
    """An element that is there says something."""
    parent = element.parent
    if feed.format != "rss" or parent is None or element.children or element.text.strip():
        return None
    if parent.name not in CHILDREN or element.name in _ELSEWHERE.get(parent.name, ()):
        return None
    return Found(element, f"expected a text in <{element.name}>, got an empty element")


@rule(
    "rss-attribute-unknown", ERROR, Sight.ELEMENT, *sorted(ELEMENTS),
    source="RSS 2.0, 'Extending RSS'",
    misread="Most pass it over: with isPermalink for isPermaLink the guid is opened as an address.",
    mend="write it as RSS spells it, or put it into the namespace that it is from",
)  # fmt: skip
def rss_attribute_unknown(element: Element, feed: Feed) -> Iterator[Found]:
    """Attributes that RSS does not define are in a namespace; upper and lower case differ."""
    if not element.attributes or feed.format != "rss":
        return
    known = ATTRIBUTES.get(element.name, frozenset())
    for name in element.attributes:
        if is_core(name) and name not in known:
            hint = Near(name, known) if known else "leave it out"
            message = f"unknown attribute {quoted(name)} of <{element.name}>"
            yield Found(element, message, attribute=name, hint=hint)


@rule(
    "rss-text-stray", ERROR, Sight.ELEMENT, *CHILDREN,
    source="RSS 2.0, 'Elements of <item>'",
    misread="All pass it over.",
    mend="put it into an element, such as <description>",
)  # fmt: skip
def rss_text_stray(element: Element, feed: Feed) -> Found | None:
    """Text stands in the elements that are for it, not between them."""
    del feed
    text = element.text.strip()
    if not text:
        return None
    return Found(
        element, f"expected only elements in <{element.name}>, got text: {quoted(text)}", text.split()[0]
    )


@rule(
    "rss-markup-bare", ERROR, Sight.ELEMENT, *TEXTS,
    source="RSS 2.0, 'Elements of <item>' (entity-encoded); rometools/rome#557, "
    "molly/web3-is-going-great#27",
    misread="Readers take it for elements of RSS: in NetNewsWire and ROME the title is empty.",
    mend="write < as &lt; and & as &amp;, or put the text into <![CDATA[ ]]>",
)  # fmt: skip
def rss_markup_bare(element: Element, feed: Feed) -> Found | None:
    """HTML in an element is escaped; tags that are not are elements of the feed."""
    if not element.children or feed.format != "rss":
        return None
    child = element.children[0]
    return Found(child, f"expected text in <{element.name}>, got the element <{child.local}>")


RULES = (
    rss_version_old,
    rss_version_unknown,
    rss_in_namespace,
    channel_missing,
    rss_element_unknown,
    rss_element_misplaced,
    rss_element_repeated,
    rss_element_empty,
    rss_attribute_unknown,
    rss_text_stray,
    rss_markup_bare,
)
