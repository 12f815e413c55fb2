"""Messages: the bytes that go on the wire, the same for the same arguments whenever they are made.

A digest's body is the same for all readers of its cohort but for the tokens in
two links, so a message is: fields, the tokens put in their places, both parts
in base64. Base64 leaves nothing to a server's line limits, dots or character
sets, and no text can look like the boundary.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b32encode
from binascii import b2a_base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from publisher.mailing import headers
from publisher.mailing.headers import CRLF
from publisher.mailing.tokens import PREFERENCES, UNSUBSCRIBE, Purpose, list_tag, sign

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.config import Config
    from publisher.mailing.tokens import Keys
    from publisher.model.mailing import Digest, Issue, Subscriber

#: RFC 2045 section 6.8.
_BASE64_LINE = 76


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message with its envelope, ready for a transport."""

    #: The envelope's sender (RFC 5321 MAIL FROM) and its one recipient, plain addresses.
    sender: str
    recipient: str = field(repr=False)
    #: The message: ASCII, every line ended by CRLF.
    data: bytes = field(repr=False)
    message_id: str

    def __post_init__(self) -> None:
        """A CR or LF of its own is where one server ends a line and another does not: none leaves here."""
        rest = self.data.replace(b"\r\n", b"")
        if not self.data.endswith(b"\r\n") or b"\r" in rest or b"\n" in rest or not rest.isascii():
            raise ValueError("expected a message of lines in ASCII, each ended by CRLF")


@dataclass(frozen=True, kw_only=True)
class Body:
    """What a message says, as text and as HTML."""

    text: str
    html: str


def message_id(secret: bytes, host: str, *parts: object) -> str:
    """The Message-ID of whatever `parts` name, in brackets: always the same, and not to be guessed.

    A message that is sent twice has the same one, and most programs then show it once.

    Args:
        secret: A secret key.
        host: What stands after the @: the host of the site's identity.
        parts: Numbers and texts that no other message shares.
    """
    key = hashlib.sha256(secret).digest()
    named = json.dumps(parts, ensure_ascii=True).encode()
    digest = hashlib.blake2s(named, key=key, person=b"mess-id", digest_size=15).digest()
    return f"<{b32encode(digest).decode('ascii').lower()}@{host}>"


def sender(config: Config) -> str:
    """The address that mail is sent from."""
    return config.mail.from_ or f"news@{urlsplit(config.site.url).hostname}"


def reply_to(config: Config) -> str:
    """The address that answers go to; it reaches a person."""
    return config.mail.reply_to or config.site.contact or sender(config)


def compose_digest(  # noqa: PLR0913, PLR0917 -- what a message to one reader is made of
    config: Config,
    keys: Keys,
    issue: Issue,
    digest: Digest,
    subscriber: Subscriber,
    message_id: str,
    *,
    test: bool = False,
) -> Outgoing:
    """An issue's message to one reader.

    Args:
        config: The site's settings.
        keys: The secret keys, that of the issue among them.
        issue: The issue; `dated` is its messages' Date.
        digest: The body of the reader's cohort.
        subscriber: The reader.
        message_id: The delivery's.
        test: A message to oneself: marked so, and with nothing that a mail program would press by itself.

    Raises:
        MissingKey: the key that signs this issue is gone.
    """
    unsubscribe = sign(
        keys,
        Purpose.UNSUBSCRIBE,
        subscriber=subscriber.id,
        # To leave, it is good for ever; what else its page offers is only for links that are still valid.
        version=subscriber.token_version,
        tag=list_tag(issue.list),
        key_id=issue.signing_key,
    )
    preferences = sign(
        keys,
        Purpose.PREFERENCES,
        subscriber=subscriber.id,
        version=subscriber.token_version,
        key_id=issue.signing_key,
    )
    fields = [
        *identification(
            config,
            subscriber,
            digest.language,
            subject=f"[Test] {digest.subject}" if test else digest.subject,
            dated=issue.dated or issue.cut_at,
            message_id=message_id,
        ),
        *_list_fields(config, issue.list, digest.language),
        *_unsubscribing(config, unsubscribe, at_once=not test),
        headers.token("Precedence", "bulk"),
    ]
    body = Body(
        text=_with_tokens(digest.text, preferences, unsubscribe),
        html=_with_tokens(digest.html, preferences, unsubscribe),
    )
    return assemble(config, subscriber, fields, body, message_id)


