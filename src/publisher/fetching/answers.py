"""Answers of HTTP: read as far as is allowed, unpacked, whole or not at all."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.diagnostics import printable
from publisher.fetching.wanted import NotFetchable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from http.client import HTTPResponse

    from publisher.fetching.wanted import NotFetched, Wanted

OK = 200
#: RFC 9110 section 15.4; the address has moved for good, or for now.
REDIRECTS = frozenset({301, 302, 303, 307, 308})
BROKEN_OFF = "it broke off before all had come"
_CHUNK = 1 << 16
#: A line that goes on in the next one, as HTTP no longer has them (RFC 9112 section 5.2).
_FOLD = re.compile(r"\r?\n[ \t]+")


@dataclass(frozen=True)
class Redirect:
    """An answer that led on."""

    #: The address that gave it.
    url: str
    status: int
    #: Where to, as it was said.
    location: str

    @property
    def is_permanent(self) -> bool:
        """Whether the address has moved for good (RFC 9110 sections 15.4.2 and 15.4.9)."""
        return self.status in {301, 308}


@dataclass(frozen=True)
class Fetched:
    """An answer, the last one of those that led to it."""

    #: What it holds, unpacked; nothing unless the status is 200.
    data: bytes
    #: The address that gave it.
    url: str
    status: int
    #: By their names in lower case; several of one name as a list with commas (RFC 9110 section 5.3).
    headers: Mapping[str, str]
    #: What the server calls the status.
    reason: str = ""
    #: The answers that led there, in order.
    redirects: tuple[Redirect, ...] = ()
    #: Whether everybody can reach that address, as far as its number tells.
    is_public: bool = True


def headers_of(response: HTTPResponse) -> dict[str, str]:
    """The headers of an answer, each name once."""
    found: dict[str, str] = {}
    for name, said in response.headers.items():
        key, value = name.lower(), _FOLD.sub(" ", str(said))
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


@dataclass(frozen=True)
class Reader:
    """Reads what an answer of a host holds, up to so many bytes."""

    host: str
    wanted: Wanted
    most: int

    def body(self, response: HTTPResponse) -> bytes:
        """All of an answer, unpacked.

        Raises:
            NotFetchable: it is more than is allowed.
            NotFetched: it breaks off, or cannot be unpacked.
        """
        coding = (response.headers.get("Content-Encoding") or "identity").strip().lower()
        if coding not in {"identity", "gzip", "x-gzip"}:
            reason = f"it sends the coding '{printable(coding[:20])}', which was not asked for"
            raise self._failed(reason, status=OK)
        received = self._received(response)
        pieces = received if coding == "identity" else self._unpacked(received)
        data = bytearray()
        for piece in pieces:
            data += piece
            self._bound(len(data))
        return bytes(data)

    def _received(self, response: HTTPResponse) -> Iterator[bytes]:
        """The bytes as they come; an answer that breaks off is none."""
        total = 0
        while piece := response.read1(_CHUNK):
            total += len(piece)
            self._bound(total)
            yield piece
        if response.length:
            raise self._failed(BROKEN_OFF)

    def _unpacked(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """What was packed with gzip (RFC 1952), a little at a time, however much it would become."""
        unpacker, complete = zlib.decompressobj(wbits=31), False
        try:
            for piece in pieces:
                rest, made = piece, b""
                while rest or len(made) == _CHUNK:
                    made = unpacker.decompress(rest, _CHUNK)
                    yield made
                    rest, complete = unpacker.unconsumed_tail, unpacker.eof
                    if complete:  # another member may follow (section 2.2)
                        rest, made, unpacker = unpacker.unused_data, b"", zlib.decompressobj(wbits=31)
        except zlib.error:
            raise self._failed("what it sends cannot be unpacked", status=OK) from None
        if not complete:
            raise self._failed(BROKEN_OFF)

    def _bound(self, size: int) -> None:
        if size > self.most:
            raise NotFetchable(f"'{self.host}' sends more than {self.most >> 20} MiB", self.wanted.less)

    def _failed(self, reason: str, status: int | None = None) -> NotFetched:
        return self.wanted.failed(self.host, reason, status=status)
