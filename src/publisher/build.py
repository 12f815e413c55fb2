"""Writes an edition's artifacts into build/, so that whoever reads it at any moment reads whole files.

In this order: files that differ are written, what is referred to before what
refers to it, each to a temporary name and then renamed; last, files of earlier
editions that this one no longer has are deleted. A file whose bytes are the
same is not touched: its time and so its ETag stay. The folder is never emptied,
and nothing that is not in a manifest of ours is ever deleted.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from publisher.model.artifact import Artifact

TEMPORARY = ".publisher-tmp"


@dataclass(frozen=True)
class BuildReport:
    """What a write did, as paths below build/."""

    written: tuple[str, ...]
    unchanged: int
    deleted: tuple[str, ...]


def write(
    folder: Path, artifacts: Sequence[Artifact], stale: Iterable[str] = (), progress: Callable[[int, int], None] | None = None
) -> BuildReport:
    """Make the folder say what the artifacts say; `stale` are paths of earlier editions."""
    written: list[str] = []
    _clear_temporary(folder)
    ordered = sorted(artifacts, key=lambda a: (a.stage, a.path))
    made: set[Path] = set()
    for count, artifact in enumerate(ordered, 1):
        target = folder / artifact.path
        if _read(target) != artifact.data:
            if target.parent not in made:
                _make_folder(target.parent, folder)
                made.add(target.parent)
            _replace(target, artifact.data)
            written.append(artifact.path)
        if progress:
            progress(count, len(ordered))
    deleted = _delete(folder, sorted(set(stale) - {artifact.path for artifact in artifacts}))
    if written or deleted:
        _sync_folders(made | {folder})
    return BuildReport(tuple(written), len(ordered) - len(written), deleted)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _make_folder(folder: Path, root: Path) -> None:
    for part in (*reversed(folder.relative_to(root).parents), folder.relative_to(root)):
        if (root / part).is_file():  # an earlier edition had a file where this one has a folder
            (root / part).unlink()
    folder.mkdir(parents=True, exist_ok=True)


def _replace(target: Path, data: bytes) -> None:
    temporary = target.with_name(f".{target.name}{TEMPORARY}")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())  # else a power cut may leave the new name with no bytes
    os.replace(temporary, target)


def _delete(folder: Path, stale: Iterable[str]) -> tuple[str, ...]:
    deleted = []
    for path in stale:
        target = folder / path
        if not target.is_file():
            continue
        target.unlink()
        deleted.append(path)
        for parent in target.parents:
            if parent == folder or any(parent.iterdir()):
                break
            parent.rmdir()
    return tuple(deleted)


def _clear_temporary(folder: Path) -> None:
    """What a killed run left half written has a name that nobody is served."""
    for directory, _, files in os.walk(folder):
        for name in files:
            if name.endswith(TEMPORARY):
                Path(directory, name).unlink()


def _sync_folders(folders: Iterable[Path]) -> None:
    for folder in folders:
        if folder.is_dir():
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
