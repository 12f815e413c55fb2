"""What a reader of each language sees of an item, and since when it reads so.

A hash stands for what is seen, and names the version of the view that made it.
Another program may see more, or count it in another way: then what was told is
hashed anew from the ledger as it was, so that nothing is dated by an update.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from publisher.edition.facts import OFF, digest
from publisher.edition.localised import Localised, View, seen_fields
from publisher.edition.memberships import direct
from publisher.edition.wanted import as_it_was
from publisher.model.ledger import DEADLINE, OCCURRENCE, SESSION, Item, ItemKey, ItemLanguage, record_key
from publisher.model.records import FACETS, Event, Kind, Record

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from publisher.edition.occasion import Occasion

#: What the entries of sessions and deadlines say of their event.
_OF_EVENT = frozenset({"title", "language", "topics", "organisers", "contact"})
#: And what besides: of one that takes place, and of one that is off.
_BESIDE: Mapping[str, frozenset[str]] = {
    SESSION: frozenset({"online"}),
    DEADLINE: frozenset({"start", "end", "reported", "timezone"}),
}
_WHY_OFF = frozenset({"status", "status_note"})
_NAMED = frozenset({Kind.TOPIC, Kind.ORGANISATION})
#: Stands before each hash: the next number, whenever a view holds something else or is hashed otherwise.
VERSION = "2"


class Sight:
    """What readers of each language see of items, each hashed after the version of the view."""

    def __init__(self, texts: Localised, listed: Container[ItemKey]) -> None:
        self._texts, self._listed = texts, listed
        # By event, language and kind of part: all parts of a kind say the same of their event.
        self._of_events: dict[tuple[str, str, str], str] = {}

    def hash(self, item: Item, language: str) -> str:
        """A hash of all that a reader of a language sees of an item."""
        return f"{VERSION}.{digest(self._view(item, language))}"

    def _view(self, item: Item, language: str) -> View:
        if item.withdrawn:
            return {"withdrawn": True}
        return self._record(item.key, language) if item.is_record else self._part(item, language)

    def _record(self, key: ItemKey, language: str) -> View:
        record: Record = self._texts.of(key)[language]
        values = self._texts.want[key].values
        publishers = ((Kind.ORGANISATION, source.publisher) for source in record.sources if source.publisher)
        return {
            "record": self._texts.hash(key, language),
            "language": self._texts.language(key, language),
            "untranslated": self._texts.untranslated(key, language),
            "names": self._names((*direct(record), *publishers), language),
            "assets": values.get("assets"),
            "removed": bool(values.get("removed")),
        }

    def _part(self, item: Item, language: str) -> View:
        """A part is told with its event; a date of a recurring event with all that the event says."""
        own = item.values.get("part", {}).get(language)
        event = self._texts.dump(record_key(Kind.EVENT, item.parent), language)
        here = event.get("place") if item.kind == SESSION and not (own or {}).get("place") else None
        places = ((Kind.PLACE, place) for place in item.facts.get("place", ()) if isinstance(place, str))
        return {
            "facts": item.facts,
            "part": own,
            "place": here,
            "places": self._names(places, language),
            "event": self._of_event(item, language),
        }

    def _of_event(self, part: Item, language: str) -> str:
        place = (part.parent, language, part.kind)
        if place not in self._of_events:
            key = record_key(Kind.EVENT, part.parent)
            whole = part.kind == OCCURRENCE
            view = self._record(key, language) if whole else self._beside(key, language, part.kind)
            self._of_events[place] = digest(view)
        return self._of_events[place]

    def _beside(self, key: ItemKey, language: str, kind: str) -> View:
        """What the entry of a session or deadline says of its event."""
        event: Event = self._texts.of(key)[language]
        is_off = event.status in OFF
        fields = _OF_EVENT | _told_beside(event, kind)
        said = seen_fields(event, self._texts.dump(key, language))
        members = [member for member in direct(event) if member[0] in _NAMED]
        return {
            "event": {name: value for name, value in said.items() if name in fields},
            "language": self._texts.language(key, language),
            "names": self._names(members, language),
            "removed": is_off and bool(self._texts.want[key].values.get("removed")),
        }

    def _names(self, members: Iterable[tuple[Kind, str]], language: str) -> View:
        """The names of what something refers to, and whether each has a listing of its own."""
        named = self._texts.names(members, language)
        return {key: [shown, tuple(key.split("/")) in self._listed] for key, shown in named.items()}


def _told_beside(event: Event, kind: str) -> frozenset[str]:
    """What an entry tells of an event that is off, or takes place; a deadline names no date of many."""
    if event.status in OFF:
        return _WHY_OFF
    return frozenset() if kind == DEADLINE and event.recurrence else _BESIDE[kind]


class Dating:
    """Moves the stamps of what reads differently from the ledger before."""

    def __init__(self, texts: Localised, items: Mapping[ItemKey, Item], on: Occasion) -> None:
        self._languages, self._on = texts.languages, on
        self._now = Sight(texts, listed(items.values()))

    def dated(self, item: Item) -> Item:
        """The item with `last_modified` moved in each language in which it reads differently now."""
        if not item.is_public:
            return item
        known = self._on.known(item.key)
        before = known.languages if known else {}
        languages = dict(before)
        for language in self._languages:
            hash_ = self._now.hash(item, language)
            last = before.get(language)
            if last is None or known is None:
                languages[language] = ItemLanguage(hash_, item.updated or self._on.now)
            elif known.revision != item.revision or hash_ != self._told(known, language, last.hash):
                languages[language] = ItemLanguage(hash_, max(self._on.now, last.last_modified))
            else:
                languages[language] = ItemLanguage(hash_, last.last_modified)
        return item.evolve(languages=languages)

    def _told(self, known: Item, language: str, hash_: str) -> str:
        """The hash of what was told: as it is kept; made anew where another version of the view made it."""
        if hash_.startswith(f"{VERSION}.") or known.gone:
            return hash_
        return self._before.hash(known, language)

    @cached_property
    def _before(self) -> Sight:
        """The records as the ledger has them."""
        told = {item.key: as_it_was(item) for item in self._on.ledger if item.is_record and not item.gone}
        return Sight(Localised(told, self._languages), listed(self._on.ledger))


def is_reworded(before: Item, after: Item) -> bool:
    """Whether an item reads differently in some language; a hash of another version alone says nothing."""
    if before.languages.keys() != after.languages.keys():
        return True
    pairs = ((view, after.languages[language]) for language, view in before.languages.items())
    return any(
        old.last_modified != new.last_modified
        or (old.hash != new.hash and old.hash.startswith(f"{VERSION}."))
        for old, new in pairs
    )


def listed(items: Iterable[Item]) -> frozenset[ItemKey]:
    """The topics, organisations, places and series that have a listing."""
    return frozenset(item.key for item in items if item.kind in FACETS and item.is_record and item.is_public)
