"""The rules of the lint, one small function each: `RULES` is what is held against a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from publisher.syndication.rules.rule import Rule

#: By what they are about, in the order of the reference: from the octets to what they mean.
GROUPS: Final[tuple[tuple[str, tuple[Rule, ...]], ...]] = ()
RULES: Final = tuple(rule for _, rules in GROUPS for rule in rules)
