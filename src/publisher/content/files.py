"""Reads content/: the only place that opens a curator's files.

Owns what may be opened (regular files below content/, no links out of it, of
bounded size) and in which order (by path, so that every machine reads alike).
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.diagnostics import Diagnostic, Span, did_you_mean, warning
from publisher.model.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_BYTES = 1 << 20
MAX_ASSET_BYTES = 20 << 20
CONTENT = "content"
KINDS = {kind.plural: kind for kind in Kind}
#: Files that stand beside a record and are published with it, by ending.
ASSETS = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".pdf": "application/pdf",
}


@dataclass(frozen=True)
class Source:
    """A file as read: its path relative to the site, its bytes, and what its place and name say."""

    path: str
    kind: Kind
    #: The language of a translation (`name.ru.md`); None for the record itself.
    translation: str | None
    data: bytes

    @property
    def stem(self) -> str:
        """The path without language and ending: what ties a translation to its record."""
        bare = self.path.removesuffix(".md")
        return bare.removesuffix(f".{self.translation}") if self.translation else bare


@dataclass(frozen=True)
class Reading:
    """All of content/: the records' files, the paths of assets, and findings about files themselves."""

    sources: tuple[Source, ...]
    assets: dict[str, Path]
    diagnostics: tuple[Diagnostic, ...]


def read(site: Path, languages: Sequence[str]) -> Reading:
    """Read every record file below the site's content/ folder."""
    sources: list[Source] = []
    assets: dict[str, Path] = {}
    found: list[Diagnostic] = []
    for path in walk(site / CONTENT):
        relative = path.relative_to(site).as_posix()
        match _classify(path, relative, site):
            case Diagnostic() as finding:
                found.append(finding)
            case Kind() as kind:
                sources.append(Source(relative, kind, _translation(path.name, languages), path.read_bytes()))
            case _:
                assets[relative] = path
    return Reading(tuple(sources), assets, tuple(found))


def walk(folder: Path) -> Iterator[Path]:
    """All files below a folder in the order of their paths, hidden ones and editors' backups left out."""
    for directory, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith((".", "#")) and not name.endswith(("~", ".swp", ".bak", ".tmp")):
                yield Path(directory, name)


def fingerprint(*roots: Path) -> str:
    """A hash over the names and bytes of all files below the roots: changes when, and only when, they do."""
    digest = hashlib.blake2b(digest_size=16)
    for root in roots:
        for path in walk(root) if root.is_dir() else (root,):
            digest.update(f"{path.relative_to(root.parent).as_posix()}\0".encode(errors="surrogateescape"))
            try:
                data = path.read_bytes()
            except OSError:  # it vanished while we looked, or cannot be read: that too is a state
                data = b"\0unreadable"
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _classify(path: Path, relative: str, site: Path) -> Diagnostic | Kind | Path:
    span = Span(relative)
    if not path.resolve().is_relative_to((site / CONTENT).resolve()):
        return Diagnostic(span, "outside-content", "the file is a link out of content/", "put the file itself there")
    folder = relative.split("/")[1]
    known_folder = folder in KINDS and relative.count("/") > 1
    if path.suffix != ".md":
        if path.suffix.lower() in ASSETS:
            size = path.stat().st_size
            if size <= MAX_ASSET_BYTES:
                return path
            return Diagnostic(span, "file-too-large", f"expected at most {MAX_ASSET_BYTES} bytes, got {size}", "make it smaller")
        hint = f"rename it to '{path.stem}.md'" if path.suffix in {".markdown", ".mdown", ".txt", ".yaml", ".yml"} else ""
        return warning(span, "unknown-file", f"a '{path.suffix or path.name}' file is not published", hint)
    if not known_folder:
        hint = did_you_mean(folder, KINDS) or f"the folders are {', '.join(sorted(KINDS))}"
        return Diagnostic(span, "unknown-folder", f"'{folder}' is no folder of records", hint)
    size = path.stat().st_size
    if size > MAX_BYTES:
        return Diagnostic(span, "file-too-large", f"expected at most {MAX_BYTES} bytes, got {size}", "split it, or shorten it")
    if not os.access(path, os.R_OK):
        return Diagnostic(span, "unreadable-file", "the file cannot be read", "change its permissions")
    return KINDS[folder]


def _translation(name: str, languages: Sequence[str]) -> str | None:
    parts = name.split(".")
    return parts[-2] if len(parts) > 2 and parts[-2] in languages else None  # noqa: PLR2004 -- name, language, md
