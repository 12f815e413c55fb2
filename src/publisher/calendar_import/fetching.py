"""Fetches a calendar from a web address: public ones only, bounded in size and time.

In this order, for the address that was given and for each that it leads on to:

1. it is read: http or https (webcal is https), a host, nobody's name or password;
2. its host is looked up, and every address that it has must be public;
3. one of just these addresses is connected to, under the host's name;
4. the answer is read, as long and as much as is allowed.

Nothing is kept between calls, nothing is taken from the environment, and no
message holds more of an address than its host: the rest may be a secret.
"""

from __future__ import annotations

import re
import ssl
import zlib
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from publisher import __version__
from publisher.calendar_import.connections import Clock, Peer, connect, in_time, look_up, speak
from publisher.calendar_import.networks import is_public
from publisher.diagnostics import printable
from publisher.errors import PublisherError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from socket import socket

_OK, _REDIRECTS = 200, frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}
_SCHEMES = {"http": "http", "https": "https", "webcal": "https", "webcals": "https"}
_CHUNK = 1 << 16
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_SAFE = "!#$%&'()*+,/:;=?@[]~"
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BROWSER = "open the address in a browser, download the file and import that"
_PAGE = (
    "take the calendar's own address, which mostly ends in .ics (Google: Settings, 'Integrate calendar',"
    " the public or secret address in iCal format; Outlook: 'Publish calendar', ICS; Nextcloud: 'Copy"
    " subscription link')"
)
_BROKEN_OFF = "it broke off before all had come"
#: What to do about an answer.
_HINTS = {
    401: _BROWSER,
    403: _BROWSER,
    404: "see whether the address is complete, and the calendar still shared",
    410: "the calendar is no longer shared: ask for its new address",
}


class NotFetchable(PublisherError):
    """The address is none to fetch a calendar from: correct it, or download the file and import that."""

    exit_status = 1

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}\nhint: {hint}")


class NotFetched(PublisherError):
    """The network or the other side failed: try again later."""

    def __init__(self, host: str, reason: str, hint: str = "try again later") -> None:
        super().__init__(f"'{host}' gives no calendar: {reason}\nhint: {hint}")


@dataclass(frozen=True)
class Limits:
    """How much is allowed: bytes as they come and unpacked, seconds, and addresses that lead on."""

    size: int = 20 << 20
    connect_seconds: float = 10
    seconds: float = 60
    redirects: int = 5


@dataclass(frozen=True)
class Network:
    """How the network is reached: which addresses are connected to, who looks names up, whom TLS trusts."""

    may_connect: Callable[[str], bool] = is_public
    look_up: Callable[[str, int], Sequence[str]] = look_up
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    limits: Limits = field(default_factory=Limits)


def is_address(source: str) -> bool:
    """Whether what was given is meant as a web address, not as a file's name."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", source) is not None


def fetch(url: str, network: Network | None = None) -> bytes:
    """The bytes of the calendar at an address.

    Raises:
        NotFetchable: it leads to no calendar, or where none is fetched from.
        NotFetched: the network or the server failed.
    """
    network = network or Network()
    clock = Clock(network.limits.seconds)
    target = _read(url)
    for _ in range(network.limits.redirects + 1):
        answer = _ask(target, network, clock)
        if isinstance(answer, bytes):
            return answer
        target = _next(target, answer)
    raise NotFetched(_host(target), f"it leads on more than {network.limits.redirects} times", _BROWSER)


def _read(url: str) -> SplitResult:
    """An address that may be asked; letters beyond ASCII are escaped."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    scheme = _SCHEMES.get(parts.scheme.lower())
    if scheme is None or not _HOST.fullmatch(host) or _CONTROL.search(url):
        raise NotFetchable(
            "expected an address that begins with https:// and a host", "copy the whole address"
        )
    if parts.username is not None or parts.password is not None:
        raise NotFetchable("expected an address without a user name and password", _BROWSER)
    if port is not None and port < 1024 and port not in _PORTS.values():  # noqa: PLR2004 -- the system's ports
        raise NotFetchable(f"expected the port of a web server, got {port}", "leave the port out")
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port in {None, _PORTS[scheme]} else f"{shown}:{port}"
    path, query = (quote(part, safe=_SAFE) for part in (parts.path or "/", parts.query))
    return SplitResult(scheme, netloc, path, query, "")


def _next(target: SplitResult, location: str) -> SplitResult:
    """The address that an answer leads on to."""
    following = _read(urljoin(target.geturl(), location))
    if target.scheme == "https" and following.scheme != "https":
        raise NotFetchable(f"'{_host(target)}' leads on to an address without https", _BROWSER)
    return following


