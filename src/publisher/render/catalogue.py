"""catalogue.json: the public facts of every public item, for machines, and for a lost ledger.

It holds nothing that is not public, and everything that identity needs: with
it and content/, a site whose database is lost goes on as if it were not.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from publisher.model.artifact import Artifact, Stage
from publisher.model.ledger import Item, ItemLanguage, Ledger
from publisher.model.records import Status

if TYPE_CHECKING:
    from publisher.config import Config

PATH = "catalogue.json"
FORMAT = 1
#: Stands for an address that is not published, until content/ is read again (RFC 2606 section 2).
_UNPUBLISHED = "https://not-published.invalid/"
_MOMENTS = ("first_published", "updated", "withdrawn", "gone")


def catalogue(ledger: Ledger, config: Config) -> Artifact:
    """The catalogue of a ledger's public items."""
    public = [item for item in ledger if item.first_published is not None]
    public.sort(key=lambda item: item.ordinal or 0)
    document = {
        "format": FORMAT,
        "identity": config.site.identity,
        "url": config.site.url,
        "items": [_shown(item) for item in public],
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    names = frozenset(f"{i.kind}/{i.id}" if i.is_record else f"event/{i.parent}" for i in public)
    return Artifact(PATH, text.encode(), Stage.CATALOGUE, names)


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
    if item.gone is None:
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
