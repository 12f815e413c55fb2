"""What the ledger keeps of everything that was ever public, by item.

An item is a record, or a part of an event with an identity of its own in
calendars: a session, a deadline, a changed occurrence. Identity never changes;
`revision` is the SEQUENCE of RFC 5545 section 3.8.7.4, one for all languages.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from publisher.model.records import RECORD_TYPES, Kind, Record
from publisher.model.when import Days, Hours, Time, Unknown, decode_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: The parts of an event that are items of their own.
SESSION, DEADLINE, OCCURRENCE = "session", "deadline", "occurrence"
#: The id of the deadline that an event has by the end of its registration; the theme knows its name.
REGISTRATION = "registration-closes"

#: kind, id, and for a part the id of its event.
ItemKey: TypeAlias = tuple[str, str, str]


def record_key(kind: Kind, id_: str) -> ItemKey:
    """The key of a record's item."""
    return (kind.value, id_, "")


@dataclass(frozen=True)
class ItemLanguage:
    """An item as one language's readers see it: a hash of that, and when it last changed (UTC)."""

    hash: str
    last_modified: datetime


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of the ledger. Instants are UTC."""

    kind: str
    id: str
    parent: str = ""
    uid: str
    #: The order in which items became public; None while it is only scheduled.
    ordinal: int | None = None
    revision: int = 0
    #: The canonical public values: for a record the record itself with its translations, for all the facts.
    values: dict[str, Any] = field(default_factory=dict)
    #: What it was before: the other facts before the last significant change, the time before the last move,
    #: and the last change's instant under "until".
    previous: dict[str, Any] | None = None
    first_published: datetime | None = None
    #: The last significant change; RFC 4287 section 4.2.15.
    updated: datetime | None = None
    withdrawn: datetime | None = None
    #: When it left the air without a trace for readers: it comes back under the same identity.
    gone: datetime | None = None
    languages: Mapping[str, ItemLanguage] = field(default_factory=dict)

    @property
    def key(self) -> ItemKey:
        """What identifies it in the ledger."""
        return (self.kind, self.id, self.parent)

    @property
    def is_record(self) -> bool:
        """Whether it is a record, not a part of one."""
        return not self.parent

    @property
    def is_public(self) -> bool:
        """Whether readers can see it now (a withdrawn one only says that it was withdrawn)."""
        return self.first_published is not None and self.gone is None

    @property
    def facts(self) -> dict[str, Any]:
        """The significant facts: time, place, online address, status."""
        facts: dict[str, Any] = self.values.get("facts", {})
        return facts

    @property
    def time(self) -> Time | None:
        """When it takes place, for an event or a part of one that was not withdrawn."""
        return decode_time(self.facts["time"]) if "time" in self.facts else None

    @property
    def previous_time(self) -> Time | None:
        """When it was to take place before it last moved, if it ever did."""
        before = (self.previous or {}).get("time")
        return decode_time(before) if before is not None and before != self.facts.get("time") else None

    @property
    def history(self) -> tuple[dict[str, Any], ...]:
        """What its facts were before each of its last significant changes, oldest first, "until" when."""
        return tuple(self.values.get("history", ()))

    @property
    def public_since(self) -> datetime | None:
        """Since when readers can see it: after `first_published` where it bears an earlier date."""
        late = self.values.get("public_since")
        return datetime.fromisoformat(late) if late else self.first_published

    @property
    def last_day(self) -> Days | Hours | None:
        """The last time known to the day, of an event whose day was told and is no longer known."""
        told = decode_time(self.values["last_day"]) if "last_day" in self.values else None
        return None if isinstance(told, Unknown) else told

    @property
    def translations(self) -> Mapping[str, dict[str, Any]]:
        """What each translation gives, by language."""
        translations: Mapping[str, dict[str, Any]] = self.values.get("translations", {})
        return translations

    @property
    def assets(self) -> Mapping[str, str]:
        """The files beside its record, scheduled or public: their names and under which they are stored."""
        assets: Mapping[str, str] = self.values.get("assets", {})
        return assets

    @property
    def path(self) -> str:
        """The file it was last released from."""
        return str(self.values.get("path", ""))

    @property
    def removed(self) -> bool:
        """Whether its file was taken away while it had to stay."""
        return bool(self.values.get("removed"))

    @property
    def is_restored(self) -> bool:
        """Whether it is a date of an event that repeats, told as changed, and as the rule says again."""
        return self.gone is not None and bool(self.values.get("restored"))

    def record(self) -> Record:
        """The record as last released, in its own language."""
        return self._record

    @cached_property
    def _record(self) -> Record:
        return RECORD_TYPES[Kind(self.kind)].model_validate(self.values["record"])

    def evolve(self, **changes: Any) -> Item:
        """A copy with other values."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Ledger:
    """All items, by key."""

    items: Mapping[ItemKey, Item] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items.values())

    def get(self, key: ItemKey) -> Item | None:
        """The item of a key, if it was ever known."""
        return self.items.get(key)

    def parts(self, event: str) -> tuple[Item, ...]:
        """The items of an event's parts, those that have left included."""
        return self._parts.get(event, ())

    @cached_property
    def _parts(self) -> Mapping[str, tuple[Item, ...]]:
        found: defaultdict[str, list[Item]] = defaultdict(list)
        for item in self:
            if item.parent:
                found[item.parent].append(item)
        return {event: tuple(parts) for event, parts in found.items()}

    def with_items(self, items: Iterable[Item]) -> Ledger:
        """A ledger in which these items are as given."""
        return Ledger({**self.items, **{item.key: item for item in items}})
