"""One connection to an SMTP server (RFC 5321): opened, encrypted, logged in, asked.

The standard library speaks the protocol. Added here: every reply has a
deadline, however slowly its bytes come; what a server says is a `Reply`, never
an exception; and a connection that was to be encrypted is, or nothing is said.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publisher.mailing.policy import LOST, Reply, Stage
from publisher.transports import TransportFault
from publisher.transports.smtp_replies import Lines, lost, reply_of

if TYPE_CHECKING:
    from publisher.transports.smtp import Smtp

#: Of the ways to log in that the configuration knows, the best first.
_MECHANISMS = {"plain": "PLAIN", "login": "LOGIN"}


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait, in seconds; RFC 5321 section 4.5.3.2 would wait minutes, and hold up everybody."""

    #: For a connection, its encryption, and the greeting.
    connect: float = 30
    #: For the reply to a command.
    command: float = 60
    #: For a message to be taken, and then for the reply to it.
    message: float = 120
    #: From the first word to the last before the message.
    whole: float = 480


class Unready(Exception):
    """The server cannot be used now; `reply` is what it said instead."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(str(reply))
        self.reply = reply


class Session(smtplib.SMTP):
    """A connection, open from the moment it is made."""

    def __init__(self, server: Smtp, give_up: float, **tls: Any) -> None:
        self._give_up = give_up
        self._patience = server.patience.connect
        super().__init__(server.host, server.port, server.ehlo, timeout=server.patience.connect, **tls)
        if self.sock is not None:
            # A message ends in a segment of its own, which must not wait for the one before it.
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def wait(self, patience: float, give_up: float | None = None) -> None:
        """How long to wait from now on for each reply, and until when (monotonic) for all of them."""
        self._patience = patience
        self._give_up = give_up if give_up is not None else self._give_up

    def send(self, s: Any) -> None:
        """Send bytes within the time that a reply has."""
        if self.sock is not None:
            self.sock.settimeout(self._patience)
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """Read a reply within its time."""
        if self.file is None:
            self.file = Lines(self.sock)
        self.file.begin(min(time.monotonic() + self._patience, self._give_up))
        return super().getreply()

    def ask(self, stage: Stage, command: str, argument: str = "") -> Reply:
        """Send a command; what the server says."""
        try:
            return reply_of(stage, *self.docmd(command, argument))
        except OSError as error:
            self.close()
            return lost(stage, error)

    def hand_over(self, data: bytes, patience: float) -> Reply:
        """Send a message after DATA, its dots doubled where a line begins with one (section 4.5.2).

        The dot that ends it goes last and alone: where the server has gone, or has refused, before
        that, it does not have the message.
        """
        self.wait(patience, time.monotonic() + 2 * patience)
        doubled = data.replace(b"\r\n.", b"\r\n..")
        stage = Stage.DATA
        try:
            self.send(b"." + doubled if doubled.startswith(b".") else doubled)
            if self.file is not None and self.file.is_ahead():
                reply = reply_of(stage, *self.getreply())
                self.close()  # it is still in the middle of a message
                return reply
            self.send(b".\r\n")
            stage = Stage.AFTER_DATA
            return reply_of(stage, *self.getreply())
        except OSError as error:
            self.close()
            return lost(stage, error)


class EncryptedSession(Session, smtplib.SMTP_SSL):
    """A connection that is encrypted from its first byte on (RFC 8314 section 3)."""


def connect(server: Smtp, give_up: float) -> Session:
    """A connection that is ready for messages.

    Args:
        server: Which, and how.
        give_up: Until when (monotonic) it must be ready.

    Raises:
        Unready: the server cannot be reached, or asks to come back later.
        TransportFault: encryption or login fail, so that nothing can be sent as things are set up.
    """
    session = _dialled(server, give_up)
    try:
        session.wait(server.patience.command)
        _greet(session)
        if server.tls == "starttls":
            _encrypt(session, server)
            _greet(session)
        if server.username and server.auth != "none":
            _log_in(session, server)
    except BaseException:
        session.close()
        raise
    return session


def _dialled(server: Smtp, give_up: float) -> Session:
    try:
        if server.tls == "implicit":
            return EncryptedSession(server, give_up, context=server.trusted)
        return Session(server, give_up)
    except smtplib.SMTPResponseException as error:
        raise Unready(_said(error)) from None
    except OSError as error:
        raise _unconnected(server, error) from error


def _greet(session: Session) -> None:
    """EHLO; a server that does not know it could neither encrypt nor log in."""
    try:
        reply = reply_of(Stage.CONNECT, *session.ehlo())
    except OSError as error:
        raise Unready(lost(Stage.CONNECT, error)) from None
    if not reply.is_positive:
        raise Unready(reply)


def _encrypt(session: Session, server: Smtp) -> None:
    """STARTTLS (RFC 3207); where it is not offered, somebody may have taken it out on the way."""
    if not session.has_extn("starttls"):
        hint = 'find out why; tls = "implicit" is for port 465, tls = "none" for a server on this machine'
        raise _fault(server, "the server does not offer STARTTLS, so nothing is sent to it", hint)
    try:
        session.wait(server.patience.connect)
        session.starttls(context=server.trusted)
    except smtplib.SMTPResponseException as error:
        raise Unready(_said(error)) from None
    except OSError as error:
        raise _unconnected(server, error) from error
    finally:
        session.wait(server.patience.command)


def _log_in(session: Session, server: Smtp) -> None:
    """AUTH PLAIN (RFC 4616) or LOGIN; the library's own would refuse a password beyond ASCII."""
    offered = session.esmtp_features.get("auth", "").upper().split()
    wanted = _MECHANISMS.values() if server.auth == "auto" else (_MECHANISMS[server.auth],)
    mechanism = next((each for each in wanted if each in offered), None)
    if mechanism is None:
        found = ", ".join(offered) or "none"
        finding = f"expected a login by {' or '.join(wanted)}, the server offers {found}"
        raise _fault(server, finding, "correct [mail] auth, or leave username out")
    user, password = server.username or "", server.password
    if mechanism == "PLAIN":
        secret = _base64(f"\0{user}\0{password}")
        reply = session.ask(Stage.CONNECT, "AUTH", f"PLAIN {secret}")
    else:
        reply = session.ask(Stage.CONNECT, "AUTH", f"LOGIN {_base64(user)}")
        if reply.code == _CONTINUE:
            reply = session.ask(Stage.CONNECT, _base64(password))
    if reply.code == LOST or reply.is_temporary:
        raise Unready(Reply(code=reply.code, enhanced=reply.enhanced, stage=reply.stage))
    if not reply.is_positive:
        said = f"{reply.code} {reply.enhanced}".rstrip()
        finding = f"the server refuses the login of '{user}' ({said})"
        raise _fault(server, finding, "correct [mail] username, or what stands in the password file")


#: RFC 4954 section 4: the server asks for more.
_CONTINUE = 334


def _said(error: smtplib.SMTPResponseException) -> Reply:
    text = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
    return reply_of(Stage.CONNECT, error.smtp_code, text)


def _unconnected(server: Smtp, error: OSError) -> Unready | TransportFault:
    """Encryption that fails is for a person to look at; a line that is down is not."""
    if isinstance(error, ssl.SSLCertVerificationError):
        finding = f"the server's certificate is not trusted: {error.verify_message.lower().rstrip('.')}"
        return _fault(server, finding, "write the host as its certificate names it, or have it renewed")
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        finding = f"the connection cannot be encrypted: {(error.reason or 'unknown').lower()}"
        return _fault(server, finding, 'set [mail] tls: "starttls" for port 587, "implicit" for port 465')
    return Unready(lost(Stage.CONNECT, error))


def _fault(server: Smtp, finding: str, hint: str) -> TransportFault:
    return TransportFault(f"{server.host}:{server.port}: {finding}\nhint: {hint}")


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode("ascii")
