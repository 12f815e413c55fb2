"""The verbs of the product: the only module that knows everybody.

Two pipelines, as drawn in docs/architecture.md:

    publishing:  read -> decode -> revise -> compile -> render -> write
    mailing:     cut -> render -> freeze -> claim -> begin -> send -> settle

Effects are at the ends; everything between is pure. `release` holds the order
in which an edition becomes public, `issuing` that in which an issue is made,
`post` that in which it leaves; this module says when and of what.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from publisher.edition.changes import Change, changes
from publisher.edition.owed import owed
from publisher.edition.stamps import scheduled
from publisher.errors import PublisherError, SiteBusy
from publisher.issuing.catch_up import as_they_are, catch_up
from publisher.issuing.housekeeping import purge
from publisher.issuing.standing import mail_standing
from publisher.post.arming import NotArmed
from publisher.release import (
    Release,
    archived_unread,
    artifacts,
    complete,
    crowded,
    no_longer_declared,
    not_overtaken,
    prospect,
    publish,
    refresh,
    releasing,
    require_nothing_vanished,
)
from publisher.render.presence import require_kept
from publisher.site import Site, open_site
from publisher.store import ledger as store
from publisher.store import outbox
from publisher.websub.standing import HubStanding, hub_standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from threading import Event

    from publisher.content.load import Content
    from publisher.issuing.standing import MailStanding
    from publisher.model.artifact import Artifact
    from publisher.model.edition import Edition
    from publisher.model.ledger import Item
    from publisher.model.mailing import Issue
    from publisher.post.run import Delivered
    from publisher.release import Progress
    from publisher.websub.rounds import HubRound


@dataclass(frozen=True)
class Plan:
    """What a release would do: each change with how many artifacts of each sort it touches."""

    content: Content
    changes: tuple[tuple[Change, Mapping[str, int]], ...]
    files: int


@dataclass(frozen=True)
class Preview:
    """What a release would serve: its findings, its files, its edition."""

    content: Content
    artifacts: tuple[Artifact, ...]
    edition: Edition


@dataclass(frozen=True)
class Status:
    """How the site stands, for `publisher status`."""

    edition: store.EditionRow | None
    public: Mapping[str, int]
    #: (record, the moment it waits for).
    scheduled: tuple[tuple[str, str], ...]
    #: Whether content/ is what was released last; if not, since when a tick has seen it so.
    as_released: bool
    waiting_since: datetime | None
    last_tick: datetime | None
    hubs: tuple[HubStanding, ...]
    mail: MailStanding


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What a tick did."""

    release: Release | None = None
    #: The issues that it began, moved on or ended, as they are now.
    issues: tuple[Issue, ...] = ()
    delivered: Delivered | None = None
    #: How many sign-ups that nobody confirmed it dropped.
    purged: int = 0
    #: What hubs were told of its releases, and of earlier ones.
    hubs: tuple[HubRound, ...] = ()
    #: What is left to a later tick, in sentences; and what somebody must mend.
    postponed: tuple[str, ...] = ()
    faults: tuple[PublisherError, ...] = ()


def check(site: Site, now: datetime) -> Content:
    """All findings about content/, as a release at `now` would meet them."""
    before = site.memory().ledger
    told = prospect(site, before, now)
    require_kept(owed(before, told.ledger, now, site.config.site.timezone))
    return told.content


def plan(site: Site, now: datetime) -> Plan:
    """What readers would notice of a release at `now`; nothing is written."""
    memory = site.memory()
    told = prospect(site, memory.ledger, now)
    last_day = memory.last.today if memory.last else site.local_date(now)
    edition = site.compile(memory.ledger, last_day, told.assets)
    kept = artifacts(site, edition, memory.ledger, told.assets) if memory.ledger.items else ()
    old = {artifact.path: artifact for artifact in kept}
    # What is served was made with the theme and configuration of its day: its manifest says how it reads.
    served = memory.last.manifest if memory.last else {path: artifact.hash for path, artifact in old.items()}
    edition = site.compile(told.ledger, site.local_date(now), told.assets)
    new = {a.path: a for a in artifacts(site, edition, told.ledger, told.assets)}
    require_nothing_vanished(site, memory.ledger, told.ledger, now, new.values())
    made = {path: artifact.hash for path, artifact in new.items()}
    differing = [path for path in served.keys() | made.keys() if served.get(path) != made.get(path)]
    touched = _touched(differing, old, new)
    listed = (
        *changes(memory.ledger, told.ledger, told.content),
        *no_longer_declared(site),
        *crowded(new.values()),
        *archived_unread(memory.ledger, new.values(), site.config.site.default_language),
    )
    return Plan(told.content, tuple((c, touched.get(c.record, Counter())) for c in listed), len(differing))


