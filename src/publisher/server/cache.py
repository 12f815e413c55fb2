"""A store of limited size that forgets what was asked for longest ago."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

    from publisher.server.representation import Representation

K = TypeVar("K", bound="Hashable")


class Cache(Generic[K]):
    """Representations by key, never more than `limit` bytes of them; safe to use from threads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._kept: OrderedDict[K, Representation] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    @property
    def weight(self) -> int:
        """How many bytes are kept."""
        return self._weight

    def get(self, key: K) -> Representation | None:
        """What was put under a key, if it is still kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: K, value: Representation) -> Representation:
        """Keep a value, unless it alone would push out a quarter of the others."""
        with self._lock:
            if value.weight <= self.limit // 4 and key not in self._kept:
                self._kept[key] = value
                self._weight += value.weight
                while self._weight > self.limit:
                    self._weight -= self._kept.popitem(last=False)[1].weight
        return value
