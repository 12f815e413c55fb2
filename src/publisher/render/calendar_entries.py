"""The entries of calendars as bytes: each is made once, however many show it, and kept for the next edition.

What is made is looked at by the same rules as anybody's file (`publisher check FILE.ics`):
a calendar that some program could misread is not published.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from publisher.errors import UnsoundEntry
from publisher.ics.lint import check_entry
from publisher.ics.writing import serialise
from publisher.model.records import Status
from publisher.model.timing import end_of
from publisher.model.when import Days, Hours, Unknown, encode_time
from publisher.render.calendar_years import Entry
from publisher.render.fragment_keys import fragment_key, state, surroundings
from publisher.render.vcalendar import zone_block
from publisher.render.vevent import event_components, part_component
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from icalendar import Event as VEvent

    from publisher.model.edition import Edition, Part, PublishedEvent
    from publisher.model.when import Time
    from publisher.render.calendars import Which
    from publisher.render.theme import Theme

_TZID: Final = re.compile(
    rb"^(?:DTSTART|DTEND|RDATE|EXDATE|RECURRENCE-ID);(?:VALUE=PERIOD;)?TZID=([^:;\r\n]+)", re.MULTILINE
)

#: Of an entry and the changed dates of its series.
_CHANGED: Final = re.compile(rb"^LAST-MODIFIED:(\d{8}T\d{6})Z\r$", re.MULTILINE)


class Entries:
    """The entries of one edition."""

    def __init__(self, edition: Edition, theme: Theme) -> None:
        self._edition, self._theme = edition, theme
        self._made: dict[tuple[str, str, str], Entry | None] = {}
        self._singles: dict[tuple[str, str], bytes] = {}
        self._surroundings = {
            language: surroundings(edition, theme, language) for language in edition.languages
        }
        self._timezone = edition.config.site.timezone
        self._zone = zone(self._timezone)
        self._kept_after = edition.midnight - timedelta(days=edition.config.publish.cancelled_days)

    def of(self, language: str, events: Iterable[PublishedEvent], which: Which) -> Iterator[Entry]:
        """What a calendar of events shows: headlines, or their sessions, or their deadlines."""
        for event in events:
            if which == "calendar":
                time = event.entry_time
                if time and not self._is_long_off(event.entry_status, self._ends(event, time)):
                    yield from self._one(self.event(language, event))
                continue
            for part in event.sessions if which == "programme" else event.deadlines:
                if not self._is_long_off(part.status, end_of(part.time, self._timezone)):
                    yield from self._one(self.part(language, event, part))

    def whole(self, language: str, event: PublishedEvent) -> tuple[Entry, ...]:
        """An event with all its parts, whatever has become of them."""
        found = [self.event(language, event)]
        found += [self.part(language, event, part) for part in (*event.sessions, *event.deadlines)]
        return tuple(entry for entry in found if entry)

    def single(self, language: str, event: PublishedEvent, make: Callable[[], bytes]) -> bytes:
        """A calendar of one event, kept: feeds tell its length before it is written."""
        key = (language, event.id)
        if key not in self._singles:
            self._singles[key] = make()
        return self._singles[key]

    def event(self, language: str, event: PublishedEvent) -> Entry | None:
        """The event's VEVENT and its overrides; none if its day was never known."""
        key = (language, "event", event.id)
        if key not in self._made:
            self._made[key] = self._event(language, event)
        return self._made[key]

    def part(self, language: str, event: PublishedEvent, part: Part) -> Entry | None:
        """A session's or deadline's VEVENT; none if its day is not known."""
        key = (language, part.kind, part.uid)
        if key not in self._made:
            self._made[key] = self._part(language, event, part)
        return self._made[key]

    def _event(self, language: str, event: PublishedEvent) -> Entry | None:
        time, words = event.entry_time, self._theme.words[language]
        if time is None:
            return None
        times = [encode_time(told) for told in (event.time, event.previous_time, event.last_day) if told]
        told = (event.id, times, event.status.value, event.removed)
        dates = [state(part, language) for part in event.occurrences]
        days = self._days((time, *(part.time for part in event.occurrences)), self._ends(event, time))
        data = self._edition.fragments.get(
            self._key(language, (state(event, language), told, dates)),
            lambda: _sound(event, days, event_components(self._edition, words, event)),
        )
        return _entry(event, data, days)

    def _part(self, language: str, event: PublishedEvent, part: Part) -> Entry | None:
        time, words = part.time, self._theme.words[language]
        component = partial(part_component, self._edition, words, event, part)
        if isinstance(time, Unknown):
            return None
        times = [encode_time(told) for told in (time, part.previous_time) if told]
        told = (event.id, times, part.status.value)
        days = self._days((time,), end_of(time, self._timezone))
        data = self._edition.fragments.get(
            self._key(language, (state(part, language), told)),
            lambda: _sound(event, days, filter(None, [component()])),
        )
        return _entry(event, data, days)

    def _key(self, language: str, told: object) -> bytes:
        return fragment_key(self._surroundings[language], told)

    def _days(self, times: Iterable[Time], ends: datetime) -> tuple[date, date]:
        """The first local day of an entry, a changed date's if that is the first, and its last."""
        first = min(
            time.first if isinstance(time, Days) else time.start.astimezone(self._zone).date()
            for time in times
            if not isinstance(time, Unknown)
        )
        is_endless = ends.year == date.max.year
        last = date.max if is_endless else (ends - timedelta(seconds=1)).astimezone(self._zone).date()
        return first, last

    def _ends(self, event: PublishedEvent, time: Days | Hours) -> datetime:
        """When an entry is over; that of an event whose day is unknown again, when it was to be."""
        return end_of(time, self._timezone) if isinstance(event.time, Unknown) else event.ends

    def _is_long_off(self, status: Status, ends: datetime) -> bool:
        """Whether it was cancelled and would be over for so long that nobody waits for it."""
        return status in {Status.CANCELLED, Status.POSTPONED} and ends <= self._kept_after

    @staticmethod
    def _one(entry: Entry | None) -> Iterator[Entry]:
        if entry and entry.data:
            yield entry


@lru_cache(maxsize=4)
def entries_of(edition: Edition, theme: Theme) -> Entries:
    """The entries of an edition: all who write its calendars share what is made."""
    return Entries(edition, theme)


def _zones(data: bytes) -> tuple[str, ...]:
    return tuple(sorted({name.decode() for name in _TZID.findall(data)})) if b";TZID=" in data else ()


def _entry(event: PublishedEvent, data: bytes, days: tuple[date, date]) -> Entry:
    stamp = max(_CHANGED.findall(data), default=b"")
    return Entry(data, data.count(b"BEGIN:VEVENT"), *days, _zones(data), f"event/{event.id}", stamp)


def _sound(event: PublishedEvent, days: tuple[date, date], components: Iterable[VEvent]) -> bytes:
    """The components as bytes, if every program reads them alike.

    Raises:
        UnsoundEntry: with the first finding.
    """
    data = b"".join(map(serialise, components))
    first, last = days
    # From New Year on: what has been said of a zone is looked at once for all that begin in a year.
    span = first.replace(month=1, day=1), last if last != date.max else first
    zones = b"".join(zone_block(name, *span) for name in _zones(data))
    found = next((finding for finding in check_entry(data, zones) if finding.is_error), None)
    if found:
        raise UnsoundEntry(event.id, str(found))
    return data
