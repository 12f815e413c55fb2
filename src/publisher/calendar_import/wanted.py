"""A calendar as an import wants it from the web."""

from __future__ import annotations

from publisher.fetching import Wanted

CALENDAR = Wanted(
    accept="text/calendar, */*;q=0.5",
    noun="calendar",
    by_hand="open the address in a browser, download the file and import that",
    closed="calendars are fetched from nowhere else",
    from_closed="download the file, and import that",
    less="export a part of the calendar, a year for instance, and import that",
    page=(
        "take the calendar's own address, which mostly ends in .ics (Google: Settings, 'Integrate calendar',"
        " the public or secret address in iCal format; Outlook: 'Publish calendar', ICS; Nextcloud: 'Copy"
        " subscription link')"
    ),
)
