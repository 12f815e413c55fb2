"""The rules of the lint, one small function each: `RULES` is what is held against a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.ics.rules import (
    alarms,
    calendars,
    components,
    form,
    overrides,
    properties,
    recurrences,
    texts,
    times,
    zones,
)

if TYPE_CHECKING:
    from publisher.ics.rules.rule import Rule

#: By what they are about, in the order of the reference: from the octets to what they mean.
GROUPS: Final[tuple[tuple[str, tuple[Rule, ...]], ...]] = (
    ("The form of a file", form.RULES),
    ("The calendar as a whole", calendars.RULES),
    ("What components have", components.RULES),
    ("Starts and ends", times.RULES),
    ("Time zones", zones.RULES),
    ("Recurrence", recurrences.RULES),
    ("Changed occurrences", overrides.RULES),
    ("Values", properties.RULES),
    ("Texts", texts.RULES),
    ("Alarms", alarms.RULES),
)
RULES: Final = tuple(rule for _, rules in GROUPS for rule in rules)
