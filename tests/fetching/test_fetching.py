"""A calendar is fetched from public addresses only, whole, and within bounds of size and time."""

from __future__ import annotations

import gzip
import socketserver
import ssl
import threading
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import pytest
import trustme

from publisher import fetching
from publisher.calendar_import import wanted
from publisher.fetching import Limits, Network, NotFetchable, NotFetched, is_address
from publisher.fetching.networks import is_public
from webserver import answer, redirect, web

if TYPE_CHECKING:
    from collections.abc import Sequence
    from socket import socket

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def fetch(url: str, network: Network | None = None) -> bytes:
    """The calendar at an address."""
    return fetching.fetch(url, network or Network(), wanted.CALENDAR).data


def loopback(**limits: float) -> Network:
    """The network as it is, with this machine let through."""
    return Network(may_connect=lambda address: address == "127.0.0.1", limits=Limits(**limits))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0"],
)
def test_this_machine_is_not_asked_whatever_it_is_called(host: str) -> None:
    with web({"/c.ics": answer(CALENDAR)}) as server:
        with pytest.raises(NotFetchable, match="not in the public network"):
            fetch(server.url("/c.ics", host))

        assert server.asked == []


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    network = Network(look_up=lambda _host, _port: ["8.8.8.8", "10.0.0.1"])

    with pytest.raises(NotFetchable, match="not in the public network"):
        fetch("https://calendar.example.org/c.ics", network)


def test_the_address_that_was_checked_is_the_one_that_is_connected_to() -> None:
    """A name that leads elsewhere when it is looked up again has been looked up once only."""
    asked = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["10.255.255.1"]

    with web({"/c.ics": answer(CALENDAR)}) as server:
        network = Network(may_connect=lambda address: address == "127.0.0.1", look_up=rebinding)
        found = fetch(server.url("/c.ics", "rebinding.invalid"), network)

        assert found == CALENDAR
        assert asked == [("rebinding.invalid", server.port)]
        assert f"\r\nHost: rebinding.invalid:{server.port}\r\n" in server.asked[0]


# What is asked


def test_a_request_says_who_asks_and_nothing_about_anybody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    with web({"/c.ics?token=x": answer(CALENDAR, "Set-Cookie: id=1"), "/b.ics": answer(CALENDAR)}) as server:
        fetch(server.url("/c.ics?token=x#top"), loopback())
        fetch(server.url("/b.ics"), loopback())

        heads = [dict(line.split(": ", 1) for line in head.splitlines()[1:] if line) for head in server.asked]
        assert server.paths == ["/c.ics?token=x", "/b.ics"]
    assert heads[0] == heads[1]
    assert heads[0].pop("User-Agent").startswith("publisher/")
    assert heads[0].keys() == {"Host", "Accept", "Accept-Encoding", "Connection"}


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/c.ics", "file:///etc/passwd", "gopher://example.org/", "https://", "https:///c.ics",
        "https://exa mple.org/", "https://example.org:99999/", "https://[::1", "https://a..b/", "http://\u2028/",
        f"https://{'a' * 70}.org/", "https://example.org/a\r\nX: y", "https://evil\\.org/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused_before_anything_is_asked(url: str) -> None:
    with pytest.raises(NotFetchable, match="expected an address"):
        fetch(url, Network(look_up=lambda _host, _port: pytest.fail("a name was looked up")))


def test_a_name_and_a_password_in_an_address_are_refused_and_not_repeated() -> None:
    with pytest.raises(NotFetchable) as refused:
        fetch("https://ann:secret@example.org/c.ics")

    assert "download the file" in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("port", [22, 25, 143, 445])
def test_services_that_are_no_web_servers_are_not_talked_to(port: int) -> None:
    with pytest.raises(NotFetchable, match="the port of a web server"):
        fetch(f"http://example.org:{port}/c.ics")


@pytest.mark.parametrize(
    ("source", "is_one"),
    [
        ("https://example.org/c.ics", True), ("webcal://example.org/c.ics", True), ("file:///c.ics", True),
        ("calendar.ics", False), ("./https:/x.ics", False), ("-", False), ("C:\\c.ics", False),
    ],
)  # fmt: skip
def test_an_address_is_told_from_a_file(source: str, *, is_one: bool) -> None:
    assert is_address(source) is is_one


# Where an answer leads


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_an_answer_may_lead_on(status: str) -> None:
    answers = {"/a": redirect("/b?x=1", status), "/b?x=1": answer(CALENDAR)}
    with web(answers) as server:
        assert fetch(server.url("/a"), loopback()) == CALENDAR


