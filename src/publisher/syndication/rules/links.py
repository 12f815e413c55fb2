"""Rules about the links of feeds and entries (RFC 4287 section 4.2.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.places import Near
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.syndication.values import count_fault, media_type_fault, scheme_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.places import Element
    from publisher.syndication.subject import Facts, Feed

#: The relations of IANA's registry that mean something in a feed, and what is in use beside them.
_REGISTERED: Final = """
    about acl alternate amphtml appendix archives author bookmark canonical chapter collection contents
    convertedfrom copyright create-form current describedby describes disclosure duplicate edit
    edit-form edit-media enclosure external first glossary help hosts hub icon index item last
    latest-version license me memento monitor next next-archive nofollow original payment
    predecessor-version prev prev-archive preview previous privacy-policy profile publication related
    replies search section self service source start stylesheet subsection successor-version sunset tag
    terms-of-service timegate timemap translation-of type up version-history via webmention working-copy
    working-copy-of
"""
_RELATIONS: Final = frozenset(_REGISTERED.split())
_FEED_TYPES: Final = frozenset(
    {"application/atom+xml", "application/rss+xml", "application/rdf+xml", "application/feed+json"}
)


@rule(
    "link-without-href", ERROR, Sight.ELEMENT, "atom:link",
    source="RFC 4287 4.2.7.1 (MUST have an href attribute)",
    misread="All pass it over: an address between its tags is nothing to them.",
    mend='write <link href="https://..."/>',
)  # fmt: skip
def link_without_href(element: Element, feed: Feed) -> Found | None:
    """A link has its address in the attribute href."""
    del feed
    if element.get("href") is not None:
        return None
    between = element.text.strip()
    return Found(
        element,
        "expected href in <link>, got " + (f"{quoted(between)} between its tags" if between else "none"),
    )


@rule(
    "link-rel-unknown", WARNING, Sight.ELEMENT, "atom:link", having="rel",
    source="RFC 4287 4.2.7.2; IANA's registry of link relations",
    misread="Readers pass the link over.",
    mend="use a registered relation, or an address of your own as one",
)  # fmt: skip
def link_rel_unknown(element: Element, feed: Feed) -> Found | None:
    """What a link is to the feed is a word that is registered, or an address."""
    del feed
    rel = (element.get("rel") or "").strip()
    if rel.lower() in _RELATIONS or scheme_of(rel):
        return None
    message = f"expected a registered relation or an address, got {quoted(rel)}"
    return Found(element, message, attribute="rel", hint=Near(rel, _RELATIONS))


@rule(
    "link-type-malformed", ERROR, Sight.ELEMENT, "atom:link", "atom:generator", having="type",
    source="RFC 4287 4.2.7.3 (MUST conform to the syntax of a MIME media type)",
    misread="Readers do not know what to do with the file, and offer nothing.",
    mend="write a media type, such as text/html or image/png",
)  # fmt: skip
def link_type_malformed(element: Element, feed: Feed) -> Found | None:
    """The type of a link is a media type."""
    del feed
    fault = media_type_fault(element.get("type") or "")
    return Found(element, fault, attribute="type") if fault else None


@rule(
    "link-length-malformed", ERROR, Sight.ELEMENT, "atom:link", having="length",
    source="RFC 4287 4.2.7.6 (in octets)",
    misread="Readers show a wrong size, or refuse the feed.",
    mend="write the number of octets in digits, or leave it out",
)  # fmt: skip
def link_length_malformed(element: Element, feed: Feed) -> Found | None:
    """The length of what a link leads to is a number of octets."""
    del feed
    fault = count_fault(element.get("length") or "")
    return Found(element, fault, attribute="length") if fault else None


@rule(
    "link-not-empty", WARNING, Sight.ELEMENT, "atom:link", having="href",
    source="RFC 4287 4.2.7; the W3C validator's AtomLinkNotEmpty",
    misread="All pass over what stands in it.",
    mend="leave it empty; a title for people is its attribute title",
)  # fmt: skip
def link_not_empty(element: Element, feed: Feed) -> Found | None:
    """A link has nothing between its tags."""
    del feed
    text = element.text.strip()
    return (
        Found(element, f"expected an empty <link>, got the text {quoted(text)}", text[:40]) if text else None
    )


@rule(
    "alternate-repeated", ERROR, Sight.FACTS, "atom",
    source="RFC 4287 4.1.1, 4.1.2 (MUST NOT contain more than one); lkiesow/python-feedgen#135",
    misread="newsboat and Node's feedparser open the last one: an image or a file instead of the page.",
    mend='keep one link for each type and language; files are rel="enclosure"',
)  # fmt: skip
def alternate_repeated(facts: Facts, feed: Feed) -> Iterator[Found]:
    """Of links to the same thing in another form there is one for each type and language."""
    del feed
    seen = set()
    for link in facts.links:
        kind = (link.type.lower(), link.hreflang.lower())
        if link.rel == "alternate" and kind in seen:
            what = " ".join(part for part in (*kind, "type and language") if part)
            yield link.href.found(f'expected one link rel="alternate" of this {what}, got another')
        seen |= {kind} if link.rel == "alternate" else set()


@rule(
    "self-missing", WARNING, Sight.FEED, "atom",
    source="RFC 4287 4.1.1 (SHOULD contain a link with rel self)",
    misread="Who gets the document from somebody else, or from an address that will move, cannot tell "
    "where the "
    "feed is.",
    mend='add <link rel="self" href="https://..." type="application/atom+xml"/> with the address of the feed',
)  # fmt: skip
def self_missing(feed: Feed) -> Found | None:
    """A feed says where it is."""
    if feed.links("self") or feed.links("hub"):  # with a hub it is an error, and told as that
        return None
    return Found(feed.root, 'expected a link rel="self", got none')


@rule(
    "self-repeated", WARNING, Sight.FEED,
    source="RFC 4287 4.1.1; WebSub 4 (exactly one topic)",
    misread="Some subscribe to the first, some to the last: half of them are never pushed to.",
    mend="keep the one with the address of this document",
)  # fmt: skip
def self_repeated(feed: Feed) -> Found | None:
    """A feed has one address of its own."""
    own = feed.links("self")
    return own[1].href.found('expected one link rel="self", got another') if len(own) > 1 else None


@rule(
    "self-not-web", ERROR, Sight.FEED, "atom", "json",
    source="RFC 4287 4.2.7.2 (self); RFC 9110 4.2",
    misread="Readers that follow it to a feed that has moved ask nowhere: feed: is no scheme of the web.",
    mend="write the address of the feed in full, beginning with https://",
)  # fmt: skip
def self_not_web(feed: Feed) -> Iterator[Found]:
    """The address of a feed is one that is asked by HTTP."""
    for link in feed.links("self"):
        scheme = scheme_of(link.href.text.strip())
        if scheme not in {"http", "https", ""}:
            yield link.href.found(f"expected an address that begins with https://, got one with '{scheme}:'")


@rule(
    "self-type-wrong", WARNING, Sight.FEED, "atom", "rss",
    source="RFC 4287 4.2.7.3; the W3C validator's SelfNotAtom",
    misread="Browsers and readers that look for feeds by their type find none.",
    mend='write type="application/atom+xml", or application/rss+xml',
)  # fmt: skip
def self_type_wrong(feed: Feed) -> Iterator[Found]:
    """The address of the feed itself is of the type of a feed."""
    for link in feed.links("self"):
        kind = link.type.partition(";")[0].strip().lower()
        if kind and kind not in _FEED_TYPES:
            yield link.href.found(f"expected the type of a feed, got {quoted(link.type)}")


@rule(
    "feed-page-missing", WARNING, Sight.FEED, "atom",
    source="RFC 4287 4.2.7.2 (alternate)",
    misread="Readers have no page to open for the feed, and no icon to show.",
    mend='add <link rel="alternate" href="https://..." type="text/html"/> with the page that it is the '
    'feed of',
)  # fmt: skip
def feed_page_missing(feed: Feed) -> Found | None:
    """A feed names the page that shows the same."""
    return None if feed.links("alternate") else Found(feed.root, 'expected a link rel="alternate", got none')


@rule(
    "enclosure-without-type", WARNING, Sight.FACTS, "atom",
    source="RFC 4287 4.2.7.2, 4.2.7.3, 4.2.7.6",
    misread="Readers do not know whether it is a picture, a recording or a calendar, nor how large: many "
    "offer nothing.",
    mend="add type and length, in octets",
)  # fmt: skip
def enclosure_without_type(facts: Facts, feed: Feed) -> Iterator[Found]:
    """A file beside an entry says of what type and how long it is."""
    del feed
    for link in facts.links:
        lacks = [name for name, value in (("type", link.type), ("length", link.length)) if not value]
        if link.rel == "enclosure" and lacks:
            yield link.href.found(
                f"expected {' and '.join(lacks)} beside the address of an enclosure, got none"
            )


RULES = (
    link_without_href,
    link_rel_unknown,
    link_type_malformed,
    link_length_malformed,
    link_not_empty,
    alternate_repeated,
    self_missing,
    self_repeated,
    self_not_web,
    self_type_wrong,
    feed_page_missing,
    enclosure_without_type,
)
