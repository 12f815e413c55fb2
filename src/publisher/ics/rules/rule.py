"""What a rule is: a code, a severity, why, who misreads what breaks it, how to mend that, and a check."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from inspect import cleandoc
from typing import Any, TypeAlias

from publisher.diagnostics import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING


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


Check: TypeAlias = Callable[..., Any]


@dataclass(frozen=True)
class Rule:
    """One thing that calendars should do."""

    code: str
    severity: Severity
    sight: Sight
    #: The names of the properties or components that it is about; all without.
    on: tuple[str, ...]
    #: Only components that have this property are looked at.
    having: str
    #: Why it is a rule.
    why: str
    #: Where it is said, or what misled whom.
    source: str
    #: Who misreads what breaks it, and how.
    misread: str
    #: The hint: what to do.
    mend: str
    check: Check

    def broken(self, *seen: object) -> Iterable[Found]:
        """Where it is broken in what its sight is given."""
        found: Found | Iterable[Found] | None = self.check(*seen)
        if found is None:
            return ()
        return (found,) if isinstance(found, Found) else found


def rule(  # noqa: PLR0913 -- what a rule is
    code: str, severity: Severity, sight: Sight, *on: str,
    having: str = "", source: str, misread: str, mend: str,
) -> Callable[[Check], Rule]:  # fmt: skip
    """Make a rule of a check; its docstring says why it is one."""

    def made(check: Check) -> Rule:
        why = cleandoc(check.__doc__ or "")
        return Rule(code, severity, sight, on, having, why, source, misread, mend, check)

    return made


def of_form(  # noqa: PLR0913 -- likewise
    code: str, severity: Severity, why: str, *, source: str, misread: str, mend: str
) -> Rule:
    """A rule that reading itself holds: `lines.py`, `form.py` and `components.py` tell where it is broken."""
    return Rule(code, severity, Sight.FORM, (), "", why, source, misread, mend, lambda *_: None)
