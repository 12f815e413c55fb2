"""Reads content/: the only place that opens a curator's files.

Owns what may be opened (regular files below content/, no links out of it, of
bounded size) and in which order (by path, so that every machine reads alike).
A file that is refused is still known, so that what it held stays on the air.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from publisher.diagnostics import Diagnostic, Span, did_you_mean, printable, warning
from publisher.model.records import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

MAX_BYTES = 8 << 20
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
#: Endings that people give to what they mean as a record.
_ALMOST = frozenset({".markdown", ".mdown", ".mkd", ".txt", ".yaml", ".yml", ".toml"})
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")


@dataclass(frozen=True)
class Source:
    """A file as read: its path relative to the site, its bytes, and what its place and name say."""

    path: str
    kind: Kind
    #: The language of a translation (`name.ru.md`); None for the record itself.
    translation: str | None
    data: bytes
    #: Why the file was not read; then there are no bytes.
    fault: Diagnostic | None = None

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
    #: Pictures and attachments that are there and cannot be published.
    refused_assets: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Folder:
    """What is to be read: the site, its languages, and the relative paths of all files."""

    site: Path
    languages: Sequence[str]
    names: Collection[str]


def read(site: Path, languages: Sequence[str]) -> Reading:
    """Read every record file below the site's content/ folder."""
    if not (site / CONTENT).is_dir():
        hint = f"make the folder, with {', '.join(sorted(KINDS))} in it"
        finding = Diagnostic(Span(CONTENT), "no-content", "expected a folder 'content', there is none", hint)
        return Reading((), {}, (finding,))
    closed: list[Path] = []
    names = {path.relative_to(site).as_posix(): None for path in walk(site / CONTENT, closed)}
    folder = _Folder(site, languages, names)
    found = [_closed_folder(path, path.relative_to(site).as_posix()) for path in closed]
    sources: list[Source] = []
    assets: dict[str, Path] = {}
    refused: set[str] = set()
    for name in names:
        match _look(folder, name):
            case Source() as source:
                sources.append(source)
            case Path() as path:
                assets[name] = path
            case finding:
                found.append(finding)
                refused |= {name} if _is_asset(name) else set()
    return Reading(tuple(sources), assets, tuple(found), frozenset(refused))


def _look(folder: _Folder, name: str) -> Source | Path | Diagnostic:
    """A file as what it is: a record's or a translation's, an asset, or a finding."""
    path = folder.site / name
    fault = _misnamed(name) or _misplaced(folder.site, name)
    if _is_asset(name):
        return fault or _oversized(path, name) or path
    kind = _kind(name)
    return _source(folder, name, kind, fault) if kind else fault or _unknown(path, name)


def walk(folder: Path, closed: list[Path] | None = None) -> Iterator[Path]:
    """All files below a folder in the order of their paths, hidden ones and editors' backups left out.

    Folders that are links, or cannot be listed, are not entered; they are added to `closed`.
    """
    shut: list[Path] = closed if closed is not None else []

    def note(error: OSError) -> None:
        shut.append(Path(os.fsdecode(error.filename)))

    for directory, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        shut += [Path(directory, name) for name in folders if _is_link(Path(directory, name))]
        for name in sorted(files):
            if not name.startswith((".", "#")) and not name.endswith(("~", ".swp", ".bak", ".tmp")):
                yield Path(directory, name)


def _is_link(path: Path) -> bool:
    return os.path.islink(path)  # noqa: PTH114 -- Path's own raises where a path is too long


