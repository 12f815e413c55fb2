"""The lint: what is amiss with a calendar, by the rules of `rules/`, each finding at its line.

`check` looks at a whole file, anybody's. `check_entry` looks at what the build writes of one
event, by the same rules, in a fraction of a millisecond. Neither ever fails.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import Diagnostic, Severity, Span
from publisher.ics.charset import to_utf8
from publisher.ics.components import Component, Stream, assemble, read_stream
from publisher.ics.form import physical_lines
from publisher.ics.lines import read_lines
from publisher.ics.observances import ZoneDefinition
from publisher.ics.rules import RULES
from publisher.ics.rules.rule import Sight
from publisher.ics.subject import Subject, Surroundings
from publisher.linting.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publisher.ics.lines import Fault
    from publisher.ics.rules.rule import Found, Rule

#: So many zones of a calendar are compared with IANA's; there are not many more.
MOST_ZONES: Final = 600
_LONGEST_PLACE: Final = 200
#: What only subscriptions say.
_OF_FEEDS: Final = ("REFRESH-INTERVAL", "X-PUBLISHED-TTL", "SOURCE")
_OLD: Final = "1.0"


def _seen(sight: Sight) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if rule.sight is sight)


def _by_name(sight: Sight) -> tuple[dict[str, tuple[Rule, ...]], tuple[Rule, ...]]:
    """The rules about each name, and those about all."""
    rules = _seen(sight)
    everywhere = tuple(rule for rule in rules if not rule.on)
    names = {name for rule in rules for name in rule.on}
    return {name: tuple(r for r in rules if not r.on or name in r.on) for name in names}, everywhere


_OF_PROPERTIES, _ = _by_name(Sight.PROPERTY)
_OF_COMPONENTS, _OF_ANY_COMPONENT = _by_name(Sight.COMPONENT)
_OF_ENTRIES, _OF_CALENDARS, _OF_FILES = map(_seen, (Sight.ENTRIES, Sight.CALENDAR, Sight.FILE))


@dataclass
class _Findings:
    """What has been found so far: of each sort the first places, and how many there are."""

    faults: list[Fault] = field(default_factory=list)
    broken: list[tuple[Rule, Found]] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def add(self, rule: Rule, places: Iterable[Found]) -> None:
        """Note the places where a rule is broken."""
        self.broken += ((rule, place) for place in places if self.tally.keeps(rule.code))

    def add_faults(self, faults: Iterable[Fault]) -> None:
        """Note faults of form."""
        self.faults += (fault for fault in faults if self.tally.keeps(fault.code))

    def diagnostics(self, path: str, data: bytes) -> tuple[Diagnostic, ...]:
        """All of it, in the order of the file."""
        if not self.tally.counts:
            return ()
        lines = physical_lines(to_utf8(data)[0])
        found = [_of_fault(fault, path) for fault in self.faults]
        found += [_of_rule(rule, place, path, lines) for rule, place in self.broken]
        return self.tally.told(found)


def _of_fault(fault: Fault, path: str) -> Diagnostic:
    severity = Severity.ERROR if fault.is_error else Severity.WARNING
    return Diagnostic(Span(path, fault.line, fault.column), fault.code, fault.message, fault.hint, severity)


def _of_rule(rule: Rule, found: Found, path: str, lines: Sequence[bytes]) -> Diagnostic:
    span = Span(path, found.number, _column(found, lines))
    return Diagnostic(span, rule.code, found.message, found.hint or rule.mend, rule.severity)


def _column(found: Found, lines: Sequence[bytes]) -> int:
    """Where in its line the text stands that is amiss, in characters; a value stands after its colon."""
    if not found.about or found.number > len(lines):
        return 1
    line = lines[found.number - 1].decode("utf-8", "replace")
    about = found.about[: min(len(line), _LONGEST_PLACE)]
    while about and about not in line:  # the line goes on in the next one
        about = about[:-1]
    start = line.find(":") + 1 if about in line.partition(":")[2] else 0
    return line.index(about, start) + 1 if about else 1


def check(data: bytes, path: str) -> tuple[Diagnostic, ...]:
    """What is amiss with a file, in the order of its lines."""
    found = _Findings()
    stream = read_stream(data)
    found.add_faults(stream.faults)
    if not stream.calendars and not stream.strays:  # no calendar at all: its lines are no properties
        found.faults = [fault for fault in stream.faults if fault.code in {"no-calendar", "not-utf-8"}]
        return found.diagnostics(path, data)
    for rule in _OF_FILES:
        found.add(rule, rule.broken(len(data)))
    for calendar in stream.calendars:
        _check_calendar(calendar, found)
    if stream.strays:
        _check_strays(stream, found)
    return found.diagnostics(path, data)


def _check_calendar(calendar: Component, found: _Findings) -> None:
    surroundings = _surroundings(calendar)
    if calendar.text("VERSION") == _OLD:  # another format, in which most is said otherwise
        _check_component(replace(calendar, children=()), surroundings, found)
        return
    for rule in _OF_CALENDARS:
        found.add(rule, rule.broken(calendar, surroundings))
    _check_entries([child for child in calendar.children if child.name != "VTIMEZONE"], surroundings, found)
    _walk([calendar], surroundings, found)


def _surroundings(calendar: Component) -> Surroundings:
    parts = [child for child in calendar.children if child.name == "VTIMEZONE"]
    zones = [ZoneDefinition(part, judged=number < MOST_ZONES) for number, part in enumerate(parts)]
    is_feed = any(calendar.first(name) for name in _OF_FEEDS)
    return Surroundings({zone.tzid: zone for zone in zones}, calendar.text("METHOD").upper(), is_feed)


def _check_strays(stream: Stream, found: _Findings) -> None:
    """Components outside a calendar: what can be said of them by themselves."""
    zones = [ZoneDefinition(stray) for stray in stream.strays if stray.name == "VTIMEZONE"]
    _walk(list(stream.strays), Surroundings({zone.tzid: zone for zone in zones}), found)


def _check_entries(entries: list[Component], surroundings: Surroundings, found: _Findings) -> None:
    for rule in _OF_ENTRIES:
        found.add(rule, rule.broken(entries, surroundings))


def _walk(components: list[Component], surroundings: Surroundings, found: _Findings) -> None:
    """Look at components, and at those within them."""
    left = components
    while left:
        component = left.pop()
        left.extend(component.children)
        _check_component(component, surroundings, found)


def _check_component(component: Component, surroundings: Surroundings, found: _Findings) -> None:
    subject = Subject(component, surroundings)
    by = subject.by
    for rule in _OF_COMPONENTS.get(component.name, _OF_ANY_COMPONENT):
        if not rule.having or rule.having in by:
            found.add(rule, rule.check(subject))
    for name, lines in by.items():
        for rule in _OF_PROPERTIES.get(name, ()):
            check_property = rule.check
            for line in lines:
                place = check_property(line, subject)
                if place is not None:
                    found.add(rule, (place,))


def check_entry(vevents: bytes, zones: bytes) -> tuple[Diagnostic, ...]:
    """What is amiss with one event's VEVENTs, and with the VTIMEZONEs that they use.

    Lines are counted in the one or the other, as the path says: `VEVENT` or `VTIMEZONE`.
    """
    definitions, amiss = _zones(zones)
    found = _Findings()
    lines, faults = read_lines(vevents)
    entries, unbalanced = assemble(lines)
    found.add_faults((*faults, *unbalanced))
    surroundings = Surroundings(definitions)
    _check_entries(entries, surroundings, found)
    _walk(entries[:], surroundings, found)
    return amiss + found.diagnostics("VEVENT", vevents)


@lru_cache(maxsize=256)
def _zones(data: bytes) -> tuple[dict[str, ZoneDefinition], tuple[Diagnostic, ...]]:
    """VTIMEZONEs as they are read, and what is amiss with them by themselves."""
    if not data:
        return {}, ()
    found = _Findings()
    lines, faults = read_lines(data)
    components, unbalanced = assemble(lines)
    found.add_faults((*faults, *unbalanced))
    definitions = {zone.tzid: zone for zone in map(ZoneDefinition, components)}
    _walk(components[:], Surroundings(definitions), found)
    return definitions, found.diagnostics("VTIMEZONE", data)
