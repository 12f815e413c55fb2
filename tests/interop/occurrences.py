"""What an engine read in a calendar, in one form for all of them, so that they can be compared.

Occurrences that begin in a window; days as days, everything else as an instant in UTC. Where a calendar
leaves it to the reader how long an event lasts, RFC 5545 section 3.6.1 says: a day for a day, no time at
all for a time.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

#: What begins in these years is compared.
WINDOW = (datetime(2017, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC))


class Occurrence(NamedTuple):
    """One event on one date, as an engine understood it."""

    uid: str
    #: A day (`20260611`), an instant in UTC (`20260611T040000Z`) or, if it was read so, a floating time.
    start: str
    #: The first day or instant that is no longer part of it.
    end: str
    #: CONFIRMED, TENTATIVE, CANCELLED, or nothing where the calendar says nothing.
    status: str


#: What each calendar file says.
Reading = dict[Path, list[Occurrence]]


def in_order(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Sort what begins in the window; some engines give what only touches it, too."""
    first, last = (written(moment.date()) for moment in WINDOW)
    return sorted(occurrence for occurrence in occurrences if first <= occurrence.start[:8] < last)


def written(moment: date) -> str:
    """Write a day as `20260611`, an instant in UTC as `20260611T040000Z`, a floating time without the Z."""
    if not isinstance(moment, datetime):
        return f"{moment:%Y%m%d}"
    if moment.tzinfo is None:
        return f"{moment:%Y%m%dT%H%M%S}"
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
