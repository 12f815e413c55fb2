"""Tokens: what a link in a mail, or a form, carries to prove where it came from.

A token is 39 bytes, written in 52 characters of base64url (RFC 4648 section 5).
39 is a multiple of three, so no bits are spare and no two texts mean one token.
It holds whose it is and what for, never an address, and ends in an HMAC
(RFC 2104) over the rest, so that nobody can make or change one without a key.

```text
purpose 1 | key id 1 | version 2 | subscriber 8 | expiry 4 | tag 8 | HMAC-SHA256, cut, 15
```
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from publisher.errors import PublisherError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from publisher.model.mailing import Interests

TOKEN_LENGTH = 52
#: Stand in a digest where each reader's own token will; no token can begin like either of them.
PREFERENCES = "PREFERENCES".ljust(TOKEN_LENGTH, "-")
UNSUBSCRIBE = "UNSUBSCRIBE".ljust(TOKEN_LENGTH, "-")

_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}")
_FIELDS = struct.Struct(">BBHQI8s")
_SEAL_LENGTH = 15
#: Keeps this use of a key apart from every other use of it.
_CONTEXT = b"publisher token\0"
_NEVER = 0
#: Expiries are whole minutes since then: four bytes reach far beyond any link's life.
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_TAG_LENGTH = 8


class Purpose(StrEnum):
    """What a token is good for: one is never taken for another."""

    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    UNSUBSCRIBE = "unsubscribe"
    #: Never to write to this address again.
    REFUSE = "refuse"
    #: That a form was shown before it was sent.
    FORM = "form"


#: The first byte of a token. A number is never given to another purpose: old mails are pressed for years.
_CODES = {
    Purpose.CONFIRM: 1,
    Purpose.PREFERENCES: 2,
    Purpose.UNSUBSCRIBE: 3,
    Purpose.REFUSE: 4,
    Purpose.FORM: 5,
}


class MissingKey(PublisherError):
    """A key that something under way was signed with is gone: put its line back."""

    def __init__(self, key_id: int) -> None:
        super().__init__(
            f"the secret key {key_id} is not known any more\n"
            "hint: put its line back into the file of secret keys"
        )


@dataclass(frozen=True)
class Keys:
    """The secret keys: all of them read, the newest signs."""

    #: Key id (0 to 255) -> at least 32 random bytes.
    keys: Mapping[int, bytes]
    newest: int

    def __repr__(self) -> str:
        """Without the keys: what is printed is read by more people than may know them."""
        return f"Keys({sorted(self.keys)}, newest={self.newest})"


@dataclass(frozen=True, kw_only=True)
class Token:
    """What a genuine token says."""

    purpose: Purpose
    #: The subscriber's id, or whatever number the signer put there.
    subscriber: int
    #: The subscriber's `token_version` when it was signed; to be compared by whoever acts on it.
    version: int
    tag: bytes
    expires: datetime | None
    #: Whether it is too old to act on: told apart so that a page can offer a new one.
    expired: bool


def sign(  # noqa: PLR0913 -- one argument for each field of a token
    keys: Keys,
    purpose: Purpose,
    *,
    subscriber: int = 0,
    version: int = 0,
    tag: bytes = b"",
    expires: datetime | None = None,
    key_id: int | None = None,
) -> str:
    """A token of `TOKEN_LENGTH` characters, the same for the same arguments.

    Args:
        keys: The secret keys.
        purpose: What it is good for.
        subscriber: Whose it is, 0 to 2**64 - 1.
        version: The subscriber's `token_version`, 0 to 65535.
        tag: What else it is bound to: nothing, or 8 bytes.
        expires: After which it is `expired`, rounded up to a minute of UTC; never by default.
        key_id: The key that signs; the newest by default.

    Raises:
        MissingKey: `key_id` is not among the keys.
        ValueError: a value does not fit.
    """
    key_id = keys.newest if key_id is None else key_id
    if key_id not in keys.keys:
        raise MissingKey(key_id)
    if tag and len(tag) != _TAG_LENGTH:
        raise ValueError(f"expected a tag of {_TAG_LENGTH} bytes, got {len(tag)}")
    try:
        fields = _FIELDS.pack(_CODES[purpose], key_id, version, subscriber, _minutes(expires), tag)
    except struct.error as error:
        raise ValueError(f"a token cannot hold this: {error}") from None
    return base64.urlsafe_b64encode(fields + _seal(keys.keys[key_id], fields)).decode("ascii")


def read(keys: Keys, token: str, purpose: Purpose, now: datetime) -> Token | None:
    """What a token says, or None for anything that was not signed with one of the keys for this purpose.

    The work is the same whatever is wrong with it, so that nobody learns how far a guess came.
    """
    is_well_formed = len(token) == TOKEN_LENGTH and _TOKEN.fullmatch(token) is not None
    data = base64.urlsafe_b64decode(token if is_well_formed else UNSUBSCRIBE)  # which is no token
    fields, seal = data[: _FIELDS.size], data[_FIELDS.size :]
    code, key_id, version, subscriber, minutes, tag = _FIELDS.unpack(fields)
    is_known = key_id in keys.keys
    is_sealed = hmac.compare_digest(seal, _seal(keys.keys[key_id if is_known else keys.newest], fields))
    if not (is_known and is_sealed and code == _CODES[purpose]):
        return None
    expires = None if minutes == _NEVER else _EPOCH + minutes * _MINUTE
    return Token(
        purpose=purpose,
        subscriber=subscriber,
        version=version,
        tag=tag,
        expires=expires,
        expired=expires is not None and expires <= now,
    )


def list_tag(list_id: str) -> bytes:
    """The tag of a list: an unsubscribing token is good for one list only."""
    return _tag("list", list_id)


def address_tag(address_hash: str) -> bytes:
    """The tag of an address, by its keyed hash: a form's token is good for one address only."""
    return _tag("address", address_hash)


def request_tag(lists: Collection[str], interests: Interests) -> bytes:
    """The tag of what a sign-up asks for, in whatever order: confirming confirms that and no more."""
    chosen = (interests.topics, interests.organisations, interests.events)
    return _tag("request", sorted(lists), *(sorted(ids) for ids in chosen))


def _tag(*parts: object) -> bytes:
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=_TAG_LENGTH).digest()


def _seal(key: bytes, fields: bytes) -> bytes:
    return hmac.digest(key, _CONTEXT + fields, "sha256")[:_SEAL_LENGTH]


def _minutes(expires: datetime | None) -> int:
    """Whole minutes, rounded up: a link holds at least as long as was said."""
    if expires is None:
        return _NEVER
    minutes = -((_EPOCH - expires) // _MINUTE)
    if minutes <= _NEVER:
        raise ValueError(f"expected an expiry after {_EPOCH:%Y-%m-%d}, got '{expires}'")
    return minutes
