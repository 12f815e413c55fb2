"""Resolves what records name, by id or inline, to what a reader of a language sees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from babel import Locale, UnknownLocaleError

from publisher.model.ledger import DEADLINE, REGISTRATION
from publisher.model.records import InlineParty, InlinePlace, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publisher.model.edition import Edition, Part
    from publisher.render.words import Words


@dataclass(frozen=True)
class NamedPlace:
    """A place as told: its name, its whereabouts, and its listing if it has one."""

    name: str
    id: str = ""
    address: str = ""
    city: str = ""
    #: ISO 3166 code, and its name in the reader's language.
    country: str = ""
    country_name: str = ""
    geo: tuple[float, float] | None = None
    url: str = ""
    has_listing: bool = False

    def __str__(self) -> str:
        """The postal address in one line, as maps and calendar apps read it."""
        parts = [self.name, self.address, self.city, self.country_name]
        return ", ".join(p for i, p in enumerate(parts) if p and p not in parts[:i])


@dataclass(frozen=True)
class NamedParty:
    """An organisation or person as told."""

    name: str
    id: str = ""
    url: str = ""
    has_listing: bool = False


def part(of: Part, words: Words) -> str:
    """The name of a session or deadline; the theme names the end of registration.

    Empty for a date of a recurring event that keeps its event's.
    """
    if (of.kind, of.id) == (DEADLINE, REGISTRATION):
        return of.title(words.language) or words("deadlines.registration_closes")
    return of.title(words.language)


def places(edition: Edition, refs: Iterable[Any], language: str) -> tuple[NamedPlace, ...]:
    """The places of an event or session; one that is not known at the moment is left out."""
    return tuple(p for p in (_place(edition, ref, language) for ref in refs) if p)


def parties(edition: Edition, refs: Iterable[Any], language: str) -> tuple[NamedParty, ...]:
    """The organisers, hosts or partners of an event; one that is not known at the moment is left out."""
    return tuple(p for p in (_party(edition, ref, language) for ref in refs) if p)


def party(edition: Edition, id_: str, language: str) -> NamedParty | None:
    """The organisation of an id."""
    return _party(edition, id_, language)


def facet_names(edition: Edition, kind: Kind, ids: Iterable[str], language: str) -> tuple[str, ...]:
    """The names of topics and the like that have a listing."""
    found = (edition.facet(kind, id_) for id_ in ids)
    return tuple(facet.text(language).name_text for facet in found if facet)


def _place(edition: Edition, ref: str | InlinePlace, language: str) -> NamedPlace | None:
    if isinstance(ref, InlinePlace):
        return NamedPlace(
            ref.name,
            "",
            ref.address or "",
            ref.city or "",
            ref.country or "",
            _country(ref.country, language),
            ref.geo,
            ref.url or "",
        )
    facet = edition.facet(Kind.PLACE, ref)
    if facet is None:
        name = edition.others.get((Kind.PLACE, ref), {}).get(language)
        return NamedPlace(name, ref) if name else None
    place = facet.text(language)
    return NamedPlace(
        place.name,
        ref,
        place.address or "",
        place.city or "",
        place.country or "",
        _country(place.country, language),
        place.geo,
        place.url or "",
        has_listing=True,
    )


@lru_cache(maxsize=1024)
def _country(code: str | None, language: str) -> str:
    return str(Locale.parse(language).territories.get(code, code)) if code else ""


def _party(edition: Edition, ref: str | InlineParty, language: str) -> NamedParty | None:
    if isinstance(ref, InlineParty):
        return NamedParty(ref.name, "", ref.url or "")
    facet = edition.facet(Kind.ORGANISATION, ref)
    if facet is None:
        name = edition.others.get((Kind.ORGANISATION, ref), {}).get(language)
        return NamedParty(name, ref) if name else None
    organisation = facet.text(language)
    return NamedParty(organisation.name, ref, organisation.url or "", has_listing=True)


@lru_cache(maxsize=1024)
def language_name(language: str, reader: str) -> str:
    """A language's name in a reader's language."""
    try:
        return str(Locale.parse(reader).languages.get(language, language))
    except UnknownLocaleError:
        return language
