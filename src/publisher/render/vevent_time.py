"""When an entry takes place: DTSTART and DTEND, how it repeats, and whether it fills its readers' day.

What repeats is in local time, and each of its dates ends when the clock shows the hour of the first one's
end. Where clocks change between its start and its end, programs differ by an hour or two: libical lets the
same time pass, ical.js shows the same hour. So such a date is told in UTC, by an override of its own.
"""

from __future__ import annotations

from datetime import UTC, date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from publisher.model.across_changes import dates_across
from publisher.model.clock_changes import is_even
from publisher.model.when import Days, Hours, Time
from publisher.render.vevent_view import OFF, Property
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from publisher.model.records import Status
    from publisher.model.recurrence import RecurrenceSet

#: What lasts so long is a bar above the days, whatever hours it begins and ends at.
_LONG = timedelta(days=1)
#: Dates across a change of clocks are told to the end of this year: zones' definitions name changes so far.
_TOLD_UNTIL = date(2037, 12, 31)
#: As many for one event, the first ones; a weekly night has two a year.
_MOST_TOLD = 200


def times(moment: Time, timezone: str | None = None) -> Iterator[Property]:
    """DTSTART and DTEND: days with an exclusive end (RFC 5545 section 3.6.1), else instants.

    Instants are in UTC, which nobody misreads; those of what repeats are in `timezone`, unless its clocks
    change in between. What has no known end gets none: it ends when it begins, for no duration is invented.
    """
    if isinstance(moment, Days):
        yield "dtstart", moment.first, {}
        yield "dtend", moment.last + timedelta(days=1), {}
    elif isinstance(moment, Hours):
        is_local = timezone and is_even(moment.start, moment.end, timezone)
        for name, instant in (("dtstart", moment.start), ("dtend", moment.end)):
            if instant and timezone and is_local:
                yield _local(name, instant.astimezone(zone(timezone)), timezone)
            elif instant:
                yield name, instant.astimezone(UTC), {}


def series_times(recurrence: RecurrenceSet) -> Iterator[Property]:
    """DTSTART and how long each date lasts: DTEND, or DURATION where the first date is across a change.

    Its DTEND would be read as eight hours or as nine, for all dates. A duration is the same to all
    programs on all dates but those across a change, which have overrides (section 3.8.2.5).
    """
    start = recurrence.start
    if isinstance(start, Days) or is_even(start.start, start.end, recurrence.timezone):
        yield from times(start, recurrence.timezone)
    else:
        local = start.start.astimezone(zone(recurrence.timezone))
        yield _local("dtstart", local, recurrence.timezone)
        yield "duration", recurrence.length(), {}


def told_apart(recurrence: RecurrenceSet, told: Collection[datetime | None]) -> Iterator[datetime]:
    """Local starts of the dates that need an override for their ends alone: of those that have none yet."""
    found = (local for local in dates_across(recurrence, _TOLD_UNTIL) if local not in told)
    return islice(found, _MOST_TOLD)


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
