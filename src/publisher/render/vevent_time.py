"""When an entry takes place: DTSTART and DTEND, how it repeats, and whether it fills its readers' day."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from publisher.model.when import Days, Hours, Time
from publisher.render.vevent_view import OFF, Property
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from publisher.model.records import Status
    from publisher.model.recurrence import RecurrenceSet

#: What lasts so long is a bar above the days, whatever hours it begins and ends at.
_LONG = timedelta(days=1)


def times(moment: Time, timezone: str | None = None) -> Iterator[Property]:
    """DTSTART and DTEND: days with an exclusive end (RFC 5545 section 3.6.1), else instants.

    Instants are in UTC, which nobody misreads; those of what repeats are in `timezone`.
    What has no known end gets none: it ends when it begins, for no duration is invented.
    """
    if isinstance(moment, Days):
        yield "dtstart", moment.first, {}
        yield "dtend", moment.last + timedelta(days=1), {}
    elif isinstance(moment, Hours):
        for name, instant in (("dtstart", moment.start), ("dtend", moment.end)):
            if instant and timezone:
                yield _local(name, instant.astimezone(zone(timezone)), timezone)
            elif instant:
                yield name, instant.astimezone(UTC), {}


def repetition(recurrence: RecurrenceSet) -> Iterator[Property]:
    """RRULE, EXDATE and RDATE, in local time (section 3.3.10).

    Each date stands in a line of its own: there are programs that read the first of a list and no other.
    """
    if recurrence.rule:
        yield "rrule", recurrence.rule, {}
    for local in sorted(recurrence.without):
        yield by_rule("exdate", recurrence, local)
    for local in sorted(recurrence.also):
        yield by_rule("rdate", recurrence, local)


def by_rule(name: str, recurrence: RecurrenceSet, local: datetime) -> Property:
    """The start of a date of a recurring event in the form of its DTSTART (section 3.8.4.4)."""
    if isinstance(recurrence.start, Days):
        return name, local.date(), {}
    return _local(name, local, recurrence.timezone)


def _local(name: str, local: datetime, timezone: str) -> Property:
    """A local time with its zone.

    Never an instant in UTC, also where the zone is UTC or, like Atlantic/Reykjavik, never differs from it:
    where a calendar names a zone of its own (X-WR-TIMEZONE), there are programs that show instants there, and
    then apply the rule to what they show: on other days, and an hour off when the clocks change.
    """
    own = zone(timezone)
    known_as = "Etc/GMT" if own.tzname(local) == "UTC" else own.key
    return name, local.replace(tzinfo=None), {"TZID": known_as}


def transparency(moment: Time, status: Status, *, is_due: bool = False) -> str:
    """TRANSP (section 3.8.2.7): an hour takes its readers' time.

    A bar across days does not, nor does a minute by which something is due, nor
    what is off: a program that passes over STATUS still keeps the hour free.
    """
    long = isinstance(moment, Hours) and moment.end is not None and moment.end - moment.start >= _LONG
    takes_time = isinstance(moment, Hours) and not (long or is_due or status in OFF)
    return "OPAQUE" if takes_time else "TRANSPARENT"
