"""What rules about HTTP look at, and how they tell that one is broken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from publisher.linting.rule import held_by_reading


class Sight(StrEnum):
    """How much a check looks at, and so what it is given."""

    #: `(exchange)`: what was asked and answered; `on` names formats: "atom", "rss", "json", "calendar".
    EXCHANGE = "the answers of a web address"
    #: What asking finds, and the sort of thing that came: there is no check.
    REACH = "whether there is a feed or a calendar"


@dataclass(frozen=True, slots=True)
class Told:
    """That a rule is broken: an answer has no lines, so there is no place."""

    #: What was expected, and what came.
    message: str
    #: What to do, where it is more than what the rule says.
    hint: str = ""


#: A rule that asking itself holds.
of_reach = partial(held_by_reading, sight=Sight.REACH)
