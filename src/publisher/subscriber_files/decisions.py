"""Decides what a line of a file means for a reader whom the site may know already.

An import adds. What a reader has chosen here stays as it is, and who has left stays
away, unless the line says that they agreed again afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from publisher.diagnostics import Diagnostic, warning
from publisher.model.mailing import Subscription, SubscriptionState
from publisher.subscribing.signup import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from publisher.model.mailing import Subscriber
    from publisher.subscriber_files.lines import Line

_MINUTE = "%Y-%m-%d %H:%M UTC"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the site knows of an address."""

    subscriber: Subscriber | None = None
    #: By list.
    subscriptions: Mapping[str, Subscription] = field(default_factory=dict)
    #: Why nobody writes to it; None if anybody may.
    suppressed: str | None = None


def decide(
    line: Line, known: Known, subscriber_id: int, *, confirmed: bool, now: datetime
) -> Iterator[Subscription | Diagnostic]:
    """The subscriptions to be written, and what the operator should know; nothing for what is there already.

    Args:
        line: A sound line.
        known: What the site knows of its address.
        subscriber_id: Whose the subscriptions are.
        confirmed: Whether the lines are taken as confirmed.
        now: When it is imported.
    """
    if known.suppressed:
        message = f"nothing is sent to this address any more ({known.suppressed})"
        hint = "leave the line out; `publisher subscribers lift` only if its owner asks for it"
        yield warning(line.span, "suppressed-address", message, hint)
        return
    state = _wanted(line, confirmed=confirmed)
    if state is None:
        return
    for name in line.lists:
        before = known.subscriptions.get(name)
        left = before.changed if before and _has_left(before) else None
        if before and not left and not _is_now_confirmed(before, state):
            continue
        if left and state is SubscriptionState.UNSUBSCRIBED:
            continue
        if left and not (confirmed and line.consent_at and line.consent_at > left):
            yield _stays_away(line, name, left, confirmed=confirmed)
            continue
        yield _subscription(line, name, subscriber_id, state, now)


def _wanted(line: Line, *, confirmed: bool) -> SubscriptionState | None:
    """How the line's subscriptions are to stand; None if it says nothing that can be taken over."""
    if line.state is SubscriptionState.UNSUBSCRIBED:
        return line.state  # so that the next import knows it, too
    if not confirmed:
        return SubscriptionState.UNCONFIRMED
    # Who did not confirm where the line comes from has not agreed, whatever else the line says.
    return None if line.state is SubscriptionState.UNCONFIRMED else line.state


def _has_left(subscription: Subscription) -> bool:
    return subscription.state is SubscriptionState.UNSUBSCRIBED


def _is_now_confirmed(before: Subscription, state: SubscriptionState) -> bool:
    """Whether somebody who was imported, and never answered, is known to agree now.

    Who has signed up on the page was asked by a letter, and only the answer counts.
    """
    waits = before.state is SubscriptionState.UNCONFIRMED and before.consent_source != SOURCE
    return waits and state in {SubscriptionState.CONFIRMED, SubscriptionState.PAUSED}


def _stays_away(line: Line, name: str, left: datetime, *, confirmed: bool) -> Diagnostic:
    agreed = f"the consent is of {_minute(line.consent_at)}" if line.consent_at else "the consent has no date"
    message = f"the reader left '{name}' on {_minute(left)}, {agreed}"
    later = "only a later consent_date brings them back"
    hint = later if confirmed else f"{later}, with --confirmed; or let them sign up again"
    return warning(line.span, "unsubscribed-address", message, hint)


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _subscription(
    line: Line, name: str, subscriber_id: int, state: SubscriptionState, now: datetime
) -> Subscription:
    return Subscription(
        subscriber=subscriber_id,
        list=name,
        state=state,
        interests=line.interests,
        consent_source=line.consent_source,
        consent_at=line.consent_at,
        changed=now,
    )
