"""What each record should say from now on: as its file says, or as it last did.

Nothing good is ever lost by a mistake. A broken file, a draft of what is public
and a translation that cannot be read leave what was released before. A file
that is gone was taken away on purpose: a coming event is then cancelled, a
listing stays for ever, everything else leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publisher.content.references import files_in_bodies
from publisher.edition.ends import item_end
from publisher.edition.facts import digest
from publisher.model.fields import read_id
from publisher.model.ledger import Item, ItemKey, Ledger, record_key
from publisher.model.records import FACETS, Kind, Record, Status
from publisher.model.translation import dump, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.content.load import Content
    from publisher.content.schema import Sheet
    from publisher.edition.occasion import Occasion


@dataclass(frozen=True)
class Wanted:
    """One record as it should be: itself, and its canonical values."""

    record: Record
    values: dict[str, Any]


def wanted(content: Content | None, on: Occasion, assets: Mapping[str, str]) -> dict[ItemKey, Wanted]:
    """Every record that is to be public or to wait for its minute; what the ledger has beside it leaves.

    Without content everything stays as it was, but for events that were removed and are over.
    """
    said = _said(content, on.ledger, assets) if content else {}
    drafts = {record_key(*sheet.key) for sheet in content.sheets if sheet.record.draft} if content else set()
    lost = content is not None and _has_unidentified(content, on.ledger)
    for item in on.ledger:
        if not item.is_record or item.gone or item.key in said or item.key in drafts:
            continue
        left = as_it_was(item) if content is None or lost else _without_file(item)
        if left and not _is_over(left, item, on):
            said[item.key] = left
    return said


def _said(content: Content, ledger: Ledger, assets: Mapping[str, str]) -> dict[ItemKey, Wanted]:
    """What files say; where one cannot be read, what it said when it last could."""
    said = {}
    for sheet in content.sheets:
        key = record_key(*sheet.key)
        known = ledger.get(key)
        if not sheet.record.draft:
            said[key] = Wanted(sheet.record, _values(sheet, known, assets))
        elif known and known.is_public:  # work in progress on what is public: readers see the last version
            said[key] = as_it_was(known)
    for item in _last_good(content, ledger):
        said.setdefault(item.key, as_it_was(item))
    return said


def _last_good(content: Content, ledger: Ledger) -> Iterator[Item]:
    """The items of broken files: by the id that can still be read, and by the path of their last release."""
    released = _by_path(ledger)
    for broken in content.broken:
        known = ledger.get(record_key(broken.kind, broken.id)) if broken.id else None
        for item in (known, released.get(broken.path)):
            if item and not item.gone:
                yield item


def _by_path(ledger: Ledger) -> dict[str, Item]:
    return {item.path: item for item in ledger if item.is_record and not item.gone}


def _has_unidentified(content: Content, ledger: Ledger) -> bool:
    """Whether a broken file may be any record at all: then no missing one counts as taken away."""
    released = _by_path(ledger)
    return any(broken.path not in released and not _is_id(broken.id) for broken in content.broken)


def _is_id(text: str | None) -> bool:
    try:
        return text is not None and bool(read_id(text))
    except ValueError:
        return False


def _without_file(item: Item) -> Wanted | None:
    """What remains of a record whose file was taken away; None where it simply leaves."""
    if item.first_published is None or item.withdrawn:
        return None
    if item.kind in FACETS:
        return Wanted(item.record(), item.values | {"removed": True})
    if item.kind == Kind.EVENT:
        record = item.record().model_copy(update={"status": Status.CANCELLED})
        return Wanted(record, item.values | {"record": dump(record), "removed": True})
    return None


def _is_over(left: Wanted, item: Item, on: Occasion) -> bool:
    """Whether a removed event no longer needs to be told of: nobody waits for it any more."""
    tombstone = item.kind == Kind.EVENT and left.values.get("removed", False)
    return tombstone and item_end(item, on.ledger.parts(item.id), on.timezone) <= on.now


def as_it_was(item: Item) -> Wanted:
    """The record as it was last released."""
    return Wanted(item.record(), item.values)


def _values(sheet: Sheet, known: Item | None, assets: Mapping[str, str]) -> dict[str, Any]:
    """The canonical values of a record: itself, its translations, and what each translation was made from."""
    values: dict[str, Any] = {"record": dump(sheet.record), "path": sheet.entry.source.path}
    if translations := _translations(sheet, known):
        values |= {"translations": translations, "basis": _basis(sheet, known, translations)}
    folder = sheet.entry.source.path.rpartition("/")[0]
    paths = {name: f"{folder}/{name}" for name in sorted({*_files(sheet)})}
    if stored := {name: assets[path] for name, path in paths.items() if path in assets}:
        values["assets"] = stored
    return values


def _translations(sheet: Sheet, known: Item | None) -> dict[str, Any]:
    before = known.translations if known else {}
    last_good = {lang: before[lang] for lang in sheet.broken_translations if lang in before}
    return {**sheet.translations, **last_good}


def _basis(sheet: Sheet, known: Item | None, translations: Mapping[str, Any]) -> dict[str, str]:
    """For each translation, a hash of the original's texts when the translation was last touched."""
    before = known.translations if known else {}
    kept = known.values.get("basis", {}) if known else {}
    basis = {
        lang: kept[lang] for lang, given in translations.items() if lang in kept and before[lang] == given
    }
    if basis.keys() != translations.keys():
        basis = dict.fromkeys(translations, digest(texts(sheet.record))) | basis
    return basis


def _files(sheet: Sheet) -> Iterator[str]:
    """The files beside a record that it names, in its fields or in its text."""
    record = sheet.record
    yield from (attachment.file for attachment in getattr(record, "attachments", ()))
    if record.image:
        yield record.image.file
    if logo := getattr(record, "logo", None):
        yield logo
    yield from files_in_bodies(record, sheet.translations.values())
