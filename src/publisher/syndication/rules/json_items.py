"""Rules about the items of JSON Feed: what they must have, who wrote them, their files and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.diagnostics import quoted
from publisher.syndication.rules.json_feed import kind
from publisher.syndication.rules.json_names import VERSIONS, has, objects
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.syndication.values import address_fault, media_type_fault, scheme_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.places import Value
    from publisher.syndication.subject import Feed


def _says(value: Value, name: str) -> bool:
    """Whether a member says something: it is no string, or has a word in it."""
    member = value.get(name)
    return member is not None and (member.kind != "string" or bool(member.text.strip()))


def _of(feed: Feed, sort: str) -> Iterator[Value]:
    """The objects of one sort."""
    return (value for each, value in objects(feed) if each == sort)


@rule(
    "json-id-missing", ERROR, Sight.FEED, "json",
    source="JSON Feed 1.1, 'id' (required; readers must ignore items without one)",
    misread="Readers do not show the item.",
    mend="write an id that never changes and no other item has",
)  # fmt: skip
def json_id_missing(feed: Feed) -> Iterator[Found]:
    """An item has a name for ever, by which readers know it again."""
    for item in _of(feed, "items"):
        if not has(item, "id") or not _says(item, "id"):
            yield Found(item, "expected an id of the item, got none", attribute="id")


@rule(
    "json-id-not-string", ERROR, Sight.FEED, "json",
    source="JSON Feed 1.1, 'id' (required, string); mmcdole/gofeed#270",
    misread="gofeed and typed programs refuse the whole feed; others make a string of it, each in its way.",
    mend="write the id in quotation marks",
)  # fmt: skip
def json_id_not_string(feed: Feed) -> Iterator[Found]:
    """The id of an item is a string, also where it is a number elsewhere."""
    for item in _of(feed, "items"):
        given = item.get("id")
        if given is not None and given.kind not in {"string", "null"}:
            yield Found(
                item, f"expected the id of the item to be a string, got {kind(given.kind)}", attribute="id"
            )


@rule(
    "json-content-missing", ERROR, Sight.FEED, "json",
    source="JSON Feed 1.1, 'content_html', 'content_text' (one or both); gorilla/feeds#45",
    misread="Readers show a title without text, or refuse the feed.",
    mend="write content_html, or content_text for plain text",
)  # fmt: skip
def json_content_missing(feed: Feed) -> Iterator[Found]:
    """An item has a text, as HTML or plain or both."""
    for item in _of(feed, "items"):
        if not has(item, "content_html", "content_text"):
            yield Found(item, "expected content_html or content_text in the item, got neither")


@rule(
    "json-url-missing", WARNING, Sight.FEED, "json",
    source="JSON Feed 1.1, 'url' (the permalink)",
    misread="Readers have no page to open for the item.",
    mend="write url with the address of the item's page",
)  # fmt: skip
def json_url_missing(feed: Feed) -> Iterator[Found]:
    """An item says where its page is."""
    for item in _of(feed, "items"):
        if not has(item, "url", "external_url"):
            yield Found(item, "expected the url of the item, got none")


@rule(
    "json-author-old", WARNING, Sight.FEED, "json",
    source="JSON Feed 1.1, 'author' (deprecated); nmdias/FeedKit#223",
    misread="Readers of 1.1 that look for authors show none.",
    mend='write "authors": [{...}], beside "author" if old readers are to find it',
)  # fmt: skip
def json_author_old(feed: Feed) -> Iterator[Found]:
    """Since version 1.1 authors are an array; a single author is of version 1."""
    if getattr(feed.root, "string", str)("version") != VERSIONS[1]:
        return
    for sort, value in objects(feed):
        if sort in {"feed", "items"} and has(value, "author") and not has(value, "authors"):
            yield Found(value, 'expected "authors", got "author" of version 1', attribute="author")


@rule(
    "json-author-empty", ERROR, Sight.FEED, "json",
    source="JSON Feed 1.1, 'authors' (at least one is required)",
    misread="Readers show an author without a name.",
    mend="write the name, or leave the author out",
)  # fmt: skip
def json_author_empty(feed: Feed) -> Iterator[Found]:
    """An author that is there has a name, an address or a picture."""
    for author in _of(feed, "authors"):
        if not has(author, "name", "url", "avatar"):
            yield Found(author, "expected a name, a url or an avatar of the author, got none of them")


@rule(
    "json-author-address-malformed", ERROR, Sight.FEED, "json",
    source="JSON Feed 1.1, 'authors' (url, avatar)",
    misread="Readers open nothing when the author is chosen, and show no picture.",
    mend="write the whole address, beginning with https:// or mailto:",
)  # fmt: skip
def json_author_address_malformed(feed: Feed) -> Iterator[Found]:
    """The pages and pictures of authors have whole addresses."""
    for author in _of(feed, "authors"):
        for name in ("url", "avatar"):
            text = author.string(name)
            relative = f"expected an absolute address, got {quoted(text)}" if not scheme_of(text) else ""
            if has(author, name) and (fault := address_fault(text) or relative):
                yield Found(author, fault, text, name)


@rule(
    "json-attachment-incomplete", ERROR, Sight.FEED, "json",
    source="JSON Feed 1.1, 'attachments' (both required)",
    misread="Readers cannot fetch the file or do not know how to show it; typed programs refuse the feed.",
    mend="write url and mime_type",
)  # fmt: skip
def json_attachment_incomplete(feed: Feed) -> Iterator[Found]:
    """A file has an address and a media type."""
    for attachment in _of(feed, "attachments"):
        for name in ("url", "mime_type"):
            empty = name == "mime_type" and has(attachment, name) and not _says(attachment, name)
            if empty or not has(attachment, name):  # an empty url is told as an address
                yield Found(attachment, f'expected "{name}" of the attachment, got none', attribute=name)


@rule(
    "json-attachment-size", ERROR, Sight.FEED, "json",
    source="JSON Feed 1.1, 'size_in_bytes', 'duration_in_seconds' (numbers); mmcdole/gofeed#270",
    misread="gofeed and typed programs refuse the whole feed.",
    mend="write the number without quotation marks, or leave it out where it is not known",
)  # fmt: skip
def json_attachment_size(feed: Feed) -> Iterator[Found]:
    """The size of a file is a whole number of octets, its duration a number of seconds."""
    for attachment in _of(feed, "attachments"):
        for name, sort in (
            ("size_in_bytes", "whole number of octets"),
            ("duration_in_seconds", "number of seconds"),
        ):
            given = attachment.get(name)
            if (
                given is not None
                and given.kind != "null"
                and not _is_number(given, whole=name == "size_in_bytes")
            ):
                got = quoted(given.value) if given.value is not None else kind(given.kind)
                yield Found(attachment, f'expected "{name}" to be a {sort}, got {got}', attribute=name)


def _is_number(value: Value, *, whole: bool) -> bool:
    number = value.value
    if value.kind != "number" or not isinstance(number, int | float) or number < 0:
        return False
    return isinstance(number, int) or not whole or number.is_integer()


@rule(
    "json-mime-malformed", ERROR, Sight.FEED, "json",
    source="JSON Feed 1.1, 'mime_type'; RFC 6838 4.2",
    misread="Readers do not know what to do with the file, and offer nothing.",
    mend="write a media type such as text/calendar or image/png",
)  # fmt: skip
def json_mime_malformed(feed: Feed) -> Iterator[Found]:
    """The type of a file is a media type."""
    for attachment in _of(feed, "attachments"):
        given = attachment.string("mime_type").strip()
        if given and (fault := media_type_fault(given)):
            yield Found(attachment, fault, given, "mime_type")


@rule(
    "json-tags-malformed", ERROR, Sight.FEED, "json",
    source="JSON Feed 1.1, 'tags' (array of strings)",
    misread="Typed programs refuse the whole feed; others show [object Object].",
    mend='write "tags": ["...", "..."]',
)  # fmt: skip
def json_tags_malformed(feed: Feed) -> Iterator[Found]:
    """Tags are words in an array."""
    for item in _of(feed, "items"):
        tags = item.get("tags")
        for tag in tags.items if tags is not None else ():
            if tag.kind != "string" or not tag.text.strip():
                got = "an empty one" if tag.kind == "string" else kind(tag.kind)
                yield Found(tag, f"expected a tag to be a string with a word in it, got {got}")


RULES = (
    json_id_missing,
    json_id_not_string,
    json_content_missing,
    json_url_missing,
    json_author_old,
    json_author_empty,
    json_author_address_malformed,
    json_attachment_incomplete,
    json_attachment_size,
    json_mime_malformed,
    json_tags_malformed,
)
