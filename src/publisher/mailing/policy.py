"""What becomes of a delivery when a server has answered, or has not.

`TABLE` is the whole policy: the first row that fits a reply says what it means.
Only a reply to RCPT that names the mailbox as wrong or gone is held against the
address. A refusal of the connection, of the sender or of the login halts the
sending: it would meet every delivery alike, and is nobody's fault who reads.
Said once a reader has been named it is no such refusal, since the server has
taken the sender: one reader's server must not keep the mail from all the others.
The rest waits and is tried again, until it is too late for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime


class Stage(StrEnum):
    """How far a message had come when the reply was given."""

    #: The connection itself: greeting, EHLO, STARTTLS, login.
    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    #: DATA and the message, up to but without the dot that ends it.
    DATA = "data"
    #: The dot was sent: from here on the server may have the message, whatever it says.
    AFTER_DATA = "after-data"


#: Instead of a code: the connection broke, or the time to answer ran out.
LOST = 0
#: Instead of a code: the server was not asked to take the message, since it may not be sent any more.
WITHHELD = -1


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a server said to one command (RFC 5321 section 4.2), or that it said nothing."""

    code: int
    #: The enhanced status code (RFC 3463), or ''.
    enhanced: str = ""
    #: In one line, without controls, without the reader's address.
    text: str = ""
    stage: Stage

    @property
    def is_positive(self) -> bool:
        """Whether what was asked is done (2yz)."""
        return self.code // 100 == 2  # noqa: PLR2004 -- RFC 5321 section 4.2.1

    @property
    def is_temporary(self) -> bool:
        """Whether it is refused for now (4yz)."""
        return self.code // 100 == 4  # noqa: PLR2004

    @property
    def is_refusal(self) -> bool:
        """Whether it is refused, for now (4yz) or for good (5yz)."""
        return self.is_temporary or self.code // 100 == 5  # noqa: PLR2004

    def __str__(self) -> str:
        """As it is remembered and shown."""
        if self.code == WITHHELD:
            return f"withheld before {self.stage}"
        said = f"{self.code} {self.enhanced}".rstrip() if self.code != LOST else "no reply"
        return f"{said} to {self.stage}: {self.text}" if self.text else f"{said} to {self.stage}"


@dataclass(frozen=True)
class Sent:
    """The server has taken charge of the message."""


@dataclass(frozen=True)
class Deferred:
    """To be tried again, not before this instant."""

    until: datetime


@dataclass(frozen=True)
class InDoubt:
    """The server may have taken the message; the same bytes are sent again, not before this instant."""

    until: datetime


@dataclass(frozen=True)
class Failed:
    """Settled: the message is not sent."""

    #: Whether the address itself is wrong or gone.
    hard: bool
    reason: str


@dataclass(frozen=True)
class Halt:
    """Nothing can be sent as things are set up; the delivery is as good as before."""

    reason: str


Outcome: TypeAlias = Sent | Deferred | InDoubt | Failed | Halt


class Meaning(StrEnum):
    """What a row of the table says of a reply."""

    SENT = "sent"
    #: Not now: wait longer each time.
    BUSY = "busy"
    #: The connection ended before the message did.
    BROKEN = "broken"
    #: The message, its sender's reputation or the server's policy is refused, not the reader.
    UNWELCOME = "unwelcome"
    DOUBT = "doubt"
    #: The address does not exist.
    GONE = "gone"
    #: This reader cannot be reached, for a reason that may pass.
    REFUSED = "refused"
    HALT = "halt"


def _minutes(*numbers: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=number) for number in numbers)


#: How long to wait after the first, second, ... attempt; the last for all later ones.
SCHEDULES = {
    # 5, 15, 30 min, 1, 2, 4 h: greylisting is over after the first or second, a full disk after the fifth.
    Meaning.BUSY: _minutes(5, 15, 30, 60, 120, 240),
    # 1, 2, 5, 15, 30 min, 1 h: a server restarts within a minute; one that is away is not asked each minute.
    Meaning.BROKEN: _minutes(1, 2, 5, 15, 30, 60),
    # 1 h: long enough for a person to see why, short enough not to miss the day.
    Meaning.UNWELCOME: _minutes(60),
    # 10 min, 1, 4 h: each attempt may be a second copy in somebody's inbox, so they are few.
    Meaning.DOUBT: _minutes(10, 60, 240),
}


