"""The access log: one line for each request, on stderr, with no way to forge a line and no secret in it.

Method, path, status, bytes of the body, milliseconds. Of a query only the
choice of calendars and feeds is written; any other parameter may be
somebody's token, name and value alike, and becomes an ellipsis, as does in a
path what follows `/confirm` and its like, or looks like a token or an address
of mail. Addresses of clients are not written.
"""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import unquote

from publisher.mailing.tokens import TOKEN_LENGTH
from publisher.server.query import FACETS, KIND
from publisher.server.subscribing import Door

if TYPE_CHECKING:
    from typing import TextIO

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGGER = logging.getLogger("publisher.access")
MAX_SHOWN = 300
#: What links in mails open, however it is written.
_DOOR = re.compile(rf"/+(?:{'|'.join(Door)})/+", re.IGNORECASE)
#: Elsewhere in a path: the shape of a token, or of an address of mail.
_SECRET = re.compile(rf"(?<![\w-])(?=[\w-]*[A-Z])[\w-]{{{TOKEN_LENGTH},}}|[^/]*(?:@|%40)[^/]*", re.ASCII)
_TOLD = frozenset(FACETS) | {KIND}


def write_access_log(stream: TextIO | None = None) -> None:
    """Turn the log on: to stderr, or to a stream."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    LOGGER.handlers[:] = [handler]
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False


class AccessLog:
    """Writes a line when a request is done, whatever became of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; count what is sent."""
        if scope["type"] != "http" or not LOGGER.isEnabledFor(logging.INFO):
            await self.app(scope, receive, send)
            return
        began, status, size = time.monotonic(), 500, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            status = message.get("status", status)
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, counted)
        finally:
            took = (time.monotonic() - began) * 1000
            LOGGER.info("%s %s %d %d %.1fms", shown(scope["method"]), _target(scope), status, size, took)


def _target(scope: Scope) -> str:
    path = shown(_path(scope))
    query = scope["query_string"].decode("latin-1")
    return f"{path}?{_told(query)}" if query else path


def _path(scope: Scope) -> str:
    """The path as it was asked for, with what may be secret left out."""
    raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    door = _DOOR.match(unquote(raw, "latin-1"))
    return f"{door[0]}..." if door else _SECRET.sub("...", raw)


def _told(query: str) -> str:
    """The query with everything but the choice of records left out."""
    pairs = query[:MAX_SHOWN].split("&")
    return "&".join(shown(pair) if pair.partition("=")[0] in _TOLD else "..." for pair in pairs)


def shown(text: str) -> str:
    """At most so many characters of a text, all of them visible ASCII."""
    cut = text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."
    return "".join(c if "!" <= c <= "~" else f"%{ord(c):02X}" for c in cut)
