"""Lists, subscribers, issues and deliveries: what the mailing pipeline passes on and the database keeps.

Every instant is aware and in UTC. An id of a subscriber is a random number: it
stands in tokens, and must not tell how many others there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class SubscriptionState(StrEnum):
    """How a subscription stands; only a confirmed one (or one whose pause is over) is mailed."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    PAUSED = "paused"
    UNSUBSCRIBED = "unsubscribed"


class IssueState(StrEnum):
    """How far an issue is; docs/explanation/delivery-guarantees.md draws the ways between them."""

    BUILDING = "building"
    FROZEN = "frozen"
    HELD = "held"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    SKIPPED = "skipped"
    ABORTED = "aborted"


class DeliveryState(StrEnum):
    """How far a message to one reader is."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    IN_DOUBT = "in doubt"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


#: Deliveries that are still to be made; the others are settled for good.
OPEN = frozenset(
    {DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.DEFERRED, DeliveryState.IN_DOUBT}
)


class Sort(StrEnum):
    """What a message is: a digest, or a letter that belongs to no issue."""

    DIGEST = "digest"
    #: Asks to confirm a sign-up.
    CONFIRM = "confirm"
    #: Answers a sign-up for what is confirmed already.
    KNOWN = "known"


class Row:
    """A frozen value that can be copied with changes."""

    def evolve(self, **changes: Any) -> Self:
        """A copy with other values."""
        return replace(self, **changes)  # type: ignore[type-var]  # every row is a dataclass


@dataclass(frozen=True, kw_only=True)
class Interests(Row):
    """What a reader chose of a list: whatever belongs to any of these; everything where nothing is chosen."""

    topics: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.topics or self.organisations or self.events)


@dataclass(frozen=True, kw_only=True)
class Subscriber(Row):
    """A person's address and how to write to it."""

    id: int
    #: As it is written to, its domain in ASCII (RFC 5891 A-labels); empty once erased.
    email: str
    #: What makes addresses the same: NFKC, lower case; None once erased.
    email_key: str | None
    #: A keyed hash of `email_key`: what suppressions know an address by.
    address_hash: str
    language: str
    timezone: str
    #: Raised to make every link in mails sent so far invalid but the unsubscribing ones.
    token_version: int = 1
    created: datetime
    erased: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Subscription(Row):
    """A subscriber's place on a list, with how it came to be."""

    subscriber: int
    list: str
    state: SubscriptionState
    interests: Interests = field(default_factory=Interests)
    #: For a paused one: when mail begins again; None is until the reader says so.
    paused_until: datetime | None = None
    #: Up to when the reader has been told everything: the cut of the last issue that reached them. Before
    #: the first one None: it is what everybody gets.
    told_until: datetime | None = None
    #: Where the consent came from (`web`, or what an import says), when it was given, to which words.
    consent_source: str
    consent_at: datetime | None = None
    consent_text: str = ""
    #: When its state last changed.
    changed: datetime


@dataclass(frozen=True, kw_only=True)
class Recipient(Row):
    """A subscriber whom an issue may be for."""

    subscriber: int
    language: str
    timezone: str
    interests: Interests
    #: The subscription's, or the cut of a later issue of this list that is under way to them.
    told_until: datetime | None
    #: Since when the subscription stands as it does.
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Issue(Row):
    """One mailing of a list, for one period."""

    id: int
    list: str
    period: str
    state: IssueState
    #: Why it is skipped, held, paused or aborted.
    reason: str = ""
    #: When the period asked for it; what its content was cut at; after which it is not sent any more.
    due_at: datetime
    cut_at: datetime
    not_after: datetime
    #: The edition that it is built from.
    edition: int
    #: The Date of its messages: when it became ready to be sent.
    dated: datetime | None = None
    #: Which key signs the links in its messages: a repeated message must be the same, byte for byte.
    signing_key: int = 0
    #: A hash over all its digests, from the moment it is frozen.
    content_hash: str = ""
    #: language -> the cohort whose digest is its page: a reader of everything.
    archive: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = None
    lease_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Digest(Row):
    """What all readers of one cohort get: the rendered body of an issue, its links' tokens left open."""

    cohort: str
    language: str
    subject: str
    html: str
    text: str
    #: The same as a fragment of a web page, without anything that is a reader's own.
    page: str


@dataclass(frozen=True, kw_only=True)
class Delivery(Row):
    """One message to one reader, and what has become of it."""

    id: int
    issue: int | None
    subscriber: int
    sort: Sort
    cohort: str = ""
    state: DeliveryState = DeliveryState.QUEUED
    owner: str | None = None
    lease_until: datetime | None = None
    attempts: int = 0
    not_before: datetime
    not_after: datetime
    message_id: str
    #: For signatures made ahead of the window of sending.
    signature: str = ""
    last_reply: str = ""
    created: datetime
    #: When it was settled for good.
    settled: datetime | None = None