@dataclass(frozen=True)
class Row:
    """A class of replies: each pattern must match the whole."""

    meaning: Meaning
    stages: frozenset[Stage]
    code: str
    enhanced: str = ".*"

    def fits(self, reply: Reply) -> bool:
        """Whether a reply is of this class."""
        return (
            reply.stage in self.stages
            and re.fullmatch(self.code, str(reply.code)) is not None
            and re.fullmatch(self.enhanced, reply.enhanced) is not None
        )


_ANY = frozenset(Stage)
_BEFORE = _ANY - {Stage.AFTER_DATA}
_AFTER = frozenset({Stage.AFTER_DATA})
_OPENING = frozenset({Stage.CONNECT, Stage.MAIL})
_RCPT = frozenset({Stage.RCPT})
_CONTENT = frozenset({Stage.DATA, Stage.AFTER_DATA})

#: The first row that fits decides.
TABLE = (
    Row(Meaning.BROKEN, _BEFORE, "0"),
    # RFC 1047: the reply that was lost may have been a 250.
    Row(Meaning.DOUBT, _AFTER, "0"),
    Row(Meaning.SENT, _AFTER, r"2\d\d"),
    # 421 ends the connection at any stage; it is temporary like every other 4yz.
    Row(Meaning.BUSY, _ANY, r"4\d\d"),
    # RFC 4954 section 6: a login is wanting, too weak, wrong, or wants encryption.
    Row(Meaning.HALT, _OPENING, "530|534|535|538"),
    # The class of the enhanced code is the later judgement: a queue's lifetime over is 5yz with 4.4.7.
    Row(Meaning.BUSY, _ANY, r"5\d\d", r"4\.\d+\.\d+"),
    Row(Meaning.HALT, _OPENING, r"5\d\d"),
    # At RCPT the same may be what this reader's server says, and the next one's will not.
    Row(Meaning.UNWELCOME, _RCPT, "530|534|535|538"),
    # RFC 3463 section 3.2: X.1.7 and X.1.8 speak of the sender; many servers say so only at RCPT.
    Row(Meaning.UNWELCOME, _RCPT, r"5\d\d", r"5\.1\.[78]|5\.7\.\d+"),
    Row(Meaning.GONE, _RCPT, r"5\d\d", r"5\.1\.\d+|5\.2\.1"),
    Row(Meaning.REFUSED, _RCPT, r"5\d\d"),
    Row(Meaning.UNWELCOME, _CONTENT, r"5\d\d"),
    # Codes that have no business there (RFC 5321 section 4.3.2).
    Row(Meaning.DOUBT, _AFTER, ".*"),
    Row(Meaning.BROKEN, _BEFORE, ".*"),
)


def meaning(reply: Reply) -> Meaning:
    """What a reply says about its message."""
    return next(row.meaning for row in TABLE if row.fits(reply))


def next_state(reply: Reply, attempts: int, now: datetime, not_after: datetime) -> Outcome:
    """What becomes of a delivery.

    Args:
        reply: What the server said, or that it said nothing.
        attempts: How often the message has been tried, this time included.
        now: UTC; waiting is counted from here.
        not_after: A message whose next attempt would come later has failed, softly.
    """
    found = meaning(reply)
    if found is Meaning.SENT:
        return Sent()
    if found is Meaning.HALT:
        return Halt(str(reply))
    if found in {Meaning.GONE, Meaning.REFUSED}:
        return Failed(found is Meaning.GONE, str(reply))
    schedule = SCHEDULES[found]
    until = now + schedule[min(max(attempts, 1), len(schedule)) - 1]
    if until > not_after:
        return Failed(hard=False, reason=f"too late to try again: {reply}")
    return InDoubt(until) if found is Meaning.DOUBT else Deferred(until)
