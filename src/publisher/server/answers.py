"""An answer: status, headers and body as one value, decided before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Send

#: Bodies leave in pieces of this size, so that a slow client holds up no more than one in memory.
PIECE = 1 << 16
ALLOWED = ("GET", "HEAD")


@dataclass(frozen=True)
class Answer:
    """What a request gets; header names are written as they are sent."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    async def send(self, method: str, send: Send) -> None:
        """Send it; HEAD gets the same headers, Content-Length included, without the body (RFC 9110 9.3.2)."""
        raw = [
            (name.lower().encode("ascii"), value.encode("latin-1")) for name, value in self.headers.items()
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        body = b"" if method == "HEAD" else self.body
        for start in range(0, len(body) or 1, PIECE):
            end = start + PIECE
            await send({"type": "http.response.body", "body": body[start:end], "more_body": end < len(body)})


def sentence(status: int, text: str, **headers: str) -> Answer:
    """A plain sentence, for people who read what a program asked for; `retry_after` becomes Retry-After."""
    body = f"{text}\n".encode()
    described = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
    extra = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return Answer(status, described | extra, body)


def not_allowed() -> Answer:
    """The answer to a method that would change something: nothing here can be changed (RFC 9110 15.5.6)."""
    return sentence(405, "only GET and HEAD are answered here", allow=", ".join(ALLOWED))


def printable(text: str) -> str:
    r"""The text with everything that could steer a terminal or forge a line written as \x.. or \u...."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
