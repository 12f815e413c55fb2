"""A VCALENDAR: its own properties, the zones that its entries name, its entries (RFC 5545 section 3.4).

No METHOD: a subscription is no invitation (RFC 5546 section 1.4), and PUBLISH would
ask for an ORGANIZER in each entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from publisher.ics.vtimezone import vtimezone
from publisher.ics.writing import fold, text_line
from publisher.render import urls
from publisher.render.colours import css_colour

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from publisher.config import Config
    from publisher.render.calendar_years import Entry

#: How often a client should ask again; Google and Outlook take their own time all the same.
REFRESH: Final = "PT6H"
#: Until when zones' rules are told: beyond it computers of today stop counting as well.
LAST_DAY: Final = date(2037, 12, 31)
PRODID: Final = "-//publisher//publisher//EN"
_BEGIN: Final = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\n"
_END: Final = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a calendar says of itself."""

    #: Where it is served, below the site's address.
    path: str
    #: The page beside it.
    page: str
    name: str
    about: str = ""
    #: '#rrggbb'.
    colour: str | None = None


def head_lines(head: Head, config: Config) -> bytes:
    """The calendar's properties: RFC 7986's beside the older ones that clients really read."""
    lines = [_BEGIN, text_line("PRODID", PRODID)]
    lines += [text_line("NAME", head.name), text_line("X-WR-CALNAME", head.name)]
    if head.about:
        lines += [text_line("DESCRIPTION", head.about), text_line("X-WR-CALDESC", head.about)]
    lines.append(text_line("X-WR-TIMEZONE", config.site.timezone))
    # Neither has a default type, so VALUE is required: RFC 7986 sections 5.7 and 5.8
    lines.append(fold(f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"))
    lines.append(fold(f"X-PUBLISHED-TTL:{REFRESH}"))
    lines.append(fold(f"SOURCE;VALUE=URI:{urls.absolute(config, head.path)}"))
    lines.append(fold(f"URL:{urls.absolute(config, head.page)}"))
    if head.colour:
        lines.append(text_line("COLOR", css_colour(head.colour)))  # a name: RFC 7986 section 5.9
        lines.append(text_line("X-APPLE-CALENDAR-COLOR", head.colour))
    return b"".join(lines)


def vcalendar(head: Head, entries: Collection[Entry], config: Config) -> bytes:
    """A whole calendar; without entries it has the site's zone: there must be a component (section 3.6)."""
    used = {name for entry in entries for name in entry.zones}
    zones = zone_blocks(used or ([] if entries else [config.site.timezone]), entries)
    return b"".join([head_lines(head, config), zones, *(entry.data for entry in entries), _END])


def zone_blocks(names: Iterable[str], entries: Iterable[Entry]) -> bytes:
    """The VTIMEZONEs of zones, for the days of the entries that name one."""
    told = [entry for entry in entries if entry.zones]
    first = min((entry.first for entry in told), default=LAST_DAY)
    last = max((entry.last for entry in told if entry.last != date.max), default=LAST_DAY)
    return b"".join(zone_block(name, first, last) for name in sorted(names))


def zone_block(name: str, first: date, last: date) -> bytes:
    """The VTIMEZONE of a zone for some days at least."""
    return vtimezone(name, min(first, LAST_DAY) - timedelta(days=1), max(last, LAST_DAY))
