"""Web addresses as records and configuration may give them (RFC 3986, RFC 3987).

What is read here goes into calendars, feeds, pages and mail unchanged, so it
must mean the same to all of them: http or https, a host, nobody's password,
nothing that a browser would read otherwise, and ASCII only.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from publisher.diagnostics import quoted

MAX_URL = 2_000
_REFUSED = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"^`{|}]|\s")
_HOST = re.compile(
    r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?|[0-9a-f:]+"
)
#: What stays when letters beyond ASCII are escaped: the reserved characters, and escapes that are there.
_KEPT = "!#$%&'()*+,/:;=?@[]~"


def read_url(text: str) -> str:
    """A public web address, its letters beyond ASCII escaped (RFC 3987 section 3.1), else as it was written.

    Raises:
        ValueError: for anything that is none, or that browsers and calendars would read differently.
    """
    if len(text) > MAX_URL:
        raise ValueError(f"expected at most {MAX_URL} characters, got {len(text)}")
    if _REFUSED.search(text):
        raise ValueError(f"expected a web address without spaces or special characters, got {quoted(text)}")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
        ascii_host = (host or "").encode("idna").decode("ascii") if not text.isascii() else host
    except ValueError:
        raise ValueError(f"expected a web address, got {quoted(text)}") from None
    if parts.scheme not in {"http", "https"} or not ascii_host or not _HOST.fullmatch(ascii_host):
        raise ValueError(f"expected an address that begins with https:// and a host, got {quoted(text)}")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"expected an address without a user name, got {quoted(text)}")
    if text.isascii():
        return text
    netloc = ascii_host if port is None else f"{ascii_host}:{port}"
    path, query, fragment = (quote(part, safe=_KEPT) for part in (parts.path, parts.query, parts.fragment))
    return parts._replace(netloc=netloc, path=path, query=query, fragment=fragment).geturl()


def is_this_machine(host: str) -> bool:
    """Whether a host, as it is written, is the machine that reads it (RFC 6761 section 6.3, RFC 6890)."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
