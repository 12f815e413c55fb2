"""Runs the application: takes the port, answers until it is told to stop, finishes what it began.

The socket is bound before anything else, so that a port in use is found
before a schedule runs. Signals end the serving and nothing more: `serve`
returns, and its caller winds up what runs beside it.
"""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from publisher.errors import PublisherError
from publisher.server.protocol import Connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

LOOPBACK, PORT = "127.0.0.1", 8000
#: Seconds: between a connection's requests; for answers under way when it stops; until all are given up.
KEEP_ALIVE, GRACE, END = 20, 1.5, 2
MAX_HEADER_BYTES = 16 << 10
MAX_CONNECTIONS = 200
_WILDCARDS = {"0.0.0.0": LOOPBACK, "::": "::1", "": LOOPBACK}  # noqa: S104 -- named to be shown as what can be opened


class PortInUse(PublisherError):
    """Another program has the port: name another one."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is in use\nhint: choose another with --port")


class CannotListen(PublisherError):
    """The address cannot be listened on: name another one."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"cannot listen on '{host}' port {port}: {reason}\nhint: choose others with --host and --port"
        )


def serve(  # noqa: PLR0913 -- each is said by name
    app: ASGIApp,
    host: str = LOOPBACK,
    port: int = PORT,
    *,
    on_ready: Callable[[str], None],
    on_stop: Callable[[], None] | None = None,
    stop: threading.Event | None = None,
    keep_alive: int = KEEP_ALIVE,
) -> None:
    """Serve until SIGINT, SIGTERM or `stop`; port 0 is any free one.

    `on_ready` is told the address once it answers; `on_stop` is called when it begins to end, so that
    answers without an end can be ended. Outside the main thread only `stop` ends it.
    """
    listener = listen(host, port)
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        limit_concurrency=MAX_CONNECTIONS,
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
        timeout_keep_alive=keep_alive,
        timeout_graceful_shutdown=END,
    )
    url = address(host, listener.getsockname()[1])
    with listener:
        _Server(config, lambda: on_ready(url), on_stop, stop).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; PortInUse or CannotListen say why not."""
    if not 0 <= port < 1 << 16:  # getaddrinfo would take another one in silence
        raise CannotListen(host, port, "expected a port from 0 to 65535")
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, OverflowError, UnicodeError) as error:
        raise CannotListen(host, port, _reason(error)) from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(port) from None
        raise CannotListen(host, port, _reason(error)) from None
    return listener


def address(host: str, port: int) -> str:
    """What a person on this machine opens."""
    name = _WILDCARDS.get(host, host)
    return f"http://{f'[{name}]' if ':' in name else name}:{port}/"


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).lower()


class _Server(uvicorn.Server):
    """uvicorn, which tells when it is ready and leaves signals as it found them."""

    def __init__(
        self,
        config: uvicorn.Config,
        on_ready: Callable[[], None],
        on_stop: Callable[[], None] | None,
        stop: threading.Event | None,
    ) -> None:
        super().__init__(config)
        self._on_ready, self._on_stop, self._stop = on_ready, on_stop, stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or (self._stop is not None and self._stop.is_set())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._on_stop:
            self._on_stop()
        late = asyncio.get_running_loop().call_later(GRACE, self._hang_up)
        await super().shutdown(sockets)
        late.cancel()

    def _hang_up(self) -> None:
        """End what has not ended: answers that nobody reads."""
        for connection in self.server_state.connections:
            connection.transport.abort()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals end the serving; unlike uvicorn's own, they are not raised again afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
