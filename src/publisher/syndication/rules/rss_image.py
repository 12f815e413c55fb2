"""Rules about the picture of a channel (RSS 2.0, 'image')."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.rules.rss_channel import said
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.places import Element
    from publisher.syndication.subject import Feed

#: The greatest that they may be, in pixels.
_LIMITS: Final = {"width": 144, "height": 400}
_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)
_SUFFIX: Final = re.compile(r"/[^/?#]*\.([A-Za-z0-9]{2,5})(?:[?#].*)?$")
_PICTURES: Final = frozenset({"gif", "jpeg", "jpg", "png"})


@rule(
    "channel-image-incomplete", ERROR, Sight.ELEMENT, "image",
    source="RSS 2.0, 'image' (three required sub-elements)",
    misread="Ruby's RSS parser refuses the feed; others show no picture.",
    mend="write <url>, <title> and <link> into the <image>, as those of the channel",
)  # fmt: skip
def channel_image_incomplete(element: Element, feed: Feed) -> Iterator[Found]:
    """A picture of a channel has an address, a title and a link to the pages."""
    if not _is_of_channel(element, feed):
        return
    for name in ("url", "title", "link"):
        inner = element.first(name)
        if inner is None or (name != "url" and not said(element, name)):  # an empty url is told as an address
            yield Found(inner or element, f"expected a <{name}> of the <image>, got none")


def _is_of_channel(element: Element, feed: Feed) -> bool:
    """Whether it is a picture of the channel: elsewhere it is misplaced, and told so."""
    return feed.format == "rss" and element.parent is not None and element.parent.name == "channel"


@rule(
    "channel-image-size", ERROR, Sight.ELEMENT, "image",
    source="RSS 2.0, 'image' (maximum 144 and 400)",
    misread="Readers that heed it show the picture out of shape, or cut.",
    mend="write the pixels that it is to be shown at, at most 144 wide and 400 high, or leave both out",
)  # fmt: skip
def channel_image_size(element: Element, feed: Feed) -> Iterator[Found]:
    """The size of the picture is in pixels, and within limits."""
    if not _is_of_channel(element, feed):
        return
    for name, most in _LIMITS.items():
        if (inner := element.first(name)) is None:
            continue
        text = inner.text.strip()
        if not _NUMBER.fullmatch(text) or not 0 < int(text) <= most:
            yield Found(inner, f"expected a {name} from 1 to {most}, got {quoted(text)}", text)


@rule(
    "channel-image-differs", WARNING, Sight.ELEMENT, "image",
    source="RSS 2.0, 'image' (in practice the same); RSS profile, 'image'",
    misread="Readers show another name or open another page when the picture is chosen.",
    mend="write the title and the link of the channel",
)  # fmt: skip
def channel_image_differs(element: Element, feed: Feed) -> Iterator[Found]:
    """The title and the link of the picture are those of the channel."""
    if not _is_of_channel(element, feed) or element.parent is None:
        return
    for name in ("title", "link"):
        own, channels = said(element, name), said(element.parent, name)
        if own and channels and own != channels:
            message = f"expected the <{name}> of the channel, {quoted(channels)}, got {quoted(own)}"
            yield Found(element.first(name) or element, message, own)


@rule(
    "channel-image-format", WARNING, Sight.ELEMENT, "image",
    source="RSS 2.0, 'image' (GIF, JPEG or PNG)",
    misread="Readers show no picture.",
    mend="name a picture in PNG, JPEG or GIF",
)  # fmt: skip
def channel_image_format(element: Element, feed: Feed) -> Found | None:
    """The picture is a GIF, JPEG or PNG."""
    url = said(element, "url")
    suffix = _SUFFIX.search(url)
    if not _is_of_channel(element, feed) or not suffix or suffix[1].lower() in _PICTURES:
        return None
    return Found(
        element.first("url") or element, f"expected a GIF, JPEG or PNG, got {quoted(suffix[1])}", suffix[1]
    )


RULES = (
    channel_image_incomplete,
    channel_image_size,
    channel_image_differs,
    channel_image_format,
)
