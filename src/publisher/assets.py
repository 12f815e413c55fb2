"""Keeps the files that stand beside records, by the hash of their bytes, in var/assets/.

An edition made from the ledger alone (a new day, a scheduled minute) must not
depend on what is being edited in content/ at that moment.
"""

from __future__ import annotations

import hashlib
import io
import os
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import imagesize  # type: ignore[import-untyped]  # it carries no types

from publisher.errors import PublisherError
from publisher.folders import private
from publisher.model.artifact import AssetFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path


class LostAsset(PublisherError):
    """A stored file is neither in var/assets/ nor in build/: put it back beside its record and build."""

    def __init__(self, stored: str) -> None:
        hint = "put it back beside its record, and run `publisher build`"
        super().__init__(f"the stored file '{stored}' is lost\nhint: {hint}")


class AssetStore:
    """The stored files of one site; `published` is where build/ has them too."""

    def __init__(self, folder: Path, published: Path) -> None:
        self.folder, self.published = folder, published
        self._unstored: dict[str, Path] = {}

    def name_all(self, files: Mapping[str, Path]) -> dict[str, str]:
        """For each file beside a record (path relative to the site) its stored name: hash and own name."""
        names = {path: f"{_hash(file.read_bytes())}/{file.name}" for path, file in files.items()}
        self._unstored = {names[path]: file for path, file in files.items()}
        return names

    def load(self, stored: str) -> bytes:
        """The bytes of a stored name; LostAsset when no place has them any more."""
        for place in (self.folder / stored, self.published / stored, self._unstored.get(stored)):
            if place is not None and place.is_file():
                data = place.read_bytes()
                if _hash(data) == stored.partition("/")[0]:  # else a disk or a person has spoilt it
                    return data
        raise LostAsset(stored)

    @cached_property
    def facts(self) -> Callable[[str], AssetFacts]:
        """The length of a stored file, and a picture's size; each file is read once.

        LostAsset when no place has it any more.
        """
        return lru_cache(maxsize=None)(lambda stored: facts_of(self.load(stored)))

    def keep(self, names: Iterable[str]) -> None:
        """Store files for editions to come; each whole or not at all."""
        for stored in names:
            kept = self.folder / stored
            if not kept.is_file():
                self._store(kept, self.load(stored))

    @staticmethod
    def _store(kept: Path, data: bytes) -> None:
        private(kept.parent)
        temporary = kept.with_name(f".{kept.name}.tmp")
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # else a power cut may leave the new name with no bytes
        temporary.replace(kept)


def facts_of(data: bytes) -> AssetFacts:
    """What a file's bytes say of it; the size of a picture is as it is shown: turned, if EXIF says so."""
    width, height = imagesize.get(io.BytesIO(data))
    known = width > 0 and height > 0
    return AssetFacts(len(data), int(width) if known else None, int(height) if known else None)


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()
