"""Of many findings of one sort some are shown, and all are counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publisher.diagnostics import Diagnostic

#: So many findings of one sort are shown; the last one says how many there are beside them.
MOST_OF_A_SORT: Final = 50


@dataclass
class Tally:
    """How many findings of each sort there are."""

    counts: Counter[str] = field(default_factory=Counter)

    def keeps(self, code: str) -> bool:
        """Count one of this sort; whether it is among those that are shown."""
        self.counts[code] += 1
        return self.counts[code] <= MOST_OF_A_SORT

    def told(self, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Those that were kept, in the order of the file."""
        return tuple(self._with_the_rest(sorted(found)))

    def _with_the_rest(self, found: list[Diagnostic]) -> Iterator[Diagnostic]:
        """The findings, the last of a sort with how many there are beside those shown."""
        shown: Counter[str] = Counter()
        for each in found:
            shown[each.code] += 1
            more = self.counts[each.code] - MOST_OF_A_SORT
            last = shown[each.code] == MOST_OF_A_SORT and more > 0
            yield replace(each, message=f"{each.message} (and {more:,} more of this sort)") if last else each
