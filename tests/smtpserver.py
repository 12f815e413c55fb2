"""A scripted SMTP server: says what a test wants at any step, and writes down what it took before it says so.

In a test, in threads of its own, on a free port of 127.0.0.1:

    with SmtpServer(script={"rcpt": ["450 4.2.0 later"]}) as server:
        ...
        assert [taken.recipient for taken in server.taken] == [...]

A script gives each step its answers in order, over all connections; when they
are used up, the server says what a good one would. An answer is a line or
several of a reply, or one of the moves below. `refusals` names recipients that
are always answered in a way of their own.

In a process of its own, which is not disturbed when its client is killed:

    python tests/smtpserver.py --port 0 --log FILE [--answer STEP=REPLY] [--pause 0.01]

It prints its port, and appends a line of JSON for each message to FILE before
it answers 250: what is in FILE has been taken, whatever became of the client.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Self

import trustme

#: The steps that a script can name, with what a good server says.
GOOD = {
    "connect": "220 smtp.example.org ESMTP",
    "ehlo": "",  # made of what is offered
    "starttls": "220 2.0.0 go ahead",
    "auth": "235 2.7.0 welcome",
    "mail": "250 2.1.0 ok",
    "rcpt": "250 2.1.5 ok",
    "data": "354 end with a dot",
    "message": "250 2.0.0 taken",
    "rset": "250 2.0.0 ok",
    "noop": "250 2.0.0 ok",
    "quit": "221 2.0.0 bye",
}


@dataclass(frozen=True)
class Drop:
    """Close the connection instead of answering; after saying something, if that is given."""

    after: str = ""


@dataclass(frozen=True)
class Hang:
    """Say nothing until the server ends."""


@dataclass(frozen=True)
class Late:
    """Say it, or what a good server would, after so many seconds."""

    seconds: float
    reply: str = ""


@dataclass(frozen=True)
class Slowly:
    """Say it, or what a good server would, one byte at a time."""

    reply: str = ""
    pause: float = 0.0


@dataclass(frozen=True)
class Early:
    """For "message": say something, or nothing at all, after so many bytes; then close, or read on."""

    reply: str = ""
    at: int = 1
    closes: bool = True


Answer = str | Drop | Hang | Late | Slowly | Early


@dataclass(frozen=True)
class Taken:
    """A message that was taken, or was about to be."""

    sender: str
    recipients: tuple[str, ...]
    #: As it was sent, its doubled dots made single again.
    data: bytes
    encrypted: bool
    #: The name that the client logged in with.
    user: str | None
    ehlo: str
    at: datetime

    @property
    def recipient(self) -> str:
        """Its only recipient."""
        (only,) = self.recipients
        return only

    def record(self, *, whole: bool = True) -> str:
        """A line of the log."""
        digest = hashlib.sha256(self.data).hexdigest()
        values = {
            "at": self.at.isoformat(),
            "sender": self.sender,
            "recipients": self.recipients,
            "sha256": digest,
        }
        return json.dumps(values | ({"data": self.data.decode("latin-1")} if whole else {})) + "\n"


@dataclass
class SmtpServer:
    """A server on 127.0.0.1, from `start` to `stop`."""

    script: Mapping[str, Iterable[Answer]] = field(default_factory=dict)
    #: Address -> how RCPT for it is always answered.
    refusals: Mapping[str, Answer] = field(default_factory=dict)
    tls: Literal["none", "starttls", "implicit"] = "none"
    certificate: Literal["good", "wrong host", "expired", "unknown"] = "good"
    #: Name -> password; with any of them, mail is taken only after a login.
    users: Mapping[str, str] = field(default_factory=dict)
    mechanisms: str = "PLAIN LOGIN"
    #: Called with each message before it is answered.
    on_message: Callable[[Taken], None] = lambda _: None
    #: How long to wait between writing a message down and answering, in seconds.
    pause: float = 0.0
    #: Whether messages are kept in `taken`.
    remembers: bool = True
    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    #: All that clients said, connection by connection; no message among it.
    heard: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        unknown = set(self.script) - set(GOOD)
        assert not unknown, f"no such step: {unknown}"
        self._answers = {step: iter(answers) for step, answers in self.script.items()}
        self._lock, self._ending = threading.Lock(), threading.Event()
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self._authority = _authority() if self.tls != "none" else None
        self.context = self._identity() if self._authority else None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen."""
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        self.port = self._listener.getsockname()[1]
        self._spawn(self._accept)

    def stop(self) -> None:
        """End every connection and wait for the threads."""
        self._ending.set()
        with suppress(OSError):  # wakes the thread that accepts
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            sockets = list(self._sockets)
        for each in sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def trusting(self) -> ssl.SSLContext:
        """What a client trusts who trusts this server's authority."""
        context = ssl.create_default_context()
        if self._authority is not None and self.certificate != "unknown":
            self._authority.configure_trust(context)
        return context

    @contextmanager
    def authority_file(self) -> Iterator[Path]:
        """The authority's certificate, for SSL_CERT_FILE of another process."""
        assert self._authority is not None
        with self._authority.cert_pem.tempfile() as name:
            yield Path(name)

    def answer(self, step: str, default: str) -> Answer:
        """What is said at a step."""
        with self._lock:
            return next(self._answers.get(step, iter(())), default)

    def wait(self, seconds: float | None = None) -> None:
        """Do nothing until the server ends."""
        self._ending.wait(seconds)

    def keep(self, taken: Taken) -> None:
        """Write a message down."""
        with self._lock:
            if self.remembers:
                self.taken.append(taken)
            self.on_message(taken)
        if self.pause:
            self.wait(self.pause)

    def track(self, connection: socket.socket) -> None:
        """A connection to be ended when the server ends."""
        with self._lock:
            self._sockets.append(connection)

    def _identity(self) -> ssl.SSLContext:
        assert self._authority is not None
        host = "elsewhere.example.org" if self.certificate == "wrong host" else "127.0.0.1"
        expiry = datetime.now(UTC) - timedelta(days=1) if self.certificate == "expired" else None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(host, not_after=expiry).configure_cert(context)
        return context

    def _spawn(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        with self._lock:
            self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._ending.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.track(connection)
            heard: list[str] = []
            self.heard.append(heard)
            self._spawn(Talk(self, connection, heard).run)


class _Over(Exception):
    """The connection has ended."""


class Talk:
    """One connection."""

    def __init__(self, server: SmtpServer, connection: socket.socket, heard: list[str]) -> None:
        self._server, self._socket, self._heard = server, connection, heard
        self._held = bytearray()
        self._ehlo, self._user = "", None  # type: tuple[str, str | None]
        self._sender, self._recipients = "", []  # type: tuple[str, list[str]]
        self._encrypted = False

    def run(self) -> None:
        """Speak until one side is done."""
        with suppress(_Over, OSError):
            try:
                if self._server.tls == "implicit":
                    self._encrypt()
                self._say("connect")
                while True:
                    self._obey(self._line())
            finally:
                self._socket.close()

    def _obey(self, line: str) -> None:
        self._heard.append(line)
        verb, _, rest = line.partition(" ")
        obey: Callable[[str], None] | None = getattr(self, f"_on_{verb.lower()}", None)
        if obey is None:
            self._write("500 5.5.2 what?")
        else:
            obey(rest)

    def _on_ehlo(self, name: str) -> None:
        self._ehlo = name
        self._say("ehlo", self._offer())

    def _on_starttls(self, _: str) -> None:
        if self._server.tls != "starttls":
            self._write("502 5.5.1 not here")
        elif self._say("starttls").startswith("220"):
            self._encrypt()

    def _on_auth(self, argument: str) -> None:
        mechanism, _, given = argument.partition(" ")
        if mechanism.upper() == "PLAIN":
            _, user, password = base64.b64decode(given).decode().split("\0")
        else:
            user = base64.b64decode(given).decode()
            self._write("334 UGFzc3dvcmQ6")
            password = base64.b64decode(self._line()).decode()
        known = self._server.users.get(user) == password
        # Some servers repeat what they refuse.
        said = self._say("auth", GOOD["auth"] if known else f"535 5.7.8 no '{given}', '{password}'")
        if said.startswith("235"):
            self._user = user

    def _on_mail(self, argument: str) -> None:
        self._sender, self._recipients = _path(argument), []
        if self._server.users and not self._user:
            self._write("530 5.7.0 log in first")
        else:
            self._say("mail")

    def _on_rcpt(self, argument: str) -> None:
        address = _path(argument)
        refusal = self._server.refusals.get(address)
        said = self._do(refusal, "rcpt") if refusal is not None else self._say("rcpt")
        if said.startswith("25"):
            self._recipients.append(address)

    def _on_data(self, _: str) -> None:
        if self._say("data").startswith("354"):
            self._message()

    def _on_rset(self, _: str) -> None:
        self._say("rset")

    def _on_noop(self, _: str) -> None:
        self._say("noop")

    def _on_quit(self, _: str) -> None:
        self._say("quit")
        raise _Over

    def _offer(self) -> str:
        lines = ["smtp.example.org", "PIPELINING", "ENHANCEDSTATUSCODES"]
        if self._server.tls == "starttls" and not self._encrypted:
            lines.append("STARTTLS")
        if self._server.users:
            lines.append(f"AUTH {self._server.mechanisms}")
        return "\n".join([*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}"])

    def _message(self) -> None:
        answer = self._server.answer("message", GOOD["message"])
        if isinstance(answer, Early):
            self._read(answer.at)
            if answer.reply:
                self._write(answer.reply)
            if answer.closes:
                raise _Over
        # The line end of DATA is the first one: a message may be nothing but its dot.
        self._held[:0] = b"\r\n"
        data = self._until(b"\r\n.\r\n")
        # RFC 5321 section 4.5.2: the first dot of a line is never the message's own.
        text = (data + b"\r\n").replace(b"\r\n.", b"\r\n").removeprefix(b"\r\n")
        envelope = (self._sender, tuple(self._recipients))
        self._server.keep(Taken(*envelope, text, self._encrypted, self._user, self._ehlo, datetime.now(UTC)))
        self._do(answer, "message")

    def _say(self, step: str, default: str = "") -> str:
        return self._do(self._server.answer(step, default or GOOD[step]), step, default)

    def _do(self, answer: Answer, step: str, default: str = "") -> str:
        """Answer; what was said, whole."""
        match answer:
            case Drop(after):
                if after:
                    self._write(after)
                raise _Over
            case Hang():
                self._server.wait()
                raise _Over
            case Late(seconds, reply):
                self._server.wait(seconds)
                return self._do(reply or default or GOOD[step], step)
            case Slowly(reply, pause):
                said = reply or default or GOOD[step]
                self._write(said, pause)
                return said
            case str():
                self._write(answer)
                return answer
        return ""

    def _write(self, reply: str, pause: float | None = None) -> None:
        data = reply.replace("\n", "\r\n").encode() + b"\r\n"
        if pause is None:
            self._socket.sendall(data)
            return
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in data:
            self._socket.sendall(bytes([byte]))
            self._server.wait(pause)

    def _line(self) -> str:
        return self._until(b"\r\n").decode("utf-8", "replace")

    def _until(self, mark: bytes) -> bytes:
        """What comes before a mark, which is taken out too."""
        seen = 0
        while (at := self._held.find(mark, seen)) < 0:
            seen = max(0, len(self._held) - len(mark))
            self._read(len(self._held) + 1)
        found = bytes(self._held[:at])
        del self._held[: at + len(mark)]
        return found

    def _read(self, length: int) -> None:
        while len(self._held) < length:
            data = self._socket.recv(65_536)
            if not data:
                raise _Over
            self._held += data

    def _encrypt(self) -> None:
        assert self._server.context is not None
        wrapped = self._server.context.wrap_socket(
            self._socket, server_side=True, do_handshake_on_connect=False
        )
        self._server.track(wrapped)
        self._socket = wrapped
        wrapped.do_handshake()
        self._held, self._encrypted = bytearray(), True


def _path(argument: str) -> str:
    """The address of `FROM:<...>` or `TO:<...>`."""
    return argument.partition("<")[2].partition(">")[0]


_authorities: list[trustme.CA] = []


def _authority() -> trustme.CA:
    """One for all servers of a process: keys take time to make."""
    if not _authorities:
        _authorities.append(trustme.CA())
    return _authorities[0]


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description="A scripted SMTP server.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--answer", action="append", default=[], metavar="STEP=REPLY", help="at every time")
    parser.add_argument("--refuse", action="append", default=[], metavar="ADDRESS=REPLY")
    parser.add_argument(
        "--pause", type=float, default=0.0, help="seconds between taking a message and answering"
    )
    parser.add_argument("--hashes", action="store_true", help="log hashes of messages only")
    given = parser.parse_args()
    log = os.open(given.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(taken: Taken) -> None:
        os.write(log, taken.record(whole=not given.hashes).encode())

    def forever(reply: str) -> Iterator[str]:
        while True:
            yield reply

    script = {step: forever(reply) for step, _, reply in (each.partition("=") for each in given.answer)}
    refusals = dict(each.split("=", 1) for each in given.refuse)
    server = SmtpServer(
        script=script, refusals=refusals, on_message=note, port=given.port, pause=given.pause, remembers=False
    )
    server.start()
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.wait()


if __name__ == "__main__":
    main()
