"""Links that put one thing into an online calendar: a copy, which will not change when the thing does.

A link says the instant of start and end, never more than is known: what has no end
ends as it begins, and what cannot be said rightly has no link. Browsers, servers and
mail programs cut long addresses, so texts are shortened before that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from html import escape
from itertools import accumulate
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from publisher.model.when import Days, Hours
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from publisher.model.recurrence import RecurrenceSet
    from publisher.model.when import Time

GOOGLE: Final = "https://calendar.google.com/calendar/render"
#: Outlook.com is for personal accounts, the other for those of a work or school.
OUTLOOK: Final = "https://outlook.live.com/calendar/0/action/compose"
OFFICE: Final = "https://outlook.office.com/calendar/0/action/compose"
#: No link is longer: about 2,000 characters pass everywhere.
LONGEST: Final = 1_950
_CUT: Final = "…"
#: What stands in a link as itself (RFC 3986 section 2.3); each byte of anything else as three characters.
_PLAIN: Final = frozenset(ascii_letters + digits + "-._~")


@dataclass(frozen=True)
class Copy:
    """What the copy says."""

    title: str
    #: Place or address; empty where none is known.
    where: str
    about: str
    #: The page that knows better once something has changed.
    url: str


@dataclass(frozen=True)
class AddLinks:
    """Where a browser adds the copy; empty where the service could not say it rightly."""

    google: str
    outlook: str = ""
    office: str = ""

    def __bool__(self) -> bool:
        return bool(self.google or self.outlook or self.office)


def add_links(moment: Time, copy: Copy, recurrence: RecurrenceSet | None = None) -> AddLinks | None:
    """The links for something with a known day.

    Google takes a rule, but no exceptions from it; Outlook's form knows no recurrence at all.
    """
    if not isinstance(moment, Days | Hours):
        return None
    if recurrence is None:
        google = _fitting(lambda said: _google(moment, said), copy)
        office = _fitting(lambda said: _outlook(OFFICE, moment, said), copy)  # the longer of the two
        return AddLinks(google, office.replace(OFFICE, OUTLOOK, 1), office)
    if not recurrence.rule or recurrence.without or recurrence.also or recurrence.changed:
        return AddLinks("")
    rule = f"RRULE:{recurrence.rule}"
    return AddLinks(_fitting(lambda said: _google(moment, said, rule), copy))


def _google(moment: Days | Hours, copy: Copy, rule: str = "") -> str:
    values = {"action": "TEMPLATE", "text": copy.title}
    match moment:
        case Days(first, last):
            values["dates"] = f"{first:%Y%m%d}/{last + timedelta(days=1):%Y%m%d}"  # exclusive, as DTEND
        case Hours(start, end, timezone):
            begins, ends = start.astimezone(UTC), (end or start).astimezone(UTC)
            # Instants, so that nothing hangs on the zone; it decides how the copy is shown, and repeats.
            values["dates"] = f"{begins:%Y%m%dT%H%M%SZ}/{ends:%Y%m%dT%H%M%SZ}"
            values["ctz"] = zone(timezone).key
    said = "\n\n".join(filter(None, (copy.about, copy.url)))
    return _link(GOOGLE, values | {"recur": rule, "location": copy.where, "details": said})


def _outlook(base: str, moment: Days | Hours, copy: Copy) -> str:
    values = {"rru": "addevent", "subject": copy.title}
    match moment:
        case Days(first, last):
            after = last + timedelta(days=1)  # whole days end at the midnight that follows
            values |= {"startdt": first.isoformat(), "enddt": after.isoformat(), "allday": "true"}
        case Hours(start, end, _):
            # Without the Z it would be taken as the reader's own time.
            begins, ends = start.astimezone(UTC), (end or start).astimezone(UTC)
            values |= {"startdt": f"{begins:%Y-%m-%dT%H:%M:%SZ}", "enddt": f"{ends:%Y-%m-%dT%H:%M:%SZ}"}
    # The text is read as HTML.
    said = "<br><br>".join(escape(text, quote=False) for text in (copy.url, copy.about) if text)
    return _link(base, values | {"location": copy.where, "body": said})


def _link(base: str, values: dict[str, str]) -> str:
    given = {name: value for name, value in values.items() if value}
    # A space as %20: Outlook shows the plus sign of a form as a plus sign.
    return f"{base}?{urlencode(given, quote_via=quote)}"


def _fitting(make: Callable[[Copy], str], copy: Copy) -> str:
    """The link, with what matters least shortened first, so that it is not too long."""
    link = make(copy)
    for name in ("about", "where", "title"):
        over = len(link) - LONGEST
        if over <= 0:
            break
        copy = replace(copy, **{name: shortened(getattr(copy, name), over)})
        link = make(copy)
    return link


def shortened(text: str, over: int) -> str:
    """The beginning of a text, whole words and an ellipsis: at least `over` characters shorter in a link."""
    sizes = [1 if letter in _PLAIN else 3 * len(letter.encode()) for letter in text]
    room = sum(sizes) - over - 3 * len(_CUT.encode())
    kept = text[: sum(1 for size in accumulate(sizes) if size <= room)]
    if " " in kept:
        kept = kept.rpartition(" ")[0]
    return f"{kept.rstrip(' ,.;:–-')}{_CUT}" if kept else ""
