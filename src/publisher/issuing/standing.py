"""How mail stands: lists, outbox, whether anything leaves, and what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from publisher.issuing.moves import require_list
from publisher.mailing.periods import next_due
from publisher.model.mailing import DeliveryState, IssueState
from publisher.post import arming
from publisher.store import issues, subscribers, upkeep
from publisher.store.standing import open_by_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from publisher.model.mailing import Issue, SubscriptionState
    from publisher.site import Site

#: What waits so long for a tick or for a server is worth a word.
_LATE = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class ListStanding:
    """A list: when it is due next, its last issue, and how many subscriptions are in which state."""

    id: str
    #: None for one that is due whenever something is released.
    next_due: datetime | None
    last: Issue | None = None
    subscriptions: Mapping[SubscriptionState, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MailStanding:
    """All of a site's mail, for `publisher status`."""

    lists: tuple[ListStanding, ...]
    #: What is still to be made, by how far it is, and when the oldest of it was due.
    outbox: Mapping[DeliveryState, int] = field(default_factory=dict)
    oldest: datetime | None = None
    #: captured, armed or not armed; and why, if that is not as it should be.
    transport: str
    obstacle: str = ""
    #: What waits for a person, in sentences.
    warnings: tuple[str, ...] = ()


def mail_standing(site: Site, now: datetime) -> MailStanding:
    """How mail stands at an instant; nothing is made for it."""
    transport, obstacle = _transport(site)
    if not site.has_database:
        lists = tuple(ListStanding(id=id_, next_due=_next_due(site, id_, now)) for id_ in site.config.lists)
        return MailStanding(lists=lists, transport=transport, obstacle=obstacle)
    with site.database.reading() as connection:
        outbox, oldest = open_by_state(connection), upkeep.oldest_open(connection)
        warnings = [*_waiting_issues(connection, now)]
        lists = _lists(connection, site, now)
    if oldest and now - oldest > _LATE and not warnings:
        hint = f"mail is {transport}" if obstacle else "see what `publisher deliver` says"
        warnings.append(f"messages wait in the outbox since {oldest:%Y-%m-%d %H:%M} UTC: {hint}")
    return MailStanding(
        lists=lists, outbox=outbox, oldest=oldest, transport=transport, obstacle=obstacle,
        warnings=tuple(warnings),
    )  # fmt: skip


def issues_standing(site: Site, list_id: str | None) -> list[tuple[Issue, Mapping[DeliveryState, int]]]:
    """Every issue, or those of a list, the newest first, with how many of its deliveries are in which state.

    Raises:
        NoSuchList: there is no such list, and no issue of one.
    """
    found: list[tuple[Issue, Mapping[DeliveryState, int]]] = []
    if site.has_database:
        with site.database.reading() as connection:
            for issue in issues.every(connection, list=list_id):
                counts = issues.progress(connection, issue.id)
                found.append((issue, {state: counts[state] for state in DeliveryState if state in counts}))
    if list_id is not None and not found:
        require_list(site, list_id)
    return found


def _transport(site: Site) -> tuple[str, str]:
    if site.config.mail.transport == "maildir":
        return "captured", ""
    obstacle = arming.obstacle(site.root, site.config)
    return ("not armed", obstacle) if obstacle else ("armed", "")


def _lists(connection: Connection, site: Site, now: datetime) -> tuple[ListStanding, ...]:
    totals = subscribers.totals(connection)
    return tuple(
        ListStanding(
            id=id_,
            next_due=_next_due(site, id_, now),
            last=issues.latest(connection, id_, now),
            subscriptions={state: number for (list_id, state), number in totals.items() if list_id == id_},
        )
        for id_ in site.config.lists
    )


def _next_due(site: Site, list_id: str, now: datetime) -> datetime | None:
    period = next_due(site.config.lists[list_id], site.config.site.timezone, now)
    return period.due_at if period else None


def _waiting_issues(connection: Connection, now: datetime) -> Iterator[str]:
    """Issues that do not go on by themselves."""
    states = (IssueState.HELD, IssueState.PAUSED, IssueState.BUILDING, IssueState.FROZEN)
    for issue in issues.every(connection, states=states):
        name, until = f"{issue.list} {issue.period}", f"{issue.not_after:%Y-%m-%d %H:%M} UTC"
        if issue.state is IssueState.HELD:
            yield f"{name} waits for `publisher digest approve {name}`, until {until}"
        elif issue.state is IssueState.PAUSED:
            yield f"{name} is paused; `publisher digest resume {name}` has it go on, until {until}"
        elif now - issue.cut_at > _LATE:
            yield f"{name} is {issue.state} since {issue.cut_at:%Y-%m-%d %H:%M} UTC: call `publisher tick`"
