"""The server as it is met from outside: a port on loopback, and bytes."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from queue import Queue
from typing import TYPE_CHECKING

from publisher.server.run import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp

#: Longer than anything here takes; a test that waits so long has failed.
PATIENCE = 30.0


@contextmanager
def running(app: ASGIApp, keep_alive: int = 20) -> Iterator[int]:
    """The application on a free port of loopback."""
    stop, ready = threading.Event(), Queue[str]()
    thread = threading.Thread(
        target=serve,
        args=(app,),
        kwargs={"port": 0, "on_ready": ready.put, "stop": stop, "keep_alive": keep_alive},
    )
    thread.start()
    try:
        yield int(ready.get(timeout=PATIENCE).rstrip("/").rsplit(":", 1)[1])
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive(), "the server does not stop"


def talk(port: int, data: bytes) -> bytes:
    """Everything that the server says to these bytes until it hangs up."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(data)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def get(port: int, target: bytes, *lines: bytes, method: bytes = b"GET") -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body; the target is sent as it is, no client tidies it up."""
    head = b"\r\n".join(
        [method + b" " + target + b" HTTP/1.1", b"Host: localhost", b"Connection: close", *lines]
    )
    answer, _, body = talk(port, head + b"\r\n\r\n").partition(b"\r\n\r\n")
    first, *fields = answer.decode("latin-1").split("\r\n")
    return int(first.split()[1]), {k.lower(): v for k, v in (f.split(": ", 1) for f in fields)}, body
