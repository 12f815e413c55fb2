"""Tells one hub of one feed: a POST to an address, bounded in time, whose answer is looked at and not read.

A hub is asked where the operator says that it is, also in a network of their
own. From there an answer may lead on once, keeping the method (307, 308): to
https, or as plainly as before; and never from the public network into a closed
one. There is no proxy and nothing is taken from the environment.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

from publisher import __version__
from publisher.diagnostics import printable
from publisher.fetching.connections import Clock, Peer, connect, in_time, look_up, speak
from publisher.fetching.networks import is_public
from publisher.model.urls import read_url
from publisher.websub.policy import Reply, read_retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from socket import socket

_LEADS_ON = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Network:
    """How hubs are reached: who looks names up, whom TLS trusts, what is public, how long it may take."""

    look_up: Callable[[str, int], Sequence[str]] = look_up
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    is_public: Callable[[str], bool] = is_public
    connect_seconds: float = 5
    #: For all of it, a second address included.
    seconds: float = 10


class _Astray(Exception):
    """The answer leads where no hub is asked."""


@dataclass(frozen=True)
class _Answer:
    """What is looked at of an answer."""

    status: int
    location: str | None
    retry_after: str | None


def tell(hub: str, feed_url: str, network: Network, now: datetime) -> Reply:
    """Tell a hub that a feed has changed; whatever happens is a reply."""
    # WebSub leaves this to publisher and hub; hubs read one of the two names or the other.
    form = urlencode([("hub.mode", "publish"), ("hub.url", feed_url), ("hub.topic", feed_url)]).encode()
    try:
        answer = _ask(urlsplit(hub), form, network, Clock(network.seconds))
    except _Astray as astray:
        return Reply(status=HTTPStatus.PERMANENT_REDIRECT, text=str(astray))
    except TimeoutError:
        return Reply(status=None, text="does not answer in time")
    except ssl.SSLError as error:
        return Reply(status=None, text=f"cannot be trusted: {_reason(error)}")
    except HTTPException:
        return Reply(status=None, text="gives an answer that is not HTTP")
    except OSError as error:
        return Reply(status=None, text=f"cannot be reached: {_reason(error)}")
    wait = read_retry_after(answer.retry_after, now)
    return Reply(status=answer.status, text=_words(answer.status), retry_after=wait)


def _ask(target: SplitResult, form: bytes, network: Network, clock: Clock) -> _Answer:
    """The answer of a hub, or of where it leads on to."""
    peers = _peers(target, network, clock)
    answer = _post(target, peers, form, network, clock)
    if answer.status not in _LEADS_ON or not answer.location:
        return answer
    following = _following(target, answer.location)
    beyond = _peers(following, network, clock)
    if _are_public(peers, network) and not _are_public(beyond, network):
        raise _Astray("leads from the public network into a closed one")
    return _post(following, beyond, form, network, clock)


def _following(target: SplitResult, location: str) -> SplitResult:
    try:
        following = urlsplit(read_url(urljoin(target.geturl(), location)))
    except ValueError:
        raise _Astray("leads to what is no address") from None
    if target.scheme == "https" and following.scheme != "https":
        raise _Astray("leads to an address without https")
    return following


def _peers(target: SplitResult, network: Network, clock: Clock) -> list[Peer]:
    """All addresses of the host."""
    host, port = target.hostname or "", target.port or _PORTS[target.scheme]
    addresses: Sequence[str] = in_time(lambda: network.look_up(host, port), clock)
    if not addresses:
        raise OSError(0, "it has no address")
    return [Peer(host, port, address) for address in addresses]


def _are_public(peers: Sequence[Peer], network: Network) -> bool:
    return all(network.is_public(peer.address) for peer in peers)


def _post(target: SplitResult, peers: Sequence[Peer], form: bytes, network: Network, clock: Clock) -> _Answer:
    context = network.context() if target.scheme == "https" else None
    peer, connected = _connect(peers, network, clock, context)
    with connected:
        connection = speak(peer, connected, clock)
        address = (target.path or "/") + (f"?{target.query}" if target.query else "")
        connection.putrequest("POST", address, skip_host=True, skip_accept_encoding=True)
        for name, value in {
            "Host": target.netloc,
            "User-Agent": f"publisher/{__version__}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(form)),
            "Connection": "close",
        }.items():
            connection.putheader(name, value)
        connection.endheaders(form)
        answer = connection.getresponse()
        return _Answer(answer.status, answer.headers.get("Location"), answer.headers.get("Retry-After"))


def _connect(
    peers: Sequence[Peer], network: Network, clock: Clock, context: ssl.SSLContext | None
) -> tuple[Peer, socket]:
    """A connection to the first peer that takes one."""
    *others, last = peers
    for peer in others:
        try:
            return peer, connect(peer, clock, network.connect_seconds, context)
        except OSError:  # one that nobody answers at, or that there is no way to from here
            continue
    return last, connect(last, clock, network.connect_seconds, context)


def _words(status: int) -> str:
    """A status by its standard name: what the hub itself writes there is anybody's text."""
    try:
        return f"answers {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"answers {status}"


def _reason(error: OSError) -> str:
    """Why it failed, in words that hold no address."""
    text = str(getattr(error, "verify_message", None) or error.strerror or "it failed")
    return printable(text[:1].lower() + text[1:])
