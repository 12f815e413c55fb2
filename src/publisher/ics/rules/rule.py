"""What the checks of calendars look at, and how they tell where a rule is broken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from publisher.linting.rule import ERROR, WARNING, Rule, held_by_reading, rule

__all__ = ["ERROR", "WARNING", "Found", "Rule", "Sight", "of_form", "rule"]


class Sight(StrEnum):
    """How much a check looks at, and so what it is given."""

    #: What reading finds: there is no check.
    FORM = "the form of the file"
    #: `(octets)`: how many there are.
    FILE = "the size of the file"
    #: `(line, subject)`: a property, and the component that it is in. It gives a `Found` or nothing.
    PROPERTY = "a property"
    #: `(subject)`: a component.
    COMPONENT = "a component"
    #: `(entries, surroundings)`: the events, tasks, ... of a calendar.
    ENTRIES = "the entries of a calendar together"
    #: `(calendar, surroundings)`: a whole VCALENDAR.
    CALENDAR = "a whole calendar"


@dataclass(frozen=True, slots=True)
class Found:
    """A place where a rule is broken."""

    #: The physical line, from 1.
    number: int
    #: What was expected, and what came.
    message: str
    #: The text in that line at which the finding points; its beginning without.
    about: str = ""
    #: What to do, where it is more than what the rule says.
    hint: str = ""


#: A rule that reading itself holds: `lines.py`, `form.py` and `components.py` tell where it is broken.
of_form = partial(held_by_reading, sight=Sight.FORM)
