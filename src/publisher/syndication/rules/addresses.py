"""Rules about addresses, whatever they are to a feed or an entry (RFC 3986, RFC 3987)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from publisher.diagnostics import quoted
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.syndication.values import address_fault, scheme_of, without_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.subject import Facts, Feed, Link

#: A guid is told by rules of its own.
_ELSEWHERE: Final = "permalink"
#: Nobody follows the scheme of a category, which is a name; and a base may have one itself.
_RELATIVE: Final = frozenset({"category", "base"})
_HARMFUL: Final = frozenset({"javascript", "vbscript", "data", "file", "blob", "about"})
_LOCAL: Final = re.compile(
    r"localhost|.*\.(?:localhost|local|internal|lan|test)|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1|10\.\d+\.\d+\.\d+"
    r"|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+",
    re.IGNORECASE,
)


def _told(link: Link, message: str) -> str:
    """A message as it may be told: the path of a hub may be a secret."""
    if link.rel != "hub":
        return message
    for text in (link.href.text, link.href.text.strip()):
        message = message.replace(quoted(text), quoted(without_path(text)))
    return message


def _addresses(facts: Facts) -> Iterator[Link]:
    return (link for link in facts.links if link.rel != _ELSEWHERE)


@rule(
    "address-malformed", ERROR, Sight.FACTS,
    source="RFC 3986; RFC 3987; RFC 4287 2; RSS 2.0, 'Elements of <item>'; JSON Feed 1.1",
    misread="Readers open nothing, or another page; strict ones refuse the feed.",
    mend="write the address as a browser copies it, a blank as %20",
)  # fmt: skip
def address_malformed(facts: Facts, feed: Feed) -> Iterator[Found]:
    """An address has no blanks, no quotation marks and no half escapes, and a host."""
    del feed
    for link in _addresses(facts):
        text = link.href.text
        if fault := address_fault(text.strip()) or (
            "" if text.strip() else "expected an address, got nothing"
        ):
            yield link.href.found(_told(link, fault), text.strip()[:80])


@rule(
    "address-blank-around", WARNING, Sight.FACTS,
    source="RFC 4287 2; the W3C validator's InvalidLink",
    misread="Readers that do not take blanks off open nothing.",
    mend="write it without a blank or a line break around it",
)  # fmt: skip
def address_blank_around(facts: Facts, feed: Feed) -> Iterator[Found]:
    """Around an address are no blanks and no line breaks."""
    del feed
    for link in _addresses(facts):
        if link.href.text.strip() != link.href.text and link.href.text.strip():
            message = f"expected an address without blanks around it, got {quoted(link.href.text)}"
            yield link.href.found(_told(link, message))


@rule(
    "address-not-absolute", ERROR, Sight.FACTS, "rss", "json",
    source="RSS 2.0, 'Comments' (IANA-registered URI schemes); RSS profile, 'Relative URLs'; JSON Feed 1.1",
    misread="There is nothing that it is relative to: some readers try the feed's address, some the site's, "
    "some none.",
    mend="write it in full, beginning with https://",
)  # fmt: skip
def address_not_absolute(facts: Facts, feed: Feed) -> Iterator[Found]:
    """An address in RSS and JSON Feed is whole."""
    del feed
    return _relative(facts)


@rule(
    "address-relative", WARNING, Sight.FACTS, "atom",
    source="RFC 4287 2 (xml:base), 4.2.7.1; the W3C validator's RelativeSelf",
    misread="Who keeps a copy, or got the feed from somebody else, resolves it against another address; many "
    "readers do not know xml:base.",
    mend="write it in full, beginning with https://",
)  # fmt: skip
def address_relative(facts: Facts, feed: Feed) -> Iterator[Found]:
    """An address is whole, so that it leads to the same place wherever the feed is read."""
    del feed
    return _relative(facts)


def _relative(facts: Facts) -> Iterator[Found]:
    for link in _addresses(facts):
        text = link.href.text.strip()
        if text and link.rel not in _RELATIVE and not scheme_of(text) and not address_fault(text):
            yield link.href.found(_told(link, f"expected an absolute address, got {quoted(text)}"), text)


@rule(
    "address-harmful", WARNING, Sight.FACTS,
    source="RFC 4287 8.2; lwindolf/liferea#1175, simplepie/simplepie#303",
    misread="Readers take it out; one that forgets to runs a stranger's script, or looks for a file of "
    "its own "
    "machine.",
    mend="link to a page, beginning with https://",
)  # fmt: skip
def address_harmful(facts: Facts, feed: Feed) -> Iterator[Found]:
    """A link leads to something that others can open, and runs nothing."""
    del feed
    for link in _addresses(facts):
        scheme = scheme_of(link.href.text.strip())
        if scheme in _HARMFUL:
            yield link.href.found(f"expected a web address, got one that begins with '{scheme}:'")


@rule(
    "address-local", WARNING, Sight.FACTS,
    source="what is published from a machine on which it was tried",
    misread="It leads to the reader's own machine or network, where nothing is.",
    mend="build the site with its public address",
)  # fmt: skip
def address_local(facts: Facts, feed: Feed) -> Iterator[Found]:
    """An address that is published has a host that everybody reaches."""
    if _is_local(feed.address):
        return  # what is tried on one machine is all there
    for link in _addresses(facts):
        text = link.href.text.strip()
        if _is_local(text):
            yield link.href.found(_told(link, f"expected a public address, got {quoted(text)}"), text)


def _is_local(text: str) -> bool:
    if scheme_of(text) not in {"http", "https"} or address_fault(text):
        return False
    return bool(_LOCAL.fullmatch(urlsplit(text).hostname or ""))


RULES = (
    address_malformed,
    address_blank_around,
    address_not_absolute,
    address_relative,
    address_harmful,
    address_local,
)
