"""The verbs of the product: the only module that knows everybody.

Publishing is five calls, as in docs/architecture.md:

    read -> decode -> revise -> compile -> render -> write

Effects are at the ends; everything between is pure. A release goes in this
order, so that a kill at any moment leaves something that the next run
completes, with the same stamps: (1) one transaction commits the ledger, the
edition and its manifest; (2) the files are written; (3) the edition is done.
"""

from __future__ import annotations

import fcntl
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from publisher import build, config
from publisher.assets import AssetStore
from publisher.content.files import CONTENT, fingerprint, read
from publisher.content.load import Content, decode_all
from publisher.edition.changes import Change, changes
from publisher.edition.compile import compile_edition
from publisher.edition.freshness import freshness
from publisher.edition.ledger import revise
from publisher.errors import SiteBusy
from publisher.model.records import Kind
from publisher.render import catalogue
from publisher.render.dates import phrases
from publisher.render.site import render
from publisher.render.theme import Theme, theme
from publisher.store import ledger as store
from publisher.store.database import Database
from publisher.zones import require_sound_zones, zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from publisher.model.artifact import Artifact
    from publisher.model.edition import Edition
    from publisher.model.ledger import Ledger
    from publisher.model.when import Time

    Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Site:
    """One site's folder with its collaborators."""

    root: Path
    config: config.Config
    theme: Theme

    @cached_property
    def database(self) -> Database:
        """The ledger's database, its schema made if it is new."""
        database = Database(self.config.database.url, self.var)
        database.ensure_schema()
        return database

    @property
    def build(self) -> Path:
        """What is served."""
        return self.root / "build"

    @property
    def var(self) -> Path:
        """State; never public."""
        return self.root / "var"

    def local_date(self, now: datetime) -> date:
        """The site's date at an instant."""
        return now.astimezone(zone(self.config.site.timezone)).date()

    def fingerprint(self) -> str:
        """A hash over everything that a person writes: records, theme, configuration."""
        return fingerprint(self.root / CONTENT, *self.theme.folders, self.root / config.FILE)

    def phrases(self, language: str, before: Time, after: Time) -> tuple[str, ...]:
        """How a text of a language may still give an old time."""
        return phrases(before, after, self.theme.words[language]) if language in self.theme.words else ()


@dataclass(frozen=True)
class Release:
    """What making an edition public did."""

    number: int
    content: Content | None
    changes: tuple[Change, ...]
    report: build.BuildReport


@dataclass(frozen=True)
class Plan:
    """What a release would do: each change with how many artifacts of each sort it touches."""

    content: Content
    changes: tuple[tuple[Change, Mapping[str, int]], ...]
    files: int


@dataclass(frozen=True)
class Status:
    """How the site stands, for `publisher status`."""

    edition: store.EditionRow | None
    public: Mapping[str, int]
    scheduled: tuple[tuple[str, str], ...]
    waiting_since: datetime | None
    last_tick: datetime | None
    fingerprint_released: bool
    database: str = ""
    artifacts: int = field(default=0)


def open_site(folder: Path) -> Site:
    """Read a site's configuration; refuses a folder that is none, and time zones that are wrong."""
    require_sound_zones()
    loaded = config.load(folder)
    return Site(folder.resolve(), loaded, theme(folder.resolve(), loaded.site.languages))


def check(site: Site, now: datetime) -> Content:
    """All findings about content/, as a release at `now` would meet them."""
    return _prospect(site, _ledger(site), now)[0]


def plan(site: Site, now: datetime) -> Plan:
    """What readers would notice of a release at `now`; nothing is written."""
    before = _ledger(site)
    content, after, assets = _prospect(site, before, now)
    old = {a.path: a for a in _artifacts(site, before, _last_date(site, now), assets)} if before.items else {}
    new = {a.path: a for a in _artifacts(site, after, site.local_date(now), assets)}
    differing = [
        p for p in old.keys() | new.keys() if p not in old or p not in new or old[p].data != new[p].data
    ]
    touched: dict[str, Counter[str]] = {}
    for path in differing:
        names = (old[path].items if path in old else frozenset()) | (
            new[path].items if path in new else frozenset()
        )
        for name in names:
            touched.setdefault(name, Counter())[_sort(path)] += 1
    listed = changes(before, after, content)
    return Plan(
        content,
        tuple((c, touched.get("/".join(c.subject.split("/")[:2]), Counter())) for c in listed),
        len(differing),
    )


