"""Compares what content says with what the ledger holds, and decides what readers will notice.

The order of things, all pure: (1) for each record, what it should say now (its
file, or its last good version); (2) what is missing becomes a tombstone, stays,
or leaves; (3) each item is new, significantly changed, reworded or the same;
(4) each language's view is dated. The result is a whole new ledger and a list
of changes; nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from publisher.edition.facts import digest, facts_of, parts_of, uid
from publisher.edition.memberships import memberships
from publisher.model.ledger import Item, ItemKey, ItemLanguage, Ledger, record_key
from publisher.model.records import FACETS, Event, Kind, Record, Status
from publisher.model.timing import end_of, instant_of
from publisher.model.translation import dump, localise, texts
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.config import Config
    from publisher.content.load import Content
    from publisher.content.schema import Sheet
    from publisher.model.when import When


@dataclass(frozen=True)
class Desired:
    """What one record should say: its canonical values, and whether its file is there."""

    record: Record
    values: dict[str, Any]


@dataclass
class _Revision:
    """The state of one revise(): inputs, and the items made so far."""

    config: Config
    ledger: Ledger
    now: datetime
    desired: dict[ItemKey, Desired] = field(default_factory=dict)
    gone: set[ItemKey] = field(default_factory=set)
    items: dict[ItemKey, Item] = field(default_factory=dict)

    @property
    def timezone(self) -> str:
        return self.config.site.timezone


def revise(content: Content | None, ledger: Ledger, config: Config, now: datetime, assets: Mapping[str, str] | None = None) -> Ledger:
    """The ledger after a release of `content` at `now` (UTC).

    Without content it is the ledger after nothing but time has passed: what was
    scheduled for a minute that has come is public, everything else is as it was.
    `assets` gives the stored name of each file that stands beside a record.
    """
    work = _Revision(config, ledger, now)
    if content is None:
        _keep_all(work)
    else:
        _take_content(work, content, assets or {})
        _account_for_missing(work, content)
    for key in sorted(work.desired):
        _revise_record(work, key)
    _publish_facets(work)
    _number(work)
    _date_languages(work)
    return ledger.with_items(work.items.values())


def _keep_all(work: _Revision) -> None:
    for item in work.ledger:
        if item.is_record and not item.gone:
            work.desired[item.key] = Desired(item.record(), item.values)
    _expire_tombstones(work)


def _take_content(work: _Revision, content: Content, assets: Mapping[str, str]) -> None:
    for sheet in content.sheets:
        key = record_key(*sheet.key)
        known = work.ledger.get(key)
        if sheet.record.draft:
            # A draft of what is public is work in progress: the last public version stays.
            if known and not known.gone:
                work.desired[key] = Desired(known.record(), known.values)
            continue
        work.desired[key] = Desired(sheet.record, _values(sheet, known, assets))
    for broken in content.broken:
        if broken.id is None:
            continue
        key = record_key(broken.kind, broken.id)
        known = work.ledger.get(key)
        if known and not known.gone and key not in work.desired:
            work.desired[key] = Desired(known.record(), known.values)


def _values(sheet: Sheet, known: Item | None, assets: Mapping[str, str]) -> dict[str, Any]:
    """The canonical values of a record: itself, its translations, and what each translation was made from."""
    before = known.values if known else {}
    translations = {lang: dict(given) for lang, given in sheet.translations.items()}
    for lang in sheet.broken_translations:
        if lang in before.get("translations", {}):
            translations[lang] = before["translations"][lang]
    original = digest(texts(sheet.record))
    basis = {
        lang: before["basis"][lang] if before.get("translations", {}).get(lang) == given else original
        for lang, given in translations.items()
    }
    values: dict[str, Any] = {"record": dump(sheet.record), "path": sheet.entry.source.path}
    if translations:
        values |= {"translations": translations, "basis": basis}
    folder = sheet.entry.source.path.rpartition("/")[0]
    named = [a.file for a in getattr(sheet.record, "attachments", ())]
    named += [sheet.record.image.file] if sheet.record.image else []
    named += [logo] if (logo := getattr(sheet.record, "logo", None)) else []
    if named:
        values["assets"] = {name: assets[f"{folder}/{name}"] for name in sorted(set(named)) if f"{folder}/{name}" in assets}
    return values


def _account_for_missing(work: _Revision, content: Content) -> None:
    """A coming event whose file is gone is cancelled; a listing stays for ever; the rest leaves quietly."""
    unidentified = any(broken.id is None for broken in content.broken)
    for item in work.ledger:
        if not item.is_record or item.gone or item.key in work.desired:
            continue
        if unidentified:  # any missing record may be that file: nothing is taken off the air by a broken one
            work.desired[item.key] = Desired(item.record(), item.values)
        elif item.kind in FACETS and item.first_published:
            work.desired[item.key] = Desired(item.record(), item.values | {"removed": True})
        elif item.kind == Kind.EVENT and item.first_published and _is_coming(work, item):
            _entomb(work, item)
        else:
            work.gone.add(item.key)
    _expire_tombstones(work)


def _is_coming(work: _Revision, item: Item) -> bool:
    return item.time is not None and end_of(item.time, work.timezone) > work.now and not item.withdrawn


def _entomb(work: _Revision, item: Item) -> None:
    record = item.record().model_copy(update={"status": Status.CANCELLED})
    work.desired[item.key] = Desired(record, item.values | {"record": dump(record), "removed": True})


def _expire_tombstones(work: _Revision) -> None:
    """A removed event was cancelled for those who wait for it; once over it leaves."""
    for key, desired in list(work.desired.items()):
        known = work.ledger.get(key)
        if desired.values.get("removed") and known and known.kind == Kind.EVENT and not _is_coming(work, known):
            del work.desired[key]
            work.gone.add(key)


def _revise_record(work: _Revision, key: ItemKey) -> None:
    desired = work.desired[key]
    record = desired.record
    facts = facts_of(record, work.timezone)
    known = work.ledger.get(key)
    values = desired.values | {"facts": facts} if facts else desired.values
    item = _revise_item(work, key, values, known, record)
    if isinstance(record, Event):
        if record.status is Status.WITHDRAWN and item.first_published and not item.withdrawn:
            item = item.evolve(withdrawn=work.now)
        elif record.status is not Status.WITHDRAWN and item.withdrawn:
            item = item.evolve(withdrawn=None)
        _revise_parts(work, record, item, values)
    work.items[key] = item


def _revise_item(work: _Revision, key: ItemKey, values: dict[str, Any], known: Item | None, record: Record) -> Item:
    """The item with its new values: first publication, significant change or neither."""
    first = _first_published(work, record, known)
    if known is None or known.first_published is None:
        item = known or Item(kind=key[0], id=key[1], parent=key[2], uid=uid(key, work.config.authority_host))
        # What cannot be chosen yet (a topic without items) is public only once something belongs to it.
        visible = first if key[0] not in FACETS else None
        return item.evolve(values=values, first_published=visible, updated=visible, gone=None)
    item = known.evolve(values=values, gone=None)
    before, after = known.facts, values.get("facts", {})
    if before == after and not known.gone:
        return item
    moved_at = max(work.now, known.updated or work.now)
    previous = {**before, "until": moved_at.isoformat()} if before != after else known.previous
    return item.evolve(revision=known.revision + 1, previous=previous, updated=moved_at)


def _first_published(work: _Revision, record: Record, known: Item | None) -> datetime | None:
    """publish_at, else date, else the earliest day of a source, else now; never in the future; None while it waits."""
    if known and known.first_published:
        return known.first_published
    if getattr(record, "status", None) is Status.WITHDRAWN:
        return None
    if record.publish_at:
        at = _moment(record.publish_at, work.timezone)
        return at if at <= work.now else None
    dated = [getattr(record, "date", None)]
    if dated == [None]:
        dated = [source.published for source in record.sources]
    known_days = [_moment(when, work.timezone) for when in dated if when is not None and when.is_day]
    return min([*known_days, work.now])


def _moment(when: When, timezone: str) -> datetime:
    """A day begins at its local midnight."""
    if when.clock:
        return instant_of(when, timezone, "publish_at")
    return datetime.combine(when.first(), time(), zone(timezone)).astimezone(UTC)


def _revise_parts(work: _Revision, event: Event, item: Item, values: dict[str, Any]) -> None:
    current = dict(parts_of(event, work.timezone))
    for key, facts in current.items():
        known = work.ledger.get(key)
        part = _revise_item(work, key, {"facts": facts} | _part_texts(work, event, key, values), known, event)
        if item.first_published is None:
            part = part.evolve(first_published=None, updated=None)
        elif known is None or known.first_published is None:
            # A part joins its event: it was not public before the event was, nor before it was there.
            joined = item.first_published if work.ledger.get(item.key) is None or not _was_public(work, item.key) else work.now
            part = part.evolve(first_published=joined, updated=joined)
        work.items[key] = part
    for known in work.ledger.parts(event.id):
        if known.key not in current and not known.gone:
            work.items[known.key] = _retire_part(work, known)


def _was_public(work: _Revision, key: ItemKey) -> bool:
    known = work.ledger.get(key)
    return known is not None and known.first_published is not None


def _part_texts(work: _Revision, event: Event, key: ItemKey, values: dict[str, Any]) -> dict[str, Any]:
    """What a reader sees of a part in each language: kept so that a removed part can still be told."""
    kind, id_, _ = key
    views: dict[str, Any] = {}
    for language in work.config.site.languages:
        local = localise(event, values.get("translations", {}).get(language))
        if kind == "occurrence":
            parts = local.recurrence.changed if local.recurrence else ()
            views[language] = next((dump(p) for p in parts if str(p.occurrence) == id_), {})
        else:
            parts = local.sessions if kind == "session" else local.deadlines
            views[language] = next((dump(p) for p in parts if p.id == id_), {})
    return {"part": views}


def _retire_part(work: _Revision, known: Item) -> Item:
    """A coming session or deadline that was taken out is cancelled for those who have it; others leave."""
    coming = known.first_published is not None and _is_coming(work, known)
    if known.kind == "occurrence" or not coming:
        return known.evolve(gone=work.now)
    if known.facts.get("status") == Status.CANCELLED:
        return known
    facts = known.facts | {"status": str(Status.CANCELLED)}
    previous = known.facts | {"until": work.now.isoformat()}
    values = known.values | {"facts": facts, "removed": True}
    return known.evolve(values=values, revision=known.revision + 1, previous=previous, updated=work.now)


def _publish_facets(work: _Revision) -> None:
    """A topic, organisation, place or series is public from its first item on, then for ever."""
    records = {key: d.record for key, d in work.desired.items()}
    parents = {(Kind(k[0]), k[1]): r.parent for k, r in records.items() if (Kind(k[0]) in FACETS and getattr(r, "parent", None))}
    events = {k[1]: r for k, r in records.items() if isinstance(r, Event)}
    first: dict[ItemKey, datetime] = {}
    for key, record in records.items():
        item = work.items[key]
        if item.kind in FACETS or item.first_published is None or item.withdrawn:
            continue
        for member in memberships(record, events, parents):
            facet = record_key(*member)
            first[facet] = min(first.get(facet, item.first_published), item.first_published)
    for key, since in first.items():
        facet_item = work.items.get(key)
        if facet_item and facet_item.first_published is None:
            work.items[key] = facet_item.evolve(first_published=since, updated=since)
    for key in work.gone:
        known = work.ledger.items[key]
        work.items[key] = known.evolve(gone=work.now)
        for part in work.ledger.parts(key[1]) if key[0] == Kind.EVENT else ():
            if not part.gone:
                work.items[part.key] = part.evolve(gone=work.now)


def _number(work: _Revision) -> None:
    """Count items in the order in which they became public: closed archives never reorder."""
    last = max((item.ordinal for item in work.ledger if item.ordinal is not None), default=0)
    fresh = [item for item in work.items.values() if item.ordinal is None and item.first_published is not None]
    fresh.sort(key=lambda item: (item.first_published, item.key))
    for ordinal, item in enumerate(fresh, last + 1):
        work.items[item.key] = item.evolve(ordinal=ordinal)


def _date_languages(work: _Revision) -> None:
    """Move last_modified of each language in which an item now reads differently."""
    names = {key: d for key, d in work.desired.items() if key[0] in FACETS}
    for key, item in list(work.items.items()):
        if item.first_published is None:
            continue
        known = work.ledger.get(key)
        languages = {
            language: _dated(work, item, known, language, digest(_view(work, item, language, names)))
            for language in work.config.site.languages
        }
        work.items[key] = item.evolve(languages=languages)


def _dated(work: _Revision, item: Item, known: Item | None, language: str, hash_: str) -> ItemLanguage:
    before = known.languages.get(language) if known else None
    if before is None:
        return ItemLanguage(hash_, item.updated or work.now)
    if before.hash == hash_ and known is not None and known.revision == item.revision:
        return before
    return ItemLanguage(hash_, max(work.now, before.last_modified))


def _view(work: _Revision, item: Item, language: str, names: Mapping[ItemKey, Desired]) -> dict[str, Any]:
    """All that a reader of a language sees of an item, the names of what it refers to included."""
    if not item.is_record:
        return {"facts": item.facts, "part": item.values.get("part", {}).get(language)}
    desired = work.desired.get(item.key)
    record = desired.record if desired else item.record()
    local = localise(record, item.values.get("translations", {}).get(language))
    named = {
        f"{kind}/{id_}": localised_name(names[record_key(kind, id_)], language)
        for kind, id_ in memberships(record, {}, {})
        if record_key(kind, id_) in names
    }
    return {"record": dump(local), "names": named, "assets": item.values.get("assets")}


def localised_name(desired: Desired, language: str) -> dict[str, Any]:
    """What other records show of a facet: its name and whereabouts in a language."""
    local = localise(desired.record, desired.values.get("translations", {}).get(language))
    return {k: v for k, v in dump(local).items() if k in {"name", "address", "city", "country", "geo", "url"}}