def test_five_times_and_no_more() -> None:
    answers = {f"/{number}": redirect(f"/{number + 1}") for number in range(9)}
    with web({**answers, "/5": answer(CALENDAR)}) as server:
        assert fetch(server.url("/0"), loopback()) == CALENDAR
    with web(answers) as server:
        with pytest.raises(NotFetched, match="more than 5 times"):
            fetch(server.url("/0"), loopback())

        assert len(server.asked) == 6


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/", "http://[::1]/", "http://10.0.0.1/c.ics", "//127.0.0.2/c.ics",
        "http://2130706434/", "file:///etc/passwd", "ftp://example.org/", "http://ann:x@8.8.8.8/",
        "http://8.8.8.8:25/", "http://127.0.0.1@10.0.0.1/", "http://192.0.0.192/opc/v2/instance/",
        "http://168.63.129.16/machine", "http://[64:ff9b::a9fe:a9fe]/", "http://[::ffff:192.0.0.192]/",
    ],
)  # fmt: skip
def test_each_address_that_it_leads_to_is_checked_like_the_first(location: str) -> None:
    def may_connect(address: str) -> bool:
        if is_public(address):
            pytest.fail(f"{address} would be connected to")
        return address == "127.0.0.1"

    with web({"/a": redirect(location)}) as server:
        with pytest.raises(NotFetchable):
            fetch(server.url("/a"), Network(may_connect=may_connect))

        assert server.paths == ["/a"]


# Encrypted ways


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def trusting(authority: trustme.CA) -> Network:
    """The network with a certificate authority more, and this machine behind every name."""

    def context() -> ssl.SSLContext:
        made = ssl.create_default_context()
        authority.configure_trust(made)
        return made

    return Network(
        may_connect=lambda address: address == "127.0.0.1",
        look_up=lambda _host, _port: ["127.0.0.1"],
        context=context,
    )


def serving(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.mark.parametrize("scheme", ["https", "webcal", "webcals", "HTTPS"])
def test_webcal_is_https_and_the_certificate_is_that_of_the_name(scheme: str, authority: trustme.CA) -> None:
    context = serving(authority, "calendar.example.org")
    names = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with web({"/c.ics": answer(CALENDAR)}, context) as server:
        found = fetch(server.url("/c.ics", "calendar.example.org", scheme), trusting(authority))

    assert found == CALENDAR
    assert names == ["calendar.example.org"]


def test_a_certificate_of_another_name_or_of_nobody_ends_it(authority: trustme.CA) -> None:
    with web({"/c.ics": answer(CALENDAR)}, serving(authority, "other.example.org")) as server:
        url = server.url("/c.ics", "calendar.example.org", "https")
        with pytest.raises(NotFetched, match="cannot be trusted: hostname mismatch"):
            fetch(url, trusting(authority))
        with pytest.raises(NotFetched, match="cannot be trusted"):
            fetch(server.url("/c.ics", "other.example.org", "https"), trusting(trustme.CA()))

        assert server.asked == []


def test_nothing_leads_from_an_encrypted_way_to_an_open_one(authority: trustme.CA) -> None:
    name = "calendar.example.org"
    with web({"/c.ics": answer(CALENDAR)}) as plain:
        leading = {"/a": redirect(plain.url("/c.ics", name))}
        with web(leading, serving(authority, name)) as server, pytest.raises(NotFetchable, match="without"):
            fetch(server.url("/a", name, "https"), trusting(authority))

        assert plain.asked == []


# How much, and how long


def test_as_much_as_is_allowed_and_no_more() -> None:
    body = b"x" * 100_000
    with web({"/c": answer(body)}) as server:
        assert fetch(server.url("/c"), loopback(size=100_000)) == body
        with pytest.raises(NotFetchable, match="sends more than"):
            fetch(server.url("/c"), loopback(size=99_999))


def test_what_is_packed_is_unpacked_in_all_its_members() -> None:
    packed = gzip.compress(CALENDAR) + gzip.compress(CALENDAR)
    with web({"/c": answer(packed, "Content-Encoding: gzip")}) as server:
        assert fetch(server.url("/c"), loopback()) == CALENDAR * 2


def test_a_bomb_is_given_up_when_it_has_become_too_large() -> None:
    """Three times the bound, in a few kilobytes."""
    bomb = gzip.compress(bytes(60_000_000), 1)
    assert len(bomb) < 1_000_000
    with (
        web({"/c": answer(bomb, "Content-Encoding: gzip")}) as server,
        pytest.raises(NotFetchable, match="20 MiB"),
    ):
        fetch(server.url("/c"), loopback())


def endless(connection: socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(10_000):
        connection.sendall(b"x" * 65_536)


def test_an_answer_without_an_end_is_given_up() -> None:
    with web({"/c": endless}) as server, pytest.raises(NotFetchable, match="20 MiB"):
        fetch(server.url("/c"), loopback())


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nBEGIN:VCALENDAR\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nBEGIN\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(CALENDAR)[:-9],
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
    ],
    ids=["length", "chunks", "packed", "packed and empty"],
)
def test_an_answer_that_breaks_off_is_no_calendar(said: bytes) -> None:
    """Half a calendar would read as if the other events had been taken out of it."""
    with web({"/c": said}) as server, pytest.raises(NotFetched, match="broke off"):
        fetch(server.url("/c"), loopback())


