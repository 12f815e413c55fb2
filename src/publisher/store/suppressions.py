"""Whom nobody writes to: addresses by their keyed hash, so that the refusal outlives the address."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, delete, or_, select

from publisher.store.tables import schedule, suppression
from publisher.store.upserts import insert

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

#: What the schedule calls the key of the hashes.
_SALT = "address-salt"
_SALT_BYTES = 32


def suppress(
    connection: Connection, address_hash: str, reason: str, now: datetime, until: datetime | None = None
) -> None:
    """Write to an address no more, for ever or until an instant; of two suppressions the longer one stays."""
    row = insert(connection, suppression).values(
        address_hash=address_hash, reason=reason, until=until, created=now
    )
    given = row.excluded
    longer = and_(
        suppression.c.until.is_not(None), or_(given.until.is_(None), given.until > suppression.c.until)
    )
    connection.execute(
        row.on_conflict_do_update(
            index_elements=[suppression.c.address_hash],
            set_={"reason": given.reason, "until": given.until, "created": given.created},
            where=longer,
        )
    )


def is_suppressed(connection: Connection, address_hash: str, now: datetime) -> bool:
    """Whether an address must not be written to now."""
    return reason(connection, address_hash, now) is not None


def reason(connection: Connection, address_hash: str, now: datetime) -> str | None:
    """Why an address must not be written to now; None when it may."""
    asked = select(suppression.c.reason).where(suppression.c.address_hash == address_hash, holds(now))
    return connection.execute(asked).scalar()


def holds(now: datetime) -> ColumnElement[bool]:
    """That a suppression is for ever, or not over yet."""
    return or_(suppression.c.until.is_(None), suppression.c.until > now)


def lift(connection: Connection, address_hash: str) -> bool:
    """Drop the suppression of an address; returns whether there was one."""
    return bool(
        connection.execute(delete(suppression).where(suppression.c.address_hash == address_hash)).rowcount
    )


def salt(connection: Connection) -> bytes:
    """The key of the hashes; LookupError where nobody has made it yet."""
    if (found := _salt(connection)) is None:
        raise LookupError("the key of address hashes is made by ensure_salt, in a transaction that writes")
    return found


def ensure_salt(connection: Connection, now: datetime) -> bytes:
    """The key of the hashes, made if there is none; of two that are made at once the first one stays."""
    if (found := _salt(connection)) is not None:
        return found
    made = insert(connection, schedule).values(name=_SALT, value=secrets.token_hex(_SALT_BYTES), at=now)
    connection.execute(made.on_conflict_do_nothing(index_elements=[schedule.c.name]))
    return salt(connection)


def _salt(connection: Connection) -> bytes | None:
    """What the schedule keeps."""
    found = connection.execute(select(schedule.c.value).where(schedule.c.name == _SALT)).scalar()
    return bytes.fromhex(found) if found is not None else None
