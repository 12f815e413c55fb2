"""Notes what hubs are to be told, in the transaction that commits an edition: no kill forgets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.store import pings
from publisher.websub.topics import changed_topics

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from publisher.config import Config


def note_changes(  # noqa: PLR0913, PLR0917 -- an edition and the one before
    connection: Connection,
    config: Config,
    before: Mapping[str, str],
    after: Mapping[str, str],
    number: int,
    now: datetime,
) -> None:
    """An edition was committed: each hub is to be told of each feed whose bytes differ.

    `before` and `after` are manifests, the first one empty where there was no edition.
    """
    hubs = config.websub.hubs
    pings.forget_others(connection, hubs)
    if hubs:
        pings.note(connection, hubs, changed_topics(before, after), number, now)
