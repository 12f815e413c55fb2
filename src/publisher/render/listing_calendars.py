"""The calendar of each month's page and of each past year's: what the page shows, and nothing else.

Which events those are is decided where the pages are made. Each stands in it as it
does everywhere, byte for byte: one that repeats with all its dates, one that was
cancelled however long ago that was. An event whose day was never known has no entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from publisher.model.artifact import Artifact, Stage
from publisher.render import urls
from publisher.render.calendar_entries import entries_of
from publisher.render.calendar_years import last_changed
from publisher.render.listings import past_heading, past_path, past_years
from publisher.render.monthgrid import month_heading
from publisher.render.months import month_path, months_of
from publisher.render.subscriptions import own_title
from publisher.render.vcalendar import Head, vcalendar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from publisher.model.edition import Edition, PublishedEvent
    from publisher.render.calendar_years import Entry
    from publisher.render.theme import Theme
    from publisher.render.words import Words


@dataclass(frozen=True)
class Listing:
    """A page that shows events: its folder below the language, its heading there, and the events."""

    folder: str
    heading: Callable[[Words], str]
    events: tuple[PublishedEvent, ...]


def listing_calendars(edition: Edition, theme: Theme) -> Iterator[Artifact]:
    """The calendars beside the pages of months and past years, in each language."""
    for listing in _listings(edition):
        for language in edition.languages:
            entries = _entries(edition, theme, language, listing.events)
            path = f"{language}/{listing.folder}calendar.ics"
            data = vcalendar(_head(edition, theme, language, listing), entries, edition.config)
            items = frozenset(entry.item for entry in entries)
            yield Artifact(path, data, Stage.CALENDAR, items, last_changed(entries))


def _listings(edition: Edition) -> Iterator[Listing]:
    months = months_of(edition.showings)
    for month in months.order:
        yield Listing(month_path(month), partial(month_heading, month), months.events(month))
    for year, showings in past_years(edition).items():
        events = tuple(showing.event for showing in showings)
        yield Listing(past_path(year), partial(past_heading, year), events)


def _entries(
    edition: Edition, theme: Theme, language: str, events: Iterable[PublishedEvent]
) -> tuple[Entry, ...]:
    made = entries_of(edition, theme)
    each = {event.id: event for event in events}  # one that repeats is shown at each of its dates
    found = (made.event(language, event) for event in each.values())
    return tuple(sorted((entry for entry in found if entry and entry.data), key=_order))


def _order(entry: Entry) -> tuple[object, ...]:
    return entry.first, entry.item


def _head(edition: Edition, theme: Theme, language: str, listing: Listing) -> Head:
    words, config = theme.words[language], edition.config
    page = f"{language}/{listing.folder}"
    notes = (
        words("calendar.page", url=urls.absolute(config, page)),
        words("calendar.present", url=urls.absolute(config, f"{language}/calendar.ics")),
    )
    return Head(
        path=f"{page}calendar.ics",
        page=page,
        name=own_title(config, language, listing.heading(words)),
        about=" ".join(notes),
    )
