"""Everything that is kept about one reader, for whoever asks what is known of them (GDPR article 15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.store import dossiers
from publisher.store import subscribers as store

if TYPE_CHECKING:
    from publisher.model.mailing import Subscriber, Subscription
    from publisher.site import Site


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """What the database holds of a reader."""

    subscriber: Subscriber
    subscriptions: tuple[Subscription, ...]
    messages: tuple[dossiers.Mailed, ...]
    bounces: tuple[dossiers.Bounced, ...]
    suppression: dossiers.Suppressed | None
    #: How often the address was written to in a span of time: it names the address by its hash.
    limits: tuple[dossiers.Counted, ...]


def dossier(site: Site, subscriber: Subscriber) -> Dossier:
    """What is kept, read at one moment."""
    with site.database.reading() as connection:
        return Dossier(
            subscriber=subscriber,
            subscriptions=store.subscriptions(connection, subscriber.id),
            messages=tuple(dossiers.mailed(connection, subscriber.id)),
            bounces=tuple(dossiers.bounced(connection, subscriber.id)),
            suppression=dossiers.suppressed(connection, subscriber.address_hash),
            limits=tuple(dossiers.counted(connection, subscriber.address_hash)),
        )
