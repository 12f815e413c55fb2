"""What a person may do to an issue: hold, approve, pause, resume, abort.

Each is a comparison and a change in one transaction, so that of two people, or
of a person and the schedule, one is first and the other is told how it stands.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from publisher.diagnostics import did_you_mean
from publisher.errors import PublisherError, UsageError
from publisher.issuing import notes
from publisher.issuing.catch_up import abort, send_off
from publisher.issuing.deciding import NOT_APPROVED
from publisher.mailing.periods import due, next_due
from publisher.model.mailing import IssueState
from publisher.release import refresh
from publisher.store import issues

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from publisher.model.mailing import Issue
    from publisher.site import Site

#: How far ahead a period can be held.
_AHEAD = timedelta(days=400)
BY_HAND = "by hand"


@dataclass(frozen=True)
class _Move:
    """From where to where, and what that is called."""

    name: str
    frm: tuple[IssueState, ...]
    to: IssueState
    reason: str = ""


_HOLD = _Move("held", (IssueState.FROZEN,), IssueState.HELD, NOT_APPROVED)
_APPROVE = _Move("approved", (IssueState.HELD,), IssueState.FROZEN)
_PAUSE = _Move("paused", (IssueState.FROZEN, IssueState.SENDING), IssueState.PAUSED, BY_HAND)
_RESUME = _Move("resumed", (IssueState.PAUSED,), IssueState.FROZEN)


class NoSuchList(UsageError):
    """The site has no list of this id: take one that publisher.toml names."""

    def __init__(self, list_id: str, known: Collection[str]) -> None:
        hint = did_you_mean(list_id, known) or _named(known)
        super().__init__(f"no such list '{list_id}'\nhint: {hint}")


class NoSuchIssue(UsageError):
    """The list has no issue for this period: see `publisher digest list`."""

    def __init__(self, list_id: str, period: str, hint: str) -> None:
        super().__init__(f"list '{list_id}' has no issue '{period}'\nhint: {hint}")


class ImpossibleMove(PublisherError):
    """The issue is not where it would have to be: see how it stands by `publisher digest list`."""

    exit_status = 1

    def __init__(self, issue: Issue, wanted: str, hint: str) -> None:
        why = f" ({issue.reason})" if issue.reason else ""
        super().__init__(
            f"{issue.list} {issue.period} cannot be {wanted}: it is {issue.state}{why}\nhint: {hint}"
        )


def require_list(site: Site, list_id: str) -> None:
    """NoSuchList, if there is none."""
    if list_id not in site.config.lists:
        raise NoSuchList(list_id, site.config.lists)


def hold(site: Site, list_id: str, period: str, now: datetime) -> Issue | None:
    """Have an issue wait for approval; one that is not built yet will, and None is returned."""
    require_list(site, list_id)
    with site.database.writing() as connection:
        issue = issues.find(connection, list_id, period)
        if issue is None and not _will_be_due(site, list_id, period, now):
            raise _no_issue(connection, site, list_id, period, now)
        if issue is None or issue.state is IssueState.BUILDING:
            notes.hold(connection, list_id, period, now)
            return None
        return _moved(connection, issue, _HOLD)


def approve(site: Site, list_id: str, period: str, now: datetime) -> Issue:
    """Let an issue that waits be sent: its page is published first."""
    with _at(site, list_id, period, now) as (connection, issue):
        _require_time(issue, _APPROVE, now)
        notes.release(connection, list_id, period)
        moved = _moved(connection, issue, _APPROVE, dated=now)
    send_off(site, now)
    return _again(site, moved)


def pause(site: Site, list_id: str, period: str, now: datetime) -> Issue:
    """Send no more of an issue until it is resumed; what is being handed over at this moment still goes."""
    with _at(site, list_id, period, now) as (connection, issue):
        return _moved(connection, issue, _PAUSE)


def resume(site: Site, list_id: str, period: str, now: datetime) -> Issue:
    """Go on sending a paused issue."""
    with _at(site, list_id, period, now) as (connection, issue):
        _require_time(issue, _RESUME, now)
        moved = _moved(connection, issue, _RESUME)
    send_off(site, now)
    return _again(site, moved)


def stop(site: Site, list_id: str, period: str, now: datetime) -> Issue:
    """Abort an issue: whoever has not got it never does, and the next issue tells them its content."""
    with _at(site, list_id, period, now) as (connection, issue):
        if not abort(connection, issue, BY_HAND, now):
            raise ImpossibleMove(issue, "aborted", _HINTS[issue.state])
    refresh(site, now)  # if nobody got it, it is no page any more
    return _again(site, issue)


@contextmanager
def _at(site: Site, list_id: str, period: str, now: datetime) -> Iterator[tuple[Connection, Issue]]:
    """An issue as it stands, and nobody else moves it meanwhile."""
    require_list(site, list_id)
    with site.database.writing() as connection:
        issue = issues.find(connection, list_id, period)
        if issue is None:
            raise _no_issue(connection, site, list_id, period, now)
        yield connection, issue


def _moved(connection: Connection, issue: Issue, move: _Move, dated: datetime | None = None) -> Issue:
    if not issues.move(connection, issue.id, move.frm, move.to, reason=move.reason, dated=dated):
        raise ImpossibleMove(issue, move.name, _HINTS[issue.state])
    return issue.evolve(state=move.to, reason=move.reason)


_HINTS = {
    IssueState.BUILDING: "wait until it is built: the next tick goes on with it",
    IssueState.FROZEN: "`publisher digest pause` or `abort` keep it from being sent",
    IssueState.HELD: "`publisher digest approve` has it sent, `abort` ends it",
    IssueState.SENDING: "`publisher digest pause` or `abort` stop it",
    IssueState.PAUSED: "`publisher digest resume` has it go on, `abort` ends it",
    IssueState.DONE: "everybody who was to get it has it; what was wrong is put right in the next one",
    IssueState.SKIPPED: "nobody gets it; what it would have told is in the next one",
    IssueState.ABORTED: "nobody gets it any more; what it would have told is in the next one",
}


def _require_time(issue: Issue, move: _Move, now: datetime) -> None:
    if now >= issue.not_after and issue.state in move.frm:
        late = f"it was to leave before {issue.not_after:%Y-%m-%d %H:%M} UTC; its content is in the next one"
        raise ImpossibleMove(issue, move.name, late)


def _no_issue(connection: Connection, site: Site, list_id: str, period: str, now: datetime) -> NoSuchIssue:
    known = [issue.period for issue in issues.every(connection, list=list_id)]
    following = next_due(site.config.lists[list_id], site.config.site.timezone, now)
    near = did_you_mean(period, known)
    soon = f"the next one will be '{following.key}'" if following else "see `publisher digest list`"
    return NoSuchIssue(list_id, period, near or soon)


def _will_be_due(site: Site, list_id: str, period: str, now: datetime) -> bool:
    coming = due(site.config.lists[list_id], site.config.site.timezone, now, now + _AHEAD)
    return any(each.key == period for each in coming)


def _again(site: Site, issue: Issue) -> Issue:
    """The issue as it is now."""
    with site.database.reading() as connection:
        return issues.get(connection, issue.id) or issue


def _named(known: Collection[str]) -> str:
    return f"the lists are {', '.join(known)}" if known else "publisher.toml has no [lists.*]"
