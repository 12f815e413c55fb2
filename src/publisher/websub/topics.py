"""Topics: the feeds that a subscriber can follow at a hub, and what tells them where (WebSub section 4).

Every declared feed is one, in each of its formats. Its archives are not: they
are closed. Combinations that only the server makes are not either: nobody knows
which of them somebody follows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publisher.render.urls import absolute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.config import Config

#: In a folder of a language: an attachment may be called feed.atom as well.
_FEED = re.compile(r"[a-z]{2,3}/(?:(?:[^/]+/){0,2}feed|feeds/[^/]+)\.(?:atom|rss|json)")


def is_topic(path: str) -> bool:
    """Whether a path below build/ is that of a living feed."""
    return _FEED.fullmatch(path) is not None


def changed_topics(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The feeds whose bytes differ from those of the edition before; given are hashes by path."""
    return sorted(path for path, hash_ in after.items() if before.get(path) != hash_ and is_topic(path))


def link_header(config: Config, path: str) -> str:
    """The `Link` header (RFC 8288) of a file: its hubs and its own address; empty for what has none."""
    if not config.websub.hubs or not is_topic(path):
        return ""
    links = [f'<{hub}>; rel="hub"' for hub in config.websub.hubs]
    return ", ".join([*links, f'<{absolute(config, path)}>; rel="self"'])


def host_of(hub: str) -> str:
    """What may be shown of a hub's address: the rest may be a secret."""
    return urlsplit(hub).hostname or ""
