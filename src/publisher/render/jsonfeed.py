"""Feeds as JSON Feed 1.1, with the event's facts in the extension `_event`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from publisher.render.feed import EVENT_MODULE, naming

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.render.feed import Author, Entry, EventFacts, Feed, Link

VERSION = "https://jsonfeed.org/version/1.1"


def json_head(feed: Feed) -> bytes:
    """The feed before it has items; its members are in the order of the specification."""
    head = _told(
        version=VERSION,
        title=feed.title,
        home_page_url=feed.home_url,
        feed_url=feed.self_url,
        description=feed.subtitle,
        icon=feed.logo,
        authors=[_author(feed.author)],
        language=feed.language,
        hubs=[{"type": "WebSub", "url": hub} for hub in feed.hubs],
    )
    return _written(head | {"items": []}, 0) + b"\n"


def json_item(entry: Entry) -> bytes:
    """The entry as it stands among a feed's items."""
    with naming(entry):
        item = _told(
            id=entry.id,
            url=entry.url,
            title=entry.title,
            content_html=entry.content,
            summary=entry.summary,
            image=entry.picture.href if entry.picture else None,
            date_published=_instant(entry.published),
            date_modified=_instant(entry.updated),
            authors=[_author(author) for author in entry.authors],
            tags=[category.label for category in entry.categories],
            language=entry.language,
            attachments=[_attachment(link) for link in entry.enclosures],
            _event=_event(entry.event) if entry.event else None,
        )
        return _written(item, 2)


def _written(value: dict[str, Any], depth: int) -> bytes:
    """JSON text, one member a line, at a depth of the document."""
    before = " " * depth
    text = json.dumps(value, ensure_ascii=False, indent=1)
    # Only line feeds end a line of it: `str.splitlines` would cut strings at U+0085 and U+2028.
    return (before + text.replace("\n", f"\n{before}")).encode()


def _event(facts: EventFacts) -> dict[str, Any]:
    return _told(
        about=EVENT_MODULE,
        type=facts.type,
        start=facts.start,
        end=facts.end,
        timezone=facts.timezone,
        location=facts.location,
        organizer=facts.organizer,
        status=facts.status,
        ical=facts.ical,
        uid=facts.uid,
    )


def _attachment(link: Link) -> dict[str, Any]:
    return _told(url=link.href, mime_type=link.type, title=link.title, size_in_bytes=link.length)


def _author(author: Author) -> dict[str, Any]:
    return _told(name=author.name, url=author.uri)


def _instant(moment: datetime) -> str:
    """RFC 3339, in UTC."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _told(**members: Any) -> dict[str, Any]:
    """Only what there is to say: an absent member is clearer than an empty one."""
    return {name: value for name, value in members.items() if value not in (None, "", [])}
