"""Calendars: iCalendar streams (RFC 5545) that a reader subscribes to once.

Each item's bytes are made once by icalendar and joined into every calendar
that shows it, so all calendars say the same of an event, byte for byte. No
METHOD: a subscription is no invitation (RFC 5546 section 1.4).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from icalendar import Calendar, vText

from publisher.model.artifact import Artifact, Stage
from publisher.model.edition import Edition, Part, Published, PublishedEvent, Selection
from publisher.model.records import FACETS
from publisher.model.when import Hours
from publisher.render import urls
from publisher.render.vevent import event_components, part_component
from publisher.ics.vtimezone import vtimezone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from publisher.render.theme import Theme

Which = Literal["calendar", "programme", "deadlines"]
#: How often a client should ask again; Google and Outlook take their own time all the same.
REFRESH = timedelta(hours=6)
#: Until when zones' rules are told: beyond it computers of today stop counting as well.
LAST_DAY = date(2037, 12, 31)
PRODID = "-//publisher//publisher//EN"
_TZID = re.compile(rb"^(?:DTSTART|DTEND|RDATE|EXDATE|RECURRENCE-ID);TZID=([^:;\r\n]+):", re.MULTILINE)


class CalendarWriter:
    """Writes calendars of one edition; an item's bytes are made when first asked for, then kept."""

    def __init__(self, edition: Edition, theme: Theme) -> None:
        self.edition, self.theme = edition, theme
        self._made: dict[tuple[str, str, str], bytes] = {}

    def event(self, language: str, event: PublishedEvent) -> bytes:
        """The event's VEVENT and its overrides."""
        components = event_components(self.edition, self.theme.words[language], event)
        return self._once((language, "event", event.id), lambda: b"".join(c.to_ical() for c in components))

    def part(self, language: str, event: PublishedEvent, part: Part) -> bytes:
        """A session's or deadline's VEVENT."""
        component = part_component(self.edition, self.theme.words[language], event, part)
        return self._once((language, part.kind, part.uid), lambda: component.to_ical() if component else b"")

    def single(self, language: str, event: PublishedEvent, make: Callable[[], bytes]) -> bytes:
        """A calendar of one event: feeds tell its length before it is written."""
        return self._once((language, "single", event.id), make)

    def _once(self, key: tuple[str, str, str], make: Callable[[], bytes]) -> bytes:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def stream(self, blocks: Iterable[bytes], head: Calendar, events: Iterable[PublishedEvent]) -> bytes:
        """A whole VCALENDAR: head, the zones that are used, the items."""
        body = b"".join(blocks)
        used = sorted({name.decode() for name in _TZID.findall(body)})
        if not body:  # RFC 5545 section 3.6 wants at least one component: the site's zone says nothing wrong
            used = [self.edition.config.site.timezone]
        first, last = _span(events)
        zones = b"".join(vtimezone(name, first, last) for name in used)
        start, end = bytes(head.to_ical()).split(b"END:VCALENDAR")
        return start + zones + body + b"END:VCALENDAR" + end


def _span(events: Iterable[PublishedEvent]) -> tuple[date, date]:
    """The days for which zones must be told: from the first recurring start; a rule may run for ever."""
    starts = [e.time.start.date() for e in events if isinstance(e.time, Hours) and e.recurrence]
    return min(starts, default=LAST_DAY) - timedelta(days=1), LAST_DAY


@lru_cache(maxsize=4)
def writer(edition: Edition, theme: Theme) -> CalendarWriter:
    """The writer of an edition: all who write its calendars share what is made."""
    return CalendarWriter(edition, theme)


def calendar(  # noqa: PLR0913 -- what a calendar is
    edition: Edition, theme: Theme, language: str, selection: Selection, which: Which = "calendar",
    *, path: str, title: str | None = None, colour: str | None = None, about: str | None = None,
) -> bytes:  # fmt: skip
    """A calendar of the selected events: headlines, or their programme, or their deadlines."""
    write = writer(edition, theme)
    events = [event for event in edition.events if selection.takes(event)]
    if which == "calendar":
        blocks = [write.event(language, event) for event in events]
    else:
        blocks = [
            write.part(language, event, part)
            for event in events
            for part in (event.sessions if which == "programme" else event.deadlines)
        ]
    name = title or edition.config.title(language)
    if which != "calendar":
        name = theme.words[language](f"calendar.{which}", title=name)
    head = _head(edition, theme, language, name, path, about=about, colour=colour)
    return write.stream(blocks, head, events)


