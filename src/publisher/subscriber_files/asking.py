"""Asks readers by a letter whether they want what somebody else has subscribed them to.

An address is asked as rarely as by sign-ups on the page, and both are counted together.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from publisher import secret_keys
from publisher.mailing.message import message_id
from publisher.model.mailing import Sort
from publisher.store import crowds
from publisher.subscribing.signup import LETTERS, letter_bucket, letter_window

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from publisher.model.mailing import Subscriber
    from publisher.site import Site

#: How long a letter may wait for its turn, where [mail] says that only so many are sent a day. What it asks
#: can be answered for a week from when it was queued: some days of that are to be left to its reader.
LETTER_LIFE = timedelta(days=5)


def caps() -> str:
    """How often an address is asked at most, in words."""
    return " and ".join(
        f"{most} in {span.days} {'day' if span.days == 1 else 'days'}" for span, most in LETTERS
    )


def ask(site: Site, connection: Connection, asked: Sequence[Subscriber], now: datetime) -> None:
    """Queue a letter to each that asks to confirm, and count it."""
    if asked:
        keys = secret_keys.load(site.var)
        host, secret = site.config.authority_host, keys.keys[keys.newest]
        names = [
            (each.id, message_id(secret, host, Sort.CONFIRM, each.id, now.isoformat())) for each in asked
        ]
        crowds.count(connection, [letter_bucket(each.address_hash) for each in asked], letter_window(now))
        crowds.letters(connection, Sort.CONFIRM, names, now, now + LETTER_LIFE)


def tired(connection: Connection, subscribers: Iterable[Subscriber], now: datetime) -> set[int]:
    """The ids of those whose address was asked so often that it is not asked again yet."""
    buckets = {letter_bucket(each.address_hash): each.id for each in subscribers}
    found = set()
    for span, most in LETTERS:
        counts = crowds.counted(connection, buckets, letter_window(now - span))
        found |= {buckets[bucket] for bucket, count in counts.items() if count >= most}
    return found
