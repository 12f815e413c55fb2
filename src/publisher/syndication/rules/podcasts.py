"""Rules about podcasts in RSS (`itunes:`): what directories read of a channel and its items."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.rules.rule import WARNING, Found, Sight, rule

if TYPE_CHECKING:
    from publisher.syndication.places import Element
    from publisher.syndication.subject import Feed

#: `yes`, `no` and `clean` are of before 2019, and are still read.
_EXPLICIT: Final = frozenset({"true", "false", "yes", "no", "clean"})
#: Seconds, or minutes and hours before them.
_DURATION: Final = re.compile(r"\d{1,9}|(?:\d{1,4}:)?\d{1,3}:[0-5]?\d", re.ASCII)
_EMAIL: Final = re.compile(r"[^@\s<>()]+@[^@\s<>()]+")


@rule(
    "itunes-explicit-unknown", WARNING, Sight.ELEMENT, "itunes:explicit",
    source="Apple, 'A Podcaster's Guide to RSS', <itunes:explicit>",
    misread="Directories do not list the podcast, or show it without its warning to parents.",
    mend="write true or false",
)  # fmt: skip
def itunes_explicit_unknown(element: Element, feed: Feed) -> Found | None:
    """Whether something is for grown-ups only is said with true or false."""
    del feed
    text = element.text.strip()
    if text.lower() in _EXPLICIT:
        return None
    return Found(element, f"expected true or false, got {quoted(text)}", text)


@rule(
    "itunes-image-without-href", WARNING, Sight.ELEMENT, "itunes:image",
    source="Apple, 'A Podcaster's Guide to RSS', <itunes:image>",
    misread="Programs for podcasts show no picture: what stands between the tags is nothing to them.",
    mend='write <itunes:image href="https://..."/>',
)  # fmt: skip
def itunes_image_without_href(element: Element, feed: Feed) -> Found | None:
    """The picture of a podcast is what its attribute `href` says."""
    del feed
    if element.get("href") is not None:  # an empty one is told as an address
        return None
    return Found(element, "expected the address of a picture in the href of <itunes:image>, got none")


@rule(
    "itunes-duration-malformed", WARNING, Sight.ELEMENT, "itunes:duration",
    source="Apple, 'A Podcaster's Guide to RSS', <itunes:duration>; the W3C validator's InvalidDuration",
    misread="Programs for podcasts show no duration, or that of another number.",
    mend="write the number of seconds, such as 1800, or 30:00 or 0:30:00",
)  # fmt: skip
def itunes_duration_malformed(element: Element, feed: Feed) -> Found | None:
    """How long it takes is told in seconds, or with minutes and hours before them."""
    del feed
    text = element.text.strip()
    if _DURATION.fullmatch(text):
        return None
    return Found(element, f"expected seconds, or hours, minutes and seconds, got {quoted(text)}", text)


@rule(
    "itunes-owner-without-email", WARNING, Sight.ELEMENT, "itunes:owner",
    source="Apple, 'A Podcaster's Guide to RSS', <itunes:owner>; the W3C validator's InvalidContact",
    misread="Directories send what proves that a podcast is yours to that address, and to nobody without it.",
    mend="write <itunes:email>jane@example.org</itunes:email>",
)  # fmt: skip
def itunes_owner_without_email(element: Element, feed: Feed) -> Found | None:
    """The owner of a podcast has an address for mail."""
    del feed
    email = element.first("itunes:email")
    text = email.text.strip() if email else ""
    if _EMAIL.fullmatch(text):
        return None
    return Found(
        email or element, f"expected the owner's address for mail, got {quoted(text) if text else 'none'}"
    )


RULES = (
    itunes_explicit_unknown,
    itunes_image_without_href,
    itunes_duration_malformed,
    itunes_owner_without_email,
)