def _ask(target: SplitResult, network: Network, clock: Clock) -> bytes | str:
    """The calendar, or the address that the answer leads on to."""
    host = _host(target)
    try:
        peers = _peers(target, network, clock)
        context = network.context() if target.scheme == "https" else None
        peer, connected = _connect(peers, network.limits, clock, context)
        with connected:
            return _answer(speak(peer, connected, clock), target, network.limits.size)
    except TimeoutError:
        raise NotFetched(host, "it does not answer in time") from None
    except ssl.SSLError as error:
        raise NotFetched(host, f"it cannot be trusted: {_reason(error)}", _BROWSER) from None
    except (OSError, HTTPException) as error:
        raise NotFetched(host, _reason(error)) from None


def _peers(target: SplitResult, network: Network, clock: Clock) -> list[Peer]:
    """All addresses of the host, each of them checked."""
    host, port = _host(target), target.port or _PORTS[target.scheme]
    addresses: Sequence[str] = in_time(lambda: network.look_up(host, port), clock)
    if not addresses or not all(map(network.may_connect, addresses)):
        message = f"'{host}' is not in the public network, and calendars are fetched from nowhere else"
        raise NotFetchable(message, "download the file, and import that")
    return [Peer(host, port, address) for address in addresses]


def _connect(
    peers: Sequence[Peer], limits: Limits, clock: Clock, context: ssl.SSLContext | None
) -> tuple[Peer, socket]:
    """A connection to the first peer that takes one."""
    *others, last = peers
    for peer in others:
        try:
            return peer, connect(peer, clock, limits.connect_seconds, context)
        except ConnectionError:
            continue
    return last, connect(last, clock, limits.connect_seconds, context)


def _answer(connection: HTTPConnection, target: SplitResult, most: int) -> bytes | str:
    """What the server sends back for one request."""
    address = target.path + (f"?{target.query}" if target.query else "")
    connection.putrequest("GET", address, skip_host=True, skip_accept_encoding=True)
    headers = {
        "Host": target.netloc,
        "User-Agent": f"publisher/{__version__}",
        "Accept": "text/calendar, */*;q=0.5",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    if response.status in _REDIRECTS and (location := response.headers.get("Location")):
        return str(location)
    if response.status != _OK:
        reason = f"it answers {response.status} {printable(response.reason[:60])}"
        raise NotFetched(_host(target), reason, _HINTS.get(response.status, "try again later"))
    data = _body(response, _host(target), most)
    if response.headers.get_content_type() == "text/html" or _HTML.match(data[:4096]):
        raise NotFetchable(f"'{_host(target)}' gives a web page, not a calendar", _PAGE)
    return data


def _body(response: HTTPResponse, host: str, most: int) -> bytes:
    """All of an answer, unpacked."""
    coding = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    if coding not in {"identity", "gzip", "x-gzip"}:
        raise NotFetched(host, f"it sends the coding '{printable(coding[:20])}', which was not asked for")
    received = _received(response, host, most)
    pieces = received if coding == "identity" else _unpacked(received, host)
    data = bytearray()
    for piece in pieces:
        data += piece
        _bound(len(data), host, most)
    return bytes(data)


def _received(response: HTTPResponse, host: str, most: int) -> Iterator[bytes]:
    """The bytes as they come; an answer that breaks off is none."""
    total = 0
    while piece := response.read1(_CHUNK):
        total += len(piece)
        _bound(total, host, most)
        yield piece
    if response.length:
        raise NotFetched(host, _BROKEN_OFF)


def _unpacked(pieces: Iterator[bytes], host: str) -> Iterator[bytes]:
    """What was packed with gzip (RFC 1952), a little at a time, however much it would become."""
    unpacker, complete = zlib.decompressobj(wbits=31), False
    try:
        for piece in pieces:
            rest, made = piece, b""
            while rest or len(made) == _CHUNK:
                made = unpacker.decompress(rest, _CHUNK)
                yield made
                rest, complete = unpacker.unconsumed_tail, unpacker.eof
                if complete:  # another member may follow (section 2.2)
                    rest, made, unpacker = unpacker.unused_data, b"", zlib.decompressobj(wbits=31)
    except zlib.error:
        raise NotFetched(host, "what it sends cannot be unpacked") from None
    if not complete:
        raise NotFetched(host, _BROKEN_OFF)


def _bound(size: int, host: str, most: int) -> None:
    if size > most:
        hint = "export a part of the calendar, a year for instance, and import that"
        raise NotFetchable(f"'{host}' sends more than {most >> 20} MiB", hint)


def _host(target: SplitResult) -> str:
    return target.hostname or ""


def _reason(error: Exception) -> str:
    """Why it failed, in words that hold no address."""
    if isinstance(error, IncompleteRead):
        return _BROKEN_OFF
    if isinstance(error, HTTPException):
        return "what it answers is not HTTP"
    text = str(getattr(error, "verify_message", None) or getattr(error, "strerror", None) or "it failed")
    return printable(text[:1].lower() + text[1:])
