"""What a release changes for readers, told before it is made: the difference of two ledgers, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publisher.model.ledger import Item, Ledger, record_key
from publisher.model.records import FACETS, Kind
from publisher.model.when import Days, Hours, Time, Unknown, decode_time
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from publisher.content.load import Content


@dataclass(frozen=True)
class Change:
    """One thing that readers (or, for a broken file, only the curator) will notice."""

    verb: str
    #: The record it is about, `kind/id`; for a broken file its path and line.
    subject: str
    title: str
    detail: str = ""
    significant: bool = False

    def as_json(self) -> dict[str, object]:
        """The change for machines."""
        return {"verb": self.verb, "subject": self.subject, "title": self.title, "detail": self.detail, "significant": self.significant}


def changes(before: Ledger, after: Ledger, content: Content | None = None) -> tuple[Change, ...]:
    """Every change from one ledger to the next, significant ones first, broken files last."""
    found = [change for item in after for change in _changes_of(before.get(item.key), item, after)]
    found.sort(key=lambda c: (not c.significant, c.verb, c.title, c.subject))
    return (*found, *(_broken(content, before) if content else ()))


def _changes_of(old: Item | None, new: Item, after: Ledger) -> Iterator[Change]:
    was, now = bool(old and old.is_public), new.is_public
    if not now:
        if was:
            yield _change("removed", new, after, detail="leaves without a word", significant=False)
        elif new.is_record and not new.gone and (old is None or old.gone or old.values != new.values) and Kind(new.kind) not in FACETS:
            yield _change("scheduled", new, after, detail=f"for {new.values['record'].get('publish_at', 'later')}")
        return
    if not was or old is None:
        if new.is_record or (event := after.get(record_key(Kind.EVENT, new.parent))) is None or event.first_published != new.first_published:
            yield _change("new", new, after, detail=_when(new), significant=new.kind in {Kind.EVENT, Kind.ANNOUNCEMENT})
        return
    if new.revision != old.revision:
        verb, detail = _significant(old, new)
        yield _change(verb, new, after, detail=detail, significant=True)
    elif any(old.languages.get(lang) != now_ for lang, now_ in new.languages.items()) and new.is_record:
        yield _change("reworded", new, after, detail="(minor: nobody is told)")


def _significant(old: Item, new: Item) -> tuple[str, str]:
    before, after = old.facts, new.facts
    if old.gone:
        return "returned", _when(new)
    if before.get("status") != after.get("status"):
        status = str(after.get("status"))
        return (status if status in {"cancelled", "postponed", "withdrawn"} else f"now {status}"), _when(new)
    if before.get("time") != after.get("time") and new.time and old.time:
        return "moved", difference(old.time, new.time)
    if before.get("place") != after.get("place"):
        return "relocated", f"{_places(before)} -> {_places(after)}"
    if before.get("online") != after.get("online"):
        return "online", f"{before.get('online', 'none')} -> {after.get('online', 'none')}"
    return "changed", "dates of its recurrence"


def _places(facts: dict[str, Any]) -> str:
    names = [p if isinstance(p, str) else str(p.get("name", "")) for p in facts.get("place", [])]
    return ", ".join(names) or "no place"


def _change(verb: str, item: Item, after: Ledger, *, detail: str = "", significant: bool = False) -> Change:
    owner = item if item.is_record else after.items[record_key(Kind.EVENT, item.parent)]
    title = owner.record().name_text
    subject = f"{owner.kind}/{owner.id}"
    if not item.is_record:
        title, subject = f"{title}: {item.kind} {item.id}", f"{subject}/{item.kind}/{item.id}"
    return Change(verb, subject, title, detail, significant)


def _broken(content: Content, before: Ledger) -> Iterator[Change]:
    told: set[str] = set()
    broken = {b.path: b for b in content.broken}
    for finding in content.errors:
        path = finding.span.path
        if path in told:
            continue
        told.add(path)
        record = broken.get(path)
        item = before.get(record_key(record.kind, record.id)) if record and record.id else None
        if item and item.is_public:
            last = max((lang.last_modified for lang in item.languages.values()), default=item.updated)
            detail = f"stays as published on {last:%-d %b %Y}"
        else:
            detail = "is not published" if record else "stays as it was"
        yield Change("broken", f"{path}:{finding.span.line}", f"{path.rsplit('/', 1)[-1]}:{finding.span.line}", detail)


def _when(item: Item) -> str:
    return short(item.time) if item.time else ""


def difference(before: Time, after: Time) -> str:
    """Two times as an arrow, the year only once when it is the same: `11-13 Jun -> 12-14 Jun 2026`."""
    old, new = short(before), short(after)
    same_year = old[-4:] == new[-4:] and isinstance(before, Days) and isinstance(after, Days)
    return f"{old[:-5] if same_year else old} -> {new}"


def short(moment: Time) -> str:
    """A time for a terminal, in English: `11-13 Jun 2026`, `6 Sep 2027 09:00-11:30`."""
    match moment:
        case Days(first, last):
            return _days(first, last)
        case Hours(start, end, timezone):
            begin = start.astimezone(zone(timezone))
            text = f"{begin:%-d %b %Y %H:%M}"
            if end is None:
                return text
            finish = end.astimezone(zone(timezone))
            return f"{text}-{finish:%H:%M}" if finish.date() == begin.date() else f"{text} - {finish:%-d %b %Y %H:%M}"
        case Unknown(start, end, reported):
            if reported:
                return f"reported {_days(reported, reported)}"
            return f"{start}" + (f" to {end}" if end else "")


def _days(first: date, last: date) -> str:
    if first == last:
        return f"{first:%-d %b %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}-{last:%-d %b %Y}"
    if first.year == last.year:
        return f"{first:%-d %b} - {last:%-d %b %Y}"
    return f"{first:%-d %b %Y} - {last:%-d %b %Y}"
