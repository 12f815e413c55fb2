"""Keeps the files that stand beside records, by the hash of their bytes, in var/assets/.

An edition made from the ledger alone (a new day, a scheduled minute) must not
depend on what is being edited in content/ at that moment.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from publisher.errors import PublisherError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class LostAsset(PublisherError):
    """A stored file is neither in var/assets/ nor in build/: put it back beside its record and build."""

    def __init__(self, stored: str) -> None:
        super().__init__(f"the stored file '{stored}' is lost\nhint: put it beside its record and run `publisher build`")


class AssetStore:
    """The stored files of one site; `published` is where build/ has them too."""

    def __init__(self, folder: Path, published: Path) -> None:
        self.folder, self.published = folder, published
        self._unstored: dict[str, Path] = {}

    def name_all(self, files: Mapping[str, Path]) -> dict[str, str]:
        """For each file beside a record (path relative to the site) its stored name: hash and own name."""
        names = {path: self._name(file) for path, file in files.items()}
        self._unstored = {names[path]: file for path, file in files.items()}
        return names

    def load(self, stored: str) -> bytes:
        """The bytes of a stored name, kept from now on."""
        kept = self.folder / stored
        for place in (kept, self.published / stored, self._unstored.get(stored)):
            if place is not None and place.is_file():
                return place.read_bytes()
        raise LostAsset(stored)

    def keep(self, stored: str, data: bytes) -> None:
        """Store a file for editions to come; whole or not at all."""
        kept = self.folder / stored
        if not kept.is_file():
            kept.parent.mkdir(parents=True, exist_ok=True)
            temporary = kept.with_name(f".{kept.name}.tmp")
            temporary.write_bytes(data)
            os.replace(temporary, kept)

    @staticmethod
    def _name(file: Path) -> str:
        return f"{hashlib.blake2b(file.read_bytes(), digest_size=8).hexdigest()}/{file.name}"
