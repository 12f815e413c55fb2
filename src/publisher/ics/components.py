"""Components (RFC 5545 section 3.6): content lines put together from BEGIN to END, whatever is missing.

An END that does not fit, a BEGIN that nobody ends and a file that stops short are faults; what
was read until there is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import nearest, quoted
from publisher.ics.faults import Fault
from publisher.ics.lines import ContentLine, read_lines
from publisher.ics.values import text

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Those that have a meaning (RFC 5545 section 3.6, 7953, 9073, drafts that are in use).
COMPONENTS: Final = frozenset(
    [
        "VCALENDAR",
        "VEVENT",
        "VTODO",
        "VJOURNAL",
        "VFREEBUSY",
        "VTIMEZONE",
        "STANDARD",
        "DAYLIGHT",
        "VALARM",
        "VAVAILABILITY",
        "AVAILABLE",
        "PARTICIPANT",
        "VLOCATION",
        "VRESOURCE",
        "VPOLL",
        "VVOTER",
        "VOTE",
    ]
)
#: Deeper than any calendar: VCALENDAR, VEVENT, VALARM, VLOCATION, and room for what is to come.
DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class Component:
    """Properties and components within a BEGIN and its END."""

    #: In upper case.
    name: str
    #: The line of its BEGIN.
    number: int
    lines: tuple[ContentLine, ...]
    children: tuple[Component, ...]

    def first(self, name: str) -> ContentLine | None:
        """The first property of this name, in upper case."""
        for line in self.lines:
            if line.name == name:
                return line
        return None

    def all(self, name: str) -> tuple[ContentLine, ...]:
        """The properties of this name, in upper case."""
        return tuple(line for line in self.lines if line.name == name)

    def text(self, name: str) -> str:
        """The decoded TEXT of the first property of this name; nothing without one."""
        line = self.first(name)
        return text(line.value) if line else ""


@dataclass(frozen=True, slots=True)
class Stream:
    """What a file holds."""

    calendars: tuple[Component, ...]
    #: In the order of lines; those of `read_lines` among them.
    faults: tuple[Fault, ...]
    #: Components outside any VCALENDAR.
    strays: tuple[Component, ...] = ()


@dataclass(slots=True)
class _Open:
    """A component that has begun."""

    name: str
    number: int
    lines: list[ContentLine] = field(default_factory=list)
    children: list[Component] = field(default_factory=list)

    def ended(self) -> Component:
        return Component(self.name, self.number, tuple(self.lines), tuple(self.children))


def read_stream(data: bytes) -> Stream:
    """The calendars in a file, and all that is amiss with its form. Never fails."""
    lines, faults = read_lines(data)
    tops, amiss = assemble(lines)
    calendars = tuple(top for top in tops if top.name == "VCALENDAR")
    strays = tuple(top for top in tops if top.name != "VCALENDAR")
    if not calendars:
        amiss.append(_no_calendar(strays))
    in_order = sorted([*faults, *amiss], key=lambda fault: (fault.line, fault.column))
    return Stream(calendars, tuple(in_order), strays)


def assemble(lines: Iterable[ContentLine]) -> tuple[list[Component], list[Fault]]:
    """The outermost components that these lines make, and what is amiss with their nesting."""
    root = _Open("", 0)
    stack, faults = [root], list[Fault]()
    for line in lines:
        if line.name == "BEGIN":
            stack.append(_Open(line.value.strip().upper(), line.number))
            if len(stack) == DEEPEST + 2:
                faults.append(_too_deep(line))
        elif line.name == "END":
            _end(stack, line, faults)
        elif len(stack) > 1:
            stack[-1].lines.append(line)
        else:
            faults.append(_outside(line))
    for unended in stack[:0:-1]:
        faults.append(_truncated(unended))
        _close(stack)
    return root.children, faults


def _end(stack: list[_Open], line: ContentLine, faults: list[Fault]) -> None:
    """End the component of this name, and those within it that nobody has ended."""
    name = line.value.strip().upper()
    if stack[-1].name == name and len(stack) > 1:
        _close(stack)
    elif name not in COMPONENTS and nearest(name, [stack[-1].name]):
        faults.append(_unended(stack[-1], line))
        _close(stack)
    elif any(each.name == name for each in stack[1:]):
        while stack[-1].name != name:
            faults.append(_unended(stack[-1], line))
            _close(stack)
        _close(stack)
    else:
        faults.append(_unbegun(line, stack[-1].name))


def _close(stack: list[_Open]) -> None:
    component = stack.pop().ended()
    if len(stack) <= DEEPEST:  # what is deeper is told, and left out
        stack[-1].children.append(component)


def _no_calendar(strays: tuple[Component, ...]) -> Fault:
    found = f"a {strays[0].name} outside of one" if strays else "none"
    line = strays[0].number if strays else 1
    hint = "begin the file with BEGIN:VCALENDAR and end it with END:VCALENDAR"
    return Fault(line, 1, "no-calendar", f"expected a VCALENDAR, got {found}", hint)


def _outside(line: ContentLine) -> Fault:
    message = f"expected 'BEGIN:VCALENDAR', got {line.name} outside of any component"
    return Fault(
        line.number, 1, "outside-component", message, "move the property into its component, or delete it"
    )


def _too_deep(line: ContentLine) -> Fault:
    message = f"expected at most {DEEPEST} components within each other, got more"
    return Fault(line.number, 1, "nested-too-deep", message, "end the components before others begin")


def _unended(begun: _Open, line: ContentLine) -> Fault:
    message = f"expected 'END:{begun.name}' for the BEGIN in line {begun.number}, got 'END:{line.value}'"
    hint = f"write END:{begun.name} here, or before this line"
    return Fault(line.number, 1, "unbalanced", message, hint)


def _unbegun(line: ContentLine, name: str) -> Fault:
    expected = f"'END:{name}'" if name else "'BEGIN:VCALENDAR'"
    message = f"expected {expected}, got {quoted(f'END:{line.value}')}, which nothing has begun"
    return Fault(
        line.number, 1, "unbalanced", message, f"delete it, or write BEGIN:{line.value} where it begins"
    )


def _truncated(begun: _Open) -> Fault:
    message = f"expected 'END:{begun.name}' for this BEGIN, got the end of the file"
    return Fault(begun.number, 1, "truncated", message, "fetch the file again: it stops short")