def release(site: Site, now: datetime, progress: Progress | None = None) -> Release:
    """Make what content/ says public, now."""
    with _releasing(site):
        _complete(site)
        seen = site.fingerprint()
        before = _ledger(site)
        content, after, assets = _prospect(site, before, now)
        return _publish(site, before, after, now, assets, content=content, seen=seen, progress=progress)


def refresh(site: Site, now: datetime) -> Release:
    """Make an edition of what is released already: a new day, a scheduled minute."""
    with _releasing(site):
        _complete(site)
        before = _ledger(site)
        return _publish(site, before, revise(None, before, site.config, now), now, _assets(site))


def tick(site: Site, now: datetime) -> Release | None:
    """What is due: complete what was interrupted, release what has settled, show what its minute brought.

    Safe to call any number of times, in any number of processes.
    """
    seen = site.fingerprint()
    with site.database.writing() as connection:
        store.remember(connection, "tick", "", now)
        last = store.last_edition(connection)
        released = store.remembered(connection, "released")
        pending = store.remembered(connection, "pending")
        if released and released[0] == seen:
            store.forget(connection, ["pending"])
        elif pending is None or pending[0] != seen:
            pending = (seen, now)
            store.remember(connection, "pending", seen, now)
    if last is None:
        return release(site, now)
    changed = released is None or released[0] != seen
    settled = changed and pending is not None and now - pending[1] >= site.config.publish.settle
    if settled and site.config.publish.mode == "auto":
        return release(site, now)
    if last.state != store.DONE or last.today != site.local_date(now) or _something_scheduled(site, now):
        return refresh(site, now)
    return None


def status(site: Site) -> Status:
    """How the site stands."""
    with site.database.reading() as connection:
        ledger, last = store.load_ledger(connection), store.last_edition(connection)
        ticked, pending = store.remembered(connection, "tick"), store.remembered(connection, "pending")
        released = store.remembered(connection, "released")
    unchanged = released is not None and released[0] == site.fingerprint()
    return Status(
        edition=last,
        public=Counter(item.kind for item in ledger if item.is_public and not item.withdrawn),
        scheduled=tuple(
            (f"{i.kind}/{i.id}", str(i.values["record"]["publish_at"]))
            for i in ledger
            if i.is_record and not i.is_public and not i.gone and "publish_at" in i.values.get("record", {})
        ),
        waiting_since=pending[1] if pending and not unchanged else None,
        last_tick=ticked[1] if ticked else None,
        fingerprint_released=unchanged,
        database=site.database.engine.url.render_as_string(hide_password=True),
        artifacts=len(last.manifest) if last else 0,
    )


def heartbeat(site: Site) -> tuple[datetime | None, datetime | None]:
    """When the last edition was made, and when the schedule last ticked."""
    with site.database.reading() as connection:
        last, ticked = store.last_edition(connection), store.remembered(connection, "tick")
    return (last.now if last else None, ticked[1] if ticked else None)


def current_edition(site: Site) -> tuple[int, Callable[[], Edition]] | None:
    """The number of the public edition, and how to compile it: for what the server makes on demand."""
    with site.database.reading() as connection:
        last = store.last_edition(connection)
    return (last.number, partial(_compile_current, site, last.today)) if last else None


@dataclass(frozen=True)
class Preview:
    """What a release would serve: its findings, its files, its edition."""

    content: Content
    artifacts: tuple[Artifact, ...]
    edition: Edition


def preview(site: Site, now: datetime) -> Preview:
    """What a release at `now` would serve; nothing is written."""
    content, after, assets = _prospect(site, _ledger(site), now)
    edition = compile_edition(after, site.config, site.local_date(now))
    return Preview(content, tuple(_rendered(site, edition, after, assets)), edition)


def _compile_current(site: Site, today: date) -> Edition:
    return compile_edition(_ledger(site), site.config, today)


def _assets(site: Site) -> AssetStore:
    return AssetStore(site.var / "assets", site.build / "assets" / "files")


def _ledger(site: Site) -> Ledger:
    """The ledger; a lost one is restored from the catalogue in build/."""
    with site.database.reading() as connection:
        ledger = store.load_ledger(connection)
    if not ledger.items and (site.build / catalogue.PATH).is_file():
        restored = catalogue.restore((site.build / catalogue.PATH).read_text("utf-8"), site.config)
        return restored or ledger
    return ledger


