"""An artifact: one file of build/, whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Stage(IntEnum):
    """The order of writing: what is referred to stands before what refers to it."""

    ASSET = 0
    CALENDAR = 1
    FEED = 2
    PAGE = 3
    INDEX = 4
    CATALOGUE = 5


#: Media types by ending, all text in UTF-8 (RFC 5545 section 8.1, RFC 4287 section 7, JSON Feed 1.1).
MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "opml": "text/x-opml; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "ico": "image/vnd.microsoft.icon",
    "pdf": "application/pdf",
    "woff2": "font/woff2",
}


def media_type(path: str) -> str:
    """The media type of a served path."""
    if path.endswith("feed.json") or ("/feeds/" in path and path.endswith(".json")):
        return "application/feed+json; charset=utf-8"
    return MEDIA_TYPES.get(path.rsplit(".", 1)[-1].lower(), "application/octet-stream")


@dataclass(frozen=True)
class Artifact:
    """A path below build/, its bytes, when it is written, and which records it names."""

    path: str
    data: bytes
    stage: Stage
    #: `kind/id` of the records it shows: tells what a change touches.
    items: frozenset[str] = frozenset()
    #: When what it tells last changed, in UTC; None where only the moment of writing is known.
    modified: datetime | None = None

    @property
    def hash(self) -> str:
        """A hash of the bytes."""
        return hashlib.blake2b(self.data, digest_size=16).hexdigest()


@dataclass(frozen=True)
class AssetFacts:
    """What is known of a stored file by its bytes."""

    #: In bytes.
    length: int
    #: In pixels, of a picture whose size can be read.
    width: int | None = None
    height: int | None = None


def unknown_asset(stored: str) -> AssetFacts:
    """Stands for the facts of files where nobody has their bytes."""
    del stored
    return AssetFacts(0)
