"""Where an event takes place: LOCATION, GEO and Apple's X-APPLE-STRUCTURED-LOCATION as an inline place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from publisher.calendar_import.invitations import cleaned
from publisher.calendar_import.meetings import is_only_meeting
from publisher.calendar_import.texts import clean, is_seen, line
from publisher.ics.values import BadValue, geo, text
from publisher.model.fields import MAX_LINE

if TYPE_CHECKING:
    from publisher.calendar_import.losses import Losses
    from publisher.ics.components import Component
    from publisher.ics.lines import ContentLine

#: What is read here.
PROPERTIES = ("LOCATION", "GEO", "X-APPLE-STRUCTURED-LOCATION")
_GEO_URI = re.compile(r"geo:(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)", re.ASCII)
_LATITUDE, _LONGITUDE = 90, 180
_DIGITS = 6  # of a degree: a hand's breadth; and most that records take is 12


def read_place(event: Component, losses: Losses) -> dict[str, Any] | None:
    """The event's place; None if it says none, or only that one takes part from afar."""
    place = _named(event, losses)
    where = _geo(event, losses)
    if not place or where is None:
        return place or None
    return place | {"geo": [f"{degrees:.{_DIGITS}f}".rstrip("0").rstrip(".") for degrees in where]}


def _named(event: Component, losses: Losses) -> dict[str, Any]:
    apple = event.first("X-APPLE-STRUCTURED-LOCATION")
    written = event.first("LOCATION")
    location = clean(text(written.value)) if written else ""
    if is_only_meeting(location) or is_only_meeting(location := cleaned(location)) or not is_seen(location):
        location = ""
    title = _parameter(apple, "X-TITLE")
    name, _, rest = location.strip().partition("\n")
    address = ", ".join(filter(None, map(line, rest.split("\n")))) or (
        _parameter(apple, "X-ADDRESS") if apple else ""
    )
    if title and line(location).startswith(title):
        name, address = title, address or line(location).removeprefix(title).strip(" ,")
    found = {"name": line(name) or title or address, "address": address}
    if found["address"] == found["name"]:
        found["address"] = ""
    return {key: _short(value, written or apple, event, losses) for key, value in found.items() if value}


def _parameter(apple: ContentLine | None, name: str) -> str:
    """What Apple says in a parameter; its line breaks are escaped once more."""
    value = line(text(apple.parameters.get(name, ("",))[0])) if apple else ""
    return value if is_seen(value) else ""


def _short(value: str, written: ContentLine | None, event: Component, losses: Losses) -> str:
    if len(value) <= MAX_LINE:
        return value
    message = f"expected at most {MAX_LINE} characters in LOCATION, got {len(value)}: it is cut"
    number = written.number if written else event.number
    losses.tell(number, "import-text-changed", message, "shorten it", about="LOCATION", of=event.number)
    return f"{value[: MAX_LINE - 1]}…"


def _geo(event: Component, losses: Losses) -> tuple[float, float] | None:
    apple = event.first("X-APPLE-STRUCTURED-LOCATION")
    if (
        apple
        and (found := _GEO_URI.match(apple.value))
        and abs(float(found[1])) <= _LATITUDE
        and abs(float(found[2])) <= _LONGITUDE
    ):
        return float(found[1]), float(found[2])
    written = event.first("GEO")
    if written is None:
        return None
    try:
        return geo(written.value.strip())
    except BadValue as error:
        losses.tell(
            written.number,
            "import-property-lost",
            f"GEO cannot be read: {error}",
            error.hint,
            about="GEO",
            of=event.number,
        )
        return None
