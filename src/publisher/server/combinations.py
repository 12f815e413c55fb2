"""Calendars and feeds of any combination, rendered when first asked for, kept while the edition is current.

Rendering takes the processor, so one thread does it at a time; requests wait
for it without holding a thread, so that files are served meanwhile, and when
too many wait, the next are asked to come back.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from anyio import CapacityLimiter, to_thread

from publisher.errors import PublisherError
from publisher.render.urls import absolute
from publisher.server.answers import sentence
from publisher.server.cache import Cache
from publisher.server.query import FEEDS, Combination, combination, unknown_value
from publisher.server.representation import Representation

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.datastructures import Headers

    from publisher.model.edition import Edition, Selection
    from publisher.server.addresses import Names
    from publisher.server.answers import Answer
    from publisher.server.query import Format, Which

KEPT_BYTES = 64 << 20
MAX_WAITING = 20


class Renderings(Protocol):
    """What makes the bytes: the same functions that make the files of build/."""

    def calendar(self, edition: Edition, wanted: Combination, which: Which) -> bytes:
        """A calendar of the choice, or of one of its years."""

    def feed(
        self, edition: Edition, language: str, selection: Selection, fmt: Format, self_url: str
    ) -> bytes:
        """A feed of the choice, whose own address is `self_url`."""


class Editions(Protocol):
    """Who knows what is public now."""

    @property
    def languages(self) -> Collection[str]:
        """The languages that are published."""

    def edition(self) -> Edition | None:
        """The current edition, the same object while nothing changes; None before the first release.

        A PublisherError means that it cannot be told now.
        """


class Combinations:
    """Answers requests for combinations from the current edition."""

    def __init__(self, editions: Editions, renderings: Renderings, kept_bytes: int = KEPT_BYTES) -> None:
        self._editions, self._renderings, self._kept_bytes = editions, renderings, kept_bytes
        self._shelf = _Shelf(None, kept_bytes)
        self._one_at_a_time = CapacityLimiter(1)

    async def answer(self, names: Names, query: bytes, request: Headers, now: float) -> Answer | None:
        """The answer to a GET; None where the address is that of a plain file."""
        wanted = combination(names, query, self._editions.languages)
        if not isinstance(wanted, Combination):
            return wanted
        try:
            edition = await to_thread.run_sync(self._editions.edition)
        except PublisherError:
            return sentence(503, "the database does not answer", retry_after="30")
        if edition is None:
            return sentence(503, "nothing is published yet", retry_after="60")
        if unknown := wanted.unknown(edition):
            return unknown_value(*unknown)
        made = self._shelf_of(edition).get(wanted) or await self._render(wanted, edition)
        return (
            made.answer(request, now) if made else sentence(503, "too many requests wait", retry_after="10")
        )

    def _shelf_of(self, edition: Edition) -> Cache[Combination]:
        if self._shelf.edition is not edition:
            self._shelf = _Shelf(edition, self._kept_bytes)
        return self._shelf.cache

    async def _render(self, wanted: Combination, edition: Edition) -> Representation | None:
        """The combination, made in its turn; None when too many wait for theirs."""
        if self._one_at_a_time.statistics().tasks_waiting >= MAX_WAITING:
            return None
        return await to_thread.run_sync(
            partial(self._make, wanted, edition, self._shelf_of(edition)),
            limiter=self._one_at_a_time,
            abandon_on_cancel=True,  # the server does not wait for it when it stops
        )

    def _make(self, wanted: Combination, edition: Edition, shelf: Cache[Combination]) -> Representation:
        if kept := shelf.get(wanted):  # made for another request while this one waited
            return kept
        body = self._bytes(wanted, edition)
        return shelf.put(wanted, Representation.of(f"{wanted.language}/{wanted.name}", body))

    def _bytes(self, wanted: Combination, edition: Edition) -> bytes:
        language, selection = wanted.language, wanted.selection
        if which := wanted.calendar:
            return self._renderings.calendar(edition, wanted, which)
        address = absolute(edition.config, wanted.path)
        return self._renderings.feed(edition, language, selection, FEEDS[wanted.name], address)


class _Shelf:
    """The combinations of one edition."""

    def __init__(self, edition: Edition | None, kept_bytes: int) -> None:
        self.edition = edition
        self.cache: Cache[Combination] = Cache(kept_bytes)
