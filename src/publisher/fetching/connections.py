"""A connection to exactly one address that was checked, on which every wait ends with one clock.

`http.client` speaks the protocol; what is here is what it leaves open: which
address it talks to (a name that is looked up twice may lead elsewhere the
second time), and how long all of it takes (a server that sends a byte now and
then never times out).
"""

from __future__ import annotations

import io
import socket
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable


class Clock:
    """What is left of the time for all of it, in seconds."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, at_most: float = float("inf")) -> float:
        """How long one may still wait.

        Raises:
            TimeoutError: the time is over.
        """
        left = min(self._end - time.monotonic(), at_most)
        if left <= 0:
            raise TimeoutError
        return left


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host by the machine's resolver, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def in_time(work: Callable[[], Any], clock: Clock) -> Any:
    """The result of work that cannot be interrupted; it is left alone when the time is over.

    Raises:
        TimeoutError: the time is over.
    """
    done: list[Any] = []

    def run() -> None:
        try:
            done.append((work(), None))
        except Exception as error:  # noqa: BLE001 -- it is raised again below
            done.append((None, error))

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(clock.left())
    if not done:
        raise TimeoutError
    result, error = done[0]
    if error is not None:
        raise error
    return result


@dataclass(frozen=True)
class Peer:
    """Where to connect: the host by its name, and the address that was checked for it."""

    host: str
    port: int
    address: str


def connect(
    peer: Peer, clock: Clock, connect_seconds: float, context: ssl.SSLContext | None
) -> socket.socket:
    """A socket to the peer's address; with a context, by TLS to the peer's name."""
    plain = socket.create_connection((peer.address, peer.port), clock.left(connect_seconds))
    try:
        plain.settimeout(clock.left(connect_seconds))
        return context.wrap_socket(plain, server_hostname=peer.host) if context else plain
    except BaseException:
        plain.close()
        raise


def speak(peer: Peer, connected: socket.socket, clock: Clock) -> HTTPConnection:
    """HTTP on a socket; whoever opened that closes it. There is no proxy: this reads no environment."""
    connection = HTTPConnection(peer.host, peer.port)
    connection.sock = _Clocked(connected, clock)
    return connection


class _Clocked:
    """A socket as `http.client` uses one, each wait of which ends with the clock."""

    def __init__(self, inner: socket.socket, clock: Clock) -> None:
        self._inner, self._clock = inner, clock

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        self._inner.settimeout(self._clock.left())
        self._inner.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """What comes back, to be read."""
        del mode
        return io.BufferedReader(_Incoming(self._inner, self._clock))

    def close(self) -> None:
        """Nothing: `http.client` closes before it has read all, counting on files to hold a socket open."""


class _Incoming(io.RawIOBase):
    """The bytes that come in."""

    def __init__(self, inner: socket.socket, clock: Clock) -> None:
        self._inner, self._clock = inner, clock

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Wait for some bytes, as long as the clock allows."""
        self._inner.settimeout(self._clock.left())
        return self._inner.recv_into(buffer)
