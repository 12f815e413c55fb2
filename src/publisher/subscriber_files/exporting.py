"""Writes subscribers into a file that an import takes."""

from __future__ import annotations

import csv
from datetime import UTC
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from publisher.store import subscribers as store
from publisher.subscriber_files.columns import COLUMNS, guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.mailing import Subscriber, Subscription, SubscriptionState
    from publisher.site import Site


class Written(Protocol):
    """What takes text."""

    def write(self, text: str, /) -> object:
        """Take it."""


def everybody(
    site: Site, *, list_id: str | None = None, state: SubscriptionState | None = None
) -> Iterator[tuple[Subscriber, tuple[Subscription, ...]]]:
    """Every subscriber by id with the subscriptions that are asked for; not the erased."""
    after, going = -1, site.has_database
    while going:
        with site.database.reading() as connection:
            found = store.every(connection, after=after, list=list_id, state=state)
        yield from found
        going = bool(found)
        after = found[-1][0].id if found else after


def export(
    site: Site, file: Written, *, list_id: str | None = None, state: SubscriptionState | None = None
) -> int:
    """Write a line for each subscriber, or several where their subscriptions differ; returns how many."""
    rows = csv.writer(file, lineterminator="\r\n")  # RFC 4180 section 2
    rows.writerow(COLUMNS)
    count = 0
    for subscriber, subscriptions in everybody(site, list_id=list_id, state=state):
        for alike in _alike(subscriptions):
            rows.writerow(map(guarded, _cells(subscriber, alike)))
            count += 1
    return count


def _alike(subscriptions: tuple[Subscription, ...]) -> Iterator[list[Subscription]]:
    """Subscriptions that differ in their lists only."""
    for _, alike in groupby(sorted(subscriptions, key=_shared), _shared):
        yield list(alike)


def _shared(subscription: Subscription) -> tuple[object, ...]:
    interests = subscription.interests
    return (
        subscription.state,
        (interests.topics, interests.organisations, interests.events),
        subscription.consent_source,
        _instant(subscription),
    )


def _cells(subscriber: Subscriber, alike: list[Subscription]) -> tuple[str, ...]:
    """A line, in the order of the columns."""
    interests = alike[0].interests
    several = ([each.list for each in alike], interests.topics, interests.organisations, interests.events)
    lists, *chosen = (";".join(values) for values in several)
    return (
        subscriber.email,
        subscriber.language,
        lists,
        *chosen,
        subscriber.timezone,
        alike[0].consent_source,
        _instant(alike[0]),
        alike[0].state,
    )


def _instant(subscription: Subscription) -> str:
    """When its reader agreed, in UTC."""
    agreed = subscription.consent_at
    return agreed.astimezone(UTC).isoformat().replace("+00:00", "Z") if agreed else ""
