"""E-mail addresses: which are written to, when two are the same, and how logs name one.

Two addresses are the same reader's if they agree after NFKC (Unicode UAX #15),
with the domain in its ASCII form (RFC 5891 A-labels), in lower case. Nothing
else is folded: what follows a `+`, and where dots are, is the reader's affair.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

#: RFC 5321 section 4.5.3.1.3: a path has 256 octets, two of which are its brackets.
_LONGEST = 254
#: More is no address in any spelling, and looking at it costs time.
_LONGEST_WRITTEN = 1024
_BLANKS = " \t"


class BadAddress(ValueError):
    """Not an address that is written to; `reason` says why, without saying the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Address:
    """An address that mail can be sent to."""

    #: As it is written to: ASCII only, the local part as its owner writes it (RFC 5321 section 2.4).
    email: str
    #: What makes addresses the same.
    key: str


def read_address(text: str) -> Address:
    """The address that somebody wrote, blanks around it left out. Whether it exists is not asked.

    Raises:
        BadAddress: it is none, or of a kind that not every server takes: a local part that is
            quoted or not in ASCII (RFC 6531), a domain literal, or one that begins with `-`,
            which a program might take for an option.
    """
    if len(text) > _LONGEST_WRITTEN:
        raise BadAddress(f"expected at most {_LONGEST} characters")
    written = unicodedata.normalize("NFKC", text).strip(_BLANKS)
    if written.startswith("-"):
        raise BadAddress("expected a letter or a digit first, got '-'")
    email = _validated(written)
    if len(email) > _LONGEST:
        raise BadAddress(f"expected at most {_LONGEST} characters, got {len(email)}")
    return Address(email, email.lower())


def _validated(written: str) -> str:
    """The address with its domain in ASCII."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(
            written,
            check_deliverability=False,  # asks the network
            strict=True,  # at most 64 octets before the @
            allow_smtputf8=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
        )
    except EmailNotValidError as error:
        raise BadAddress(_reason(str(error))) from None
    return f"{found.local_part}@{found.ascii_domain}"


def _reason(sentence: str) -> str:
    """A library's sentence as messages are written here: in lower case, no full stop."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def address_hash(salt: bytes, key: str) -> str:
    """A keyed hash (BLAKE2b, RFC 7693) in 64 hex digits: who has it but not the salt cannot try addresses.

    Args:
        salt: The site's own random bytes, at most 64.
        key: `Address.key`.
    """
    return hashlib.blake2b(key.encode(), key=salt, digest_size=32).hexdigest()


def shown(email: str) -> str:
    """An address as logs may show it: `a***@d***`."""
    local, _, domain = email.rpartition("@")
    return f"{_first(local)}***@{_first(domain)}***"


def _first(text: str) -> str:
    """Its first character, if a log can show it."""
    return text[:1] if text[:1].isalnum() else ""
