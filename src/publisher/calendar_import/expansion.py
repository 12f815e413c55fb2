"""The dates of a recurrence rule, whatever its parts, in the local time in which it runs (RFC 5545, 3.3.10).

Any rule may be asked for: what fires each second, or on a day that never comes. So one `Expander` serves a
whole calendar and gives in the end only so many dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING

from publisher.model.rule_dates import every_date
from publisher.model.when import LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Of all rules of a calendar together.
_MOST_DATES = 5_000_000
#: What it costs to find out that a rule gives no date at all, in dates.
_COST_OF_NONE = 200_000
_LAST = datetime(LAST_YEAR, 12, 31, 23, 59, 59)  # noqa: DTZ001 -- local time


class Unexpandable(ValueError):
    """A rule that no date can be given for: it contradicts itself, or the calendar has too many."""


@dataclass
class Expander:
    """Gives the dates of rules, and counts them."""

    left: int = _MOST_DATES

    def dates(
        self, rule: Mapping[str, str], start: datetime, until: datetime | None = None
    ) -> Iterator[datetime]:
        """The dates of a rule from `start` on, in order, all in local time; `until` stands for its UNTIL.

        Raises:
            Unexpandable: also while the dates are taken.
        """
        last = min(until or _LAST, _LAST)
        nothing = True
        for moment in takewhile(lambda date: date <= last, self._every(rule, start)):
            nothing = False
            self._spend(1)
            yield moment
        if nothing:
            self._spend(_COST_OF_NONE)

    def _every(self, rule: Mapping[str, str], start: datetime) -> Iterator[datetime]:
        text = ";".join(f"{name}={value}" for name, value in rule.items() if name != "UNTIL")
        try:
            yield from every_date(text, start)
        except (ValueError, TypeError, IndexError, KeyError, AttributeError, OverflowError) as error:
            raise Unexpandable(f"the rule contradicts itself: {error}") from None

    def _spend(self, dates: int) -> None:
        self.left -= dates
        if self.left < 0:
            raise Unexpandable("the calendar's rules give more dates than can be looked at")