def event_calendar(edition: Edition, theme: Theme, language: str, event: PublishedEvent) -> bytes:
    """One event with its sessions and deadlines, the same UIDs as everywhere: for `event.ics`."""
    return writer(edition, theme).single(language, event, lambda: _single(edition, theme, language, event))


def _single(edition: Edition, theme: Theme, language: str, event: PublishedEvent) -> bytes:
    write = writer(edition, theme)
    blocks = [write.event(language, event)]
    blocks += [write.part(language, event, part) for part in (*event.sessions, *event.deadlines)]
    path = f"{language}/{event.path}/event.ics"
    record = event.text(language)
    head = _head(edition, theme, language, record.title, path, about=record.summary or "")
    return write.stream(blocks, head, [event])


def calendars(edition: Edition, theme: Theme) -> Iterator[Artifact]:
    """Every calendar of an edition."""
    for language in edition.languages:
        everything = Selection()
        for which in ("calendar", "programme", "deadlines"):
            path = f"{language}/{which}.ics"
            yield _artifact(
                edition, path, everything, calendar(edition, theme, language, everything, which, path=path)
            )
        for kind in FACETS:
            for facet in edition.facets[kind].values():
                yield _facet_calendar(edition, theme, language, facet)
        for id_, combination in edition.config.calendars.items():
            path = f"{language}/calendars/{id_}.ics"
            chosen = selection_of(combination)
            title = combination.title_in(language, edition.config.site.default_language)
            yield _artifact(
                edition, path, chosen, calendar(edition, theme, language, chosen, path=path, title=title)
            )
        for event in edition.events:
            if event.entry_time:
                path = f"{language}/{event.path}/event.ics"
                yield Artifact(
                    path,
                    event_calendar(edition, theme, language, event),
                    Stage.CALENDAR,
                    frozenset({_name(event)}),
                )


def selection_of(combination: object) -> Selection:
    """The selection that a named combination of publisher.toml makes."""
    fields = ("topics", "organisations", "places", "series", "kinds")
    return Selection(**{field: frozenset(getattr(combination, field)) for field in fields})


def _facet_calendar(edition: Edition, theme: Theme, language: str, facet: Published[object]) -> Artifact:  # type: ignore[type-var]
    path = urls.listing(language, facet.kind, facet.id) + "calendar.ics"
    chosen = Selection.of(facet.kind, facet.id)
    record = facet.text(language)
    title = f"{record.name_text} · {edition.config.title(language)}"  # type: ignore[attr-defined]
    colour = getattr(record, "colour", None)
    data = calendar(edition, theme, language, chosen, path=path, title=title, colour=colour)
    return _artifact(edition, path, chosen, data)


def _artifact(edition: Edition, path: str, chosen: Selection, data: bytes) -> Artifact:
    return Artifact(
        path, data, Stage.CALENDAR, frozenset(_name(e) for e in edition.events if chosen.takes(e))
    )


def _name(event: PublishedEvent) -> str:
    return f"{event.kind}/{event.id}"


def _head(  # noqa: PLR0913
    edition: Edition,
    theme: Theme,
    language: str,
    name: str,
    path: str,
    *,
    about: str | None,
    colour: str | None = None,
) -> Calendar:
    """The calendar's own properties: RFC 7986's beside the older ones that clients really read."""
    config, words = edition.config, theme.words[language]
    text = (
        words("calendar.description", description=config.description(language)).strip()
        if about is None
        else about
    )
    head = Calendar()
    head.add("prodid", PRODID)
    head.add("version", "2.0")
    head.add("calscale", "GREGORIAN")
    for key, value in (("name", name), ("x-wr-calname", name), ("description", text), ("x-wr-caldesc", text)):
        if value:
            head.add(key, vText(value))
    head.add("x-wr-timezone", vText(config.site.timezone))
    # Neither has a default type, so VALUE is required: RFC 7986 sections 5.7 and 5.8
    head.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    head.add("x-published-ttl", vText("PT6H"))
    head.add("source", urls.absolute(config, path), parameters={"VALUE": "URI"})
    head.add("url", urls.absolute(config, path.rpartition("/")[0] + "/"))
    if colour:
        head.add("x-apple-calendar-color", vText(colour))
    return head
