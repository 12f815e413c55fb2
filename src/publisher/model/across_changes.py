"""The dates of a recurring event that last while clocks are changed: when they end, programs do not agree."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from publisher.model.clock_changes import days_before_changes, is_even
from publisher.model.recurrence import local_start
from publisher.model.when import Days, Hours
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.recurrence import RecurrenceSet


def dates_across(dates: RecurrenceSet, last: date) -> Iterator[datetime]:
    """Local starts, up to a day, of dates on which clocks change before the end, or show the end twice.

    Not of those whose start is no single instant itself: nobody can name them.
    """
    if isinstance(dates.start, Days) or dates.start.end is None:
        return
    begin = local_start(dates.start)
    days = days_before_changes(dates.timezone, dates.length())
    by_rule = {datetime.combine(day, begin.time()) for day in days if begin.date() <= day <= last}
    for local in sorted(by_rule.union(local for local in dates.also if local.date() <= last)):
        if _is_across(dates, local) and local in dates.starts(local.date(), local.date()):
            yield local


def _is_across(dates: RecurrenceSet, local: datetime) -> bool:
    moment, clocks = dates.time_at(local), zone(dates.timezone)
    offsets = {local.replace(tzinfo=clocks, fold=fold).utcoffset() for fold in (0, 1)}
    is_single = len(offsets) == 1
    return isinstance(moment, Hours) and is_single and not is_even(moment.start, moment.end, dates.timezone)
