"""What an issue holds for a reader: ids alone, the same in every language, so that readers can share it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Span:
    """The time that an issue is about, for one reader. Instants are UTC."""

    #: Up to when the reader has been told everything.
    told_until: datetime
    #: Up to when this issue tells everything: `told_until` for the next one.
    cut_at: datetime
    #: When the next issue is due.
    next_at: datetime


@dataclass(frozen=True)
class Changed:
    """A significant change of an event, or of a part of it, since its reader was told."""

    kind: str
    id: str
    #: session, deadline or occurrence, and its id; empty for the event itself.
    part_kind: str = ""
    part_id: str = ""
    #: Which of several earlier states its readers know, by the instant until which it held, in ISO 8601;
    #: empty for the last one.
    before: str = ""


@dataclass(frozen=True)
class Coming:
    """An event at one of its dates."""

    id: str
    #: Its start: a day, or an instant in UTC, in ISO 8601; empty for an event whose day is not known.
    start: str
    #: Whether its reader has not been told of the event before.
    new: bool


@dataclass(frozen=True)
class Due:
    """A deadline that can still be met."""

    event: str
    id: str
    new: bool


@dataclass(frozen=True, kw_only=True)
class Choice:
    """All that an issue holds for a reader, in the order in which it is told."""

    changes: tuple[Changed, ...] = ()
    #: Ids of announcements.
    news: tuple[str, ...] = ()
    coming: tuple[Coming, ...] = ()
    deadlines: tuple[Due, ...] = ()
    #: Whether an event begins or something is due before the next issue: reason enough for a mail.
    reminds: bool = False

    @property
    def worth(self) -> bool:
        """Whether there is something to be told; without it no mail is sent."""
        is_new = any(each.new for each in self.coming) or any(each.new for each in self.deadlines)
        return bool(self.changes or self.news) or is_new or self.reminds

    def cohort(self, list_: str, language: str) -> str:
        """What identifies all readers of a list and language who get the same: 32 hex digits."""
        items = [
            [astuple(each) for each in section] for section in (self.changes, self.coming, self.deadlines)
        ]
        values = json.dumps([list_, language, self.news, items], separators=(",", ":"))
        return hashlib.blake2b(values.encode(), digest_size=16).hexdigest()
