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


def catalogue(ledger: Ledger, config: Config) -> Artifact:
    """The catalogue of a ledger's public items."""
    public = sorted((item for item in ledger if item.first_published is not None), key=lambda item: item.ordinal or 0)
    document = {
        "format": FORMAT,
        "identity": config.site.identity,
        "url": config.site.url,
        "items": [_item(item) for item in public],
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
        return Ledger().with_items(_restored(values) for values in document["items"])
    except (ValueError, KeyError, TypeError):
        return None


def _item(item: Item) -> dict[str, Any]:
    shown = {
        "kind": item.kind,
        "id": item.id,
        "uid": item.uid,
        "ordinal": item.ordinal,
        "revision": item.revision,
        "first_published": _text(item.first_published),
        "updated": _text(item.updated),
        "languages": {k: {"hash": v.hash, "last_modified": _text(v.last_modified)} for k, v in sorted(item.languages.items())},
        "values": _withdrawn_values(item) if item.withdrawn or item.gone else item.values,
    }
    if item.parent:
        shown["parent"] = item.parent
    if item.previous and not item.withdrawn:
        shown["previous"] = item.previous
    for name in ("withdrawn", "gone"):
        if moment := getattr(item, name):
            shown[name] = _text(moment)
    return shown


def _withdrawn_values(item: Item) -> dict[str, Any]:
    """What was withdrawn or has left keeps its identity, and says nothing more."""
    values: dict[str, Any] = {"path": item.path, "facts": item.facts} if item.facts else {"path": item.path}
    if item.is_record:
        naming = "title" if "title" in item.values.get("record", {}) else "name"
        values["record"] = {"id": item.id, naming: item.id}
        if item.withdrawn:
            assert item.first_published is not None  # noqa: S101 -- it was public
            day = item.first_published.date().isoformat()
            values["record"] |= {"reported": day, "status": str(Status.WITHDRAWN)}
    return values


def _restored(values: dict[str, Any]) -> Item:
    languages = {
        language: ItemLanguage(view["hash"], datetime.fromisoformat(view["last_modified"]))
        for language, view in values["languages"].items()
    }
    moments = {
        name: datetime.fromisoformat(values[name])
        for name in ("first_published", "updated", "withdrawn", "gone")
        if name in values
    }
    return Item(
        kind=values["kind"],
        id=values["id"],
        parent=values.get("parent", ""),
        uid=values["uid"],
        ordinal=values["ordinal"],
        revision=values["revision"],
        values=values["values"],
        previous=values.get("previous"),
        languages=languages,
        **moments,
    )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
