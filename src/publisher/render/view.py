"""An edition as readers of one language see it: names, links, texts.

Whatever is shown is noted in a set of `kind/id`, so that a page knows whom it
names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from publisher.model.records import InlineParty, Kind
from publisher.render import names, urls
from publisher.render.body import body
from publisher.render.collation import collation_key
from publisher.render.colours import adapted
from publisher.render.feed_channels import channels
from publisher.render.shelves import shelves
from publisher.render.stamps import Stamp, day_stamp, vague_stamp
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from publisher.config import Config
    from publisher.model.edition import Edition, Published
    from publisher.model.records import Announcement
    from publisher.render.feed_channels import Channel
    from publisher.render.lookup import Lookup
    from publisher.render.shelves import Shelf
    from publisher.render.theme import Theme
    from publisher.render.words import Words

Seen = set[str]


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
    #: Lines of lists that are made already.
    rows: dict[tuple[Any, ...], Row] = field(default_factory=dict)
    #: Names of records that were asked for already, by `kind/id`.
    labels: dict[str, Label] = field(default_factory=dict)

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

    @cached_property
    def shelves(self) -> Mapping[str, Shelf]:
        """The calendars with addresses of their own, by those: below this language, without the ending."""
        return shelves(self.edition, self.theme, self.language)

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """The feeds with addresses of their own, by the names that identify them for ever."""
        return {each.name: each for each in channels(self.edition, self.theme, self.language)}

    def path(self, path: str = "") -> str:
        """A link to a page below this language."""
        return f"/{self.language}/{path}"

    def absolute(self, path: str = "") -> str:
        """The public address of the same."""
        return urls.absolute(self.config, f"{self.language}/{path}")

    def foreign(self, record: Published[Any], *fields: str) -> str:
        """The language of a record's text where that is not the page's: of all of it, or of one field."""
        own = record.language_of(self.language)
        if own != self.language:
            return own
        for name in fields:
            texts = [
                getattr(record.text(language), name) for language in (self.language, record.own_language)
            ]
            if record.own_language != self.language and texts[0] and texts[0] == texts[1]:
                return record.own_language
        return ""

    def by_name(self, facets: Iterable[Published[Any]]) -> list[Published[Any]]:
        """Organisations and the like in the order of the alphabet."""
        return sorted(
            facets, key=lambda facet: (collation_key(facet.text(self.language).name_text), facet.id)
        )

    def in_language(self, language: str) -> str:
        """`in English`, as a mark beside what is not translated."""
        known = self.words.texts.get(f"in_language.{language}")
        return known or self.words("in_language.other", language=names.language_name(language, self.language))

    def language_name(self, language: str) -> str:
        """A language's name in the page's language."""
        return names.language_name(language, self.language)

    def record(self, record: Published[Any], seen: Seen) -> Label:
        """A link to a record's page."""
        name = key(record)
        seen.add(name)
        if name not in self.labels:
            self.labels[name] = self._label(record)
        return self.labels[name]

    def _label(self, record: Published[Any]) -> Label:
        text = record.text(self.language)
        colour = getattr(text, "colour", None)
        return Label(
            text.name_text,
            self.path(f"{record.path}/"),
            self.foreign(record),
            adapted(colour) if colour else None,
        )

    def facet(self, kind: Kind, id_: str, seen: Seen) -> Label | None:
        """The name of an organisation, place, topic or series; a link where it has a listing."""
        facet = self.edition.facet(kind, id_)
        if facet:
            return self.record(facet, seen)
        seen.add(f"{kind.value}/{id_}")
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

    def places(
        self, refs: Iterable[Any], seen: Seen, lang: str = ""
    ) -> tuple[tuple[Label, names.NamedPlace], ...]:
        """Places with what is known of their whereabouts."""
        found = []
        for place in names.places(self.edition, refs, self.language):
            label = self.facet(Kind.PLACE, place.id, seen) if place.id else Label(place.name, place.url, lang)
            if label:
                found.append((label, place))
        return tuple(found)

    def body(self, record: Published[Any]) -> Markup:
        """A record's text as HTML: headings below the page's own, links to the site relative to its root."""
        html = body(self.edition, self.language, record)
        return Markup(html.replace(f'"{self.config.site.url}/', '"/'))  # noqa: S704 -- sanitised by markup.html

    def published(self, record: Published[Announcement]) -> tuple[Stamp, bool]:
        """The day of an announcement, and whether a source gives it: else it is the day it was added here."""
        date = record.text(record.own_language).date
        if date:
            return vague_stamp(date, self.words, self.config.site.timezone), True
        local = record.first_published.astimezone(zone(self.config.site.timezone)).date()
        return day_stamp(local, self.words), False


def key(record: Published[Any]) -> str:
    """What names a record in `Artifact.items`."""
    return f"{record.kind.value}/{record.id}"


def capital(text: str) -> str:
    """The text with a capital letter, as a heading begins."""
    return text[:1].upper() + text[1:]
