"""How deliveries stand: what a worker looks at before it begins, and what people are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, func, or_, select

from publisher.model.mailing import (
    OPEN,
    Delivery,
    DeliveryState,
    IssueState,
    Subscriber,
    SubscriptionState,
)
from publisher.store.tables import delivery, issue, subscriber, subscription, suppression

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Select


@dataclass(frozen=True, kw_only=True)
class Standing:
    """All that decides whether a delivery may be begun, read at one moment."""

    delivery: Delivery
    subscriber: Subscriber
    #: Of a digest: how its issue stands, and the reader's subscription to its list, if there is one.
    issue: IssueState | None
    subscription: SubscriptionState | None
    paused_until: datetime | None
    #: Why nobody writes to the address; None when one may.
    suppressed: str | None


def standing(connection: Connection, delivery_id: int, now: datetime) -> Standing | None:
    """How a delivery, its reader and its issue stand; None when it is gone."""
    row = connection.execute(_STANDING, {"delivery_id": delivery_id, "now": now}).mappings().one_or_none()
    if row is None:
        return None
    return Standing(
        delivery=Delivery(**{column.name: row[f"delivery_{column.name}"] for column in delivery.c}),
        subscriber=Subscriber(**{column.name: row[f"subscriber_{column.name}"] for column in subscriber.c}),
        issue=row["issue"],
        subscription=row["subscription"],
        paused_until=row["paused_until"],
        suppressed=row["suppressed"],
    )


def _standing() -> Select[Any]:
    """The query, to be made once: it is asked for each message."""
    its_list = and_(subscription.c.subscriber == delivery.c.subscriber, subscription.c.list == issue.c.list)
    holds = or_(suppression.c.until.is_(None), suppression.c.until > bindparam("now"))
    its_address = and_(suppression.c.address_hash == subscriber.c.address_hash, holds)
    columns = (
        *(column.label(f"delivery_{column.name}") for column in delivery.c),
        *(column.label(f"subscriber_{column.name}") for column in subscriber.c),
        issue.c.state.label("issue"),
        subscription.c.state.label("subscription"),
        subscription.c.paused_until,
        suppression.c.reason.label("suppressed"),
    )
    source = (
        delivery.join(subscriber)
        .outerjoin(issue)
        .outerjoin(subscription, its_list)
        .outerjoin(suppression, its_address)
    )
    return select(*columns).select_from(source).where(delivery.c.id == bindparam("delivery_id"))


_STANDING = _standing()


def open_by_state(connection: Connection) -> Mapping[DeliveryState, int]:
    """How many deliveries are still to be made, by how far they are."""
    query = select(delivery.c.state, func.count()).where(delivery.c.state.in_(OPEN))
    found = connection.execute(query.group_by(delivery.c.state).order_by(delivery.c.state))
    return {row.state: row[1] for row in found}
