"""What somebody wants from the web, in the words in which they are told that they do not get it."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.errors import PublisherError


class NotFetchable(PublisherError):
    """The address is none to fetch this from: correct it, or download the file and use that."""

    exit_status = 1

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(f"{reason}\nhint: {hint}")
        self.reason, self.hint = reason, hint


class NotAnAddress(NotFetchable):
    """What was given cannot be asked for at all: correct it."""


class NotFetched(PublisherError):
    """The network or the other side failed: try again later."""

    def __init__(self, reason: str, hint: str, status: int | None = None) -> None:
        super().__init__(f"{reason}\nhint: {hint}")
        #: What the server answered (RFC 9110 section 15), where it will answer the same again.
        self.status = status
        self.reason, self.hint = reason, hint


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for, what it is called, and what one may do when it does not come."""

    #: The header Accept (RFC 9110 section 12.5.1).
    accept: str
    #: What it is, with neither article nor plural: "calendar".
    noun: str
    #: What to do by hand instead.
    by_hand: str
    #: Why no address outside the public network is asked, after "..., and ".
    closed: str
    #: What to do then.
    from_closed: str
    #: What to do when there is more than is allowed.
    less: str
    #: What to do when there is a web page at the address; where this is empty, pages are welcome too.
    page: str = ""

    def failed(
        self, host: str, reason: str, hint: str = "try again later", status: int | None = None
    ) -> NotFetched:
        """The fault of a host from which it does not come."""
        return NotFetched(f"'{host}' gives no {self.noun}: {reason}", hint, status)
