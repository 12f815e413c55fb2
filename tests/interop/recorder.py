"""A proxy that counts: it passes each request on unchanged and writes down what was asked and answered."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

#: How long the server may take to answer, in seconds.
PATIENCE = 60
#: Headers that belong to one connection and not to the message (RFC 9110 section 7.6.1).
OF_ONE_CONNECTION = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request and its answer."""

    method: str
    path: str
    #: What the client said; names in lower case.
    headers: dict[str, str]
    status: int


class Recorder(ThreadingHTTPServer):
    """Stands before one server; `exchanges` is what went through, oldest first."""

    daemon_threads = True

    def __init__(self, server: str) -> None:
        super().__init__(("127.0.0.1", 0), _PassOn)
        self.upstream = urlsplit(server).netloc
        self.exchanges: list[Exchange] = []

    @property
    def url(self) -> str:
        """The address to give to a client instead of the server's; no slash at its end."""
        return f"http://127.0.0.1:{self.server_port}"

    def statuses(self, path: str) -> list[int]:
        """List how the requests for one path were answered."""
        return [exchange.status for exchange in self.exchanges if exchange.path == path]


@contextmanager
def recording(server: str) -> Iterator[Recorder]:
    """Stand before a server, given by its address, until the block is left."""
    with Recorder(server) as recorder:
        thread = threading.Thread(target=recorder.serve_forever)
        thread.start()
        try:
            yield recorder
        finally:
            recorder.shutdown()
            thread.join()


class _PassOn(BaseHTTPRequestHandler):
    """Passes one request on, and its answer back."""

    server: Recorder
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        said = {name.lower(): value for name, value in self.headers.items()}
        passed = {name: value for name, value in said.items() if name not in OF_ONE_CONNECTION}
        connection = HTTPConnection(self.server.upstream, timeout=PATIENCE)
        try:
            connection.request(self.command, self.path, headers=passed)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        self.server.exchanges.append(
            Exchange(method=self.command, path=self.path, headers=said, status=response.status)
        )
        self._answer(response, body)

    do_HEAD = do_GET  # noqa: N815 -- the names are http.server's

    def _answer(self, response: HTTPResponse, body: bytes) -> None:
        self.send_response_only(response.status, response.reason)
        for name, value in response.getheaders():
            if name.lower() not in OF_ONE_CONNECTION | {"content-length"}:
                self.send_header(name, value)
        length = response.getheader("Content-Length") if self.command == "HEAD" else str(len(body))
        if length is not None and response.status != 304:  # RFC 9110 section 8.6
            self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""
