"""What a calendar holds at the moment: for readers who wonder whether it works, and where the rest is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from publisher.model.when import Hours
from publisher.render import dates, urls
from publisher.render.calendar_years import last_changed
from publisher.render.stamps import Stamp, stamp
from publisher.render.view import capital

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from publisher.render.calendar_years import Entry
    from publisher.render.shelves import Shelf
    from publisher.render.view import View


@dataclass(frozen=True)
class Beside:
    """A calendar of a past or distant year, beside the one that readers subscribe to."""

    #: "2023", "2023-05".
    name: str
    text: str
    path: str
    address: str
    title: str


@dataclass(frozen=True)
class Held:
    """What a calendar holds."""

    #: `34 events`; how many bytes its file has, as `12 kB`.
    entries: str
    size: str
    #: From its first day to its last; empty where it has no entry.
    days: str
    #: The year or month from which on it holds everything.
    since: str
    changed: Stamp | None


def held(view: View, shelf: Shelf) -> Held:
    """What a calendar holds, in words."""
    entries, words = shelf.parts.living, view.words
    kind = {"calendar": "events", "programme": "sessions", "deadlines": "deadlines"}[shelf.calendar.which]
    size = len(shelf.calendar.living)
    return Held(
        entries=words.count(f"subscribe.count_{kind}", len(entries)),
        size=words("subscribe.size", n=max(1, round(size / 1000))),
        days=_days(view, entries),
        since=_name(view, shelf.parts.since),
        changed=_changed(view, entries),
    )


def beside(view: View, shelf: Shelf, names: Iterable[str]) -> tuple[Beside, ...]:
    """Those of the calendars beside one that have these names."""
    return tuple(
        Beside(
            name=name,
            text=_name(view, name),
            path=f"/{shelf.calendar.path(name)}",
            address=urls.absolute(view.config, shelf.calendar.path(name)),
            title=f"{shelf.calendar.title or view.config.title(view.language)} ({_name(view, name)})",
        )
        for name in names
    )


def _days(view: View, entries: Collection[Entry]) -> str:
    if not entries:
        return ""
    first, last = min(entry.first for entry in entries), max(entry.last for entry in entries)
    if last == date.max:
        return view.words("subscribe.from_on", first=dates.day(first, view.words))
    return dates.days(first, last, view.words)


def _changed(view: View, entries: Iterable[Entry]) -> Stamp | None:
    """When an entry of it last changed."""
    instant = last_changed(entries)
    return stamp(Hours(instant, None, view.config.site.timezone), view.words) if instant else None


def _name(view: View, name: str) -> str:
    """`2023`, or `May 2023`."""
    year, _, month = name.partition("-")
    return capital(dates.month(int(year), int(month), view.words)) if month else year
