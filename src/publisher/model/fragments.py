"""Rendered pieces of an edition, by what they are made of: what has not changed is not made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Fragments:
    """Bytes by key. A key is a hash over all that the bytes are made of: nothing here is ever out of date."""

    def __init__(self, kept: Mapping[bytes, bytes] | None = None) -> None:
        self._kept = dict(kept or {})
        self._used: dict[bytes, bytes] = {}

    def get(self, key: bytes, make: Callable[[], bytes]) -> bytes:
        """The bytes of a key, made if nobody has made them yet."""
        if (found := self._used.get(key)) is not None:
            return found
        found = self._kept.get(key)
        self._used[key] = made = make() if found is None else found
        return made

    @property
    def used(self) -> Mapping[bytes, bytes]:
        """What has been asked for: worth keeping for the next edition."""
        return self._used

    @property
    def is_news(self) -> bool:
        """Whether something was made, or is not needed any more."""
        return self._used.keys() != self._kept.keys()
