"""Reads the address of a combination: which calendar or feed, of which topics, organisations and so on.

`/en/calendar.ics?topic=a&topic=b&place=c` is everything that is about a or b
and takes place in c. Equal choices have one canonical address, in whatever
order they were asked for, so that they share their bytes and their ETag.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import parse_qsl, urlencode

from publisher.diagnostics import nearest
from publisher.model.edition import CHANGE, Selection
from publisher.model.fields import MAX_ID
from publisher.model.records import Kind
from publisher.server.answers import Answer, printable, sentence

if TYPE_CHECKING:
    from collections.abc import Collection

    from publisher.model.edition import Edition
    from publisher.server.addresses import Names

Which = Literal["calendar", "programme", "deadlines"]
Format = Literal["atom", "rss", "json"]

#: Calendars, and those of years and months beside them.
_YEAR = r"(?:19[7-9]|2[01]\d)\d(?:-(?:0[1-9]|1[0-2]))?"
_CALENDAR = re.compile(rf"(calendar|programme|deadlines)(?:-({_YEAR}))?\.ics")
FEEDS: dict[str, Format] = {"feed.atom": "atom", "feed.rss": "rss", "feed.json": "json"}
FACETS = {kind.value: kind for kind in (Kind.TOPIC, Kind.ORGANISATION, Kind.PLACE, Kind.SERIES)}
#: The parameter that only feeds have: calendars hold nothing but events.
KIND, KINDS = "kind", frozenset({Kind.EVENT.value, Kind.ANNOUNCEMENT.value, CHANGE})

MAX_VALUES = 50
MAX_QUERY = 8192


@dataclass(frozen=True)
class Combination:
    """A calendar or feed of a choice of records."""

    language: str
    name: str
    #: (parameter, value) in canonical order, each once.
    chosen: tuple[tuple[str, str], ...]

    @property
    def path(self) -> str:
        """Its canonical address below the site's."""
        return f"{self.language}/{self.name}{self.query}"

    @property
    def query(self) -> str:
        """The canonical query, with its question mark."""
        return f"?{urlencode(self.chosen)}"

    @property
    def calendar(self) -> Which | None:
        """Which calendar it is; None for a feed."""
        found = _CALENDAR.fullmatch(self.name)
        return cast("Which", found[1]) if found else None

    @property
    def year(self) -> str:
        """The year or month that is asked for; empty for the calendar itself."""
        found = _CALENDAR.fullmatch(self.name)
        return (found[2] or "") if found else ""

    @property
    def selection(self) -> Selection:
        """The choice as rendering understands it."""
        values: dict[str, set[str]] = defaultdict(set)
        for parameter, value in self.chosen:
            values["kinds" if parameter == KIND else FACETS[parameter].plural].add(value)
        return Selection(**{field: frozenset(ids) for field, ids in values.items()})

    def title(self, edition: Edition) -> str:
        """The site's name and those of what was chosen."""
        facets = [(FACETS[p], id_) for p, id_ in self.chosen if p in FACETS]
        names = [edition.facets[kind][id_].text(self.language).name_text for kind, id_ in facets]
        return ": ".join(filter(None, (edition.config.title(self.language), ", ".join(names))))

    def unknown(self, edition: Edition) -> tuple[str, str] | None:
        """The first parameter and value that the edition has nothing of."""
        return next((chosen for chosen in self.chosen if not _is_known(*chosen, edition)), None)


def combination(names: Names, query: bytes, languages: Collection[str]) -> Combination | Answer | None:
    """The combination that is asked for; an answer where that is too much; None for a plain file."""
    match names:
        case (language, name) if language in languages and (name in FEEDS or _CALENDAR.fullmatch(name)):
            return _read(language, name, query)
    return None


def _read(language: str, name: str, query: bytes) -> Combination | Answer | None:
    if len(query) > MAX_QUERY:
        return sentence(400, f"expected a query of at most {MAX_QUERY} characters, got {len(query)}")
    try:
        pairs = parse_qsl(query.decode("ascii"), errors="strict")
    except ValueError:
        return sentence(400, "expected a query in percent-encoded UTF-8")
    parameters = FACETS.keys() | ({KIND} if name in FEEDS else set())
    for parameter, _ in pairs:
        meant = nearest(parameter, parameters)
        if (
            meant and parameter != meant
        ):  # what means nothing here is let be: programs add parameters of their own
            return sentence(400, f"unknown parameter '{printable(parameter)}': did you mean '{meant}'?")
    chosen = [(parameter, value) for parameter, value in pairs if parameter in parameters]
    if not chosen:
        return None
    return _refused(chosen) or Combination(language, name, tuple(sorted(set(chosen))))


def _refused(chosen: Collection[tuple[str, str]]) -> Answer | None:
    """The answer to a choice that cannot be: too much, or what does not go together."""
    if len(chosen) > MAX_VALUES:
        return sentence(400, f"expected at most {MAX_VALUES} values, got {len(chosen)}")
    if long := next((parameter for parameter, value in chosen if len(value) > MAX_ID), None):
        return sentence(400, f"expected '{long}' to have at most {MAX_ID} characters")
    if (KIND, CHANGE) in chosen and any(parameter == KIND and value != CHANGE for parameter, value in chosen):
        return sentence(400, f"expected '{KIND}={CHANGE}' alone: changes are entries of their own")
    return None


def unknown_value(parameter: str, value: str) -> Answer:
    """The answer to a choice of something that there is not (yet)."""
    return sentence(404, f"there is no {parameter} '{printable(value)}'")


def _is_known(parameter: str, value: str, edition: Edition) -> bool:
    return value in KINDS if parameter == KIND else edition.facet(FACETS[parameter], value) is not None
