"""An edition as readers of one language see it: names, links, rows of lists.

Whatever is shown is noted in a set of `kind/id`, so that a page knows whom it
names. Rows are made once and used on every page that lists them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from babel import Locale, UnknownLocaleError
from markupsafe import Markup

from publisher.model.records import InlineParty, Kind, Status
from publisher.render import markup, names, urls
from publisher.render.collation import collation_key
from publisher.render.colours import adapted
from publisher.render.programme import recurrence_text
from publisher.render.stamps import Stamp, day_stamp, leaf, stamp, vague_stamp
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publisher.config import Config
    from publisher.model.edition import Edition, Published, Showing
    from publisher.model.records import Announcement
    from publisher.render.lookup import Lookup
    from publisher.render.theme import Theme
    from publisher.render.words import Words

Seen = set[str]
_HEADING = re.compile(r"<(/?)h([1-6])>")


@dataclass(frozen=True)
class Label:
    """A name, where it leads, and its language where that is not the page's."""

    text: str
    href: str = ""
    lang: str = ""
    #: A colour by day and by night.
    colours: tuple[str, str] | None = None


class Row(NamedTuple):
    """A line of a list, ready, and the records that it names."""

    html: Markup
    items: frozenset[str]


@dataclass(frozen=True, eq=False)
class View:
    """The edition in one language."""

    lookup: Lookup
    theme: Theme
    language: str
    _rows: dict[Any, Row] = field(default_factory=dict)

    @property
    def edition(self) -> Edition:
        """What is shown."""
        return self.lookup.edition

    @property
    def config(self) -> Config:
        """The site's configuration."""
        return self.edition.config

    @cached_property
    def words(self) -> Words:
        """What the theme itself says."""
        return self.theme.words[self.language]

    def path(self, path: str = "") -> str:
        """A link to a page below this language."""
        return f"/{self.language}/{path}"

    def absolute(self, path: str = "") -> str:
        """The public address of the same."""
        return urls.absolute(self.config, f"{self.language}/{path}")

    def foreign(self, record: Published[Any], *fields: str) -> str:
        """The language of a record's text where that is not the page's: all of it, or that of one untranslated field."""
        own = record.language_of(self.language)
        if own != self.language:
            return own
        for name in fields:
            texts = [getattr(record.text(language), name) for language in (self.language, record.own_language)]
            if record.own_language != self.language and texts[0] and texts[0] == texts[1]:
                return record.own_language
        return ""

    def collation(self, name: str) -> tuple[tuple[int, int], ...]:
        """What to sort names by."""
        return collation_key(name)

    def in_language(self, language: str) -> str:
        """`in English`, as a mark beside what is not translated."""
        known = self.words.texts.get(f"in_language.{language}")
        return known or self.words("in_language.other", language=language_name(language, self.language))

    def language_name(self, language: str) -> str:
        """A language's name in the page's language."""
        return language_name(language, self.language)

    def record(self, record: Published[Any], seen: Seen) -> Label:
        """A link to a record's page."""
        seen.add(key(record))
        colour = getattr(record.text(self.language), "colour", None)
        return Label(
            record.text(self.language).name_text,
            self.path(f"{record.path}/"),
            self.foreign(record),
            adapted(colour) if colour else None,
        )

    def facet(self, kind: Kind, id_: str, seen: Seen) -> Label | None:
        """The name of an organisation, place, topic or series; a link where it has a listing."""
        facet = self.edition.facet(kind, id_)
        if facet:
            return self.record(facet, seen)
        name = self.edition.others.get((kind, id_), {}).get(self.language)
        return Label(name) if name else None

    def facets(self, kind: Kind, ids: Iterable[str], seen: Seen) -> tuple[Label, ...]:
        """Likewise of several."""
        return tuple(label for label in (self.facet(kind, id_, seen) for id_ in ids) if label)

    def parties(self, refs: Iterable[Any], seen: Seen, lang: str = "") -> tuple[Label, ...]:
        """Organisers, hosts or partners; `lang` is the language of those given inline."""
        return tuple(label for label in self._parties(refs, seen, lang) if label)

    def _parties(self, refs: Iterable[Any], seen: Seen, lang: str) -> Iterator[Label | None]:
        for ref in refs:
            if isinstance(ref, InlineParty):
                yield Label(ref.name, ref.url or "", lang)
            else:
                yield self.facet(Kind.ORGANISATION, ref, seen)

    def places(self, refs: Iterable[Any], seen: Seen, lang: str = "") -> tuple[tuple[Label, names.NamedPlace], ...]:
        """Places with what is known of their whereabouts."""
        found = []
        for place in names.places(self.edition, refs, self.language):
            label = self.facet(Kind.PLACE, place.id, seen) if place.id else Label(place.name, place.url, lang)
            if label:
                found.append((label, place))
        return tuple(found)

    def body(self, record: Published[Any]) -> Markup:
        """A record's text as HTML: headings below the page's own, links within the site relative to its root."""
        text = record.text(self.language).body
        base = urls.absolute(self.config, urls.page(self.language, record))
        html = markup.html(text, base)
        for name, stored in record.assets.items():
            html = html.replace(f'"{base}{name}"', f'"/{urls.asset(stored)}"')
        return Markup(outline(html.replace(f'"{self.config.site.url}/', '"/')))  # noqa: S704 -- sanitised by markup.html

    def published(self, record: Published[Announcement]) -> tuple[Stamp, bool]:
        """The day of an announcement, and whether its source gives it: else it is the day it was added here."""
        date = record.text(record.own_language).date
        if date:
            return vague_stamp(date, self.words), True
        local = record.first_published.astimezone(zone(self.config.site.timezone)).date()
        return day_stamp(local, self.words), False

    def event_row(self, showing: Showing) -> Row:
        """An event as a line of a list."""
        mark = ("event", showing.event.id, showing.time, showing.status)
        if mark not in self._rows:
            self._rows[mark] = self._event_row(showing)
        return self._rows[mark]

    def _event_row(self, showing: Showing) -> Row:
        event, seen = showing.event, {key(showing.event)}
        record = event.text(self.language)
        html = self.theme.render(
            "parts/event-row.html",
            view=self,
            words=self.words,
            event=event,
            record=record,
            title=self.record(event, seen),
            part_title=showing.part.title(self.language) if showing.part else "",
            leaf=leaf(showing.time, self.words),
            stamp=stamp(showing.time, self.words),
            status=status_of(showing),
            repeat=recurrence_text(event, self.words),
            was=self.moved_from(showing),
            places=[label for label, _ in self.places(record.place, seen, self.foreign(event))],
            topics=self.facets(Kind.TOPIC, record.topics, seen),
        )
        return Row(Markup(html), frozenset(seen))  # noqa: S704 -- a template escapes

    def moved_from(self, showing: Showing) -> Stamp | None:
        """When it was to be before it moved; nothing where it did not move, or is off."""
        before = showing.part.previous_time if showing.part else showing.event.previous_time
        if before is None or showing.status in {Status.CANCELLED, Status.POSTPONED}:
            return None
        if showing.event.recurrence and not showing.part:
            return None
        return stamp(before, self.words, with_zone=False)

    def news_row(self, news: Published[Announcement]) -> Row:
        """An announcement as a line of a list."""
        mark = ("announcement", news.id)
        if mark not in self._rows:
            seen: Seen = set()
            title = self.record(news, seen)
            day, stated = self.published(news)
            html = self.theme.render(
                "parts/news-row.html",
                view=self, words=self.words, news=news, record=news.text(self.language), title=title, stamp=day, stated=stated,
            )  # fmt: skip
            self._rows[mark] = Row(Markup(html), frozenset(seen))  # noqa: S704 -- a template escapes
        return self._rows[mark]


def key(record: Published[Any]) -> str:
    """What names a record in `Artifact.items`."""
    return f"{record.kind.value}/{record.id}"


def status_of(showing: Showing) -> str:
    """What is said of an event's state in a list; nothing where all is well."""
    return "" if showing.status is Status.CONFIRMED else showing.status.value


def language_name(language: str, reader: str) -> str:
    """A language's name in a reader's language."""
    try:
        return str(Locale.parse(reader).languages.get(language, language))
    except UnknownLocaleError:
        return language


def outline(html: str, top: int = 2) -> str:
    """Headings renumbered so that the highest is `top` and none is skipped (WCAG 2.2, technique G141)."""
    open_levels: list[int] = []

    def renumber(match: re.Match[str]) -> str:
        level = int(match[2])
        if not match[1]:
            while open_levels and open_levels[-1] >= level:
                open_levels.pop()
            open_levels.append(level)
        return f"<{match[1]}h{min(6, top + len(open_levels) - 1)}>"

    return _HEADING.sub(renumber, html)
