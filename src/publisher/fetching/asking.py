"""Asks a web address, bounded in size, in time, and in where it may lead.

In this order, for the address that was given and for each that it leads on to:

1. it is read: http or https (webcal is https), a host, nobody's name or password;
2. its host is looked up, and every address that it has must be one that may be connected to;
3. one of just these addresses is connected to, under the host's name;
4. the answer is read, as long and as much as is allowed.

Nothing is kept between calls, nothing is taken from the environment, and no
message holds more of an address than its host: the rest may be a secret.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException, IncompleteRead
from typing import TYPE_CHECKING

from publisher import __version__
from publisher.diagnostics import printable
from publisher.fetching.addresses import PORTS, following, host_of, read_address
from publisher.fetching.answers import BROKEN_OFF, OK, REDIRECTS, Fetched, Reader, Redirect, headers_of
from publisher.fetching.connections import Clock, Peer, connect, in_time, look_up, speak
from publisher.fetching.networks import is_public
from publisher.fetching.pages import is_page
from publisher.fetching.wanted import NotFetchable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from socket import socket
    from urllib.parse import SplitResult

    from publisher.fetching.wanted import NotFetched, Wanted


#: What OpenSSL calls an answer that is not encrypted, in its several versions.
_NO_TLS = frozenset(
    {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"}
)
_PLAIN = "see whether the port is right: it may be one of http://, without encryption"


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
    #: Which addresses are connected to as long as nobody but the one who asks has had a say in where
    #: the way leads; `may_connect` without.
    may_begin: Callable[[str], bool] | None = None


def fetch(url: str, network: Network, wanted: Wanted, conditions: Mapping[str, str] | None = None) -> Fetched:
    """The answer that holds what is wanted.

    Raises:
        NotFetchable: it leads to nothing of the sort, or where none is fetched from.
        NotFetched: the network or the server failed.
    """
    answer = ask(url, network, wanted, conditions)
    host = host_of(read_address(answer.url, wanted))
    if answer.status != OK:
        reason = f"it answers {answer.status} {printable(answer.reason[:60])}".rstrip()
        if answer.status in REDIRECTS:
            reason += ", and does not say where to"
        raise wanted.failed(host, reason, _hint(answer.status, wanted), status=answer.status)
    if wanted.page and is_page(answer):
        raise NotFetchable(f"'{host}' gives a web page, not a {wanted.noun}", wanted.page)
    return answer


def ask(url: str, network: Network, wanted: Wanted, conditions: Mapping[str, str] | None = None) -> Fetched:
    """The answer in the end, whatever it says; `conditions` are headers more (RFC 9110 section 13.1).

    Raises:
        NotFetchable: it leads where nothing is fetched from, or to more than is allowed.
        NotFetched: the network or the server failed.
    """
    errand = _Errand(wanted, network, Clock(network.limits.seconds), conditions or {})
    target, allowed = read_address(url, wanted), network.may_begin or network.may_connect
    led: tuple[Redirect, ...] = ()
    while len(led) <= network.limits.redirects:
        peers = errand.peers(target, allowed)
        answer = errand.answer(target, peers)
        if isinstance(answer, Fetched):
            public = all(network.may_connect(peer.address) for peer in peers)
            return replace(answer, redirects=led, is_public=public)
        if any(network.may_connect(peer.address) for peer in peers):
            allowed = network.may_connect  # from now on somebody from outside has had a say
        led = (*led, answer)
        target = following(target, answer.location, wanted)
    times = f"it leads on more than {network.limits.redirects} times"
    raise wanted.failed(host_of(target), times, wanted.by_hand, status=led[-1].status)


def _hint(status: int, wanted: Wanted) -> str:
    """What to do about an answer."""
    hints = {
        204: f"the server says that there is nothing: see whether the {wanted.noun} is still made",
        206: "the server sends a part, though nobody asked for one: have it send all, with 200",
        401: wanted.by_hand,
        403: wanted.by_hand,
        404: f"see whether the address is complete, and the {wanted.noun} still shared",
        410: f"the {wanted.noun} is no longer shared: ask for its new address",
    }
    if status in REDIRECTS:
        return "the server leads elsewhere without the header Location: use the address of that place"
    return hints.get(status, "try again later")


@dataclass(frozen=True)
class _Errand:
    """One thing that is wanted: each address is asked alike, by one clock."""

    wanted: Wanted
    network: Network
    clock: Clock
    conditions: Mapping[str, str]

    def peers(self, target: SplitResult, allowed: Callable[[str], bool]) -> list[Peer]:
        """All addresses of the host, each of them checked."""
        host, port = host_of(target), target.port or PORTS[target.scheme]
        try:
            addresses: Sequence[str] = in_time(lambda: self.network.look_up(host, port), self.clock)
        except OSError as error:
            raise self._failed(host, error) from None
        if not addresses or not all(map(allowed, addresses)):
            message = f"'{host}' is not in the public network, and {self.wanted.closed}"
            raise NotFetchable(message, self.wanted.from_closed)
        return [Peer(host, port, address) for address in addresses]

    def answer(self, target: SplitResult, peers: Sequence[Peer]) -> Fetched | Redirect:
        """What one address says."""
        try:
            context = self.network.context() if target.scheme == "https" else None
            peer, connected = self._connect(peers, context)
            with connected:
                return self._exchange(speak(peer, connected, self.clock), target)
        except (OSError, HTTPException) as error:
            raise self._failed(host_of(target), error) from None

    def _connect(self, peers: Sequence[Peer], context: ssl.SSLContext | None) -> tuple[Peer, socket]:
        """A connection to the first peer that takes one."""
        *others, last = peers
        seconds = self.network.limits.connect_seconds
        for peer in others:
            try:
                return peer, connect(peer, self.clock, seconds, context)
            except ssl.SSLError:
                raise
            except OSError:  # no route to its IPv6 address, or nobody answers there: another one may
                continue
        return last, connect(last, self.clock, seconds, context)

    def _exchange(self, connection: HTTPConnection, target: SplitResult) -> Fetched | Redirect:
        """What the server sends back for one request."""
        address = target.path + (f"?{target.query}" if target.query else "")
        connection.putrequest("GET", address, skip_host=True, skip_accept_encoding=True)
        for name, value in self._headers(target).items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        status, headers = response.status, headers_of(response)
        if status in REDIRECTS and (location := headers.get("location")):
            return Redirect(target.geturl(), status, location)
        reader = Reader(host_of(target), self.wanted, self.network.limits.size)
        data = reader.body(response) if status == OK else b""
        return Fetched(data, target.geturl(), status, headers, response.reason)

    def _headers(self, target: SplitResult) -> dict[str, str]:
        return {
            "Host": target.netloc,
            "User-Agent": f"publisher/{__version__}",
            "Accept": self.wanted.accept,
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **self.conditions,
        }

    def _failed(self, host: str, error: Exception) -> NotFetched:
        """The fault that an error of the network is."""
        if isinstance(error, TimeoutError):
            return self.wanted.failed(host, "it does not answer in time")
        if isinstance(error, ssl.SSLError) and error.reason in _NO_TLS:
            return self.wanted.failed(host, "what it answers is no TLS", _PLAIN)
        if isinstance(error, ssl.SSLError):
            return self.wanted.failed(host, f"it cannot be trusted: {_reason(error)}", self.wanted.by_hand)
        return self.wanted.failed(host, _reason(error))


def _reason(error: Exception) -> str:
    """Why it failed, in words that hold no address."""
    if isinstance(error, IncompleteRead):
        return BROKEN_OFF
    if isinstance(error, HTTPException):
        return "what it answers is not HTTP"
    text = str(getattr(error, "verify_message", None) or getattr(error, "strerror", None) or "it failed")
    return printable(text[:1].lower() + text[1:])
