"""Web addresses as they may be asked: http or https, a host, the port of a web server, nobody's password.

No message holds more of an address than its host: the rest may be a secret.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from publisher.fetching.wanted import NotAnAddress, NotFetchable

if TYPE_CHECKING:
    from publisher.fetching.wanted import Wanted

#: The port of each scheme.
PORTS = {"http": 80, "https": 443}
_SCHEMES = {"http": "http", "https": "https", "webcal": "https", "webcals": "https"}
_SAFE = "!#$%&'()*+,/:;=?@[]~"
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FIRST_FREE_PORT = 1024  # those below are the system's


def is_address(source: str) -> bool:
    """Whether what was given is meant as a web address, not as a file's name."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", source) is not None


def read_address(url: str, wanted: Wanted) -> SplitResult:
    """An address that may be asked; letters beyond ASCII are escaped, webcal is https.

    Raises:
        NotAnAddress: it is none, or leads to what is no web server.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    scheme = _SCHEMES.get(parts.scheme.lower())
    if scheme is None or not _HOST.fullmatch(host) or _CONTROL.search(url):
        raise NotAnAddress(
            "expected an address that begins with https:// and a host", "copy the whole address"
        )
    if parts.username is not None or parts.password is not None:
        raise NotAnAddress("expected an address without a user name and password", wanted.by_hand)
    if port is not None and port < _FIRST_FREE_PORT and port not in PORTS.values():
        raise NotAnAddress(f"expected the port of a web server, got {port}", "leave the port out")
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port in {None, PORTS[scheme]} else f"{shown}:{port}"
    path, query = (quote(part, safe=_SAFE) for part in (parts.path or "/", parts.query))
    return SplitResult(scheme, netloc, path, query, "")


def following(target: SplitResult, location: str, wanted: Wanted) -> SplitResult:
    """The address that an answer leads on to.

    Raises:
        NotFetchable: it is none, or the way there is less safe than the one so far.
    """
    try:
        joined = urljoin(target.geturl(), location)
    except ValueError:
        joined = ""
    found = read_address(joined, wanted)
    if target.scheme == "https" and found.scheme != "https":
        raise NotFetchable(f"'{host_of(target)}' leads on to an address without https", wanted.by_hand)
    return found


def host_of(target: SplitResult) -> str:
    """The host, which messages may name."""
    return target.hostname or ""
