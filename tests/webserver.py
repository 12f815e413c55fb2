"""A server on the loopback interface that answers each path with the bytes of a script."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from socket import socket


@dataclass(frozen=True)
class Unless:
    """One answer to requests that have a text in their head, and another to all others."""

    text: str
    then: bytes
    otherwise: bytes


#: What a path answers: bytes, those that a request asks for, or a function that writes to the connection.
Answer = bytes | Unless | Callable[["socket"], None]


@dataclass
class Web:
    """The server: where it listens, what it answers, what it was asked."""

    port: int
    answers: dict[str, Answer]
    #: The head of each request.
    asked: list[str] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        """An address that it answers."""
        return f"{scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [head.split(" ")[1] for head in self.asked]


def answer(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/calendar") -> bytes:
    """A whole answer of HTTP/1.1."""
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    """An answer that leads on."""
    return answer(b"", f"Location: {location}", status=status)


def unchanged(body: bytes, *headers: str, kind: str, tag: str = '"1"') -> Unless:
    """A whole answer; to whoever has it already, that there is nothing new."""
    new = answer(body, f"ETag: {tag}", *headers, kind=kind)
    known = answer(b"", f"ETag: {tag}", *headers, kind=kind, status="304 Not Modified")
    return Unless(f"\r\nIf-None-Match: {tag}\r\n", known, new)


@contextmanager
def web(
    answers: dict[str, Answer], context: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> Iterator[Web]:
    """A running server; with a context it speaks TLS."""
    running: list[Web] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                connection = context.wrap_socket(self.request, server_side=True) if context else self.request
                self._answer(connection)
                if context:
                    connection.close()
            except OSError:  # whoever asked has hung up, as some tests are about
                return

        def _answer(self, connection: socket) -> None:
            head = b""
            while b"\r\n\r\n" not in head:
                if not (piece := connection.recv(4096)):
                    return
                head += piece
            text = head.decode()
            running[0].asked.append(text)
            said = answers.get(text.split(" ")[1], answer(b"", status="404 Not Found"))
            if isinstance(said, Unless):
                said = said.then if said.text in text else said.otherwise
            if isinstance(said, bytes):
                connection.sendall(said)
            else:
                said(connection)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server((host, 0), Handler) as server:
        running.append(Web(server.server_address[1], answers))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield running[0]
        finally:
            server.shutdown()
            thread.join()
