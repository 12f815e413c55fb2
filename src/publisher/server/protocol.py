"""Connections that must get on: HTTP/1.1 as uvicorn speaks it, with an end to waiting.

uvicorn limits the pause between two requests; a client that sends the head of
its request a letter at a time, or never reads its answer, would hold its
connection for ever, and a few hundred such clients the whole server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio


class Connection(H11Protocol):
    """A connection that is looked at every `timeout_keep_alive` seconds and dropped where nothing moved."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._waiting_since = self.loop.time()
        self._unsent, self._drained = 0, False
        self._look_again()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._look.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._waiting_since = self.loop.time()

    def resume_writing(self) -> None:
        """The client has read most of what there was for it."""
        super().resume_writing()
        self._drained = True

    def _look_again(self) -> None:
        self._look = self.loop.call_later(self.timeout_keep_alive, self._drop_if_stuck)

    def _drop_if_stuck(self) -> None:
        unsent = self.transport.get_write_buffer_size()
        # Pieces of one size leave buffers of one size: equal sizes alone do not mean that nothing was read.
        unread = unsent and unsent == self._unsent and not self._drained
        self._unsent, self._drained = unsent, False
        if unread or (not (unsent or self._is_answering()) and self._has_waited()):
            self.transport.abort()
        else:
            self._look_again()

    def _is_answering(self) -> bool:
        return cast("object | None", self.cycle) is not None and not self.cycle.response_complete

    def _has_waited(self) -> bool:
        return self.loop.time() - self._waiting_since >= self.timeout_keep_alive

    def _should_upgrade(self) -> bool:
        """No: only HTTP is spoken here, and an Upgrade may be ignored (RFC 9110 section 7.8)."""
        return False
