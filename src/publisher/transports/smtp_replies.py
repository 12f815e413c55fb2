"""What an SMTP server says (RFC 5321 section 4.2): read within a deadline, and made a value."""

from __future__ import annotations

import re
import ssl
import time
from typing import Any

from publisher.mailing.addresses import shown
from publisher.mailing.policy import LOST, Reply, Stage

_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?: |$)")
#: What an address can be a part of: no blank is in it, nor what addresses are put in.
_WORD = re.compile(r'[^\s<>()\[\],;:"]+')
_LONGEST_TEXT = 300
#: More in one reply is no reply, in bytes.
_LONGEST_REPLY = 65_536


class Lines:
    """What a server says, by lines; reading ends at a deadline."""

    def __init__(self, sock: Any) -> None:
        self._sock, self._held = sock, b""
        self._deadline, self._left = 0.0, 0

    def begin(self, deadline: float) -> None:
        """A reply is expected until then, in the seconds of `time.monotonic`."""
        self._deadline, self._left = deadline, _LONGEST_REPLY

    def readline(self, limit: int) -> bytes:
        """A line with its end; nothing where the connection ended before that."""
        while b"\n" not in self._held and len(self._held) < limit:
            remaining = self._deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError("timed out")
            self._sock.settimeout(remaining)
            if not self._receive():
                return b""
        line, end, rest = self._held.partition(b"\n")
        self._held = rest
        return line + end

    def is_ahead(self) -> bool:
        """Whether the server has said something without being asked, or has gone."""
        if self._held:
            return True
        self._sock.settimeout(0)
        self._left = _LONGEST_REPLY
        try:
            self._receive()
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        return True

    def _receive(self) -> bool:
        data = self._sock.recv(4096)
        self._held += data
        self._left -= len(data)
        if self._left < 0:
            raise OSError("the reply has no end")
        return bool(data)

    def close(self) -> None:
        """The connection closes itself."""


def reply_of(stage: Stage, code: int, said: bytes) -> Reply:
    """A reply as it is passed on; one that is no SMTP is as good as none."""
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines()]
    enhanced = match[1] if (match := _ENHANCED.match(lines[0] if lines else "")) else ""
    words = " ".join(line.removeprefix(enhanced) for line in lines).split()
    text = "".join(letter if letter.isprintable() else "?" for letter in " ".join(words))
    text = _without_addresses(text)[:_LONGEST_TEXT]
    if not 200 <= code <= 599:  # noqa: PLR2004 -- RFC 5321 section 4.2.1
        return Reply(code=LOST, text=f"not a reply: {text}", stage=stage)
    return Reply(code=code, enhanced=enhanced, text=text, stage=stage)


def lost(stage: Stage, error: OSError) -> Reply:
    """A connection that ended, or a time that ran out."""
    reason = (error.strerror or str(error) or type(error).__name__).lower()
    return Reply(code=LOST, text=reason[:_LONGEST_TEXT], stage=stage)


def _without_addresses(text: str) -> str:
    """Servers repeat the address that they refuse, and where it leads to; nobody keeps or logs them."""
    return _WORD.sub(lambda word: shown(word[0].strip("'`")) if "@" in word[0] else word[0], text)
