"""Writes messages: what deliveries of one issue share is read once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from publisher.mailing.message import compose_digest
from publisher.store import issues, subscribers

if TYPE_CHECKING:
    from publisher.mailing.message import Outgoing
    from publisher.model.mailing import Digest, Issue
    from publisher.post.postbox import Postbox
    from publisher.render.theme import Theme
    from publisher.store.database import Transactions
    from publisher.store.standing import Standing

#: So many digests are kept in memory; an issue has one for each cohort, of some 50 kB.
_KEPT = 200


class Writer:
    """Makes the bytes of a delivery: the same ones however often it is sent. For any number of threads."""

    def __init__(self, postbox: Postbox) -> None:
        self._postbox = postbox
        self._issues: dict[int, Issue] = {}
        self._digests: dict[tuple[int, str], Digest] = {}

    def write(self, found: Standing, database: Transactions) -> Outgoing | None:
        """The message of a delivery, to its reader as they are now; None when nothing is left to say."""
        delivery = found.delivery
        if delivery.issue is None:
            return self._letter(found, database)
        issue = self.issue(delivery.issue, database)
        digest = self._digest(delivery.issue, delivery.cohort, database)
        return compose_digest(
            self._postbox.config, self._postbox.keys, issue, digest, found.subscriber, delivery.message_id
        )

    def issue(self, issue_id: int, database: Transactions) -> Issue:
        """An issue, as it was frozen; its state may be another one by now."""
        if issue_id not in self._issues:
            with database.reading() as connection:
                found = issues.get(connection, issue_id)
            assert found is not None  # noqa: S101 -- the database keeps no delivery of an issue that is not there
            self._issues[issue_id] = found
        return self._issues[issue_id]

    def _digest(self, issue_id: int, cohort: str, database: Transactions) -> Digest:
        key = (issue_id, cohort)
        found = self._digests.get(key)
        if found is None:
            with database.reading() as connection:
                found = issues.digest(connection, issue_id, cohort)
            if len(self._digests) >= _KEPT:
                self._digests.clear()
            self._digests[key] = found
        return found

    def _letter(self, found: Standing, database: Transactions) -> Outgoing | None:
        # Letters are few, and most deliverings have none: their templates are loaded for the first one.
        from publisher.mailing.letters import NothingToSay, compose_letter

        with database.reading() as connection:
            theirs = subscribers.subscriptions(connection, found.subscriber.id)
        config, keys = self._postbox.config, self._postbox.keys
        try:
            return compose_letter(config, self._theme, keys, found.delivery, found.subscriber, theirs)
        except NothingToSay:
            return None

    @cached_property
    def _theme(self) -> Theme:
        from publisher.render.theme import theme

        return theme(self._postbox.root, self._postbox.config.site.languages)
