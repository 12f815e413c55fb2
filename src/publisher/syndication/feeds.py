"""From what was read to what it says: the feed in a document, whatever it is written in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publisher.syndication.atom_facts import atom_feed
from publisher.syndication.json_facts import json_feed
from publisher.syndication.places import Value
from publisher.syndication.rss_facts import rss_feed

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.syndication.reading import Reading
    from publisher.syndication.subject import Feed


def feed_of(reading: Reading, now: datetime | None = None) -> Feed | None:
    """The feed in a document, as far as it could be read, looked at now; None if it is none."""
    root = reading.root
    if root is None:
        return None
    if isinstance(root, Value):
        feed = json_feed(root)
    else:
        feed = atom_feed(root) if root.local == "feed" else rss_feed(root)
    return replace(feed, instructions=reading.instructions, now=now)
