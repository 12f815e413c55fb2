"""Where the archives of feeds end (RFC 5005 section 4): once closed, an archive is closed for ever.

Clients fetch an archive once and keep it. So what is in it must not depend on how long entries
are today, on a setting, or on what else is published: its end is noted when it closes, as the
place of its last entry in the order in which readers were told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: A place in that order; later ones are greater. The ledger counts them: no clock decides.
Place: TypeAlias = int


class Archives:
    """The ends of the closed archives by feed, the oldest first; rendering may close more.

    A feed is named by the folder of its archives: `en/archive`, `en/topics/climate/archive`.
    """

    def __init__(self, ends: Mapping[str, Sequence[Place]] | None = None) -> None:
        self._ends = {feed: tuple(places) for feed, places in (ends or {}).items()}
        self._known = dict(self._ends)

    def ends(self, feed: str) -> tuple[Place, ...]:
        """The place of the last entry in each archive of a feed."""
        return self._ends.get(feed, ())

    def close(self, feed: str, end: Place) -> None:
        """Note that an archive ends here: it is the feed's newest one."""
        self._ends[feed] = (*self.ends(feed), end)

    @property
    def is_news(self) -> bool:
        """Whether an archive was closed that earlier editions did not have."""
        return self._ends != self._known

    def as_json(self) -> dict[str, list[int]]:
        """As plain values."""
        return {feed: list(self._ends[feed]) for feed in sorted(self._ends)}

    @classmethod
    def of_json(cls, told: object) -> Archives:
        """From plain values; what is none of them is left out."""
        if not isinstance(told, dict):
            return cls()
        return cls({feed: ends for feed, ends in told.items() if _are_ends(ends)})


def _are_ends(told: object) -> bool:
    return isinstance(told, list) and all(isinstance(end, int) for end in told) and told == sorted(set(told))
