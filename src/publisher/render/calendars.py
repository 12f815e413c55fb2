"""Calendars that a reader subscribes to once: which there are, and what each holds.

An entry's bytes are made once, by `Entries`, and joined into every calendar
that shows it, so all calendars say the same of an event, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Literal

from publisher.model.artifact import Artifact, Stage
from publisher.model.edition import Selection
from publisher.model.records import FACETS
from publisher.render import urls
from publisher.render.calendar_entries import entries_of
from publisher.render.calendar_years import Years, last_changed, years
from publisher.render.vcalendar import Head, vcalendar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from publisher.model.edition import Edition, PublishedEvent
    from publisher.render.calendar_years import Entry
    from publisher.render.theme import Theme

Which = Literal["calendar", "programme", "deadlines"]
WHICH: tuple[Which, ...] = ("calendar", "programme", "deadlines")


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A choice of entries under one address, with its earlier and later ones beside it."""

    edition: Edition
    theme: Theme
    language: str
    selection: Selection
    which: Which = "calendar"
    #: Its address below the site's, without the ending, and what follows the ending.
    base: str
    query: str = ""
    #: What stands before the name of one beside it.
    joint: str = "-"
    title: str | None = None
    colour: str | None = None

    def path(self, name: str = "") -> str:
        """The address of the calendar, or of one of those beside it, by its name ("2023", "2023-05")."""
        return f"{self.base}{self.joint if name else ''}{name}.ics{self.query}"

    @cached_property
    def parts(self) -> Years:
        """What it holds, and what those beside it hold."""
        edition = self.edition
        events = edition.chosen(self.selection)
        found = entries_of(edition, self.theme).of(self.language, events, self.which)
        return years(found, edition.today, edition.config.publish.past_years)

    def part(self, name: str = "") -> bytes:
        """The calendar, or one of those beside it; an empty one for a year of which it has nothing apart."""
        if not name:
            return self.living
        return self.beside(name, self.parts.earlier.get(name) or self.parts.later.get(name) or ())

    @cached_property
    def living(self) -> bytes:
        """The calendar itself."""
        parts = self.parts
        notes = [self._words("calendar.since", since=parts.since)]
        if parts.earlier:
            notes.append(self._words("calendar.earlier", url=self._url(next(iter(parts.earlier)))))
        if parts.later:
            url = self._url(next(iter(parts.later)))
            notes.append(self._words("calendar.later", day=parts.until, url=url))
        notes.append(self._words("calendar.changes"))
        return self._bytes("", parts.living, notes)

    def beside(self, name: str, entries: Sequence[Entry]) -> bytes:
        """One of the calendars beside it."""
        notes = [self._words("calendar.only", name=name), self._words("calendar.present", url=self._url())]
        return self._bytes(name, entries, notes)

    def _bytes(self, name: str, entries: Sequence[Entry], notes: Sequence[str]) -> bytes:
        config = self.edition.config
        title = self.title or config.title(self.language)
        if self.which != "calendar":
            title = self._words(f"calendar.{self.which}", title=title)
        head = Head(
            path=self.path(name),
            page=self.base.rpartition("/")[0] + "/",
            name=f"{title} ({name})" if name else title,
            about=" ".join(filter(None, [config.description(self.language), *notes])),
            colour=self.colour,
        )
        return vcalendar(head, entries, config)

    def _url(self, name: str = "") -> str:
        return urls.absolute(self.edition.config, self.path(name))

    def _words(self, key: str, **values: object) -> str:
        return self.theme.words[self.language](key, **values)


def event_calendar(edition: Edition, theme: Theme, language: str, event: PublishedEvent) -> bytes:
    """One event with its sessions and deadlines, the same UIDs as everywhere: for `event.ics`."""
    entries = entries_of(edition, theme)

    def make() -> bytes:
        record, page = event.text(language), f"{language}/{event.path}/"
        head = Head(path=f"{page}event.ics", page=page, name=record.title, about=record.summary or "")
        return vcalendar(head, entries.whole(language, event), edition.config)

    return entries.single(language, event, make)


def calendars(edition: Edition, theme: Theme) -> Iterator[Artifact]:
    """Every calendar of an edition."""
    for language in edition.languages:
        for calendar in declared(edition, theme, language):
            yield from _artifacts(calendar)
        for event in edition.events:
            if event.has_calendar:
                path = f"{language}/{event.path}/event.ics"
                data = event_calendar(edition, theme, language, event)
                changed = last_changed(entries_of(edition, theme).whole(language, event))
                yield Artifact(path, data, Stage.CALENDAR, frozenset({f"event/{event.id}"}), changed)


@lru_cache(maxsize=16)
def declared(edition: Edition, theme: Theme, language: str) -> tuple[Calendar, ...]:
    """The calendars with addresses of their own, made once: pages tell what they hold."""
    return tuple(_declared(edition, theme, language))


def _declared(edition: Edition, theme: Theme, language: str) -> Iterator[Calendar]:
    """Of everything, of each facet, of each named combination."""
    made = partial(Calendar, edition=edition, theme=theme, language=language)
    for which in WHICH:
        yield made(base=f"{language}/{which}", selection=Selection(), which=which)
    for kind in FACETS:
        for facet in edition.facets[kind].values():
            record = facet.text(language)
            yield made(
                base=f"{urls.listing(language, kind, facet.id)}calendar",
                selection=Selection.of(kind, facet.id),
                title=f"{record.name_text} · {edition.config.title(language)}",
                colour=getattr(record, "colour", None),
            )
    for id_, combination in edition.named_calendars.items():
        yield made(
            base=f"{language}/calendars/{id_}",
            joint="/",  # else it could be another combination, called by its id and a year
            selection=selection_of(combination),
            title=combination.title_in(language, edition.config.site.default_language),
        )


def selection_of(combination: object) -> Selection:
    """The selection that a named combination of publisher.toml makes."""
    fields = ("topics", "organisations", "places", "series", "kinds")
    return Selection(**{field: frozenset(getattr(combination, field)) for field in fields})


def _artifacts(calendar: Calendar) -> Iterator[Artifact]:
    parts = calendar.parts
    yield _artifact(calendar.path(), calendar.living, parts.living)
    for name, entries in (*parts.earlier.items(), *parts.later.items()):
        yield _artifact(calendar.path(name), calendar.beside(name, entries), entries)


def _artifact(path: str, data: bytes, entries: Collection[Entry]) -> Artifact:
    items = frozenset(entry.item for entry in entries)
    return Artifact(path, data, Stage.CALENDAR, items, last_changed(entries))
