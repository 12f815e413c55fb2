"""Issues and their digests: one function a statement, no query is built anywhere else.

An issue that is building belongs to whoever has its lease; every step of them asks
whether it still does, so that one who was thought dead cannot spoil the work of the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, literal, or_, select, tuple_, update

from publisher.model.mailing import OPEN, DeliveryState, Digest, Issue, IssueState, Sort
from publisher.store import tables as t
from publisher.store.rows import digest_of, issue_of
from publisher.store.settling import settle
from publisher.store.upserts import insert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

#: Issues whose digests are pages; one that was aborted is one of them if anybody got it.
_ARCHIVED = (IssueState.FROZEN, IssueState.SENDING, IssueState.PAUSED, IssueState.DONE)
#: A delivery of an issue that nobody has touched yet.
_QUEUED = {
    "sort": Sort.DIGEST,
    "state": DeliveryState.QUEUED,
    "attempts": 0,
    "signature": "",
    "last_reply": "",
}
#: How many digests one statement names.
_NAMED = 200


def begin(  # noqa: PLR0913 -- an issue, as the table has it
    connection: Connection,
    *,
    list: str,  # noqa: A002 -- the word of this field
    period: str,
    due_at: datetime,
    cut_at: datetime,
    not_after: datetime,
    edition: int,
    signing_key: int,
    state: IssueState = IssueState.BUILDING,
    reason: str = "",
) -> Issue | None:
    """Insert the issue of a list for a period; None if there is one."""
    values = {
        "list": list, "period": period, "state": state, "reason": reason, "due_at": due_at, "cut_at": cut_at,
        "not_after": not_after, "edition": edition, "signing_key": signing_key, "content_hash": "",
        "archive": {},
    }  # fmt: skip
    row = insert(connection, t.issue).values(values)
    key = [t.issue.c.list, t.issue.c.period]
    begun = row.on_conflict_do_nothing(index_elements=key).returning(*t.issue.columns)
    found = connection.execute(begun).first()
    return issue_of(found) if found else None


def find(connection: Connection, list: str, period: str) -> Issue | None:  # noqa: A002 -- see begin
    """The issue of a list for a period."""
    its = (t.issue.c.list == list) & (t.issue.c.period == period)
    row = connection.execute(select(t.issue).where(its)).first()
    return issue_of(row) if row else None


def get(connection: Connection, issue_id: int) -> Issue | None:
    """An issue by id."""
    row = connection.execute(select(t.issue).where(t.issue.c.id == issue_id)).first()
    return issue_of(row) if row else None


def every(
    connection: Connection,
    *,
    list: str | None = None,  # noqa: A002 -- see begin
    states: Collection[IssueState] | None = None,
    count: int | None = None,
) -> list[Issue]:
    """Issues, of a list or in some states where asked for, the newest first."""
    asked = select(t.issue).order_by(t.issue.c.due_at.desc(), t.issue.c.id.desc()).limit(count)
    if list is not None:
        asked = asked.where(t.issue.c.list == list)
    if states is not None:
        asked = asked.where(t.issue.c.state.in_(states))
    return [issue_of(row) for row in connection.execute(asked)]


def latest(connection: Connection, list: str, now: datetime) -> Issue | None:  # noqa: A002 -- see begin
    """The issue of a list that was due last by now, whatever became of it."""
    its = and_(t.issue.c.list == list, t.issue.c.due_at <= now)
    newest = select(t.issue).where(its).order_by(t.issue.c.due_at.desc(), t.issue.c.id.desc()).limit(1)
    row = connection.execute(newest).first()
    return issue_of(row) if row else None


def take_back_skips(connection: Connection, now: datetime) -> int:
    """Forget skips of issues that are not due yet: a clock was wrong; returns how many there were."""
    early = and_(t.issue.c.state == IssueState.SKIPPED, t.issue.c.due_at > now)
    return connection.execute(delete(t.issue).where(early)).rowcount


def last_cut(connection: Connection, first: datetime, last: datetime) -> datetime | None:
    """The last cut between two instants, of issues that tell readers something."""
    cuts = select(func.max(t.issue.c.cut_at)).where(
        t.issue.c.cut_at >= first,
        t.issue.c.cut_at <= last,
        t.issue.c.state.not_in((IssueState.SKIPPED, IssueState.ABORTED)),
    )
    return connection.execute(cuts).scalar()


def take(connection: Connection, issue_id: int, owner: str, clock: datetime, lease_until: datetime) -> bool:
    """Become the one who builds an issue, or stay it: while it is building and nobody else's lease runs."""
    is_free = or_(t.issue.c.owner.is_(None), t.issue.c.owner == owner, t.issue.c.lease_until <= clock)
    return _changed(connection, issue_id, is_free, owner=owner, lease_until=lease_until)


