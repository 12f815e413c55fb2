"""Makes an edition public, in an order that survives a kill at any moment.

1. One transaction commits the ledger, the edition and its manifest.
2. The files are written, from the committed ledger.
3. The edition is marked done.

Killed before 1, nothing has happened. Killed after it, the next run finds an
edition that is committed and not done, and completes it: from the same ledger
and the same date, so with the same stamps and the same bytes.
"""

from __future__ import annotations

import fcntl
import gc
import json
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING

from publisher import build
from publisher.content.combinations import unknown_choices
from publisher.content.files import read
from publisher.content.load import Content, decode_all
from publisher.edition.changes import Change, changes
from publisher.edition.freshness import freshness
from publisher.edition.ledger import revise
from publisher.edition.owed import owed
from publisher.errors import SiteBusy
from publisher.folders import private
from publisher.model.artifact import Stage
from publisher.model.records import Kind
from publisher.render import catalogue
from publisher.render.calendar_years import MAX_ENTRIES, MAX_FILE
from publisher.render.presence import require_present
from publisher.render.retired import retired
from publisher.render.site import render
from publisher.site import IDENTITY
from publisher.store import issues
from publisher.store import ledger as store
from publisher.websub.notes import note_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from publisher.assets import AssetStore
    from publisher.model.artifact import Artifact
    from publisher.model.edition import Edition
    from publisher.model.ledger import Ledger
    from publisher.site import Site

    Progress = Callable[[int, int], None]

#: How long a release waits for another one to end, in tenths of a second.
PATIENCE = 300
#: No release takes longer from its `now` to its commit; a cut further ahead is of another time altogether.
LONGEST = timedelta(minutes=10)
#: The calendars of what a month's or past year's page shows.
_OF_A_PAGE = re.compile(r"[^/]+/(?:calendar|past)/\d[^/]*/calendar\.ics")
#: When a combination was declared last, where nobody remembers.
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class _Overtaken(Exception):
    """An issue was cut while this release was made, and does not know what it changes."""

    def __init__(self, cut_at: datetime) -> None:
        super().__init__(cut_at)
        self.cut_at = cut_at


@dataclass(frozen=True)
class Release:
    """What making an edition public did."""

    number: int
    content: Content | None
    changes: tuple[Change, ...]
    report: build.BuildReport


@dataclass(frozen=True)
class Prospect:
    """What content/ says, and the ledger as it would be after its release."""

    content: Content
    ledger: Ledger
    assets: AssetStore


def prospect(site: Site, before: Ledger, now: datetime) -> Prospect:
    """Read, decode, check and revise; nothing is written."""
    published_from = {(Kind(i.kind), i.id): i.path for i in before if i.is_record and not i.gone}
    reading = read(site.root, site.config.site.languages)
    content = decode_all(reading, site.config, published_from=published_from)
    assets = site.assets()
    after = revise(content, before, site.config, now, assets.name_all(content.assets))
    stale = freshness(content.sheets, after, site.config.site.default_language, site.phrases)
    kept = ((Kind(item.kind), item.id) for item in after if item.is_record and not item.gone)
    unknown = unknown_choices(site.config, site.settings_text(), {*content.keys, *kept}, content.unsure)
    told = tuple(sorted({*content.diagnostics, *stale, *unknown}))
    return Prospect(replace(content, diagnostics=told), after, assets)


def artifacts(site: Site, edition: Edition, ledger: Ledger, assets: AssetStore) -> list[Artifact]:
    """Every file of build/, with what goes on being served for whoever still asks for it."""
    with undisturbed():
        made = list(render(edition, site.theme, assets.load))
    ended = list(retired(edition, site.theme, site.served(), {artifact.path for artifact in made}))
    kept = [artifact.path for artifact in ended]
    return [*made, *ended, catalogue.catalogue(edition, ledger, kept)]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without searches for garbage: rendering makes very many values, all of them needed to its end.

    With ten thousand records a search among them takes half a second, and finds nothing.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def require_nothing_vanished(
    site: Site, before: Ledger, after: Ledger, now: datetime, made: Iterable[Artifact]
) -> None:
    """Hold what would be served against what readers have and wait for.

    Raises:
        EntriesVanished: a coming entry would be gone, and nobody cancelled or withdrew it.
    """
    due = owed(before, after, now, site.config.site.timezone)
    require_present(due, made, site.config.site.languages)


