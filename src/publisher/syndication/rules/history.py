"""Rules about feeds in several documents: archives, pages, and complete feeds (RFC 5005)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.places import Element
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.places import Value
    from publisher.syndication.subject import Facts, Feed, Link

_ARCHIVES: Final = ("prev-archive", "next-archive")
_PAGES: Final = ("first", "last", "next", "previous")
_ALL: Final = (*_ARCHIVES, *_PAGES, "current")
_ELEMENTS: Final = frozenset({"fh:archive", "fh:complete"})
_HEADS: Final = frozenset({"atom:feed", "atom:source", "channel"})


def _marked(feed: Feed, name: str) -> Element | None:
    return feed.channel.first(name) if isinstance(feed.channel, Element) else None


def _linked(feed: Feed, relations: tuple[str, ...]) -> Iterator[Link]:
    return (link for rel in relations for link in feed.links(rel))


@rule(
    "history-element-unknown", ERROR, Sight.NODE,
    source="RFC 5005 2, 4",
    misread="All pass it over: fh:incremental and fh:prev are of a draft.",
    mend="use <fh:archive/>, <fh:complete/>, and links",
)  # fmt: skip
def history_element_unknown(element: Element | Value, feed: Feed) -> Found | None:
    """Of the history of a feed there are two elements: that it is an archive, or that it is complete."""
    del feed
    if not isinstance(element, Element) or not element.name.startswith("fh:") or element.name in _ELEMENTS:
        return None
    return Found(element, f"expected <fh:archive> or <fh:complete>, got <{element.name[:40]}>")


@rule(
    "history-element-misplaced", ERROR, Sight.ELEMENT, *sorted(_ELEMENTS),
    source="RFC 5005 2, 4",
    misread="Readers pass it over, and ask for an archive as often as for the feed.",
    mend="move it into <feed> or <channel>, before the entries",
)  # fmt: skip
def history_element_misplaced(element: Element, feed: Feed) -> Found | None:
    """Whether a document is an archive is said of it as a whole."""
    del feed
    parent = element.parent
    if parent is None or parent.name in _HEADS:
        return None
    return Found(
        element, f"expected <{element.name}> in <feed> or <channel>, got it in <{parent.local[:40]}>"
    )


@rule(
    "archive-and-complete", ERROR, Sight.FEED, "atom", "rss",
    source="RFC 5005 2, 4",
    misread="Some take it for a part, some for the whole, and delete what is not in it.",
    mend="keep the one that is so",
)  # fmt: skip
def archive_and_complete(feed: Feed) -> Found | None:
    """A document with all entries is no archive of some of them."""
    complete, archive = _marked(feed, "fh:complete"), _marked(feed, "fh:archive")
    return (
        Found(complete, "expected <fh:archive> or <fh:complete>, got both") if complete and archive else None
    )


@rule(
    "complete-with-more", ERROR, Sight.FEED, "atom", "rss",
    source="RFC 5005 2; the W3C validator's FeedRelInCompleteFeed",
    misread="Some never look at the other documents, and delete the entries that they had of them.",
    mend="leave <fh:complete/> out, or the links",
)  # fmt: skip
def complete_with_more(feed: Feed) -> Iterator[Found]:
    """A document with all entries names no others that have more of them."""
    if _marked(feed, "fh:complete"):
        for link in _linked(feed, (*_ARCHIVES, *_PAGES)):
            yield link.href.found(
                f"expected all entries in a complete feed, got a link rel={quoted(link.rel)}"
            )


@rule(
    "archive-without-current", WARNING, Sight.FEED, "atom", "rss",
    source="RFC 5005 4 (SHOULD); the W3C validator's MissingCurrentInArchive",
    misread="Who finds the archive first cannot subscribe.",
    mend='add <link rel="current" href="..."/> with the address of the feed',
)  # fmt: skip
def archive_without_current(feed: Feed) -> Found | None:
    """An archive says where the feed is whose past it holds."""
    archive = _marked(feed, "fh:archive")
    if archive is None or feed.links("current"):
        return None
    return Found(archive, 'expected a link rel="current" in an archive, got none')


@rule(
    "archive-unmarked", WARNING, Sight.FEED, "atom", "rss",
    source="RFC 5005 4 (next-archive is of archives)",
    misread="Readers take it for the feed itself, and ask for it again and again.",
    mend="add <fh:archive/>, or leave the link out",
)  # fmt: skip
def archive_unmarked(feed: Feed) -> Iterator[Found]:
    """Only an archive has one that comes after it, and says that it is one."""
    if _marked(feed, "fh:archive") is None:
        for link in feed.links("next-archive"):
            yield link.href.found('expected <fh:archive> beside a link rel="next-archive", got none')


@rule(
    "history-of-itself", ERROR, Sight.FEED,
    source="RFC 5005 4.2",
    misread="Readers that walk through the past fetch the same document without end.",
    mend="name the document before it or after it; leave the link out where there is none",
)  # fmt: skip
def history_of_itself(feed: Feed) -> Iterator[Found]:
    """What comes before or after a document is another one."""
    for link in _linked(feed, (*_ARCHIVES, "next", "previous")):
        if feed.address and link.href.text.strip() == feed.address and feed.format != "json":
            yield link.href.found(f"expected another document as {quoted(link.rel)}, got this one")


@rule(
    "history-repeated", ERROR, Sight.FEED, "atom", "rss",
    source="RFC 5005 3, 4",
    misread="Readers go one of the two ways, and never see what lies on the other.",
    mend="keep one of them",
)  # fmt: skip
def history_repeated(feed: Feed) -> Iterator[Found]:
    """Before and after a document there is one other."""
    for rel in _ALL:
        for link in feed.links(rel)[1:]:
            yield link.href.found(f"expected one link rel={quoted(rel)}, got another")


@rule(
    "archive-is-current", ERROR, Sight.FEED, "atom", "rss",
    source="RFC 5005 4",
    misread="Readers subscribe to the archive, where nothing new will ever be.",
    mend='name the feed itself in rel="current", and this document in rel="self"',
)  # fmt: skip
def archive_is_current(feed: Feed) -> Iterator[Found]:
    """An archive is not the feed that it is of."""
    if _marked(feed, "fh:archive"):
        for link in feed.links("current"):
            if feed.address and link.href.text.strip() == feed.address:
                yield link.href.found("expected the feed as current of an archive, got the archive itself")


@rule(
    "history-in-entry", WARNING, Sight.FACTS, "atom", "rss",
    source="RFC 5005 3, 4; the W3C validator's FeedHistoryRelInEntry",
    misread="Readers pass it over.",
    mend="move it out of the entry",
)  # fmt: skip
def history_in_entry(facts: Facts, feed: Feed) -> Iterator[Found]:
    """What comes before or after is said of the whole document."""
    if facts is not feed.facts:
        for link in facts.links:
            if link.rel in {*_ARCHIVES, "current"}:
                yield link.href.found(
                    f"expected a link rel={quoted(link.rel)} in the feed, got it in an entry"
                )


RULES = (
    history_element_unknown,
    history_element_misplaced,
    archive_and_complete,
    complete_with_more,
    archive_without_current,
    archive_unmarked,
    history_of_itself,
    history_repeated,
    archive_is_current,
    history_in_entry,
)
