"""Mail handed to an SMTP server, one message to one reader at a time.

Each worker holds a connection of its own and keeps it between messages:

1. It is opened when the first message is there, encrypted and logged in.
2. MAIL, RCPT, then a last look whether the message may still go, DATA, the message;
   whatever the server answers is the reply.
3. After a refusal, or where it may not go, RSET clears the table for the next message.
4. A connection that the server has ended meanwhile is opened again, once.
"""

from __future__ import annotations

import ssl
import stat
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from publisher.errors import UsageError
from publisher.mailing.policy import LOST, WITHHELD, Reply, Stage
from publisher.transports import whatever_happens
from publisher.transports.smtp_session import Patience, Session, Unready, connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from publisher.config import Config
    from publisher.mailing.message import Outgoing

#: The server closes the connection after this (RFC 5321 section 3.8).
_CLOSING = 421
_GO_AHEAD = 354
#: How long to wait for a polite end, in seconds.
_FAREWELL = 2.0
_NOT_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class BadPassword(UsageError):
    """The password file cannot be used: do what the hint says. No message holds the password."""

    def __init__(self, path: Path, finding: str, hint: str) -> None:
        super().__init__(f"{path}: {finding}\nhint: {hint}")


@dataclass(frozen=True, kw_only=True)
class Smtp:
    """A server, and how to speak to it."""

    host: str
    port: int
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    auth: Literal["auto", "plain", "login", "none"] = "auto"
    username: str | None = None
    password: str = field(default="", repr=False)
    #: What this side calls itself: a host name (RFC 5321 section 4.1.1.1).
    ehlo: str
    patience: Patience = field(default_factory=Patience)
    #: Which certificates are trusted; the machine's own by default.
    context: ssl.SSLContext | None = None

    @cached_property
    def trusted(self) -> ssl.SSLContext:
        """What encryption takes: a trusted certificate for this host's name, TLS 1.2 or later."""
        return self.context or ssl.create_default_context()

    @contextmanager
    def open(self) -> Iterator[Connection]:
        """A connection for one thread; nothing is said before the first message."""
        connection = Connection(self)
        try:
            yield connection
        finally:
            connection.close()


class Connection:
    """A server that is spoken to when there is something to say."""

    def __init__(self, server: Smtp) -> None:
        self._server = server
        self._session: Session | None = None

    def send(self, message: Outgoing, may_go: Callable[[], bool] = whatever_happens) -> Reply:
        """Hand over a message; the reply that decided about it.

        `may_go` is asked right before DATA, since a server may take minutes to answer what comes
        before; where it says no, the code is `WITHHELD`, and the server has nothing of the message.

        Raises:
            TransportFault: encryption or login fail; nothing was sent.
        """
        was_open = self._session is not None
        reply = self._try(message, may_go)
        if was_open and reply.stage is Stage.MAIL and reply.code in {LOST, _CLOSING}:
            reply = self._try(message, may_go)
        return reply

    def close(self) -> None:
        """Say goodbye, if there is anybody."""
        session, self._session = self._session, None
        if session is not None:
            session.wait(min(_FAREWELL, self._server.patience.command))
            session.ask(Stage.CONNECT, "QUIT")
            session.close()

    def _try(self, message: Outgoing, may_go: Callable[[], bool]) -> Reply:
        give_up = time.monotonic() + self._server.patience.whole
        session, self._session = self._session, None
        try:
            session = session or connect(self._server, give_up)
        except Unready as unready:
            return unready.reply
        try:
            session.wait(self._server.patience.command, give_up)
            reply = self._transact(session, message, may_go)
            if self._stays(session, reply):
                self._session = session
            return reply
        finally:
            if self._session is None:
                session.close()

    def _stays(self, session: Session, reply: Reply) -> bool:
        """Whether the connection is good for another message; after a refusal the server must say so."""
        if reply.stage is Stage.AFTER_DATA and reply.is_positive:
            return True
        if session.sock is None or reply.code == _CLOSING:
            return False
        if not reply.is_refusal and reply.code != WITHHELD:
            return False
        session.wait(self._server.patience.command, time.monotonic() + self._server.patience.command)
        return session.ask(reply.stage, "RSET").is_positive

    def _transact(self, session: Session, message: Outgoing, may_go: Callable[[], bool]) -> Reply:
        """One mail transaction (RFC 5321 section 3.3), up to the first reply that ends it."""
        for stage, command, argument in (
            (Stage.MAIL, "MAIL", f"FROM:<{message.sender}>"),
            (Stage.RCPT, "RCPT", f"TO:<{message.recipient}>"),
        ):
            reply = session.ask(stage, command, argument)
            if not reply.is_positive:
                return reply
        if not may_go():
            return Reply(code=WITHHELD, stage=Stage.DATA)
        reply = session.ask(Stage.DATA, "DATA")
        if reply.code != _GO_AHEAD:
            return reply
        return session.hand_over(message.data, self._server.patience.message)


def configured(config: Config, root: Path) -> Smtp:
    """The server that [mail] names.

    Raises:
        BadPassword: the password file is not there, is empty, or others may read it.
    """
    mail = config.mail
    needs_password = mail.username and mail.password_file and mail.auth != "none"
    return Smtp(
        host=mail.host or "",
        port=mail.smtp_port,
        tls=mail.tls,
        auth=mail.auth,
        username=mail.username,
        password=_password(root / mail.password_file) if needs_password and mail.password_file else "",
        ehlo=urlsplit(config.site.url).hostname or config.authority_host,
    )


def _password(path: Path) -> str:
    """The first line of a file that nobody else can read."""
    try:
        mode = path.stat().st_mode
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise BadPassword(path, reason, "correct [mail] password_file, or put the password there") from None
    except UnicodeDecodeError:
        raise BadPassword(path, "expected UTF-8", "save the file with the encoding UTF-8") from None
    if mode & _NOT_FOR_OTHERS:
        finding = f"others may read or change it (mode {stat.S_IMODE(mode):04o})"
        raise BadPassword(path, finding, f"run `chmod 600 {path}`")
    if not lines or not lines[0]:
        raise BadPassword(path, "expected a password, got none", "write it into the first line")
    return lines[0]
