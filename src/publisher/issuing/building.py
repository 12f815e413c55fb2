"""Builds an issue: who gets what, rendered once for each cohort, until it is frozen.

1. The issue is taken: a lease says who builds it, and is renewed with every step.
2. It begins from nothing, whoever had begun it before: one process, one edition, one theme.
3. Readers are gone through by id, a chunk at a time, each chunk in a transaction of its own: the digests
   of cohorts that are new, and a delivery for each reader whom it tells something. None of them can be
   claimed yet, and no other writer waits for long.
4. One small transaction freezes it: to be sent, held for a person, or skipped as nothing is new.

If another edition is released meanwhile, what was made is not true any more, and it begins again.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from publisher.errors import PublisherError
from publisher.issuing import notes
from publisher.issuing.bench import Bench, previous_due, span_of
from publisher.issuing.deciding import NOT_APPROVED, NOTHING_NEW, TOO_LATE
from publisher.mailing.message import message_id
from publisher.mailing.periods import Period, due_in
from publisher.mailing.tokens import MissingKey
from publisher.model.mailing import DeliveryState, Interests, IssueState, Sort
from publisher.post.owners import is_gone
from publisher.store import issues, upkeep
from publisher.store import ledger as store
from publisher.store.subscribers import recipients
from publisher.zones import UnknownZone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from publisher.mailing.issue import Choice
    from publisher.mailing.tokens import Keys
    from publisher.model.mailing import Digest, Issue, Recipient
    from publisher.site import Site

#: How many readers are gone through in one transaction.
CHUNK = 1_000
#: How long a builder may be silent before another one takes its issue over.
LEASE = timedelta(seconds=60)
#: How often an issue is begun again, because editions follow each other, before the next tick goes on.
_ATTEMPTS = 5
#: Issues whose content has reached readers, or will.
_TOLD = frozenset(
    {IssueState.FROZEN, IssueState.HELD, IssueState.SENDING, IssueState.PAUSED, IssueState.DONE}
)


class _Lost(Exception):
    """The issue is not ours any more: somebody has aborted it or taken it over."""


class _Outdated(Exception):
    """Another edition has been released: what was made from the last one is not true any more."""


@dataclass(frozen=True, kw_only=True)
class Builder:
    """Whoever builds issues of a site, at one instant."""

    site: Site
    keys: Keys
    now: datetime
    #: A name that nobody else has: see `publisher.post.owners`.
    owner: str

    def build(self, issue: Issue) -> bool:
        """Build an issue until it is not building any more; False when somebody else is at it."""
        if not self._take(issue):
            return False
        try:
            return self._built(issue)
        finally:
            with suppress(PublisherError), self.site.database.working() as connection:
                issues.let_go(connection, issue.id, self.owner)

    def _take(self, issue: Issue) -> bool:
        """Become its builder; one that was killed on this machine is not waited for."""
        with self.site.database.working() as connection:
            found = issues.get(connection, issue.id)
            if found and found.owner and is_gone(found.owner):
                issues.let_go(connection, issue.id, found.owner)
            return self.keep(connection, issue)

    def keep(self, connection: Connection, issue: Issue) -> bool:
        """Renew the lease; until this transaction ends, nobody aborts the issue or takes it over."""
        clock = datetime.now(UTC)
        return issues.take(connection, issue.id, self.owner, clock, clock + LEASE)

    def _built(self, issue: Issue) -> bool:
        for _ in range(_ATTEMPTS):
            try:
                _Attempt(self, issue).make()
            except _Lost:
                return False
            except _Outdated:
                continue
            return True
        return False


class _Attempt:
    """One way through all readers, with one edition."""

    def __init__(self, builder: Builder, issue: Issue) -> None:
        self.builder, self.issue, self.site = builder, issue, builder.site
        self.settings = self.site.config.lists[issue.list]
        memory = self.site.memory()
        assert memory.last is not None  # noqa: S101 -- an issue begins after the first edition
        self.edition = memory.last.number
        with self.site.database.reading() as connection:
            told_until = _everything_told(connection, self.site, issue)
            latest = issues.latest(connection, issue.list, builder.now)
        #: Whether it is made up for, with a later one to come.
        self.is_past = latest is not None and latest.due_at > issue.due_at
        span = span_of(self.site, self.settings, issue.due_at, issue.cut_at, told_until)
        self.bench = Bench(self.site, memory.ledger, issue.list, Period(issue.period, issue.due_at), span)
        self.deliveries = 0
        #: cohort -> a hash of its digest.
        self._made: dict[str, str] = {}
        #: zone -> when the issue is due there.
        self._due: dict[str, datetime] = {}

    def make(self) -> None:
        """From nothing to frozen.

        Raises:
            _Lost: the issue is not ours any more.
            _Outdated: another edition was released.
        """
        with self.site.database.working() as connection:
            self._require_ours(connection)
            issues.restart(connection, self.issue.id, self.edition)
        if self.builder.now >= self.issue.not_after:
            self._freeze(IssueState.SKIPPED, TOO_LATE)
            return
        self._make_deliveries()
        everything = self.bench.choice(self.bench.span.told_until, Interests())
        if self.deliveries or everything.worth:
            self._freeze(IssueState.FROZEN, "", self._pages(everything))
        else:
            self._freeze(IssueState.SKIPPED, NOTHING_NEW)

    def _make_deliveries(self) -> None:
        last, readers = -1, self._readers(after=-1)
        while readers:
            self._make_chunk(readers)
            last = readers[-1].subscriber
            readers = self._readers(after=last)
        if self.deliveries:
            with self.site.database.working() as connection:
                upkeep.count_anew(connection)

    def _readers(self, *, after: int) -> list[Recipient]:
        with self.site.database.reading() as connection:
            return recipients(connection, self.issue.list, after=after, count=CHUNK, now=self.builder.now)

    def _make_chunk(self, readers: Sequence[Recipient]) -> None:
        """The digests that are new, and a delivery for each reader whom the issue tells something."""
        digests, rows = [], []
        for reader in readers:
            told_until = self._told_until(reader)
            choice = self.bench.choice(told_until, reader.interests)
            # Of the time before they came, readers get nothing, be it only what was coming then.
            is_for_them = not self.is_past or max(told_until, reader.since) <= self.issue.cut_at
            if choice.worth and is_for_them:
                language = self.bench.language(reader.language)
                digests += self._digest(choice, language)
                rows.append(self._row(reader, choice.cohort(self.issue.list, language)))
        self._store(digests, rows)
        self.deliveries += len(rows)

    def _told_until(self, reader: Recipient) -> datetime:
        """Up to when a reader knows everything; their first issue is what everybody gets.

        So is one of whom it is said that they know what is yet to come: a clock was wrong then.
        """
        told_until, cut_at = reader.told_until, self.issue.cut_at
        if told_until is None or (told_until > cut_at and not self.is_past):
            return self.bench.span.told_until
        return told_until

    def _digest(self, choice: Choice, language: str) -> list[Digest]:
        """The digest of a cohort, once."""
        if choice.cohort(self.issue.list, language) in self._made:
            return []
        digest = self.bench.digest(choice, language)
        self._made[digest.cohort] = _hash(astuple(digest))
        return [digest]

    def _row(self, reader: Recipient, cohort: str) -> dict[str, Any]:
        issue, keys = self.issue, self.builder.keys
        due_at = self._due_in(reader.timezone) if self.settings.is_local else issue.due_at
        name = (str(Sort.DIGEST), issue.list, issue.period, reader.subscriber)
        host = self.site.config.authority_host
        if issue.signing_key not in keys.keys:
            raise MissingKey(issue.signing_key)
        return {
            "issue": issue.id, "subscriber": reader.subscriber, "sort": Sort.DIGEST, "cohort": cohort,
            "state": DeliveryState.QUEUED, "attempts": 0, "signature": "", "last_reply": "",
            "message_id": message_id(keys.keys[issue.signing_key], host, *name),
            "not_before": due_at, "not_after": due_at + self.settings.lateness, "created": self.builder.now,
        }  # fmt: skip

    def _due_in(self, timezone: str) -> datetime:
        """When the issue is due for a reader of a zone; for one of no known zone, where the site is."""
        site_timezone = self.site.config.site.timezone
        if timezone not in self._due:
            try:
                due_at = due_in(self.settings, site_timezone, self.issue.period, timezone)
            except UnknownZone:
                due_at = due_in(self.settings, site_timezone, self.issue.period, site_timezone)
            self._due[timezone] = due_at
        return self._due[timezone]

    def _pages(self, everything: Choice) -> dict[str, str]:
        """For each language of the list the cohort of whoever reads everything: its digest is a page."""
        digests = [
            digest for language in self.bench.languages for digest in self._digest(everything, language)
        ]
        self._store(digests, [])
        return {language: everything.cohort(self.issue.list, language) for language in self.bench.languages}

    def _store(self, digests: Sequence[Digest], rows: Sequence[dict[str, Any]]) -> None:
        with self.site.database.working() as connection:
            self._require_ours(connection)
            issues.add_digests(connection, self.issue.id, digests)
            issues.add_deliveries(connection, rows)

    def _freeze(self, state: IssueState, reason: str, archive: Mapping[str, str] | None = None) -> None:
        with self.site.database.writing() as connection:
            self._require_ours(connection)
            if state is IssueState.FROZEN and self._waits_for_approval(connection):
                state, reason = IssueState.HELD, NOT_APPROVED
            issues.freeze(
                connection, self.issue.id, self.builder.owner, state=state, reason=reason,
                content_hash=_hash(sorted(self._made.items())), archive=archive or {},
                dated=self.builder.now if state is IssueState.FROZEN else None,
            )  # fmt: skip

    def _waits_for_approval(self, connection: Connection) -> bool:
        return self.settings.approve or notes.is_to_be_held(connection, self.issue.list, self.issue.period)

    def _require_ours(self, connection: Connection) -> None:
        """Until this transaction ends, the issue is ours; and the edition is still the last one."""
        if not self.builder.keep(connection, self.issue):
            raise _Lost
        last = store.newest_edition(connection)
        if last is None or last.number != self.edition:
            raise _Outdated


def _everything_told(connection: Connection, site: Site, issue: Issue) -> datetime:
    """Up to when a reader of everything knows everything: the cut of the issue before, if there was one.

    Where nobody has ever got one, it is when the list was due before the first that there was to be.
    """
    before = [each for each in issues.every(connection, list=issue.list) if each.due_at < issue.due_at]
    if cuts := [each.cut_at for each in before if each.state in _TOLD]:
        return max(cuts)
    first = min((each.due_at for each in before), default=issue.due_at)
    return previous_due(site, site.config.lists[issue.list], first)


def _hash(value: object) -> str:
    """64 hex digits."""
    return hashlib.blake2b(json.dumps(value).encode(), digest_size=32).hexdigest()
