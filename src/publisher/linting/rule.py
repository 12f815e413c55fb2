"""What a rule is: a code, a severity, why, who misreads what breaks it, how to mend that, and a check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, TypeAlias

from publisher.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import StrEnum

ERROR, WARNING = Severity.ERROR, Severity.WARNING

#: What it is given its rule's sight says; it gives a place where the rule is broken, several, or nothing.
Check: TypeAlias = Callable[..., Any]


@dataclass(frozen=True)
class Rule:
    """One thing that files of a format should do."""

    code: str
    severity: Severity
    #: How much the check looks at, and so what it is given.
    sight: StrEnum
    #: The names of what it is about; all without.
    on: tuple[str, ...]
    #: Only what has a property or an attribute of this name is looked at.
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

    def broken(self, *seen: object) -> Iterable[Any]:
        """Where it is broken in what its sight is given."""
        found = self.check(*seen)
        if found is None:
            return ()
        return found if hasattr(found, "__iter__") else (found,)


def rule(  # noqa: PLR0913 -- what a rule is
    code: str, severity: Severity, sight: StrEnum, *on: str,
    having: str = "", source: str, misread: str, mend: str,
) -> Callable[[Check], Rule]:  # fmt: skip
    """Make a rule of a check; its docstring says why it is one."""

    def made(check: Check) -> Rule:
        why = cleandoc(check.__doc__ or "")
        return Rule(code, severity, sight, on, having, why, source, misread, mend, check)

    return made


def held_by_reading(  # noqa: PLR0913 -- likewise
    code: str, severity: Severity, why: str, *, sight: StrEnum, source: str, misread: str, mend: str
) -> Rule:
    """A rule that reading itself holds, and tells where it is broken: there is no check."""
    return Rule(code, severity, sight, (), "", why, source, misread, mend, lambda *_: None)
