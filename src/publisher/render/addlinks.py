"""Links that put one event into an online calendar: a copy that will not change when the event does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from publisher.model.when import Days, Hours
from publisher.zones import zone

if TYPE_CHECKING:
    from publisher.model.edition import PublishedEvent

_GOOGLE = "https://calendar.google.com/calendar/render"
_OUTLOOK = "https://outlook.live.com/calendar/0/action/compose"


@dataclass(frozen=True)
class AddLinks:
    """Where a browser adds the event; empty where the service could not say it rightly."""

    google: str
    outlook: str


def add_links(event: PublishedEvent, title: str, where: str, url: str) -> AddLinks | None:
    """The links for an event with a known day; Outlook's form knows no recurrence."""
    google = {"action": "TEMPLATE", "text": title, "details": url, "location": where}
    outlook = {"rru": "addevent", "subject": title, "body": url, "location": where}
    match event.time:
        case Days(first, last):
            # Google's end is exclusive, as RFC 5545's; Outlook's whole days end at the next midnight too.
            after = last + timedelta(days=1)
            google["dates"] = f"{first:%Y%m%d}/{after:%Y%m%d}"
            outlook |= {"startdt": first.isoformat(), "enddt": after.isoformat(), "allday": "true"}
        case Hours(start, end, timezone):
            begins, ends = start.astimezone(UTC), (end or start).astimezone(UTC)
            google |= {"dates": f"{begins:%Y%m%dT%H%M%SZ}/{ends:%Y%m%dT%H%M%SZ}", "ctz": zone(timezone).key}
            outlook |= {"startdt": f"{begins:%Y-%m-%dT%H:%M:%SZ}", "enddt": f"{ends:%Y-%m-%dT%H:%M:%SZ}"}
        case _:
            return None
    if event.recurrence:
        google["recur"] = f"RRULE:{event.recurrence.rule}"
    return AddLinks(_link(_GOOGLE, google), "" if event.recurrence else _link(_OUTLOOK, outlook))


def _link(base: str, values: dict[str, str]) -> str:
    given = {name: value for name, value in values.items() if value}
    return f"{base}?{urlencode(given, quote_via=quote)}"
