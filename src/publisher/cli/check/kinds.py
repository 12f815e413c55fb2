"""What a file or an answer holds, as its content says, and the lint for that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, TypeAlias

from publisher.diagnostics import printable
from publisher.syndication.http import finding_of, reach

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.diagnostics import Diagnostic
    from publisher.syndication.http.exchange import Format
    from publisher.syndication.subject import Feed

#: As reports name what is there; nothing is what none of the others is.
Kind: TypeAlias = Literal["atom", "rss", "json", "calendar", "page", ""]

_BEGINNING = 4096
_MOST_NAMED = 5
_COMPONENT = re.compile(rb"BEGIN\0?\s*:\0?\s*V", re.IGNORECASE)
_CALENDARS = frozenset({".ics", ".ical", ".ifb"})
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?([A-Za-z_][\w.-]{0,40})")


@dataclass(frozen=True)
class Checked:
    """What is amiss with a source."""

    name: str
    kind: Kind
    findings: tuple[Diagnostic, ...]
    #: Whether it was asked for and did not answer: it may be sound.
    is_unanswered: bool = False


@dataclass(frozen=True)
class Content:
    """What is there, and which sort of thing it is."""

    data: bytes
    kind: Kind
    #: The feed that it is, as far as it can be read.
    feed: Feed | None = None


def content_of(data: bytes, name: str) -> Content:
    """What is there: its beginning counts; the name of a file counts where that says nothing."""
    from publisher.fetching.pages import is_html
    from publisher.syndication.http.exchange import feed_in
    from publisher.syndication.lint import is_feed

    if is_feed(data):
        feed = feed_in(data)
        return Content(data, feed.format if feed else _broken_feed(data), feed)
    if is_html(data):
        return Content(data, "page")
    is_calendar = _COMPONENT.search(data[:_BEGINNING]) or PurePath(name).suffix.lower() in _CALENDARS
    return Content(data, "calendar" if is_calendar else "")


def _broken_feed(data: bytes) -> Format:
    """Which sort a feed is meant to be that cannot be read."""
    if data.lstrip()[:1] == b"{":
        return "json"
    root = _ROOT.search(data[:_BEGINNING])
    return (
        "atom"
        if b"<feed" in data[:_BEGINNING] or (root and root[1].lower() in {b"feed", b"entry"})
        else "rss"
    )


def check_content(content: Content, name: str, now: datetime, url: str = "") -> Checked:
    """What is amiss with what a source holds; `url` is the address that its own addresses are relative to."""
    from publisher.ics import lint as calendars
    from publisher.syndication import lint as feeds

    data, kind = content.data, content.kind
    if kind == "page":
        return Checked(name, kind, (page_found(data, name, url),))
    if kind == "calendar":
        return Checked(name, kind, calendars.check(data, name))
    if kind:
        return Checked(name, kind, feeds.check(data, name, now))
    return Checked(name, kind, (_neither(data, name),))


def page_found(data: bytes, name: str, url: str) -> Diagnostic:
    """That there is a web page, and which feeds and calendars it names."""
    from publisher.fetching.pages import advertised

    named = advertised(data, url)
    each = [f"{one.url} ({one.title})" if one.title else one.url for one in named[:_MOST_NAMED]]
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    hint = f"check what the page names: {', '.join(each)}{more}" if named else ""
    return finding_of(reach.WEB_PAGE, name, "expected a feed or a calendar, got a web page", hint)


def _neither(data: bytes, name: str) -> Diagnostic:
    """That there is something else, and what it looks like."""
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    hint = ""
    if not text:
        came = "nothing"
    elif text.startswith(b"<"):
        root = _ROOT.search(text[:_BEGINNING])
        came = f"XML with the root <{root[1].decode()}>" if root else "something like XML"
        if root and root[1].lower() == b"opml":
            hint = "check the feeds that the list names: the values of xmlUrl"
    elif text.startswith((b"{", b"[")):
        came = "JSON of another sort"
    else:
        came = f"'{printable(text[:20].decode('utf-8', 'replace'))}...'"
    return finding_of(reach.NEITHER, name, f"expected a feed or a calendar, got {came}", hint)
