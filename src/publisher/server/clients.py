"""Who asks: from which network, in which languages, and whether from this machine.

The peer of the connection is believed. Only where that is this machine itself,
as it is behind a reverse proxy, the proxy is: the right-most address of
`X-Forwarded-For` is the one it has added; whatever stands left of it, a client
may have written. More than one proxy in a row counts as one client.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Scope

#: What a machine calls itself. Any other name could be that of a site which resolves it to this machine.
OWN_NAMES = ("localhost", "127.0.0.1", "::1", "[::1]")
#: How much of an address is one network: what a household or a campus has of its own.
_IPV4, _IPV6 = 24, 64
#: Where nothing is known of the peer: all such clients are one.
_UNKNOWN = "unknown"
_PORT = re.compile(r":[0-9]{1,5}\Z")
_WEIGHT = re.compile(r"q=([01](?:\.\d{0,3})?)")
#: What proxies say of themselves and of those whom they ask for.
_FORWARDED = (
    "cf-connecting-ip", "forwarded", "true-client-ip", "via",
    "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """What is known of whoever asks."""

    #: `192.0.2.0/24`.
    network: str = _UNKNOWN
    #: The languages that a browser asks for, best first, without regions: `kk`.
    languages: tuple[str, ...] = ()
    #: Whether it is a program on this machine that speaks to us directly, by a name that is this machine's.
    is_local: bool = False


def visitor(scope: Scope) -> Visitor:
    """Who asks."""
    headers = Headers(scope=scope)
    return Visitor(
        network=_network(_client(scope, headers)),
        languages=_languages(headers.get("accept-language", "")),
        is_local=_is_local(scope, headers),
    )


def preferred(languages: Sequence[str], offered: Sequence[str], default: str) -> str:
    """The first language that somebody wants and a site has, else the site's own."""
    return next((language for language in languages if language in offered), default)


def _peer(scope: Scope) -> IPv4Address | IPv6Address | None:
    return _address((scope.get("client") or ("",))[0])


def _client(scope: Scope, headers: Headers) -> IPv4Address | IPv6Address | None:
    peer = _peer(scope)
    if peer is not None and not peer.is_loopback:
        return peer
    hops = ",".join(headers.getlist("x-forwarded-for")).split(",")
    return _address(hops[-1]) or peer


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as peers and proxies write it: alone, with a port, in brackets."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _network(address: IPv4Address | IPv6Address | None) -> str:
    if address is None:
        return _UNKNOWN
    length = _IPV4 if isinstance(address, IPv4Address) else _IPV6
    return str(ip_network((address, length), strict=False))


def _is_local(scope: Scope, headers: Headers) -> bool:
    """Whether nothing stands between: no proxy, and no name that others have pointed here (DNS rebinding).

    A proxy that was told nothing speaks HTTP/1.0, as nginx has long done; browsers have not for decades.
    """
    peer = _peer(scope)
    host = headers.get("host", "").lower()
    name = _PORT.sub("", host)
    return (
        peer is not None
        and peer.is_loopback
        and name in OWN_NAMES
        and scope.get("http_version", "1.1") != "1.0"
        and not any(header in headers for header in _FORWARDED)
    )


def _languages(accepted: str) -> tuple[str, ...]:
    """The languages of Accept-Language (RFC 9110 section 12.5.4), by their weights."""
    weighed = []
    for number, part in enumerate(accepted.lower().split(",")[:20]):
        tag, _, parameter = part.strip().partition(";")
        weight = _WEIGHT.fullmatch(parameter.strip())
        weighed.append((-float(weight[1]) if weight else -1.0, number, tag.strip().partition("-")[0]))
    return tuple(dict.fromkeys(language for weight, _, language in sorted(weighed) if language and weight))