def preview(site: Site, now: datetime) -> Preview:
    """What a release at `now` would serve; nothing is written."""
    before = site.memory().ledger
    told = prospect(site, before, now)
    edition = site.compile(told.ledger, site.local_date(now), told.assets)
    made = tuple(artifacts(site, edition, told.ledger, told.assets))
    require_nothing_vanished(site, before, told.ledger, now, made)
    return Preview(told.content, made, edition)


def release(site: Site, now: datetime, progress: Progress | None = None) -> Release:
    """Make what content/ says public, now."""

    def made(at: datetime) -> Release:
        seen, before = site.fingerprint(), site.memory().ledger
        told = prospect(site, before, at)
        return publish(
            site, before, told.ledger, at, told.assets, content=told.content, seen=seen, progress=progress
        )

    with releasing(site):
        complete(site)
        return not_overtaken(made, now)


def tick(
    site: Site, now: datetime, *, ping: bool = True, deliver: bool = True, stop: Event | None = None
) -> Ticked:
    """What is due: a release, issues of what is public, then, if asked for, hubs and the delivery of mail.

    Safe to call any number of times, in any number of processes. A fault of one
    step is kept, and does not keep mail that is ready from leaving. Hubs come
    before mail, which may take hours: they have some seconds, what is left to
    tell them waits for the next tick. `stop` ends their time.
    """
    done = Ticked()
    steps: list[Callable[[Site, datetime, Ticked], Ticked]] = [_tick_release, _tick_issues]
    if ping:
        steps.append(partial(_tick_hubs, stop=stop))
    if deliver:
        steps.append(_tick_delivery)
    for step in steps:
        try:
            done = step(site, now, done)
        except (SiteBusy, NotArmed) as reason:
            done = replace(done, postponed=(*done.postponed, str(reason)))
        except PublisherError as fault:
            done = replace(done, faults=(*done.faults, fault))
    return done


def _tick_release(site: Site, now: datetime, done: Ticked) -> Ticked:
    return replace(done, release=_release_due(site, now))


def _tick_issues(site: Site, now: datetime, done: Ticked) -> Ticked:
    if done.faults:  # what is public may not be what should be
        return done
    return replace(done, issues=catch_up(site, now), purged=purge(site, now))


def _tick_hubs(site: Site, now: datetime, done: Ticked, stop: Event | None) -> Ticked:
    return replace(done, hubs=tell_hubs(site, now, stop))


def _tick_delivery(site: Site, now: datetime, done: Ticked) -> Ticked:
    delivered = deliver_due(site, now)
    ids = {issue.id for issue in done.issues} | set(delivered.done if delivered else ())
    return replace(done, delivered=delivered, issues=as_they_are(site, ids))


def tell_hubs(site: Site, now: datetime, stop: Event | None = None) -> tuple[HubRound, ...]:
    """Tell hubs of the feeds that releases have changed, for some seconds; nothing where nothing is due."""
    if not site.config.websub.hubs:
        return ()
    from publisher.websub import rounds

    return rounds.tell_hubs(site, now, rounds.Haste(stop=stop))


def deliver_due(site: Site, now: datetime, stop: Event | None = None) -> Delivered | None:
    """Hand over every message that is due; None when there is none.

    Raises:
        NotArmed: there are some, and this machine may not send this site's mail.
    """
    if not site.has_database:
        return None
    with site.database.reading() as connection:
        if not any(outbox.waiting(connection, now, utc_now())):
            return None
    from publisher.post.outbox import deliver
    from publisher.post.postbox import Postbox

    return deliver(Postbox(site.root, site.config), now, stop=stop)