def identification(  # noqa: PLR0913 -- one argument for each field that differs
    config: Config, subscriber: Subscriber, language: str, *, subject: str, dated: datetime, message_id: str
) -> list[str]:
    """The fields that every mail of the site has (RFC 5322 section 3.6, RFC 3834 section 5)."""
    title = config.site.title.get(language) or config.title(config.site.default_language)
    return [
        headers.named("From", title, sender(config)),
        headers.address("To", subscriber.email),
        headers.address("Reply-To", reply_to(config)),
        headers.text("Subject", subject),
        headers.date("Date", dated),
        headers.token("Message-ID", message_id),
        headers.token("Auto-Submitted", "auto-generated"),
        headers.token("Content-Language", language),
    ]


def assemble(
    config: Config, subscriber: Subscriber, fields: list[str], body: Body, message_id: str
) -> Outgoing:
    """A message of these fields and this body; its last part is what is shown (RFC 2046 section 5.1.4)."""
    boundary = _boundary(message_id)
    lines = [
        *fields,
        headers.token("MIME-Version", "1.0"),
        headers.token("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
        CRLF,
        *(f"--{boundary}{CRLF}{part}" for part in (_part("plain", body.text), _part("html", body.html))),
        f"--{boundary}--{CRLF}",
    ]
    data = "".join(lines).encode("ascii")
    return Outgoing(sender=sender(config), recipient=subscriber.email, data=data, message_id=message_id)


def _list_fields(config: Config, list_id: str, language: str) -> list[str]:
    """What the list is, and where to read it (RFC 2369, RFC 2919)."""
    return [
        _list_id(config, list_id, language),
        headers.uris("List-Archive", f"{config.site.url}/{language}/digests/{list_id}/"),
        headers.uris("List-Owner", _mailto(reply_to(config))),
        headers.token("List-Post", "NO"),
    ]


def _unsubscribing(config: Config, unsubscribe: str, *, at_once: bool) -> list[str]:
    """How to leave; `at_once`: a mail program may do so itself when its button is pressed (RFC 8058)."""
    page = f"{config.site.url}/unsubscribe/{unsubscribe}"
    answer = f"{_mailto(reply_to(config))}?subject=unsubscribe%20{unsubscribe}"
    post = [headers.token("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]
    return [headers.uris("List-Unsubscribe", page, answer), *(post if at_once else [])]


def _list_id(config: Config, list_id: str, language: str) -> str:
    """A list that was taken out of publisher.toml keeps its id, but has no name any more."""
    host, settings = config.authority_host, config.lists.get(list_id)
    if settings is None:
        return headers.uris("List-Id", f"{list_id}.{host}")
    title = settings.title_in(language, config.site.default_language)
    return headers.named("List-Id", title, f"{list_id}.{host}")


def _mailto(address: str) -> str:
    """RFC 6068 section 2; a plus would be taken for a blank by some."""
    return f"mailto:{quote(address, safe='@')}"


def _with_tokens(text: str, preferences: str, unsubscribe: str) -> str:
    return text.replace(PREFERENCES, preferences).replace(UNSUBSCRIBE, unsubscribe)


def _boundary(message_id: str) -> str:
    """Its underscore occurs in no base64."""
    return f"=_{hashlib.blake2s(message_id.encode(), digest_size=12).hexdigest()}"


def _part(subtype: str, text: str) -> str:
    """A text in base64; its lines end in CRLF before they are encoded (RFC 2045 section 6.8)."""
    data = text.replace(CRLF, "\n").replace("\r", "\n").replace("\n", CRLF).encode()
    encoded = b2a_base64(data, newline=False).decode("ascii")
    lines = [encoded[at : at + _BASE64_LINE] for at in range(0, len(encoded), _BASE64_LINE)]
    return (
        f"Content-Type: text/{subtype}; charset=utf-8{CRLF}"
        f"Content-Transfer-Encoding: base64{CRLF}{CRLF}"
        f"{CRLF.join(lines)}{CRLF}"
    )
