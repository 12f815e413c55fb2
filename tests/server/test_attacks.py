"""Requests that no browser sends: the bytes go over the wire as an attacker writes them."""

from __future__ import annotations

import socket
import threading
from time import sleep
from typing import TYPE_CHECKING

import pytest

from publisher.server.asgi import application

from .sites import FILES, SmallSite, WrittenDown, edition, write
from .wire import PATIENCE, get, running, talk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

ESCAPES = [
    b"/../secret.txt",
    b"/en/../../secret.txt",
    b"/..%2fsecret.txt",
    b"/..%2Fsecret.txt",
    b"/%2e%2e/secret.txt",
    b"/%2e%2e%2fsecret.txt",
    b"/.%2e/secret.txt",
    b"/en/%2e%2e/%2e%2e/secret.txt",
    b"/%252e%252e/secret.txt",
    b"/..%252fsecret.txt",
    b"/..%c0%afsecret.txt",
    b"/%c0%ae%c0%ae/secret.txt",
    b"/%ef%bc%8e%ef%bc%8e/secret.txt",
    b"/%e2%80%a5/secret.txt",
    b"/..;/secret.txt",
    b"/..\\secret.txt",
    b"/..%5csecret.txt",
    b"/en\\..\\..\\secret.txt",
    b"//secret.txt",
    b"/en//calendar.ics",
    b"//evil.example/en",
    b"//evil.example/%2e%2e",
    b"/\\evil.example/en",
    b"/%2f%2fevil.example/en",
    b"/./robots.txt",
    b"/en/./calendar.ics",
    b"/en%2fcalendar.ics",
    b"/en%2Findex.html",
    b"/robots.txt%00",
    b"/robots.txt%00.html",
    b"/%00",
    b"/robots.txt%20",
    b"/robots.txt%0a",
    b"/robots.txt%0d%0aX-Evil:1",
    b"/en%0d%0aSet-Cookie:a=b/",
    b"/%e2%80%ae.txt",
    b"/%ff%fe",
    b"/%zz",
    b"/%",
    b"/.hidden",
    b"/%2ehidden",
    b"/en/.git/config",
    b"/" + b"a" * 300,
    b"/" + b"a/" * 500,
    b"/" + b"a" * 5000,
    b"/%2e" * 2000,
    b"/file:///etc/passwd",
    b"/etc/passwd",
    b"//etc/passwd",
    b"/%2fetc%2fpasswd",
    b"http://evil.example/../secret.txt",
    b"file:///etc/passwd",
    b"*",
    b"etc/passwd",
]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    root = tmp_path_factory.mktemp("site")
    write(root / "build")
    (root / "secret.txt").write_text("secret")
    (root / "build/.hidden").write_text("secret")
    (root / "build/en/.git").mkdir()
    (root / "build/en/.git/config").write_text("secret")
    with running(
        application(SmallSite(root / "build", edition(topics={"law": "Law"})), WrittenDown())
    ) as port:
        yield port


@pytest.mark.parametrize("target", ESCAPES, ids=lambda target: target[:40].decode("latin-1"))
def test_there_is_no_way_out_of_the_folder(port: int, target: bytes) -> None:
    status, headers, body = get(port, target)

    assert status == 404
    assert body == FILES["404.html"]
    assert "location" not in headers
    assert "set-cookie" not in headers
    assert "x-evil" not in headers


@pytest.mark.parametrize(
    "target", [b"/en/calendar.ics", b"/en/c%61lendar.ics", b"/%65n/calendar.ics?fbclid=1"]
)
def test_what_is_there_is_found_under_any_spelling_of_its_name(port: int, target: bytes) -> None:
    status, _, body = get(port, target)

    assert (status, body) == (200, FILES["en/calendar.ics"])


def test_a_redirect_goes_nowhere_else_whatever_host_is_claimed(port: int) -> None:
    lines = (b"X-Forwarded-Host: evil.example", b"X-Forwarded-Proto: gopher", b"Forwarded: host=evil.example")

    _, headers, body = get(port, b"/en", *lines)

    assert headers["location"] == "/en/"
    assert b"evil" not in body


