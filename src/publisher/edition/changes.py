"""What a release changes for readers, told before it is made: the difference of two ledgers, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publisher.edition.brief import brief, difference
from publisher.edition.views import is_reworded
from publisher.model.ledger import Item, Ledger, record_key
from publisher.model.records import FACETS, Kind, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publisher.content.load import Content
    from publisher.diagnostics import Diagnostic

_NEWS = frozenset({Kind.EVENT.value, Kind.ANNOUNCEMENT.value})
_FACETS = frozenset(kind.value for kind in FACETS)
#: What happens to an event and at once to all its parts.
_WHOLE = frozenset(
    {"removed", "withdrawn", "cancelled", "postponed", "returned", "now confirmed", "now tentative"}
)
_REWORDED = "reworded"
#: Verb and detail.
Told = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """One thing that readers (or, for a broken file, only the curator) will notice."""

    verb: str
    #: What it is about: `kind/id`, of a part `event/id/kind/id`; for a broken file its path and line.
    subject: str
    title: str
    detail: str = ""
    significant: bool = False

    @property
    def record(self) -> str:
        """The record it is about, as `Artifact.items` names it."""
        kind, _, rest = self.subject.partition("/")
        return f"{kind}/{rest.partition('/')[0]}"

    @property
    def is_part(self) -> bool:
        """Whether it is about a session, a deadline or a date of an event."""
        return self.subject != self.record

    def as_json(self) -> dict[str, object]:
        """The change for machines."""
        return {
            "verb": self.verb,
            "subject": self.subject,
            "title": self.title,
            "detail": self.detail,
            "significant": self.significant,
        }


def changes(before: Ledger, after: Ledger, content: Content | None = None) -> tuple[Change, ...]:
    """Every change from one ledger to the next, significant ones first, broken files last."""
    found = _without_implied(
        change for item in after for change in _changes_of(before.get(item.key), item, after)
    )
    found.sort(key=lambda c: (not c.significant, c.verb, c.title, c.subject))
    return (*found, *(_broken(content, before) if content else ()))


def _without_implied(found: Iterable[Change]) -> list[Change]:
    """Leave out what goes without saying.

    Sessions and deadlines go the way of their event, and an event whose session moves reads differently.
    """
    every = list(found)
    whole = {change.record for change in every if not change.is_part and change.verb in _WHOLE}
    parts = {change.record for change in every if change.is_part}

    def is_implied(change: Change) -> bool:
        if change.is_part:
            return change.verb in _WHOLE and change.record in whole
        return change.verb == _REWORDED and change.record in parts

    return [change for change in every if not is_implied(change)]


def _changes_of(old: Item | None, new: Item, after: Ledger) -> Iterator[Change]:
    if not new.is_public:
        if old and old.is_public:
            yield _change(_leaving(old, new), new, after, significant=new.is_restored)
        elif _is_newly_scheduled(old, new):
            yield _change(("scheduled", f"for {new.values['record']['publish_at']}"), new, after)
    elif old is None or old.first_published is None:
        if new.is_record or _joins_later(new, after):
            yield _change(_arrival(new), new, after, significant=new.kind in _NEWS or bool(new.revision))
    elif new.revision != old.revision:
        yield _change(_revision(old, new), new, after, significant=True)
    elif old.gone:
        yield _change(("returned", _SAME_ID if new.updated != old.updated else ""), new, after)
    elif new.is_record and is_reworded(old, new):
        yield _change((_REWORDED, "(minor: nobody is told)"), new, after)


#: Of another text under an id that was taken away.
_SAME_ID = "an old id: who has read it sees no new entry; if it is other news, give it an id of its own"


def _leaving(old: Item, new: Item) -> Told:
    """A date of a recurring event that is as its rule says again goes on taking place."""
    return _difference(old.facts, old.time, new) if new.is_restored else ("removed", "leaves without a word")


def _is_newly_scheduled(old: Item | None, new: Item) -> bool:
    waits = new.is_record and not new.gone and "publish_at" in new.values["record"]
    return (
        waits
        and new.kind not in _FACETS
        and (old is None or old.gone is not None or old.values != new.values)
    )


def _joins_later(part: Item, after: Ledger) -> bool:
    """Whether a part becomes public by itself: what comes with its event is told with it."""
    event = after.get(record_key(Kind.EVENT, part.parent))
    return event is None or event.first_published != part.first_published


def _arrival(new: Item) -> Told:
    """A date of a recurring event that is changed was known before: by the rule."""
    if new.previous:
        return _difference(new.previous, new.previous_time, new)
    return "new", brief(new.time) if new.time else ""


def _revision(old: Item, new: Item) -> Told:
    if old.gone:
        return "returned", brief(new.time) if new.time else ""
    return _difference(old.facts, old.time, new)


def _difference(before: dict[str, Any], time: Any, new: Item) -> Told:
    """The most important thing that differs."""
    after = new.facts
    if before.get("status") != after.get("status"):
        return _status(after["status"]), brief(new.time) if new.time else ""
    if time and new.time and time != new.time:
        return "moved", difference(time, new.time)
    if before.get("place") != after.get("place"):
        return "relocated", f"{_places(before)} -> {_places(after)}"
    if before.get("online") != after.get("online"):
        return "online", f"{_online(before)} -> {_online(after)}"
    return "changed", "dates of its recurrence"


def _status(status: str) -> str:
    return status if status in {Status.CANCELLED, Status.POSTPONED, Status.WITHDRAWN} else f"now {status}"


def _places(facts: dict[str, Any]) -> str:
    places = facts.get("place", ())
    named = [place if isinstance(place, str) else ", ".join(place.values()) for place in places]
    return "; ".join(named) or "no place"


def _online(facts: dict[str, Any]) -> str:
    return "none" if "online" not in facts else facts["online"] or "not published"


def _change(told: Told, item: Item, after: Ledger, *, significant: bool = False) -> Change:
    verb, detail = told
    owner = item if item.is_record else after.items[record_key(Kind.EVENT, item.parent)]
    title, subject = owner.record().name_text, f"{owner.kind}/{owner.id}"
    if not item.is_record:
        title, subject = f"{title}: {item.kind} {item.id}", f"{subject}/{item.kind}/{item.id}"
    return Change(verb, subject, title, detail, significant)


def _broken(content: Content, before: Ledger) -> Iterator[Change]:
    """For each file with an error, the first of them and what becomes of its record."""
    released = {item.path: item for item in before if item.is_record}
    broken = {each.path: each for each in content.broken}
    read = {sheet.entry.source.path for sheet in content.sheets}
    first: dict[str, Diagnostic] = {}
    for finding in content.errors:
        first.setdefault(finding.span.path, finding)
    for path, finding in first.items():
        record = broken.get(path)
        known = before.get(record_key(record.kind, record.id)) if record and record.id else None
        item = known or released.get(path)
        twin = item is not None and item.path != path and item.path in read
        if item and item.is_public and not twin:
            last = max((view.last_modified for view in item.languages.values()), default=item.updated)
            detail = f"stays as published on {last:%-d %b %Y}"
        else:
            detail = "is not published" if record else "stays as it was"
        line = finding.span.line
        yield Change("broken", f"{path}:{line}", f"{path.rsplit('/', 1)[-1]}:{line}", detail)