def no_longer_declared(site: Site) -> Iterator[Change]:
    """The named calendars and feeds that were taken out of publisher.toml since the last edition."""
    if not site.has_database:
        return
    with site.database.reading() as connection:
        last = store.newest_edition(connection)
        named = {section: store.named(connection, section) for section in ("calendars", "feeds")}
    for section, known in named.items():
        released = {id_ for id_, (_, at) in known.items() if last and at >= last.now}
        for id_ in sorted(released - getattr(site.config, section).keys()):
            name = f"{section}/{id_}"
            yield Change("retired", name, name, "no longer declared; its address goes on serving")


def crowded(made: Iterable[Artifact]) -> Iterator[Change]:
    """The calendars that hold so much at the same time that programs may refuse them.

    Those of a month or past year are fetched once, if at all.
    """
    for artifact in made:
        if _OF_A_PAGE.fullmatch(artifact.path):
            continue
        entries = artifact.data.count(b"\nBEGIN:VEVENT") if artifact.stage is Stage.CALENDAR else 0
        if entries > MAX_ENTRIES or (entries > 1 and len(artifact.data) > MAX_FILE):
            size = f"{entries:,} entries, {len(artifact.data) // 1000:,} kB"
            advice = "Google and Outlook may drop it; point readers to those of topics"
            yield Change("crowded", artifact.path, artifact.path, f"{size}: {advice}")


def archived_unread(before: Ledger, made: Iterable[Artifact], language: str) -> Iterator[Change]:
    """The archives of the main feed that hold news at once: few readers look there.

    Of a first edition nothing is told: nobody follows it yet.
    """
    known = {f"{item.kind}/{item.id}" for item in before if item.is_record and item.first_published}
    for artifact in made:
        new = artifact.items - known if artifact.path.startswith(f"{language}/archive/") else ()
        if known and new:
            told = f"{len(new):,} new {'entry goes' if len(new) == 1 else 'entries go'} past the living feed"
            advice = "readers who do not look at archives miss them; release fewer at a time"
            yield Change("crowded", artifact.path, artifact.path, f"{told}: {advice}")


def publish(  # noqa: PLR0913 -- a release and what it is made of
    site: Site, before: Ledger, after: Ledger, now: datetime, assets: AssetStore,
    *, content: Content | None = None, seen: str | None = None, progress: Progress | None = None,
) -> Release:  # fmt: skip
    """Commit the ledger, write what differs, mark it done; `seen` is the fingerprint of what is released."""
    edition = site.compile(after, site.local_date(now), assets)
    made = tuple(artifacts(site, edition, after, assets))
    require_nothing_vanished(site, before, after, now, made)
    told = (*changes(before, after, content), *no_longer_declared(site), *crowded(made))
    told += tuple(archived_unread(before, made, site.config.site.default_language))
    assets.keep(stored for item in after if not item.gone for stored in item.assets.values())
    number = _commit(site, edition, after, now, {a.path: a.hash for a in made}, seen=seen)
    report = _write(site, made, number, progress)
    site.fragment_file.keep(edition.fragments)
    return Release(number, content, told, report)


def refresh(site: Site, now: datetime) -> Release:
    """Make an edition of what is released already: a new day, a scheduled minute, the page of an issue."""

    def made(at: datetime) -> Release:
        before = site.memory().ledger
        return publish(site, before, revise(None, before, site.config, at), at, site.assets())

    with releasing(site):
        complete(site)
        return not_overtaken(made, now)