@pytest.mark.parametrize("target", [b"/healthz/", b"/healthz//", b"/healthz%2f"])
def test_the_framework_makes_no_redirect_of_its_own_from_the_claimed_host(port: int, target: bytes) -> None:
    status, headers, _ = get(port, target)

    assert status == 404
    assert "location" not in headers


def test_the_answer_tells_its_date_but_not_which_program_gives_it(port: int) -> None:
    _, headers, _ = get(port, b"/")

    assert headers["date"].endswith("GMT")
    assert "server" not in headers
    assert "x-powered-by" not in headers


def test_a_head_that_never_ends_is_refused(port: int) -> None:
    answer = talk(port, b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-Filler: aaaaaaaaaaaaaaaa\r\n" * 1500)

    assert answer.startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /\r\n\r\n",
        b"\x00" * 200 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
        b"GET /\xd0\xb0 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
    ],
)
def test_what_is_no_http_is_refused_and_the_next_is_served(port: int, data: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")
    assert get(port, b"/robots.txt")[0] == 200


def test_an_upgrade_to_another_protocol_is_ignored(port: int) -> None:
    status, _, body = get(port, b"/robots.txt", b"Upgrade: websocket, h2c", b"Connection: Upgrade")

    assert (status, body) == (200, FILES["robots.txt"])


def test_a_body_is_not_waited_for(port: int) -> None:
    """A gigabyte is promised and never sent; the answer does not depend on it."""
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\nConnection: close\r\n\r\n"

    assert talk(port, head).startswith(b"HTTP/1.1 405")


@pytest.mark.parametrize(
    "data",
    [b"", b"GET / HTTP/1.1\r\nHost: loc", b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    ids=["says nothing", "stops in the middle", "stays after the answer"],
)
def test_a_client_that_does_not_get_on_is_let_go(tmp_path: Path, data: bytes) -> None:
    app = application(SmallSite(write(tmp_path / "build")), WrittenDown())
    with (
        running(app, keep_alive=1) as port,
        socket.create_connection(("127.0.0.1", port), PATIENCE) as connection,
    ):
        connection.sendall(data)
        said = hears_to_the_end(connection)

    assert said.startswith(b"HTTP/1.1 200") if b"\r\n\r\n" in data else said == b""


def test_a_client_that_sends_its_head_letter_by_letter_is_let_go(tmp_path: Path) -> None:
    app = application(SmallSite(write(tmp_path / "build")), WrittenDown())
    with (
        running(app, keep_alive=1) as port,
        socket.create_connection(("127.0.0.1", port), PATIENCE) as connection,
    ):
        connection.settimeout(0.2)
        sent, said = 0, b"?"
        while said and sent < 150:
            try:
                connection.sendall(b"G" if sent == 0 else b"E")
                said = connection.recv(1)
            except TimeoutError:
                sent += 1
            except ConnectionError:
                said = b""

    assert said == b""


def test_a_client_that_never_reads_its_answer_is_let_go(tmp_path: Path) -> None:
    served = application(SmallSite(write(tmp_path / "build", {"huge.pdf": b"x" * (16 << 20)})), WrittenDown())
    done = threading.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await served(scope, receive, send)
        done.set()

    with running(app, keep_alive=1) as port, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", port))
        connection.sendall(b"GET /huge.pdf HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert done.wait(PATIENCE)

        assert len(hears_to_the_end(connection)) < 16 << 20


def test_a_client_that_reads_slowly_but_reads_gets_all(tmp_path: Path) -> None:
    served = application(SmallSite(write(tmp_path / "build", {"huge.pdf": b"x" * (16 << 20)})), WrittenDown())
    with running(served, keep_alive=1) as port, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", port))
        connection.sendall(b"GET /huge.pdf HTTP/1.1\r\nHost: localhost\r\n\r\n")
        said = b""
        for _ in range(30):
            sleep(0.1)
            said += connection.recv(1 << 18)
        _, _, body = (said + hears_to_the_end(connection)).partition(b"\r\n\r\n")

    assert len(body) == 16 << 20


def hears_to_the_end(connection: socket.socket) -> bytes:
    said = b""
    try:
        while piece := connection.recv(65536):
            said += piece
    except ConnectionError:
        pass
    return said
