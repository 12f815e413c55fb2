"""What a reader does about mail: sign up, confirm, choose, leave.

`POST /subscribe` takes a sign-up. The other addresses end in a token out of a
mail, which is all that whoever uses them must have: no cookie, no login, no
redirect. Mail programs and scanners open every link, so GET and HEAD show a
page and change nothing; POST acts, and may come twice.

Pages are made by a `Desk`. It works in threads: few for sign-ups, so that a
flood of them never keeps anybody from leaving.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from anyio import CapacityLimiter, sleep, to_thread
from starlette.datastructures import Headers
from starlette.routing import Route

from publisher.server.answers import Answer, sentence
from publisher.server.clients import Visitor, visitor
from publisher.server.forms import Form, read_any, read_form
from publisher.server.policy import SERVICE

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

T = TypeVar("T")

SIGN_UP = "/subscribe"
#: A sign-up is answered at the end of such a span, in seconds: how long it really took, which may depend on
#: who is known here, is nobody's to learn.
SPAN = 0.1


class Door(StrEnum):
    """What the links in mails open: the first part of their path."""

    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    UNSUBSCRIBE = "unsubscribe"
    #: Never write to me again.
    REFUSE = "refuse"


@dataclass(frozen=True)
class Page:
    """A page that a person is shown."""

    status: int
    html: str
    #: For what may be tried again: in how many seconds.
    retry_after: int | None = None


class Desk(Protocol):
    """Who decides and makes the pages. Its methods are called from threads, and tell a fault by a page."""

    def where(self, visitor: Visitor) -> str:
        """The path of the page with the form."""

    def sign_up(self, form: Form, visitor: Visitor) -> Page:
        """Take a step of a sign-up."""

    def show(self, door: Door, token: str, visitor: Visitor) -> Page:
        """What a link opens; nothing changes."""

    def act(self, door: Door, token: str, form: Form, visitor: Visitor) -> Page:
        """Do what a link is for."""


def routes(desk: Desk) -> list[BaseRoute]:
    """The addresses of subscribing."""
    leaving = CapacityLimiter(16)
    return [
        Route(SIGN_UP, SignUp(desk)),
        *(Route(f"/{door}/{{token}}", Entrance(door, desk, leaving)) for door in Door),
    ]


class SignUp:
    """Answers /subscribe: each step of a sign-up is a POST; whoever only looks is led to the form."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._threads = CapacityLimiter(4)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        method = scope["method"]
        if method in ("GET", "HEAD"):
            where = await self._run(self._desk.where, visitor(scope))
            answer = Answer(303, {"Location": where, "Content-Length": "0", "Cache-Control": "no-store"})
        elif method == "POST":
            answer = await self._post(Headers(scope=scope), receive, visitor(scope))
        else:
            answer = _not_allowed()
        await answer.send(method, send)

    async def _post(self, headers: Headers, receive: Receive, who: Visitor) -> Answer:
        form = await read_form(headers, receive)
        if isinstance(form, Answer):
            return form
        began = time.monotonic()
        page = await self._run(self._desk.sign_up, form, who)
        await sleep(SPAN - (time.monotonic() - began) % SPAN)
        return _answer(page)

    async def _run(self, call: Callable[..., T], *arguments: object) -> T:
        return await to_thread.run_sync(partial(call, *arguments), limiter=self._threads)


class Entrance:
    """Answers `/confirm/<token>` and its like."""

    def __init__(self, door: Door, desk: Desk, threads: CapacityLimiter) -> None:
        self._door, self._desk, self._threads = door, desk, threads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        method, token, who = scope["method"], scope["path_params"]["token"], visitor(scope)
        if method in ("GET", "HEAD"):
            answer = _answer(await self._run(partial(self._desk.show, self._door, token, who)))
        elif method == "POST":
            answer = await self._post(Headers(scope=scope), receive, token, who)
        else:
            answer = _not_allowed()
        await answer.send(method, send)

    async def _post(self, headers: Headers, receive: Receive, token: str, who: Visitor) -> Answer:
        # What the choice is must be said in a form; to confirm and to leave, the address says all.
        read = read_form if self._door is Door.PREFERENCES else read_any
        form = await read(headers, receive)
        if isinstance(form, Answer):
            return form
        return _answer(await self._run(partial(self._desk.act, self._door, token, form, who)))

    async def _run(self, call: Callable[[], Page]) -> Page:
        return await to_thread.run_sync(call, limiter=self._threads)


def _answer(page: Page) -> Answer:
    """A page as it is sent: kept by nobody, found by no search engine."""
    body = page.html.encode()
    headers = {**SERVICE, "Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    if page.retry_after is not None:
        headers["Retry-After"] = str(page.retry_after)
    return Answer(page.status, headers, body)


def _not_allowed() -> Answer:
    return sentence(405, "only GET, HEAD and POST are answered here", allow="GET, HEAD, POST")
