"""What may be sent, and what becomes of what was: decisions only, nothing is done here."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from publisher.mailing.policy import Deferred, Failed, InDoubt, Sent
from publisher.model.mailing import DeliveryState, IssueState, SubscriptionState
from publisher.store.outbox import Bounce, Settlement

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.mailing.policy import Outcome, Reply
    from publisher.model.mailing import Delivery
    from publisher.store.standing import Standing


class Course(Enum):
    """What to do with a delivery that needs no settling before it is sent."""

    SEND = "send"
    #: Not now or not by us, and nothing is said about it: its issue is paused, or somebody else has it.
    LEAVE = "leave"


def verdict(found: Standing, now: datetime) -> Course | Settlement:
    """Whether a message may be handed over now, as its reader and its issue stand; else what it becomes."""
    if found.delivery.issue is not None and found.issue is not IssueState.SENDING:
        is_aborted = found.issue is IssueState.ABORTED
        return Settlement(DeliveryState.SUPPRESSED, "the issue was aborted") if is_aborted else Course.LEAVE
    if found.subscriber.erased or not found.subscriber.email:
        return Settlement(DeliveryState.SUPPRESSED, "erased")
    if found.suppressed is not None:
        return Settlement(DeliveryState.SUPPRESSED, f"the address is not written to: {found.suppressed}")
    if found.delivery.issue is not None and not _has_consent(found, now):
        return Settlement(DeliveryState.SUPPRESSED, f"the subscription is {found.subscription or 'gone'}")
    if now > found.delivery.not_after:
        return Settlement(DeliveryState.FAILED, "too late to be sent")
    return Course.SEND


def verdict_again(found: Standing | None, owner: str, clock: datetime, now: datetime) -> Course | Settlement:
    """The same of a message that was begun by an owner: it must be theirs still, at the real time `clock`."""
    if found is None or not _is_being_sent_by(owner, found.delivery, clock):
        return Course.LEAVE
    return verdict(found, now)


def _is_being_sent_by(owner: str, delivery: Delivery, clock: datetime) -> bool:
    return (
        delivery.state is DeliveryState.SENDING
        and delivery.owner == owner
        and delivery.lease_until is not None
        and delivery.lease_until > clock
    )


def _has_consent(found: Standing, now: datetime) -> bool:
    """A confirmed subscription, or a paused one whose pause is over."""
    if found.subscription is SubscriptionState.PAUSED:
        return found.paused_until is not None and found.paused_until <= now
    return found.subscription is SubscriptionState.CONFIRMED


def settlement(outcome: Sent | Deferred | InDoubt | Failed, reply: Reply) -> Settlement:
    """An outcome as the outbox keeps it."""
    match outcome:
        case Sent():
            return Settlement(DeliveryState.SENT, str(reply))
        case Deferred(until):
            return Settlement(DeliveryState.DEFERRED, str(reply), until)
        case InDoubt(until):
            return Settlement(DeliveryState.IN_DOUBT, str(reply), until)
        case Failed(_, reason):
            return Settlement(DeliveryState.FAILED, reason)


def bounce(outcome: Outcome, reply: Reply) -> Bounce | None:
    """What is remembered of an address that could not be reached."""
    if not isinstance(outcome, Failed):
        return None
    return Bounce(hard=outcome.hard, status=reply.enhanced, diagnostic=str(reply))
