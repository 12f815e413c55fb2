"""The web application: health, subscribing, combinations, and for everything else the files of build/.

A request passes the access log, then what sets the security headers, then the
routes; what no route takes is looked for among combinations and files.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from anyio import to_thread
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.websockets import WebSocketClose

from publisher.server import mailbox, subscribing
from publisher.server.addresses import names_of
from publisher.server.answers import ALLOWED, not_allowed
from publisher.server.combinations import Combinations, Editions, Renderings
from publisher.server.files import Folder, find
from publisher.server.health import HealthCheck
from publisher.server.log import AccessLog
from publisher.server.policy import SECURITY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from publisher.server.answers import Answer
    from publisher.server.files import Source
    from publisher.server.health import Health
    from publisher.server.mailbox import Captured
    from publisher.server.subscribing import Desk

POLICY = "Content-Security-Policy"


class ServedSite(Editions, Protocol):
    """The site that is served. Its methods are called from threads."""

    @property
    def build(self) -> Path:
        """The folder that is served."""

    @property
    def desk(self) -> Desk | None:
        """Who takes sign-ups and what else readers do about mail."""

    @property
    def captured(self) -> Captured | None:
        """Where mail is captured and how it is shown."""

    def link(self, path: str) -> str:
        """The Link header (RFC 8288) of a file below `build`; empty for none."""

    def health(self) -> Health:
        """How it is; a database that does not answer is said, not raised."""


def application(site: ServedSite, renderings: Renderings) -> Starlette:
    """The application of a site; `renderings` makes the combinations."""
    files = Folder(site.build, link=site.link)
    published = Published(files, Combinations(site, renderings))
    routes: list[BaseRoute] = [Route("/healthz", HealthCheck(site.health).__call__)]
    if site.desk:
        routes += subscribing.routes(site.desk)
    if site.captured:
        routes += mailbox.routes(site.captured, published)
    return assemble(published, routes, SECURITY)


def assemble(files: ASGIApp, routes: Sequence[BaseRoute], headers: Mapping[str, str]) -> Starlette:
    """Routes before files, and the headers that every answer has."""

    async def failed(request: Request, error: Exception) -> PlainTextResponse:
        """A bug: the traceback goes to the log, the client learns nothing of it."""
        del request, error
        return PlainTextResponse(
            "something went wrong here\n", 500, headers={**headers, "Cache-Control": "no-store"}
        )

    middleware = [Middleware(AccessLog), Middleware(FixedHeaders, headers)]
    app = Starlette(routes=routes, middleware=middleware, exception_handlers={Exception: failed})
    # A redirect of the framework would be made from Host; ours never are.
    app.router.redirect_slashes = False
    app.router.default = files
    return app


class Published:
    """Whatever is published: combinations, else files."""

    def __init__(self, source: Source, combinations: Combinations | None) -> None:
        self._source, self._combinations = source, combinations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; nothing here reads its body."""
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        method = scope["method"]
        answer = await self._answer(scope) if method in ALLOWED else not_allowed()
        await answer.send(method, send)

    async def _answer(self, scope: Scope) -> Answer:
        names, query, request, now = names_of(scope), scope["query_string"], Headers(scope=scope), time.time()
        if (
            names
            and self._combinations
            and (made := await self._combinations.answer(names, query, request, now))
        ):
            return made
        return await to_thread.run_sync(find, self._source, names, query, request, now)


class FixedHeaders:
    """Sets headers on every answer, over what it says itself; an empty value takes a header away.

    Only a Content-Security-Policy of its own stands: whoever writes one means that page.
    """

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self.app, self.headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add to the answer."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = headers.get(POLICY)
                headers.update(self.headers)
                if own:
                    headers[POLICY] = own
                for name in [name for name, value in self.headers.items() if not value]:
                    del headers[name]
            await send(message)

        await self.app(scope, receive, sending)
