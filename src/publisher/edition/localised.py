"""Records in every language of the site, as their readers see them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from publisher.edition.facts import digest
from publisher.model.ledger import ItemKey, record_key
from publisher.model.records import FACETS, Event, Kind, Record
from publisher.model.translation import dump, localise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from publisher.edition.wanted import Wanted

#: Fields that decide whether and where a record is shown, not how it reads.
_UNSEEN = frozenset({"draft", "publish_at", "pinned", "expires"})
#: What other records show of a topic, organisation, place or series.
_NAMING = frozenset({"name", "address", "city", "country", "geo", "url", "colour"})

View = dict[str, Any]


def seen_fields(record: Record, values: View) -> View:
    """The fields of a record that its readers see, of its plain values."""
    shown = {name: value for name, value in values.items() if name not in _UNSEEN}
    if isinstance(record, Event) and record.online and not record.online.public:
        shown["online"] = {name: value for name, value in shown["online"].items() if name != "url"}
    return shown


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
            self._hashes[id(record)] = digest(seen_fields(record, self.dump(key, language)))
        return self._hashes[id(record)]

    def language(self, key: ItemKey, language: str) -> str | None:
        """The language in which the record stands for readers of `language`; None: the site's default."""
        each = self.want[key]
        return language if language in each.values.get("translations", {}) else each.record.language

    def untranslated(self, key: ItemKey, language: str) -> list[str]:
        """The fields that a translation leaves as they are: readers see these marked."""
        each, here = self.want[key], self.of(key)[language]
        if here is each.record:
            return []
        own = seen_fields(each.record, each.values["record"])
        return sorted(name for name, value in own.items() if value == self.dump(key, language).get(name))

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
