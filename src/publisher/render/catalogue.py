"""catalogue.json: the public facts of every public item, for machines, and for a lost ledger.

It holds nothing that is not public, and everything that identity needs: with
it and content/, a site whose database is lost goes on as if it were not.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from publisher.config import Combination
from publisher.model.archives import Archives
from publisher.model.artifact import Artifact, Stage
from publisher.model.ledger import Item, ItemLanguage, Ledger
from publisher.model.records import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from publisher.config import Config
    from publisher.model.edition import Edition

PATH = "catalogue.json"
FORMAT = 1
#: Stands for an address that is not published, until content/ is read again (RFC 2606 section 2).
_UNPUBLISHED = "https://not-published.invalid/"
_MOMENTS = ("first_published", "updated", "withdrawn", "gone")


def catalogue(edition: Edition, ledger: Ledger, retired: Iterable[str] = ()) -> Artifact:
    """The catalogue of a ledger's public items, and of the addresses that go on being served.

    It is made when all else is rendered: that closes archives. `retired` are the
    paths of files that are there for whoever still asks for them.
    """
    config = edition.config
    public = [item for item in ledger if item.first_published is not None]
    public.sort(key=lambda item: item.ordinal or 0)
    document: dict[str, Any] = {
        "format": FORMAT,
        "identity": config.site.identity,
        "url": config.site.url,
        "items": [_shown(item) for item in public],
    }
    if calendars := edition.named_calendars:
        document["calendars"] = {id_: declaration(each) for id_, each in calendars.items()}
    if feeds := edition.named_feeds:
        document["feeds"] = {id_: declaration(each) for id_, each in feeds.items()}
    if archives := edition.archives.as_json():
        document["archives"] = archives
    if kept := sorted(retired):
        document["retired"] = kept
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    names = frozenset(f"{i.kind}/{i.id}" if i.is_record else f"event/{i.parent}" for i in public)
    return Artifact(PATH, text.encode(), Stage.CATALOGUE, names)


def declaration(combination: Combination) -> dict[str, Any]:
    """A named combination as plain values, as publisher.toml has it."""
    return combination.model_dump(mode="json", exclude_defaults=True)


def named_of(text: str, config: Config, section: str) -> dict[str, Combination]:
    """The named `calendars` or `feeds` that a catalogue tells of, as they were declared last."""
    found = _told(text, config, section)
    return read_declarations(found) if isinstance(found, dict) else {}


def read_declarations(declared: Mapping[str, Any]) -> dict[str, Combination]:
    """Named combinations from plain values; what is none is left out."""
    read = {}
    for id_, values in declared.items():
        with suppress(ValueError):
            read[id_] = Combination.model_validate(values)
    return read


def archives_of(text: str, config: Config) -> Archives:
    """Where the closed archives of a catalogue's feeds end."""
    return Archives.of_json(_told(text, config, "archives"))


def retired_of(text: str, config: Config) -> set[str]:
    """The paths that a catalogue's site went on serving with nothing in them."""
    found = _told(text, config, "retired")
    return {path for path in found if isinstance(path, str)} if isinstance(found, list) else set()


def _told(text: str, config: Config, name: str) -> object:
    try:
        document = json.loads(text)
    except ValueError:
        return None
    is_ours = isinstance(document, dict) and document.get("identity") == config.site.identity
    return document.get(name) if is_ours and document.get("format") == FORMAT else None


def restore(text: str, config: Config) -> Ledger | None:
    """The ledger that a catalogue tells of; None where it is no catalogue of this site."""
    try:
        document = json.loads(text)
        if document["format"] != FORMAT or document["identity"] != config.site.identity:
            return None
        return Ledger().with_items([_restored(values) for values in document["items"]])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _shown(item: Item) -> dict[str, Any]:
    """An item as everybody may see it."""
    shown: dict[str, Any] = {
        "kind": item.kind,
        "id": item.id,
        "uid": item.uid,
        "ordinal": item.ordinal,
        "revision": item.revision,
        "languages": {name: _view(view) for name, view in item.languages.items()},
    }
    shown |= {name: moment.isoformat() for name in _MOMENTS if (moment := getattr(item, name))}
    if item.parent:
        shown["parent"] = item.parent
    if item.gone is None or item.is_restored:
        shown["values"] = _values(item)
        if item.previous and not item.withdrawn:
            shown["previous"] = item.previous
    return shown


def _view(view: ItemLanguage) -> dict[str, str]:
    return {"hash": view.hash, "last_modified": view.last_modified.isoformat()}


def _values(item: Item) -> dict[str, Any]:
    if item.withdrawn:
        return _withdrawn_values(item)
    online = item.values.get("record", {}).get("online")
    if online and not online.get("public", True):
        told = {name: value for name, value in online.items() if name != "url"}
        return item.values | {"record": item.values["record"] | {"online": told}}
    return item.values


def _withdrawn_values(item: Item) -> dict[str, Any]:
    """What was withdrawn keeps its identity, and says nothing more."""
    assert item.first_published is not None  # noqa: S101 -- it was public
    day = item.first_published.date().isoformat()
    record = {"id": item.id, "title": item.id, "reported": day, "status": str(Status.WITHDRAWN)}
    return {"facts": item.facts, "record": record}


def _restored(shown: dict[str, Any]) -> Item:
    values = shown.get("values", {})
    if "online" in values.get("record", {}):
        values["record"]["online"].setdefault("url", _UNPUBLISHED)
    item = Item(
        kind=shown["kind"],
        id=shown["id"],
        parent=shown.get("parent", ""),
        uid=shown["uid"],
        ordinal=int(shown["ordinal"]),
        revision=int(shown["revision"]),
        values=values,
        previous=shown.get("previous"),
        languages={name: _restored_view(view) for name, view in shown["languages"].items()},
        **{name: datetime.fromisoformat(shown[name]) for name in _MOMENTS if name in shown},
    )
    if item.is_record and item.gone is None:
        item.record()  # it must be one
    return item


def _restored_view(view: dict[str, str]) -> ItemLanguage:
    return ItemLanguage(view["hash"], datetime.fromisoformat(view["last_modified"]))
