"""What is not kept: sign-ups that nobody confirmed, and counts that limit nothing any more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from publisher.store import ledger as store
from publisher.store import limits, subscribers

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.site import Site

#: An address that was given and not confirmed is kept for as long as its confirmation can be.
UNCONFIRMED = timedelta(days=7)
#: Longer than any limit reaches.
_COUNTED = timedelta(days=40)
#: How often it is looked at.
_EVERY = timedelta(hours=1)
_NOTE = "purge"


def purge(site: Site, now: datetime) -> int:
    """Drop what is not kept, once an hour; returns how many sign-ups that were."""
    with site.database.writing() as connection:
        last = store.remembered(connection, _NOTE)
        if last and abs(now - last[1]) < _EVERY:
            return 0
        store.remember(connection, _NOTE, "", now)
        limits.forget(connection, f"{now - _COUNTED:%Y-%m-%d}")
        return subscribers.purge_unconfirmed(connection, now - UNCONFIRMED)
