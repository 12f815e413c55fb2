"""The rules of the lint: one small function each, in a tuple; which they are is said in `RULES`."""

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

#: In the order of the reference: from the octets to what they mean.
RULES: Final[tuple[Rule, ...]] = (
    *form.RULES,
    *calendars.RULES,
    *components.RULES,
    *times.RULES,
    *zones.RULES,
    *recurrences.RULES,
    *overrides.RULES,
    *properties.RULES,
    *texts.RULES,
    *alarms.RULES,
)