def not_overtaken(make: Callable[[datetime], Release], now: datetime) -> Release:
    """Make a release at an instant; or, if an issue was cut since, just after that.

    What an issue does not hold must have changed after its cut: else the next
    one takes it for told, and no reader ever hears of it.
    """
    while True:
        try:
            return make(now)
        except _Overtaken as overtaken:
            now = overtaken.cut_at + timedelta(seconds=1)


def complete(site: Site) -> None:
    """Finish a release that was interrupted: the same ledger and date, so the same files."""
    if not site.has_database:
        return
    memory = site.memory()
    if memory.last and memory.last.state != store.DONE:
        edition = site.compile(memory.ledger, memory.last.today)
        made = tuple(artifacts(site, edition, memory.ledger, site.assets()))
        _write(site, made, memory.last.number)


def _commit(  # noqa: PLR0913 -- all that is committed at once
    site: Site, edition: Edition, after: Ledger, now: datetime, manifest: Mapping[str, str],
    *, seen: str | None,
) -> int:  # fmt: skip
    """One transaction; an edition that would be the same as the last one is that one."""
    today = site.local_date(now)
    with site.database.writing() as connection:
        kept, last = store.load_ledger(connection), store.last_edition(connection)
        if seen is not None:
            store.remember(connection, "released", seen, now)
            store.forget(connection, ["pending"])
        if store.remembered(connection, IDENTITY) is None:
            store.remember(connection, IDENTITY, site.config.site.identity, now)
        for list_id in site.config.lists:
            first_seen(connection, list_id, now)
        _remember_named(connection, edition, now)
        if edition.archives.is_news or store.newest_edition(connection) is None:
            store.remember_archives(connection, edition.archives, now)
        unchanged = store.save_items(connection, kept, after) == 0
        if not unchanged and (cut_at := issues.last_cut(connection, now, now + LONGEST)):
            raise _Overtaken(cut_at)
        if unchanged and last and last.manifest == manifest and last.today == today:
            return last.number
        number = store.add_edition(connection, now, today, manifest)
        note_changes(connection, site.config, last.manifest if last else {}, manifest, number, now)
        return number


def _remember_named(connection: Connection, edition: Edition, now: datetime) -> None:
    """Note how each named combination is declared; of one that is declared no more, how it was."""
    for section, named in (("calendars", edition.named_calendars), ("feeds", edition.named_feeds)):
        declared, known = getattr(edition.config, section), store.named(connection, section)
        for id_, each in named.items():
            if id_ in declared or id_ not in known:  # restored from the catalogue
                at = now if id_ in declared else LONG_AGO
                store.remember_named(connection, section, id_, json.dumps(catalogue.declaration(each)), at)


def first_seen(connection: Connection, list_id: str, now: datetime) -> datetime:
    """Since when there is a list, remembered once it is seen: what would have been due before is not made.

    If that is yet to come, a clock was wrong then.
    """
    name = f"list.{list_id}"
    if (known := store.remembered(connection, name)) is None or known[1] > now:
        store.remember(connection, name, "", now)
        return now
    return known[1]


def _write(
    site: Site, made: tuple[Artifact, ...], number: int, progress: Progress | None = None
) -> build.BuildReport:
    with site.database.reading() as connection:
        stale = store.paths_of_editions(connection)
    report = build.write(site.build, made, stale, progress)
    with site.database.writing() as connection:
        store.finish_edition(connection, number)
    return report


@contextmanager
def releasing(site: Site) -> Iterator[None]:
    """One process at a time releases a site; the lock is let go even by a kill."""
    private(site.var)
    with (site.var / "release.lock").open("w") as lock:
        _take(lock)
        yield


def _take(lock: IO[str]) -> None:
    for _ in range(PATIENCE):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)
        else:
            return
    raise SiteBusy(lock.name)