def holds(connection: Connection, issue_id: int, owner: str, clock: datetime) -> bool:
    """Whether an issue is building and ours; it stays so until this transaction (that writes) ends."""
    its = and_(
        t.issue.c.id == issue_id,
        t.issue.c.state == IssueState.BUILDING,
        t.issue.c.owner == owner,
        t.issue.c.lease_until > clock,
    )
    asked = select(t.issue.c.id).where(its).with_for_update(key_share=True)
    return connection.execute(asked).first() is not None


def let_go(connection: Connection, issue_id: int, owner: str) -> bool:
    """Give up the lease of an issue that is building; False if it was not ours."""
    return _changed(connection, issue_id, t.issue.c.owner == owner, owner=None, lease_until=None)


def restart(connection: Connection, issue_id: int, edition: int) -> None:
    """Build an issue anew, from another edition: nothing that was made for it stays."""
    connection.execute(delete(t.delivery).where(t.delivery.c.issue == issue_id))
    connection.execute(delete(t.digest).where(t.digest.c.issue == issue_id))
    connection.execute(update(t.issue).where(t.issue.c.id == issue_id).values(edition=edition))


def add_digests(connection: Connection, issue_id: int, digests: Iterable[Digest]) -> None:
    """Insert the digests of an issue; one that is there already stays."""
    if rows := [{"issue": issue_id} | _digest_row(each) for each in digests]:
        key = [t.digest.c.issue, t.digest.c.cohort]
        connection.execute(insert(connection, t.digest).on_conflict_do_nothing(index_elements=key), rows)


