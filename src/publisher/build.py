"""Writes an edition's artifacts into build/, so that whoever reads it at any moment reads whole files.

In this order:

1. what differs is written into a folder beside, and on disk before anything else happens;
2. files that are new take their places: nothing that is served refers to them yet;
3. files that have changed are replaced, each at once, what is referred to before what refers to it;
4. files of earlier editions that this one no longer has are deleted, pages before what they refer to.

A file whose bytes are the same is not touched: its time stays. A new one bears the
time at which what it tells last changed (`Artifact.modified`), so that it is the
same on each machine; but always a later second than the file that it replaces, since
clients ask by that time whether theirs is still good (RFC 9110 section 8.8.2). The
folder is never emptied, and nothing that is not in a manifest of ours is ever deleted.
"""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.errors import PublisherError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from publisher.model.artifact import Artifact

#: Where files wait until all of them are on disk; below build/, so that they are renamed and not copied.
STAGING = ".publisher-tmp"
#: A disk that is asked by many at once to make sure serves them together: 900 files take one second, not ten.
_HANDS = 8


class BuildBlocked(PublisherError):
    """Something that is not ours stands where a file of build/ belongs: move it away and build again."""

    def __init__(self, path: str) -> None:
        hint = "move it away and build again"
        super().__init__(
            f"'build/{path}' is not one of the published files and stands in their way\nhint: {hint}"
        )


@dataclass(frozen=True)
class BuildReport:
    """What a write did, as paths below build/."""

    written: tuple[str, ...]
    unchanged: int
    deleted: tuple[str, ...]


def write(
    folder: Path,
    artifacts: Sequence[Artifact],
    ours: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> BuildReport:
    """Make the folder say what the artifacts say.

    `ours` are the paths of earlier editions, of which those that are no
    artifact any more are deleted; `progress` is told how many of how many
    files are ready.
    """
    staging = folder / STAGING
    shutil.rmtree(staging, ignore_errors=True)  # a killed run's
    wanted = {artifact.path: artifact for artifact in artifacts}
    known = set(ours)
    changed, fresh = _differing(folder, artifacts)
    _require_room(folder, fresh, known)
    ordered = [*_in_order(fresh), *_in_order(changed)]
    with ThreadPoolExecutor(_HANDS) as hands:
        waiting = _stage(folder, staging, ordered, hands, progress)
        for batch in (_in_order(fresh), _in_order(changed)):
            _place(folder, waiting, batch)
            _sync_folders(folder, (artifact.path for artifact in batch), hands)
        deleted = _delete(folder, known - wanted.keys())
        _sync_folders(folder, deleted, hands)
    shutil.rmtree(staging, ignore_errors=True)
    written = tuple(artifact.path for artifact in ordered)
    return BuildReport(written, len(wanted) - len(written), deleted)


def _in_order(artifacts: Iterable[Artifact]) -> list[Artifact]:
    return sorted(artifacts, key=lambda artifact: (artifact.stage, artifact.path))


def _differing(folder: Path, artifacts: Iterable[Artifact]) -> tuple[list[Artifact], list[Artifact]]:
    """What has other bytes than its file, and what has no file yet."""
    changed, fresh = [], []
    for artifact in artifacts:
        try:
            if (folder / artifact.path).read_bytes() != artifact.data:
                changed.append(artifact)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            fresh.append(artifact)
    return changed, fresh


def _require_room(folder: Path, fresh: Iterable[Artifact], ours: Collection[str]) -> None:
    """Before anything is written, make sure that only files of ours stand in the way of new ones."""
    for artifact in fresh:
        for obstacle in _obstacles(folder, artifact.path):
            if obstacle not in ours:
                raise BuildBlocked(obstacle)


def _obstacles(folder: Path, path: str) -> Iterable[str]:
    """Files where the path has a folder, and files in a folder where the path has a file."""
    target = folder / path
    blocking = [parent for parent in target.parents if parent.is_relative_to(folder) and parent.is_file()]
    if target.is_dir():
        blocking += [inner for inner in sorted(target.rglob("*")) if not inner.is_dir()]
    return [each.relative_to(folder).as_posix() for each in blocking]


def _stage(
    folder: Path,
    staging: Path,
    artifacts: Sequence[Artifact],
    hands: ThreadPoolExecutor,
    progress: Callable[[int, int], None] | None,
) -> dict[str, Path]:
    """Write all that differs to disk; where each file waits for its place, by its path."""
    if artifacts:
        staging.mkdir(parents=True)
    waiting = {artifact.path: staging / str(number) for number, artifact in enumerate(artifacts)}
    writing = [hands.submit(_write_out, waiting[each.path], each, folder / each.path) for each in artifacts]
    for count, each in enumerate(writing, 1):
        each.result()
        if progress:
            progress(count, len(writing))
    return waiting


def _write_out(path: Path, artifact: Artifact, replaced: Path) -> None:
    with path.open("wb") as file:
        file.write(artifact.data)
        file.flush()
        if artifact.modified:
            _date(file.fileno(), int(artifact.modified.timestamp()), replaced)
        os.fsync(file.fileno())  # else a power cut may leave the new name with no bytes


def _date(descriptor: int, modified: int, replaced: Path) -> None:
    """Give a file that was just written its date, in whole seconds as HTTP tells it.

    It keeps that of its writing where the other lies in the future, or would not tell it
    from the file that it replaces: a client that has that one would never see it.
    """
    try:
        known = int(replaced.stat().st_mtime)
    except (FileNotFoundError, NotADirectoryError):
        known = -1
    if known < modified <= os.fstat(descriptor).st_mtime:
        os.utime(descriptor, (modified, modified))


def _place(folder: Path, waiting: Mapping[str, Path], artifacts: Iterable[Artifact]) -> None:
    for artifact in artifacts:
        target = folder / artifact.path
        _delete(folder, _obstacles(folder, artifact.path))
        target.parent.mkdir(parents=True, exist_ok=True)
        waiting[artifact.path].replace(target)


def _delete(folder: Path, paths: Iterable[str]) -> tuple[str, ...]:
    deleted = []
    for path in sorted(paths, key=lambda path: (not path.endswith(".html"), path)):
        target = folder / path
        if target.is_file():
            target.unlink()
            deleted.append(path)
            _drop_empty(target.parent, folder)
    return tuple(deleted)


def _drop_empty(folder: Path, root: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _sync_folders(root: Path, paths: Iterable[str], hands: ThreadPoolExecutor) -> None:
    """Make sure that names are on disk too: of files, and of the folders that hold them."""
    folders = {parent for path in paths for parent in (root / path).parents if parent.is_relative_to(root)}
    for done in [hands.submit(_sync_folder, folder) for folder in sorted(folders) if folder.is_dir()]:
        done.result()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
