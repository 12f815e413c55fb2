"""Reads what a form sends: a small body, in limited time, as pairs of names and values.

Nothing here is a file, so a body is small, is read whole, and is parsed once it
is there; a client that sends it slowly is told to hurry and let go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from anyio import move_on_after

from publisher.server.answers import Answer, sentence

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.types import Receive

#: Bytes of a body: an address and some hundred choices are far less.
MAX_BODY = 8 << 10
#: Values in it.
MAX_FIELDS = 500
#: Seconds in which it must be there.
PATIENCE = 10.0

URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Form:
    """What was sent: names and values in their order, each name as often as it was."""

    pairs: tuple[tuple[str, str], ...] = ()

    def __contains__(self, name: object) -> bool:
        return any(each == name for each, _ in self.pairs)

    def first(self, name: str) -> str:
        """The first value of a name, without blanks around it; empty where there is none."""
        return next((value.strip() for each, value in self.pairs if each == name), "")

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a name, each once."""
        return tuple(dict.fromkeys(value for each, value in self.pairs if each == name))


async def read_form(headers: Headers, receive: Receive) -> Form | Answer:
    """The form that a request carries, or why it is not taken."""
    if _media_type(headers) != URLENCODED:
        return sentence(415, f"expected a form as {URLENCODED}", accept_post=URLENCODED)
    body = await read_body(headers, receive)
    return body if isinstance(body, Answer) else _parsed(body)


async def read_any(headers: Headers, receive: Receive) -> Form | Answer:
    """The same, where the request itself says what is wanted: a body of another sort, or none, is no form.

    RFC 8058 section 3.2 lets a mail program send urlencoded or multipart, and some send nothing.
    """
    body = await read_body(headers, receive)
    if isinstance(body, Answer) or _media_type(headers) != URLENCODED:
        return body if isinstance(body, Answer) else Form()
    form = _parsed(body)
    return form if isinstance(form, Form) else Form()


async def read_body(headers: Headers, receive: Receive) -> bytes | Answer:
    """The body, whole; an answer where it is too long or too slow."""
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:20]) > MAX_BODY:
        return _too_long()
    body = bytearray()
    with move_on_after(PATIENCE):
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > MAX_BODY:
                return _too_long()
            if not message.get("more_body", False):
                return bytes(body)
    return sentence(408, f"expected the whole request within {PATIENCE:g} seconds", connection="close")


def _too_long() -> Answer:
    # What follows on the connection would be the rest of this body: it ends here.
    return sentence(413, f"expected at most {MAX_BODY} bytes", connection="close")


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _parsed(body: bytes) -> Form | Answer:
    """Pairs, as browsers write them (URL standard, section 5.1); what is no UTF-8 becomes U+FFFD."""
    try:
        text = body.decode("utf-8", "replace")
        return Form(tuple(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)))
    except ValueError:
        return sentence(400, f"expected at most {MAX_FIELDS} values")
