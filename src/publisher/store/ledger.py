"""Reads and writes the ledger: one function a statement, no query is built anywhere else."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from publisher.model.archives import Archives
from publisher.model.ledger import Item, ItemKey, ItemLanguage, Ledger
from publisher.store.tables import edition, item, item_language, schedule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

COMMITTED, DONE = "committed", "done"


@dataclass(frozen=True, kw_only=True)
class EditionHead:
    """A release: when it was decided (UTC), for which local date, how far it came."""

    number: int
    now: datetime
    today: date
    state: str


@dataclass(frozen=True, kw_only=True)
class EditionRow(EditionHead):
    """A release with the files that it makes: path below build/ -> hash of its bytes."""

    manifest: Mapping[str, str]


def load_ledger(connection: Connection) -> Ledger:
    """Every item with its languages."""
    languages: defaultdict[ItemKey, dict[str, ItemLanguage]] = defaultdict(dict)
    for row in connection.execute(select(item_language)):
        languages[row.kind, row.id, row.parent][row.language] = ItemLanguage(row.hash, row.last_modified)
    items = {}
    for row in connection.execute(select(item).order_by(item.c.kind, item.c.parent, item.c.id)):
        values = dict(row._mapping)  # noqa: SLF001 -- the documented way to a row's columns
        key = (row.kind, row.id, row.parent)
        items[key] = Item(**values, languages=languages.get(key, {}))
    return Ledger(items)


def save_items(connection: Connection, before: Ledger, after: Ledger) -> int:
    """Write the items that differ; returns how many."""
    changed = [entry for entry in after if before.get(entry.key) != entry]
    if replaced := [entry.key for entry in changed if before.get(entry.key)]:
        _delete_items(connection, replaced)
    if changed:
        connection.execute(insert(item), [_item_row(entry) for entry in changed])
    rows = [_language_row(entry, name, view) for entry in changed for name, view in entry.languages.items()]
    if rows:
        connection.execute(insert(item_language), rows)
    return len(changed)


def _delete_items(connection: Connection, keys: Iterable[ItemKey]) -> None:
    """Drop items and what is kept of their languages."""
    named = [{"its_kind": kind, "its_id": id_, "its_parent": parent} for kind, id_, parent in keys]
    for table in (item_language, item):
        is_it = (table.c[name] == bindparam(f"its_{name}") for name in ("kind", "id", "parent"))
        connection.execute(delete(table).where(*is_it), named)


def _item_row(entry: Item) -> dict[str, Any]:
    return {column.name: getattr(entry, column.name) for column in item.columns}


def _language_row(entry: Item, language: str, view: ItemLanguage) -> dict[str, Any]:
    identity = {"kind": entry.kind, "id": entry.id, "parent": entry.parent, "language": language}
    return identity | {"hash": view.hash, "last_modified": view.last_modified}


def waiting(connection: Connection) -> list[Item]:
    """The records that are released and not public: they wait for a minute, or to be chosen by something."""
    is_waiting = (item.c.parent == "", item.c.first_published.is_(None), item.c.gone.is_(None))
    rows = connection.execute(select(item).where(*is_waiting))
    return [Item(**dict(row._mapping)) for row in rows]  # noqa: SLF001 -- the documented way to a row's columns


def newest_edition(connection: Connection) -> EditionHead | None:
    """The newest release, without its manifest: there may be a hundred thousand files in that."""
    columns = (edition.c.number, edition.c.now, edition.c.today, edition.c.state)
    row = connection.execute(select(*columns).order_by(edition.c.number.desc()).limit(1)).first()
    if row is None:
        return None
    return EditionHead(number=row.number, now=row.now, today=date.fromisoformat(row.today), state=row.state)


def last_edition(connection: Connection) -> EditionRow | None:
    """The newest release."""
    row = connection.execute(select(edition).order_by(edition.c.number.desc()).limit(1)).first()
    return _edition(row) if row else None


def _edition(row: Any) -> EditionRow:
    return EditionRow(
        number=row.number,
        now=row.now,
        today=date.fromisoformat(row.today),
        manifest=row.manifest,
        state=row.state,
    )


def add_edition(connection: Connection, now: datetime, today: date, manifest: Mapping[str, str]) -> int:
    """Begin a release: its number; it is committed, not done."""
    number = (connection.execute(select(func.max(edition.c.number))).scalar() or 0) + 1
    values = {
        "number": number,
        "now": now,
        "today": today.isoformat(),
        "manifest": dict(manifest),
        "state": COMMITTED,
    }
    connection.execute(insert(edition).values(values))
    return number


def finish_edition(connection: Connection, number: int) -> None:
    """Mark a release done. What older ones had and this one has not is deleted now, so their manifests go."""
    connection.execute(update(edition).where(edition.c.number == number).values(state=DONE))
    connection.execute(update(edition).where(edition.c.number < number).values(manifest={}))
    connection.execute(delete(edition).where(edition.c.number <= number - KEPT_EDITIONS))


#: How many releases `status` can look back on.
KEPT_EDITIONS = 20


def remembered(connection: Connection, name: str) -> tuple[str, datetime] | None:
    """What the schedule noted under a name, and when."""
    row = connection.execute(select(schedule).where(schedule.c.name == name)).first()
    return (row.value, row.at) if row else None


def remember(connection: Connection, name: str, value: str, at: datetime) -> None:
    """Note something for later ticks."""
    forget(connection, [name])
    connection.execute(insert(schedule).values(name=name, value=value, at=at))


def forget(connection: Connection, names: Iterable[str]) -> None:
    """Drop notes."""
    connection.execute(delete(schedule).where(schedule.c.name.in_(list(names))))


#: What stands before the id of a named combination among what is remembered, by its section of the settings.
_NAMED = {"calendars": "calendar.", "feeds": "named-feed."}


def named(connection: Connection, section: str) -> dict[str, tuple[str, datetime]]:
    """Each named combination that was ever published: as it was declared last, and when that was released."""
    start = _NAMED[section]
    rows = select(schedule).where(schedule.c.name.startswith(start)).order_by(schedule.c.name)
    return {row.name.removeprefix(start): (row.value, row.at) for row in connection.execute(rows)}


def remember_named(connection: Connection, section: str, id_: str, declared: str, at: datetime) -> None:
    """Note how a combination is declared: it is served so for ever, unless it is declared otherwise."""
    remember(connection, f"{_NAMED[section]}{id_}", declared, at)


_ARCHIVES = "feed.archives"


def archives(connection: Connection) -> Archives:
    """Where the closed archives of feeds end."""
    known = remembered(connection, _ARCHIVES)
    return Archives.of_json(json.loads(known[0])) if known else Archives()


def remember_archives(connection: Connection, archives: Archives, at: datetime) -> None:
    """Note where they end, those closed at an instant included."""
    remember(connection, _ARCHIVES, json.dumps(archives.as_json()), at)


def paths_of_editions(connection: Connection) -> set[str]:
    """Every path that a remembered edition has or was to have: what may be ours to delete."""
    return {path for row in connection.execute(select(edition.c.manifest)) for path in row.manifest}