def drip(head: bytes, connection: socket) -> None:
    """A byte now and then: no single wait is ever long."""
    connection.sendall(head)
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_never_stops_answering_does_not_hold_us(head: bytes) -> None:
    with web({"/c": partial(drip, head)}) as server, pytest.raises(NotFetched, match="in time"):
        fetch(server.url("/c"), loopback(seconds=0.5))


class EndlessHandshake(socketserver.BaseRequestHandler):
    """The head of a record of TLS, and then a byte of it now and then."""

    def handle(self) -> None:
        """Go on until whoever asked hangs up."""
        with suppress(OSError):
            drip(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", self.request)


def test_nor_does_one_that_never_comes_to_an_end_of_its_greeting() -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), EndlessHandshake) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        try:
            with pytest.raises(NotFetched, match="in time"):
                fetch(f"https://127.0.0.1:{server.server_address[1]}/c", loopback(seconds=0.5))
        finally:
            server.shutdown()


def test_a_server_that_says_nothing_and_a_name_that_nobody_answers_for_do_not_hold_us() -> None:
    silent = {"/c": lambda connection: connection.recv(1) and None}
    with web(silent) as server, pytest.raises(NotFetched, match="in time"):
        fetch(server.url("/c"), loopback(seconds=0.3))
    slow = Network(look_up=lambda _host, _port: time.sleep(5) or [], limits=Limits(seconds=0.2))
    with pytest.raises(NotFetched, match="in time"):
        fetch("https://example.org/c.ics", slow)


# What is no calendar


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        ("401 Unauthorized", "download the file"), ("403 Forbidden", "download the file"),
        ("404 Not Found", "still shared"), ("500 Oops\x1b[31m", "try again later"),
        ("304 Not Modified", "try again later"),
        ("204 No Content", "whether the calendar is still made"), ("206 Partial Content", "have it send all"),
        ("302 Found", "without the header Location"),
    ],
)  # fmt: skip
def test_an_answer_without_a_calendar_says_which_and_what_to_do(status: str, hint: str) -> None:
    with (
        web({"/private-token/c.ics": answer(b"", status=status)}) as server,
        pytest.raises(NotFetched) as told,
    ):
        fetch(server.url("/private-token/c.ics"), loopback())

    assert f"it answers {status[:3]}" in str(told.value)
    assert hint in str(told.value)
    assert "private-token" not in str(told.value)
    assert "\x1b" not in str(told.value)


@pytest.mark.parametrize(
    "said",
    [
        answer(CALENDAR, kind="text/html; charset=utf-8"),
        answer(b"\xef\xbb\xbf\n<!DOCTYPE html><html>"),
        answer(b"<!-- x --><HTML lang=en>"),
    ],
)
def test_a_web_page_is_told_from_a_calendar_with_the_usual_cause(said: bytes) -> None:
    with web({"/c": said}) as server, pytest.raises(NotFetchable, match="gives a web page") as told:
        fetch(server.url("/c"), loopback())

    assert "iCal format" in str(told.value)


def test_what_cannot_be_read_is_told_as_what_it_is() -> None:
    answers = {
        "/coding": answer(b"x", "Content-Encoding: br"),
        "/packed": answer(b"x" * 50, "Content-Encoding: gzip"),
        "/noise": b"SSH-2.0-server\r\n",
    }
    with web(answers) as server:
        for path, reason in (("/coding", "not asked for"), ("/packed", "unpacked"), ("/noise", "not HTTP")):
            with pytest.raises(NotFetched, match=reason):
                fetch(server.url(path), loopback())
        port = server.port
    with pytest.raises(NotFetched, match="connection refused"):
        fetch(f"http://127.0.0.1:{port}/c", loopback())


def test_a_fault_of_the_address_is_the_givers_and_one_of_the_network_is_not() -> None:
    assert NotFetchable.exit_status == 1
    assert NotFetched.exit_status == 3
