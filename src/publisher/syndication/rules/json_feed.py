"""Rules about JSON Feed documents: the feed itself, and the form of all its members."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.places import Near
from publisher.syndication.rules.json_names import MEMBERS, VERSIONS, has, objects
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.places import Value
    from publisher.syndication.subject import Feed

_EXTENSION: Final = re.compile(r"_[A-Za-z]")
#: What has a rule of its own where its type is wrong.
_ELSEWHERE: Final = frozenset({"id", "size_in_bytes", "duration_in_seconds", "hubs"})
_ARTICLES: Final = {"array": "an array", "object": "an object"}


def kind(name: str) -> str:
    """A type of JSON, as messages say it."""
    return _ARTICLES.get(name, f"a {name}" if name != "null" else name)


@rule(
    "json-version-unknown", ERROR, Sight.OBJECT, "feed",
    source="JSON Feed 1.1, 'version' (required)",
    misread="Readers do not know that it is a feed.",
    mend='write "version": "https://jsonfeed.org/version/1.1"',
)  # fmt: skip
def json_version_unknown(value: Value, feed: Feed) -> Found | None:
    """The address of the version is how readers know a JSON Feed."""
    del feed
    version = value.string("version")
    if version in VERSIONS or (
        not version and has(value, "version") and value.members["version"].kind != "string"
    ):
        return None  # one that is no text is told as that
    got = quoted(version) if version else "none"
    return Found(
        value, f"expected the address of JSON Feed 1 or 1.1 as version, got {got}", version, "version"
    )


@rule(
    "json-title-missing", ERROR, Sight.OBJECT, "feed",
    source="JSON Feed 1.1, 'title' (required)",
    misread="Readers show the address instead, or refuse the feed.",
    mend='write "title": "..." at the top of the document',
)  # fmt: skip
def json_title_missing(value: Value, feed: Feed) -> Found | None:
    """A feed has a name."""
    del feed
    title = value.get("title")
    if title is not None and (title.kind not in {"string", "null"} or title.text.strip()):
        return None
    return Found(value, "expected a title of the feed, got none", attribute="title")


@rule(
    "json-items-missing", ERROR, Sight.OBJECT, "feed",
    source="JSON Feed 1.1, 'items' (required); feedjira/feedjira#485",
    misread="Programs fail on the feed instead of showing an empty one.",
    mend='write "items": [], also where there are none',
)  # fmt: skip
def json_items_missing(value: Value, feed: Feed) -> Found | None:
    """A feed has an array of items, if an empty one."""
    del feed
    if has(value, "items"):
        return None
    return Found(value, "expected an array of items, got none", attribute="items")


@rule(
    "json-type-wrong", ERROR, Sight.FEED, "json",
    source="JSON Feed 1.1; mmcdole/gofeed#270, mmcdole/gofeed#355",
    misread="Programs in typed languages refuse the whole feed for one member of another type, or end.",
    mend="write the member in the type that it has in JSON Feed, or leave it out",
)  # fmt: skip
def json_type_wrong(feed: Feed) -> Iterator[Found]:
    """Each member has its type: a text is no number, and one author is an array of one."""
    for sort, value in objects(feed):
        for name, expected in MEMBERS[sort].items():
            member = value.members.get(name)
            if member is None or name in _ELSEWHERE:
                continue
            if member.kind not in {expected, "null"}:
                yield Found(
                    value,
                    f'expected "{name}" to be {kind(expected)}, got {kind(member.kind)}',
                    attribute=name,
                )
            elif name in {"items", "authors", "attachments"}:
                wrong = (each for each in member.items if each.kind != "object")
                yield from (
                    Found(each, f'expected an object in "{name}", got {kind(each.kind)}') for each in wrong
                )


@rule(
    "json-member-null", WARNING, Sight.FEED, "json",
    source="JSON Feed 1.1 (optional means left out); vas3k/vas3k.club#1110",
    misread="Programs that do not expect null fail on the feed.",
    mend="leave the member out where there is nothing to say",
)  # fmt: skip
def json_member_null(feed: Feed) -> Iterator[Found]:
    """What has no value is left out: JSON Feed knows no null."""
    for _, value in objects(feed):
        for name, member in value.members.items():
            if member.kind == "null" and not name.startswith("_") and name != "id":
                yield Found(
                    value, f'expected a value of "{name}" or no such member, got null', attribute=name
                )


@rule(
    "json-member-unknown", WARNING, Sight.FEED, "json",
    source="JSON Feed 1.1, 'Extensions' (must start with _); jpmonette/feed#81",
    misread="All pass it over: `html_content` is no `content_html`, and the item has no text.",
    mend="write it as JSON Feed spells it, or with an underscore before it as one of your own",
)  # fmt: skip
def json_member_unknown(feed: Feed) -> Iterator[Found]:
    """Members that JSON Feed does not define begin with an underscore."""
    for sort, value in objects(feed):
        known = MEMBERS[sort]
        for name in value.members:
            if name not in known and not name.startswith("_"):
                yield Found(value, f"unknown member {quoted(name)}", attribute=name, hint=Near(name, known))


@rule(
    "json-extension-malformed", WARNING, Sight.FEED, "json",
    source="JSON Feed 1.1, 'Extensions' (custom objects)",
    misread="Programs that read extensions do not see it; typed ones refuse what is no object.",
    mend='name it with an underscore and a letter, and make it an object: "_example": {"about": "..."}',
)  # fmt: skip
def json_extension_malformed(feed: Feed) -> Iterator[Found]:
    """An extension is an object; its name is an underscore, then a letter."""
    for _, value in objects(feed):
        for name, member in value.members.items():
            if not name.startswith("_"):
                continue
            if not _EXTENSION.match(name):
                message = f"expected a letter after the underscore, got {quoted(name)}"
                yield Found(value, message, attribute=name)
            elif member.kind != "object":
                message = f"expected the extension {quoted(name)} to be an object, got {kind(member.kind)}"
                yield Found(value, message, attribute=name)


@rule(
    "json-feed-url-missing", WARNING, Sight.OBJECT, "feed",
    source="JSON Feed 1.1, 'feed_url' (strongly recommended)",
    misread="Who gets the document from somebody else cannot subscribe to it.",
    mend='write "feed_url" with the address at which the feed is published',
)  # fmt: skip
def json_feed_url_missing(value: Value, feed: Feed) -> Found | None:
    """A feed says where it is published: that is what tells it from others."""
    del feed
    if has(value, "feed_url"):
        return None
    return Found(value, "expected the feed's own address, got none", attribute="feed_url")


@rule(
    "json-home-page-missing", WARNING, Sight.OBJECT, "feed",
    source="JSON Feed 1.1, 'home_page_url' (should be considered required)",
    misread="Readers have no page to open for the feed, and no icon to show.",
    mend='write "home_page_url" with the address of the page that the feed is about',
)  # fmt: skip
def json_home_page_missing(value: Value, feed: Feed) -> Found | None:
    """A feed says of which pages it is."""
    del feed
    if has(value, "home_page_url"):
        return None
    return Found(value, "expected the address of the feed's pages, got none", attribute="home_page_url")


@rule(
    "json-next-is-self", ERROR, Sight.OBJECT, "feed",
    source="JSON Feed 1.1, 'next_url' (must not be the same)",
    misread="Readers that fetch older items fetch the same ones without end.",
    mend="leave next_url out of the last document, and let the others name the next one",
)  # fmt: skip
def json_next_is_self(value: Value, feed: Feed) -> Found | None:
    """The address of older items leads to another document."""
    del feed
    following = value.string("next_url")
    if not following or following != value.string("feed_url"):
        return None
    return Found(value, "expected another document with older items, got this one", following, "next_url")


@rule(
    "json-hub-malformed", ERROR, Sight.OBJECT, "feed",
    source="JSON Feed 1.1, 'hubs' (type and url are required)",
    misread="Readers do not subscribe at the hub, and typed programs refuse the feed.",
    mend='write "hubs": [{"type": "WebSub", "url": "https://..."}]',
)  # fmt: skip
def json_hub_malformed(value: Value, feed: Feed) -> Iterator[Found]:
    """A hub is an object with its type and its address, in an array."""
    del feed
    hubs = value.get("hubs")
    if hubs is None or hubs.kind == "null":
        return
    if hubs.kind != "array":
        yield Found(value, f'expected "hubs" to be an array, got {kind(hubs.kind)}', attribute="hubs")
    for hub in hubs.items:
        if hub.kind != "object":
            yield Found(hub, f"expected a hub with its type and url, got {kind(hub.kind)}")
        for name in ("type", "url") if hub.kind == "object" else ():
            if not has(hub, name) or (name == "type" and not hub.string(name).strip()):
                yield Found(hub, f'expected "{name}" of the hub, got none', attribute=name)


RULES = (
    json_version_unknown,
    json_title_missing,
    json_items_missing,
    json_type_wrong,
    json_member_null,
    json_member_unknown,
    json_extension_malformed,
    json_feed_url_missing,
    json_home_page_missing,
    json_next_is_self,
    json_hub_malformed,
)
