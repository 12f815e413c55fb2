"""What an operator does for people who write instead of clicking. Each verb is one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.mailing.addresses import Address, address_hash
from publisher.store import subscribers as store
from publisher.store import suppressions
from publisher.subscribing.consent import forget, leave, undisturbed

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from publisher.model.mailing import Subscriber
    from publisher.site import Site

#: Why an address is suppressed that an operator has suppressed.
OPERATOR = "operator"


def unsubscribe(site: Site, subscriber: Subscriber, lists: Collection[str], now: datetime) -> tuple[str, ...]:
    """Have a reader leave lists, all that they have where none is named; returns which."""
    with site.database.reading() as connection:
        theirs = [each.list for each in store.subscriptions(connection, subscriber.id)]
    left = tuple(name for name in theirs if not lists or name in lists)
    leave(site.database, subscriber.id, left, now)
    return left


def suppress(site: Site, address: Address, now: datetime) -> None:
    """Never write to an address again, whoever signs it up."""
    with site.database.working() as connection:
        hashed = address_hash(suppressions.ensure_salt(connection, now), address.key)
        known = store.find(connection, address.key)
    # What is on its way to a reader arrives first: afterwards nothing is sent any more.
    with undisturbed(site.database, known.id if known else _NOBODY) as connection:
        suppressions.suppress(connection, hashed, OPERATOR, now)


def lift(site: Site, address: Address, now: datetime) -> bool:
    """Let an address be written to again; False if it was not suppressed."""
    with site.database.working() as connection:
        hashed = address_hash(suppressions.ensure_salt(connection, now), address.key)
        return suppressions.lift(connection, hashed)


def erase(site: Site, subscriber: Subscriber, now: datetime) -> None:
    """Forget a reader: their address, what they chose and what servers said of them."""
    forget(site.database, subscriber.id, now)


#: No subscriber has this id.
_NOBODY = -1