def _release_due(site: Site, now: datetime) -> Release | None:
    """Complete what was interrupted, release what has settled, show what its minute brought."""
    settled = _has_settled(site, now)
    with site.database.reading() as connection:
        site.require_identity(connection)
        last, waiting = store.newest_edition(connection), store.waiting(connection)
    if last is None or (settled and site.config.publish.mode == "auto"):
        return release(site, now)
    interrupted = last.state != store.DONE
    if interrupted or last.today != site.local_date(now) or _something_is_due(site, waiting, now):
        return refresh(site, now)
    return None


def status(site: Site, now: datetime) -> Status:
    """How the site stands at an instant."""
    memory = site.memory()
    as_released = memory.released is not None and memory.released[0] == site.fingerprint()
    return Status(
        edition=memory.last,
        public=Counter(i.kind for i in memory.ledger if i.is_public and not i.withdrawn),
        scheduled=tuple(
            (f"{i.kind}/{i.id}", str(i.values["record"]["publish_at"]))
            for i in memory.ledger
            if i.is_record and not i.is_public and not i.gone and "publish_at" in i.values.get("record", {})
        ),
        as_released=as_released,
        waiting_since=memory.pending[1] if memory.pending and not as_released else None,
        last_tick=memory.ticked[1] if memory.ticked else None,
        hubs=hub_standing(site),
        mail=mail_standing(site, now),
    )


def heartbeat(site: Site) -> tuple[datetime | None, datetime | None]:
    """When the last edition was made, and when the schedule last ticked."""
    if not site.has_database:
        return None, None
    with site.database.reading() as connection:
        last, ticked = store.newest_edition(connection), store.remembered(connection, "tick")
    return (last.now if last else None, ticked[1] if ticked else None)


def current_edition(site: Site) -> tuple[int, Callable[[], Edition]] | None:
    """The number of the public edition, and how to compile it: for what the server makes on demand."""
    if not site.has_database:
        return None
    with site.database.reading() as connection:
        last = store.newest_edition(connection)
    return (last.number, partial(_compile_current, site, last)) if last else None


def _compile_current(site: Site, last: store.EditionHead) -> Edition:
    return site.compile(site.memory().ledger, last.today)


def _has_settled(site: Site, now: datetime) -> bool:
    """Note what content/ is like at this tick; whether it has been so for long enough."""
    seen = site.fingerprint()
    with site.database.writing() as connection:
        store.remember(connection, "tick", "", now)
        released, pending = store.remembered(connection, "released"), store.remembered(connection, "pending")
        if released and released[0] == seen:
            store.forget(connection, ["pending"])
            return False
        if pending is None or pending[0] != seen:
            store.remember(connection, "pending", seen, now)
            pending = (seen, now)
    return now - pending[1] >= site.config.publish.settle


def _something_is_due(site: Site, waiting: Iterable[Item], now: datetime) -> bool:
    """Whether a record waits for a minute that has come."""
    minutes = (scheduled(item, site.config.site.timezone) for item in waiting)
    return any(at is not None and at <= now for at in minutes)


def _touched(
    differing: Iterable[str], old: Mapping[str, Artifact], new: Mapping[str, Artifact]
) -> dict[str, Counter[str]]:
    """For each record how many of the differing artifacts name it, by their sort."""
    touched: dict[str, Counter[str]] = {}
    for path in differing:
        names = frozenset().union(*(side[path].items for side in (old, new) if path in side))
        for name in names:
            touched.setdefault(name, Counter())[_sort(path)] += 1
    return touched


def _sort(path: str) -> str:
    """What an artifact is to a reader."""
    ending = path.rsplit(".", 1)[-1]
    if ending == "ics":
        return "calendars"
    if ending in {"atom", "rss"} or path.endswith("feed.json") or "/feeds/" in path:
        return "feeds"
    return "pages" if ending == "html" else "other files"


def utc_now() -> datetime:
    """The clock, to the second: what a release is stamped with."""
    return datetime.now(UTC).replace(microsecond=0)


__all__ = ["Site", "open_site"]
