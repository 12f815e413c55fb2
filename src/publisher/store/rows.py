"""Between rows of the tables and values of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.model.mailing import Digest, Interests, Issue, Recipient, Subscriber, Subscription
from publisher.store import tables as t

if TYPE_CHECKING:
    from sqlalchemy import Row, Table

#: The columns of a subscription that are its interests.
_INTERESTS = ("topics", "organisations", "events")


def row_of(table: Table, value: object) -> dict[str, Any]:
    """A value whose fields are called as the columns of its table."""
    return {column.name: getattr(value, column.name) for column in table.columns}


def subscriber_of(row: Row[Any]) -> Subscriber:
    """A whole row of `subscriber`."""
    return Subscriber(**_columns(row))


def subscription_of(row: Row[Any]) -> Subscription:
    """A whole row of `subscription`."""
    values = {name: value for name, value in _columns(row).items() if name not in _INTERESTS}
    return Subscription(**values, interests=_interests(row))


def subscription_row(given: Subscription) -> dict[str, Any]:
    """The row of a subscription."""
    return {
        column.name: getattr(given.interests if column.name in _INTERESTS else given, column.name)
        for column in t.subscription.columns
    }


def recipient_of(row: Any) -> Recipient:
    """A subscription with its subscriber's language and zone; `under_way` is the cut of a later issue."""
    return Recipient(
        subscriber=row.subscriber,
        language=row.language,
        timezone=row.timezone,
        interests=_interests(row),
        told_until=max(filter(None, (row.told_until, row.under_way)), default=None),
        since=row.changed,
    )


def issue_of(row: Row[Any]) -> Issue:
    """A whole row of `issue`."""
    return Issue(**_columns(row))


def digest_of(row: Row[Any]) -> Digest:
    """A whole row of `digest`, its issue left out."""
    return Digest(**{name: value for name, value in _columns(row).items() if name != "issue"})


def _interests(row: Row[Any]) -> Interests:
    return Interests(**{name: tuple(row._mapping[name]) for name in _INTERESTS})  # noqa: SLF001 -- see below


def _columns(row: Row[Any]) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 -- the documented way to a row's columns