def fingerprint(*roots: Path) -> str:
    """A hash over the names and bytes of all files below the roots: changes when, and only when, they do."""
    digest = hashlib.blake2b(digest_size=16)
    for root in roots:
        for path in walk(root) if root.is_dir() else (root,):
            digest.update(f"{path.relative_to(root.parent).as_posix()}\0".encode(errors="surrogateescape"))
            try:
                data = read_regular(path)
            except OSError:  # it vanished while we looked, or cannot be read: that too is a state
                data = b"\0unreadable"
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def read_regular(path: Path, most: int = -1) -> bytes:
    """The bytes of a regular file, at most so many.

    Raises:
        OSError: it cannot be read, or is none (reading a pipe would never end).
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file")
        return file.read(most)


def _kind(relative: str) -> Kind | None:
    """The kind of the records in whose folder a Markdown file stands."""
    _, folder, *rest = relative.split("/")
    return KINDS.get(folder) if rest and relative.endswith(".md") else None


def _is_asset(name: str) -> bool:
    return PurePath(name).suffix.lower() in ASSETS


def _source(folder: _Folder, name: str, kind: Kind, fault: Diagnostic | None) -> Source:
    translation = _translation(folder, name)
    if translation and translation not in folder.languages and not fault:
        known = f"the site's languages are {', '.join(folder.languages)}"
        message = f"unknown language '{translation}' in the file's name"
        fault = Diagnostic(
            Span(name), "unknown-language", message, did_you_mean(translation, folder.languages) or known
        )
    data = fault or _read_record(folder.site / name, name)
    if isinstance(data, Diagnostic):
        return Source(name, kind, translation, b"", data)
    return Source(name, kind, translation, data)


def _translation(folder: _Folder, name: str) -> str | None:
    """The language that a file's name gives, if it is a translation: of the site, or beside a record."""
    stem, _, language = name.removesuffix(".md").rpartition(".")
    if language in folder.languages and not stem.endswith("/"):
        return language
    return language if _LANGUAGE.fullmatch(language) and f"{stem}.md" in folder.names else None


def _read_record(path: Path, relative: str) -> bytes | Diagnostic:
    try:
        data = read_regular(path, MAX_BYTES + 1)
    except OSError as error:
        return _unreadable(relative, error.strerror or str(error))
    return _too_large(path, relative, MAX_BYTES) if len(data) > MAX_BYTES else data


def _unreadable(relative: str, reason: str) -> Diagnostic:
    message = f"the file cannot be read: {reason[:1].lower()}{reason[1:]}"
    return Diagnostic(Span(relative), "unreadable-file", message, "put a plain file there that may be read")


def _too_large(path: Path, relative: str, most: int) -> Diagnostic:
    size = path.stat().st_size
    return Diagnostic(
        Span(relative),
        "file-too-large",
        f"expected at most {most} bytes, got {size}",
        "shorten it, or split it",
    )


def _oversized(path: Path, relative: str) -> Diagnostic | None:
    try:
        if path.is_file():
            return (
                _too_large(path, relative, MAX_ASSET_BYTES) if path.stat().st_size > MAX_ASSET_BYTES else None
            )
    except OSError as error:
        return _unreadable(relative, error.strerror or str(error))
    return _unreadable(relative, "it is not a regular file")


def _closed_folder(path: Path, relative: str) -> Diagnostic:
    if _is_link(path):
        return _outside(relative, "folder")
    return Diagnostic(
        Span(relative), "unreadable-file", "the folder cannot be read", "change its permissions"
    )


def _outside(relative: str, what: str) -> Diagnostic:
    message = f"expected the {what} itself, got a link"
    return Diagnostic(Span(relative), "outside-content", message, f"copy the {what} into content/")


def _misnamed(relative: str) -> Diagnostic | None:
    """A name that cannot be shown, or means another file elsewhere, would only puzzle."""
    if relative.isprintable():
        return None
    message = f"expected a file name of printable characters, got '{printable(relative.rpartition('/')[2])}'"
    return Diagnostic(Span(relative), "invalid-file-name", message, "rename the file")


def _misplaced(site: Path, name: str) -> Diagnostic | None:
    """A link may not lead out of content/: what is elsewhere was not written to be published."""
    try:
        within = (site / name).resolve().is_relative_to((site / CONTENT).resolve())
    except (OSError, RuntimeError):  # a link to itself
        return _unreadable(name, "it is a link that leads nowhere")
    return None if within else _outside(name, "file")


def _unknown(path: Path, relative: str) -> Diagnostic:
    """What to say of a file that is neither a record nor published with one."""
    if path.suffix != ".md":
        almost = path.suffix in _ALMOST or path.suffix.lower() == ".md"
        hint = f"rename it to '{path.stem}.md'" if almost else f"published are {', '.join(ASSETS)}"
        return warning(
            Span(relative), "unknown-file", f"a '{path.suffix or path.name}' file is not published", hint
        )
    folder = relative.split("/")[1]
    folders = ", ".join(f"content/{name}/" for name in sorted(KINDS))
    if relative.count("/") == 1:
        message, near = "expected a record in the folder of its kind, got it in content/ itself", ""
    else:
        message, near = f"unknown folder '{folder}'", did_you_mean(folder, KINDS)
    return Diagnostic(Span(relative), "unknown-folder", message, near or f"the folders are {folders}")
