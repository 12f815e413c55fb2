"""Puts files into content/: each whole or not at all, never over another, never through a link."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from publisher.content.files import CONTENT, read_regular

if TYPE_CHECKING:
    from pathlib import Path


class NotWritten(Exception):
    """A file cannot be put where it belongs; the message says why, `hint` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def create(site: Path, path: str, data: bytes) -> None:
    """Write a new file; what stands there already stays, and is no fault if it has the same bytes.

    Raises:
        NotWritten: something else stands there, or its folder is a link or outside content/.
    """
    target = _within(site, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    waiting = _beside(target, data)
    try:
        _name(waiting, target, data)
    except FileExistsError:
        if target.is_symlink() or not _has(target, data):
            raise NotWritten(f"'{path}' is there already", "move it away and import again") from None
    finally:
        waiting.unlink(missing_ok=True)


def update(site: Path, path: str, before: bytes, data: bytes) -> None:
    """Put other bytes into a file, if it still has those that were read.

    Raises:
        NotWritten: somebody has changed it meanwhile, or it is a link.
    """
    target = _within(site, path)
    if target.is_symlink():
        raise NotWritten(f"'{path}' is a link", "copy the file into its place")
    if not _has(target, before):
        raise NotWritten(f"'{path}' was changed while the calendar was read", "import again")
    waiting = _beside(target, data, stat.S_IMODE(target.stat().st_mode))
    try:
        waiting.replace(target)
    finally:
        waiting.unlink(missing_ok=True)


def _name(waiting: Path, target: Path, data: bytes) -> None:
    """Give the file its name; FileExistsError where anything has it, unlike a rename."""
    try:
        os.link(waiting, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        _write_new(target, data)


def _within(site: Path, path: str) -> Path:
    """The target of a path below content/ whose folders are folders."""
    first, *parts = path.split("/")
    if first != CONTENT or not parts or any(part in {"", ".", ".."} or "\\" in part for part in parts):
        raise NotWritten(f"'{path}' is not below content/", "name a folder below content/events")
    folder = site / CONTENT
    for part in (None, *parts[:-1]):
        folder = folder / part if part else folder
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            shown = folder.relative_to(site).as_posix()
            raise NotWritten(f"'{shown}' is not a folder itself", "put a plain folder in its place")
    return site / path


def _beside(target: Path, data: bytes, mode: int | None = None) -> Path:
    """The bytes on disk, under a name that nobody reads as a record; as open to others as new files are."""
    waiting = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        _write_new(waiting, data, mode)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
    return waiting


def _write_new(path: Path, data: bytes, mode: int | None = None) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        file.flush()
        os.fsync(file.fileno())  # else a power cut may leave the new name with no bytes


def _has(target: Path, data: bytes) -> bool:
    with suppress(OSError):
        return read_regular(target, len(data) + 1) == data
    return False
