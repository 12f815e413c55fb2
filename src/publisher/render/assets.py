"""The theme's files for browsers, under names that change with their content: they may be cached for ever."""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.model.artifact import Artifact, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.render.theme import Theme

#: Named in every feed, so its name never changes.
FIXED = frozenset({"feed.css"})
#: A site's own rules, read after the theme's.
EXTRA = "extra.css"
_URL = re.compile(rb"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")


@dataclass(frozen=True)
class Assets:
    """Where each file of the theme's assets/ is served."""

    files: Mapping[str, tuple[str, bytes]]

    def __call__(self, name: str) -> str:
        """The address of a file of the theme, relative to the root."""
        return f"/assets/{self.files[name][0]}"

    def __contains__(self, name: str) -> bool:
        return name in self.files

    def artifacts(self) -> Iterator[Artifact]:
        """All of them as files of build/."""
        for name, data in self.files.values():
            yield Artifact(f"assets/{name}", data, Stage.ASSET)


def assets_of(theme: Theme) -> Assets:
    """The theme's assets; style sheets last, for they name others."""
    files: dict[str, tuple[str, bytes]] = {}
    for path, data in sorted(theme.assets.items(), key=lambda file: (file[0].endswith(".css"), file[0])):
        content = _with_names(path, data, files) if path.endswith(".css") else data
        files[path] = (path if path in FIXED else _hashed(path, content), content)
    return Assets(files)


def _hashed(path: str, data: bytes) -> str:
    stem, ending = posixpath.splitext(path)
    return f"{stem}.{hashlib.blake2b(data, digest_size=4).hexdigest()}{ending}"


def _with_names(path: str, css: bytes, files: Mapping[str, tuple[str, bytes]]) -> bytes:
    """A style sheet in which the files it names have the names they are served under."""

    def renamed(match: re.Match[bytes]) -> bytes:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), match[1].decode()))
        if target not in files:
            return match[0]
        return f'url("{posixpath.relpath(files[target][0], posixpath.dirname(path) or ".")}")'.encode()

    return _URL.sub(renamed, css)
