"""Where an entry takes place: LOCATION as on a letter, GEO for maps, CONFERENCE for taking part from afar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.model.records import InlinePlace
from publisher.render.vevent_prose import LINE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publisher.render.vevent_view import EventView, Property

#: RFC 5545 section 3.8.1.6: six decimal places are within a metre.
_DECIMALS = 6


def whereabouts(view: EventView, refs: Sequence[Any]) -> Iterator[Property]:
    """LOCATION and GEO of places; what is online only says so, for people look there first."""
    places = view.places(refs)
    told = [str(place) for place in places]
    if told:
        # Only the first can be looked up; of very many the rest is on the page.
        shown = [
            text
            for index, text in enumerate(told)
            if not index or len("; ".join(told[: index + 1])) <= 2 * LINE
        ]
        inline = any(isinstance(ref, InlinePlace) for ref in refs)
        yield "location", "; ".join(shown), view.foreign if inline else {}
    elif view.record.online:
        yield "location", online_name(view), {}
    if located := next((place.geo for place in places if place.geo), None):
        yield "geo", ";".join(map(_degrees, located)), {}


def conference(view: EventView) -> Iterator[Property]:
    """Where one takes part (RFC 7986 section 5.11); an address that is not public is not told."""
    online = view.record.online
    if online and online.public:
        # One hears and sees what goes on: more is not known of it.
        parameters = {"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"], "LABEL": online_name(view)}
        yield "conference", online.url, parameters


def online_name(view: EventView) -> str:
    """`Online (Zoom)`."""
    online, label = view.record.online, view.words("calendar.where_online")
    return f"{label} ({online.platform})" if online and online.platform else label


def _degrees(value: float) -> str:
    """A coordinate in decimal digits: Python would write a very small one with an exponent."""
    digits = f"{value:.{_DECIMALS}f}".rstrip("0")
    return f"{digits}0" if digits.endswith(".") else digits
