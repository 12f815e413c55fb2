"""Makes issues of the periods that have come due, and lets go those that are ready.

Safe to call any number of times, in any number of processes, and to be killed
at any moment: each step is a transaction that asks the database what is still
to be done.

1. In one transaction: a row for each period that has come due, to be built or visibly skipped. Of
   processes that do so at once, one is first and the others find nothing.
2. Each list's issues are built, the oldest first: what a reader was told by one counts for the next.
3. The pages of what is frozen are published, and only then is it sent: a mail links to its page.
4. What has nothing left to send is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.errors import SiteBusy
from publisher.issuing.building import Builder
from publisher.issuing.deciding import plan
from publisher.mailing.periods import due
from publisher.model.mailing import DeliveryState, IssueState
from publisher.post.owners import new_owner
from publisher.release import first_seen, refresh
from publisher.secret_keys import load
from publisher.store import issues
from publisher.store import ledger as store

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from publisher.mailing.periods import Period
    from publisher.model.mailing import Issue
    from publisher.site import Site

#: Why an issue of a list that is not configured any more, or one that waited too long, is not sent.
NO_LIST, WAITED_TOO_LONG = "its list is not in publisher.toml any more", "it waited until it was too late"
_WAITING = (IssueState.HELD, IssueState.PAUSED)
#: Where on its way an issue can be ended.
STOPPABLE = (*_WAITING, IssueState.BUILDING, IssueState.FROZEN, IssueState.SENDING)
#: How far back one looks for what was aborted while some of it was being handed over.
_RECENT = 20


def catch_up(site: Site, now: datetime) -> tuple[Issue, ...]:
    """Do what is due; returns the issues that were begun, moved on or ended, as they are now."""
    touched = begin_due(site, now)
    touched |= _build(site, now)
    touched |= send_off(site, now)
    with site.database.writing() as connection:
        touched |= {*issues.finish(connection, now)}
    return as_they_are(site, touched)


def begin_due(site: Site, now: datetime) -> set[int]:
    """A row for each period that has come due; what has waited too long is over."""
    with site.database.writing() as connection:
        last = store.newest_edition(connection)
        if last is None:
            return set()
        issues.take_back_skips(connection, now)
        touched = _give_up(connection, site, now)
        for list_id in site.config.lists:
            touched |= _begin_list(connection, site, list_id, last, now)
        return touched


def _begin_list(
    connection: Connection, site: Site, list_id: str, last: store.EditionHead, now: datetime
) -> set[int]:
    settings = site.config.lists[list_id]
    periods = _come_due(connection, site, list_id, last.now, now)
    if not periods:
        return set()
    key = load(site.var).newest
    begun = [
        issues.begin(
            connection, list=list_id, period=each.period.key, due_at=each.period.due_at, cut_at=each.cut_at,
            not_after=each.not_after, edition=last.number, signing_key=key, state=each.state,
            reason=each.reason,
        )
        for each in plan(settings, site.config.site.timezone, periods, now)
    ]  # fmt: skip
    return {issue.id for issue in begun if issue}


def _come_due(
    connection: Connection, site: Site, list_id: str, released: datetime, now: datetime
) -> list[Period]:
    """The periods of a list since there is such a list, or since its last issue."""
    since = first_seen(connection, list_id, now)
    latest = issues.latest(connection, list_id, now)
    found = due(site.config.lists[list_id], site.config.site.timezone, since, now, [released])
    return [period for period in found if latest is None or period.due_at > latest.due_at]


def _give_up(connection: Connection, site: Site, now: datetime) -> set[int]:
    """What can never be sent any more is over: else its readers would count as told by it for ever."""
    gone = [
        issue
        for issue in issues.every(connection, states=[IssueState.BUILDING])
        if issue.list not in site.config.lists
    ]
    late = [issue for issue in issues.every(connection, states=_WAITING) if now >= issue.not_after]
    for issue in gone:
        abort(connection, issue, NO_LIST, now)
    for issue in late:
        abort(connection, issue, WAITED_TOO_LONG, now)
    for issue in issues.every(connection, states=[IssueState.ABORTED], count=_RECENT):
        # What was being handed over at that moment, and could not be, is not tried again.
        issues.settle_open(connection, issue.id, state=DeliveryState.SUPPRESSED, now=now, reason=issue.reason)
    return {issue.id for issue in (*gone, *late)}


def abort(connection: Connection, issue: Issue, reason: str, now: datetime) -> bool:
    """End an issue wherever it is on its way: nobody gets it any more. False when it is over already."""
    if not issues.move(connection, issue.id, STOPPABLE, IssueState.ABORTED, reason=reason):
        return False
    issues.settle_open(
        connection, issue.id, state=DeliveryState.SUPPRESSED, now=now, reason=f"aborted: {reason}"
    )
    return True


def _build(site: Site, now: datetime) -> set[int]:
    """Build what is to be built; what another process is at, and what comes after it, is left to it."""
    builder = None
    touched = set()
    for list_id in site.config.lists:
        with site.database.reading() as connection:
            waiting = issues.every(connection, list=list_id, states=[IssueState.BUILDING])
        for issue in reversed(waiting):
            builder = builder or Builder(site=site, keys=load(site.var), now=now, owner=new_owner())
            if not builder.build(issue):
                break
            touched.add(issue.id)
    return touched


def send_off(site: Site, now: datetime) -> set[int]:
    """Publish the pages of what is frozen, then have it sent; returns which.

    If another process is releasing at this moment, the next tick does it.
    """
    with site.database.reading() as connection:
        frozen = issues.every(connection, states=[IssueState.FROZEN])
    if not frozen:
        return set()
    try:
        refresh(site, now)
    except SiteBusy:
        return set()
    with site.database.writing() as connection:
        return {
            issue.id
            for issue in frozen
            if issues.move(connection, issue.id, [IssueState.FROZEN], IssueState.SENDING)
        }


def as_they_are(site: Site, ids: Iterable[int]) -> tuple[Issue, ...]:
    """Issues by id, oldest first."""
    with site.database.reading() as connection:
        found = [issue for number in ids if (issue := issues.get(connection, number))]
    return tuple(sorted(found, key=lambda issue: (issue.due_at, issue.list)))