def add_deliveries(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert deliveries of issues, queued; a reader who has one of the same issue already keeps that.

    A row names at least issue, subscriber, cohort, not_before, not_after, message_id and created.
    """
    if rows:
        key = [t.delivery.c.issue, t.delivery.c.subscriber]
        queued = insert(connection, t.delivery).on_conflict_do_nothing(index_elements=key)
        connection.execute(queued, [{**_QUEUED, **row} for row in rows])


def freeze(  # noqa: PLR0913 -- what an issue is from then on
    connection: Connection,
    issue_id: int,
    owner: str,
    *,
    state: IssueState,
    reason: str,
    content_hash: str,
    archive: Mapping[str, str],
    dated: datetime | None,
) -> bool:
    """End the building of an issue that is ours: frozen, held or skipped; False if it is ours no more."""
    return _changed(
        connection, issue_id, t.issue.c.owner == owner,
        state=state, reason=reason, content_hash=content_hash, archive=dict(archive), dated=dated,
        owner=None, lease_until=None,
    )  # fmt: skip


def move(  # noqa: PLR0913 -- from where to where, and why
    connection: Connection,
    issue_id: int,
    frm: Collection[IssueState],
    to: IssueState,
    *,
    reason: str = "",
    dated: datetime | None = None,
) -> bool:
    """Change the state of an issue that is in one of these; False if it is in another one."""
    values = {"state": to, "reason": reason} | ({"dated": dated} if dated else {})
    its = (t.issue.c.id == issue_id) & t.issue.c.state.in_(frm)
    return bool(connection.execute(update(t.issue).where(its).values(values)).rowcount)


def digest(connection: Connection, issue_id: int, cohort: str) -> Digest:
    """What the readers of a cohort get; every delivery of an issue has one."""
    its = (t.digest.c.issue == issue_id) & (t.digest.c.cohort == cohort)
    return digest_of(connection.execute(select(t.digest).where(its)).one())


def digests(connection: Connection, issue_id: int) -> list[Digest]:
    """All digests of an issue, by cohort."""
    asked = select(t.digest).where(t.digest.c.issue == issue_id).order_by(t.digest.c.cohort)
    return [digest_of(row) for row in connection.execute(asked)]


def finish(connection: Connection, now: datetime) -> list[int]:
    """Whatever is being sent, was due by now and has nothing left to send becomes done; returns the ids."""
    unsettled = exists().where(t.delivery.c.issue == t.issue.c.id, t.delivery.c.state.in_(OPEN))
    is_over = and_(t.issue.c.state == IssueState.SENDING, t.issue.c.due_at <= now, ~unsettled)
    done = update(t.issue).where(is_over).values(state=IssueState.DONE).returning(t.issue.c.id)
    return sorted(connection.execute(done).scalars())


def progress(connection: Connection, issue_id: int) -> Mapping[DeliveryState, int]:
    """How many deliveries of an issue are in which state."""
    state = t.delivery.c.state
    asked = select(state, func.count().label("number")).where(t.delivery.c.issue == issue_id)
    return {row.state: row.number for row in connection.execute(asked.group_by(state))}


def settle_open(
    connection: Connection, issue_id: int, *, state: DeliveryState, now: datetime, reason: str
) -> int:
    """Settle what an issue has still to send, but what is being handed over just now; returns how many."""
    return settle(connection, t.delivery.c.issue == issue_id, state, now, reason)


def archived(connection: Connection) -> list[tuple[Issue, Mapping[str, Digest]]]:
    """Every issue that readers got or are about to get, with the digests that are its pages, newest first.

    One that waits for approval is no page yet; one that was aborted stays a page if it reached anybody.
    What only mails hold, their HTML, is left out: there are ever more of them.
    """
    reached = exists().where(t.delivery.c.issue == t.issue.c.id, t.delivery.c.state == DeliveryState.SENT)
    is_public = or_(t.issue.c.state.in_(_ARCHIVED), and_(t.issue.c.state == IssueState.ABORTED, reached))
    newest = (t.issue.c.due_at.desc(), t.issue.c.id.desc())
    issues = [issue_of(row) for row in connection.execute(select(t.issue).where(is_public).order_by(*newest))]
    pages = _pages(connection, [(each.id, cohort) for each in issues for cohort in each.archive.values()])
    return [
        (each, {language: pages[each.id, cohort] for language, cohort in each.archive.items()})
        for each in issues
    ]


def _pages(connection: Connection, keys: Sequence[tuple[int, str]]) -> Mapping[tuple[int, str], Digest]:
    """Digests by issue and cohort, without their HTML."""
    found = {}
    key = tuple_(t.digest.c.issue, t.digest.c.cohort)
    shown = [
        literal("").label("html") if column is t.digest.c.html else column for column in t.digest.columns
    ]
    for start in range(0, len(keys), _NAMED):
        for row in connection.execute(select(*shown).where(key.in_(keys[start : start + _NAMED]))):
            found[row.issue, row.cohort] = digest_of(row)
    return found


def _digest_row(each: Digest) -> dict[str, Any]:
    return {column.name: getattr(each, column.name) for column in t.digest.columns if column.name != "issue"}


def _changed(connection: Connection, issue_id: int, condition: ColumnElement[bool], **values: Any) -> bool:
    """Change an issue that is building, if a condition holds."""
    its = and_(t.issue.c.id == issue_id, t.issue.c.state == IssueState.BUILDING, condition)
    return bool(connection.execute(update(t.issue).where(its).values(values)).rowcount)