def _prospect(site: Site, before: Ledger, now: datetime) -> tuple[Content, Ledger, AssetStore]:
    """What content/ says, and the ledger as it would be after its release."""
    published_from = {(Kind(i.kind), i.id): i.path for i in before if i.is_record and not i.gone}
    content = decode_all(
        read(site.root, site.config.site.languages), site.config, published_from=published_from
    )
    assets = _assets(site)
    after = revise(content, before, site.config, now, assets.name_all(content.assets))
    stale = freshness(content.sheets, after, site.config.site.default_language, site.phrases)
    return replace(content, diagnostics=tuple(sorted({*content.diagnostics, *stale}))), after, assets


def _artifacts(site: Site, ledger: Ledger, today: date, assets: AssetStore) -> Iterator[Artifact]:
    return _rendered(site, compile_edition(ledger, site.config, today), ledger, assets)


def _rendered(site: Site, edition: Edition, ledger: Ledger, assets: AssetStore) -> Iterator[Artifact]:
    yield from render(edition, site.theme, assets.load)
    yield catalogue.catalogue(ledger, site.config)


def _publish(  # noqa: PLR0913 -- a release and what it is made of
    site: Site, before: Ledger, after: Ledger, now: datetime, assets: AssetStore,
    *, content: Content | None = None, seen: str | None = None, progress: Progress | None = None,
) -> Release:  # fmt: skip
    today = site.local_date(now)
    artifacts = tuple(_artifacts(site, after, today, assets))
    manifest = {artifact.path: artifact.hash for artifact in artifacts}
    _keep_assets(artifacts, assets)
    with site.database.writing() as connection:
        kept, last = store.load_ledger(connection), store.last_edition(connection)
        if seen is not None:
            store.remember(connection, "released", seen, now)
            store.forget(connection, ["pending"])
        same_items = store.save_items(connection, kept, after) == 0
        if same_items and last and last.manifest == manifest and last.today == today:
            number = last.number
        else:
            number = store.add_edition(connection, now, today, manifest)
    report = _write(site, artifacts, number, progress)
    return Release(number, content, changes(before, after, content), report)


def _write(
    site: Site, artifacts: tuple[Artifact, ...], number: int, progress: Progress | None = None
) -> build.BuildReport:
    with site.database.reading() as connection:
        stale = store.paths_of_editions(connection)
    report = build.write(site.build, artifacts, stale, progress)
    with site.database.writing() as connection:
        store.finish_edition(connection, number)
    return report


def _complete(site: Site) -> None:
    """Finish a release that was interrupted: the same ledger and date, so the same files."""
    with site.database.reading() as connection:
        last = store.last_edition(connection)
    if last and last.state != store.DONE:
        _write(site, tuple(_artifacts(site, _ledger(site), last.today, _assets(site))), last.number)


def _keep_assets(artifacts: tuple[Artifact, ...], assets: AssetStore) -> None:
    prefix = "assets/files/"
    for artifact in artifacts:
        if artifact.path.startswith(prefix):
            assets.keep(artifact.path.removeprefix(prefix), artifact.data)


def _last_date(site: Site, now: datetime) -> date:
    with site.database.reading() as connection:
        last = store.last_edition(connection)
    return last.today if last else site.local_date(now)


def _something_scheduled(site: Site, now: datetime) -> bool:
    """Whether a record waits for a minute that has come."""
    ledger = _ledger(site)
    after = revise(None, ledger, site.config, now)
    return any(ledger.items[key].is_public != item.is_public for key, item in after.items.items())


def _sort(path: str) -> str:
    """What an artifact is to a reader."""
    ending = path.rsplit(".", 1)[-1]
    if ending == "ics":
        return "calendars"
    if ending in {"atom", "rss"} or path.endswith("feed.json") or "/feeds/" in path:
        return "feeds"
    return "pages" if ending == "html" else "other files"


@contextmanager
def _releasing(site: Site) -> Iterator[None]:
    """One process at a time releases a site; the lock is let go even by a kill."""
    site.var.mkdir(parents=True, exist_ok=True)
    path = site.var / "release.lock"
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _wait_for(lock, path)
        yield


def _wait_for(lock: object, path: Path) -> None:
    import time

    for _ in range(300):
        time.sleep(0.1)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
        except BlockingIOError:
            continue
        return
    raise SiteBusy(path.name)


def utc_now() -> datetime:
    """The clock, to the second: what a release is stamped with."""
    return datetime.now(UTC).replace(microsecond=0)
