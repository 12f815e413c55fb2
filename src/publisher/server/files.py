"""Serves build/: regular files below one folder, whole, and nothing else.

In order: the names of the path are opened one by one, each relative to the
folder before and never through a symbolic link; what was opened is looked at
(`fstat`), so that a file renamed into its place meanwhile is another file and
not half of this one; its bytes are read once and kept under what identifies
them, and the ETag is made from those very bytes.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, Protocol

from publisher.server.addresses import location
from publisher.server.answers import Answer, sentence
from publisher.server.cache import Cache
from publisher.server.policy import PAGES
from publisher.server.representation import Representation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.datastructures import Headers

    from publisher.server.addresses import Names

INDEX, NOT_FOUND = "index.html", "404.html"
#: What a busy site's files take in memory at most; an attachment has at most 20 MiB.
KEPT_BYTES = 96 << 20
_ABSENT = {
    errno.ENOENT,
    errno.ENOTDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.EACCES,
    errno.ENXIO,
    errno.EISDIR,
}
#: Never through a link; and a named pipe must not make the server wait for its writer.
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
#: Device, inode, size, and both times: the change time is the one that no program can set.
Identity = tuple[int, int, int, int, int]


class Source(Protocol):
    """Where files come from: the folder build/, or the memory of a preview."""

    def read(self, names: Names) -> Representation | None:
        """The file of that name, or None; safe to call from threads."""


class Folder:
    """A folder's regular files; the folder itself may be a link, as to the current of several releases.

    `link` gives the Link header of a path, empty for none.
    """

    def __init__(
        self, root: Path, kept_bytes: int = KEPT_BYTES, link: Callable[[str], str] = lambda _: ""
    ) -> None:
        self.root, self._link = root, link
        self._cache: Cache[tuple[Names, Identity]] = Cache(kept_bytes)

    @property
    def kept_bytes(self) -> int:
        """How much of it is in memory."""
        return self._cache.weight

    def read(self, names: Names) -> Representation | None:
        """The file of that name, or None; other faults of the system (too many open files) are raised."""
        try:
            descriptor = _open(self.root, names)
        except OSError as error:
            if error.errno in _ABSENT:
                return None
            raise
        try:
            return self._load(names, descriptor)
        finally:
            os.close(descriptor)

    def _load(self, names: Names, descriptor: int) -> Representation | None:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None
        key = (names, _identity(status))
        if kept := self._cache.get(key):
            return kept
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            path = "/".join(names)
            made = Representation.of(path, file.read(), status.st_mtime, link=self._link(path))
        # A file that is written in place while it is read is served as it was read, and not kept.
        return self._cache.put(key, made) if _identity(os.fstat(descriptor)) == key[1] else made


def find(source: Source, names: Names | None, query: bytes, request: Headers, now: float) -> Answer:
    """The answer to a GET: the file, a folder's index, the way to the folder, or that there is nothing."""
    if names is not None:
        wanted = (*names[:-1], INDEX) if not names[-1] else names
        if found := source.read(wanted):
            return found.answer(request, now)
        if names[-1] and source.read((*names, INDEX)):
            return _moved(names, query)
    return not_found(source, request)


def not_found(source: Source, request: Headers) -> Answer:
    """The site's own page for what is not there, or a short text where it has none."""
    page = source.read((NOT_FOUND,))
    return (
        page.as_error(404, request) if page else sentence(404, "there is nothing here", cache_control=PAGES)
    )


def _moved(names: Names, query: bytes) -> Answer:
    """The way to a folder: relative links in its page need the slash."""
    target = location(names) + (f"?{query.decode('latin-1')}" if query else "")
    return sentence(308, "this is a folder", location=target, cache_control=PAGES)


def _identity(status: os.stat_result) -> Identity:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _open(root: Path, names: Names) -> int:
    """A descriptor of a file below a folder, opened name by name."""
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    for number, name in enumerate(names, 1):
        kind = os.O_DIRECTORY if number < len(names) else 0
        try:
            inner = os.open(name, _OPEN | kind, dir_fd=at)
        finally:
            os.close(at)
        at = inner
    return at
