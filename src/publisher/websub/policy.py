"""What becomes of a ping when a hub has answered, or has not.

Any 2xx means that the hub takes it (WebSub leaves the rest to publisher and
hub). Whatever else it says may be over tomorrow: it is asked again, ever more
seldom, for a day. By then every subscriber has asked the feed itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publisher.model.push import Ping

#: How long to wait after the first, second, ... time that a hub did not take it; the last for all later ones.
#: A hub restarts within a minute; one that is away for an hour is not asked each minute.
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
#: So long after the change it is tried for the last time; and no hub can ask to be left alone for longer.
LIFE = timedelta(days=1)

_TOO_MANY = 429


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a hub said, or that it said nothing."""

    #: The status code; None when there was no answer.
    status: int | None
    #: In a few words, without any address: it is shown and logged.
    text: str
    #: How long it asks to be left alone (RFC 9110 section 10.2.3).
    retry_after: timedelta | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the hub takes the ping (2xx)."""
        return self.status is not None and self.status // 100 == 2  # noqa: PLR2004 -- RFC 9110 section 15

    @property
    def is_about_the_hub(self) -> bool:
        """Whether it would have said the same of any other feed: all but a refusal (4xx) of this one."""
        return self.status is None or self.status == _TOO_MANY or self.status // 100 != 4  # noqa: PLR2004


def after(ping: Ping, reply: Reply, now: datetime) -> Ping:
    """How a ping stands that the hub did not take: due again, or given up.

    The last try is one day after the change, unless the hub asks for later.
    """
    attempts = ping.attempts + 1
    first_at = min(ping.first_at, now)  # a clock was wrong
    end = first_at + LIFE
    asked_for = now + (reply.retry_after or timedelta())
    due_at = max(min(now + DELAYS[min(attempts, len(DELAYS)) - 1], end), asked_for)
    return ping.evolve(
        attempts=attempts, first_at=first_at, due_at=due_at if now < end else None, reply=reply.text
    )


def read_retry_after(field: str | None, now: datetime) -> timedelta | None:
    """How long a hub asks to wait, by its Retry-After: seconds or a date; a day at most, None for neither."""
    text = (field or "").strip()
    try:
        if re.fullmatch(r"\d{1,9}", text, re.ASCII):
            wait = timedelta(seconds=int(text))
        else:
            date = parsedate_to_datetime(text)
            wait = (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
    except (ValueError, OverflowError):
        return None
    return min(wait, LIFE) if wait > timedelta() else None
