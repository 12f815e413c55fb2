"""Keeps rendered fragments in `var/cache/`: a build then makes only what has changed.

The file is a convenience. One that is gone, torn, or of another version of the program
is taken for none: everything is made again, with the same bytes.
"""

from __future__ import annotations

import hashlib
import struct
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import publisher
from publisher.folders import private
from publisher.model.fragments import Fragments

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORMAT: Final = b"publisher fragments 1\n"
#: Whose code and data decide what fragments say.
_LIBRARIES: Final = ("babel", "feedgen", "icalendar", "imagesize", "lxml", "nh3", "pyromark", "tzdata")
_ROOMS: Final = ("content", "ics", "model", "render")
_DIGEST: Final = 16
#: Key, and how many bytes follow.
_ENTRY: Final = struct.Struct(">16sI")


class FragmentFile:
    """The fragments of the last edition."""

    def __init__(self, var: Path) -> None:
        self._folder = var / "cache"
        self._path = self._folder / "fragments"

    def load(self) -> Fragments:
        """What the last edition was made of; nothing where that cannot be told."""
        try:
            data = self._path.read_bytes()
        except OSError:
            return Fragments()
        start = len(_head(b""))
        body = data[start:]
        if data[:start] != _head(body):
            return Fragments()
        return Fragments(dict(_entries(body)))

    def keep(self, fragments: Fragments) -> None:
        """Keep what an edition was made of, if that is not what is kept already, and if it can be."""
        if not fragments.is_news:
            return
        body = b"".join(_ENTRY.pack(key, len(data)) + data for key, data in fragments.used.items())
        waiting = self._path.with_name("fragments.new")
        with suppress(OSError):  # the edition is public: a full disk costs the next build time, no more
            private(self._folder.parent)
            private(self._folder)
            waiting.write_bytes(_head(body) + body)
            waiting.replace(self._path)


def _entries(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(body):
        key, size = _ENTRY.unpack_from(body, at)
        start = at + _ENTRY.size
        at = start + size
        yield key, body[start:at]


def _head(body: bytes) -> bytes:
    return _FORMAT + _program() + _digest(body)


@lru_cache(maxsize=1)
def _program() -> bytes:
    """A hash of what makes fragments: another version may make others."""
    root = Path(publisher.__file__).parent
    code = (path.read_bytes() for room in _ROOMS for path in sorted((root / room).rglob("*.py")))
    return _digest(b"".join([*(f"{name} {version(name)}\n".encode() for name in _LIBRARIES), *code]))


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=_DIGEST).digest()
