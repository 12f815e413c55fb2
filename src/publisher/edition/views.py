"""What a reader of each language sees of an item, and since when it reads so."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from publisher.edition.facts import digest
from publisher.edition.memberships import direct
from publisher.model.ledger import OCCURRENCE, Item, ItemKey, ItemLanguage, record_key
from publisher.model.records import FACETS, Event, Kind, Record
from publisher.model.translation import dump, localise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from publisher.edition.occasion import Occasion
    from publisher.edition.wanted import Wanted

#: Fields that decide whether and where a record is shown, not how it reads.
_UNSEEN = frozenset({"draft", "publish_at", "pinned", "expires"})
#: What other records show of a topic, organisation, place or series.
_NAMING = frozenset({"name", "address", "city", "country", "geo", "url", "colour"})

View = dict[str, Any]


class Localised:
    """The wanted records in every language; each distinct text is made, dumped and hashed once."""

    def __init__(self, want: Mapping[ItemKey, Wanted], languages: Sequence[str]) -> None:
        self.want, self.languages = want, languages
        self._records: dict[ItemKey, dict[str, Any]] = {}
        # By the record's identity in memory: languages without a translation share their record.
        self._dumps: dict[int, View] = {}
        self._hashes: dict[int, str] = {}

    def of(self, key: ItemKey) -> dict[str, Any]:
        """A record in every language of the site."""
        if key not in self._records:
            each = self.want[key]
            translations = each.values.get("translations", {})
            self._records[key] = {
                lang: localise(each.record, translations.get(lang)) for lang in self.languages
            }
        return self._records[key]

    def dump(self, key: ItemKey, language: str) -> View:
        """A record in a language, as plain values."""
        record = self.of(key)[language]
        if id(record) not in self._dumps:
            each = self.want[key]
            self._dumps[id(record)] = each.values["record"] if record is each.record else dump(record)
        return self._dumps[id(record)]

    def hash(self, key: ItemKey, language: str) -> str:
        """A hash of what a reader sees of the record's own text."""
        record = self.of(key)[language]
        if id(record) not in self._hashes:
            self._hashes[id(record)] = digest(_seen(record, self.dump(key, language)))
        return self._hashes[id(record)]

    def names(self, members: Iterable[tuple[Kind, str]], language: str) -> View:
        """What a reader sees of the topics, organisations, places and series that something names."""
        keys = {record_key(*member) for member in members}
        return {"/".join(key): self._naming[key][language] for key in sorted(keys & self._naming.keys())}

    @cached_property
    def _naming(self) -> Mapping[ItemKey, Mapping[str, View]]:
        return {
            key: {
                language: {name: value for name, value in self.dump(key, language).items() if name in _NAMING}
                for language in self.languages
            }
            for key in self.want
            if key[0] in FACETS
        }


def dated(item: Item, texts: Localised, on: Occasion) -> Item:
    """The item with `last_modified` moved in each language in which it now reads differently."""
    if not item.is_public:
        return item
    known = on.known(item.key)
    before = known.languages if known else {}
    revised = known is None or known.revision != item.revision
    languages = dict(before)
    for language in texts.languages:
        hash_ = digest(_view(item, language, texts))
        last = before.get(language)
        if last is None:
            languages[language] = ItemLanguage(hash_, item.updated or on.now)
        elif revised or last.hash != hash_:
            languages[language] = ItemLanguage(hash_, max(on.now, last.last_modified))
    return item.evolve(languages=languages)


def _view(item: Item, language: str, texts: Localised) -> View:
    """All that a reader of a language sees of an item, the names of what it refers to included."""
    if item.withdrawn:
        return {"withdrawn": True}
    return _record_view(item, language, texts) if item.is_record else _part_view(item, language, texts)


def _record_view(item: Item, language: str, texts: Localised) -> View:
    record: Record = texts.of(item.key)[language]
    publishers = ((Kind.ORGANISATION, source.publisher) for source in record.sources if source.publisher)
    return {
        "record": texts.hash(item.key, language),
        "names": texts.names((*direct(record), *publishers), language),
        "assets": item.values.get("assets"),
        "removed": item.removed,
    }


def _seen(record: Record, values: View) -> View:
    shown = {name: value for name, value in values.items() if name not in _UNSEEN}
    if isinstance(record, Event) and record.online and not record.online.public:
        shown["online"] = {name: value for name, value in shown["online"].items() if name != "url"}
    return shown


def _part_view(item: Item, language: str, texts: Localised) -> View:
    """A part is told with its event's title; a date of a recurring event with its summary and topics too."""
    event = texts.of(record_key(Kind.EVENT, item.parent))[language]
    places = ((Kind.PLACE, place) for place in item.facts.get("place", ()) if isinstance(place, str))
    view = {
        "facts": item.facts,
        "part": item.values.get("part", {}).get(language),
        "event": event.title,
        "places": texts.names(places, language),
    }
    if item.kind == OCCURRENCE:
        view |= {"summary": event.summary, "names": texts.names(direct(event), language)}
    return view
